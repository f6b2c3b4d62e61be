"""Small things that are done with the disk."""

import os
import shutil
from pathlib import Path


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
