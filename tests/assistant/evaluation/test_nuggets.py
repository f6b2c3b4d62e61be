"""What an answer is worth to the person who asked."""

import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.evaluation.panel import SHORT, Expected, grade

STEPS = Expected(must=(("The council decides",), ("send the letter", "post the letter")))
TABLE = Expected(must=(("Ghent | 40",),), wrong=("Bruges | 50",), is_table=True)
WRONG = Expected(must=(("on 4 May",),), wrong=("on 3 May",), lead_in=("The dates are:",))


def an_answer(text: str, outcome: str = "answered") -> dict[str, Any]:
    return {"outcome": outcome, "answer": text, "citations": [{"number": 1}, {"number": 2}]}


@pytest.mark.parametrize(
    ("wanted", "text", "value"),
    [
        (STEPS, "1. The council decides.\n2. Send the letter. [1]", 1.0),
        (STEPS, "Something else. [1]\nThe council decides, post the letter. [2]", 0.67),
        (STEPS, "The council decides. [1]", 0.33),
        (STEPS, "Nothing of it. [1]", 0.0),
        (TABLE, "| Bruges | 50 |\n| Ghent | 40 | [1]", 1.0),
        (TABLE, "Bruges | 50 [1]\nGhent | 40 [2]", 0.67),
        (TABLE, "Town: Ghent · Lamps: 40 [1]", 1.0),
        (WRONG, "It is on 3 May. [1] It is on 4 May. [2]", 0.67),
        (WRONG, "The dates are:\non 4 May [1]", 1.0),
        (WRONG, "It is on 14 May. [1]", 0.0),
    ],
)
def test_an_answer_is_graded_by_what_it_shows(wanted: Expected, text: str, value: float) -> None:
    assert grade(wanted, an_answer(text)).value == value


@pytest.mark.parametrize("outcome", ["refused", "spoken"])
def test_a_refusal_is_right_only_where_nothing_answers(outcome: str) -> None:
    assert grade(None, an_answer("", outcome)).value == 1.0
    assert grade(STEPS, an_answer("", outcome)).value == 0.0
    assert grade(None, an_answer("Anything. [1]")).value == 0.0


def test_a_reader_in_a_hurry_does_not_see_what_comes_late() -> None:
    late = an_answer(f"{'x' * SHORT} The council decides. Send the letter. [1]")

    assert grade(STEPS, late).value == 1.0
    assert grade(STEPS, late, is_short=True).value == 0.0


pieces = st.sampled_from(
    ["The council decides", "send the letter", "Ghent | 40", "Bruges | 50", "\n", " [1]", " [2]",
     "- ", "on 4 May", "on 3 May", "The dates are:", "x ", "Town: Ghent · Lamps: 40"]
)  # fmt: skip


@pytest.fixture(scope="module")
def theirs(eval_data: Path) -> ModuleType:
    """Return the scorer that comes with the panel."""
    return _module(eval_data / "panel" / "score.py")


@given(st.lists(pieces, max_size=12).map("".join), st.sampled_from([STEPS, TABLE, WRONG]))
def test_the_grades_are_those_of_the_panel_itself(
    theirs: ModuleType, text: str, wanted: Expected
) -> None:
    question = {
        "answerable": True,
        "must": wanted.must,
        "lead": wanted.lead,
        "lead_in": wanted.lead_in,
        "wrong": wanted.wrong,
        "context": wanted.context,
        "table": wanted.is_table,
    }
    answer = an_answer(text or "x")

    for is_short, limits in ((False, ()), (True, (1200, 360))):
        expected = theirs.grade(question, answer, *limits)
        found = grade(wanted, answer, is_short=is_short)
        assert found.value == expected["value"]
        assert found.is_misleading == expected["wrong"]


def _module(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("panel_score", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
