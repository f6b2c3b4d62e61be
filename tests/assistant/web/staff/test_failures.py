"""How often a wrong password may be given."""

import pytest

from assistant.web.staff.failures import (
    FROM_ONE,
    GUESSED_DELAY,
    IN_ALL,
    MANY,
    MANY_OF_ONE,
    RELIEF,
    WINDOW,
    Failures,
)
from tests.assistant.web.staff.staffing import Clock

HERE, THERE = "192.0.2.7", "198.51.100.9"


def tries(failures: Failures, clock: Clock, address: str, seconds: float) -> int:
    """Return how many tries somebody gets who tries ten times a second."""
    many = 0
    for _ in range(int(seconds * 10)):
        many += failures.attempt(address) == 0
        clock.now += 0.1
    return many


def test_the_first_try_is_free_and_each_failure_doubles_the_wait() -> None:
    clock = Clock()
    failures = Failures(clock)
    waits = []

    for _ in range(FROM_ONE - 1):
        assert failures.attempt(HERE) == 0
        waits.append(failures.wait(HERE))
        clock.now += waits[-1]

    assert waits == [1, 2, 4, 8]


def test_an_address_has_five_failures_in_a_quarter_of_an_hour() -> None:
    clock = Clock()
    failures = Failures(clock)

    assert tries(failures, clock, HERE, WINDOW - 1) == FROM_ONE
    assert failures.attempt(THERE) == 0


def test_nobody_is_locked_out_for_good() -> None:
    clock = Clock()
    failures = Failures(clock)
    tries(failures, clock, HERE, 100)

    clock.now += failures.wait(HERE)

    assert failures.attempt(HERE) == 0


def guesses(failures: Failures, many: int) -> int:
    """Return how many of these tries are allowed, each of an address of its own."""
    return sum(
        failures.attempt(f"203.0.{number // 250}.{number % 250}") == 0 for number in range(many)
    )


def test_wrong_passwords_of_others_keep_nobody_out() -> None:
    failures = Failures(Clock())

    guesses(failures, 10 * MANY)

    assert failures.attempt(HERE) == 0


def test_while_somebody_guesses_each_address_waits_longer_for_its_next_try() -> None:
    failures = Failures(Clock())
    guesses(failures, MANY)

    failures.attempt(HERE)

    assert failures.wait(HERE) == GUESSED_DELAY


def test_there_is_a_ceiling_for_all_addresses_together() -> None:
    failures = Failures(Clock())

    assert guesses(failures, 2 * IN_ALL) == IN_ALL
    assert 0 < failures.wait(HERE) <= WINDOW


def test_the_machines_owner_can_lift_the_ceiling_for_some_minutes() -> None:
    clock = Clock()
    failures = Failures(clock)
    guesses(failures, IN_ALL)

    failures.relieve()

    assert guesses(failures, 2 * IN_ALL) == 2 * IN_ALL
    assert all(failures.attempt(HERE) == 0 for _ in range(FROM_ONE + 1))
    clock.now += RELIEF
    assert guesses(failures, 2 * IN_ALL) == IN_ALL


def test_who_has_logged_in_before_is_not_held_up_by_others() -> None:
    clock = Clock()
    failures = Failures(clock)
    failures.attempt(HERE)
    failures.succeeded(HERE)

    guesses(failures, 2 * IN_ALL)

    assert failures.attempt(HERE) == 0
    assert tries(failures, clock, HERE, WINDOW - 1) == FROM_ONE - 1


def test_a_success_forgets_the_failures_before_it() -> None:
    failures = Failures(Clock())
    failures.attempt(HERE)

    failures.succeeded(HERE)

    assert failures.wait(HERE) == 0


def test_one_household_is_one_address() -> None:
    failures = Failures(Clock())

    failures.attempt("2001:db8:1:2::1")

    assert failures.wait("2001:db8:1:2:aaaa::9") > 0
    assert failures.wait("2001:db8:1:3::1") == 0


@pytest.mark.parametrize("address", ["", "testclient", "fe80::1%eth0", "unix:"])
def test_whatever_is_no_address_is_counted_as_it_is(address: str) -> None:
    failures = Failures(Clock())

    failures.attempt(address)

    assert failures.wait(address) > 0


def test_no_address_is_kept_in_clear() -> None:
    failures = Failures(Clock())

    failures.attempt(HERE)
    failures.succeeded(HERE)
    failures.attempt(THERE)

    held = repr([failures._failures, failures._trusted])
    assert HERE not in held
    assert THERE not in held


def test_memory_stays_small_whoever_tries() -> None:
    failures = Failures(Clock())

    for last in range(5000):
        failures.attempt(f"2001:db8:{last:x}::1")

    assert len(failures._failures) == IN_ALL


def test_an_ipv4_address_is_not_one_household_with_all_others_in_ipv6_clothes() -> None:
    failures = Failures(Clock())

    assert failures.attempt(f"::ffff:{HERE}") == 0
    assert failures.wait(HERE) > 0
    assert failures.wait(f"::ffff:{THERE}") == 0


def test_who_has_an_account_cannot_guess_at_others_for_ever() -> None:
    """A login of one's own forgets no failure at another account."""
    clock = Clock()
    failures = Failures(clock)
    guessed = 0

    for _ in range(WINDOW):
        guessed += failures.attempt(HERE, "boss") == 0
        if failures.attempt(HERE, "insider") == 0:
            failures.succeeded(HERE, "insider")
        clock.now += 1 - 1 / WINDOW

    assert guessed <= FROM_ONE


def test_where_somebody_guesses_at_an_account_its_failures_cost_more() -> None:
    failures = Failures(Clock())
    for last in range(MANY_OF_ONE):
        failures.attempt(f"203.0.113.{last}", "boss")

    assert failures.attempt(HERE, "boss") == 0, "strangers keep nobody out"
    assert failures.wait(HERE, "boss") == GUESSED_DELAY
    failures.attempt(THERE, "anna")
    assert failures.wait(THERE, "anna") == 1


def test_a_new_password_forgets_the_failures_of_its_account_alone() -> None:
    failures = Failures(Clock())
    failures.attempt(HERE, "anna")
    failures.attempt(THERE, "bert")

    failures.forget("anna")

    assert failures.wait(HERE, "anna") == 0
    assert failures.wait(THERE, "bert") > 0


def test_what_was_given_as_a_name_is_not_kept_in_clear() -> None:
    failures = Failures(Clock())

    failures.attempt(HERE, "my-password-by-mistake")
    failures.succeeded(THERE, "another")

    held = repr([failures._failures, failures._trusted])
    assert "mistake" not in held
    assert "another" not in held
