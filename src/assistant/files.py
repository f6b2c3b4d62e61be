"""Files that are there whole or not at all."""

import os
from pathlib import Path

OURS = 0o600
"""The mode of what nobody else of this machine may read."""


def write_whole(
    path: Path, content: str | bytes, *, mode: int = OURS, durable: bool = False
) -> None:
    """Write a file aside and put it in its place by one rename.

    Whoever reads meanwhile sees the old content or the new. `durable` has it on the disk itself
    before this returns. Raises OSError; what was there before then stays.
    """
    draft = path.with_name(f".{path.name}")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content.encode() if isinstance(content, str) else content)
        if durable:
            file.flush()
            os.fsync(descriptor)
    draft.replace(path)
    if durable:
        sync(path.parent)


def why_unread(exc: Exception) -> str:
    """Return in words for people why a text could not be read."""
    if isinstance(exc, UnicodeDecodeError):
        return "it is no UTF-8 text; save it as UTF-8"
    if isinstance(exc, OSError) and exc.strerror:
        return exc.strerror.lower()  # without a number, and the path once more
    return str(exc)


def sync(path: Path) -> None:
    """Have a file or folder written to the disk itself."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
