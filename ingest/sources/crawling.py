"""Read any source that is configured, or try whether it can be read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from assistant.domain.errors import IngestError
from ingest.errors import ReadError
from ingest.fetching.cache import Memory
from ingest.fetching.connection import Network
from ingest.fetching.errors import FetchError
from ingest.fetching.fetcher import Clock, Fetcher, Limits, basic_authorization
from ingest.plan import Crawl, Failure
from ingest.sources import feed, folder, sitemap, wordpress, wxr
from ingest.sources.gathering import CrawlRun, Gathering
from ingest.sources.tables import (
    FeedSource,
    FolderSource,
    Listed,
    SitemapSource,
    WebSource,
    WordPressSource,
    WxrSource,
)


@dataclass(frozen=True, slots=True)
class Access:
    """How sites are reached; the last three are for tests.

    Attributes:
        memory: A folder for what was fetched before; each source gets its own below it.
        environment: Where passwords are, by the name that the configuration gives.
        contact: Whom a site may complain to.
    """

    memory: Path | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    contact: str = ""
    limits: Limits = field(default_factory=Limits)
    network: Network = field(default_factory=Network)
    clock: Clock = field(default_factory=Clock)


def crawl(source: Listed, access: Access, run: CrawlRun) -> Crawl:
    """Read a source. Never raises for what a source does: a failure of all of it is one failure.

    What could not be read keeps its published version.
    """
    try:
        return _crawl(source, access, run)
    except IngestError as exc:
        failure = Failure(source.name, reason_of(exc))
        return Crawl(source.origin, (), (failure,), complete=False, is_unread=True)


def _crawl(source: Listed, access: Access, run: CrawlRun) -> Crawl:
    if isinstance(source, FolderSource):
        return folder.crawl(
            source.path,
            detect_language=run.detect_language,
            progress=run.progress,
            stored=run.stored,
            readings=run.readings,
        )
    gathering = Gathering(source.origin, run)
    if isinstance(source, WxrSource):
        wxr.gather(source, gathering)
        return gathering.result()
    memory = Memory(access.memory / source.name) if access.memory else None
    fetcher = fetcher_for(source, access, memory)
    if memory:
        memory.begin()
    try:
        _gather(source, fetcher, gathering)
    except IngestError:
        if memory:
            memory.finish(complete=False)
        raise
    # A crawl that is cut off comes not here, and goes on the next time where it stopped.
    if memory:
        memory.finish(complete=gathering.complete or isinstance(source, FeedSource))
    return gathering.result()


def _gather(source: WebSource, fetcher: Fetcher, gathering: Gathering) -> None:
    match source:
        case WordPressSource():
            wordpress.gather(source, fetcher, gathering)
        case FeedSource():
            feed.gather(source, fetcher, gathering)
        case SitemapSource():
            sitemap.gather(source, fetcher, gathering)


def fetcher_for(source: WebSource, access: Access, memory: Memory | None) -> Fetcher:
    """Return what fetches for a source.

    Raises FetchError if the environment lacks the password that the source names.
    """
    authorization = ""
    if source.user and source.password_env:
        password = access.environment.get(source.password_env, "")
        if not password:
            reason = f"needs the password in the environment variable {source.password_env}; set it"
            raise FetchError(source.url, reason)
        authorization = basic_authorization(source.user, password)
    return Fetcher(
        source.gate,
        memory=memory,
        delay=source.delay,
        authorization=authorization,
        contact=access.contact,
        limits=access.limits,
        network=access.network,
        clock=access.clock,
    )


def reason_of(exc: IngestError) -> str:
    """Return what went wrong in words that name the culprit."""
    if isinstance(exc, FetchError):
        return f"{exc.url}: {exc.reason}"
    return exc.reason if isinstance(exc, ReadError) else str(exc)


FIRST = 10  # of what a source holds, to be looked at


@dataclass(frozen=True, slots=True)
class Trial:
    """What a source would give, for its staff to see before it is read.

    Attributes:
        found: What there is and how many of it, such as ("posts", 120).
        languages: The languages that the source itself names.
        first: The titles, names or addresses of the first few.
        notes: What is worth knowing though the source can be read.
        reason: Why the source cannot be read, "" where it can.
    """

    found: tuple[tuple[str, int], ...] = ()
    languages: tuple[str, ...] = ()
    first: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    reason: str = ""

    @property
    def works(self) -> bool:
        """Whether the source can be read."""
        return not self.reason


def test(source: Listed, access: Access) -> Trial:
    """Connect to a source and report what it holds, or why it cannot be read. Publishes nothing."""
    gathering = Gathering(source.origin, CrawlRun(lambda _: ""))
    try:
        found, languages, first = _look(source, access, gathering)
    except IngestError as exc:
        return Trial(reason=reason_of(exc))
    notes = tuple(f"{failure.name}: {failure.reason}" for failure in gathering.result().failures)
    if not any(count for _, count in found):
        return Trial(found, languages, first, notes, reason="it holds nothing that can be read")
    return Trial(found, languages, first, notes)


Looked = tuple[tuple[tuple[str, int], ...], tuple[str, ...], tuple[str, ...]]
"""How many there are of what, the languages, and the first few."""


def _look(source: Listed, access: Access, gathering: Gathering) -> Looked:
    if isinstance(source, FolderSource):
        listing = folder.list_files(source.path)
        names = [str(each.id) for each in listing.files[:FIRST]]
        counts = (("files", len(listing.files)), ("files left out", len(listing.skipped)))
        return counts, (), tuple(names)
    if isinstance(source, WxrSource):
        posts = wxr.read_export(source.path).posts
        languages = _distinct([post.language for post in posts])
        return _counted([post.type for post in posts]), languages, _titles(posts)
    fetcher = fetcher_for(source, access, None)
    if isinstance(source, WordPressSource):
        return wordpress.look(source, fetcher, gathering, FIRST)
    if isinstance(source, FeedSource):
        items = feed.read_feed(source.url, fetcher)
        languages = _distinct([item.language for item in items])
        return (("articles", len(items)),), languages, _titles(items)
    entries = sitemap.read_sitemap(source, fetcher, gathering).entries.values()
    named = [other.language for entry in entries for other in entry.translations]
    first = tuple(entry.url for entry in entries)[:FIRST]
    return (("pages", len(entries)),), _distinct(named), first


class _Titled(Protocol):
    @property
    def title(self) -> str: ...


def _titles(listed: Sequence[_Titled]) -> tuple[str, ...]:
    return tuple(each.title for each in listed if each.title)[:FIRST]


def _counted(names: Sequence[str]) -> tuple[tuple[str, int], ...]:
    return tuple((name, names.count(name)) for name in dict.fromkeys(names))


def _distinct(languages: Sequence[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(language for language in languages if language))
