"""Questions that are offered to a member."""

from dataclasses import replace
from datetime import date

import pytest

from assistant.conversation.requests import Want, understood
from assistant.corpus import EVERYTHING, Source
from assistant.dialogue import Answer, Mode, Outcome, Suggestion
from assistant.golden_questions import GoldenQuestion
from assistant.suggesting import following, starters
from assistant.wording import LANGUAGES, wording
from tests.builders import a_source


def a_question(text: str, language: str = "en", document: str | None = "a.md") -> GoldenQuestion:
    return GoldenQuestion(text, language, document, None)


def an_answer(*sources: Source) -> Answer:
    return Answer(
        question="?",
        language="en",
        outcome=Outcome.LISTED,
        mode=Mode.QUOTING,
        lead_in="",
        generation="1",
        suggestions=tuple(Suggestion(its, "https://forum.test") for its in sources),
    )


def test_questions_of_another_language_are_offered_where_there_are_no_others() -> None:
    known = [a_question("Qui ?", "fr"), a_question("Who won?", "en", None)]

    assert starters(known, (), wording("en"), 4) == ["Qui ?"]


def test_nothing_that_was_asked_is_offered_again() -> None:
    known = [a_question("Who?"), a_question("When?")]

    assert following(known, an_answer(), {"Who?"}, wording("en"), 3) == ["When?"]


def test_questions_about_the_documents_of_the_answer_come_first() -> None:
    near = a_question("Near?", document="articles/lighting.md")
    known = [*(a_question(f"Far {at}?") for at in range(5)), near]

    assert following(known, an_answer(a_source()), (), wording("en"), 2) == ["Near?", "Far 0?"]


def test_questions_to_go_on_with_are_in_the_language_of_the_answer() -> None:
    known = [a_question("Wer?", "de"), a_question("Who?")]

    answer = replace(an_answer(), language="de")

    assert following(known, answer, (), wording("de"), 3) == ["Wer?"]


def test_summaries_of_the_documents_shown_stand_in_where_nobody_wrote_questions() -> None:
    lamps, long = a_source(title="Lamps"), a_source(title="L" * 61)
    answer = an_answer(lamps, lamps, long, a_source(title="Benches"))
    offered = following((), answer, (), wording("en"), 3)

    assert offered == ["Summarise “Lamps”", "Summarise “Benches”"]
    assert following((), answer, offered[:1], wording("en"), 3) == offered[1:]


@pytest.mark.parametrize("language", LANGUAGES)
def test_documents_are_offered_in_every_language(language: str) -> None:
    offered = starters((), [a_source(title="Lamps")], wording(language), 4)

    assert len(offered) == 2
    assert "Lamps" in offered[1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_offered_is_understood(language: str) -> None:
    documents = [a_source(title="The street lamps of Harrowmere")]
    latest, summary = starters((), documents, wording(language), 2)

    wanted = understood(latest, language, date(2026, 11, 23))
    assert (wanted.want, wanted.topic, wanted.is_latest) == (Want.LIST, "", True)
    assert wanted.filters == EVERYTHING
    assert understood(summary, language, date(2026, 11, 23)).want is Want.SUMMARY
