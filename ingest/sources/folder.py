"""Find the documents below a folder, and make a `Document` of each."""

import os
import posixpath
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path, PurePosixPath
from urllib.parse import quote, unquote

from assistant.domain.corpus import UNDETERMINED, Document, DocumentId, Kind, Source
from assistant.domain.light_markdown import clean
from ingest.errors import ReadError, SourceError
from ingest.plan import Crawl, Failure, KnownDocument, Notice
from ingest.readers.extract import kind_of
from ingest.readers.quality import noticed
from ingest.readers.reading import READERS, REFUSED, extracted, read_bytes
from ingest.reading_cache import Readings, Seen, digest_of

_NOT_CONTENT = ("__MACOSX", "Thumbs.db", "desktop.ini")
_OWN = "/documents/"
_UNSHOWN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
"""What a name may not hold: it would break the lines that tell of it, or turn them round."""
_TWICE = "is the name of two files, spelt with other characters (Unicode forms); rename one"
_SAMPLE = 4000  # characters are plenty to tell a language


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file to read; its id is its path below the folder."""

    path: Path
    id: DocumentId


@dataclass(frozen=True, slots=True)
class FolderListing:
    """What a path holds, in a stable order.

    Attributes:
        skipped: Paths below the folder of the files left out: unknown formats, names that are not
            Unicode or hold line breaks, links that lead out of the folder. Hidden files are not
            mentioned.
    """

    files: tuple[SourceFile, ...]
    skipped: tuple[str, ...] = ()


def list_files(path: Path) -> FolderListing:
    """Return the documents at a path, a folder or a single file. Reads none of them.

    Raises SourceError if the path does not exist or holds nothing that can be read.
    """
    try:
        root = path.expanduser().resolve(strict=True)
    except (OSError, RuntimeError, ValueError) as exc:
        msg = f"cannot open {path}: give the path of an existing folder or file"
        raise SourceError(msg) from exc
    known = ", ".join(READERS)
    if not root.is_dir():
        if reason := REFUSED.get(root.suffix.lower()):
            msg = f"cannot read {path}: it {reason}"
            raise SourceError(msg)
        if not root.is_file() or root.suffix.lower() not in READERS:
            msg = f"cannot read {path}: give a folder, or a file that ends in {known}"
            raise SourceError(msg)
        return FolderListing((SourceFile(root, _id(root.name)),))
    names = sorted(_names(root), key=_id)
    listed = [name for name in names if _is_document(root, name)]
    if not listed:
        found = f"only files of other formats ({len(names)})" if names else "no files"
        msg = f"nothing to read in {path}: it holds {found}; put documents there ({known})"
        raise SourceError(msg)
    taken = set(listed)
    return FolderListing(
        tuple(SourceFile(root / name, _id(name)) for name in listed),
        tuple(_UNSHOWN.sub("\ufffd", _id(name)) for name in names if name not in taken),
    )


def crawl(
    path: Path,
    *,
    detect_language: Callable[[str], str],
    progress: Callable[[int, int], None],
    stored: Sequence[KnownDocument] = (),
    readings: Readings | None = None,
) -> Crawl:
    """Read everything at a path; `progress` hears how many files are read, and of how many.

    A file is not read that gave, by `readings`, the very document that is `stored` from this path,
    nor one that is, byte for byte, another one of this path under a second name.

    Raises SourceError if the path does not exist or holds nothing that can be read.
    """
    listing = list_files(path)
    origin = str(path.expanduser().resolve())
    published = {each.id: each.fingerprint for each in stored if each.origin == origin}
    known = readings or Readings()
    found = _Found()
    for done, file in enumerate(sorted(listing.files, key=lambda file: file.path.is_symlink())):
        progress(done, len(listing.files))
        data = found.data_of(file)
        if data is None:
            continue
        digest = digest_of(file.id, data)
        fingerprint = known.fingerprint(origin, file.id, digest)
        if fingerprint is not None and fingerprint == published.get(file.id):
            found.unchanged.append((file.id, fingerprint))
            found.seen[file.id] = Seen(digest, fingerprint, known.notice(origin, file.id))
        else:
            found.read(file, data, digest, detect_language)
    progress(len(listing.files), len(listing.files))
    known.remember(origin, found.seen)
    return Crawl(
        origin,
        tuple(found.documents),
        tuple(found.failures),
        (*listing.skipped, *found.again),
        unchanged=tuple(found.unchanged),
        notices=tuple(found.notices),
    )


@dataclass(slots=True)
class _Found:
    """What one crawl of a folder has found so far.

    Attributes:
        seen: The digest of what was read, and the fingerprint of the document that it gave.
        again: Files that are another one under a second name.
    """

    documents: list[Document] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    unchanged: list[tuple[DocumentId, str]] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    seen: dict[DocumentId, Seen] = field(default_factory=dict)
    again: list[str] = field(default_factory=list)
    _names: set[DocumentId] = field(default_factory=set)
    _contents: dict[bytes, DocumentId] = field(default_factory=dict)

    def data_of(self, file: SourceFile) -> bytes | None:
        """Return what a file holds; None, and why is noted, where it is not to be read."""
        if file.id in self._names:
            self.failures.append(Failure(file.id, _TWICE))
            return None
        self._names.add(file.id)
        try:
            data = read_bytes(file.path, name=file.id)
        except ReadError as exc:
            self.failures.append(Failure(exc.name, exc.reason))
            return None
        first = self._contents.setdefault(sha256(data).digest(), file.id)
        if first != file.id:
            self.again.append(f"{file.id} (the same as {first})")
            return None
        return data

    def read(
        self, file: SourceFile, data: bytes, digest: str, detect_language: Callable[[str], str]
    ) -> None:
        """Take the document that a file's bytes give, or note why they cannot be read."""
        try:
            document, notice = _read(file, data, detect_language)
        except ReadError as exc:
            self.failures.append(Failure(exc.name, exc.reason))
            return
        self.documents.append(document)
        if notice:
            self.notices.append(Notice(document.id, notice))
        self.seen[file.id] = Seen(digest, document.fingerprint(), notice)


def read_document(file: SourceFile, *, detect_language: Callable[[str], str]) -> Document:
    """Return the document a file holds; what the file does not say comes from its path and text.

    Raises ReadError if it cannot be read.
    """
    document, _ = _read(file, read_bytes(file.path, name=file.id), detect_language)
    return document


def _read(
    file: SourceFile, data: bytes, detect_language: Callable[[str], str]
) -> tuple[Document, str]:
    """Return the document that a file's bytes give, and what staff should know of it."""
    extract = extracted(data, file.path.suffix.lower(), name=file.id)
    title = clean(extract.title) or _humanised(file.id)
    sample = f"{title}\n{extract.text[:_SAMPLE]}"
    source = Source(
        document_id=file.id,
        title=title,
        url=_url(extract.url, file.id),
        published=extract.published,
        language=extract.language or detect_language(sample) or UNDETERMINED,
        kind=extract.kind or _kind(file.id),
        authors=extract.authors,
        changed=extract.changed_since,
    )
    successor = _place(extract.replaced_by, file.id)
    return Document(source, extract.text, extract.translations, successor), noticed(extract)


def _url(named: str | None, document_id: DocumentId) -> str:
    """Return where readers find a document; other paths of the assistant are none of it."""
    own = f"/documents/{quote(document_id)}"
    return own if not named or (named[0] == "/" and not named.startswith(_OWN)) else named


def _place(named: str, document_id: DocumentId) -> str:
    """Return a place that a document names: a path is one from its own folder."""
    if not named or "://" in named or named.startswith("/"):
        return named
    return posixpath.normpath(posixpath.join(posixpath.dirname(document_id), unquote(named)))


def _names(root: Path) -> Iterator[str]:
    """Yield the paths below a folder that are not hidden; links to folders are not followed."""
    for folder, folders, files in os.walk(root, onerror=_refuse):
        folders[:] = [name for name in folders if not _is_hidden(name)]
        for name in files:
            if not _is_hidden(name):
                yield (Path(folder) / name).relative_to(root).as_posix()


def _refuse(exc: OSError) -> None:
    msg = f"cannot list the folder {exc.filename}: {exc.strerror}; check its permissions"
    raise SourceError(msg) from exc


def _is_hidden(name: str) -> bool:
    return name.startswith((".", "~$")) or name in _NOT_CONTENT


def _is_document(root: Path, name: str) -> bool:
    path = root / name
    try:
        name.encode()
        inside = path.resolve(strict=True).is_relative_to(root)
    except (UnicodeEncodeError, OSError, RuntimeError):
        return False
    is_named = not _UNSHOWN.search(name)
    # A document of an old format is not passed over: reading it tells what to do about it.
    is_known = path.suffix.lower() in READERS or path.suffix.lower() in REFUSED
    return is_named and inside and path.is_file() and is_known


def _id(name: str) -> DocumentId:
    """Return a path as an id: the same on every system, and fit to be stored."""
    readable = name.encode("utf-8", errors="replace").decode("utf-8")
    return DocumentId(unicodedata.normalize("NFC", readable))


def _kind(document_id: str) -> Kind:
    """Return the kind that the nearest telling folder is named after."""
    parents = PurePosixPath(document_id).parent.parts
    return next((kind for part in reversed(parents) if (kind := kind_of(part))), Kind.ARTICLE)


def _humanised(document_id: str) -> str:
    """Return a title made of a file name: `city-safety_2021.pdf` is "City safety 2021"."""
    stem = PurePosixPath(document_id).stem
    words = clean(re.sub(r"[-_+]+|%20", " ", stem)) or clean(stem) or document_id
    return words[:1].upper() + words[1:]
