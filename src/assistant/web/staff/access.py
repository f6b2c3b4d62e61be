"""The one door to the staff page: every request under /staff passes it before any route runs.

Off until a password is set; then deny by default: a route that is not listed here is not there.
"""

import re
import time
from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass
from enum import Enum
from typing import Any
from urllib.parse import urlsplit

from assistant.web.staff.failures import Failures
from assistant.web.staff.passwords import StaffPassword
from assistant.web.staff.sessions import Sessions

Scope = MutableMapping[str, Any]

HOME = "/staff"
LOGIN = "/staff/login"
UPLOADS = "/staff/uploads"

FORM_LIMIT = 64 * 1024  # bytes of any body but uploads
UPLOAD_LIMIT = (
    250 * 1024 * 1024
)  # bytes at once; a single file may have 50 MB (ingest.sources.uploads)

READING = re.compile(
    r"/staff(?:|/(?:login|documents|document|sources(?:/(?:add|remove))?|uploads|try|feedback|widget"
    r"|runs(?:/[\w-]{1,40}(?:/(?:progress|report))?)?))"
)
WRITING = re.compile(
    r"/staff/(?:login|logout|document/(?:hide|show)|sources/(?:add|remove|try|plan)"
    r"|uploads(?:/remove)?|runs/[\w-]{1,40}/(?:publish|again)|generations/publish|try)"
)
PUBLIC = {LOGIN}
FORM = b"application/x-www-form-urlencoded"
FILES = b"multipart/form-data"


@dataclass(frozen=True, slots=True)
class Refusal:
    """What a request gets that is not let in; with `location`, the way to the login."""

    status: int
    text: str
    location: str = ""


class StaffPageError(Enum):
    """Why nobody was logged in."""

    WRONG = "wrong"
    WAIT = "wait"


@dataclass(frozen=True, slots=True)
class Login:
    """What became of a try to log in: a token, or a trouble with the seconds to wait."""

    token: str = ""
    trouble: StaffPageError | None = None
    seconds: int = 0


class Door:
    """Decides who comes in, and logs in and out. Safe to use from several threads."""

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
        """Return why a request is not let in, None where it is."""
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
        """Tell whether a token is that of a session."""
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
            return Login(trouble=StaffPageError.WAIT, seconds=seconds)
        if not self._password.is_right(password):
            return Login(trouble=StaffPageError.WRONG, seconds=self._failures.wait(address))
        self._failures.succeeded(address)
        self._sessions.close(before)
        return Login(self._sessions.open(self._password.stamp))

    def log_out(self, token: str) -> None:
        """End a session."""
        self._sessions.close(token)

    def _forged(self, path: str, headers: Mapping[bytes, bytes]) -> Refusal | None:
        """Return why a change is refused that no page of ours sent, or not in our form."""
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
