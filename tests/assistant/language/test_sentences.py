"""Sentence boundaries in the forum's languages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.language import sentences as cutting
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


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        ("en", ["It opens on weekdays from 10 to 18.", "Children under 12 come with an adult."]),
        ("en", ["The stop is in front of number 7.", "Volunteers earn nothing."]),
        ("fr", ["La maison ouvre de 10 à 18.", "M. Dupont habite au n° 7.", "Il vient."]),
        ("de", ["Das Haus öffnet von 10 bis 18.", "Kinder kommen mit."]),
        (
            "de",
            ["Das war am 3. Mai.", "Danach sprach der 2. Vorsitzende.", "Es waren 7.", "Gut so."],
        ),
        (
            "nl",
            ["Het huis is open van 10 tot 18.", "Kinderen komen mee.", "Zie nr. 7.", "Hij blijft."],
        ),
        ("it", ["La casa apre dalle 10 alle 18.", "I bambini entrano."]),
        ("es", ["La casa abre de 10 a 18.", "Los niños entran."]),
        ("pt", ["A casa abre das 10 às 18.", "As crianças entram."]),
        ("cs", ["Schůze byla 3. května.", "Přišlo jich 18.", "Potom šli domů."]),
    ],
)
def test_a_number_ends_a_sentence_unless_it_is_one_of_an_order(
    language: str, sentences: list[str]
) -> None:
    assert split(" ".join(sentences), language) == sentences


def test_a_short_rest_belongs_to_the_sentence_before_it() -> None:
    assert split("They agreed on 7. OK.", "en") == ["They agreed on 7. OK."]


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


@pytest.mark.parametrize("words", ["1. ", "(a) ", "… ", "“A town ", "am 3. ", "It is so. ", "a"])
def test_a_paragraph_of_a_million_characters_is_cut_whatever_stands_in_it(words: str) -> None:
    text = words * (1_000_000 // len(words))

    spans = sentence_spans(text, "en")

    assert (spans[0].start, spans[-1].end) == (0, len(text.rstrip()))


PIECES = ["1.", "12.", "(3.", "2)", "(", "«", "…", "M.", "am", "der", "Mai", "It is so.", "town"]


@given(
    st.lists(st.sampled_from(PIECES), min_size=20, max_size=60).map(" ".join),
    st.sampled_from(["en", "fr", "de"]),
)
def test_the_end_of_a_sentence_tells_as_much_as_all_of_it_whether_it_goes_on(
    text: str, language: str
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cutting, "LOOKED_BACK", len(text))
        whole = sentence_spans(text, language)

    assert sentence_spans(text, language) == whole


def test_a_paragraph_longer_than_the_segmenter_gets_at_once_is_cut_as_a_short_one() -> None:
    sentences = ["Mr. Smith met U.S. officials at 5 p.m. on Monday.", "The No. 3 plan is v2.5."]
    many = sentences * (3 * cutting.SECTION // len(" ".join(sentences)))

    assert split(" ".join(many), "en") == many
