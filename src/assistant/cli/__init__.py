"""The command line.

Exit status: 0 done (`serve`: ended by SIGTERM), 1 an error with a message, 2 a senseless command
line, 130 interrupted.
"""

import logging
import os
import sys
from collections.abc import Sequence
from contextlib import suppress

from assistant.isolation import isolate

isolate()

from assistant.cli import (  # noqa: F401 - they register
    asking,
    content,
    doctor,
    keeping,
    measuring,
    questions,
    records,
    serving,
    staff,
)
from assistant.cli.command import commands


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    try:
        commands(args=arguments, prog_name="app.py")
    except SystemExit as ended:
        return int(ended.code or 0)
    return 0


def run() -> None:
    """Run the command that this process was started with, and end the process.

    At once: a thread inside of a library crashes a Python that is taken down around it.
    """
    status = main()
    from vectorstore.publishing import private_copy

    private_copy.close_all()
    logging.shutdown()
    with suppress(OSError):
        sys.stdout.flush()
    os._exit(status)
