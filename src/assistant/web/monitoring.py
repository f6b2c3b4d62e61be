"""What operators see of a running server: whether it is ready, and its log.

That something is published says little of readiness: its files may have been damaged since, or the
model may not be the one they were made with. So a question is asked, in a thread, and never for
each request. A trace of calls has thousands of characters, with values among them; whoever sends
what fails, again and again, would fill the disk with what others must not read. So a failure is a
line.
"""

import io
import json
import logging
import sys
import threading
import time
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Literal, TextIO

AGAIN = 60.0  # seconds for which a good answer counts
SOON = 5.0  # seconds after which a question that failed is asked again

Task = Callable[[], None]

log = logging.getLogger(__name__)


def in_thread(task: Task) -> None:
    """Run a task in a thread of its own."""
    threading.Thread(target=task, daemon=True).start()


class Readiness:
    """Asks when another generation is published, and every now and then while somebody looks.

    `ask` raises whatever error the question meets; `published` names the generation that serves.
    """

    def __init__(
        self,
        published: Callable[[], str | None],
        ask: Task,
        *,
        clock: Callable[[], float] = time.monotonic,
        start: Callable[[Task], None] = in_thread,
    ) -> None:
        self._published = published
        self._ask = ask
        self._clock = clock
        self._start = start
        self._asking = threading.Lock()
        self._asked_of: str | None = None
        self._until = clock()
        self._was_answered = True  # so that a first failure is told

    def __call__(self) -> bool:
        """Return what the last question showed; where that is old, have another asked meanwhile."""
        name = self._published()
        if name is None:
            return False
        if (name != self._asked_of or self._clock() >= self._until) and not self._asking.locked():
            self._start(self.check)
        return self._was_answered and self._asked_of is not None

    def check(self) -> None:
        """Ask now; what is being asked already is not asked twice."""
        if not self._asking.acquire(blocking=False):
            return
        try:
            name, is_answered = self._published(), self._is_answered()
            self._asked_of, self._was_answered = name, is_answered
            self._until = self._clock() + (AGAIN if is_answered else SOON)
        finally:
            self._asking.release()

    def _is_answered(self) -> bool:
        try:
            self._ask()
        except Exception as exc:  # noqa: BLE001 - whatever it is, a member's question meets it too
            if self._was_answered:
                log.warning("not ready, as a question fails: %s", exc)
            return False
        return True


MINUTE = 60.0  # seconds
MOST_LINES = 10  # lines a minute from one place of the code
LONGEST_LINE = 300  # characters


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
        """Write a record, or count it; that somebody stopped the server is none."""
        if _failed_with(str(record.msg)) in STOPPED:
            return
        if self._clock() - self._since >= MINUTE:
            over = {
                place: count - MOST_LINES
                for place, count in self._counts.items()
                if count > MOST_LINES
            }
            self._since, self._counts, self._left_out = self._clock(), {}, self._left_out | over
        place = record.pathname, record.lineno
        self._counts[place] = self._counts.get(place, 0) + 1
        if self._counts[place] <= MOST_LINES:
            super().emit(record)

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as a line."""
        more = self._left_out.pop((record.pathname, record.lineno), 0)
        failure = told(record.exc_info[1]) if record.exc_info and record.exc_info[1] else ""
        return self.line(record, _shown(record.getMessage()), failure, more)

    def line(self, record: logging.LogRecord, shown: str, failure: str, more: int) -> str:
        """Return what is written of a record.

        Args:
            record: What was logged.
            shown: Its message, short and printable.
            failure: The error that it tells of, in short; empty where there is none.
            more: How many like it were left out.
        """
        shown += f" ({failure})" if failure else ""
        shown += f"; {more} more like it were left out" if more else ""
        return f"{record.levelname.lower()}: {shown}"


class JsonLines(ShortLines):
    """Writes an object of JSON for each record, within the same limits."""

    def line(self, record: logging.LogRecord, shown: str, failure: str, more: int) -> str:
        """Return the object as a line."""
        fields: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": shown,
            "place": f"{_short(record.pathname)}, line {record.lineno}",
        }
        fields |= {"error": failure} if failure else {}
        fields |= {"left_out": more} if more else {}
        return json.dumps(fields)


class Printed(io.TextIOBase):
    """Stands for standard output or error, and logs each line that is printed to it."""

    def __init__(self) -> None:
        self._begun = threading.local()  # threads must not end each other's lines

    def writable(self) -> bool:
        """Whether it can be printed to."""
        return True

    def write(self, text: str) -> int:
        """Log the lines that are whole now."""
        *lines, self._begun.text = (getattr(self._begun, "text", "") + text).split("\n")
        for line in filter(str.strip, lines):
            kind, _, rest = line.partition(": ")
            level = LEVELS.get(kind, logging.INFO)
            # The place is that of whoever prints.
            printed.log(level, "%s", rest if kind in LEVELS else line, stacklevel=2)
        return len(text)


LEVELS = {"error": logging.ERROR, "warning": logging.WARNING}
"""How lines for people begin that tell of trouble."""

printed = logging.getLogger(f"{__name__}.printed")


def keep_log(form: Literal["text", "json"] = "text") -> None:
    """Write all that is logged, and all failures that are printed, as short lines from now on.

    Where the log is for programs, what is printed for people is logged too: all that this process
    writes can be read by them.
    """
    lines = JsonLines(sys.stderr) if form == "json" else ShortLines(sys.stderr)
    logging.getLogger().addHandler(lines)
    logging.captureWarnings(capture=True)
    # Gradio prints what fails in it, with what was sent, and has no setting for that.
    traceback.print_exc = _log_failure
    threading.excepthook = _log_thread
    if form == "json":
        logging.raiseExceptions = False  # what cannot be written cannot be told of either
        printed.setLevel(logging.INFO)
        sys.stdout.flush()
        sys.stdout, sys.stderr = Printed(), Printed()


STOPPED = {"KeyboardInterrupt", "asyncio.exceptions.CancelledError"}
"""What the traceback of a server ends with that was stopped while it was about to stop."""


def _failed_with(message: str) -> str:
    """Return the name of the error, where a message is a traceback."""
    lines = message.strip().splitlines()
    is_traceback = bool(lines) and lines[0].startswith("Traceback ")
    return lines[-1].partition(":")[0] if is_traceback else ""


def _shown(message: str) -> str:
    text = _failed_with(message) or message.strip().partition("\n")[0]
    return "".join(char if char.isprintable() else " " for char in text)[:LONGEST_LINE]


def told(exc: BaseException) -> str:
    """Return what happened and where, without what a visitor may have brought with it."""
    place, at = "", exc.__traceback__
    while at is not None:
        place, at = _place(at), at.tb_next
    return f"{type(exc).__name__}{place}"


def _place(at: TracebackType) -> str:
    return f" in {_short(at.tb_frame.f_code.co_filename)}, line {at.tb_lineno}"


def _short(path: str) -> str:
    return "/".join(path.replace("\\", "/").split("/")[-2:])


def _log_failure(*_: object, **__: object) -> None:
    log.error("a call of the page failed", exc_info=sys.exc_info())


def _log_thread(ended: threading.ExceptHookArgs) -> None:
    failure = (ended.exc_type, ended.exc_value or ended.exc_type(), ended.exc_traceback)
    log.error("a thread failed", exc_info=failure)
