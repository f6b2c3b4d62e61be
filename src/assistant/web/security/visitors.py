"""How much one visitor may ask in a while.

Nobody is known by address: only a salted hash is kept, in memory, and the salt changes every day.
"""

import hashlib
import hmac
import math
import secrets
import threading
import time
from collections.abc import Callable

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from assistant.domain.networks import household
from assistant.domain.watching import UNWATCHED, Refused

DAY = 86_400.0  # seconds


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
    ) -> None:
        self._refused = refused
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
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
        return max(1, math.ceil(free_at - time.time()))

    def _name(self, address: str) -> str:
        with self._lock:
            if time.monotonic() - self._salted_on > DAY:
                self._salt, self._salted_on = secrets.token_bytes(32), time.monotonic()
            salt = self._salt
        return hmac.new(salt, household(address).encode(), hashlib.sha256).hexdigest()
