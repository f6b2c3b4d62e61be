"""What staff have corrected of documents, as it is kept."""

from datetime import UTC, datetime

import pytest

from assistant.domain.corpus import DocumentId
from assistant.domain.edits import Edit, waiting
from assistant.domain.errors import InputError
from assistant.records.database import Database
from assistant.records.edits import EditStore
from tests.assistant.records.conftest import OpenDatabase

NOW = datetime(2026, 5, 1, 10, tzinfo=UTC)
ID = DocumentId("a.md")


@pytest.fixture
def store(database: Database) -> EditStore:
    return EditStore(database)


def an_edit(field: str = "title", value: str = "Lamps", said: str = "Lights") -> Edit:
    return Edit(ID, field, value, said, "Ana", NOW)


def test_where_nothing_was_edited_there_is_no_edit(store: EditStore) -> None:
    assert store.all() == []


def test_an_edit_is_kept_with_who_made_it_when_and_what_the_source_said(
    store: EditStore, open_database: OpenDatabase
) -> None:
    store.keep([an_edit(), an_edit("kind", "event", "article")])

    assert store.of(ID) == {"title": an_edit(), "kind": an_edit("kind", "event", "article")}
    assert EditStore(open_database()).all() == [
        an_edit("kind", "event", "article"), an_edit(),
    ]  # fmt: skip


def test_a_field_has_one_edit_the_last(store: EditStore) -> None:
    store.keep([an_edit()])

    store.keep([an_edit(value="Street lamps")])

    assert [edit.value for edit in store.all()] == ["Street lamps"]


def test_what_is_undone_is_known_until_a_run_has_taken_it_back(store: EditStore) -> None:
    store.keep([an_edit(), an_edit("valid_until", "2026-12-31", "")])

    store.undo(ID, by="Bo")

    (undone,) = store.all()
    assert (undone.field, undone.is_undone, undone.by) == ("title", True, "Bo")
    store.settle([undone])
    assert store.all() == []


def test_what_was_edited_anew_meanwhile_is_not_forgotten(store: EditStore) -> None:
    store.keep([an_edit()])
    store.undo(ID, by="Bo")
    undone = store.all()
    store.keep([an_edit(value="Street lamps")])

    store.settle(undone)

    assert [edit.value for edit in store.all()] == ["Street lamps"]


def test_what_the_source_says_now_is_noted(store: EditStore) -> None:
    store.keep([an_edit()])

    store.heard({ID: {"title": "Lighting", "kind": "page"}, DocumentId("b.md"): {"title": "B"}})

    assert [(edit.value, edit.said, edit.when) for edit in store.all()] == [
        ("Lamps", "Lighting", NOW)
    ]


@pytest.mark.parametrize("edit", [an_edit("text"), an_edit(value="x" * 2001)])
def test_what_cannot_be_edited_is_refused_whole(store: EditStore, edit: Edit) -> None:
    with pytest.raises(InputError):
        store.keep([an_edit("kind", "event", "article"), edit])

    assert store.all() == []


def test_a_field_waits_until_it_is_published_as_staff_want_it(store: EditStore) -> None:
    edit = an_edit()
    store.keep([edit])

    assert waiting({"title": "Lights"}, store.of(ID)) == ["title"]
    assert waiting({"title": "Lamps"}, store.of(ID)) == []
    store.undo(ID, by="Bo")
    assert waiting({"title": "Lamps"}, store.of(ID)) == ["title"]
    assert waiting({"title": "Lights"}, store.of(ID)) == []
