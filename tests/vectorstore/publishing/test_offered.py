"""The questions that are kept with a generation."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from assistant.domain.publication import QuestionForm
from tests.builders import an_offered_question
from vectorstore.errors import StoreUnavailableError
from vectorstore.publishing.offered import FILE, KeptQuestions

KNOWN = (
    an_offered_question("Who pays?", documents=["lamps.md"], near=["trees.md"]),
    an_offered_question("Quels sont les derniers documents ?", "fr", QuestionForm.LIST),
)


def test_what_is_kept_is_read_as_it_was(tmp_path: Path) -> None:
    its, kept = SimpleNamespace(folder=tmp_path), KeptQuestions("today's")

    kept.write(its, KNOWN)

    assert kept.read(its) == KNOWN
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


def test_where_nothing_is_kept_nothing_is_known(tmp_path: Path) -> None:
    assert KeptQuestions("today's").read(SimpleNamespace(folder=tmp_path)) is None


def test_what_was_found_on_another_basis_counts_no_more(tmp_path: Path) -> None:
    its = SimpleNamespace(folder=tmp_path)

    KeptQuestions("yesterday's").write(its, KNOWN)

    assert KeptQuestions("today's").read(its) is None


@pytest.mark.parametrize(
    ("found", "left"),
    [
        ("Who pays?", "Who stole?"),
        ('"questions"', '"answers"'),
        ("}", ""),
        ("{", "\x00"),
        ("{", "["),
    ],
)
def test_a_damaged_file_counts_as_none(tmp_path: Path, found: str, left: str) -> None:
    its, kept = SimpleNamespace(folder=tmp_path), KeptQuestions("today's")
    kept.write(its, KNOWN)
    path = tmp_path / FILE
    path.write_text(path.read_text("utf-8").replace(found, left), "utf-8")

    assert kept.read(its) is None


def test_a_folder_that_cannot_be_written_to_is_named(tmp_path: Path) -> None:
    gone = tmp_path / "gone"

    with pytest.raises(StoreUnavailableError, match=r"gone.*finds them anew"):
        KeptQuestions("today's").write(SimpleNamespace(folder=gone), KNOWN)
