"""Who a request comes from, where proxies stand between. Pure."""

from collections.abc import Collection, Iterable
from ipaddress import ip_address

Headers = Iterable[tuple[bytes, bytes]]


def client_address(peer: str, headers: Headers, proxies: Collection[str]) -> str:
    """Return the address of the visitor: the peer's, unless that is one of our `proxies`.

    A proxy appends whom it heard from to X-Forwarded-For. What is left of the last address that is
    not a proxy's was written by the visitor, and is not believed.
    """
    if peer not in proxies:
        return peer
    told = [value.decode("latin-1") for name, value in headers if name == b"x-forwarded-for"]
    for address in reversed([its.strip() for its in ",".join(told).split(",")]):
        if not _is_address(address):
            break
        if address not in proxies:
            return address
    return peer


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
