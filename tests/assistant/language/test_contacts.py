"""Whom members may turn to is told in one setting."""

import pytest

from assistant.language.contacts import Contacts, contacts

ALL = "help@forum.test"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("", Contacts()),
        (ALL, Contacts(ALL)),
        ("https://forum.test/contact", Contacts("https://forum.test/contact")),
        (f"{ALL}; fr: aide@forum.test", Contacts(ALL, {"fr": "aide@forum.test"})),
        ("NL:hulp@forum.test;", Contacts("", {"nl": "hulp@forum.test"})),
        ("de: https://forum.test/hilfe", Contacts("", {"de": "https://forum.test/hilfe"})),
        ("Ms Doe: 02 123 45 67", Contacts("Ms Doe: 02 123 45 67")),
    ],
)
def test_a_contact_is_for_all_or_for_readers_of_a_language(text: str, meant: Contacts) -> None:
    assert contacts(text) == meant


def test_who_has_no_contact_of_their_own_is_given_the_general_one() -> None:
    found = contacts(f"{ALL}; fr: aide@forum.test")

    assert [found.of("fr"), found.of("nl")] == ["aide@forum.test", ALL]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("xx: a@forum.test", "'xx' is none of the page's languages"),
        ("a@forum.test; b@forum.test", "two contacts for the same readers"),
        ("fr: a@forum.test; fr: b@forum.test", "two contacts for the same readers"),
    ],
)
def test_contacts_that_cannot_be_told_apart_are_refused(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        contacts(text)
