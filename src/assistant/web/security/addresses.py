"""Who sent a request, and to which address, where proxies stand between. Pure.

What the pages hear of their own address is what operators set, not what a visitor claims.
"""

import re
from collections.abc import MutableMapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from assistant.domain.networks import Network, address, is_within

Headers = list[tuple[bytes, bytes]]
SCHEMES = {"http", "https"}


_WITH_PORT = re.compile(r"^(?:\[([0-9A-Fa-f:.%]+)\](?::\d+)?|([\d.]+):\d+)$")
"""An address as some proxies write it, with a port behind it."""


def client_address(peer: str, headers: Headers, proxies: Sequence[Network]) -> str:
    """Return the address of the visitor: the peer's, unless that is one of our `proxies`.

    A proxy appends whom it heard from to X-Forwarded-For. What is left of the last address that is
    not a proxy's was written by the visitor, and is not believed.
    """
    if not is_within(peer, proxies):
        return _plain(peer)
    for told in reversed(_listed(b"x-forwarded-for", headers)):
        if address(told) is None:
            break
        if not is_within(told, proxies):
            return _plain(told)
    return _plain(peer)


def client_scheme(scheme: str, peer: str, headers: Headers, proxies: Sequence[Network]) -> str:
    """Return the scheme that the visitor sees: the last that a proxy of ours tells, or our own."""
    told = _listed(b"x-forwarded-proto", headers)[-1].lower()
    return told if told in SCHEMES and is_within(peer, proxies) else scheme


def _listed(name: bytes, headers: Headers) -> list[str]:
    lines = [value.decode("latin-1") for header, value in headers if header == name]
    return [_WITH_PORT.sub(r"\1\2", part.strip()) for part in ",".join(lines).split(",")]


def _plain(text: str) -> str:
    return str(address(text) or text)


HOST = re.compile(rb"(?:[A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?")
CLAIMS = (b"x-forwarded", b"x-gradio", b"forwarded")
"""How the headers begin that tell of another address, to Gradio at least."""

PORTS = {"http": ":80", "https": ":443"}
"""What browsers leave out."""


@dataclass(frozen=True, slots=True)
class OwnAddress:
    """The address of `FORUM_PUBLIC_URL`; all empty where that is not set.

    Attributes:
        path: The path below which the site is served, without a slash at its end.
    """

    scheme: str = ""
    host: bytes = b""
    path: str = ""

    @classmethod
    def of(cls, public_url: str) -> "OwnAddress":
        """Return the parts of `FORUM_PUBLIC_URL`."""
        parts = urlsplit(public_url.lower())
        host = parts.netloc.rpartition("@")[2].removesuffix(PORTS.get(parts.scheme, ""))
        return cls(parts.scheme, host.encode(), urlsplit(public_url).path.rstrip("/"))

    def within(self, scope: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        """Return a request with the path that our routes know.

        A proxy may hand on the path of the public address, or leave it out.
        """
        path = scope.get("path", "")
        if not self.path or not (path == self.path or path.startswith(f"{self.path}/")):
            return scope
        inner = path.removeprefix(self.path) or "/"
        return {**scope, "path": inner, "raw_path": inner.encode()}

    def is_origin(self, origin: bytes, headers: Headers) -> bool:
        """Whether a page of this origin is one of ours."""
        scheme, _, host = origin.lower().partition(b"://")
        if self.host and (scheme.decode("latin-1"), host) == (self.scheme, self.host):
            return True
        return host == dict(headers).get(b"host", b"").lower()

    def told(self, headers: Headers) -> Headers:
        """Return the headers without what a visitor claims of our address."""
        kept = [header for header in headers if not header[0].startswith(CLAIMS)]
        if not self.host:
            return kept
        return [(b"host", self.host), *(each for each in kept if each[0] != b"host")]


def is_host(headers: Headers) -> bool:
    """Whether a request names one host at most, and as hosts are named."""
    hosts = [value for name, value in headers if name == b"host"]
    return not hosts or (len(hosts) == 1 and HOST.fullmatch(hosts[0]) is not None)
