"""Publish an older generation again."""

from collections.abc import Callable
from pathlib import Path

from vectorstore.errors import StoreDamagedError, StoreUnavailableError
from vectorstore.shelf import Shelf

Verify = Callable[[Path], None]


def roll_back(shelf: Shelf, verify: Verify, name: str | None) -> str:
    """Point at a kept generation that holds up, the last one before without a name; return it.

    Raises StoreUnavailableError where there is none; the pointer then stays as it is.
    """
    kept = shelf.names()
    if name is None:
        return _to_the_last_sound(shelf, verify)
    if name not in kept:
        msg = f"there is no generation {name!r}; there are {', '.join(kept) or 'none'}"
        raise StoreUnavailableError(msg)
    verify(shelf.folder(name))
    shelf.point_at(name)
    return name


def _to_the_last_sound(shelf: Shelf, verify: Verify) -> str:
    pointed = shelf.pointed()
    fault: StoreDamagedError | None = None
    for name in reversed(shelf.names()):
        if pointed is None or name < pointed:
            try:
                return roll_back(shelf, verify, name)
            except StoreDamagedError as exc:
                fault = exc
    if fault is not None:
        raise fault
    msg = f"there is no generation before {pointed or 'the first'} in {shelf.data}"
    raise StoreUnavailableError(msg)
