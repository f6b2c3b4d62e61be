"""The accounts of staff: added, changed, removed, and taken over from an earlier release."""

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.domain.errors import InputError
from assistant.domain.roles import Role
from assistant.records import passwords
from assistant.records.accounts import LONGEST, OLD_FILE, Accounts, is_password
from assistant.records.database import Database
from tests.assistant.records.conftest import IsOnDisk, OpenDatabase

PASSWORD = "tangerine wombat ladder"  # noqa: S105 - only the tests have it
OTHER = "another wombat on a ladder"


@pytest.fixture
def accounts(database: Database) -> Accounts:
    """Accounts with one that may administer."""
    made = Accounts(database)
    made.add("boss", Role.ADMINISTER, password=PASSWORD)
    return made


def test_an_account_is_found_by_its_name_however_it_is_written(accounts: Accounts) -> None:
    accounts.add("Ånna@Forum.test", Role.EDIT, password=PASSWORD)

    for written in ("ånna@forum.test", " ÅNNA@forum.test ", "A\u030anna@forum.test"):
        found = accounts.get(written)
        assert (found.name, found.role, found.disabled) == ("ånna@forum.test", Role.EDIT, False)
    with pytest.raises(InputError, match="already"):
        accounts.add("ÅNNA@FORUM.TEST", Role.VIEW, password=PASSWORD)


@pytest.mark.parametrize(
    "name", ["", "x", "x" * (LONGEST + 1), "anna b", "a\nb", "a\u202eb", "-anna", "\ud800x"]
)
def test_what_is_no_name_is_refused(accounts: Accounts, name: str) -> None:
    with pytest.raises(InputError, match="name"):
        accounts.add(name, Role.VIEW, password=PASSWORD)


def test_only_a_hash_is_kept_as_strong_as_promised(
    accounts: Accounts, is_on_disk: IsOnDisk
) -> None:
    kept = accounts.get("boss").hash
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert is_on_disk(kept)
    assert not is_on_disk("wombat")


def test_a_password_is_right_for_its_own_account_while_that_is_enabled(accounts: Accounts) -> None:
    accounts.add("anna", Role.EDIT, password=OTHER)

    assert is_password(accounts.get("anna"), OTHER)
    assert not is_password(accounts.get("anna"), PASSWORD)
    assert not is_password(None, OTHER)
    accounts.set_disabled("anna", disabled=True)
    assert not is_password(accounts.get("anna"), OTHER)


def test_who_comes_in_by_single_sign_on_has_no_password(accounts: Accounts) -> None:
    made = accounts.add("anna@forum.test", Role.EDIT, subject="https://id.test 17")

    assert made.hash == ""
    for given in ("", PASSWORD):
        assert not is_password(made, given)
    assert accounts.of_subject("https://id.test 17") == made
    assert accounts.of_subject("") is None


def test_the_name_of_an_account_is_no_password_of_it(accounts: Accounts) -> None:
    with pytest.raises(InputError, match="too easy"):
        accounts.add("zyxomatic@forum.test", Role.VIEW, password="zyxomatic1")  # noqa: S106 - weak on purpose


@pytest.mark.parametrize(
    "change",
    [
        lambda accounts: accounts.set_password("anna", OTHER),
        lambda accounts: accounts.set_role("anna", Role.VIEW),
        lambda accounts: accounts.set_disabled("anna", disabled=True),
        lambda accounts: accounts.end_sessions("anna"),
    ],
)
def test_what_ends_sessions_changes_the_stamp(accounts: Accounts, change: object) -> None:
    before = accounts.add("anna", Role.EDIT, password=PASSWORD)

    change(accounts)  # type: ignore[operator] # one of the above

    assert accounts.get("anna").stamp != before.stamp
    assert accounts.get("anna").created == before.created


def test_another_language_ends_no_session(accounts: Accounts) -> None:
    before = accounts.get("boss")
    assert before.language == ""

    accounts.set_language("BOSS", "fr")

    assert accounts.get("boss") == replace(before, language="fr")


def test_an_account_that_comes_back_is_another_one(accounts: Accounts) -> None:
    before = accounts.add("anna", Role.EDIT, password=PASSWORD)
    accounts.remove("anna")
    assert accounts.find("anna") is None

    assert accounts.add("anna", Role.EDIT, password=PASSWORD).stamp != before.stamp


def test_somebody_can_always_administer(accounts: Accounts) -> None:
    accounts.add("anna", Role.PUBLISH, password=PASSWORD)

    changes: list[Callable[[], None]] = [
        lambda: accounts.remove("boss"),
        lambda: accounts.remove("boss", may_be_last=True),
        lambda: accounts.set_disabled("boss", disabled=True),
        lambda: accounts.set_role("boss", Role.PUBLISH),
    ]
    for change in changes:
        with pytest.raises(InputError, match="'boss' is the last account"):
            change()
    assert accounts.get("boss").role is Role.ADMINISTER
    accounts.set_role("anna", Role.ADMINISTER)
    accounts.remove("boss")
    assert [each.name for each in accounts.all()] == ["anna"]


def test_the_very_last_account_goes_only_on_purpose(accounts: Accounts) -> None:
    with pytest.raises(InputError, match="last account"):
        accounts.remove("boss")

    accounts.remove("boss", may_be_last=True)

    assert accounts.all() == []


def test_the_first_account_must_be_able_to_administer(database: Database) -> None:
    accounts = Accounts(database)

    with pytest.raises(InputError, match="nobody may administer yet"):
        accounts.add("anna", Role.EDIT, password=PASSWORD)
    assert accounts.all() == []


def test_two_administrators_who_remove_each_other_at_once_leave_one(
    open_database: OpenDatabase,
) -> None:
    Accounts(open_database()).add("anna", Role.ADMINISTER, password=PASSWORD)
    Accounts(open_database()).add("bert", Role.ADMINISTER, password=PASSWORD)
    refused = []

    def demote(name: str) -> None:
        try:
            Accounts(open_database()).set_role(name, Role.VIEW)
        except InputError as exc:
            refused.append(exc)

    threads = [threading.Thread(target=demote, args=(name,)) for name in ("anna", "bert")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(refused) == 1
    assert sum(each.role is Role.ADMINISTER for each in Accounts(open_database()).all()) == 1


@pytest.mark.parametrize(
    "change",
    [
        lambda accounts: accounts.remove("nobody"),
        lambda accounts: accounts.set_password("nobody", PASSWORD),
        lambda accounts: accounts.set_role("nobody", Role.VIEW),
        lambda accounts: accounts.set_language("nobody", "fr"),
        lambda accounts: accounts.get("nobody"),
    ],
)
def test_an_account_that_is_none_is_named(accounts: Accounts, change: object) -> None:
    with pytest.raises(InputError, match="no account 'nobody'"):
        change(accounts)  # type: ignore[operator] # one of the above


def test_the_password_of_an_earlier_release_becomes_the_account_staff(database: Database) -> None:
    (database.folder / OLD_FILE).write_text(passwords.hashed(PASSWORD) + "\n")

    found = Accounts(database).all()

    assert [(each.name, each.role) for each in found] == [("staff", Role.ADMINISTER)]
    assert is_password(found[0], PASSWORD)
    assert not (database.folder / OLD_FILE).exists()
    assert Accounts(database).all() == found


def test_a_password_that_an_earlier_release_wrote_afterwards_counts(database: Database) -> None:
    accounts = Accounts(database)
    accounts.set_staff_password(PASSWORD)
    (database.folder / OLD_FILE).write_text(passwords.hashed(OTHER))

    assert is_password(accounts.get("staff"), OTHER)


@pytest.mark.parametrize("damage", [b"", b"\xff\xfe", b"plain text\n"])
def test_a_damaged_password_of_an_earlier_release_lets_nobody_in(
    database: Database, damage: bytes
) -> None:
    (database.folder / OLD_FILE).write_bytes(damage)
    accounts = Accounts(database)

    assert accounts.all() == []
    accounts.set_staff_password(PASSWORD)
    assert is_password(accounts.get("staff"), PASSWORD)
    assert not (database.folder / OLD_FILE).exists()


def test_the_simple_password_brings_its_account_back_to_life(accounts: Accounts) -> None:
    accounts.set_staff_password(PASSWORD)
    accounts.set_role("staff", Role.VIEW)
    accounts.set_disabled("staff", disabled=True)

    accounts.set_staff_password(OTHER)

    found = accounts.get("staff")
    assert (found.role, found.disabled) == (Role.ADMINISTER, False)
    assert is_password(found, OTHER)


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("no folder")

    with pytest.raises(Exception, match=r"cannot write .*data"):
        Accounts(Database(tmp_path / "data")).set_staff_password(PASSWORD)
