"""What a chat model writes, cut into claims as it comes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.writing.claims import LONGEST, Claim, claims


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Lamps were renewed. [1]", [Claim("Lamps were renewed.", (1,))]),
        ("Lamps were renewed [1].", [Claim("Lamps were renewed", (1,))]),
        (
            "Lamps [1]. Benches [2][3].",
            [Claim("Lamps", (1,)), Claim(". Benches", (2, 3))],
        ),
        ("Lamps [2] [1] [2]", [Claim("Lamps", (2, 1))]),
        (
            "No mark here\nBut one here [1]",
            [Claim("No mark here", ()), Claim("But one here", (1,))],
        ),
        ("", []),
        (" \n . [1]", []),
    ],
)
def test_a_claim_ends_with_its_marks(text: str, found: list[Claim]) -> None:
    got = list(claims([text], "en"))

    assert [(each.text.strip(". "), each.passages) for each in got] == [
        (each.text.strip(". "), each.passages) for each in found
    ]


def test_a_claim_comes_before_the_text_ends() -> None:
    pieces = iter(["Lamps were", " renewed [1].", " And"])

    assert next(claims(pieces, "en")).passages == (1,)


def test_a_text_without_marks_is_cut_off() -> None:
    assert next(claims(["word " * LONGEST], "en")).passages == ()


@given(st.lists(st.sampled_from(["Lamps", " [1]", "[2]", ".", " ", "\n", "é 9"]), max_size=20))
def test_how_the_text_is_cut_into_pieces_changes_nothing(pieces: list[str]) -> None:
    whole = "".join(pieces)

    assert list(claims(pieces, "en")) == list(claims(whole, "en")) == list(claims([whole], "en"))


@given(st.text(max_size=200))
def test_no_claim_is_empty_or_holds_a_mark(text: str) -> None:
    for claim in claims([text], "en"):
        assert any(char.isalnum() for char in claim.text)
        assert all(f"[{number}]" not in claim.text for number in claim.passages)
