"""The command that moves records out of their file, into a server that several assistants share."""

import os

from assistant import settings, wiring
from assistant.cli.command import Data, command
from assistant.domain.errors import InputError
from assistant.keeping.in_use import alone

NO_SERVER = (
    "there is no server to move to: set FORUM_DATABASE_URL to the address of an empty database"
)
NO_FILE = "there is no {path} to move; with FORUM_DATABASE_URL, the records are in the server"


@command("move-records")
def move_records(data: Data = None) -> None:
    """Move the records from their file into PostgreSQL.

    Into the empty database that FORUM_DATABASE_URL names. Stop the assistant before, everywhere.
    The file is removed once the server has them all.
    """
    from assistant.records import moving
    from assistant.records.database import FILE, Database

    config = settings.load(data_dir=data)
    os.umask(0o077)
    if not config.database_url.get_secret_value():
        raise InputError(NO_SERVER)
    path = config.data_dir / FILE
    if not path.exists():
        raise InputError(NO_FILE.format(path=path))
    target = wiring.open_database(config)
    with alone(config.data_dir):  # a server would go on writing into the file, or make it anew
        count = moving.copy(Database(config.data_dir), target)
        path.unlink()
    print(f"{count:,} records are in {target.name} now; {path} is removed.")
