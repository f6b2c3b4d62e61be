"""How long a connection may take to say what it wants, and how many one machine may open."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from typing import Any, ClassVar

from uvicorn.protocols.http.auto import AutoHTTPProtocol

from assistant.domain.networks import Network, household, is_within

SECONDS = 10.0  # for the head of a request; the protection gives its body a time of its own
ALTOGETHER = 800  # connections; most systems give a process a thousand files
FROM_ONE = 200  # connections of one machine that is no proxy of ours; a page has up to eight


class Impatient(AutoHTTPProtocol):  # type: ignore[misc, valid-type] # chosen when it is loaded
    """Closes a connection on which no whole request comes in time."""

    proxies: ClassVar[Sequence[Network]] = ()
    opened: ClassVar[Counter[str]] = Counter()

    _deadline: asyncio.TimerHandle | None = None
    _machine = ""

    def connection_made(self, transport: Any) -> None:  # noqa: ANN401 - as uvicorn has it
        """Count the connection; too many of one machine are broken off."""
        super().connection_made(transport)
        peer = self.client[0] if self.client else ""
        self._machine = household(peer)
        self.opened[self._machine] += 1
        if self.opened[self._machine] > FROM_ONE and not is_within(peer, self.proxies):
            transport.abort()
        else:
            self._wait()

    def data_received(self, data: bytes) -> None:
        """Take what comes; once that is a request, there is no hurry."""
        super().data_received(data)
        if not self._is_busy():
            self._wait()
        elif self._deadline:
            self._deadline.cancel()
            self._deadline = None

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        if self._deadline:
            self._deadline.cancel()
        self.opened[self._machine] -= 1
        if self.opened[self._machine] <= 0:
            del self.opened[self._machine]
        super().connection_lost(exc)

    def _wait(self) -> None:
        if not self._deadline:
            self._deadline = self.loop.call_later(SECONDS, self._give_up)

    def _give_up(self) -> None:
        self._deadline = None
        if not self._is_busy():
            self.transport.close()

    def _is_busy(self) -> bool:
        """Whether a request is being answered."""
        return self.cycle is not None and not self.cycle.response_complete


def protocol(proxies: Sequence[Network] = ()) -> type[asyncio.Protocol]:
    """Return what handles connections for a server."""

    class Handling(Impatient):
        pass

    Handling.proxies, Handling.opened = proxies, Counter()
    return Handling
