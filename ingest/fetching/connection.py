"""Connect to a site: resolve its name once, judge every address, connect to one that was judged.

The only module that knows httpcore. Each request has a connection of its own, so that the address
judged is the address used, and no time limit outlives its request. httpx's client is not used: it
would bring cookies, proxies of the environment, redirects of its own and unlimited unpacking.
"""

import socket
import ssl
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache

import certifi
import httpcore

from ingest.fetching.addresses import refusal
from ingest.fetching.errors import BusyError, FetchError, RefusedError
from ingest.fetching.urls import Target

SocketOptions = Iterable[
    tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]
]


@dataclass(frozen=True, slots=True)
class Times:
    """How many seconds a request may take: to connect, between two bytes, and in all.

    What comes at `steady` bytes a second or faster takes as long as it takes.
    """

    connect: float = 5.0
    idle: float = 10.0
    total: float = 30.0
    steady: float = 100_000.0


@dataclass(frozen=True, slots=True)
class Response:
    """What a site answers; the body comes as it is read, still compressed.

    Attributes:
        headers: By name, in lower case.
    """

    status: int
    headers: Mapping[str, str]
    chunks: Iterator[bytes]


def system_addresses(host: str, port: int) -> Sequence[str]:
    """Return the IP addresses of a host, as the machine resolves it."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(each[4][0]) for each in found))


def system_stream(address: str, port: int, timeout: float) -> httpcore.NetworkStream:
    """Connect to an IP address."""
    return httpcore.SyncBackend().connect_tcp(address, port, timeout=timeout)


@dataclass(frozen=True, slots=True)
class Network:
    """The way out of this machine; tests put their own in its place.

    Attributes:
        resolve: Returns the IP addresses of a host and port; raises OSError if there are none.
        dial: Connects to an IP address and port within some seconds.
    """

    resolve: Callable[[str, int], Sequence[str]] = system_addresses
    dial: Callable[[str, int, float], httpcore.NetworkStream] = system_stream


class _Deadline:
    """The moment when a request must be over; each byte that comes puts it off a little."""

    def __init__(self, times: Times) -> None:
        self._end = time.monotonic() + times.total
        self._a_byte = 1 / times.steady

    def put_off(self, came: int) -> None:
        """Give a large file the time that it needs, as long as it flows."""
        self._end += came * self._a_byte

    def within(self, seconds: float | None) -> float:
        """Return the seconds that a step may take; raises where no time is left."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout
        return left if seconds is None else min(seconds, left)


class _Stream(httpcore.NetworkStream):
    """A stream on which every step is held to the deadline, a slow drip of headers too."""

    def __init__(self, inner: httpcore.NetworkStream, deadline: _Deadline) -> None:
        self._inner = inner
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        came = self._inner.read(max_bytes, self._deadline.within(timeout))
        self._deadline.put_off(len(came))
        return came

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._deadline.within(timeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        left = self._deadline.within(timeout)
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, left), self._deadline)

    def get_extra_info(self, info: str) -> object:
        return self._inner.get_extra_info(info)


class _VettedBackend(httpcore.NetworkBackend):
    """Connects to hosts all of whose addresses may be connected to."""

    def __init__(
        self, url: str, network: Network, deadline: _Deadline, *, private_network: bool
    ) -> None:
        self._url = url
        self._network = network
        self._deadline = deadline
        self._private_network = private_network

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,  # noqa: ARG002 - of the interface
        socket_options: SocketOptions | None = None,  # noqa: ARG002 - likewise
    ) -> httpcore.NetworkStream:
        failure: Exception = httpcore.ConnectError()
        for address in self._vetted(host, port):
            try:
                stream = self._network.dial(address, port, self._deadline.within(timeout))
                return _Stream(stream, self._deadline)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as exc:
                failure = exc
        raise failure

    def _vetted(self, host: str, port: int) -> Sequence[str]:
        """Return all addresses of a host; one that is not allowed makes all of them suspect."""
        try:
            addresses = self._network.resolve(host, port)
        except (OSError, UnicodeError) as exc:
            reason = f"the host {host} cannot be found; check the address"
            raise FetchError(self._url, reason) from exc
        for address in addresses:
            if why := refusal(address, private_network=self._private_network):
                raise RefusedError(self._url, f"{host} leads to an address not allowed: {why}")
        return addresses


@cache
def _certificates() -> ssl.SSLContext:
    """Trust what the machine trusts, and the usual authorities where it has no list."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context


@contextmanager
def asked(
    target: Target,
    headers: Mapping[str, str],
    *,
    network: Network,
    times: Times,
    private_network: bool,
) -> Iterator[Response]:
    """Ask for a target and hand out the answer while it comes.

    Raises:
        BusyError: The site cannot be reached now, or was too slow, at whatever point.
        FetchError: It cannot be reached at all, must not be, or broke off.
    """
    deadline = _Deadline(times)
    backend = _VettedBackend(target.url, network, deadline, private_network=private_network)
    timeout = {"connect": times.connect, "read": times.idle, "write": times.idle}
    try:
        with (
            httpcore.ConnectionPool(
                ssl_context=_certificates(), network_backend=backend, max_connections=1
            ) as pool,
            pool.stream(
                "GET", target.url, headers=list(headers.items()), extensions={"timeout": timeout}
            ) as answer,
        ):
            yield Response(answer.status, _readable(answer.headers), answer.iter_stream())
    except httpcore.TimeoutException as exc:
        raise BusyError(target.url, "the site took too long to answer") from exc
    except httpcore.ConnectError as exc:
        if "CERTIFICATE" in str(exc).upper():
            reason = f"the site's certificate is not valid ({str(exc)[:200]})"
            raise FetchError(target.url, reason) from exc
        raise BusyError(target.url, f"cannot be reached: {str(exc)[:200] or 'refused'}") from exc
    except (httpcore.NetworkError, httpcore.ProtocolError) as exc:
        reason = "the site broke off, or does not speak HTTP as it should"
        raise FetchError(target.url, reason) from exc


def _readable(headers: Sequence[tuple[bytes, bytes]]) -> Mapping[str, str]:
    return {
        name.decode("latin-1").lower(): value.decode("latin-1").strip() for name, value in headers
    }
