"""Read a source of a test and publish what came, as the pipeline would."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from assistant.domain.corpus import Document, DocumentId
from ingest.fetching.fetcher import Limits
from ingest.plan import Crawl, make_plan
from ingest.reading_cache import Readings
from ingest.sources import crawling
from ingest.sources.configuration import load
from ingest.sources.crawling import Access
from ingest.sources.gathering import CrawlRun
from ingest.sources.tables import Listed
from tests.ingest.fetching.site import HOME, SHORT, FakeClock, Site

FRENCH = ("été", "rue", "ville", "les ", "une ")
GERMAN = ("der ", "die ", "und ", "ist ")


def detect(text: str) -> str:
    """Tell French and German by a few words; all else is English."""
    lower = text.lower()
    if any(word in lower for word in GERMAN):
        return "de"
    return "fr" if any(word in lower for word in FRENCH) else "en"


def a_source(folder: Path, **settings: object) -> Listed:
    """Return a source as `forum.toml` would give it."""
    lines = {"name": "forum", "type": "wordpress", "url": HOME, **settings}
    text = "\n".join(f"{key} = {_toml(value)}" for key, value in lines.items() if value is not None)
    path = folder / "forum.toml"
    path.write_text(f"[[source]]\n{text}\n", encoding="utf-8")
    return load(path).sources[0]


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Mapping):
        return "{" + ", ".join(f'"{key}" = {_toml(each)}' for key, each in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return str(value) if isinstance(value, int | float) else f"'{value}'"


@dataclass(frozen=True)
class Published:
    """A document that is published."""

    id: DocumentId
    origin: str
    title: str
    fingerprint: str


@dataclass
class Forum:
    """A source that is read again and again, with a memory, and what of it is published."""

    source: Listed
    site: Site
    memory: Path | None = None
    environment: dict[str, str] = field(default_factory=dict)
    limits: Limits = SHORT
    readings: Readings = field(default_factory=Readings)
    published: dict[DocumentId, Published] = field(default_factory=dict)
    documents: dict[DocumentId, Document] = field(default_factory=dict)

    @property
    def access(self) -> Access:
        return Access(
            memory=self.memory,
            environment=self.environment,
            limits=self.limits,
            network=self.site.network,
            clock=FakeClock().clock,
        )

    def crawl(self) -> Crawl:
        """Read the source and publish what the plan says."""
        self.site.asked.clear()
        stored = list(self.published.values())
        run = CrawlRun(detect, stored=stored, readings=self.readings)
        crawl = crawling.crawl(self.source, self.access, run)
        plan = make_plan(stored, [crawl], replace=False, origin_exists=lambda _: True)
        for origin, document in plan.write:
            fingerprint = document.fingerprint()
            title = document.source.title
            self.published[document.id] = Published(document.id, origin, title, fingerprint)
            self.documents[document.id] = document
        for document_id in plan.removed:
            del self.published[document_id], self.documents[document_id]
        return crawl

    @property
    def ids(self) -> list[str]:
        """The ids of what is published, in order."""
        return sorted(self.documents)

    def document(self, name: str) -> Document:
        return self.documents[DocumentId(name)]
