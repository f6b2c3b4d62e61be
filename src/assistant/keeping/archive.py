"""The form of a backup: a ZIP file whose first member lists the others with their digests.

Nothing of what a backup says is believed: a name that leads elsewhere, a member that nobody listed
or a size that does not fit is found before anything is written.
"""

import hashlib
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Literal, NoReturn

from pydantic import AwareDatetime, TypeAdapter, ValidationError

from assistant.domain.errors import BackupError

FORMAT = 1
"""Of the archive; change it when a release of today could not restore what is written then."""
PRODUCT: Literal["forum-assistant"] = "forum-assistant"
MANIFEST = "manifest.json"
DATA = "data"
"""The folder of the archive whose content is that of the data directory."""
SOURCES = "forum.toml"
"""The list of sources, where it lies outside of the data directory."""
LARGEST_MANIFEST = 100 * 2**20  # bytes; a million files
LONGEST_NAME = 255  # bytes of a part; what file systems take
PIECE = 2**20  # bytes that are read at a time

Progress = Callable[[int, int], None]
"""Hears how many bytes are done, and how many there are."""


@dataclass(frozen=True, slots=True)
class Member:
    """A file of the archive.

    Attributes:
        modified: When it was last changed, in seconds since 1970.
    """

    name: str
    size: int
    sha256: str
    modified: int


@dataclass(frozen=True, slots=True)
class BackupManifest:
    """What an archive holds.

    Attributes:
        version: Of the assistant that made it.
        published: The generation that is published in it, empty where none is.
    """

    version: str
    made: AwareDatetime
    published: str
    files: tuple[Member, ...]
    product: Literal["forum-assistant"] = PRODUCT
    format: int = FORMAT

    @property
    def size(self) -> int:
        """The bytes of all files."""
        return sum(file.size for file in self.files)


@dataclass(frozen=True, slots=True)
class _Format:
    format: int


_MANIFEST = TypeAdapter(BackupManifest)
_FORMAT = TypeAdapter(_Format)


def as_json(manifest: BackupManifest) -> bytes:
    """Return a manifest as it is written."""
    return _MANIFEST.dump_json(manifest, indent=1)


def name_fault(name: str) -> str:
    """Return why a file of this name is not restored, "" where it may be. Pure."""
    parts = name.split("/")
    if name != SOURCES and (parts[0] != DATA or len(parts) == 1):
        return "belongs to no backup"
    if {"", ".", ".."}.intersection(parts):
        return "leads out of its folder"
    if "\\" in name or not name.isprintable():
        return "holds signs that no file of ours has"
    if any(len(part.encode("utf-8", "surrogatepass")) > LONGEST_NAME for part in parts):
        return "is too long"
    return ""


def names_fault(names: Sequence[str]) -> str:
    """Return what is wrong with the names of an archive's files, "" where nothing is. Pure."""
    for name in names:
        if fault := name_fault(name):
            return f"{name[:LONGEST_NAME]!r} {fault}"
    known = set(names)
    if len(known) < len(names):
        return "a file is listed twice"
    folders = {str(folder) for name in names for folder in PurePosixPath(name).parents}
    if both := known & folders:
        return f"{min(both)!r} is a file and a folder"
    return ""


class OpenedArchive:
    """An archive whose list of files is sound; their content is compared when it is read."""

    def __init__(self, path: Path, members: zipfile.ZipFile) -> None:
        self.path = path
        self._members = members
        self.manifest = self._checked()

    def copy(self, file: Member, target: BinaryIO) -> None:
        """Write the content of a file. Raises BackupError unless it is what was backed up."""
        digest, size = hashlib.sha256(), 0
        with self._errors(), self._members.open(file.name) as content:
            pieces = iter(lambda: content.read(PIECE), b"")
            for piece in pieces:
                size += len(piece)
                if size > file.size:  # never more than was listed, whatever it unpacks to
                    break
                digest.update(piece)
                target.write(piece)
        if size != file.size or digest.hexdigest() != file.sha256:
            self._refuse(f"{file.name} is not what was backed up")

    def _checked(self) -> BackupManifest:
        listed = self._members.infolist()
        if not listed or listed[0].filename != MANIFEST:
            self._refuse("it is no backup of this assistant")
        if listed[0].file_size > LARGEST_MANIFEST:
            self._refuse("its list of files is too long")
        with self._errors():
            text = self._members.read(listed[0])
        manifest = self._parsed(text)
        files = {file.name: file.size for file in manifest.files}
        if fault := names_fault([file.name for file in manifest.files]):
            self._refuse(fault)
        rest = listed[1:]
        if len(rest) != len(files) or files != {each.filename: each.file_size for each in rest}:
            self._refuse("it does not hold the files that it lists")
        return manifest

    def _parsed(self, text: bytes) -> BackupManifest:
        try:
            found = _FORMAT.validate_json(text).format
            if found > FORMAT:
                msg = (
                    f"{self.path} was made by a later release (format {found}, this one knows "
                    f"{FORMAT}); install that release"
                )
                raise BackupError(msg)
            return _MANIFEST.validate_json(text)
        except ValidationError as exc:
            self._refuse("it is no backup of this assistant", exc)

    def _refuse(self, reason: str, cause: Exception | None = None) -> NoReturn:
        msg = f"{self.path} cannot be restored: {reason}; nothing was changed, take another backup"
        raise BackupError(msg) from cause

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        # RuntimeError: a member that is encrypted; NotImplementedError: a compression of others.
        except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError) as exc:
            self._refuse("it is damaged", exc)


@contextmanager
def opened(path: Path) -> Iterator[OpenedArchive]:
    """Open an archive and check its list of files. Raises BackupError that says what is wrong."""
    try:
        members = zipfile.ZipFile(path)
    except OSError as exc:
        msg = f"cannot read {path} ({exc.strerror}); name a file that `backup` has written"
        raise BackupError(msg) from exc
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as exc:
        msg = f"{path} is no backup, or not a whole one; nothing was changed, take another backup"
        raise BackupError(msg) from exc
    with members:
        yield OpenedArchive(path, members)


def local(made: datetime) -> str:
    """Return when an archive was made, as people on this machine say it."""
    return f"{made.astimezone():%Y-%m-%d %H:%M}"
