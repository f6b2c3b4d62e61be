"""What writing needs of a chat model, and how often it is asked."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

from assistant.writing.prompting import Message

FAILURES = 3
"""After so many failures one after the other, a model is left alone for a while."""

PAUSE = 60.0  # seconds


class ChatModel(Protocol):
    """A chat model that only writes: it has no tools, and nothing it asks for is done."""

    def stream(self, messages: Sequence[Message]) -> Iterator[str]:
        """Yield what the model writes, piece by piece.

        Raises ChatModelError where it cannot be reached, refuses the request or breaks off.
        """
        ...


class Breaker:
    """Keeps a model that fails from being asked again and again. Safe to use from threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._failures = 0
        self._until = 0.0

    def is_open(self) -> bool:
        """Tell whether the model is to be left alone; after the pause one question tries it."""
        with self._lock:
            if self._failures < FAILURES:
                return False
            if self._clock() < self._until:
                return True
            self._until = self._clock() + PAUSE
            return False

    def succeeded(self) -> None:
        """Note that the model answered."""
        with self._lock:
            self._failures = 0

    def failed(self) -> None:
        """Note that it did not."""
        with self._lock:
            self._failures += 1
            self._until = self._clock() + PAUSE
