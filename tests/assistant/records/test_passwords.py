"""Passwords of staff: which are taken, and what is right."""

import unicodedata

import pytest

from assistant.domain.errors import InputError
from assistant.records import passwords
from assistant.records.passwords import LONGEST, hashed, is_right

PASSWORD = "tangerine wombat ladder"  # noqa: S105 - only the tests have it


def test_a_password_is_right_and_no_other_is() -> None:
    kept = hashed(PASSWORD)

    assert is_right(kept, PASSWORD)
    assert is_right(kept, f" {PASSWORD} ")
    for wrong in ("", PASSWORD.upper(), PASSWORD + "s", PASSWORD[:-1], "x" * 10**6, "\0", "\ud800"):
        assert not is_right(kept, wrong)


@pytest.mark.parametrize("damage", ["", "plain text", "$argon2id$v=19$m=1"])
def test_what_is_no_hash_has_no_password(damage: str) -> None:
    for given in ("", damage, PASSWORD):
        assert not is_right(damage, given)


def test_where_there_is_no_hash_another_is_checked_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """So that it takes as long: what the time tells is which hash the library was given."""
    checked = []

    class Watched:
        def verify(self, kept: str, _: str) -> bool:
            checked.append(kept)
            return True

    passwords._nobodys()
    monkeypatch.setattr(passwords, "_HASHER", Watched())

    assert not is_right("", PASSWORD)
    assert is_right("$argon2id$kept", PASSWORD)
    assert checked == [passwords._nobodys(), "$argon2id$kept"]
    assert passwords._nobodys().startswith("$argon2id$v=19$m=19456,t=2,p=1$")


@pytest.mark.parametrize(
    ("weak", "said"),
    [
        ("", "0 characters"),
        ("x7$kQ!z", "7 characters"),
        ("y" * (LONGEST + 1), "201 characters"),
        ("password", "too easy"),
        ("qwertyuiop", "too easy"),
        ("12345678", "too easy"),
        ("aaaaaaaaaaaa", "too easy"),
        ("staffstaff", "too easy"),
        ("Summer2024", "too easy"),
    ],
)
def test_a_weak_password_is_refused_with_advice(weak: str, said: str) -> None:
    with pytest.raises(InputError, match=said) as caught:
        hashed(weak)

    assert "Use" in str(caught.value) or "Add" in str(caught.value) or "give" in str(caught.value)


@pytest.mark.parametrize(
    "strong", ["correct horse battery staple", "ж" * 3 + "öß Ωkarton 9", "wombat ladder " * 14]
)
def test_a_strong_password_is_taken_in_any_script_and_length(strong: str) -> None:
    assert is_right(hashed(strong), strong)


def test_a_letter_counts_the_same_however_a_keyboard_writes_it() -> None:
    kept = hashed(unicodedata.normalize("NFC", "böhmische Dörfer überall"))

    assert is_right(kept, unicodedata.normalize("NFD", "böhmische Dörfer überall"))
