from collections.abc import Sequence
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.corpus import Chunk, Document, Kind, Passage
from assistant.quoting import LENGTH, LIST_ITEMS, SENTENCES, Corpus, choose
from ingest.chunking import chunk
from tests.builders import a_chunk, a_document, a_passage

NOTHING_ELSE = Corpus(lambda _: None, lambda _: [])


def chunks_of(document: Document, limit: int = 400) -> list[Chunk]:
    return chunk(document, count_tokens=lambda text: len(text.split()), limit=limit)


def corpus_of(*documents: Document, limit: int = 400) -> Corpus:
    held = {document.id: document for document in documents}
    return Corpus(held.get, lambda its: chunks_of(held[its], limit))


def scored(chunk: Chunk, *scores: float, score: float = 0.5) -> Passage:
    return replace(
        a_passage(chunk, score=score),
        sentence_scores=scores,
        sentence_similarities=(0.2,) * len(scores),
    )


def sentences(*texts: str, start: int = 0, name: str = "lighting") -> Chunk:
    """Return a chunk of one paragraph made of these sentences."""
    spans, at = [], start
    for text in texts:
        spans.append((at, at + len(text)))
        at += len(text) + 1
    return a_chunk(" ".join(texts), start=start, sentences=spans, name=name)


def best_first(document: Document, best: str, limit: int = 400) -> list[Passage]:
    """Return a document's chunks as passages, where the sentence with `best` in it scores best."""
    return [
        scored(its, *(1.0 if best in its.sentence(span) else 0.1 for span in its.sentences))
        for its in chunks_of(document, limit)
    ]


def texts_of(
    question: str, passages: Sequence[Passage], corpus: Corpus = NOTHING_ELSE
) -> list[str]:
    return [quote.text for quote in choose(question, passages, corpus)]


def test_the_best_sentence_is_quoted_alone_when_the_others_are_far_behind() -> None:
    passage = scored(sentences("Rain fell.", "Lamps cost little.", "Dogs bark."), 0.1, 0.9, 0.2)

    assert texts_of("What do lamps cost?", [passage]) == ["Lamps cost little."]


def test_the_best_comes_first_and_close_seconds_follow_in_the_order_of_the_document() -> None:
    passage = scored(sentences("A lamp.", "Rain.", "Lamps.", "A lantern."), 0.88, 0.1, 0.9, 0.89)

    assert texts_of("Which lamps?", [passage]) == ["Lamps.", "A lamp.", "A lantern."]


def test_a_number_is_preferred_where_one_is_asked_for() -> None:
    passage = scored(sentences("Towns bought lamps.", "Towns bought 40 lamps."), 0.30, 0.28)

    assert texts_of("How many lamps did towns buy?", [passage])[0] == "Towns bought 40 lamps."
    assert texts_of("What did they buy?", [passage])[0] == "Towns bought lamps."


def test_a_price_is_preferred_where_one_is_asked_for() -> None:
    passage = scored(sentences("All 40 lamps have a price.", "Each cost 9 euros."), 0.40, 0.33)

    assert texts_of("How much do lamps cost?", [passage])[0] == "Each cost 9 euros."
    assert texts_of("How many lamps have one?", [passage])[0] == "All 40 lamps have a price."


def test_a_duration_is_preferred_where_it_is_asked_how_long() -> None:
    passage = scored(sentences("All 40 lamps burn.", "Bulbs last two years."), 0.40, 0.33)

    assert texts_of("How long do lamps burn?", [passage])[0] == "Bulbs last two years."
    assert texts_of("How many lamps burn?", [passage])[0] == "All 40 lamps burn."


def test_a_name_is_preferred_where_somebody_is_asked_for() -> None:
    passage = scored(sentences("Towns lead it.", "Now Marit Oosterling leads it."), 0.30, 0.28)

    assert texts_of("Who leads it?", [passage])[0] == "Now Marit Oosterling leads it."
    assert texts_of("What leads it?", [passage])[0] == "Towns lead it."


def test_a_pronoun_is_quoted_with_the_sentence_that_says_what_it_means() -> None:
    passage = scored(sentences("Rain fell.", "Lamps shine.", "They cost little."), 0.1, 0.2, 0.9)

    assert texts_of("What is cheap?", [passage]) == ["Lamps shine. They cost little."]


def test_the_sentence_before_is_not_quoted_twice() -> None:
    passage = scored(sentences("Lamps shine.", "They cost little."), 0.9, 0.89)

    assert texts_of("What about lamps?", [passage]) == ["Lamps shine.", "They cost little."]


def test_a_row_keeps_the_head_of_its_table() -> None:
    document = a_document(
        "fees", "Fees follow.\n\n| Town | Fee |\n| --- | --- |\n| Ghent | 300 |\n| Lier | 90 |"
    )
    passages = best_first(document, "Lier")

    best = choose("What does Lier pay?", passages, corpus_of(document))[0]

    assert (best.text, best.head) == ("Lier | 90", ("Town", "Fee"))


def test_the_document_of_the_best_sentence_comes_first() -> None:
    first = scored(sentences("The answer.", name="a"), 0.9)
    second = scored(sentences("Nearly so.", "More of it.", name="b"), 0.89, 0.88)

    found = choose("Which?", [second, first], NOTHING_ELSE)

    assert [its.chunk.source.title for its in found] == ["A", "B", "B"]


def test_the_score_of_the_passage_counts_beside_that_of_the_sentence() -> None:
    weak = scored(sentences("A distant mention."), 0.6, score=0.1)
    strong = scored(sentences("The matter itself.", name="b"), 0.5, score=0.9)

    assert texts_of("Which?", [weak, strong]) == ["The matter itself."]


def test_never_more_sentences_than_allowed() -> None:
    texts = [f"Lamp number {at} is lit." for at in range(SENTENCES + 3)]
    passage = scored(sentences(*texts), *[0.9] * len(texts))

    assert len(texts_of("Which lamps?", [passage])) == SENTENCES


def test_a_sentence_that_would_make_the_answer_too_long_is_left_out() -> None:
    long = "word " * (LENGTH // 5) + "end."
    passage = scored(sentences("First.", long, "Third."), 0.9, 0.89, 0.88)

    assert texts_of("Which?", [passage]) == ["First.", "Third."]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("The lamps are new.", "The lamps are new."),
        ("The lamps are new.", "THE LAMPS – are new!"),
        ("In 2019 the lamps are new, they say.", "The lamps are new"),
        ("the lamps", "Nobody doubts that the lamps are new."),
    ],
)
def test_nothing_is_said_twice(first: str, second: str) -> None:
    one = scored(sentences(first), 0.9)
    other = scored(sentences(second, name="copy"), 0.89)

    assert texts_of("Which?", [one, other]) == [first]


@pytest.mark.parametrize(
    "asked",
    ["What do lamps cost?", "« Que coûtent les lampes ? »", "“What do lamps cost?”", "Costs?  "],
)
def test_a_question_in_a_document_is_no_answer(asked: str) -> None:
    passage = scored(sentences(asked, "They cost little."), 0.9, 0.5)

    assert texts_of("What do lamps cost?", [passage]) == ["They cost little."]


def test_nothing_is_quoted_from_passages_without_sentences() -> None:
    heading = scored(replace(a_chunk("## Lamps"), sentences=()))

    assert choose("Lamps?", [heading], NOTHING_ELSE) == []
    assert choose("Lamps?", [], NOTHING_ELSE) == []


def test_a_lead_in_is_answered_by_all_items_of_its_list() -> None:
    document = a_document()
    passages = best_first(document, "makes three recommendations")

    found = choose("What does the group recommend?", passages, corpus_of(document))

    assert [its.text for its in found] == [
        "Walk the streets at night before you plan.",
        "Dim the lamps after midnight, but never switch them off.",
        "Repair a broken lamp within five days.",
    ]
    assert all(its.is_item for its in found)


def test_items_stand_in_chunks_that_hold_them() -> None:
    document = a_document()

    found = choose("?", best_first(document, "three recommendations"), corpus_of(document))

    assert len({its.chunk.ordinal for its in found}) == 3
    for its in found:
        assert its.chunk.start <= its.span.start < its.span.end <= its.chunk.end
        assert document.text[its.span.start : its.span.end] == its.text


def test_an_item_too_long_for_one_chunk_is_not_lost() -> None:
    long = " ".join(f"Lamp number {at} is lit." for at in range(20))
    document = a_document(text=f"We ask:\n\n- First.\n- {long}\n- Last.")
    passages = best_first(document, "We ask", limit=40)

    found = texts_of("What?", passages, corpus_of(document, limit=40))

    assert found[0] == "First."
    assert " ".join(found[1:-1]) == long
    assert found[-1] == "Last."


def test_nested_items_belong_to_the_list_and_what_follows_does_not() -> None:
    text = (
        "We ask two things:\n\n1. Light\n  - at night\n2. Water\n\nNothing else.\n\n- Another list"
    )
    document = a_document(text=text)

    found = texts_of("What?", best_first(document, "two things"), corpus_of(document))

    assert found == ["Light", "at night", "Water"]


def test_a_colon_that_introduces_no_list_is_quoted_itself() -> None:
    document = a_document(text="Note well:\n\nThe lamps are new.\n\n- An item elsewhere.")

    found = texts_of("What?", best_first(document, "Note well"), corpus_of(document))

    assert found == ["Note well:"]


def test_a_lead_in_of_an_unknown_document_is_quoted_itself() -> None:
    passage = scored(sentences("We recommend:"), 0.9)

    assert texts_of("What?", [passage]) == ["We recommend:"]


def test_a_very_long_list_is_cut_short() -> None:
    items = "\n".join(f"- thing number {at}" for at in range(LIST_ITEMS + 5))
    document = a_document(text=f"These are the things:\n\n{items}")

    found = texts_of("What?", best_first(document, "These are"), corpus_of(document))

    assert found[0] == "thing number 0"
    assert len(found) == LIST_ITEMS


def test_an_item_found_by_itself_is_known_as_an_item() -> None:
    document = a_document(text="Some words here.\n\n- Dim the lamps.\n- Water the trees.")

    found = choose("?", best_first(document, "Water the trees"), corpus_of(document))

    assert [(its.text, its.is_item) for its in found] == [("Water the trees.", True)]


def test_a_row_is_quoted_without_its_outer_bars() -> None:
    table = "| Town | Lamps |\n| --- | --- |\n| Ghent | 40 |\n|  | 50 |\n| Bruges |  |"
    document = a_document(text=table)

    for row in ("Ghent | 40", "50", "Bruges"):
        assert texts_of("?", best_first(document, row), corpus_of(document)) == [row]


def test_a_sentence_of_a_paragraph_is_no_item() -> None:
    found = choose("?", best_first(a_document(), "Residents had asked"), NOTHING_ELSE)

    assert [its.is_item for its in found] == [False]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("What do you recommend for lamps?", "Dim the lamps."),
        ("Que recommandez-vous ?", "Dim the lamps."),
        ("What happened to the lamps?", "The lamps were talked about."),
    ],
)
def test_a_recommendation_is_preferred_where_one_is_asked_for(question: str, expected: str) -> None:
    mention = scored(sentences("The lamps were talked about.", name="news"), 0.9)
    advice = scored(replace(sentences("Dim the lamps."), kind=Kind.RECOMMENDATION), 0.84)

    assert texts_of(question, [mention, advice])[0] == expected


def test_the_same_passages_give_the_same_quotes() -> None:
    document = a_document()
    passages = best_first(document, "Walk the streets")

    once, again = (choose("?", passages, corpus_of(document)) for _ in range(2))

    assert once == again


def marked_text() -> st.SearchStrategy[str]:
    """Text in which the marks of light Markdown are as common as words."""
    words = ["# ", "- ", "  - ", "1. ", "> ", "| ", " | ", "\n", "\n\n", "Dim lamps. ", "We ask:"]
    return st.lists(st.one_of(st.sampled_from(words), st.text(max_size=8)), max_size=30).map(
        "".join
    )


@given(marked_text(), st.integers(2, 60), st.randoms(use_true_random=False), st.text(max_size=20))
def test_every_quote_is_a_slice_of_its_document(
    text: str,
    limit: int,
    random: Random,
    question: str,
) -> None:
    document = a_document(text=text)
    passages = [
        scored(its, *(random.random() for _ in its.sentences), score=random.random())
        for its in chunks_of(document, limit)
    ]

    for quote in choose(question, passages, corpus_of(document, limit=limit)):
        assert quote.text == document.text[quote.span.start : quote.span.end]
        assert quote.text.strip()
        assert quote.is_item or any(
            its.start == quote.span.start and quote.span.end <= its.end
            for its in quote.chunk.sentences
        )


def test_a_sentence_without_end_is_quoted_up_to_the_length_of_an_answer() -> None:
    passage = scored(sentences("word " * 300 + "end."), 0.9)

    (quote,) = texts_of("Which?", [passage])

    assert 500 < len(quote) <= 600
    assert quote.endswith("word")
