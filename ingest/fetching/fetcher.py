"""Fetch pages: politely, within limits, and only what a source may fetch."""

import string
import time
import zlib
from base64 import b64encode
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import quote, urljoin

from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt

from ingest.fetching.cache import Fetched, Memory
from ingest.fetching.compression import OversizeError, inflated, limited
from ingest.fetching.connection import Network, Response, Times, asked
from ingest.fetching.errors import BudgetError, BusyError, FetchError, RefusedError, WrongTypeError
from ingest.fetching.robots import AGENT, Robots
from ingest.fetching.urls import Gate, Target, spaces_quoted, vet

ANYTHING = frozenset[str]()
_BUSY = frozenset((429, 502, 503, 504))
_REDIRECTS = frozenset((301, 302, 303, 307, 308))
_NOT_MODIFIED = 304
_OK = 200
_HOPELESS = 5  # pages in a row that a site could not give; asking on would only add to its trouble
_REASONS = {
    401: "asks for a user name and a password",
    403: "is forbidden to this program; the site, or a firewall before it, lets it not in",
    404: "does not exist (404)",
    410: "is gone for good (410)",
}


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a crawl may take; the defaults are those that the site's staff can live with.

    Attributes:
        packed: Bytes of one answer as it comes.
        unpacked: Bytes of one answer, decompressed.
        urls: Requests of one crawl.
        attempts: How often a busy site is asked for one page.
        longest_wait: Seconds between two attempts at the most, whatever the site asks for.
    """

    times: Times = field(default_factory=Times)
    packed: int = 20_000_000
    unpacked: int = 50_000_000
    redirects: int = 3
    urls: int = 5_000
    attempts: int = 4
    longest_wait: float = 60.0


@dataclass(frozen=True, slots=True)
class Clock:
    """Tells the time and waits; tests put their own in its place."""

    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


def user_agent(contact: str = "") -> str:
    """Return how we introduce ourselves; the contact is whom the site may complain to."""
    whom = quote(contact, safe=string.punctuation + " ") or "ask its staff"  # a header is ASCII
    return f"{AGENT}/1.0 (reads this site for its forum's assistant; {whom})"


def basic_authorization(user: str, password: str) -> str:
    """Return the header of an application password."""
    return f"Basic {b64encode(f'{user}:{password}'.encode()).decode('ascii')}"


class Fetcher:
    """Fetches for one source and one crawl; at most one request a `delay` to one host."""

    def __init__(  # noqa: PLR0913 - each has a default but the first
        self,
        allowed: Gate,
        *,
        memory: Memory | None = None,
        delay: float = 1.0,
        authorization: str = "",
        contact: str = "",
        limits: Limits | None = None,
        network: Network | None = None,
        clock: Clock | None = None,
    ) -> None:
        self.gate = allowed
        self.memory = memory
        self._delay = delay
        self._authorization = authorization
        self._agent = user_agent(contact)
        self._limits = limits or Limits()
        self._network = network or Network()
        self._clock = clock or Clock()
        self._robots = Robots(self._rules)
        self._free_at: dict[str, float] = {}
        self._requests = 0
        self._failed_running = 0

    def get(self, url: str, *, accept: Collection[str] = ANYTHING) -> Fetched:
        """Return what an address gives; `accept` lists the content types that are of use.

        Raises FetchError, with a reason fit for the forum's staff.
        """
        target = vet(url, self.gate)
        kept = self.memory.kept(target.url) if self.memory else None
        if kept and kept.is_fresh:
            return kept.fetched
        conditions = kept.conditions if kept else {}
        fetched = self._followed(target, conditions, accept, robots=self._robots)
        if fetched is None:
            if kept is None:
                raise FetchError(target.url, "answers that it did not change, which we did not ask")
            fetched = kept.fetched
        return self.memory.keep(target.url, fetched) if self.memory else fetched

    def _rules(self, target: Target) -> bytes:
        """Return a robots.txt, which no rules govern."""
        fetched = self._followed(target, {}, ANYTHING, robots=None)
        return fetched.body if fetched else b""

    def _followed(
        self,
        target: Target,
        conditions: Mapping[str, str],
        accept: Collection[str],
        *,
        robots: Robots | None,
    ) -> Fetched | None:
        """Return what comes at the end of the redirects, None for "not modified"."""
        current = target
        for _ in range(self._limits.redirects + 1):
            pause = self._delay
            if robots:
                robots.check(current)
                pause = max(pause, robots.delay(current))
            answer = self._patiently(current, conditions, accept, pause)
            if not isinstance(answer, Target):
                return answer
            current = answer
        raise FetchError(target.url, f"redirects more than {self._limits.redirects} times")

    def _patiently(
        self, target: Target, conditions: Mapping[str, str], accept: Collection[str], pause: float
    ) -> Fetched | Target | None:
        """Ask once more, after a while, where the site is busy."""
        attempts = Retrying(
            stop=stop_after_attempt(self._limits.attempts),
            wait=self._between_attempts,
            retry=retry_if_exception_type(BusyError),
            sleep=self._clock.sleep,
            reraise=True,
        )
        if self._failed_running >= _HOPELESS:
            reason = f"was not asked: the site failed {_HOPELESS} times running; try again later"
            raise BudgetError(target.url, reason)
        try:
            answer = attempts(self._once, target, conditions, accept, pause)
        except BusyError:
            self._failed_running += 1
            raise
        self._failed_running = 0
        return answer

    def _between_attempts(self, state: RetryCallState) -> float:
        failure = state.outcome.exception() if state.outcome else None
        asked_for = failure.retry_after if isinstance(failure, BusyError) else None
        wait = 2.0 ** (state.attempt_number - 1) if asked_for is None else asked_for
        return min(wait, self._limits.longest_wait)

    def _once(
        self, target: Target, conditions: Mapping[str, str], accept: Collection[str], pause: float
    ) -> Fetched | Target | None:
        self._wait_turn(target, pause)
        headers = {
            "User-Agent": self._agent,
            "Accept": ", ".join((*sorted(accept), "*/*;q=0.1")) if accept else "*/*",
            "Accept-Encoding": "gzip",
            **conditions,
        }
        if self._authorization and target.origin == self.gate.start.origin:
            headers["Authorization"] = self._authorization
        with asked(
            target,
            headers,
            network=self._network,
            times=self._limits.times,
            private_network=self.gate.private_network,
        ) as response:
            return self._taken(target, response, accept)

    def _wait_turn(self, target: Target, pause: float) -> None:
        """Keep the distance between two requests to a host, and count them."""
        if self._requests >= self._limits.urls:
            reason = f"was not fetched: a run asks for {self._limits.urls} addresses at the most"
            raise BudgetError(target.url, reason)
        self._requests += 1
        wait = self._free_at.get(target.host, 0.0) - self._clock.now()
        if wait > 0:
            self._clock.sleep(wait)
        self._free_at[target.host] = self._clock.now() + pause

    def _taken(
        self, target: Target, response: Response, accept: Collection[str]
    ) -> Fetched | Target | None:
        status, headers = response.status, response.headers
        if status == _NOT_MODIFIED:
            return None
        if status in _REDIRECTS and "location" in headers:
            return self._redirected(target, headers["location"])
        if status in _BUSY:
            wait = _seconds(headers.get("retry-after", ""))
            reason = f"the site is busy or down ({status})"
            raise BusyError(target.url, reason, status=status, retry_after=wait)
        if status != _OK:
            reason = _REASONS.get(status, f"the site answers with an error ({status})")
            raise FetchError(target.url, reason, status=status)
        empty = Fetched(target.url, b"", headers)
        if accept and empty.content_type not in accept:
            kind = empty.content_type or "data of no stated type"
            reason = f"is {kind}, where {' or '.join(sorted(accept))} is needed"
            raise WrongTypeError(target.url, reason, empty.content_type)
        return Fetched(target.url, self._body(target, response), headers)

    def _redirected(self, target: Target, location: str) -> Target:
        try:
            onward = vet(urljoin(target.url, spaces_quoted(location)), self.gate)
        except (RefusedError, ValueError) as exc:
            why = exc.reason if isinstance(exc, RefusedError) else "is not an address of the web"
            reason = f"is redirected to {location[:200]!r}, which {why}"
            raise RefusedError(target.url, reason) from exc
        if target.scheme == "https" and onward.scheme == "http":
            raise RefusedError(target.url, f"is redirected to {onward.url}, which is not encrypted")
        return onward

    def _body(self, target: Target, response: Response) -> bytes:
        """Read the body; both limits are held while it comes."""
        limits, encoding = self._limits, response.headers.get("content-encoding", "").lower()
        if encoding not in {"", "identity", "gzip", "x-gzip", "deflate"}:
            raise FetchError(target.url, f"is compressed as {encoding}, which was not asked for")
        chunks = limited(response.chunks, limits.packed)
        plain = chunks if encoding in {"", "identity"} else inflated(chunks)
        try:
            return b"".join(limited(plain, limits.unpacked))
        except OversizeError as exc:
            reason = (
                f"is larger than {limits.packed // 10**6} MB"
                f" ({limits.unpacked // 10**6} MB unpacked); leave it out"
            )
            raise FetchError(target.url, reason) from exc
        except zlib.error as exc:
            raise FetchError(target.url, "came damaged: it cannot be unpacked") from exc


def _seconds(retry_after: str) -> float | None:
    """Return what a Retry-After asks for, None where it says nothing that can be understood."""
    if retry_after.isascii() and retry_after.isdigit():
        return float(retry_after[:9])
    try:
        moment = parsedate_to_datetime(retry_after)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max((moment - datetime.now(UTC)).total_seconds(), 0.0)
