"""Small things that are done with the disk."""

import errno
import shutil
import sqlite3
from pathlib import Path

from assistant.domain.errors import StoreError
from assistant.files import sync
from vectorstore.errors import DiskFullError, StoreUnavailableError

_NO_SPACE = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_FULL = ("No space left", "File too large", "disk is full", "Disk quota exceeded")


def sync_tree(folder: Path) -> None:
    """Have everything in a folder written to the disk itself."""
    for path in [*folder.rglob("*"), folder]:
        sync(path)


def free_space(folder: Path) -> int:
    """Return the bytes that may still be written where `folder` is."""
    return shutil.disk_usage(folder).free


def size(folder: Path) -> int:
    """Return the bytes of all files in a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def check_space(data: Path, needed: int) -> None:
    """Raise DiskFullError unless so many bytes may still be written."""
    free = free_space(data)
    if free < needed:
        msg = (
            f"the disk of {data} has {free // 2**20} MB free, a new generation needs "
            f"{needed // 2**20} MB; free some space, or choose another place with --data"
        )
        raise DiskFullError(msg)


def failure(exc: OSError | sqlite3.Error, data: Path) -> StoreError:
    """Return the error for staff that an error of the disk below `data` means."""
    # An error of shutil or SQLite has no number, and holds the system's words.
    full = getattr(exc, "errno", None) in _NO_SPACE or any(each in str(exc) for each in _FULL)
    if full:
        return DiskFullError(f"the disk is full: nothing was published; free some space in {data}")
    reason = getattr(exc, "strerror", None) or exc
    return StoreUnavailableError(f"cannot write in {data} ({reason}); nothing was published")
