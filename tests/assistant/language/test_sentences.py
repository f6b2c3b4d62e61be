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


@pytest.mark.parametrize(
    "words",
    [
        "1. ",
        "(a) ",
        "l’art. 5 ",
        "max. 5 ",
        "l’A. R. ",
        "… ",
        "“A town ",
        "am 3. ",
        "It is so. ",
        "a",
    ],
)
def test_a_paragraph_of_200_000_characters_is_cut_whatever_stands_in_it(words: str) -> None:
    text = words * (200_000 // len(words))

    spans = sentence_spans(text, "en")

    assert (spans[0].start, spans[-1].end) == (0, len(text.rstrip()))


PIECES = [
    "max.",
    "l’art.",
    "l’A.",
    "1.",
    "12.",
    "(3.",
    "2)",
    "(",
    "«",
    "…",
    "M.",
    "am",
    "der",
    "Mai",
    "It is so.",
    "town",
]


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


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("fr", "Conformément à l'art. 119bis de la Nouvelle loi communale, le conseil décide."),
        ("fr", "Voir l’al. 2 de l’art. 5 du règlement."),
        ("fr", "Vu l’A.R. du 3 mai 2020, le collège décide."),
        ("fr", "Vu l’A. R. du 3 mai 2020, le collège décide."),
        ("fr", "Groupe de max. 5 personnes, tél. 02 123 45 67."),
        ("fr", "Le présent art. 7, par. 2, s'applique."),
        ("fr", "Cela dure env. 10 jours."),
        ("it", "Ai sensi dell’art. 54 del TUEL il sindaco decide."),
        ("it", "Vedi l’all. 3 e il par. 2."),
        ("it", "Info al tel. 06 123 45."),
        ("it", "Dura ca. 10 giorni, max. 5 persone."),
        ("nl", "Inlichtingen: tel. 02 123 45 67."),
        ("nl", "Zie art. 12, par. 3 en blz. 4."),
        ("nl", "Max. 5 personen, ca. 10 dagen, min. 3 uur."),
        ("nl", "Inlichtingen op gsm nr. 0470 12 34 56."),
        ("pt", "Informações: tel. 21 345 67 89."),
        ("pt", "Nos termos do art. 5 e do n. 3."),
        ("pt", "Ver pág. 7, máx. 5 pessoas, aprox. 10 dias."),
        ("en", "See para. 5 of the rules."),
        ("en", "Approx. 10 days, max. 5 persons, tel. 02 123 45."),
        ("en", "Call us on tel. +32 2 123 45."),
        ("en", "See fig. 3 and sec. 4, ch. 2, vol. 3."),
        ("en", "Cf. pp. 12 to 14 and no. 5."),
        ("de", "Gemäß Art. 5 Abs. 2 gilt dies, Tel. 02 123."),
        ("de", "Max. 5 Personen, ca. 10 Tage, mind. 3 Stunden, inkl. 21 % MwSt."),
        ("de", "Siehe Nr. 3 und S. 12."),
        ("es", "Según el art. 5, pág. 7, llame al tel. 91 123."),
        ("es", "Máx. 5 personas, aprox. 10 días, mín. 3 horas."),
        ("es", "Véase el núm. 3 y el párr. 4."),
    ],
)
def test_an_abbreviation_before_a_figure_or_behind_an_apostrophe_ends_no_sentence(
    language: str, sentence: str
) -> None:
    assert split(sentence, language) == [sentence]


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        ("en", ["It was art.", "It was fun."]),
        ("en", ["The team trained in Para.", "The film is over."]),
        ("nl", ["Er kwamen er 10.", "20 mensen bleven."]),
        ("fr", ["Il aime l'art.", "La ville aussi."]),
        ("fr", ["Il est venu.", "3 personnes sont parties."]),
        ("it", ["La città ama l’arte.", "54 musei sono aperti."]),
        ("es", ["El foro terminó.", "5 personas votaron."]),
        ("pt", ["Todos votaram pelo não.", "5 pessoas saíram."]),
        ("en", ["That is all.", "5 members left."]),
        ("fr", ["Il a couru 5 min.", "20 personnes regardaient."]),
        ("fr", ["Il habite à l'ouest.", "12 voisins aussi."]),
        ("en", ["The grades were 'A' and 'B'.", "Nobody failed."]),
    ],
)
def test_a_word_that_only_looks_abbreviated_ends_a_sentence(
    language: str, sentences: list[str]
) -> None:
    assert split(" ".join(sentences), language) == sentences
