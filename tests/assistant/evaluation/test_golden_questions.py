from pathlib import Path

import pytest

from assistant.domain.errors import SettingsError
from assistant.evaluation.golden_questions import GoldenQuestion, fault_of, load

FILE = Path("golden.yaml")


def written(text: str) -> Path:
    FILE.write_text(text, encoding="utf-8")
    return FILE


def test_answerable_and_unanswerable_questions_are_read_in_order() -> None:
    path = written(
        "- question: Qui paie les lampes ?\n"
        "  language: fr\n"
        "  document: articles/lampes.md\n"
        "  quote: La ville paie.\n"
        "- {question: 'Who pays?', language: en, document: a.md}\n"
        "- {question: 'Who won the cup?', language: en, refuse: true}\n"
    )

    assert load(path) == [
        GoldenQuestion("Qui paie les lampes ?", "fr", "articles/lampes.md", "La ville paie."),
        GoldenQuestion("Who pays?", "en", "a.md", None),
        GoldenQuestion("Who won the cup?", "en", None, None),
    ]


def test_only_a_question_with_a_document_is_answerable() -> None:
    assert GoldenQuestion("Who pays?", "en", "a.md", None).is_answerable
    assert not GoldenQuestion("Who won the cup?", "en", None, None).is_answerable


@pytest.mark.parametrize(
    ("question", "fault"),
    [
        ("Who pays for the lamps?", ""),
        ("Who  pays\nfor the lamps?", ""),
        ("???", "“???” can never be asked: it holds no word"),
        ("Who pays for the lamps of the town?", "it has 35 characters, and FORUM_QUESTION_LIMIT"),
    ],
)
def test_a_question_that_can_never_be_asked_is_told_with_the_reason(
    question: str, fault: str
) -> None:
    found = fault_of(question, 23)

    assert fault in found
    assert bool(found) == bool(fault)


def test_an_empty_list_holds_no_questions() -> None:
    assert load(written("[]")) == []


@pytest.mark.parametrize(
    ("entry", "needed"),
    [
        ("{language: en, document: a.md}", "`question`"),
        ("{question: 'Who?', document: a.md}", "`language`"),
        ("{question: '', language: en, document: a.md}", "`question`"),
        ("just words", "`question`"),
        ("{question: 'Who?', language: en}", "either"),
        ("{question: 'Who?', language: en, document: a.md, refuse: true}", "either"),
        ("{question: 'Who?', language: en, refuse: false}", "either"),
    ],
)
def test_a_faulty_entry_is_named_by_its_place(entry: str, needed: str) -> None:
    path = written(f"- {{question: 'Who pays?', language: en, document: a.md}}\n- {entry}\n")

    with pytest.raises(SettingsError) as caught:
        load(path)

    assert f"{path}, entry 2 " in str(caught.value)
    assert needed in str(caught.value)


@pytest.mark.parametrize("text", ["", "question: Who pays?", "words", "- [unclosed"])
def test_a_file_that_is_no_list_is_refused(text: str) -> None:
    with pytest.raises(SettingsError, match=r"golden\.yaml"):
        load(written(text))


def test_a_file_that_cannot_be_read_is_refused() -> None:
    with pytest.raises(SettingsError, match=r"missing\.yaml"):
        load(Path("missing.yaml"))


def test_a_file_in_another_encoding_is_refused() -> None:
    FILE.write_bytes("- question: Où ?".encode("latin-1"))

    with pytest.raises(SettingsError, match=r"golden\.yaml"):
        load(FILE)


def test_yaml_that_would_run_code_is_refused() -> None:
    with pytest.raises(SettingsError):
        load(written("- !!python/object/apply:os.getcwd []"))
