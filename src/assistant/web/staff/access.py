"""Who may in: every request under /staff is checked here before any route runs.

Off until a password is set; then deny by default: a route that is not listed here is not there.
Addresses are kept for minutes, as salted hashes; sessions in the memory of this process alone.
"""

import hashlib
import hmac
import math
import re
import secrets
import threading
import time
from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass
from enum import Enum
from typing import Any
from urllib.parse import urlsplit

from assistant.domain.networks import household
from assistant.web.staff.passwords import StaffPassword

WINDOW = 15 * 60  # seconds after which a failure is forgotten
FROM_ONE = 5  # failures of one address in that time
FIRST_DELAY = 1  # seconds after the first failure; each one more doubles it
MANY = 20  # failures of all addresses together, after which somebody seems to be guessing
GUESSED_DELAY = 30  # seconds after the first failure of an address then
IN_ALL = 500
"""Failures of all addresses together in that time, 17 million a year: a password that is accepted
stands a hundred million guesses. Fewer, and a few strangers could keep everybody out."""
RELIEF = 5 * 60  # seconds in which nobody waits, once the machine's owner has said so


class Failures:
    """Counts wrong passwords. Safe to use from several threads.

    Others cannot keep anybody out: each address waits for its own failures. Only the ceiling of all
    together holds up strangers, but never an address that somebody has logged in from, and whoever
    has the machine can lift it.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._salt = secrets.token_bytes(16)
        self._times: list[tuple[float, bytes]] = []
        self._trusted: set[bytes] = set()
        self._relieved_until = -math.inf

    def wait(self, address: str) -> int:
        """Return how many seconds an address must wait before its next attempt; mostly 0."""
        with self._lock:
            return self._wait(self._name(address))

    def attempt(self, address: str) -> int:
        """Begin an attempt: return 0, or how many seconds to wait first.

        It counts as a failure until it has succeeded, so that many tries at once are many failures.
        """
        name = self._name(address)
        with self._lock:
            if self._clock() < self._relieved_until:
                return 0
            if seconds := self._wait(name):
                return seconds
            self._times.append((self._clock(), name))
            return 0

    def succeeded(self, address: str) -> None:
        """Forget the failures of an address that has logged in."""
        name = self._name(address)
        with self._lock:
            self._trusted = {name, *list(self._trusted)[:99]}
            self._times = [attempt for attempt in self._times if attempt[1] != name]

    def forget(self) -> None:
        """Forget everything: the machine's owner has changed the password."""
        with self._lock:
            self._times, self._trusted = [], set()

    def relieve(self) -> None:
        """For some minutes nobody waits: the machine's owner has asked for it."""
        with self._lock:
            self._times, self._relieved_until = [], self._clock() + RELIEF

    def _wait(self, name: bytes) -> int:
        now = self._clock()
        self._times = [attempt for attempt in self._times if now - attempt[0] < WINDOW]
        own = [at for at, whose in self._times if whose == name]
        until = [now]
        if own:
            first = GUESSED_DELAY if len(self._times) >= MANY else FIRST_DELAY
            until.append(own[-1] + first * 2 ** (len(own) - 1))
        if len(own) >= FROM_ONE:
            until.append(own[-FROM_ONE] + WINDOW)
        if len(self._times) >= IN_ALL and name not in self._trusted:
            until.append(self._times[-IN_ALL][0] + WINDOW)
        return math.ceil(max(until) - now)

    def _name(self, address: str) -> bytes:
        return hashlib.sha256(self._salt + household(address).encode()).digest()


IDLE = 30 * 60  # seconds without a request
LONGEST_SESSION = 12 * 60 * 60  # seconds in all
MOST_SESSIONS = 100  # sessions; one more ends the oldest
TOKEN_BYTES = 16  # 128 bits


@dataclass(slots=True)
class _Session:
    digest: bytes
    stamp: str
    opened: float
    used: float


class Sessions:
    """Opens, recognises and ends sessions. Safe to use from several threads.

    A session belongs to the password it was opened with, by its `stamp`: with another it has ended.
    Only digests of the tokens are kept.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._sessions: list[_Session] = []

    def open(self, stamp: str) -> str:
        """Return the token of a new session."""
        token, now = secrets.token_urlsafe(TOKEN_BYTES), self._clock()
        with self._lock:
            self._sweep(stamp)
            self._sessions = self._sessions[-(MOST_SESSIONS - 1) :]
            self._sessions.append(_Session(_digest(token), stamp, now, now))
        return token

    def is_open(self, token: str, stamp: str) -> bool:
        """Whether a token is that of a session, which then counts as used now."""
        with self._lock:
            self._sweep(stamp)
            found = self._find(token)
            if found is None:
                return False
            found.used = self._clock()
            return True

    def close(self, token: str) -> None:
        """End a session; an unknown token is none."""
        with self._lock:
            found = self._find(token)
            if found is not None:
                self._sessions.remove(found)

    def _find(self, token: str) -> _Session | None:
        digest = _digest(token)
        matching = [
            session for session in self._sessions if hmac.compare_digest(session.digest, digest)
        ]
        return matching[0] if matching else None

    def _sweep(self, stamp: str) -> None:
        now = self._clock()
        self._sessions = [
            session
            for session in self._sessions
            if session.stamp == stamp
            and now - session.used < IDLE
            and now - session.opened < LONGEST_SESSION
        ]


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode(errors="replace")).digest()


Scope = MutableMapping[str, Any]

HOME = "/staff"
LOGIN = "/staff/login"
UPLOADS = "/staff/uploads"

FORM_LIMIT = 64 * 1024  # bytes of any body but uploads
UPLOAD_LIMIT = 250 * 1024 * 1024  # bytes at once; of one file, see ingest.sources.uploads

READING = re.compile(
    r"/staff(?:|/(?:login|documents(?:/export)?|document(?:/edit)?|sources(?:/(?:add|remove))?|uploads|try|feedback|widget"
    r"|questions(?:/report)?|answers(?:/write)?"
    r"|runs(?:/[\w-]{1,40}(?:/(?:progress|report))?)?))"
)
WRITING = re.compile(
    r"/staff/(?:login|logout|document/(?:hide|show|edit|undo)|documents/(?:chosen|publish-edits)|sources/(?:add|remove|try|plan)"
    r"|uploads(?:/remove)?|runs/[\w-]{1,40}/(?:publish|again)|generations/publish|try"
    r"|questions/golden(?:/remove)?|answers/(?:write|withdraw))"
)
PUBLIC = {LOGIN}
FORM = b"application/x-www-form-urlencoded"
FILES = b"multipart/form-data"


@dataclass(frozen=True, slots=True)
class Refusal:
    """The reply to a request that is refused; `location`, if any, is the login."""

    status: int
    text: str
    location: str = ""


class LoginFailure(Enum):
    """Why nobody was logged in."""

    WRONG = "wrong"
    WAIT = "wait"


@dataclass(frozen=True, slots=True)
class Login:
    """What became of an attempt to log in: a token, or why not and the seconds to wait."""

    token: str = ""
    failure: LoginFailure | None = None
    seconds: int = 0


class StaffAccess:
    """Decides who may in, and logs in and out. Safe to use from several threads."""

    def __init__(
        self,
        password: StaffPassword,
        site: str,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        parts = urlsplit(site)
        self._origin = f"{parts.scheme}://{parts.netloc}".lower()
        self._password = password
        self._stamp = password.stamp
        self._unlocked = password.unlocked
        self._sessions = Sessions(clock)
        self._failures = Failures(clock)
        self.is_secure = parts.scheme == "https"
        self.cookie = "__Host-staff" if self.is_secure else "staff"

    def refusal(self, scope: Scope) -> Refusal | None:
        """Return why a request is refused, None where it is let in."""
        method, path = str(scope["method"]), str(scope["path"])
        if not self._password.stamp:
            return Refusal(404, "Not found.")
        reads, writes = READING.fullmatch(path), WRITING.fullmatch(path)
        allowed = reads if method in ("GET", "HEAD") else writes if method == "POST" else None
        if not allowed:
            known = reads or writes
            return Refusal(405, "Not allowed.") if known else Refusal(404, "Not found.")
        headers: Mapping[bytes, bytes] = dict(scope["headers"])
        if method == "POST" and (refused := self._forged(path, headers)):
            return refused
        if path in PUBLIC or self.is_open(self.token(headers)):
            return None
        if b"text/html" in headers.get(b"accept", b""):
            return Refusal(303, "Please log in.", LOGIN)
        return Refusal(401, "Please log in.")

    def body_limit(self, scope: Scope) -> int:
        """Return how many bytes a request that is let in may send."""
        is_upload = scope["method"] == "POST" and scope["path"] == UPLOADS
        return UPLOAD_LIMIT if is_upload else FORM_LIMIT

    def token(self, headers: Mapping[bytes, bytes]) -> str:
        """Return the token that a request brings, empty where it brings none."""
        pairs = headers.get(b"cookie", b"").decode("latin-1").split(";")
        found = (pair.strip().partition("=") for pair in pairs)
        return next((value for name, _, value in found if name == self.cookie), "")

    def is_open(self, token: str) -> bool:
        """Whether a token is that of a session."""
        stamp = self._password.stamp
        return bool(token and stamp) and self._sessions.is_open(token, stamp)

    def log_in(self, password: str, address: str, before: str) -> Login:
        """Open a session where the password is right; the one `before`, if any, ends."""
        if self._stamp != self._password.stamp:
            self._stamp = self._password.stamp
            self._failures.forget()
        if self._unlocked != self._password.unlocked:
            self._unlocked = self._password.unlocked
            self._failures.relieve()
        if seconds := self._failures.attempt(address):
            return Login(failure=LoginFailure.WAIT, seconds=seconds)
        if not self._password.is_right(password):
            return Login(failure=LoginFailure.WRONG, seconds=self._failures.wait(address))
        self._failures.succeeded(address)
        self._sessions.close(before)
        return Login(self._sessions.open(self._password.stamp))

    def log_out(self, token: str) -> None:
        """End a session."""
        self._sessions.close(token)

    def _forged(self, path: str, headers: Mapping[bytes, bytes]) -> Refusal | None:
        """Return why a change is refused, None where a page of ours sent it in the right form."""
        fetched, origin = headers.get(b"sec-fetch-site"), headers.get(b"origin", b"")
        is_ours = (
            fetched == b"same-origin"
            if fetched is not None
            else origin.lower() == self._origin.encode()
        )
        if not is_ours:
            text = (
                "Only the staff page itself may send this. If this is its address, set "
                f"FORUM_PUBLIC_URL to it; it is {self._origin} now."
            )
            return Refusal(403, text)
        kind = headers.get(b"content-type", b"").partition(b";")[0].strip().lower()
        if kind != (FILES if path == UPLOADS else FORM):
            return Refusal(415, "Requests of this form are not accepted.")
        return None
