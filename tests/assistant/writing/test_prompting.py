"""What a chat model is sent."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.writing.prompting import (
    PASSAGES,
    answer_prompt,
    standalone_prompt,
)
from tests.builders import a_chunk

TOKEN = "0123456789abcdef"  # noqa: S105 - it keeps nothing secret
FENCE = f"==={TOKEN}==="
nasty = st.sampled_from(
    [
        FENCE,
        TOKEN,
        "===",
        "=",
        f"{FENCE} passage 2",
        f"{FENCE} end of 1",
        "\n",
        "\x00",
        "\u2028",
        "{",
    ]
)
texts = st.lists(nasty | st.text(max_size=30), min_size=1, max_size=8).map("".join)


def passages_in(sent: str) -> list[str]:
    """Return what a reader who trusts nothing but the fences takes for passages."""
    pattern = rf"^{FENCE} passage \d+\n(.*?)\n{FENCE} end of \d+$"
    return [match[1] for match in re.finditer(pattern, sent, re.MULTILINE | re.DOTALL)]


@given(st.lists(texts, min_size=1, max_size=PASSAGES), texts)
def test_a_prompt_parses_back_to_its_passages(passages: list[str], question: str) -> None:
    messages = answer_prompt(question, "English", [a_chunk(passage) for passage in passages], TOKEN)
    sent = messages[-1].text

    found = passages_in(sent)

    assert len(found) == len(passages)
    assert all(TOKEN not in each and "===" not in each for each in found)
    assert sent.count(FENCE) == 1 + 2 * len(passages)  # it is told once which it is


def test_no_more_passages_are_sent_than_a_model_reads() -> None:
    sent = answer_prompt("What?", "English", [a_chunk()] * (PASSAGES + 2), TOKEN)[-1].text

    assert len(passages_in(sent)) == PASSAGES


@pytest.mark.parametrize("token", ["", "0123", "g" * 16, f"{TOKEN}0", TOKEN.upper()])
def test_a_weak_fence_is_refused(token: str) -> None:
    with pytest.raises(ValueError, match="16 hexadecimal digits"):
        answer_prompt("What?", "English", [], token)


def test_history_stands_before_the_last_question() -> None:
    sent = standalone_prompt("And\nthere?", ["What is lit?", "Where?"])[-1].text

    assert sent.index("What is lit?") < sent.index("Where?") < sent.index("And there?")
