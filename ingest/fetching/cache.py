"""Remember what was fetched, so that the same need not be fetched again.

A memory, not a truth: whatever is damaged or lost is fetched anew. It serves three ends: a site is
asked only whether a page changed; a crawl that was interrupted goes on where it stopped; and what
an unchanged page links to is known without reading it (`notes`).

hishel does not compose with it: it wraps httpx or httpcore pools and answers by freshness (RFC
9111), while we ask every time, and it knows no crawl to resume or to drop unused pages after.
"""

import hashlib
import json
import secrets
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.files import write_whole

_PAGE = ".page.json"
_BODY = ".body"
_CRAWL = "crawl.json"
_NOTES = "notes.json"
_RESUMABLE = 24 * 3600.0  # seconds; what was fetched a day ago may have changed since
_KEPT_HEADERS = ("content-type", "etag", "last-modified", "x-wp-total", "x-wp-totalpages")


@dataclass(frozen=True, slots=True)
class Fetched:
    """What an address gave.

    Attributes:
        url: Where it came from in the end, after redirects.
        headers: The few that are of use, by name in lower case.
    """

    url: str
    body: bytes
    headers: Mapping[str, str]

    @property
    def content_type(self) -> str:
        """The type without its parameters, in lower case; "" if the site gives none."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


@dataclass(frozen=True, slots=True)
class CachedPage:
    """What an address gave before; `is_fresh` if in the crawl that is under way."""

    fetched: Fetched
    is_fresh: bool

    @property
    def conditions(self) -> Mapping[str, str]:
        """The headers that ask for the page only if it changed."""
        named = {"etag": "if-none-match", "last-modified": "if-modified-since"}
        headers = self.fetched.headers
        return {condition: headers[name] for name, condition in named.items() if name in headers}


class Memory:
    """The pages of one source, in a folder of their own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._crawl = ""
        self._used: set[str] = set()
        self.notes: dict[str, list[str]] = {}

    def begin(self) -> None:
        """Start a crawl, or go on with one that was interrupted less than a day ago."""
        with suppress(OSError):
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.notes = _notes(self._read(_NOTES))
        unfinished = self._read(_CRAWL)
        began, name = unfinished.get("began"), unfinished.get("name")
        now = time.time()
        if isinstance(began, float) and name and 0 <= now - began < _RESUMABLE:
            self._crawl = str(name)
            return
        self._crawl = secrets.token_hex(8)
        self._write(_CRAWL, json.dumps({"began": now, "name": self._crawl}).encode())

    def finish(self, *, complete: bool) -> None:
        """End the crawl; after a complete one, what it did not use is forgotten."""
        self._write(_NOTES, json.dumps(self.notes).encode())
        with suppress(OSError):
            (self._folder / _CRAWL).unlink(missing_ok=True)
            if complete:
                for path in self._folder.iterdir():
                    if path.name not in self._used and path.name != _NOTES:
                        path.unlink()

    def kept(self, url: str) -> CachedPage | None:
        """Return what an address gave before, None where that is not known or damaged."""
        name = _name(url)
        page = self._read(f"{name}{_PAGE}")
        try:
            digest = str(page["digest"])
            headers = {str(key): str(value) for key, value in page["headers"].items()}
            body = (self._folder / f"{digest}{_BODY}").read_bytes()
            address, crawl = str(page["url"]), page["crawl"]
        except (OSError, KeyError, AttributeError, TypeError):
            return None
        if hashlib.sha256(body).hexdigest() != digest:
            return None
        self._used |= {f"{name}{_PAGE}", f"{digest}{_BODY}"}
        return CachedPage(Fetched(address, body, headers), is_fresh=crawl == self._crawl != "")

    def keep(self, url: str, fetched: Fetched) -> Fetched:
        """Remember what an address gave, as given by this crawl; returns what is remembered."""
        digest = hashlib.sha256(fetched.body).hexdigest()
        headers = {name: fetched.headers[name] for name in _KEPT_HEADERS if name in fetched.headers}
        page = {"url": fetched.url, "digest": digest, "headers": headers, "crawl": self._crawl}
        body = f"{digest}{_BODY}"
        if body not in self._used:
            self._write(body, fetched.body)
        name = f"{_name(url)}{_PAGE}"
        self._write(name, json.dumps(page).encode())
        self._used |= {name, body}
        return Fetched(fetched.url, fetched.body, headers)

    def _read(self, name: str) -> dict[str, Any]:
        try:
            value = json.loads((self._folder / name).read_bytes())
        except (OSError, ValueError, RecursionError):
            return {}
        return value if isinstance(value, dict) else {}

    def _write(self, name: str, data: bytes) -> None:
        """Write a file whole or not at all; where that fails, it is only forgotten."""
        with suppress(OSError):
            write_whole(self._folder / name, data)


def _name(url: str) -> str:
    return hashlib.sha256(url.encode()).hexdigest()


def _notes(value: Mapping[str, Any]) -> dict[str, list[str]]:
    return {
        name: [str(part) for part in parts]
        for name, parts in value.items()
        if isinstance(parts, list)
    }
