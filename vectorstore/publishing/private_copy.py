"""A copy of a folder that this process may scribble in, removed when it is closed.

Chroma writes into its files whenever it opens them, and cannot open them on a disk that is full
or read-only; a published generation must stay as it was.
"""

import shutil
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path

from filelock import FileLock, Timeout

PREFIX = "forum-assistant-"
_LOCK = "held"
_SETTLED = 60.0  # seconds; a younger copy may not have its lock yet

_held: set["PrivateCopy"] = set()
_beginning = threading.Lock()


class PrivateCopy:
    """The copy; raises OSError where there is no room for it."""

    def __init__(self, original: Path) -> None:
        sweep()
        self._home = Path(tempfile.mkdtemp(prefix=PREFIX))
        self._lock = FileLock(self._home / _LOCK)
        self.folder = self._home / original.name
        try:
            with _beginning:
                self._lock.acquire(timeout=0)
                _held.add(self)
            shutil.copytree(original, self.folder)
        except OSError:
            self.close()
            raise

    def close(self) -> None:
        """Remove the copy."""
        _held.discard(self)
        self._lock.release()
        ended = self._home.with_name(f"{self._home.name}-ended")
        with suppress(OSError):
            self._home.rename(ended)  # a thread that is still copying stops there
        shutil.rmtree(ended, ignore_errors=True)


def close_all() -> None:
    """Remove the copies of this process at its end, also of threads that read them or copy.

    No thread begins another one afterwards: the lock is kept.
    """
    _beginning.acquire()
    for held in list(_held):
        held.close()


def sweep() -> None:
    """Remove the copies of processes that were killed."""
    for home in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with suppress(OSError, Timeout):
            if 0 <= time.time() - home.stat().st_mtime < _SETTLED:  # not of a clock to come
                continue
            with FileLock(home / _LOCK, timeout=0):
                shutil.rmtree(home, ignore_errors=True)
