"""Obey robots.txt. It is fetched by whoever asks, through the same door as everything else."""

from collections.abc import Callable

from protego import Protego

from ingest.fetching.errors import BusyError, FetchError
from ingest.fetching.urls import Target

AGENT = "ForumAssistant"
_MAX_READ = 512_000  # bytes that are read of a robots.txt (RFC 9309 asks for 500 KiB)
_MAX_DELAY = 60.0  # a crawl must end; the longest that sites in earnest ask for is a minute
_SERVER_ERROR = 500


class Robots:
    """The rules of every site met, each fetched once."""

    def __init__(self, fetch: Callable[[Target], bytes]) -> None:
        self._fetch = fetch
        self._rules: dict[str, Protego | FetchError] = {}

    def check(self, target: Target) -> None:
        """Raise FetchError if the site does not want the target fetched, or its rules are lost."""
        if not self._of(target).can_fetch(target.url, AGENT):
            reason = (
                "robots.txt does not allow it; ask the site's administrator to allow the user"
                f" agent {AGENT}"
            )
            raise FetchError(target.url, reason)

    def delay(self, target: Target) -> float:
        """Return the seconds that the site wants between two requests."""
        return min(self._of(target).crawl_delay(AGENT) or 0.0, _MAX_DELAY)

    def _of(self, target: Target) -> Protego:
        known = self._rules.get(target.origin)
        if known is None:
            known = self._rules[target.origin] = self._read(target)
        if isinstance(known, FetchError):
            raise known
        return known

    def _read(self, target: Target) -> Protego | FetchError:
        address = Target(target.scheme, target.host, target.port, "/robots.txt")
        try:
            body = self._fetch(address)
        except BusyError as exc:
            reason = f"its robots.txt cannot be read, so nothing may be: {exc.reason}"
            return FetchError(target.origin, reason, status=exc.status)
        except FetchError as exc:
            if exc.status is None or exc.status >= _SERVER_ERROR:
                reason = f"its robots.txt cannot be read, so nothing may be: {exc.reason}"
                return FetchError(target.origin, reason, status=exc.status)
            return Protego.parse("")  # no rules: all is allowed (RFC 9309, 2.3.1.3)
        return Protego.parse(body[:_MAX_READ].decode("utf-8", errors="replace"))
