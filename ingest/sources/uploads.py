"""The files that staff put in by their page: a source of their own, below the data directory."""

import re
import secrets
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from ingest.errors import SourceError
from ingest.plan import Crawl
from ingest.readers.reading import READERS, REFUSED
from ingest.sources.tables import FolderSource

NAME = "uploads"
LARGEST = 50_000_000  # bytes of one file; no reader takes more
MOST = 5000  # files
ALTOGETHER = 5_000_000_000  # bytes
LONGEST_NAME = 200  # bytes, before the ending; file systems take 255


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that staff have put in."""

    name: str
    size: int
    received: datetime


@dataclass(frozen=True, slots=True)
class Uploads:
    """The folder of the uploaded files; nothing in it is ever served as it is."""

    data: Path

    @property
    def source(self) -> FolderSource:
        """The folder as a source."""
        return FolderSource(name=NAME, type="folder", path=self._folder.resolve())

    def all(self) -> list[Upload]:
        """Return the files, by name."""
        if not self._folder.is_dir():
            return []
        return [
            _upload(path) for path in sorted(self._folder.iterdir()) if path.name in self._names()
        ]

    def save(self, name: str, pieces: Iterable[bytes]) -> Upload:
        """Keep a file under a name made from `name`; one of that name is replaced.

        Raises SourceError, naming the file, where it cannot be taken; nothing of it is kept then.
        """
        safe = safe_name(name)
        before = self.all()
        room = ALTOGETHER - sum(each.size for each in before if each.name != safe)
        if len(before) >= MOST and safe not in self._names():
            msg = f"{safe}: there are {MOST} files already; remove some"
            raise SourceError(msg)
        draft = self._folder / f".{secrets.token_hex(8)}"
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            _write(draft, pieces, min(LARGEST, room), safe)
            draft.replace(self._folder / safe)
        except OSError as exc:
            msg = f"{safe}: cannot be kept ({exc.strerror}); nothing was changed"
            raise SourceError(msg) from exc
        finally:
            draft.unlink(missing_ok=True)
        return _upload(self._folder / safe)

    def remove(self, name: str) -> None:
        """Forget a file; the next run takes it out of the answers. Raises SourceError."""
        if name not in self._names():
            msg = f"there is no uploaded file {name!r}"
            raise SourceError(msg)
        (self._folder / name).unlink(missing_ok=True)

    def crawl_of_nothing(self) -> Crawl | None:
        """Return the crawl of an empty folder, None where there are files to read.

        An empty folder is suspicious anywhere else; here it is what staff made it.
        """
        return None if self._names() else Crawl(self.source.origin, ())

    def former(self, origins: Iterable[str]) -> tuple[str, ...]:
        """Return those of some origins that were these uploads before the data directory moved.

        Such as on another machine, where a backup was restored: nothing of the old place is there.
        """
        paths = [Path(each) for each in dict.fromkeys(origins)]
        return tuple(
            str(path)
            for path in paths
            if path.is_absolute() and path.name == NAME and not path.parent.exists()
        )

    @property
    def _folder(self) -> Path:
        return self.data / NAME

    def _names(self) -> Sequence[str]:
        if not self._folder.is_dir():
            return []
        return [path.name for path in self._folder.iterdir() if not path.name.startswith(".")]


def safe_name(name: str) -> str:
    """Return the name to keep a file under: its own, without what a path could mean.

    Where signs of it are replaced or its end is cut, digits tell it from others like it.
    Raises SourceError where it has no ending that can be read.
    """
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    kept = "".join(char if char.isalnum() or char in " ._-()" else "-" for char in last)
    stem, dot, suffix = kept.strip(" .-").rpartition(".")
    if reason := REFUSED.get(f".{suffix.lower()}"):
        msg = f"{last[:60]!r} {reason}"
        raise SourceError(msg)
    if f".{suffix.lower()}" not in READERS or not stem.strip(" .-"):
        known = ", ".join(READERS)
        msg = f"{last[:60]!r} is of a form that is not read; give a file that ends in {known}"
        raise SourceError(msg)
    whole = stem.strip(" .-")
    if kept == last and len(whole.encode()) <= LONGEST_NAME:
        return f"{whole}{dot}{suffix.lower()}"
    digits = sha256(last.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    room = LONGEST_NAME - len(digits) - 1
    return f"{whole.encode()[:room].decode(errors='ignore')}-{digits}{dot}{suffix.lower()}"


def _write(path: Path, pieces: Iterable[bytes], most: int, name: str) -> None:
    written = 0
    with path.open("xb") as file:
        path.chmod(0o600)
        for piece in pieces:
            written += len(piece)
            if written > most:
                msg = f"{name}: is larger than {most // 10**6} MB; split it or leave it out"
                raise SourceError(msg)
            file.write(piece)
    if not written:
        msg = f"{name}: is empty"
        raise SourceError(msg)


def _upload(path: Path) -> Upload:
    found = path.stat()
    return Upload(path.name, found.st_size, datetime.fromtimestamp(found.st_mtime, UTC))
