"""Put a folder in the place of another: at any moment, one of the two is there, whole.

Linux exchanges two folders in one step; where a disk or a system cannot, two renames do it, and a
crash between them leaves both folders, each under a name that says what it is.
"""

import ctypes
import errno
import os
from collections.abc import Callable
from pathlib import Path

from assistant.files import sync

_HERE, _EXCHANGE = -100, 2  # AT_FDCWD and RENAME_EXCHANGE, of <fcntl.h> and <linux/fs.h>
_UNKNOWN = {errno.EINVAL, errno.ENOSYS, errno.ENOTSUP, errno.EXDEV, errno.EPERM}


def exchange(one: Path, other: Path) -> bool:
    """Let two folders change their names in one step; False where that cannot be done here."""
    library = ctypes.CDLL(None, use_errno=True)
    if not hasattr(library, "renameat2"):
        return False
    names = os.fsencode(one), os.fsencode(other)
    if library.renameat2(_HERE, names[0], _HERE, names[1], _EXCHANGE) == 0:
        return True
    number = ctypes.get_errno()
    if number in _UNKNOWN:
        return False
    raise OSError(number, os.strerror(number), str(other))


def swap(
    new: Path, place: Path, aside: Path, exchanged: Callable[[Path, Path], bool] = exchange
) -> None:
    """Put `new` in a place; what was there, if there was anything, lies `aside` then."""
    if not place.exists() or not any(place.iterdir()):
        new.replace(place)  # in one step, also over an empty folder
    else:
        # First under its last name: a crash after the exchange then leaves nothing to be named.
        new.rename(aside)
        if not exchanged(aside, place):
            aside.rename(new)
            place.rename(aside)
            new.rename(place)
    sync(place.parent)
