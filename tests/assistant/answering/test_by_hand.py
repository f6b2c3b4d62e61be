"""Answers by hand: given to questions like theirs, and never in place of what changed since."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from assistant import wiring
from assistant.answering import by_hand
from assistant.answering.assistant import Assistant
from assistant.domain.by_hand import Basis, HandAnswer, State, digest, state
from assistant.domain.corpus import Chunk, DocumentId
from assistant.domain.dialogue import Mode, Outcome, Question, Turn
from assistant.settings import load
from tests.builders import a_document, a_hand_answer, an_assistant
from tests.fakes import FakeGeneration, FakeLibrary, FakeReader

TODAY = date(2026, 11, 29)
DOCUMENT = a_document()
RESTING_ON_IT = a_hand_answer(bases=(Basis(DOCUMENT.id, digest(DOCUMENT)),))


class Likeness(FakeGeneration):
    """Finds every two questions as alike as it is told."""

    def __init__(self, likeness: float) -> None:
        super().__init__(documents=[DOCUMENT])
        self._likeness = likeness

    def alike(self, text: str, others: Sequence[str]) -> Sequence[float]:
        del text
        return [self._likeness] * len(others)


def given(
    question: str,
    answer: HandAnswer = RESTING_ON_IT,
    *,
    likeness: float = 0.99,
    reader: FakeReader | None = None,
    beside: float = -5.0,
) -> HandAnswer | None:
    asked = by_hand.MemberQuestion(question, "en", TODAY)
    reading = by_hand.HandReading(reader, lambda: beside)
    return by_hand.given(asked, [answer], Likeness(likeness), reading)


def test_nearly_the_same_question_gets_it() -> None:
    assert given("how do we join") is RESTING_ON_IT


@pytest.mark.parametrize(("found", "likeness"), [("secretariat", 0.9), ("secretariat", 0.89)])
def test_a_question_alike_gets_it_where_the_reader_finds_its_answer(
    found: str, likeness: float
) -> None:
    assert given("Can we join?", likeness=likeness, reader=FakeReader(found)) is RESTING_ON_IT


def test_a_question_alike_does_not_get_it_where_the_reader_finds_no_answer() -> None:
    assert given("When may we leave?", likeness=0.93, reader=FakeReader("nowhere")) is None


def test_a_question_alike_does_not_get_it_where_the_documents_answer_better() -> None:
    reader = FakeReader("secretariat")
    assert given("Can we join?", likeness=0.93, reader=reader, beside=7.0) is None
    assert given("how do we join", likeness=0.99, reader=reader, beside=7.0) is RESTING_ON_IT


def test_another_question_does_not_get_it() -> None:
    assert given("Who pays?", likeness=0.8, reader=FakeReader("secretariat")) is None


def test_without_a_reader_questions_must_be_closer() -> None:
    assert given("Can we join?", likeness=0.97) is None
    assert given("Can we join?", likeness=0.99) is RESTING_ON_IT


def test_a_question_must_find_it_nearly_as_surely_as_the_one_it_was_written_for() -> None:
    class SurerOf(FakeReader):
        def read(self, question: str, chunks: Sequence[Chunk]) -> Sequence[Sequence[float]]:
            surer = 5.0 if question == "How do we join?" else 1.0
            return [[surer for _ in chunk.sentences] for chunk in chunks]

    assert given("Who may join?", likeness=0.93, reader=SurerOf()) is None
    assert given("How do we join?", likeness=0.93, reader=SurerOf()) is RESTING_ON_IT


def test_a_question_with_other_numbers_is_another() -> None:
    fees = replace(RESTING_ON_IT, questions=("What does a town of 5,000 pay?",))
    assert given("What does a town of 5,000 pay?", fees) is fees
    assert given("What does a town of 50,000 pay?", fees) is None


def test_readers_of_a_language_it_is_not_written_in_do_not_get_it() -> None:
    assert given("how do we join", replace(RESTING_ON_IT, texts={"fr": "Écrivez-nous."})) is None


def test_it_is_given_until_its_last_day() -> None:
    assert given("how do we join", replace(RESTING_ON_IT, valid_until=TODAY)) is not None
    assert given("how do we join", replace(RESTING_ON_IT, valid_until=date(2026, 11, 28))) is None


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (RESTING_ON_IT, State.GIVEN),
        (replace(RESTING_ON_IT, bases=(Basis(DOCUMENT.id, "another"),)), State.CHANGED),
        (replace(RESTING_ON_IT, bases=(Basis(DocumentId("gone.md"), "any"),)), State.MISSING),
        (replace(RESTING_ON_IT, is_withdrawn=True), State.WITHDRAWN),
        (replace(RESTING_ON_IT, valid_until=date(2020, 1, 1)), State.EXPIRED),
    ],
)
def test_it_stands_while_its_sources_do(answer: HandAnswer, expected: State) -> None:
    generation = FakeGeneration(documents=[DOCUMENT])
    assert state(answer, generation.document, TODAY) is expected
    assert (given("how do we join", answer) is answer) is (expected is State.GIVEN)


def test_a_member_reads_it_as_written_with_its_sources() -> None:
    known = replace(RESTING_ON_IT, texts={"en": "Write to us.\n\n- Name\n- Town"})
    assistant = an_assistant(FakeLibrary(FakeGeneration(documents=[DOCUMENT])))
    answer = replace(assistant, by_hand=lambda: [known]).answer(Question("How do we join?"))
    assert (answer.outcome, answer.mode) == (Outcome.ANSWERED, Mode.BY_HAND)
    assert answer.by_hand == "Write to us.\n\n- Name\n- Town"
    assert [each.source for each in answer.suggestions] == [DOCUMENT.source]
    assert "Write to us." in answer.text
    assert answer.turn.documents == (DOCUMENT.id,)


def test_a_follow_up_gets_it_as_it_is_understood() -> None:
    assistant = an_assistant(FakeLibrary(FakeGeneration(documents=[DOCUMENT])))
    assistant = replace(assistant, by_hand=lambda: [RESTING_ON_IT])
    history = (Turn("How do we join?", "en"),)
    answer = assistant.answer(Question("How do we join?", history=history))
    assert answer.mode is Mode.BY_HAND


@pytest.fixture(scope="module")
def sample(sample_data: Path) -> Assistant:
    config = load(data_dir=sample_data)
    return wiring.make_assistant(config, wiring.open_library(config))


FEES = a_hand_answer(
    questions=("Can a school become a member?",),
    texts={
        "en": "Schools cannot be members themselves; their town can bring them along as partners.",
        "fr": "Une école ne peut pas être membre ; sa ville peut l’associer comme partenaire.",
    },
)


@pytest.mark.parametrize(
    ("question", "is_given"),
    [
        ("can schools join as members?", True),
        ("Is it possible for our school to be a member", True),
        ("Une école peut-elle devenir membre ?", True),
        ("How do we become a member?", False),
        ("What did the audit of school surroundings find?", False),
        ("How long does a membership last?", False),
    ],
)
def test_with_the_real_models_rewordings_get_it_and_neighbours_do_not(
    sample: Assistant, question: str, *, is_given: bool
) -> None:
    answer = replace(sample, by_hand=lambda: [FEES]).answer(Question(question))
    assert (answer.mode is Mode.BY_HAND) is is_given, answer.text
