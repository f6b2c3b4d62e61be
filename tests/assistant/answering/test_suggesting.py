"""Questions that are offered to a member."""

from dataclasses import replace
from datetime import date

import pytest

from assistant.answering.requests import Want, understood
from assistant.answering.suggesting import following, starters
from assistant.domain.corpus import EVERYTHING, Source
from assistant.domain.dialogue import Answer, Mode, Outcome, Suggestion
from assistant.domain.publication import Announcement, QuestionForm
from assistant.language.languages import LANGUAGES
from assistant.language.wording import wording
from tests.builders import a_source, an_offered_question

LIGHTING = ("articles/lighting.md",)


def published(*newest: Source) -> Announcement:
    return Announcement(12, date(2021, 2, 1), ("en",), newest)


def an_answer(*sources: Source, outcome: Outcome = Outcome.LISTED) -> Answer:
    return Answer(
        question="?",
        language="en",
        outcome=outcome,
        mode=Mode.QUOTING,
        lead_in="",
        generation="1",
        suggestions=tuple(Suggestion(source, "https://forum.test") for source in sources),
    )


def test_one_question_of_each_form_is_offered_to_begin_with() -> None:
    forms = [
        QuestionForm.FACT,
        QuestionForm.FACT,
        QuestionForm.SUMMARY,
        QuestionForm.TOPIC,
        QuestionForm.LIST,
    ]
    known = [an_offered_question(f"{at}?", form=form) for at, form in enumerate(forms)]

    assert starters(known, None, wording("en"), 4) == ["0?", "4?", "2?", "3?"]


def test_what_is_offered_is_about_different_documents_where_it_can_be() -> None:
    known = [
        an_offered_question("When?", documents=["a.md"]),
        an_offered_question("Summarise A", form=QuestionForm.SUMMARY, documents=["a.md"]),
        an_offered_question("Summarise B", form=QuestionForm.SUMMARY, documents=["b.md"]),
        an_offered_question("On lamps?", form=QuestionForm.TOPIC, documents=["c.md", "a.md"]),
        an_offered_question("On bins?", form=QuestionForm.TOPIC, documents=["c.md", "d.md"]),
    ]

    assert starters(known, None, wording("en"), 3) == ["When?", "Summarise B", "On bins?"]


def test_other_forms_take_the_place_of_one_that_there_is_not() -> None:
    known = [an_offered_question(f"{at}?") for at in range(9)]

    assert len(set(starters(known, None, wording("en"), 4))) == 4


def test_a_question_in_another_language_is_never_offered() -> None:
    known = [an_offered_question("Qui ?", "fr")]

    offered = starters(known, published(a_source(title="Lamps")), wording("en"), 4)

    assert offered == ["What are the latest documents?", "Summarise “Lamps”"]


def test_where_no_document_is_in_the_language_the_newest_can_still_be_asked_for() -> None:
    offered = starters([], published(), wording("pt"), 4)

    assert offered == ["Quais são os últimos documentos?"]


def test_where_nothing_is_published_nothing_is_offered() -> None:
    assert starters([], None, wording("en"), 4) == []


def test_nothing_that_was_asked_is_offered_again_however_it_was_typed() -> None:
    known = [an_offered_question(each, documents=LIGHTING) for each in ("Who pays?", "When?")]
    answer = replace(an_answer(a_source()), question="summarise  “lighting”")

    assert following(known, answer, {"who PAYS?"}, wording("en"), 3) == ["When?"]


def test_what_has_nothing_to_do_with_the_answer_is_not_offered() -> None:
    known = [an_offered_question("Who pays for trees?", documents=["trees.md"])]
    long = a_source(title="L" * 61)

    assert following(known, an_answer(long), (), wording("en"), 3) == []


def test_questions_about_the_documents_of_the_answer_come_before_those_near_them() -> None:
    known = [
        an_offered_question("Dark?", documents=["dark.md"], near=LIGHTING),
        an_offered_question("Published?", form=QuestionForm.TOPIC, documents=["a.md", *LIGHTING]),
        an_offered_question("Newest?", form=QuestionForm.LIST),
        an_offered_question("Near?", documents=LIGHTING),
    ]
    answer = an_answer(a_source())

    first = following(known, answer, (), wording("en"), 3)
    then = following(known, answer, first, wording("en"), 3)

    assert first == ["Near?", "Summarise “Lighting”", "Published?"]
    assert then == ["Dark?"]


@pytest.mark.parametrize("outcome", [Outcome.REFUSED, Outcome.SPOKEN])
def test_nothing_follows_what_was_not_answered(outcome: Outcome) -> None:
    known = [an_offered_question(documents=LIGHTING)]

    assert following(known, an_answer(a_source(), outcome=outcome), (), wording("en"), 3) == []


def test_questions_to_go_on_with_are_in_the_language_of_the_answer() -> None:
    known = [
        an_offered_question("Wer?", "de", documents=LIGHTING),
        an_offered_question("Who?", documents=LIGHTING),
    ]
    answer = replace(an_answer(a_source()), language="de")

    assert following(known, answer, (), wording("de"), 3) == ["Wer?"]


def test_three_questions_follow_at_most() -> None:
    known = [an_offered_question(f"{at}?", documents=LIGHTING) for at in range(9)]

    assert following(known, an_answer(a_source()), (), wording("en"), 8) == ["0?", "1?", "2?"]


def test_documents_that_were_shown_can_be_summed_up_if_their_titles_are_short() -> None:
    lamps, long = a_source(title="Lamps"), a_source(title="L" * 61)
    answer = an_answer(lamps, lamps, long, a_source(title="Benches"))
    offered = following((), answer, (), wording("en"), 3)

    assert offered == ["Summarise “Lamps”", "Summarise “Benches”"]
    assert following((), answer, offered[:1], wording("en"), 3) == offered[1:]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_offered_is_understood(language: str) -> None:
    newest = published(a_source(title="The street lamps of Harrowmere"))
    latest, summary = starters((), newest, wording(language), 2)

    wanted = understood(latest, language, date(2026, 11, 23))
    assert (wanted.want, wanted.topic, wanted.is_latest) == (Want.LIST, "", True)
    assert wanted.filters == EVERYTHING
    assert understood(summary, language, date(2026, 11, 23)).want is Want.SUMMARY


@pytest.mark.parametrize("language", LANGUAGES)
def test_questions_about_a_topic_are_understood(language: str) -> None:
    words, today = wording(language), date(2026, 11, 23)

    listed = understood(words("samples.about", topic="Harrowmere"), language, today)
    recommended = understood(words("samples.recommendations", topic="Harrowmere"), language, today)

    assert (listed.want, listed.topic) == (Want.LIST, "Harrowmere")
    assert recommended.want is Want.ANSWER
