from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from urllib.parse import unquote

import pytest

from assistant.answering.assistant import Assistant
from assistant.answering.composing import SUGGESTIONS
from assistant.answering.deciding import EXCERPTS
from assistant.answering.passage_answers import SURE
from assistant.answering.reading import MOST_READ
from assistant.domain.corpus import Chunk, Document, Filters, Kind, Passage
from assistant.domain.dialogue import Answer, Mode, Outcome, Question, Turn
from assistant.domain.errors import QuestionError, StoreError
from assistant.language.languages import LANGUAGES, languages
from assistant.language.wording import wording
from ingest.chunking import chunk
from tests.builders import a_chunk, a_document, a_passage, an_assistant
from tests.fakes import BrokenLibrary, FakeGeneration, FakeLibrary, FakeReader, FakeVocabulary

SITE = "https://ask.test"
ACCENTED = "À quelle heure éteint-on les lampes ?"


def an_assistant_with(*passages: Passage, documents: tuple[Document, ...] = ()) -> Assistant:
    return an_assistant(FakeLibrary(FakeGeneration(*passages, documents=documents)))


def told_swedish(_: str, *, fallback: str) -> str:  # noqa: ARG001 - the port names it
    return "sv"


def told_as_before(text: str, *, fallback: str) -> str:
    del text
    return fallback


def passages_of(document: Document, best: str) -> list[Passage]:
    """Return the chunks of a document as passages, where the sentence with `best` scores best."""
    chunks = chunk(document, count_tokens=lambda text: len(text.split()), limit=400)
    return [
        replace(
            a_passage(each, score=1.0 if best in each.text else 0.5),
            sentence_scores=tuple(float(best in each.sentence(span)) for span in each.sentences),
        )
        for each in chunks
    ]


def test_an_answer_of_excerpts_is_whole_at_once() -> None:
    assistant = an_assistant_with(a_passage())

    (answer,) = assistant.ask(Question("When were the lamps renewed?"))

    assert isinstance(answer, Answer)
    assert (answer.outcome, answer.mode) == (Outcome.ANSWERED, Mode.QUOTING)
    assert answer.generation == "000007"


def test_answer_is_the_last_event_alone() -> None:
    assistant = an_assistant_with(a_passage())
    *_, last = assistant.ask(Question("When were the lamps renewed?"))

    assert assistant.answer(Question("When were the lamps renewed?")) == last


def test_citations_are_numbered_from_one_and_at_most_three() -> None:
    passages = [a_passage(a_chunk(f"Lamps {at}.", name=f"d{at}")) for at in range(EXCERPTS + 2)]

    answer = an_assistant_with(*passages).answer(Question("What of lamps?"))

    assert [citation.number for citation in answer.citations] == [1, 2, 3]


def test_a_citation_says_where_its_words_stand_to_the_letter() -> None:
    document = a_document()
    assistant = an_assistant_with(*passages_of(document, "Dim the lamps"), documents=(document,))

    (citation,) = assistant.answer(Question("When are lamps dimmed?")).citations

    excerpt = citation.excerpt
    assert document.text[excerpt.start : excerpt.end] == excerpt.text
    assert citation.quote == "Dim the lamps after midnight, but never switch them off."
    assert citation.source == document.source


def test_a_second_excerpt_is_shown_only_where_it_answers_nearly_as_well() -> None:
    first, near, far = (
        a_passage(a_chunk(f"{name} lamps.", name=name), score=score)
        for name, score in (("first", 0.9), ("near", 0.89), ("far", 0.8))
    )

    answer = an_assistant_with(first, near, far).answer(Question("What of lamps?"))

    assert [citation.source.title for citation in answer.citations] == ["First", "Near"]


def test_the_reader_decides_which_passage_answers_and_which_words_are_marked() -> None:
    found = [a_passage(a_chunk(f"{name} lamps.", name=name)) for name in ("one", "two", "three")]
    reader = FakeReader("two lamps", high=9.0)

    assistant = replace(an_assistant_with(*found), reader=reader)
    answer = assistant.answer(Question("What of lamps?"))

    assert answer.citations[0].quote == "two lamps."
    assert answer.support > 0.9


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_may_well_be_no_answer_is_shown_as_such(language: str) -> None:
    found = an_assistant_with(a_passage(a_chunk("Lamps.", language=language), score=0.1))
    surely, perhaps = (replace(found, reader=FakeReader("Lamps", high=it)) for it in (9.0, 2.0))
    question, words = Question("Lamps in the towns?", language), wording(language)

    assert surely.answer(question).lead_in == words("answer.one")
    assert 0.2 < perhaps.answer(question).support < SURE
    assert perhaps.answer(question).lead_in == words("answer.perhaps")


def test_what_no_passage_answers_by_the_reader_is_refused() -> None:
    assistant = replace(an_assistant_with(a_passage(score=0.1)), reader=FakeReader())

    assert assistant.answer(Question("What of lamps?")).outcome is Outcome.REFUSED


def test_a_number_asked_about_marks_the_row_whose_bracket_holds_it() -> None:
    text = (
        "| Inhabitants | Fee |\n| --- | --- |\n| up to 20,000 | 450 |\n"
        "| 20,000 to 100,000 | 900 |\n| over 100,000 | 1,800 |"
    )
    document = a_document(text=text)
    assistant = an_assistant_with(*passages_of(document, "up to 20,000"), documents=(document,))

    answer = assistant.answer(Question("What does a town of 50,000 pay?"))

    assert answer.citations[0].quote == "20,000 to 100,000 | 900"


def test_a_citation_links_to_its_quote_on_the_public_page() -> None:
    assistant = an_assistant_with(a_passage(a_chunk("Lamps are dimmed.")))

    (citation,) = assistant.answer(Question("When are lamps dimmed?")).citations

    assert citation.url == "https://forum.test/lighting"
    assert unquote(citation.link) == "https://forum.test/lighting#:~:text=Lamps are dimmed."


def test_a_document_without_a_page_of_its_own_is_linked_on_our_site() -> None:
    chunk = a_chunk("Lamps are dimmed.", url="/documents/a%20b.md")
    library = FakeLibrary(FakeGeneration(a_passage(chunk)))

    answered = an_assistant(library).answer(Question("When is that decided?"))
    refused = an_assistant(library, minimum_support=1.0).answer(Question("When is that decided?"))

    assert answered.citations[0].url == f"{SITE}/documents/a%20b.md"
    assert answered.citations[0].link.startswith(f"{SITE}/documents/a%20b.md#:~:text=")
    assert refused.suggestions[0].url == f"{SITE}/documents/a%20b.md"


def test_without_support_nothing_is_quoted() -> None:
    assistant = an_assistant_with(a_passage(strength=0.0))

    (answer,) = assistant.ask(Question("Who won the cup?"))

    assert isinstance(answer, Answer)
    assert answer.outcome is Outcome.REFUSED
    assert answer.citations == ()
    assert answer.lead_in == wording("en")("refusal.text")
    assert answer.generation == "000007"


def test_a_refusal_names_the_closest_documents_once_each() -> None:
    names = ["b", "a", "b", "c", "d"]
    library = FakeLibrary(FakeGeneration(*(a_passage(a_chunk(name=it)) for it in names)))
    assistant = an_assistant(library, minimum_support=1.0)

    answer = assistant.answer(Question("Who won the cup?"))

    assert [suggestion.source.title for suggestion in answer.suggestions] == ["B", "A"]
    assert len(answer.suggestions) == SUGGESTIONS


def test_a_refusal_names_no_document_that_is_not_close() -> None:
    assistant = an_assistant_with(a_passage(score=-0.1))

    answer = assistant.answer(Question("Who won the cup?"))

    assert (answer.outcome, answer.suggestions) == (Outcome.REFUSED, ())


def test_finding_nothing_is_a_refusal_even_where_no_support_is_demanded() -> None:
    assistant = an_assistant(FakeLibrary(FakeGeneration()), minimum_support=0.0)

    answer = assistant.answer(Question("Who won the cup?"))

    assert answer.outcome is Outcome.REFUSED
    assert answer.suggestions == ()


def test_a_passage_without_a_sentence_is_a_refusal() -> None:
    assistant = an_assistant_with(a_passage(a_chunk("## Lamps", sentences=[])))

    assert assistant.answer(Question("Are the lamps new?")).outcome is Outcome.REFUSED


@pytest.mark.parametrize(("minimum", "outcome"), [(0.0, Outcome.ANSWERED), (1.0, Outcome.REFUSED)])
def test_the_threshold_decides(minimum: float, outcome: Outcome) -> None:
    library = FakeLibrary(FakeGeneration(a_passage(strength=0.1)))
    assistant = an_assistant(library, minimum_support=minimum)

    assert assistant.answer(Question("When is that decided?")).outcome is outcome


@pytest.mark.parametrize("text", ["", "   ", "\n\t", "???", "!? … –", "🙂"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_an_empty_question_is_told_in_the_language_of_the_page(text: str, language: str) -> None:
    generation = FakeGeneration(a_passage())
    assistant = an_assistant(FakeLibrary(generation))

    with pytest.raises(QuestionError) as caught:
        assistant.answer(Question(text, interface_language=language))

    assert str(caught.value) == wording(language)("error.empty")
    assert generation.searches == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_question_that_is_too_long_is_told_with_both_lengths(language: str) -> None:
    generation = FakeGeneration(a_passage())
    assistant = an_assistant(FakeLibrary(generation))

    with pytest.raises(QuestionError) as caught:
        assistant.answer(Question("é" * 101, interface_language=language))

    assert str(caught.value) == wording(language)("error.too_long", length=101, limit=100)
    assert generation.searches == []


def test_white_space_does_not_count_towards_the_length() -> None:
    generation = FakeGeneration(a_passage())
    assistant = an_assistant(FakeLibrary(generation))

    answer = assistant.answer(Question(f"  {'a' * 49} \n\n {' ' * 200} {'b' * 50}  "))

    assert answer.question == f"{'a' * 49} {'b' * 50}"
    assert generation.searches[0][0] == answer.question


def test_half_a_character_is_left_out_of_a_question() -> None:
    answer = an_assistant_with(a_passage()).answer(Question("When were the \ud83d lamps renewed?"))

    assert answer.question == "When were the lamps renewed?"


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        ("Who \u202epays\u202c?", "Who pays?"),
        ("Who\u0000 pa\u00adys?\U000e0041", "Who pays?"),
        ("می\u200cخواهم 👩\u200d🚒", "می\u200cخواهم 👩\u200d🚒"),
    ],
)
def test_what_turns_or_hides_words_is_left_out_of_a_question(text: str, taken: str) -> None:
    assistant = an_assistant(FakeLibrary(FakeGeneration(a_passage())))

    assert assistant.answer(Question(text)).question == taken


def test_an_error_without_a_page_is_told_in_the_default_language() -> None:
    assistant = an_assistant(FakeLibrary(FakeGeneration()), default_language="nl")

    with pytest.raises(QuestionError) as caught:
        assistant.answer(Question(""))

    assert str(caught.value) == wording("nl")("error.empty")


@pytest.mark.parametrize(
    ("text", "page", "default", "spoken"),
    [
        (ACCENTED, "de", "en", "fr"),
        (ACCENTED, None, "en", "fr"),
        ("CLSPD", "de", "en", "de"),
        ("CLSPD", None, "nl", "nl"),
    ],
)
@pytest.mark.parametrize("strength", [0.0, 0.3])
def test_the_question_decides_the_language_and_the_page_where_it_is_unclear(
    text: str, page: str | None, default: str, spoken: str, strength: float
) -> None:
    library = FakeLibrary(FakeGeneration(a_passage(a_chunk(language="it"), strength=strength)))
    assistant = an_assistant(library, default_language=default)

    answer = assistant.answer(Question(text, interface_language=page))

    words = wording(spoken)
    assert answer.language == spoken
    assert answer.lead_in == words("answer.one" if strength else "refusal.text")


def test_a_question_in_a_language_without_words_of_ours_is_answered_in_english() -> None:
    generation = FakeGeneration(a_passage(strength=0.3))
    assistant = an_assistant(FakeLibrary(generation), detect_language=told_swedish)

    answer = assistant.answer(Question("Vad kostar lamporna?"))

    assert answer.language == "en"
    assert generation.searches[0][2] == "sv"


@pytest.mark.parametrize("language", LANGUAGES)
def test_on_a_page_in_one_of_ours_it_is_answered_in_the_language_of_the_page(language: str) -> None:
    generation = FakeGeneration()
    assistant = an_assistant(FakeLibrary(generation), detect_language=told_swedish)

    answer = assistant.answer(Question("Vad kostar lamporna?", interface_language=language))

    assert (answer.outcome, answer.language) == (Outcome.REFUSED, language)


def test_search_is_told_the_filters_and_the_language() -> None:
    filters = Filters(
        languages=frozenset({"fr"}),
        kinds=frozenset({Kind.EVENT}),
        published_from=date(2020, 1, 1),
    )
    generation = FakeGeneration(a_passage(a_chunk(language="fr")))

    an_assistant(FakeLibrary(generation)).answer(Question(ACCENTED, filters=filters))

    assert generation.searches == [(ACCENTED, filters, "fr")]


def test_a_question_word_alone_is_told_how_to_ask_and_after_a_question_belongs_to_it() -> None:
    assistant = an_assistant_with(*passages_of(a_document(), "Dim the"), documents=(a_document(),))

    said = (Turn("What do lamps cost?", "en"),)
    alone = assistant.answer(Question("why?"))
    after = assistant.answer(Question("why?", history=said))
    at_a_loss = assistant.answer(Question("what is it", history=(Turn("who", "en"),)))

    assert alone.lead_in == at_a_loss.lead_in == wording("en")("talk.capabilities")
    assert after.outcome is Outcome.ANSWERED


def test_no_more_passages_are_read_than_are_of_use() -> None:
    found = [a_passage(a_chunk(name=f"d{at}")) for at in range(20)]
    sure, unsure = FakeReader("lighting", high=20.0), FakeReader()

    for reader, count in ((sure, 1), (unsure, MOST_READ)):
        replace(an_assistant_with(*found), reader=reader).answer(Question("When is that decided?"))
        assert len(reader.read_chunks) == count


def test_the_plain_text_has_each_excerpt_under_its_place_and_closed_by_its_number() -> None:
    document = a_document()
    assistant = an_assistant_with(*passages_of(document, "Dim the"), documents=(document,))

    lines = assistant.answer(Question("What is recommended?")).text.splitlines()

    assert lines[0] == wording("en")("answer.one")
    assert lines[1] == "Lighting › What we recommend"
    assert lines[2] == "The working group makes three recommendations:"
    assert lines[-1] == "- Repair a broken lamp within five days. [1]"


@pytest.mark.parametrize(
    "call", [lambda each, q: list(each.ask(q)), lambda each, q: each.answer(q)]
)
def test_a_failing_store_is_told_as_what_it_is(
    call: Callable[[Assistant, Question], object],
) -> None:
    with pytest.raises(StoreError):
        call(an_assistant(BrokenLibrary()), Question("When is that decided?"))


@pytest.mark.parametrize(
    ("strength", "outcome", "shown"),
    [(0.12, Outcome.ANSWERED, ["Oil lamps are cheap."]), (0.0, Outcome.REFUSED, [])],
)
def test_a_follow_up_is_not_answered_again_with_what_answered_the_question_before(
    strength: float, outcome: Outcome, shown: list[str]
) -> None:
    said = a_passage(a_chunk("Gas lamps are dear.", name="gas"), strength=0.15)
    other = a_passage(a_chunk("Oil lamps are cheap.", name="oil"), strength=strength)
    asked = Turn("What do the lamps cost?", "en", quotes=("Gas lamps are dear.",))

    answer = an_assistant_with(said, other).answer(
        Question("And which of them are cheaper?", history=(asked,))
    )

    assert answer.outcome is outcome
    assert [citation.quote for citation in answer.citations] == shown


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("beside", "said_again"), [(0.12, True), (0.25, False)])
def test_a_follow_up_that_the_passage_before_surely_answers_shows_it_again_and_says_so(
    *, language: str, beside: float, said_again: bool
) -> None:
    said = a_passage(a_chunk("Gas lamps are dear.", name="gas"), strength=0.3)
    other = a_passage(a_chunk("Oil lamps are cheap.", name="oil"), strength=beside)
    history = (Turn("Lamps?", language, quotes=("Gas lamps are dear.",)),)
    bare = languages()[language].followups["bare"].split("|")[0]
    found = replace(an_assistant_with(said, other), detect_language=told_as_before)

    answer = found.answer(Question(f"{bare}?", language, history=history))

    shown = "Gas lamps are dear." if said_again else "Oil lamps are cheap."
    assert [citation.quote for citation in answer.citations] == [shown]
    assert answer.lead_in == wording(language)("answer.again" if said_again else "answer.one")


def test_a_question_in_capitals_is_searched_for_in_small_letters_and_shown_as_it_was_put() -> None:
    generation = FakeGeneration(a_passage())

    answer = an_assistant(FakeLibrary(generation)).answer(Question("WHO PAYS FOR THE LAMPS?"))

    assert generation.searches[0][0] == "who pays for the lamps?"
    assert (answer.question, answer.understood) == ("WHO PAYS FOR THE LAMPS?", "")


def test_the_next_of_a_list_is_summed_up_and_what_follows_is_about_it() -> None:
    lamps = a_passage(a_chunk("Lamps are dear.", name="lamps", title="Lamps of Ghent"))
    parks = a_passage(a_chunk("Parks are green.", name="parks", title="Parks of Ghent"))
    generation = FakeGeneration(lamps, parks)
    its = an_assistant(FakeLibrary(generation))
    names = (lamps.chunk.source.document_id, parks.chunk.source.document_id)
    listed = Turn("List the documents", "en", documents=names)
    first = its.answer(Question("Summarise the first one", "en", history=(listed,)))

    second = its.answer(Question("and the second one?", "en", history=(listed, first.turn)))
    its.answer(Question("What does it cost?", "en", history=(listed, second.turn)))

    assert [citation.quote for citation in second.citations] == ["Parks are green."]
    assert second.understood == "Summarise “Parks of Ghent”"
    assert generation.searches[-1][0] == "What does it cost? (Parks Ghent)"


def test_the_same_question_gets_the_same_answer() -> None:
    assistant = an_assistant_with(a_passage(), a_passage(a_chunk(name="other")))

    assert assistant.answer(Question("When is that decided?")) == assistant.answer(
        Question("When is that decided?")
    )


@pytest.mark.parametrize("text", ["Summarise the last one", "Summarise it", "Summarise the fifth"])
def test_a_summary_of_nothing_that_was_spoken_of_asks_which(text: str) -> None:
    answer = an_assistant_with().answer(Question(text, interface_language="en"))

    assert (answer.outcome, answer.lead_in) == (Outcome.SPOKEN, wording("en")("summary.which"))


@pytest.mark.parametrize(
    ("page", "text", "language"),
    [
        ("es", "Resuma «L'éclairage des rues»", "es"),
        ("en", "Summarise “L'éclairage des rues”", "en"),
        ("en", "Résumez « L'éclairage des rues »", "fr"),
        ("es", "Quel est le prix de «L'éclairage»?", "fr"),
    ],
)
def test_a_title_in_another_language_may_be_summed_up_in_that_of_the_page(
    page: str, text: str, language: str
) -> None:
    found = a_passage(a_chunk(name="rues", title="L'éclairage des rues", language="fr"))

    answer = an_assistant_with(found).answer(Question(text, interface_language=page))

    assert (answer.outcome, answer.language) == (Outcome.ANSWERED, language)


def test_a_slip_of_typing_is_mended_before_the_search_and_that_is_shown() -> None:
    generation = FakeGeneration(a_passage(), words=FakeVocabulary("lighting"))

    answer = an_assistant(FakeLibrary(generation)).answer(Question("Who pays for the lihgting?"))

    assert generation.searches[0][0] == "Who pays for the lighting?"
    assert answer.understood == "Who pays for the lighting?"
    assert answer.question == "Who pays for the lihgting?"


def test_a_question_spelt_right_is_shown_as_it_was_asked() -> None:
    generation = FakeGeneration(a_passage(), words=FakeVocabulary("lighting"))

    answer = an_assistant(FakeLibrary(generation)).answer(Question("Who pays for the lighting?"))

    assert answer.understood == ""


def test_one_word_gets_the_best_passage_and_other_documents_about_it() -> None:
    lighting = a_document("lighting")
    parks = a_document("parks", "Lamps are dimmed at night.", title="Lighting of parks")
    passages = [*passages_of(lighting, "renewed"), *passages_of(parks, "dimmed")]
    assistant = an_assistant_with(*passages, documents=(lighting, parks))

    answer = assistant.answer(Question("lighting", interface_language="en"))

    assert [citation.source.document_id for citation in answer.citations] == [lighting.id]
    assert [suggestion.source.document_id for suggestion in answer.suggestions] == [parks.id]


@pytest.mark.parametrize("text", ["Who renewed the lighting?", "lighting lamps"])
def test_a_question_of_several_words_gets_nothing_to_read_on(text: str) -> None:
    lighting = a_document("lighting")
    assistant = an_assistant_with(*passages_of(lighting, "renewed"), documents=(lighting,))

    answer = assistant.answer(Question(text, interface_language="en"))

    assert answer.outcome is Outcome.ANSWERED
    assert answer.suggestions == ()


@pytest.mark.parametrize(
    "text",
    ["I am looking for information about lighting", "Have you got any info on the lighting?"],
)
def test_who_looks_for_information_gets_what_the_topic_alone_would(text: str) -> None:
    lighting = a_document("lighting")
    parks = a_document("parks", "Lamps are dimmed at night.", title="Lighting of parks")
    passages = [*passages_of(lighting, "renewed"), *passages_of(parks, "dimmed")]
    assistant = an_assistant_with(*passages, documents=(lighting, parks))

    answer = assistant.answer(Question(text, interface_language="en"))

    assert [each.source.document_id for each in answer.citations] == [lighting.id]
    assert [each.source.document_id for each in answer.suggestions] == [parks.id]


class ShortReader:
    """Finds what answers only for a question of at most so many words, and none of Paris."""

    def read(self, question: str, chunks: Sequence[Chunk]) -> Sequence[Sequence[float]]:
        is_drowned = len(question.split()) > 15 or "Paris" in question
        return [[-8.0 if is_drowned else 5.0 for _ in chunk.sentences] for chunk in chunks]


STORY = (
    "We are a town by a river, near the sea. We have had much noise at night since last year,"
    " and must act."
)


@pytest.mark.parametrize(
    ("asked", "understood"),
    [
        ("What does membership cost?", "What does membership cost?"),
        ("My question is: what does it cost?", "what does it cost? ("),
    ],
)
def test_a_question_behind_a_story_is_answered(asked: str, understood: str) -> None:
    assistant = replace(an_assistant_with(a_passage()), reader=ShortReader(), question_limit=400)

    answer = assistant.answer(Question(f"{STORY} {asked}"))

    assert answer.outcome is Outcome.ANSWERED
    assert answer.understood.startswith(understood)


def test_a_question_behind_a_story_that_nothing_answers_is_refused() -> None:
    assistant = replace(an_assistant_with(a_passage()), reader=ShortReader(), question_limit=400)

    answer = assistant.answer(Question(f"{STORY} What does membership of Paris cost?"))

    assert answer.outcome is Outcome.REFUSED
    assert answer.understood == ""
