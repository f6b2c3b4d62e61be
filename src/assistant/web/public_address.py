"""What the pages hear of their own address: what operators set, not what a visitor claims. Pure."""

import re
from collections.abc import MutableMapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

Headers = list[tuple[bytes, bytes]]

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
        """Return that of an address."""
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
