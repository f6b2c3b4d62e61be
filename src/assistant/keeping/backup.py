"""Write a backup: one file with all that would be lost with the data directory.

It may be taken at any time, also while members ask, staff write and a run publishes.
"""

import errno
import hashlib
import os
import shutil
import zipfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import BinaryIO

from assistant.domain.errors import BackupError
from assistant.files import OURS, sync
from assistant.keeping import archive
from assistant.keeping.archive import PIECE, BackupManifest, Member, Progress
from assistant.keeping.collecting import Item, collect, of_file
from assistant.records import moving
from assistant.records.database import FILE as RECORDS
from assistant.records.database import Database

LEVEL = 1  # of compression: half the size of vectors and texts; a higher one gains little
ATTEMPTS = 5
"""At files that are replaced between the list and the copy, such as an upload."""
_NO_SPACE = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


@dataclass(frozen=True, slots=True)
class Plan:
    """What to back up, and how.

    Attributes:
        records: Wherever they lie; in the backup they are a file.
        sources: The list of sources, wherever it lies.
        without: A folder below the data directory whose content is made again.
        published_only: Whether the generations to go back to stay out.
        force: Whether a file of that name is replaced.
    """

    data: Path
    records: Database
    sources: Path
    without: Path | None = None
    published_only: bool = False
    force: bool = False


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that was written.

    Attributes:
        size: Its bytes.
        records: How many records of staff and members are in it.
        faults: What should be in it and is not, in words.
    """

    manifest: BackupManifest
    generations: tuple[str, ...]
    size: int
    records: int
    faults: tuple[str, ...]


class _ChangedError(Exception):
    """A file is another one than was listed."""


def make(plan: Plan, target: Path, progress: Progress) -> Made:
    """Write a backup. Raises BackupError or RecordsError; nothing half written is left then."""
    _check(plan, target)
    draft, scratch = (target.with_name(f".{target.name}{end}") for end in ("", ".records"))
    try:
        with ExitStack() as held:
            held.callback(draft.unlink, missing_ok=True)
            held.callback(shutil.rmtree, scratch, ignore_errors=True)
            made = datetime.now(UTC).replace(microsecond=0)
            found = collect(
                plan.data, held, published_only=plan.published_only, without=plan.without
            )
            items, records = _records(plan, scratch)
            items = [*found.items, *items, *_sources(plan)]
            empty = BackupManifest(version("forum-assistant"), made, found.published, ())
            manifest = _written(draft, items, empty, progress, plan.data)
            size = draft.stat().st_size
            draft.replace(target)
            sync(target.parent)
    except OSError as exc:
        raise _failure(exc, target) from exc
    return Made(manifest, found.generations, size, records, found.faults)


def _check(plan: Plan, target: Path) -> None:
    inside = target.resolve().is_relative_to(plan.data.resolve())
    if inside:
        msg = f"{target} would be lost with {plan.data}; write the backup to another place"
    elif target.is_dir():
        msg = f"{target} is a folder; name a file in it"
    elif target.exists() and not plan.force:
        msg = f"{target} is there already; choose another name, or replace it with --force"
    elif not plan.data.is_dir() or not any(plan.data.iterdir()):
        msg = f"there is nothing in {plan.data} to back up; name the data directory with --data"
    else:
        return
    raise BackupError(msg)


def _records(plan: Plan, scratch: Path) -> tuple[list[Item], int]:
    """Return the records, copied whole while others write, and how many there are."""
    if not plan.records.is_made():
        return [], 0
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(mode=0o700)
    count = moving.copy(plan.records, Database(scratch))
    item = of_file(f"{archive.DATA}/{RECORDS}", scratch / RECORDS)
    return [item] if item else [], count


def _sources(plan: Plan) -> list[Item]:
    """Return the list of sources; where it lies in the data directory, it is there already."""
    if plan.sources.resolve().is_relative_to(plan.data.resolve()):
        return []
    item = of_file(archive.SOURCES, plan.sources.resolve())
    return [item] if item else []


def _written(
    draft: Path, items: Sequence[Item], manifest: BackupManifest, progress: Progress, data: Path
) -> BackupManifest:
    for _ in range(ATTEMPTS):
        hear = _summed(progress, 2 * sum(item.size for item in items))
        listed = [(item, member) for item in items if (member := _member(item, hear))]
        whole = replace(manifest, files=tuple(member for _, member in listed))
        draft.unlink(missing_ok=True)
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OURS)
        try:
            with os.fdopen(descriptor, "wb") as file:
                _write(file, [item for item, _ in listed], whole, hear)
                file.flush()
                os.fsync(descriptor)
        except (_ChangedError, FileNotFoundError):
            continue
        return whole
    msg = f"the files of {data} change too quickly to be copied; run it again later"
    raise BackupError(msg)


def _summed(progress: Progress, total: int) -> Callable[[int], None]:
    done = 0

    def hear(more: int) -> None:
        nonlocal done
        done += more
        progress(min(done, total), total)

    return hear


def _member(item: Item, hear: Callable[[int], None]) -> Member | None:
    """Return what is listed of a file, None for one that was removed since it was found."""
    if item.sha256:
        hear(item.size)
        return Member(item.name, item.size, item.sha256, item.modified)
    digest, size = hashlib.sha256(), 0
    try:
        with item.open() as content:
            while piece := content.read(PIECE):
                digest.update(piece)
                size += len(piece)
                hear(len(piece))
    except FileNotFoundError:
        return None
    return Member(item.name, size, digest.hexdigest(), item.modified)


def _write(
    file: BinaryIO, items: Sequence[Item], manifest: BackupManifest, hear: Callable[[int], None]
) -> None:
    moment = manifest.made.timetuple()[:6]
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=LEVEL) as members:

        def information(name: str) -> zipfile.ZipInfo:
            made = zipfile.ZipInfo(name, moment)
            made.compress_type, made.external_attr = zipfile.ZIP_DEFLATED, OURS << 16
            return made

        members.writestr(information(archive.MANIFEST), archive.as_json(manifest))
        for item, member in zip(items, manifest.files, strict=True):
            digest = hashlib.sha256()
            with (
                item.open() as content,
                members.open(information(item.name), "w", force_zip64=True) as copy,
            ):
                while piece := content.read(PIECE):
                    digest.update(piece)
                    copy.write(piece)
                    hear(len(piece))
            if digest.hexdigest() != member.sha256:
                raise _ChangedError


def _failure(exc: OSError, target: Path) -> BackupError:
    if exc.errno in _NO_SPACE:
        msg = f"the disk of {target} is full; free some space, or write the backup to another disk"
    else:
        reason = (exc.strerror or str(exc)).lower()
        msg = f"cannot write {target} ({reason}); name a file in a folder that you may write to"
    return BackupError(f"{msg}; nothing was left half written")
