"""How documents are cut."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.domain.corpus import Chunk, Document, Kind
from ingest.chunking import chunk
from tests.builders import LIGHTING, a_document


def cut(document: Document, limit: int = 400) -> list[Chunk]:
    return chunk(document, count_tokens=lambda text: len(text.split()), limit=limit)


words = st.text(st.characters(categories=("L", "N", "P", "Zs")), min_size=1, max_size=60)
blocks = st.one_of(
    words,
    words.map(lambda text: f"## {text}"),
    st.lists(words, min_size=1, max_size=5).map(
        lambda items: "\n".join(f"- {item}" for item in items)
    ),
    st.lists(words, min_size=1, max_size=3).map(
        lambda items: "\n".join(f"{at}. {item}" for at, item in enumerate(items, start=1))
    ),
    words.map(lambda text: f"| a | {text} |\n| --- | --- |\n| {text} | b |"),
    words.map(lambda text: f"> {text}"),
    st.integers(1, 300).map(lambda count: "word " * count),
)
texts = st.one_of(st.lists(blocks, max_size=12).map("\n\n".join), st.text(max_size=300))


@given(texts, st.integers(20, 400))
@settings(deadline=None)
def test_chunks_are_slices_that_cover_the_text_once(text: str, limit: int) -> None:
    chunks = cut(a_document(text=text), limit)

    assert all(text[each.start : each.end] == each.text for each in chunks)
    ends = [0, *(each.end for each in chunks)]
    assert all(end <= each.start for end, each in zip(ends, chunks, strict=False))
    covered = {at for each in chunks for at in range(each.start, each.end)}
    assert all(char.isspace() for at, char in enumerate(text) if at not in covered)


@given(texts)
@settings(deadline=None)
def test_sentences_are_inside_their_chunk_and_apart(text: str) -> None:
    for each in cut(a_document(text=text), 60):
        starts = [each.start, *(span.end for span in each.sentences)]
        assert all(
            before <= span.start < span.end <= each.end
            for before, span in zip(starts, each.sentences, strict=False)
        )


@given(texts)
@settings(deadline=None)
def test_cutting_twice_is_equal(text: str) -> None:
    document = a_document(text=text)

    assert cut(document, 60) == cut(document, 60)


@given(texts)
@settings(deadline=None)
def test_ordinals_count_from_zero(text: str) -> None:
    chunks = cut(a_document(text=text), 60)

    assert [each.ordinal for each in chunks] == list(range(len(chunks)))


def test_each_recommendation_is_a_chunk_of_its_own_with_its_path_and_lead_in() -> None:
    paragraph, lead_in, *items = cut(a_document(text=LIGHTING))

    assert paragraph.kind is Kind.ARTICLE
    assert lead_in.text.endswith("three recommendations:")
    assert [item.text for item in items] == [
        "- Walk the streets at night before you plan.",
        "- Dim the lamps after midnight, but never switch them off.",
        "- Repair a broken lamp within five days.",
    ]
    assert {item.kind for item in items} == {Kind.RECOMMENDATION}
    assert {item.headings for item in items} == {("What we recommend",)}
    assert {item.lead_in for item in items} == {"The working group makes three recommendations:"}


@pytest.mark.parametrize(
    "lead_in",
    [
        "Nous faisons deux recommandations :",
        "De werkgroep doet twee aanbevelingen:",
        "Der Ausschuss empfiehlt zwei Schritte; die Empfehlungen:",
        "Il gruppo fa due raccomandazioni:",
        "Se hacen dos recomendaciones:",
    ],
)
def test_recommendations_are_known_in_every_language(lead_in: str) -> None:
    chunks = cut(a_document(text=f"{lead_in}\n\n- Eins zwei drei.\n- Vier fünf sechs."))

    assert [each.kind for each in chunks[-2:]] == [Kind.RECOMMENDATION] * 2


def test_a_nested_item_stays_with_its_own() -> None:
    text = "We recommend:\n\n- First thing\n  - with a detail\n- Second thing"

    assert [each.text for each in cut(a_document(text=text))[1:]] == [
        "- First thing\n  - with a detail",
        "- Second thing",
    ]


def test_items_of_a_plain_list_are_taken_together_up_to_the_size() -> None:
    items = "\n".join(f"- Item number {number} of the list." for number in range(5))

    (only,) = cut(a_document(text=f"The fair has stalls:\n\n{items}"))

    assert only.text.count("- Item") == 5


def test_a_chunk_never_crosses_a_heading() -> None:
    chunks = cut(
        a_document(text="Before.\n\n## One\n\nFirst.\n\n### Inner\n\nDeep.\n\n## Two\n\nLast.")
    )

    assert [each.headings for each in chunks] == [(), ("One",), ("One", "Inner"), ("Two",)]


def test_headings_and_table_heads_are_never_quotable() -> None:
    text = "## A heading\n\n| Town | Cost |\n| --- | --- |\n| Harrowmere | 96,000 euros |"
    (only,) = cut(a_document(text=text))

    assert [only.sentence(span) for span in only.sentences] == ["Harrowmere | 96,000 euros"]


def test_a_paragraph_that_is_too_long_is_cut_between_sentences() -> None:
    text = " ".join(f"Sentence number {number} has exactly seven words." for number in range(40))

    chunks = cut(a_document(text=text), 60)

    assert len(chunks) > 4
    assert all(each.text.endswith(".") for each in chunks)
    assert all(len(each.text.split()) + len(each.context.split()) <= 60 for each in chunks)


def test_a_sentence_without_end_is_cut_all_the_same() -> None:
    chunks = cut(a_document(text="word " * 1000), 60)

    assert all(len(each.text.split()) <= 60 for each in chunks)


def test_an_empty_document_has_no_chunks() -> None:
    assert cut(a_document(text="")) == []
    assert cut(a_document(text=" \n\n ")) == []
