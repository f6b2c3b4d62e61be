"""The form of the tables, and how those of an earlier release get it.

`versions` has one module for each form, named by its number; Alembic runs those that a database
lacks. To change a table, change it where it is declared and add a module that does the same: a test
holds the two together.
"""

from importlib.resources import as_file, files
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

from assistant.domain.errors import RecordsError

if TYPE_CHECKING:
    from assistant.records.engines import Keeper

NEWEST = "0001"
_VERSIONS = "alembic_version"


def bring_up_to_date(keeper: "Keeper") -> None:
    """Give the tables the form that this release knows; where they have it, nothing is written.

    Raises RecordsError where a later release has given them another.
    """
    with keeper.engine.connect() as connection:
        if _version(connection, keeper.name) == NEWEST:
            return
    with keeper.alone() as connection:  # another process may have been faster
        if _version(connection, keeper.name) != NEWEST:
            _upgrade(connection)


def _version(connection: Connection, name: str) -> str:
    """Return the number of the form, empty where there is none yet."""
    if not inspect(connection).has_table(_VERSIONS):
        return ""
    found = connection.execute(text(f"SELECT version_num FROM {_VERSIONS}")).scalar() or ""  # noqa: S608
    if found > NEWEST:
        msg = (
            f"{name} was written by a later release (form {found}, this one knows {NEWEST}); "
            "install that release, or put the records aside"
        )
        raise RecordsError(msg)
    return str(found)


def _upgrade(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415 - a tenth of a second that is seldom needed
    from alembic.config import Config  # noqa: PLC0415

    with as_file(files(__name__)) as folder:
        config = Config()
        config.set_main_option("script_location", str(folder).replace("%", "%%"))
        config.set_main_option("path_separator", "os")
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    if connection.dialect.name == "sqlite":
        # By this, releases before 1.0 see that they do not know the file.
        connection.exec_driver_sql(f"PRAGMA user_version = {int(NEWEST)}")
