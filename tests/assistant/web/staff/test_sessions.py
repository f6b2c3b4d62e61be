"""Who is logged in, and for how long."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.web.staff.sessions import IDLE, LONGEST_SESSION, MOST_SESSIONS, Sessions
from tests.assistant.web.staff.staffing import Clock

STAMP = "a hash"


def test_a_session_is_open_to_its_token_only() -> None:
    sessions = Sessions(Clock())

    token = sessions.open("anna", STAMP)

    assert sessions.is_open(token, STAMP)
    for other in ("", token[:-1], token + "x", token.swapcase(), "ö\ud800"):
        assert not sessions.is_open(other, STAMP)


def test_tokens_are_long_and_never_the_same() -> None:
    sessions = Sessions(Clock())

    tokens = {sessions.open("anna", STAMP) for _ in range(200)}

    assert len(tokens) == 200
    assert min(map(len, tokens)) * 6 >= 128


def test_a_session_ends_when_nothing_is_asked_for_half_an_hour() -> None:
    clock = Clock()
    sessions = Sessions(clock)
    token = sessions.open("anna", STAMP)

    for _ in range(3):
        clock.now += IDLE - 1
        assert sessions.is_open(token, STAMP)
    clock.now += IDLE

    assert not sessions.is_open(token, STAMP)


def test_a_session_ends_after_half_a_day_however_busy_it_is() -> None:
    clock = Clock()
    sessions = Sessions(clock)
    token = sessions.open("anna", STAMP)

    while clock.now < 1000 + LONGEST_SESSION - IDLE:
        clock.now += IDLE - 1
        assert sessions.is_open(token, STAMP)
    clock.now = 1000 + LONGEST_SESSION

    assert not sessions.is_open(token, STAMP)


def test_a_closed_session_stays_closed() -> None:
    sessions = Sessions(Clock())
    token, other = sessions.open("anna", STAMP), sessions.open("anna", STAMP)

    sessions.close(token)
    sessions.close("unknown")

    assert not sessions.is_open(token, STAMP)
    assert sessions.is_open(other, STAMP)


def test_a_session_ends_with_the_password_it_was_opened_by() -> None:
    sessions = Sessions(Clock())
    token = sessions.open("anna", STAMP)

    assert not sessions.is_open(token, "another hash")
    assert not sessions.is_open(token, STAMP)


@pytest.mark.parametrize("many", [MOST_SESSIONS, MOST_SESSIONS + 5])
def test_the_oldest_session_makes_room(many: int) -> None:
    sessions = Sessions(Clock())

    tokens = [sessions.open("anna", STAMP) for _ in range(many)]

    opened = [sessions.is_open(token, STAMP) for token in tokens]
    assert opened == [False] * (many - MOST_SESSIONS) + [True] * MOST_SESSIONS


def test_the_sessions_of_one_account_leave_those_of_others_alone() -> None:
    sessions = Sessions(Clock())
    others = sessions.open("bert", STAMP)

    for _ in range(MOST_SESSIONS + 5):
        sessions.open("anna", STAMP)

    assert sessions.is_open(others, STAMP)
    assert sessions.account(others) == "bert"
    assert sessions.account("unknown") == ""


@given(st.text(max_size=60))
def test_no_text_is_a_token_by_chance(text: str) -> None:
    sessions = Sessions(Clock())
    sessions.open("anna", STAMP)

    assert not sessions.is_open(text, STAMP)
