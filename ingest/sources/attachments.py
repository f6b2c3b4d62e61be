"""Read the PDF and office files that content links to, as documents of their own."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from assistant.domain.corpus import Kind
from assistant.domain.light_markdown import clean
from ingest.errors import ReadError
from ingest.fetching.errors import FetchError, RefusedError
from ingest.fetching.fetcher import Fetcher
from ingest.fetching.urls import Gate
from ingest.readers.reading import REFUSED, extracted
from ingest.sources.gathering import Gathering, completed
from ingest.sources.links import anchors, id_of, usable

SUFFIX_OF = {
    "application/pdf": ".pdf",
    "application/x-pdf": ".pdf",
    "application/epub+zip": ".epub",
    "application/vnd.oasis.opendocument.presentation": ".odp",
    "application/vnd.oasis.opendocument.spreadsheet": ".ods",
    "application/vnd.oasis.opendocument.text": ".odt",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": ".pptx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
}
SUFFIXES = (".pdf", ".docx", ".odt", ".pptx", ".odp", ".xlsx", ".ods", ".epub")
FILE_TYPES = frozenset(
    (
        *SUFFIX_OF,
        "application/octet-stream",
        "binary/octet-stream",
        "application/download",
        "application/force-download",
    )
)
GONE = frozenset((404, 410))
_MIN_WORDS = 3
_MAX_TITLE = 200
# Words of links that say what to do, not what there is.
_CLICK = re.compile(
    r"(?:click|download|read|see|open|view|here|pdf|t[ée]l[ée]charg|lire|voir|cliquez|ici|consult"
    r"|download|lees|bekijk|klik|hier|herunterladen|lesen|mehr|scarica|leggi|descarga|leer|ver"
    r"|baixa|ler)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that content links to, with the words of the link."""

    url: str
    words: str

    def note(self) -> str:
        """Return the attachment as a line of text; `noted` reads it."""
        return f"{self.url} {self.words}"


def noted(line: str) -> Attachment:
    """Return the attachment of a note."""
    url, _, words = line.partition(" ")
    return Attachment(url, words)


def linked(markup: str, base: str, allowed: Gate, gathering: Gathering) -> Iterator[Attachment]:
    """Yield the files that HTML links to; those on hosts that are not listed are passed over."""
    for address, words in anchors(markup):
        suffix = _suffix(address)
        if suffix not in SUFFIXES and suffix not in REFUSED:
            continue
        try:
            url = usable(address, base, allowed)
            if suffix in REFUSED:
                gathering.skip([f"{url} ({REFUSED[suffix]})"])
            else:
                yield Attachment(url, words)
        except RefusedError as exc:
            gathering.skip([f"{exc.url} ({exc.reason})"])


def read_attachments(
    source: str, fetcher: Fetcher, gathering: Gathering, files: Iterable[Attachment]
) -> None:
    """Read the files; one that is gone is reported, and not kept."""
    for file in files:
        document_id = id_of(source, file.url, fetcher.gate)
        if gathering.has(document_id):
            continue
        try:
            fetched = fetcher.get(file.url, accept=FILE_TYPES)
            content = fetched.body + file.words.encode()
            if gathering.is_unchanged(document_id, content):
                continue
            extract = extracted(fetched.body, _suffix(file.url), name=document_id)
            title = _title(file, extract.title)
            known = completed(extract, title=title, url=file.url, kind=Kind.PUBLICATION)
            gathering.add(document_id, known, content)
        except FetchError as exc:
            gathering.fail(file.url if exc.status in GONE else document_id, exc.reason)
        except ReadError as exc:
            gathering.fail(document_id, exc.reason)


def _suffix(url: str) -> str:
    try:
        return PurePosixPath(urlsplit(url).path.lower()).suffix
    except ValueError:
        return ""


def _title(file: Attachment, own: str) -> str:
    """Return the link's words if they are a title, else the file's own, else the file's name."""
    words = file.words.split()
    if len(words) >= _MIN_WORDS and len(file.words) <= _MAX_TITLE and not _CLICK.match(words[0]):
        return file.words
    stem = PurePosixPath(unquote(urlsplit(file.url).path)).stem
    return own or clean(re.sub(r"[-_+]+", " ", stem)).capitalize()
