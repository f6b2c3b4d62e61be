"""How much one visitor may ask in a while.

Nobody is known by address: only a salted hash is kept, in memory, and the salt changes every day.
"""

import hashlib
import hmac
import math
import secrets
import threading
import time
from collections import deque
from collections.abc import Callable

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from assistant.domain.networks import household
from assistant.domain.watching import UNWATCHED, Refused

DAY = 86_400.0  # seconds
MOST = 100_000  # visitors at once; of more, whoever was quiet for longest is forgotten


class _Window(MemoryStorage):
    """What was counted of each key, while it counts. All keys have to count for as long.

    The storage that this extends keeps every key for ever, and walks over all of them.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        super().__init__()
        self._clock = clock
        self._alone = threading.Lock()
        self._counted: dict[str, deque[float]] = {}  # whoever was counted last comes last

    def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        """Count, or return False where the key has to wait."""
        now = self._clock()
        with self._alone:
            self._forget(now - expiry)
            held = self._counted.get(key, deque())
            while held and held[0] <= now - expiry:
                held.popleft()
            if len(held) + amount > limit:
                return False
            self._counted.pop(key, None)
            self._counted[key] = held
            held.extend([now] * amount)
        return True

    def get_moving_window(
        self,
        key: str,
        limit: int,  # noqa: ARG002 - of the interface
        expiry: int,
    ) -> tuple[float, int]:
        """Return when the first that counts was counted, and how many there are."""
        now = self._clock()
        with self._alone:
            held = [each for each in self._counted.get(key, ()) if each > now - expiry]
        return (held[0], len(held)) if held else (now, 0)

    def _forget(self, before: float) -> None:
        while self._counted:
            quietest = next(iter(self._counted))
            if self._counted[quietest][-1] > before and len(self._counted) < MOST:
                return
            del self._counted[quietest]


class Visitors:
    """Counts what each visitor does. Safe to use from several threads.

    `refused` hears of each who has to wait.
    """

    def __init__(
        self,
        *,
        questions: int,
        requests: int,
        refused: Callable[[Refused], None] = UNWATCHED.refused,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._refused = refused
        self._clock = clock
        self._limiter = MovingWindowRateLimiter(_Window(clock))
        self._rates = {
            "question": RateLimitItemPerMinute(questions),
            "request": RateLimitItemPerMinute(requests),
        }
        self._lock = threading.Lock()
        self._salted_on = -math.inf
        self._salt = b""

    def wait(self, address: str, what: str = "question") -> int:
        """Count a question or another request; return the seconds to wait, 0 where it is allowed.

        What has to wait is not counted.
        """
        visitor, rate = self._name(address), self._rates[what]
        if self._limiter.hit(rate, what, visitor):
            return 0
        self._refused(Refused.QUESTIONS if what == "question" else Refused.REQUESTS)
        free_at = self._limiter.get_window_stats(rate, what, visitor).reset_time
        return max(1, math.ceil(free_at - self._clock()))

    def _name(self, address: str) -> str:
        with self._lock:
            if time.monotonic() - self._salted_on > DAY:
                self._salt, self._salted_on = secrets.token_bytes(32), time.monotonic()
            salt = self._salt
        return hmac.new(salt, household(address).encode(), hashlib.sha256).hexdigest()
