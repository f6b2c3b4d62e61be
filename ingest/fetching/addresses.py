"""Decide which IP addresses may be connected to. No input or output happens here.

The lists are IANA's special-purpose registries, whole: an address in them is never a public web
site. `ipaddress.is_global` does not serve, since it passes NAT64, 6to4 and multicast addresses
that lead to this very machine or to its network.
"""

from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

SPECIAL_V4 = tuple(
    map(
        IPv4Network,
        (
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.31.196.0/24",
            "192.52.193.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "192.175.48.0/24",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/4",  # multicast, a registry of its own
            "240.0.0.0/4",
        ),
    )
)
SPECIAL_V6 = tuple(
    map(
        IPv6Network,
        (
            "::/96",  # unspecified, loopback and the old IPv4-compatible addresses
            "::ffff:0:0/96",  # mapped; judged by the address inside
            "64:ff9b::/96",  # NAT64; judged by the address inside
            "64:ff9b:1::/48",
            "100::/64",
            "100:0:0:1::/64",
            "2001::/23",  # Teredo and the other protocol assignments
            "2001:db8::/32",
            "2002::/16",  # 6to4
            "2620:4f:8000::/48",
            "3fff::/20",
            "5f00::/16",
            "fc00::/7",
            "fe80::/10",
            "fec0::/10",
            "ff00::/8",  # multicast
        ),
    )
)
_GLOBAL_UNICAST = IPv6Network("2000::/3")  # what IANA has given out; all else is not a site
_WRAPPING = (IPv6Network("::ffff:0:0/96"), IPv6Network("64:ff9b::/96"))
_PRIVATE = tuple(map(ip_network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")))
# Cloud machines find their secrets at these addresses of an otherwise private network.
_METADATA = frozenset(map(IPv6Address, ("fd00:ec2::254", "fd20:ce::254")))


def refusal(address: str, *, private_network: bool = False) -> str | None:
    """Return why an address must not be connected to, None where it may be.

    `private_network` lets the addresses of an intranet pass, but never this machine, its
    neighbours on the cable or a cloud's metadata.
    """
    try:
        bare = _unwrapped(ip_address(address))
    except ValueError:
        return f"{address[:60]} is no IP address"
    if bare.version == 6 and (bare.scope_id or bare in _METADATA):  # noqa: PLR2004 - of the protocol
        return f"{address} leads into this machine's own network"
    if any(bare in network for network in _PRIVATE):
        if private_network:
            return None
        return f"{address} is of a private network; set private_network if it is yours"
    if _is_special(bare):
        return f"{address} is not an address of a public web site"
    return None


def _unwrapped(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """Return the IPv4 address that an IPv6 address leads to, where it stands for one."""
    if isinstance(address, IPv6Address) and any(address in network for network in _WRAPPING):
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address


def _is_special(address: IPv4Address | IPv6Address) -> bool:
    if isinstance(address, IPv4Address):
        return any(address in network for network in SPECIAL_V4)
    return address not in _GLOBAL_UNICAST or any(address in network for network in SPECIAL_V6)
