"""The tables of `forum.toml` as types; each checks what stands in it."""

import re
from datetime import time, timedelta
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic.functional_serializers import PlainSerializer
from pydantic.functional_validators import BeforeValidator

from assistant.domain.corpus import Kind
from ingest.errors import SourceError
from ingest.fetching.errors import RefusedError
from ingest.fetching.urls import Gate, gate

_UNITS = {"m": "minutes", "h": "hours", "d": "days"}
_ORIGIN = "source:"


def _period(value: object) -> object:
    match = re.fullmatch(r"([1-9]\d{0,3})([mhd])", value) if isinstance(value, str) else None
    if not match:
        msg = 'give a number and m, h or d, such as "30m", "6h" or "1d"'
        raise ValueError(msg)
    return timedelta(**{_UNITS[match[2]]: int(match[1])})


def _period_text(value: timedelta) -> str:
    minutes = int(value.total_seconds()) // 60
    for unit, size in (("d", 1440), ("h", 60)):
        if minutes % size == 0:
            return f"{minutes // size}{unit}"
    return f"{minutes}m"


def _time_of_day(value: object) -> object:
    if not isinstance(value, str) or not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value):
        msg = 'give hours and minutes in quotes, such as "03:30"'
        raise ValueError(msg)
    return time.fromisoformat(value)


Period = Annotated[timedelta, BeforeValidator(_period), PlainSerializer(_period_text)]
TimeOfDay = Annotated[
    time, BeforeValidator(_time_of_day), PlainSerializer(lambda value: f"{value:%H:%M}")
]


class ConfiguredTable(BaseModel):
    """A table of the file; a key that is not known is a fault."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Publishing(ConfiguredTable):
    """When a plan is published without asking.

    Attributes:
        removal_share: A plan that removes more than this share of a source's documents waits.
    """

    removal_share: float = Field(default=0.3, ge=0, le=1)


class AnySource(ConfiguredTable):
    """What all sources have; without `every` and `at` it is read only on request."""

    name: str = Field(pattern=r"^[a-z0-9-]{1,40}$")
    every: Period | None = None
    at: TimeOfDay | None = None

    @property
    def origin(self) -> str:
        """What the documents of this source are published under."""
        return f"{_ORIGIN}{self.name}"

    @model_validator(mode="after")
    def _one_schedule(self) -> Self:
        if self.every and self.at:
            msg = "every and at exclude each other; keep one"
            raise ValueError(msg)
        return self


class FolderSource(AnySource):
    """A folder of files, or one file; its origin is its path, as for a folder given by hand."""

    type: Literal["folder"]
    path: Path

    @property
    def origin(self) -> str:
        """The path, so that a folder read by hand and by name is one source."""
        return str(self.path)


class WxrSource(AnySource):
    """A WordPress export file, `.xml` or `.xml.gz`."""

    type: Literal["wxr"]
    path: Path
    kinds: dict[str, Kind] = Field(default_factory=dict)


class _WebSource(AnySource):
    """A site; `hosts` are those that may be fetched besides the url's own."""

    url: str
    hosts: tuple[str, ...] = ()
    delay: float = Field(default=1.0, ge=0, le=60)
    private_network: bool = False
    user: str | None = None
    password_env: str | None = Field(default=None, pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")

    @property
    def gate(self) -> Gate:
        """What this source may fetch."""
        return gate(self.url, self.hosts, private_network=self.private_network)

    @model_validator(mode="after")
    def _usable(self) -> Self:
        try:
            start = self.gate.start
        except RefusedError as exc:
            msg = f"{exc.url!r} {exc.reason}"
            raise ValueError(msg) from exc
        if (self.user is None) != (self.password_env is None):
            msg = "user and password_env go together; password_env names the variable of a password"
            raise ValueError(msg)
        if self.user and start.scheme == "http" and not self.private_network:
            msg = "a password must not be sent to an http:// address; give the https:// one"
            raise ValueError(msg)
        return self


class WordPressSource(_WebSource):
    """A WordPress site, read by its REST interface.

    Attributes:
        types: REST bases of post types; none means all that hold content.
        kinds: The kind of document by slug or REST base of a post type, or by slug of a category.
        attachments: Whether PDF and Word files that content links to are documents of their own.
    """

    type: Literal["wordpress"]
    types: tuple[str, ...] = ()
    kinds: dict[str, Kind] = Field(default_factory=dict)
    attachments: bool = True


class FeedSource(_WebSource):
    """An RSS or Atom feed."""

    type: Literal["feed"]


class SitemapSource(_WebSource):
    """A site by its sitemap."""

    type: Literal["sitemap"]


WebSource = WordPressSource | FeedSource | SitemapSource
Listed = FolderSource | WxrSource | WebSource


class Configuration(ConfiguredTable):
    """What `forum.toml` says."""

    publishing: Publishing = Publishing()
    sources: tuple[Listed, ...] = ()

    def source(self, name: str) -> Listed:
        """Return the source of a name; raises SourceError where there is none."""
        for source in self.sources:
            if source.name == name:
                return source
        names = ", ".join(source.name for source in self.sources)
        msg = f"no source is named {name!r}; there are: {names}"
        if not names:
            msg = f"no source is named {name!r}; none is listed yet, see docs/staff.md"
        raise SourceError(msg)
