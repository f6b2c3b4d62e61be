"""Who is logged in, and for how long: in the memory of this process alone."""

import hashlib
import hmac
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass

IDLE = 30 * 60  # seconds without a request
LONGEST_SESSION = 12 * 60 * 60  # seconds in all
MOST_SESSIONS = 100  # sessions of an account; one more ends its oldest
TOKEN_BYTES = 16  # 128 bits


@dataclass(slots=True)
class _Session:
    digest: bytes
    account: str
    stamp: str
    opened: float
    used: float


class Sessions:
    """Opens, recognises and ends sessions. Safe to use from several threads.

    A session belongs to an account as it was, by its `stamp`: with another it has ended.
    Only digests of the tokens are kept.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._sessions: list[_Session] = []

    def open(self, account: str, stamp: str) -> str:
        """Return the token of a new session."""
        token, now = secrets.token_urlsafe(TOKEN_BYTES), self._clock()
        with self._lock:
            self._sweep()
            own = [session for session in self._sessions if session.account == account]
            ended = own[: max(0, len(own) + 1 - MOST_SESSIONS)]
            self._sessions = [session for session in self._sessions if session not in ended]
            self._sessions.append(_Session(_digest(token), account, stamp, now, now))
        return token

    def account(self, token: str) -> str:
        """Return whose session a token is of, empty where of none."""
        with self._lock:
            self._sweep()
            found = self._find(token)
            return found.account if found else ""

    def is_open(self, token: str, stamp: str) -> bool:
        """Whether a token is that of a session of this stamp, which then counts as used now."""
        with self._lock:
            self._sweep()
            found = self._find(token)
            if found is None:
                return False
            if found.stamp != stamp:
                self._sessions.remove(found)
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

    def _sweep(self) -> None:
        now = self._clock()
        self._sessions = [
            session
            for session in self._sessions
            if now - session.used < IDLE and now - session.opened < LONGEST_SESSION
        ]


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode(errors="replace")).digest()
