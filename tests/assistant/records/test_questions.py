"""What was asked: counted always, kept only where it is wanted, and gone when it should be."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from assistant.domain.dialogue import Answer, Cause, Citation, Mode, Outcome
from assistant.records import feedback
from assistant.records.database import Database
from assistant.records.feedback import FORMER_FILE, Feedback
from assistant.records.records import Records
from tests.assistant.records.conftest import IsOnDisk
from tests.builders import an_excerpt

CANARY = "capybara in the Kanaalzone"
TODAY, EARLIER = date(2026, 11, 29), date(2026, 10, 1)
CITED = Citation(1, an_excerpt(), "https://forum.test/lighting", "https://forum.test/lighting")


def an_answer(
    question: str = CANARY, outcome: Outcome = Outcome.REFUSED, **changes: object
) -> Answer:
    fields: dict[str, object] = {
        "question": question,
        "language": "en",
        "outcome": outcome,
        "mode": Mode.QUOTING,
        "lead_in": "",
        "generation": "000001",
        "cause": Cause.NOTHING if outcome is Outcome.REFUSED else None,
    }
    return Answer(**{**fields, **changes})  # type: ignore[arg-type] # one builder for all fields


def records_of(database: Database, days: int, day: date = TODAY) -> Records:
    made = Records.of(database, days)
    at = datetime(day.year, day.month, day.day, 14, 30)  # noqa: DTZ001 - the server's own zone
    return replace(
        made,
        questions=replace(made.questions, now=lambda: at),
        feedback=replace(made.feedback, today=lambda: day),
    )


def test_no_word_of_a_question_is_on_disk_while_none_is_kept(
    database: Database, is_on_disk: IsOnDisk
) -> None:
    records, answer = records_of(database, 0), an_answer()
    records.questions.add(answer)
    records.feedback.keep(answer, "down", "wrong", "it is wrong")
    records.questions.rated_badly(answer)
    assert not is_on_disk("capybara")


def test_every_question_is_counted_by_day_hour_language_and_outcome(database: Database) -> None:
    log = records_of(database, 0).questions
    for answer in (an_answer(), an_answer(), an_answer(outcome=Outcome.ANSWERED)):
        log.add(answer)
    counted = {(each.outcome, each.cause): each.count for each in log.counts(TODAY, TODAY)}
    assert counted == {(Outcome.REFUSED, Cause.NOTHING): 2, (Outcome.ANSWERED, None): 1}
    assert {(each.day, each.hour, each.language) for each in log.counts(TODAY, TODAY)} == {
        (TODAY, 14, "en")
    }


def test_cited_documents_are_counted(database: Database) -> None:
    log = records_of(database, 0).questions
    for _ in range(3):
        log.add(an_answer(outcome=Outcome.ANSWERED, citations=(CITED,)))
    assert log.cited(TODAY, TODAY) == {"articles/lighting.md": 3}
    assert log.cited(EARLIER, EARLIER) == {}


def test_a_kept_question_is_one_without_personal_data(
    database: Database, is_on_disk: IsOnDisk
) -> None:
    log = records_of(database, 30).questions
    log.add(an_answer("my name is Eva Roth, who pays? eva@roth.example"))
    (kept,) = log.kept(TODAY, TODAY)
    assert kept.text == "my name is [name], who pays? [e-mail]"
    assert (kept.day, kept.language, kept.cause, kept.was_in_vain) == (
        *(TODAY, "en", Cause.NOTHING, True),
    )
    assert not is_on_disk("Roth")


def test_small_talk_is_counted_and_never_kept(database: Database) -> None:
    log = records_of(database, 30).questions
    log.add(an_answer("hello", Outcome.SPOKEN))
    assert log.kept(TODAY, TODAY) == []
    assert [each.count for each in log.counts(TODAY, TODAY)] == [1]


def test_a_follow_up_is_kept_as_it_was_understood(database: Database) -> None:
    log = records_of(database, 30).questions
    log.add(an_answer("and in Ghent?", understood="Who pays for lamps in Ghent?"))
    assert [each.text for each in log.kept(TODAY, TODAY)] == ["Who pays for lamps in Ghent?"]


def test_a_bad_rating_is_told_of_the_question(database: Database) -> None:
    log, answer = records_of(database, 30).questions, an_answer(outcome=Outcome.ANSWERED)
    log.add(answer)
    assert [each.was_in_vain for each in log.kept(TODAY, TODAY)] == [False]
    log.rated_badly(answer)
    assert [each.was_in_vain for each in log.kept(TODAY, TODAY)] == [True]


def test_it_is_told_which_questions_a_document_was_shown_for(database: Database) -> None:
    log = records_of(database, 30).questions
    log.add(an_answer("who pays?", Outcome.ANSWERED, citations=(CITED,)))
    log.add(an_answer("who sings?"))
    assert [each.text for each in log.questions_on("articles/lighting.md")] == ["who pays?"]


def test_questions_go_with_their_age_and_counts_stay(
    database: Database, is_on_disk: IsOnDisk
) -> None:
    for day in (EARLIER, TODAY):
        earlier = records_of(database, 30, day)
        earlier.questions.add(an_answer(f"{CANARY} {day}"))
        earlier.feedback.keep(an_answer(f"{CANARY} {day}"), "down", "", "")
    records = records_of(database, 30)
    records.erase_what_is_old()
    assert [each.day for each in records.questions.kept(EARLIER, TODAY)] == [TODAY]
    assert [bool(each.question) for each in records.feedback.all()] == [False, True]
    assert not is_on_disk(f"{CANARY} {EARLIER}")
    assert len(records.questions.counts(EARLIER, TODAY)) == 2


def test_where_questions_are_kept_no_longer_all_go(
    database: Database, is_on_disk: IsOnDisk
) -> None:
    kept = records_of(database, 30)
    kept.questions.add(an_answer())
    kept.feedback.keep(an_answer(), "up", "", "")
    records_of(database, 0).erase_what_is_old()
    assert not is_on_disk("capybara")


@pytest.mark.parametrize(
    ("meant", "left"),
    [
        ({}, []),
        ({"holding": "CAPYBARA"}, ["who pays?"]),
        ({"holding": "100%"}, [CANARY, "who pays?"]),
        ({"before": TODAY}, [CANARY, "who pays?"]),
        ({"before": date(2027, 1, 1)}, []),
    ],
)
def test_what_is_meant_is_erased_and_nothing_else(
    database: Database, is_on_disk: IsOnDisk, meant: dict[str, object], left: list[str]
) -> None:
    records = records_of(database, 30)
    for question in (CANARY, "who pays?"):
        records.questions.add(an_answer(question))
        records.feedback.keep(an_answer(question), "down", "", "")
    erased = records.erase_questions(**meant)  # type: ignore[arg-type] # one table for both
    assert [each.text for each in records.questions.kept(TODAY, TODAY)] == left
    assert [each.question for each in records.feedback.all() if each.question] == left
    assert erased == 2 * (2 - len(left))
    assert is_on_disk("capybara") is (CANARY in left)


def test_what_is_erased_is_found_in_any_case_and_with_any_letters(
    database: Database, is_on_disk: IsOnDisk
) -> None:
    records = records_of(database, 30)
    records.questions.add(an_answer("où habite Émile STRAUSS ?"))
    assert records.erase_questions(holding="éMILE strauss") == 1
    assert not is_on_disk("STRAUSS")


def test_a_reason_that_names_somebody_is_erased_by_that_name(
    database: Database, is_on_disk: IsOnDisk
) -> None:
    feedback = records_of(database, 0).feedback
    feedback.keep(an_answer(), "down", "wrong", "ask capybara at the desk")
    assert feedback.erase(holding="capybara") == 1
    assert [(each.rating, each.reason) for each in feedback.all()] == [("down", "")]
    assert not is_on_disk("capybara")


def test_ratings_of_an_earlier_release_are_taken_over(database: Database) -> None:
    line = (
        '{"day": "2026-11-23", "rating": "down", "reason": "too old", "outcome": "answered", '
        '"language": "en", "documents": ["a.md"]}'
    )
    (database.folder / FORMER_FILE).write_text(f"{line}\ndamaged\n{{}}\n{line}", encoding="utf-8")
    taken: Feedback = records_of(database, 0).feedback
    assert [(each.day, each.reason) for each in taken.all()] == [
        (date(2026, 11, 23), "too old")
    ] * 2
    assert not (database.folder / FORMER_FILE).exists()
    assert len(taken.all()) == 2


def test_of_more_ratings_than_are_kept_the_oldest_go(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feedback, "MOST", 3)
    kept = records_of(database, 0).feedback
    for number in range(5):
        kept.keep(an_answer(), "down", "", f"reason {number}")

    assert [each.reason for each in kept.all()] == ["reason 2", "reason 3", "reason 4"]
