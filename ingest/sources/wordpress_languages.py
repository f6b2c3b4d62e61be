"""Tell the languages of a WordPress site apart, and which posts are versions of one another.

Plug-ins differ. Polylang and WPML may say it in each post; WPML, and sites that translate page by
page, have a REST interface for each language, beside the home page of that language, which the
main home page names. Where nothing says it, the reader tells the language by the text.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from assistant.domain.corpus import DocumentId, Translation
from ingest.errors import ReadError
from ingest.fetching.errors import FetchError, RefusedError, WrongTypeError
from ingest.readers.extract import language_of, translations_of, url_of
from ingest.readers.reading import extracted
from ingest.sources.gathering import Gathering
from ingest.sources.links import usable
from ingest.sources.wordpress_rest import MISSING, PostType, Rest

HTML_TYPES = frozenset(("text/html", "application/xhtml+xml"))


@dataclass(frozen=True, slots=True)
class Post:
    """A post as it is listed: not yet its content.

    Attributes:
        url: Its public page, on a host that is listed.
    """

    rest: Rest
    type: PostType
    url: str
    fields: Mapping[str, Any]

    @property
    def id(self) -> int:
        """Its number in the database."""
        return int(self.fields["id"])


@dataclass(frozen=True, slots=True)
class Home:
    """The home page of one language."""

    language: str
    url: str

    @property
    def folder(self) -> str:
        """Host and path that pages of this language begin with; none where it is the root."""
        parts = urlsplit(self.url)
        return f"{parts.netloc}{parts.path.rstrip('/')}/" if parts.path.strip("/") else ""


@dataclass
class Versions:
    """All posts of a site, in all languages; every version of a work is a post of its own.

    Attributes:
        language: The language of the main home page, where the site has several.
    """

    source: str
    rests: list[Rest]
    homes: tuple[Home, ...] = ()
    language: str | None = None
    _posts: dict[tuple[str, int, str], Post] = field(default_factory=dict)
    _listed: set[tuple[str, int, str]] = field(default_factory=set)

    @property
    def posts(self) -> list[Post]:
        """All posts, in the order they were listed."""
        return list(self._posts.values())

    def take(self, post: Post) -> None:
        """Note a post; one that another interface listed already stays as it was."""
        listed = (post.type.slug, post.id, post.url)
        if listed in self._listed:
            return
        self._listed.add(listed)
        first = (post.type.slug, post.id, "")
        other = (post.type.slug, post.id, post.rest.language or "")
        self._posts.setdefault(other if first in self._posts else first, post)

    def id_of(self, post: Post) -> DocumentId:
        """Return the document's id; the language is part of it where the number is shared."""
        number = f"{post.type.slug}-{post.id}"
        if self._posts.get((post.type.slug, post.id, "")) is post:
            return DocumentId(f"{self.source}/{number}")
        return DocumentId(f"{self.source}/{post.rest.language}/{number}")

    def language_of(self, post: Post) -> str | None:
        """Return the language by the post, its interface or its address, None where none says."""
        said = language_of(post.fields.get("lang")) or language_of(
            post.fields.get("wpml_current_locale")
        )
        if said or post.rest.language:
            return said or post.rest.language
        address = post.url.partition("://")[2]
        for home in self.homes:
            if home.folder and address.startswith(home.folder):
                return home.language
        return self.language

    def translations_of(self, post: Post) -> tuple[Translation, ...]:
        """Return the other language versions of a post."""
        own = self.language_of(post)
        pairs = [*self._named(post), *self._of_same_number(post)]
        return translations_of(
            [(code, url_of(url)) for code, url in pairs if code != own and url != post.url]
        )

    def _named(self, post: Post) -> Iterator[tuple[str | None, str | None]]:
        """Yield what the post itself names: Polylang by number, WPML by number or address."""
        by_language = post.fields.get("translations")
        if isinstance(by_language, dict):
            for code, number in by_language.items():
                yield language_of(code), self._url(post, number)
        listed = post.fields.get("wpml_translations")
        for each in listed if isinstance(listed, list) else ():
            if isinstance(each, dict):
                url = self._url(post, each.get("id")) or each.get("href")
                yield language_of(each.get("locale")), url if isinstance(url, str) else None

    def _url(self, post: Post, number: object) -> str | None:
        found = self._posts.get((post.type.slug, number, "")) if isinstance(number, int) else None
        return found.url if found else None

    def _of_same_number(self, post: Post) -> Iterator[tuple[str | None, str | None]]:
        for rest in self.rests:
            code = rest.language or ""
            other = self._posts.get((post.type.slug, post.id, code))
            if other is not None and other is not post:
                yield self.language_of(other), other.url


def find_versions(source: str, url: str, rest: Rest, gathering: Gathering) -> Versions:
    """Return the languages of a site by its home page, each with its REST interface.

    Where a language cannot be asked for now, the listing counts as incomplete.
    """
    versions = Versions(source, [rest])
    try:
        page = rest.fetcher.get(url, accept=HTML_TYPES)
        home = extracted(page.body, ".html", name=url)
    except FetchError as exc:
        gathering.fail_listing(f"{source}: {url}", f"its languages are not known: {exc.reason}")
        return versions
    except ReadError:
        return versions  # a home page without words names no languages that matter
    if not home.translations:
        return versions
    versions.language = home.language
    found = []
    for translation in home.translations:
        try:
            found.append(
                Home(translation.language, usable(translation.url, url, rest.fetcher.gate))
            )
        except RefusedError as exc:
            gathering.fail(
                f"{source}: {translation.url}", f"the site in {translation.language!r} {exc.reason}"
            )
    versions.homes = tuple(found)
    for other in found:
        try:
            versions.rests.append(_rest_of(other, url, rest))
        except FetchError as exc:
            gathering.fail_listing(f"{source}: {other.url}", exc.reason)
    return versions


def _rest_of(home: Home, main: str, rest: Rest) -> Rest:
    """Return the REST interface of a language: beside its home page, else the main one, asked."""
    asking = Rest(rest.fetcher, rest.root, home.language, asks_language=True)
    parts = urlsplit(home.url)
    is_beside = (parts.netloc, parts.path.strip("/")) != (
        urlsplit(main).netloc,
        urlsplit(main).path.strip("/"),
    )
    if not is_beside or "lang" in parse_qs(parts.query):
        return asking
    root = rest.root.removeprefix(main.rstrip("/"))
    beside = Rest(rest.fetcher, f"{home.url.partition('?')[0].rstrip('/')}{root}", home.language)
    try:
        beside.types()
    except FetchError as exc:
        if exc.status in MISSING or isinstance(exc, WrongTypeError):
            return asking
        raise
    return beside
