"""Sentence boundaries in the forum's languages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.language.sentences import sentence_spans


def split(text: str, language: str) -> list[str]:
    return [text[span.start : span.end] for span in sentence_spans(text, language)]


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        ("en", ["Mr. Smith met U.S. officials at 5 p.m. on Monday.", "The No. 3 plan is v2.5."]),
        ("en", ["There were five sessions on 1) crises, 2) inclusion, 3) young people.", "Good."]),
        (
            "fr",
            ["M. Dupont a signé l'accord le 3 mars 2021.", "Il compte 12 articles (cf. art. 5)."],
        ),
        ("de", ["Die Stadt, z. B. Köln, stellt am 3. März drei Kräfte ein.", "Dr. Müller kam."]),
        ("nl", ["Dhr. Jansen zei o.a. dat het beter gaat.", "Dit is klaar."]),
        ("es", ["¿Quién paga?", "El Sr. García paga."]),
        ("und", ["One sentence.", "Another one."]),
    ],
)
def test_abbreviations_and_numbers_do_not_end_a_sentence(
    language: str, sentences: list[str]
) -> None:
    assert split(" ".join(sentences), language) == sentences


def test_a_missing_space_after_the_full_stop_still_ends_the_sentence() -> None:
    assert split("It was held on 21 January.BeFUS invited the others.", "en") == [
        "It was held on 21 January.",
        "BeFUS invited the others.",
    ]


def test_the_offset_is_added() -> None:
    (span,) = sentence_spans("Good.", "en", offset=40)

    assert (span.start, span.end) == (40, 45)


@given(st.text(max_size=200), st.sampled_from(["en", "fr", "nl", "de", "und"]))
def test_sentences_are_in_order_apart_and_together_hold_all_that_is_not_space(
    text: str, language: str
) -> None:
    spans = sentence_spans(text, language)

    ends = [0, *(span.end for span in spans)]
    assert all(end <= span.start < span.end for end, span in zip(ends, spans, strict=False))
    covered = {at for span in spans for at in range(span.start, span.end)}
    assert all(char.isspace() for at, char in enumerate(text) if at not in covered)
