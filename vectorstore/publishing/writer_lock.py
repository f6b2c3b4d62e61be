"""One writer at a time in a data directory, and those who come second learn who it is.

The lock is the system's own: it ends with the process, however that ends. The note beside it is
only to be read by people.
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from vectorstore.errors import StoreBusyError, StoreUnavailableError

LOCK_FILE = "lock"
NOTE_FILE = "writer.json"


@contextmanager
def writer_lock(data: Path, by: str) -> Iterator[None]:
    """Hold the lock. Raises StoreBusyError where another process has it."""
    lock = FileLock(data / LOCK_FILE)
    try:
        lock.acquire(timeout=0)
    except Timeout as exc:
        msg = f"another run is writing to {data}{holder(data)}; wait until it has finished"
        raise StoreBusyError(msg) from exc
    except OSError as exc:
        msg = f"cannot write to the data directory {data}: {exc.strerror or exc}"
        raise StoreUnavailableError(msg) from exc
    try:
        _note(data, by)
        yield
    finally:
        with suppress(OSError):
            (data / NOTE_FILE).unlink()
        lock.release()


def holder(data: Path) -> str:
    """Return who writes as the end of a sentence, empty where nobody left a note."""
    try:
        note = json.loads((data / NOTE_FILE).read_text(encoding="utf-8"))
        since = datetime.fromisoformat(note["since"]).astimezone()
        return f" (by {note['by']}, process {int(note['process'])}, since {since:%H:%M})"
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def _note(data: Path, by: str) -> None:
    note = {"by": by, "process": os.getpid(), "since": datetime.now().astimezone().isoformat()}
    with suppress(OSError):
        (data / NOTE_FILE).write_text(json.dumps(note), encoding="utf-8")
