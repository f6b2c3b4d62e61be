"""What every reader returns, and the few judgements all of them share."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from assistant.domain.corpus import Kind, Translation
from assistant.domain.light_markdown import clean
from assistant.language.languages import languages
from assistant.language.words import fold

_MAX_URL = 2000  # what browsers and servers agree to carry
_CLIMBS = re.compile(r"/(?:\.|%2e){1,2}(?=[/?#]|$)", re.IGNORECASE)
"""What browsers take for the way up, or for standing still."""
_MOST_AUTHORS = 10
_LONGEST_NAME = 80  # characters; more is a sentence about somebody
# What systems write where nobody signed; staff accounts are named after their work.
_NOBODY = re.compile(
    r"(?:site|web)?[ -]?(?:admin(?:istrator|istrateur|istratie)?|master)\d*|root|user\d*|author"
    r"|editors?|r[eé]dact(?:eur|ie|ion)|redaktion|autor|auteur|wordpress|unknown|anonym(?:ous|e)?"
)

_KINDS = {
    kind: re.compile("|".join(language.kinds[kind] for language in languages().values()))
    for kind in Kind
}


FRAGMENT = "forum-content"
"""The tag around what is the content of a page, as a site's own interface gives it."""

SCANNED = (
    "seems scanned: it has no text layer; run it through OCR (text recognition), save it as a"
    " searchable PDF and try again"
)
"""Why a PDF is refused whose pages are pictures."""


@dataclass(frozen=True, slots=True)
class Extract:
    """One document as its file tells it; `None` or "" is "the file does not say".

    Attributes:
        text: Light Markdown without the title.
        language: ISO 639-1 code.
        url: Absolute, or relative to a site's root.
        changed: The day of the last change, as the document or its site tells it. Never that of the
            file (the properties of PDF and office documents, e-books and file systems included):
            who saves, prints, converts or copies a file dates it anew without changing a word, and
            an old text would pass for a fresh one.
        replaced_by: Where what takes its place is: as `url`, or a path from the document's own.
        unseen: How many words are made to be read by nobody; they are not in the text.
        pictures: How many pictures have no words that describe them.
        blank_pages: The numbers of the pages that are pictures, with no text that could be read.
        recognised_pages: Of those whose words were recognised in a picture (OCR).
    """

    title: str
    text: str
    published: date | None = None
    language: str | None = None
    url: str | None = None
    kind: Kind | None = None
    translations: tuple[Translation, ...] = ()
    authors: tuple[str, ...] = ()
    replaced_by: str = ""
    unseen: int = 0
    changed: date | None = None
    pictures: int = 0
    blank_pages: tuple[int, ...] = ()
    recognised_pages: tuple[int, ...] = ()

    @property
    def changed_since(self) -> date | None:
        """The day of the last change, None where that is no later than the publication."""
        if self.changed and self.published and self.changed <= self.published:
            return None
        return self.changed


def authors_of(names: Iterable[object]) -> tuple[str, ...]:
    """Return the names of authors, each once, without addresses and names of accounts."""
    found: dict[str, None] = {}
    for value in names:
        name = clean(value) if isinstance(value, str) else ""
        is_name = 1 < len(name) <= _LONGEST_NAME and not set(name) & set("@/<>{}")
        if is_name and not _NOBODY.fullmatch(name.casefold()):
            found[name] = None
    return tuple(found)[:_MOST_AUTHORS]


def kind_of(name: str) -> Kind | None:
    """Return the kind a folder, category or post type is named after, in any language."""
    words = re.split(r"[^a-z]+", fold(name))
    for kind, pattern in _KINDS.items():
        if any(pattern.fullmatch(word) for word in words):
            return kind
    return None


def language_of(value: object) -> str | None:
    """Return the two-letter code a language tag such as `fr-BE` begins with."""
    match = re.match(r"\s*([A-Za-z]{2})(?![A-Za-z])", value) if isinstance(value, str) else None
    return match[1].lower() if match else None


def url_of(value: object) -> str | None:
    """Return a link that is safe to show: http(s), or a path from the root of a site."""
    url = value.strip() if isinstance(value, str) else ""
    if not url or len(url) > _MAX_URL or re.search(r"[\s\\\x00-\x1f\x7f-\x9f<>\"]", url):
        return None
    if url.startswith("/"):
        return None if url.startswith("//") or _CLIMBS.search(url) else url
    try:
        parts = urlsplit(url)
        host, user = parts.hostname, parts.username
    except ValueError:
        return None
    return url if parts.scheme in {"http", "https"} and host and user is None else None


def place_of(value: object) -> str:
    """Return where another document is said to be: as `url_of`, or a path; "" for nowhere."""
    place = value.strip() if isinstance(value, str) else ""
    is_path = len(place) <= _MAX_URL and not re.search(r"^/|[\s\\\x00-\x1f\x7f-\x9f<>\":?#]", place)
    return url_of(place) or (place if is_path else "")


def translations_of(pairs: list[tuple[str | None, str | None]]) -> tuple[Translation, ...]:
    """Return the usable translations, the first of each language, in their order."""
    found: dict[str, Translation] = {}
    for language, url in pairs:
        if language and url:
            found.setdefault(language, Translation(language, url))
    return tuple(found.values())
