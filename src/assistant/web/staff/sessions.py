"""Who is logged in: tokens in the memory of this process, and nowhere else."""

import hashlib
import hmac
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass

IDLE = 30 * 60  # seconds without a request
LONGEST = 12 * 60 * 60  # seconds in all
MOST = 100  # sessions; one more ends the oldest
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
            self._sessions = self._sessions[-(MOST - 1) :]
            self._sessions.append(_Session(_digest(token), stamp, now, now))
        return token

    def is_open(self, token: str, stamp: str) -> bool:
        """Tell whether a token is that of a session, which then counts as used now."""
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
            and now - session.opened < LONGEST
        ]


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode(errors="replace")).digest()
