"""Who uses a data directory: many at once, or one alone that puts another in its place.

The lock is the system's own, on the folder itself: it needs no file, so it holds on a disk that is
full or only read, and it ends with the process. Where a disk knows no such locks, nobody waits.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from assistant.domain.errors import BackupError


@contextmanager
def using(data: Path) -> Iterator[None]:
    """Hold a folder together with others. Raises BackupError where another is put in its place.

    A folder that is not there yet is held by nobody.
    """
    msg = f"{data} is being restored by another process; wait until that has finished"
    with _held(data, fcntl.LOCK_SH, msg):
        yield


@contextmanager
def alone(data: Path) -> Iterator[None]:
    """Hold a folder against all others. Raises BackupError where somebody uses it."""
    msg = (
        f"{data} is in use by another process; stop the server, and wait until runs and other "
        "commands have ended"
    )
    with _held(data, fcntl.LOCK_EX, msg):
        yield


def is_used(data: Path) -> bool:
    """Whether a server or a command of another process uses a folder, as far as can be told."""
    try:
        with alone(data):
            return False
    except BackupError:
        return True


@contextmanager
def _held(folder: Path, how: int, refusal: str) -> Iterator[None]:
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError:  # whoever needs the folder says what is wrong with it
        yield
        return
    try:
        try:
            fcntl.flock(descriptor, how | fcntl.LOCK_NB)
        except BlockingIOError as exc:
            raise BackupError(refusal) from exc
        except OSError:  # some disks of other machines have no locks
            pass
        yield
    finally:
        os.close(descriptor)
