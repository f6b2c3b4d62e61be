"""Decide which addresses of the web a source may fetch. No input or output happens here.

Only what the configuration lists passes: a host that is not named is not fetched, whoever links
to it. What the host resolves to is judged by `ingest.fetching.addresses`, at the connection.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import SplitResult, quote, urlsplit

import idna

from ingest.fetching.errors import RefusedError

PORTS = {"http": 80, "https": 443}
_MAX_URL = 2000  # what browsers and servers agree to carry
_UNSAFE = re.compile(r"[\s\\\x00-\x20\x7f-\x9f<>\"\ud800-\udfff]")
_NUMBER = re.compile(r"\d+|0x[0-9a-f]*")  # what makes browsers and resolvers read an IP address
_PATH = "/%:@!$&'()*+,;=~-._?[]"


@dataclass(frozen=True, slots=True)
class Target:
    """An address that may be fetched, in its one spelling: no fragment, a host in ASCII."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def origin(self) -> str:
        """Scheme, host and port, the port only where it is not the scheme's own."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{host}{port}"

    @property
    def url(self) -> str:
        """The whole address."""
        return f"{self.origin}{self.path}"


@dataclass(frozen=True, slots=True)
class Gate:
    """What one source may fetch.

    Attributes:
        start: The configured address; only its host may be an IP address or have a port.
        hosts: Every host that may be fetched, in ASCII.
    """

    start: Target
    hosts: frozenset[str]
    private_network: bool = False


def gate(url: str, hosts: Iterable[str] = (), *, private_network: bool = False) -> Gate:
    """Return what a source with this configuration may fetch.

    Raises RefusedError if the address or a host cannot be used by any source.
    """
    start = _target(url, _split(url))
    if _is_ip(start.host) and not private_network:
        reason = "is an IP address; give the site's name, or set private_network for an intranet"
        raise RefusedError(url, reason)
    listed = frozenset(_host(host, host) for host in hosts)
    for host in listed:
        if _is_ip(host):
            raise RefusedError(host, "is an IP address; list hosts by name")
    return Gate(start, listed | {start.host}, private_network)


def vet(url: str, allowed: Gate) -> Target:
    """Return the target of an address that the source may fetch.

    Raises RefusedError with the reason if it may not.
    """
    target = _target(url, _split(url))
    start = allowed.start
    if target.host not in allowed.hosts:
        raise RefusedError(url, f"is on {target.host}, which is not listed; add it to hosts")
    if target.scheme == "http" and start.scheme == "https":
        raise RefusedError(url, "is not encrypted (http), unlike the configured address")
    own = (start.host, start.port)
    if target.port != PORTS[target.scheme] and (target.host, target.port) != own:
        raise RefusedError(url, f"has the port {target.port}; only the configured one may be used")
    return target


def spaces_quoted(link: str) -> str:
    """Return a link as browsers take it: spaces around it dropped, those inside it quoted."""
    return re.sub(r"[ \u00a0]", lambda space: quote(space[0]), link.strip())


def _split(url: str) -> SplitResult:
    if len(url) > _MAX_URL:
        raise RefusedError(url[:80], f"is longer than {_MAX_URL} characters")
    if _UNSAFE.search(url):
        raise RefusedError(repr(url), "holds a space, a backslash or a character no address has")
    try:
        return urlsplit(url)
    except ValueError as exc:
        raise RefusedError(url, "is not an address of the web") from exc


def _target(url: str, parts: SplitResult) -> Target:
    if parts.scheme not in PORTS:
        raise RefusedError(url, "does not begin with https:// or http://")
    if "@" in parts.netloc:
        raise RefusedError(url, "holds a user name; passwords go into the environment")
    try:
        host, port = parts.hostname or "", parts.port
    except ValueError as exc:
        raise RefusedError(url, "has no usable port") from exc
    if port == 0:
        raise RefusedError(url, "has no usable port")
    query = f"?{quote(parts.query, safe=_PATH)}" if parts.query else ""
    path = quote(parts.path or "/", safe=_PATH) + query
    return Target(parts.scheme, _host(host, url), port or PORTS[parts.scheme], path)


def _host(host: str, url: str) -> str:
    """Return a host in its one spelling; a name in another script becomes ASCII.

    Raises RefusedError if it is no host, or an IP address in a spelling that is not the usual.
    """
    if ":" in host:
        try:
            return ip_address(host).compressed
        except ValueError as exc:
            raise RefusedError(url, "has no usable host") from exc
    try:
        ascii_host = idna.encode(host, uts46=True).decode("ascii").lower().removesuffix(".")
    except UnicodeError as exc:
        raise RefusedError(url, "has no usable host") from exc
    if _NUMBER.fullmatch(ascii_host.rpartition(".")[2]) and not _is_ip(ascii_host):
        raise RefusedError(url, "hides an IP address in its host")
    return ascii_host


def _is_ip(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
