"""The generations that are kept, and how to publish an older one again."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from assistant.domain.errors import StoreError
from vectorstore import manifest
from vectorstore.errors import StoreDamagedError, StoreUnavailableError
from vectorstore.publishing.generations_folder import GenerationsFolder

Verify = Callable[[Path], None]


@dataclass(frozen=True, slots=True)
class Kept:
    """A generation on the generations, by what it says of itself.

    Attributes:
        built: When it was published, ISO 8601 in UTC; empty where it cannot be read.
        fault: Why it cannot be read; empty where it can.
    """

    name: str
    built: str = ""
    documents: int = 0
    chunks: int = 0
    fault: str = ""


def kept(generations: GenerationsFolder) -> list[Kept]:
    """Return the generations that are kept, oldest first."""
    return [_kept(generations, name) for name in generations.names()]


def _kept(generations: GenerationsFolder, name: str) -> Kept:
    try:
        read = manifest.read(generations.folder(name))
    except StoreError as exc:
        return Kept(name, fault=str(exc))
    return Kept(name, read.built, read.documents, read.chunks)


def roll_back(generations: GenerationsFolder, verify: Verify, name: str | None) -> str:
    """Point at a kept generation that holds up, the last one before without a name; return it.

    Raises StoreUnavailableError where there is none; the pointer then stays as it is.
    """
    kept = generations.names()
    if name is None:
        return _to_the_last_sound(generations, verify)
    if name not in kept:
        msg = f"there is no generation {name!r}; there are {', '.join(kept) or 'none'}"
        raise StoreUnavailableError(msg)
    verify(generations.folder(name))
    generations.point_at(name)
    return name


def _to_the_last_sound(generations: GenerationsFolder, verify: Verify) -> str:
    pointed = generations.pointed()
    fault: StoreDamagedError | None = None
    for name in reversed(generations.names()):
        if pointed is None or name < pointed:
            try:
                return roll_back(generations, verify, name)
            except StoreDamagedError as exc:
                fault = exc
    if fault is not None:
        raise fault
    msg = f"there is no generation before {pointed or 'the first'} in {generations.data}"
    raise StoreUnavailableError(msg)
