"""The command line.

Exit status: 0 done (`serve`: ended by SIGTERM), 1 an error with a message, 2 a senseless command
line, 130 interrupted.
"""

import logging
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from io import TextIOWrapper

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
from assistant.cli.command import commands, status_of

LAST_STREAM = 2  # the descriptors up to it are those of the standard streams


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""

    def parse_and_run() -> int:
        try:
            commands(args=arguments, prog_name="app.py")
        except SystemExit as ended:
            return int(ended.code or 0)
        return 0

    return status_of(parse_and_run)  # help is printed before there is a command


def _make_streams_sound() -> None:
    """See to it that printing fails neither where a stream is closed nor where it lacks signs."""
    while (descriptor := os.open(os.devnull, os.O_RDWR)) <= LAST_STREAM:
        pass  # else the first file that is opened would take what is printed
    os.close(descriptor)
    sys.stdout = sys.stdout or os.fdopen(1, "w")
    sys.stderr = sys.stderr or os.fdopen(2, "w")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def run() -> None:
    """Run the command that this process was started with, and end the process.

    At once: a thread inside of a library crashes a Python that is taken down around it.
    """
    _make_streams_sound()
    status = main()
    from vectorstore.publishing import private_copy

    private_copy.close_all()
    logging.shutdown()
    with suppress(OSError):
        sys.stdout.flush()
    os._exit(status)
