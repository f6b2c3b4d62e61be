"""Work in threads, so much of it at a time; where too much waits already, more is to be refused."""

from collections.abc import Callable
from typing import TypeVar

from anyio import CapacityLimiter, to_thread

Done = TypeVar("Done")

AGAIN = {"retry-after": "5"}
"""The header of a refusal: seconds."""


class Turns:
    """Gives each task its turn, in the order in which they come. For one event loop."""

    def __init__(self, at_once: int, waiting: int) -> None:
        self._limiter = CapacityLimiter(at_once)
        self._most = at_once + waiting
        self._present = 0

    @property
    def are_taken(self) -> bool:
        """Whether so many wait that whoever comes now had better come again."""
        return self._present >= self._most

    async def take(self, task: Callable[[], Done]) -> Done:
        """Return what a task returns, once it had its turn."""
        # Counted here, since a task reaches the limiter only at a later round of the event loop.
        self._present += 1
        try:
            return await to_thread.run_sync(task, limiter=self._limiter)
        finally:
            self._present -= 1
