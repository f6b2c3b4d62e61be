from pathlib import Path

import pytest

from assistant.domain.errors import InputError
from assistant.evaluation.conversations import as_json, as_lines, hold, is_conversations, load
from tests.builders import a_chunk, a_passage, an_assistant
from tests.fakes import FakeGeneration, FakeLibrary

SCRIPT = """
- language: en
  turns:
    - {say: "Hello", outcome: spoken, holds: "Ask me anything"}
    - {say: "When were the lamps renewed?", outcome: answered, holds: "In 2019."}
    - {say: "What did they cost?", outcome: refused, holds: "(lamps renewed)"}
"""


def test_each_turn_is_compared_with_what_is_expected(tmp_path: Path) -> None:
    path = tmp_path / "conversations.yaml"
    path.write_text(SCRIPT, encoding="utf-8")
    library = FakeLibrary(FakeGeneration(a_passage(a_chunk("In 2019."), strength=0.15)))

    turns = list(hold(an_assistant(library), load(path)))

    assert [turn.is_as_expected for turn in turns] == [True, True, True]
    path.write_text(SCRIPT.replace("outcome: refused", "outcome: answered"), encoding="utf-8")
    turns = list(hold(an_assistant(library), load(path)))
    assert as_json("x", turns)["unexpected"][0]["say"] == "What did they cost?"
    assert next(iter(as_lines("x", turns))) == "x: 2 of 3 turns as expected"


def test_a_turn_that_cannot_be_asked_is_wrong_with_its_reason_and_ends_nothing(
    tmp_path: Path,
) -> None:
    path = tmp_path / "conversations.yaml"
    path.write_text(SCRIPT.replace('"Hello"', '"?!"'), encoding="utf-8")
    library = FakeLibrary(FakeGeneration(a_passage(a_chunk("In 2019."), strength=0.15)))

    turns = list(hold(an_assistant(library), load(path)))

    assert [turn.is_as_expected for turn in turns] == [False, True, True]
    [unexpected] = as_json("x", turns)["unexpected"]
    assert (unexpected["outcome"], unexpected["error"]) == (None, "Please type a question first.")
    assert list(as_lines("x", turns))[1] == (
        "  conversation 1 (en), '?!': could not be asked: Please type a question first."
    )


def test_conversations_are_told_from_golden_questions(tmp_path: Path) -> None:
    path = tmp_path / "some.yaml"
    path.write_text(SCRIPT, encoding="utf-8")
    assert is_conversations(path)

    path.write_text('- {question: "?", language: en, refuse: true}', encoding="utf-8")
    assert not is_conversations(path)
    assert not is_conversations(tmp_path / "missing.yaml")


@pytest.mark.parametrize(
    "script", ["- turns: [{say: a}]", "- {language: en, turns: 3}", "- 5", "[", "- {turns: []}"]
)
def test_a_faulty_conversation_is_named(tmp_path: Path, script: str) -> None:
    path = tmp_path / "conversations.yaml"
    path.write_text(script, encoding="utf-8")

    with pytest.raises(InputError, match=r"conversations\.yaml"):
        load(path)
