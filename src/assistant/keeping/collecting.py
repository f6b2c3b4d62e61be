"""What of a data directory belongs into a backup, and how each file stays readable meanwhile.

All that lies in it, but for what is made again by itself, what is only of this hour, and what is
half made. Nobody has to wait: a generation is opened file by file before anything of it is copied,
and what is open can be read to its end, whoever removes it.
"""

import hashlib
import io
import os
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from assistant.domain.errors import BackupError, StoreError
from assistant.domain.runs import RunState
from assistant.keeping.archive import DATA, name_fault
from assistant.records import database
from ingest import reading_cache, runs, schedule
from vectorstore import integrity, manifest
from vectorstore.errors import ManifestMismatchError, StoreDamagedError
from vectorstore.publishing import offered
from vectorstore.publishing.generations_folder import CURRENT_FILE, GENERATIONS, GenerationsFolder
from vectorstore.publishing.writer_lock import LOCK_FILE, NOTE_FILE

FETCHED = "fetched"
UNLOCKED = "staff_unlocked"
PASSED_OVER = {
    *(CURRENT_FILE, GENERATIONS, runs.FOLDER),  # collected by themselves
    *(database.FILE, f"{database.FILE}-journal", f"{database.FILE}-wal", f"{database.FILE}-shm"),
    *(reading_cache.FILE, FETCHED),  # read and fetched again
    *(LOCK_FILE, NOTE_FILE, UNLOCKED, schedule.LOCK_FILE),  # of this hour
}
ATTEMPTS = 5  # at generations that a run removes while they are opened


@dataclass(frozen=True, slots=True)
class Item:
    """A file to be backed up.

    Attributes:
        name: In the archive.
        sha256: Of its content, where that is known and cannot change.
    """

    name: str
    open: Callable[[], BinaryIO]
    size: int
    modified: int
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Collected:
    """What is to be backed up.

    Attributes:
        generations: The names of those that are in it, oldest first.
        published: The one that is published in it, empty where none is.
        faults: What should be in it and is not, in words.
    """

    items: tuple[Item, ...]
    generations: tuple[str, ...]
    published: str
    faults: tuple[str, ...]


def collect(
    data: Path, held: ExitStack, *, published_only: bool, without: Path | None
) -> Collected:
    """Return what is to be backed up; `held` keeps the generations open.

    `without` is a folder whose content is made again, wherever it lies.
    """
    generations, published, faults = _generations(data, held, published_only=published_only)
    items = [item for each in generations.values() for item in each]
    if published:
        items.append(of_bytes(f"{DATA}/{CURRENT_FILE}", f"{published}\n".encode()))
    items += _runs(data)
    for path in sorted(data.iterdir()) if data.is_dir() else ():
        if path.name not in PASSED_OVER:
            items += _below(path, data, without)
    unfit = [item.name for item in items if name_fault(item.name)]
    faults += [f"{name!r} was left out: no archive can hold its name" for name in unfit]
    faults += [f"{path} is a link; back up by itself what it leads to" for path in _links(data)]
    return Collected(
        tuple(item for item in items if item.name not in unfit),
        tuple(generations),
        published,
        tuple(faults),
    )


def of_bytes(name: str, content: bytes) -> Item:
    """Return an item of what is known already."""
    return Item(name, lambda: io.BytesIO(content), len(content), int(time.time()))


def of_file(name: str, path: Path) -> Item | None:
    """Return the item of a file, None for a link, and for what is none or gone."""
    try:
        found = path.lstat()
    except OSError:
        return None
    if not stat.S_ISREG(found.st_mode):
        return None
    return Item(name, lambda: _opened(path), found.st_size, int(found.st_mtime))


def _opened(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except FileNotFoundError:  # removed since it was found
        raise
    except OSError as exc:
        msg = f"cannot read {path} ({exc.strerror}); check its permissions, and run it again"
        raise BackupError(msg) from exc


def _below(path: Path, data: Path, without: Path | None) -> Iterator[Item]:
    """Yield what lies at a path; names that begin with a dot are drafts, or not ours."""
    if path.name.startswith(".") or path.is_symlink() or path == without:
        return
    if path.is_dir():
        for each in sorted(path.iterdir()):
            yield from _below(each, data, without)
    elif item := of_file(f"{DATA}/{path.relative_to(data).as_posix()}", path):
        yield item


def _links(data: Path) -> Iterator[Path]:
    """Yield the links below a data directory, which are not followed."""
    for folder, folders, files in os.walk(data):
        is_top = Path(folder) == data
        folders[:] = [each for each in folders if not (is_top and each in PASSED_OVER)]
        for name in sorted((*folders, *files)):
            is_ours = not name.startswith(".") and not (is_top and name in PASSED_OVER)
            if is_ours and (Path(folder) / name).is_symlink():
                yield Path(folder) / name


def _runs(data: Path) -> Iterator[Item]:
    """Yield the records of runs that have ended, with what those read that can be published."""
    for run in runs.Runs(data).all():
        if run.state is not RunState.RUNNING:
            for path in sorted((data / runs.FOLDER / run.id).glob("*.json")):
                item = of_file(f"{DATA}/{path.relative_to(data).as_posix()}", path)
                if item:
                    yield item


def _generations(
    data: Path, held: ExitStack, *, published_only: bool
) -> tuple[dict[str, list[Item]], str, list[str]]:
    """Return the items of each generation, which of them is published, and what is damaged."""
    folder = GenerationsFolder(data)
    for _ in range(ATTEMPTS):
        wanted, found, faults = folder.candidates(), dict[str, list[Item]](), list[str]()
        for name in wanted:
            if published_only and found:
                break
            try:
                found[name] = _held(folder.folder(name), name, held)
            except StoreError as exc:
                faults.append(str(exc))
        if set(wanted) <= {*folder.names(), *found}:
            break
    published = next(iter(found), "")
    return dict(sorted(found.items())), published, faults


def _held(folder: Path, name: str, held: ExitStack) -> list[Item]:
    """Open all files of a generation. Raises StoreError where they are not what was published."""
    try:
        files = manifest.read(folder).files
    except ManifestMismatchError:  # of another release: as it is, for its documents
        files = integrity.digests(folder)
    prefix = f"{DATA}/{GENERATIONS}/{name}"
    items = [_open_file(folder, path, prefix, digest, held) for path, digest in files.items()]
    items.append(_open_file(folder, manifest.FILE, prefix, "", held))
    with suppress(StoreError):  # what members are offered is found anew where it is not there
        items.append(_open_file(folder, offered.FILE, prefix, "", held))
    return items


def _open_file(folder: Path, path: str, prefix: str, digest: str, held: ExitStack) -> Item:
    try:
        file = held.enter_context((folder / path).open("rb"))
        found = os.fstat(file.fileno())
        if digest and hashlib.file_digest(file, "sha256").hexdigest() != digest:
            raise StoreDamagedError(folder, f"{path} is not what was published")
    except OSError as exc:
        raise StoreDamagedError(folder, f"{path} cannot be read: {exc.strerror}") from exc

    def again() -> BinaryIO:
        copy = os.fdopen(os.dup(file.fileno()), "rb")  # closed by whoever reads; ours stays open
        copy.seek(0)
        return copy

    return Item(f"{prefix}/{path}", again, found.st_size, int(found.st_mtime), digest)
