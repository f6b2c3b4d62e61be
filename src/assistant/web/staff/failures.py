"""How often a wrong password may be given. Addresses are kept for minutes, as salted hashes."""

import hashlib
import math
import secrets
import threading
from collections.abc import Callable

from assistant.domain.networks import household

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
        """Return how many seconds an address must wait before its next try; mostly 0."""
        with self._lock:
            return self._wait(self._name(address))

    def attempt(self, address: str) -> int:
        """Begin a try: return 0, or how many seconds to wait first.

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
            self._times = [time for time in self._times if time[1] != name]

    def forget(self) -> None:
        """Forget everything, as the password has been changed by whoever has the machine."""
        with self._lock:
            self._times, self._trusted = [], set()

    def relieve(self) -> None:
        """Let everybody try without waiting for some minutes, as whoever has the machine wishes."""
        with self._lock:
            self._times, self._relieved_until = [], self._clock() + RELIEF

    def _wait(self, name: bytes) -> int:
        now = self._clock()
        self._times = [time for time in self._times if now - time[0] < WINDOW]
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
