"""Who may in: every request under /staff is checked here before any route runs.

Off until there is somebody who can log in; then deny by default.
"""

import logging
import threading
import time
from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from assistant.domain.errors import InputError, RecordsError
from assistant.domain.roles import Role
from assistant.records.accounts import SIMPLE, Account, Accounts, folded, is_password
from assistant.web.staff.failures import Failures
from assistant.web.staff.permissions import ANSWERS, FORBIDDEN, LOGIN, UPLOADS, Needs, needed
from assistant.web.staff.sessions import Sessions

Scope = MutableMapping[str, Any]

FORM_LIMIT = 64 * 1024  # bytes of any other body
ANSWER_LIMIT = 1024 * 1024  # bytes; an answer in seven languages, each letter of up to nine
UPLOAD_LIMIT = 250 * 1024 * 1024  # bytes at once; of one file, see ingest.sources.uploads
FORM = b"application/x-www-form-urlencoded"
FILES = b"multipart/form-data"
UNLOCKED = "staff_unlocked"  # its date says when the machine's owner last let everybody try anew
BROKEN = "The records of staff cannot be read just now; the log of the server says why."

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Refusal:
    """The reply to a request that is refused.

    Attributes:
        location: The login, if that would help.
        page: The page of ours that says it instead, to a browser.
    """

    status: int
    text: str
    location: str = ""
    page: str = ""


_NOT_THERE: Mapping[Role | Needs, Refusal] = {
    Needs.ANOTHER_PATH: Refusal(404, "Not found."),
    Needs.ANOTHER_METHOD: Refusal(405, "Not allowed."),
}


class LoginFailure(Enum):
    """Why nobody was logged in."""

    WRONG = "wrong"
    WAIT = "wait"


@dataclass(frozen=True, slots=True)
class Login:
    """What became of an attempt to log in.

    Attributes:
        account: Whom it was for; empty where there is no such account.
        token: Of the session that was opened, else empty.
        seconds: To wait before the next attempt.
    """

    account: str = ""
    token: str = ""
    failure: LoginFailure | None = None
    seconds: int = 0


class Unlocking:
    """Lifts the waiting after wrong passwords, in every process that serves a data directory."""

    def __init__(self, data: Path) -> None:
        self._path = data / UNLOCKED

    @property
    def stamp(self) -> int:
        """What changes when the waiting is lifted."""
        try:
            return self._path.stat().st_mtime_ns
        except OSError:
            return 0

    def unlock(self) -> None:
        """Lift it. Raises InputError."""
        try:
            self._path.touch(mode=0o600)
        except OSError as exc:
            msg = f"cannot write {self._path}: {exc.strerror}; check its permissions"
            raise InputError(msg) from exc


class StaffAccess:
    """Decides who may in, and logs in and out. Safe to use from several threads."""

    def __init__(
        self,
        accounts: Accounts,
        unlocking: Unlocking,
        site: str,
        *,
        has_single_sign_on: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        parts = urlsplit(site)
        self._origin = f"{parts.scheme}://{parts.netloc}".lower()
        self._accounts = accounts
        self._unlocking = unlocking
        self._unlocked = unlocking.stamp
        self._has_single_sign_on = has_single_sign_on
        self._stamps: dict[str, str] = {}
        self._lock = threading.Lock()
        self._sessions = Sessions(clock)
        self._failures = Failures(clock)
        self.is_secure = parts.scheme == "https"
        self.cookie = "__Host-staff" if self.is_secure else "staff"

    def refusal(self, scope: Scope) -> Refusal | None:
        """Return why a request is refused, None where it is let in.

        Whose request it is stands in the state of the request then, as `account`.
        """
        try:
            return self._refusal(scope)
        except RecordsError as exc:
            _log.error("no staff page can be shown: %s", exc)
            return Refusal(503, BROKEN)

    def _refusal(self, scope: Scope) -> Refusal | None:
        method, path = str(scope["method"]), str(scope["path"])
        headers: Mapping[bytes, bytes] = dict(scope["headers"])
        account = self.account(self.token(headers))
        is_on = account is not None or self._is_on()
        needs = needed(method, path) if is_on else Needs.ANOTHER_PATH
        if needs in _NOT_THERE:
            return _NOT_THERE[needs]
        if method == "POST" and (refused := self._forged(path, headers)):
            return refused
        scope["state"] = {**scope.get("state", {}), "account": account, "needs": needs}
        return _missing(account, needs, headers) if isinstance(needs, Role) else None

    def body_limit(self, scope: Scope) -> int:
        """Return how many bytes a request that is let in may send."""
        limits = {UPLOADS: UPLOAD_LIMIT, ANSWERS: ANSWER_LIMIT} if scope["method"] == "POST" else {}
        return limits.get(scope["path"], FORM_LIMIT)

    def token(self, headers: Mapping[bytes, bytes]) -> str:
        """Return the token that a request brings, empty where it brings none."""
        pairs = headers.get(b"cookie", b"").decode("latin-1").split(";")
        found = (pair.strip().partition("=") for pair in pairs)
        return next((value for name, _, value in found if name == self.cookie), "")

    def account(self, token: str) -> Account | None:
        """Return whose session a token is of, None where it is of none that is open."""
        name = self._sessions.account(token) if token else ""
        found = self._accounts.find(name) if name else None
        if found is None or found.disabled or not self._sessions.is_open(token, found.stamp):
            return None
        return found

    def open(self, account: Account, before: str = "") -> str:
        """Return the token of a new session; the one `before`, if any, ends."""
        self._sessions.close(before)
        return self._sessions.open(account.name, account.stamp)

    def log_in(self, name: str, password: str, address: str, before: str) -> Login:
        """Open a session where the password is that of the account; the one `before` ends.

        Without a name it is for the account that staff share.
        """
        name = folded(name) or SIMPLE
        account = self._accounts.find(name)
        whose = account.name if account else ""
        if seconds := self.attempt(address, name):
            return Login(whose, failure=LoginFailure.WAIT, seconds=seconds)
        is_right = is_password(account, password)
        if account is None or not is_right:
            seconds = self._failures.wait(address, name)
            return Login(whose, failure=LoginFailure.WRONG, seconds=seconds)
        self.succeeded(address, name)
        return Login(whose, self.open(account, before))

    def attempt(self, address: str, name: str) -> int:
        """Begin an attempt at an account: return 0, or how many seconds to wait first."""
        account = self._accounts.find(name)
        with self._lock:
            if account and self._stamps.get(name, account.stamp) != account.stamp:
                self._failures.forget(name)
            if account:
                self._stamps[name] = account.stamp
            if self._unlocked != self._unlocking.stamp:
                self._unlocked = self._unlocking.stamp
                self._failures.relieve()
        return self._failures.attempt(address, name)

    def succeeded(self, address: str, name: str) -> None:
        """Say that the attempt before was none to be counted."""
        self._failures.succeeded(address, name)

    def log_out(self, token: str) -> None:
        """End a session."""
        self._sessions.close(token)

    def _is_on(self) -> bool:
        return self._has_single_sign_on or any(not each.disabled for each in self._accounts.all())

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


def _missing(
    account: Account | None, needs: Role, headers: Mapping[bytes, bytes]
) -> Refusal | None:
    """Return what somebody lacks for a request, None where it is nothing."""
    takes_pages = b"text/html" in headers.get(b"accept", b"")
    if account is None:
        text = "Please log in."
        return Refusal(303, text, LOGIN) if takes_pages else Refusal(401, text)
    if account.role < needs:
        text = f"This needs an account that may {needs.value}."
        return Refusal(403, text, page=FORBIDDEN if takes_pages else "")
    return None
