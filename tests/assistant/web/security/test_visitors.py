"""How much one visitor may ask, and who a visitor is."""

import pytest

from assistant.domain.networks import networks
from assistant.web.security import visitors
from assistant.web.security.addresses import client_address, client_scheme
from assistant.web.security.visitors import Visitors
from tests.assistant.web.staff.staffing import Clock

PROXY, OTHER_PROXY = "10.0.0.1", "10.0.0.2"


def test_a_visitor_waits_after_so_many_questions() -> None:
    counted = Visitors(questions=3, requests=10)

    waits = [counted.wait("192.0.2.1") for _ in range(5)]

    assert waits[:3] == [0, 0, 0]
    assert all(0 < wait <= 60 for wait in waits[3:])


def test_visitors_do_not_wait_for_each_other() -> None:
    counted = Visitors(questions=1, requests=10)

    assert counted.wait("192.0.2.1") == 0
    assert counted.wait("192.0.2.2") == 0
    assert counted.wait("192.0.2.1") > 0


def test_questions_and_other_requests_are_counted_apart() -> None:
    counted = Visitors(questions=1, requests=1)

    assert counted.wait("192.0.2.1", "request") == 0
    assert counted.wait("192.0.2.1") == 0


def test_one_network_of_ipv6_is_one_visitor() -> None:
    counted = Visitors(questions=1, requests=10)

    assert counted.wait("2001:db8:0:1::1") == 0
    assert counted.wait("2001:db8:0:1:ffff::2") > 0
    assert counted.wait("2001:db8:0:2::1") == 0


def test_an_ipv4_address_is_the_same_in_ipv6_clothes() -> None:
    counted = Visitors(questions=1, requests=10)

    assert counted.wait("192.0.2.1") == 0
    assert counted.wait("::ffff:192.0.2.1") > 0


def test_no_address_is_kept() -> None:
    counted = Visitors(questions=1, requests=10)
    counted.wait("192.0.2.1")

    assert "192.0.2.1" not in str(vars(counted._limiter.storage))


def kept(counted: Visitors) -> list[str]:
    """Return what the counts say of every visitor that they hold."""
    return [
        visitor
        for table in vars(counted._limiter.storage).values()
        if isinstance(table, dict)
        for visitor in table
    ]


def test_after_a_minute_nothing_is_left_of_a_visitor() -> None:
    clock = Clock()
    counted = Visitors(questions=2, requests=10, clock=clock)
    for number in range(200):
        counted.wait(f"192.0.2.{number}")
        counted.wait(f"192.0.2.{number}", "request")
    assert len(kept(counted)) == 400

    clock.now += 61
    counted.wait("198.51.100.7")

    assert len(kept(counted)) == 1


def test_a_visitor_may_ask_again_as_each_question_is_a_minute_old() -> None:
    clock = Clock()
    counted = Visitors(questions=2, requests=10, clock=clock)
    assert counted.wait("192.0.2.1") == 0
    clock.now += 20
    assert [counted.wait("192.0.2.1") for _ in range(2)] == [0, 40]

    clock.now += 40

    assert [counted.wait("192.0.2.1") for _ in range(2)] == [0, 20]


def test_only_so_many_visitors_are_counted_at_once_and_the_quietest_is_forgotten(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(visitors, "MOST", 3)
    counted = Visitors(questions=1, requests=10, clock=Clock())

    waits = [counted.wait(f"192.0.2.{number}") for number in (1, 2, 3, 3, 4, 1)]

    assert [wait > 0 for wait in waits] == [False, False, False, True, False, False]
    assert len(kept(counted)) == 3


def test_the_salt_changes_every_day(monkeypatch: pytest.MonkeyPatch) -> None:
    counted = Visitors(questions=1, requests=10)
    before = counted._name("192.0.2.1")
    assert counted._name("192.0.2.1") == before

    monkeypatch.setattr(visitors, "DAY", -1.0)

    assert counted._name("192.0.2.1") != before


@pytest.mark.parametrize(
    ("peer", "told", "client"),
    [
        ("192.0.2.1", None, "192.0.2.1"),
        ("192.0.2.1", "198.51.100.7", "192.0.2.1"),
        (PROXY, None, PROXY),
        (PROXY, "198.51.100.7", "198.51.100.7"),
        (PROXY, "203.0.113.9, 198.51.100.7", "198.51.100.7"),
        (PROXY, f"198.51.100.7, {OTHER_PROXY}", "198.51.100.7"),
        (PROXY, "rubbish", PROXY),
        (PROXY, "198.51.100.7, rubbish", PROXY),
        (PROXY, "", PROXY),
        (PROXY, "2001:db8::1", "2001:db8::1"),
        (PROXY, "198.51.100.7:51234", "198.51.100.7"),
        (PROXY, "[2001:db8::1]:443", "2001:db8::1"),
        (PROXY, "[2001:db8::1]", "2001:db8::1"),
    ],
)
def test_only_our_proxies_are_believed(peer: str, told: str | None, client: str) -> None:
    headers = [(b"x-forwarded-for", told.encode())] if told is not None else []

    assert client_address(peer, headers, networks(f"{PROXY}, {OTHER_PROXY}")) == client


@pytest.mark.parametrize(
    ("listed", "peer"),
    [
        ("10.0.0.0/8", "10.9.8.7"),
        ("10.0.0.0/8", "::ffff:10.9.8.7"),
        ("::ffff:10.9.8.7", "10.9.8.7"),
        ("192.0.2.1, 10.0.0.0/8", "10.9.8.7"),
        ("fd00::/8", "fd12::1"),
        ("fe80::/10", "fe80::1%eth0"),
    ],
)
def test_a_network_of_proxies_is_believed(listed: str, peer: str) -> None:
    headers = [(b"x-forwarded-for", b"198.51.100.7"), (b"x-forwarded-proto", b"https")]

    assert client_address(peer, headers, networks(listed)) == "198.51.100.7"
    assert client_scheme("http", peer, headers, networks(listed)) == "https"


@pytest.mark.parametrize("peer", ["127.0.0.1", "192.0.2.1", "::1", "", "unix:"])
def test_nobody_else_is_believed_not_even_from_this_machine(peer: str) -> None:
    headers = [(b"x-forwarded-for", b"198.51.100.7"), (b"x-forwarded-proto", b"https")]

    for listed in ("", "10.0.0.0/8"):
        assert client_address(peer, headers, networks(listed)) == peer
        assert client_scheme("http", peer, headers, networks(listed)) == "http"
