"""What the server writes to its log: a line a failure, without what visitors sent.

A trace of calls has thousands of characters, with values among them; whoever sends what fails,
again and again, would fill the disk with what others must not read.
"""

import logging
import sys
import time
import traceback
from collections.abc import Callable
from types import TracebackType
from typing import TextIO

MINUTE = 60.0  # seconds
MOST = 10  # lines a minute from one place of the code
LONGEST = 300  # characters

log = logging.getLogger(__name__)


class ShortLines(logging.StreamHandler[TextIO]):
    """Writes a line for each record, and only so many of a kind.

    What is left out is counted, and told with the next line of that kind.
    """

    def __init__(self, stream: TextIO, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(stream)
        self._clock = clock
        self._since = clock()
        self._counts: dict[tuple[str, int], int] = {}
        self._left_out: dict[tuple[str, int], int] = {}

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record, or count it."""
        if self._clock() - self._since >= MINUTE:
            over = {place: count - MOST for place, count in self._counts.items() if count > MOST}
            self._since, self._counts, self._left_out = self._clock(), {}, self._left_out | over
        place = record.pathname, record.lineno
        self._counts[place] = self._counts.get(place, 0) + 1
        if self._counts[place] <= MOST:
            super().emit(record)

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as a line."""
        text = record.getMessage().strip().partition("\n")[0]
        shown = "".join(char if char.isprintable() else " " for char in text)[:LONGEST]
        if record.exc_info and record.exc_info[1]:
            shown += f" ({told(record.exc_info[1])})"
        if more := self._left_out.pop((record.pathname, record.lineno), 0):
            shown += f"; {more} more like it were left out"
        return f"{record.levelname.lower()}: {shown}"


def keep_short() -> None:
    """Have everything that is logged or printed of failures written like that from now on."""
    logging.getLogger().addHandler(ShortLines(sys.stderr))
    # Gradio prints what fails in it, with what was sent, and has no setting for that.
    traceback.print_exc = _log_failure


def told(exc: BaseException) -> str:
    """Return what happened and where, without what a visitor may have brought with it."""
    place, at = "", exc.__traceback__
    while at is not None:
        place, at = _place(at), at.tb_next
    return f"{type(exc).__name__}{place}"


def _place(at: TracebackType) -> str:
    path = at.tb_frame.f_code.co_filename.replace("\\", "/").split("/")
    return f" in {'/'.join(path[-2:])}, line {at.tb_lineno}"


def _log_failure(*_: object, **__: object) -> None:
    log.error("a call of the page failed", exc_info=sys.exc_info())
