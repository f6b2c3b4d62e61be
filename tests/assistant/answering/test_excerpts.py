"""What is shown of a document around the place that answers."""

from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.excerpts import (
    BEFORE,
    ITEMS,
    LENGTH,
    LONGEST_BLOCK,
    excerpt,
    sentence,
)
from assistant.domain.corpus import Document, Span
from assistant.domain.dialogue import Excerpt
from ingest.chunking import chunk
from tests.builders import LIGHTING, a_document

STEPS = (
    "Associations are welcome too.\n\n"
    "## How to apply\n\n"
    "Three steps are needed:\n\n"
    "1. The council decides to join.\n"
    "2. The decision is sent to the secretariat.\n"
    "3. The committee decides on the application.\n\n"
    "The fee is due in March.\n\n"
    "## What members receive\n\n"
    "They receive a letter."
)


def cut(document: Document, words: str, *others: str) -> Excerpt:
    """Return the excerpt around the first sentence that holds some words."""
    chunks = chunk(document, count_tokens=lambda text: len(text.split()), limit=400)
    spans = [span for each in chunks for span in each.sentences]

    def found(wanted: str) -> Span:
        return next(span for span in spans if wanted in document.text[span.start : span.end])

    best = found(words)
    holder = next(each for each in chunks if each.start <= best.start < each.end)
    return excerpt(document, holder, spans, best, [found(other) for other in others])


def test_a_sentence_comes_with_its_paragraph_and_is_marked() -> None:
    its = cut(a_document(), "renewed its street lighting")

    assert its.text == "The town renewed its street lighting in 2019. Residents had asked for it."
    assert its.quote == "The town renewed its street lighting in 2019."
    assert its.heading_path == "Lighting"


def test_an_item_comes_with_its_whole_list_and_the_sentence_before_it() -> None:
    its = cut(a_document(), "Dim the lamps")

    assert its.text.startswith("The working group makes three recommendations:")
    assert its.text.endswith("- Repair a broken lamp within five days.")
    assert its.quote == "Dim the lamps after midnight, but never switch them off."
    assert its.heading_path == "Lighting › What we recommend"


def test_the_sentence_that_introduces_a_list_comes_with_the_list() -> None:
    its = cut(a_document(), "three recommendations")

    assert its.text.count("\n- ") == 3


def test_steps_stay_in_their_order_under_their_heading() -> None:
    its = cut(a_document(text=STEPS), "sent to the secretariat")

    assert its.headings == ("How to apply",)
    assert its.text.splitlines()[0] == "Three steps are needed:"
    assert its.text.splitlines()[-1] == "3. The committee decides on the application."


def test_what_stands_under_another_heading_is_not_shown() -> None:
    its = cut(a_document(text=STEPS), "fee is due")

    assert "letter" not in its.text
    assert "welcome" not in its.text


def test_a_list_before_what_answers_is_not_torn_from_its_lead_in() -> None:
    lead_in = f"Residents {'complained of many things and ' * 9}so the town did this:"
    last = f"It cost 40 euros. {'The town has paid for it since then. ' * 9}"
    text = f"{lead_in}\n\n- It cleaned the street.\n- It opened a telephone.\n\n{last.strip()}"

    its = cut(a_document(text=text), "cost 40")

    assert its.text == last.strip()


LAMPS = f"The lamps are dimmed after midnight. {'They are lit again for guests. ' * 12}"


def test_no_excerpt_begins_with_a_sentence_that_leans_on_one_left_out() -> None:
    its = cut(
        a_document(text=f"{LAMPS}This saves power. {'Nobody had complained. ' * 20}"), "power"
    )

    assert its.text.startswith("The lamps are dimmed after midnight. They")
    assert its.quote == "This saves power."


def test_what_introduces_a_list_does_not_lean_on_a_paragraph_left_out() -> None:
    long = f"{'The fee is paid once. ' * 14}It is waived for small towns."
    its = cut(a_document(text=f"{long}\n\nIn this case:\n\n- Write to us.\n- Wait."), "Write")

    assert its.text.startswith(
        "The fee is paid once. It is waived for small towns.\n\nIn this case:"
    )


def test_where_all_that_is_near_leans_the_excerpt_begins_where_it_would_have() -> None:
    text = f"The lamps are dimmed. {'They are lit again for guests. ' * 40}This saves power."

    its = cut(a_document(text=text), "power")

    assert its.text.startswith("They are lit")
    assert its.marks[0].start - its.start <= BEFORE


def test_a_sentence_right_under_its_heading_needs_none_before_it() -> None:
    text = "## Lamps\n\nThe town has lamps.\n\n## At night\n\nThey are dimmed."

    assert cut(a_document(text=text), "dimmed").text == "They are dimmed."


def test_several_sentences_that_answer_are_all_marked() -> None:
    its = cut(a_document(text=STEPS), "council decides", "committee decides")

    assert its.quote == ("The council decides to join. … The committee decides on the application.")


def test_a_row_of_a_small_table_comes_with_the_whole_table() -> None:
    text = "| Town | Fee |\n| --- | --- |\n| Ghent | 450 |\n| Bruges | 300 |"

    its = cut(a_document(text=text), "Bruges")

    assert (its.text, its.head) == (text, "")
    assert its.quote == "Bruges | 300"


def test_a_row_of_a_long_table_comes_with_its_neighbours_and_the_head() -> None:
    rows = "\n".join(f"| Town {at} | {at} euros for every lamp |" for at in range(100, 200))
    text = f"| Town | Fee |\n| --- | --- |\n{rows}"

    its = cut(a_document(text=text), "Town 150")

    assert its.head == "| Town | Fee |\n| --- | --- |"
    assert "| Town 149 |" in its.text
    assert its.opens_inside
    assert its.closes_inside
    assert len(its.text) <= LENGTH


def test_an_item_of_a_long_list_comes_with_its_neighbours_and_the_lead_in() -> None:
    items = "\n".join(f"- Item {at} of many that are there." for at in range(100, 200))

    its = cut(a_document(text=f"There are many:\n\n{items}"), "Item 150")

    assert its.head == "There are many:"
    assert its.reading.startswith("There are many:\n…\n- Item ")
    assert its.reading.endswith(" …")


def test_a_long_paragraph_is_cut_between_sentences_so_that_the_mark_comes_early() -> None:
    text = " ".join(f"Sentence number {at} says a thing or two." for at in range(100, 200))

    its = cut(a_document(text=text), "number 150")

    assert its.text.startswith("Sentence number ")
    assert its.text.endswith("or two.")
    assert its.reading.startswith("… ")
    assert its.marks[0].start - its.start <= BEFORE
    assert len(its.text) <= LENGTH


def test_a_sentence_without_end_is_cut_at_a_word() -> None:
    its = cut(a_document(text="lamps and " * 300), "lamps")

    assert len(its.text) <= LENGTH
    assert its.closes_inside
    assert its.text.endswith(("lamps", "and"))


def test_numbered_paragraphs_of_a_law_are_a_list_with_its_lead_in() -> None:
    text = "Cameras may protect:\n\n1° Public buildings;\n\n2° Traffic;\n\n3° People."

    its = cut(a_document(text=text), "Traffic")

    assert its.text == text
    assert its.quote == "2° Traffic;"


def test_paragraphs_that_end_with_semicolons_are_a_list_with_its_lead_in() -> None:
    text = "You may turn to:\n\nThe commission;\n\nThe police; or\n\nA court.\n\nAll are free."

    its = cut(a_document(text=text), "The police")

    assert its.text == text.removesuffix("\n\nAll are free.")


def test_what_follows_a_numbered_list_is_no_item_though_the_last_ends_with_a_semicolon() -> None:
    text = f"Kept are:\n\n1° The images;\n\n2° The day;\n\n{'Who asks may see them. ' * 60}"

    assert cut(a_document(text=text), "The day").text.endswith("2° The day;")


def test_a_sentence_of_a_summary_stands_alone() -> None:
    document = a_document()
    (first, *_) = chunk(document, count_tokens=lambda text: len(text.split()), limit=400)

    its = sentence(document, first, first.sentences[0])

    assert its.text == its.quote == "The town renewed its street lighting in 2019."


lines_of_text = st.one_of(
    st.sampled_from(["", "## Heading", "Introduced by this:", "| a | b |", "| --- | --- |"]),
    st.sampled_from(["It leans on this. So does that.", "In this case, this:"]),
    st.builds(
        "{}{}".format,
        st.sampled_from(["", "- ", "  - ", "1. ", "> ", "| x | "]),
        st.text("ab. :|", min_size=1, max_size=120),
    ),
)


@given(st.lists(lines_of_text, max_size=30).map("\n".join), st.data())
def test_every_excerpt_is_a_slice_and_every_mark_lies_inside(
    text: str, data: st.DataObject
) -> None:
    document = a_document(text=text or LIGHTING)
    chunks = chunk(document, count_tokens=lambda text: len(text.split()), limit=60)
    pairs = [(each, span) for each in chunks for span in each.sentences]
    if not pairs:
        return
    spans = [span for _, span in pairs]
    holder, best = data.draw(st.sampled_from(pairs))
    others = data.draw(st.lists(st.sampled_from(spans), max_size=3))

    its = excerpt(document, holder, spans, best, others)

    assert document.text[its.start : its.end] == its.text
    assert its.head in document.text
    assert its.marks
    assert all(its.start <= mark.start < mark.end <= its.end for mark in its.marks)
    assert list(its.marks) == sorted(its.marks, key=lambda mark: mark.start)
    assert any(mark.start == max(best.start, its.start) for mark in its.marks)
    assert len(its.text) <= max(LONGEST_BLOCK, LENGTH, best.end - best.start) + LENGTH
    assert its.text.count("\n- ") <= 10 * ITEMS


def test_a_short_paragraph_at_the_end_comes_with_those_before_it() -> None:
    text = (
        f"{'It rained for a long time and nobody came. ' * 7}\n\n"
        f"{'The reasons were looked into by a committee. ' * 3}\n\nSo lamps are dimmed."
    )

    its = cut(a_document(text=text), "So lamps")

    assert its.text.startswith("It rained") or its.text.startswith("The reasons")
    assert its.text.endswith("So lamps are dimmed.")
    assert len(its.text) <= LENGTH
