"""How often wrong passwords may be given.

Addresses and what was given as names are kept for minutes, as salted hashes.
"""

import hashlib
import math
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass

from assistant.domain.networks import household

WINDOW = 15 * 60  # seconds after which a failure is forgotten
FROM_ONE = 5  # failures of one address in that time
FIRST_DELAY = 1  # seconds after the first failure; each one more doubles it
MANY = 20  # failures of all addresses together, after which somebody seems to be guessing
GUESSED_DELAY = 30  # seconds after the first failure of an address then
MANY_OF_ONE = 10  # failures of one account from anywhere, after which somebody guesses at it
IN_ALL = 500
"""Failures of all addresses together in that time, 17 million a year: a password that is accepted
stands a hundred million guesses. Fewer, and a few strangers could keep everybody out."""
RELIEF = 5 * 60  # seconds in which nobody waits, once the machine's owner has said so


@dataclass(frozen=True, slots=True)
class _Failure:
    at: float
    address: bytes
    account: bytes


class Failures:
    """Counts wrong passwords. Safe to use from several threads.

    Others cannot keep anybody out: each address waits for its own failures, longer where somebody
    seems to be guessing, in general or at that account. Only the ceiling of all together holds up
    strangers, but never an address that somebody has logged in from, and whoever has the machine
    can lift it.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._salt = secrets.token_bytes(16)
        self._failures: list[_Failure] = []
        self._trusted: dict[bytes, bytes] = {}
        self._relieved_until = -math.inf

    def wait(self, address: str, account: str = "") -> int:
        """Return how many seconds an address must wait before its next attempt; mostly 0."""
        with self._lock:
            return self._wait(self._address(address), self._digest(account))

    def attempt(self, address: str, account: str = "") -> int:
        """Begin an attempt: return 0, or how many seconds to wait first.

        It counts as a failure until it has succeeded, so that many tries at once are many failures.
        """
        name, at = self._address(address), self._digest(account)
        with self._lock:
            if self._clock() < self._relieved_until:
                return 0
            if seconds := self._wait(name, at):
                return seconds
            self._failures.append(_Failure(self._clock(), name, at))
            return 0

    def succeeded(self, address: str, account: str = "") -> None:
        """Forget the failures of an address at an account that it has logged in to.

        Those at other accounts stay: whoever has one could guess at the rest for ever.
        """
        name, at = self._address(address), self._digest(account)
        with self._lock:
            self._trusted = {name: at, **dict(list(self._trusted.items())[:99])}
            self._failures = [
                each for each in self._failures if (each.address, each.account) != (name, at)
            ]

    def forget(self, account: str) -> None:
        """Forget all that concerns an account: it has a new password."""
        gone = self._digest(account)
        with self._lock:
            self._failures = [each for each in self._failures if each.account != gone]
            self._trusted = {name: at for name, at in self._trusted.items() if at != gone}

    def relieve(self) -> None:
        """For some minutes nobody waits: the machine's owner has asked for it."""
        with self._lock:
            self._failures, self._relieved_until = [], self._clock() + RELIEF

    def _wait(self, name: bytes, account: bytes) -> int:
        now = self._clock()
        self._failures = [each for each in self._failures if now - each.at < WINDOW]
        own = [each.at for each in self._failures if each.address == name]
        until = [now]
        if own:
            first = GUESSED_DELAY if self._is_guessed_at(account) else FIRST_DELAY
            until.append(own[-1] + first * 2 ** (len(own) - 1))
        if len(own) >= FROM_ONE:
            until.append(own[-FROM_ONE] + WINDOW)
        if len(self._failures) >= IN_ALL and name not in self._trusted:
            until.append(self._failures[-IN_ALL].at + WINDOW)
        return math.ceil(max(until) - now)

    def _is_guessed_at(self, account: bytes) -> bool:
        of_account = sum(each.account == account for each in self._failures)
        return len(self._failures) >= MANY or of_account >= MANY_OF_ONE

    def _address(self, address: str) -> bytes:
        return self._digest(household(address))

    def _digest(self, text: str) -> bytes:
        return hashlib.sha256(self._salt + text.encode()).digest()
