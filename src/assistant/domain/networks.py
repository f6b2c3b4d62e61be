"""Addresses of machines and of networks. Pure."""

import re
from collections.abc import Iterable
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from urllib.parse import urlsplit

LOCAL = {"localhost", "127.0.0.1", "::1"}

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

HOUSEHOLD = 64
"""Bits of an IPv6 address that tell one household or office from another (RFC 6177)."""


def address(text: str) -> Address | None:
    """Return an address, an IPv4 one also out of its IPv6 clothes; None for anything else."""
    try:
        found = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return (found.ipv4_mapped if isinstance(found, IPv6Address) else None) or found


def networks(text: str) -> tuple[Network, ...]:
    """Return the addresses and networks of a list that commas or spaces part.

    Raises ValueError for what is none, with what would do.
    """
    return tuple(_network(word) for word in re.split(r"[\s,]+", text.strip()) if word)


def is_within(text: str, known: Iterable[Network]) -> bool:
    """Whether an address is one of those known."""
    found = address(text)
    return found is not None and any(found in each for each in known)


def household(text: str) -> str:
    """Return what tells a visitor from others: an IPv4 address, or the network of an IPv6 one.

    A single household has billions of IPv6 addresses.
    """
    found = address(text)
    if isinstance(found, IPv6Address):
        return str(ip_network((found, HOUSEHOLD), strict=False))
    return str(found) if found else text


def _network(text: str) -> Network:
    try:
        found = ip_network(address(text) or text)
    except ValueError as exc:
        msg = (
            f"{text} is no address of a machine or of a network; give such as 10.0.0.1, "
            "10.0.0.0/8 or fd00::/8, parted by commas"
        )
        raise ValueError(msg) from exc
    if not found.prefixlen:
        msg = f"{text} is everybody; list only the proxies of your own"
        raise ValueError(msg)
    return found


def is_https_or_local(address: str) -> bool:
    """Whether nobody on the way to a web address can read or change anything."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    is_local = parts.scheme == "http" and parts.hostname in LOCAL
    return bool(parts.hostname) and (parts.scheme == "https" or is_local)
