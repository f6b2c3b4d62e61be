"""Put a backup in the place of a data directory, once all of it is known to be sound.

It is unpacked beside, looked at there, and then swapped in: whatever happens before leaves what was
there as it was, and what was there is put aside, never deleted.
"""

import errno
import os
import shutil
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from pathlib import Path

from assistant.domain.errors import BackupError
from assistant.domain.runs import RunState
from assistant.files import OURS
from assistant.keeping import archive
from assistant.keeping.archive import BackupManifest, Member, OpenedArchive, Progress
from assistant.keeping.in_use import alone
from assistant.keeping.reapplying import Reapplied, reapply
from assistant.keeping.swapping import swap
from ingest.runs import Runs
from vectorstore.publishing import disk
from vectorstore.publishing.writer_lock import LOCK_FILE, writer_lock

Examine = Callable[[Path], Sequence[str]]
"""Looks at an unpacked directory: returns what its operator should know, raises an AssistantError
where it must not be restored."""
Reached = Callable[[str], None]
"""Hears which stage is reached: `unpacked`, `examined`, `reapplied`, `swapped`."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored.

    Attributes:
        aside: Where what was there before lies now, None where there was nothing.
        reapplied: What was taken out of it again, None where nobody knew of any.
        sources: The list of sources, where it lay outside of the data directory.
        warnings: What its operator should know.
    """

    manifest: BackupManifest
    aside: Path | None
    reapplied: Reapplied | None
    sources: bytes
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Restoring:
    """How a backup is restored.

    Attributes:
        replaces: Whether a directory that holds something is put aside.
        now: Names what is put aside.
    """

    examine: Examine
    progress: Progress
    replaces: bool = False
    reached: Reached = lambda _: None
    now: Callable[[], datetime] = datetime.now

    def restore(self, path: Path, data: Path) -> Restored:
        """Restore an archive as a data directory. Raises AssistantError; nothing is changed then.

        Killed at any moment, it leaves the old directory or the new one in its place.
        """
        place = data.resolve()
        try:
            with archive.opened(path) as found, ExitStack() as held:
                self._hold(place, held)
                _check_space(place, found.manifest)
                return self._restored(found, place, held)
        except OSError as exc:
            raise _failure(exc, place) from exc

    def _restored(self, found: OpenedArchive, place: Path, held: ExitStack) -> Restored:
        made = found.manifest
        new = place.with_name(f".{place.name}.restoring")
        sources = _unpack(found, new, self.progress, held)
        self.reached("unpacked")
        warnings = self.examine(new)
        self.reached("examined")
        is_replaced = _holds_something(place)
        reapplied = reapply(place, new, made.made) if is_replaced else None
        disk.sync_tree(new)
        self.reached("reapplied")
        aside = _free(place.with_name(f"{place.name}.aside-{self.now():%Y%m%d-%H%M%S}"))
        swap(new, place, aside)
        self.reached("swapped")
        return Restored(made, aside if is_replaced else None, reapplied, sources, tuple(warnings))

    def _hold(self, place: Path, held: ExitStack) -> None:
        """Hold a place alone. Raises BackupError where it is used, or must not be replaced."""
        if place.exists() and not place.is_dir():
            msg = f"{place} is a file; name a folder with --data"
            raise BackupError(msg)
        if place.is_mount():
            msg = f"{place} is a disk of its own; name a folder on it with --data"
            raise BackupError(msg)
        held.enter_context(alone(place))
        if not _holds_something(place):
            return
        if not self.replaces:
            msg = (
                f"{place} holds something already; name another folder with --data, or put it "
                "aside with --replace"
            )
            raise BackupError(msg)
        if any(run.state is RunState.RUNNING for run in Runs(place).all()):
            msg = f"a run goes on in {place}; wait until it has ended"
            raise BackupError(msg)
        if (place / LOCK_FILE).exists():
            with writer_lock(place, "a restore"):  # a program of one's own may be publishing
                pass


def _free(path: Path) -> Path:
    """Return a path that nothing has: this one, or one with a number."""
    numbered = (path.with_name(f"{path.name}-{number}") for number in count(2))
    return path if not path.exists() else next(each for each in numbered if not each.exists())


def _holds_something(place: Path) -> bool:
    return place.is_dir() and any(place.iterdir())


def _check_space(place: Path, manifest: BackupManifest) -> None:
    there = next(folder for folder in (place, *place.parents) if folder.exists())
    free = disk.free_space(there)
    if free < manifest.size:
        msg = (
            f"the disk of {place} has {free // 2**20} MB free, the backup needs "
            f"{manifest.size // 2**20} MB; free some space, or name another place with --data"
        )
        raise BackupError(msg)


def _unpack(found: OpenedArchive, new: Path, progress: Progress, held: ExitStack) -> bytes:
    """Write all files below a new folder; return the list of sources from outside of it.

    The folder is removed in the end, wherever it still is: once it is swapped in, it is not.
    """
    new.mkdir(mode=0o700, parents=True, exist_ok=True)
    held.enter_context(alone(new))  # nobody else restores to the same place
    shutil.rmtree(new)  # what a crash has left
    new.mkdir(mode=0o700)
    held.enter_context(alone(new))
    held.callback(shutil.rmtree, new, ignore_errors=True)
    sources, done = b"", 0
    for file in found.manifest.files:
        progress(done, found.manifest.size)
        if file.name == archive.SOURCES:
            path = new.with_name(f"{new.name}.sources")
            held.callback(path.unlink, missing_ok=True)
            _write(found, file, path)
            sources = path.read_bytes()
        else:
            _write(found, file, new.joinpath(*file.name.split("/")[1:]))
        done += file.size
    progress(done, found.manifest.size)
    return sources


def _write(found: OpenedArchive, file: Member, path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OURS)
    with os.fdopen(descriptor, "wb") as target:
        found.copy(file, target)
    os.utime(path, (file.modified, file.modified))


def _failure(exc: OSError, place: Path) -> BackupError:
    if exc.errno in {errno.ENOSPC, errno.EDQUOT}:
        msg = f"the disk of {place} is full; free some space, or name another place with --data"
    else:
        reason = (exc.strerror or str(exc)).lower()
        msg = (
            f"cannot restore to {place} ({reason}); name a folder with --data whose parent you "
            "may write to"
        )
    return BackupError(f"{msg}; what was there is untouched")
