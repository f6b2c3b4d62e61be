"""Who a request comes from and by which scheme, where proxies stand between. Pure."""

from collections.abc import Iterable, Sequence

from assistant.domain.networks import Network, address, is_within

Headers = Iterable[tuple[bytes, bytes]]
SCHEMES = {"http", "https"}


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
    return [word.strip() for word in ",".join(lines).split(",")]


def _plain(text: str) -> str:
    return str(address(text) or text)
