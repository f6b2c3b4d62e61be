"""The web sites that show the assistant: which may, and how many questions a day come from each.

A site is what the frame's address says; anybody can say it, so the sites are few, and listed ones.
Of questions there are numbers, nothing else.
"""

import json
import logging
import re
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from filelock import FileLock

from assistant.domain.errors import SettingsError
from assistant.files import write_whole

WIDGET = "/widget"
LOCAL = {"localhost", "127.0.0.1"}

_HOST = re.compile(r"(\*\.)?([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]([a-z0-9-]*[a-z0-9])?")
"""A name with a dot in it; `*.` in front stands for its subdomains."""
_NAME = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)*")


def listed_origins(text: str) -> tuple[str, ...]:
    """Return the sites that `FORUM_EMBED_ORIGINS` lists, parted by spaces or commas.

    Raises SettingsError for what is no origin, or would let everybody in.
    """
    return tuple(_origin(word) for word in re.split(r"[\s,]+", text.strip()) if word)


def frame_ancestors(sites: Sequence[str]) -> str:
    """Return who may frame the compact chat, as a policy says it; ourselves always."""
    return " ".join(("'self'", *sites))


def is_listed(site: str, sites: Sequence[str]) -> bool:
    """Whether an origin is one of the listed, as a browser matches `*.` in a policy."""
    return any(site == each or _is_below(site, each) for each in sites)


def _is_below(site: str, pattern: str) -> bool:
    scheme, star, domain = pattern.partition("*.")
    name = site.removeprefix(scheme).removesuffix(f".{domain}")
    return bool(star) and site == f"{scheme}{name}.{domain}" and bool(_NAME.fullmatch(name))


def _origin(text: str) -> str:
    refused = f"FORUM_EMBED_ORIGINS: {text} "
    if text == "*" or "*" in text.removeprefix("https://*."):
        msg = refused + "would let every site in; list each, such as https://www.example.org"
        raise SettingsError(msg)
    try:
        parts = urlsplit(text.lower())
        port = parts.port
    except ValueError as exc:
        msg = refused + "is no address of a site, such as https://www.example.org"
        raise SettingsError(msg) from exc
    host = parts.hostname or ""
    is_local = host in LOCAL
    if parts.scheme not in ({"http", "https"} if is_local else {"https"}):
        msg = refused + "must begin with https://"
        raise SettingsError(msg)
    rest = parts.path.rstrip("/") or parts.query or parts.fragment or parts.username
    if rest or not (is_local or _HOST.fullmatch(host)):
        msg = refused + "is no address of a site alone, such as https://www.example.org"
        raise SettingsError(msg)
    return f"{parts.scheme}://{host}" + (f":{port}" if port else "")


FILE = "site_counts.json"
KEPT = timedelta(days=400)
"""A year, and the month to compare it with."""
OTHER = "other"
MOST_SITES = 50  # a day; `https://*.example.org` has any number of subdomains, all easily claimed
PATIENCE = 1.0  # seconds that a question waits for another process at the file

Counts = dict[str, dict[str, int]]
"""By day, then by site."""

log = logging.getLogger(__name__)


class Sites:
    """Counts in a small file that several processes share; a file that fails stops no question.

    Attributes:
        limit: How many questions a day each site has; 0 is no limit.
    """

    def __init__(
        self,
        data: Path,
        origins: Sequence[str] = (),
        *,
        limit: int = 0,
        today: Callable[[], date] = date.today,
    ) -> None:
        self.limit = limit
        self._path = data / FILE
        self._origins = tuple(origins)
        self._today = today
        self._lock = FileLock(f"{self._path}.lock")

    def take(self, site: str) -> bool:
        """Count a question; False, and nothing counted, where its site has had those of today.

        A question without a site is one of our own page: it is neither counted nor limited.
        """
        if not site:
            return True
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._lock.acquire(timeout=PATIENCE):
                return self._counted(site.lower().rstrip("/"))
        except (OSError, TimeoutError) as exc:
            log.warning("a question of a site is not counted: %s", exc)
            return True

    def _counted(self, site: str) -> bool:
        counts, today = self._read(), self._today()
        ours = counts.setdefault(today.isoformat(), {})
        known = site if is_listed(site, self._origins) else OTHER
        name = known if known in ours or len(ours) < MOST_SITES else OTHER
        if self.limit and ours.get(name, 0) >= self.limit:
            return False
        ours[name] = ours.get(name, 0) + 1
        first = (today - KEPT).isoformat()
        self._write({day: numbers for day, numbers in counts.items() if day > first})
        return True

    def _read(self) -> Counts:
        """Return the counts; a file that holds none is begun anew, the old one kept beside it."""
        try:
            kept = json.loads(self._path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        except ValueError:
            kept = None
        if _is_counts(kept):
            return dict(kept)
        log.warning("%s holds no counts; it is begun anew", self._path)
        self._path.replace(self._path.with_suffix(".damaged"))
        return {}

    def _write(self, counts: Counts) -> None:
        write_whole(self._path, json.dumps(counts, sort_keys=True))


def _is_counts(kept: object) -> bool:
    return isinstance(kept, dict) and all(
        isinstance(numbers, dict) and all(type(number) is int for number in numbers.values())
        for numbers in kept.values()
    )
