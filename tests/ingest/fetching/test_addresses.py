"""Only addresses of public web sites may be connected to."""

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.fetching.addresses import SPECIAL_V4, SPECIAL_V6, refusal

LISTED = (*SPECIAL_V4, *SPECIAL_V6)
PUBLIC = ["93.184.215.14", "8.8.8.8", "1.1.1.1", "2606:2800:21f:cb07::1", "2a01:4f8::1"]
HOSTILE = [
    "127.0.0.1",
    "0.0.0.0",  # noqa: S104 - an address to refuse
    "169.254.169.254",
    "100.64.0.1",
    "100.100.100.200",
    "192.0.0.192",
    "192.88.99.1",
    "198.18.0.1",
    "224.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:7f00:1",
    "::ffff:169.254.169.254",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::1",
    "2002:7f00:1::",
    "2001:0:53aa:64c:0:5efe:7f00:1",
    "2001:db8::1",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "fd00:ec2::254",
    "not an address",
    "127.1",
    "2130706433",
]
INTRANET = ["10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1", "fd12::1", "::ffff:10.0.0.1"]


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_passes(address: str) -> None:
    assert refusal(address) is None


@pytest.mark.parametrize("address", HOSTILE)
@pytest.mark.parametrize("private_network", [True, False])
def test_this_machine_and_its_neighbours_never_pass(address: str, *, private_network: bool) -> None:
    assert refusal(address, private_network=private_network) is not None


@pytest.mark.parametrize("address", INTRANET)
def test_an_intranet_passes_only_where_it_is_allowed(address: str) -> None:
    assert "private_network" in (refusal(address) or "")
    assert refusal(address, private_network=True) is None


@pytest.mark.parametrize("network", LISTED, ids=str)
def test_both_ends_of_every_special_range_are_refused(network: IPv6Network) -> None:
    wraps = str(network) in {"::ffff:0:0/96", "64:ff9b::/96"}
    ends = (network.network_address, network.broadcast_address)

    assert wraps or all(refusal(str(end)) for end in ends)


@pytest.mark.parametrize(
    "address",
    [
        "1.0.0.0", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255",
        "128.0.0.0", "169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0",
        "191.255.255.255", "192.0.1.0", "192.0.3.0", "192.31.195.255", "192.31.197.0",
        "192.52.192.255", "192.52.194.0", "192.88.98.255", "192.88.100.0", "192.167.255.255",
        "192.169.0.0", "192.175.47.255", "192.175.49.0", "198.17.255.255", "198.20.0.0",
        "198.51.99.255", "198.51.101.0", "203.0.112.255", "203.0.114.0", "223.255.255.255",
        "2000::", "2001:200::", "2001:db7:ffff::", "2001:db9::", "2003::", "2620:4f:7fff::",
        "2620:4f:8001::", "3ffe::", "3fff:1000::",
    ],
)  # fmt: skip
def test_the_neighbours_of_special_ranges_pass(address: str) -> None:
    assert refusal(address) is None


@given(st.sampled_from(LISTED), st.integers(min_value=0))
def test_nothing_inside_a_special_range_passes(network: IPv6Network, offset: int) -> None:
    address = network[offset % network.num_addresses]
    inner = IPv4Address(int(address) & 0xFFFF_FFFF)
    wraps = str(network) in {"::ffff:0:0/96", "64:ff9b::/96"}

    assert (refusal(str(address)) is None) == (wraps and refusal(str(inner)) is None)


@given(st.ip_addresses())
def test_what_python_calls_private_or_local_never_passes(
    address: IPv4Address | IPv6Address,
) -> None:
    local = (
        address.is_private or address.is_loopback or address.is_link_local or address.is_multicast
    )

    assert not local or refusal(str(ip_address(address))) is not None
