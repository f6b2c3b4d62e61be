"""Small things that are done with the disk."""

import os
import shutil
from pathlib import Path

from vectorstore.errors import DiskFullError


def sync_tree(folder: Path) -> None:
    """Have everything in a folder written to the disk itself."""
    for path in [*folder.rglob("*"), folder]:
        sync(path)


def sync(path: Path) -> None:
    """Have a file or folder written to the disk itself."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


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
