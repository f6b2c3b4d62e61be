"""The questions that are offered now: kept with what is published, or found beside the requests."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from assistant.answering.assistant import Assistant
from assistant.domain.corpus import DocumentId
from assistant.domain.errors import StoreError
from assistant.domain.ports import Library
from assistant.domain.publication import OfferedQuestion
from assistant.evaluation.golden_questions import GoldenQuestion
from assistant.offering.offering import OfferedQuestions, Offering, QuestionFinder, basis
from tests.builders import a_document, an_assistant, an_offered_question
from tests.fakes import FakeGeneration, FakeLibrary

LAMPS = an_offered_question(documents=["lamps.md"])
FORUM = FakeGeneration(documents=[a_document()])


class Published:
    """Keeps questions in memory; a full one takes none."""

    def __init__(self, *kept: OfferedQuestion, is_full: bool = False) -> None:
        self.kept: dict[str, OfferedQuestions] = {FORUM.name: kept} if kept else {}
        self._is_full = is_full

    def read(self, generation: FakeGeneration) -> OfferedQuestions | None:
        return self.kept.get(generation.name)

    def write(self, generation: FakeGeneration, questions: OfferedQuestions) -> None:
        if self._is_full:
            msg = "the disk is full"
            raise StoreError(msg)
        self.kept[generation.name] = questions


class FailingLater:
    """Hands out its generation once, and fails from then on."""

    def __init__(self) -> None:
        self.asked = 0

    @contextmanager
    def generation(self) -> Iterator[FakeGeneration]:
        self.asked += 1
        if self.asked > 1:
            msg = "the generation is damaged"
            raise StoreError(msg)
        yield FORUM


def nobody(library: Library) -> Assistant:
    msg = f"nothing was to be asked of {library}"
    raise AssertionError(msg)


def broken(library: Library) -> Assistant:
    msg = f"nothing can be asked of {library}"
    raise StoreError(msg)


def an_offering(library: Library, finder: QuestionFinder, *hidden: str) -> Offering:
    return Offering(library, finder, lambda: frozenset(map(DocumentId, hidden)))


def found_beside(offering: Offering) -> tuple[OfferedQuestion, ...]:
    """Return what is known at first, once all that was started meanwhile has ended."""
    before = set(threading.enumerate())
    known = offering()
    for thread in set(threading.enumerate()) - before:
        thread.join()
    return known


def test_what_is_kept_with_what_is_published_is_there_at_once_and_nothing_is_asked() -> None:
    published = Published(LAMPS)
    offering = an_offering(
        FakeLibrary(FORUM), QuestionFinder((), nobody, published.read, published.write)
    )

    assert found_beside(offering) == (LAMPS,)
    offering.find()
    assert offering() == (LAMPS,)


def test_where_nothing_is_kept_it_is_found_beside_the_requests_and_kept() -> None:
    published = Published()
    finder = QuestionFinder((), an_assistant, published.read, published.write)
    offering = an_offering(FakeLibrary(FORUM), finder)

    assert found_beside(offering) == ()

    assert "What are the latest documents?" in {each.text for each in offering()}
    assert published.kept[FORUM.name] == offering()


def test_what_cannot_be_kept_is_offered_all_the_same(caplog: pytest.LogCaptureFixture) -> None:
    published = Published(is_full=True)
    offering = an_offering(
        FakeLibrary(FORUM), QuestionFinder((), an_assistant, published.read, published.write)
    )

    offering.find()

    assert offering()
    assert "the disk is full" in caplog.text


def test_what_a_hidden_document_answered_is_offered_no_more() -> None:
    other = an_offered_question("Who?", documents=["trees.md"])
    published = Published(LAMPS, other)
    finder = QuestionFinder((), nobody, published.read, published.write)

    assert an_offering(FakeLibrary(FORUM), finder, "lamps.md")() == (other,)


def test_a_store_that_fails_meanwhile_is_a_line_in_the_log_and_no_stack_trace(
    caplog: pytest.LogCaptureFixture,
) -> None:
    published = Published()
    offering = an_offering(
        FailingLater(), QuestionFinder((), an_assistant, published.read, published.write)
    )

    assert found_beside(offering) == ()

    assert "the generation is damaged" in caplog.text


def test_a_draft_gets_its_questions_before_it_is_published() -> None:
    published = Published()

    QuestionFinder((), an_assistant, published.read, published.write).before_publishing(FORUM, None)

    assert published.kept[FORUM.name]


def test_a_generation_that_has_its_questions_is_asked_nothing() -> None:
    published = Published(LAMPS)

    QuestionFinder((), nobody, published.read, published.write).before_publishing(FORUM, None)

    assert published.kept == {FORUM.name: (LAMPS,)}


def test_that_nothing_can_be_asked_does_not_hold_a_publication_up(
    caplog: pytest.LogCaptureFixture,
) -> None:
    published = Published()

    QuestionFinder((), broken, published.read, published.write).before_publishing(FORUM, None)

    assert published.kept == {}
    assert "nothing can be asked" in caplog.text


def test_other_golden_questions_or_settings_are_another_basis() -> None:
    golden = GoldenQuestion("Who pays?", "en", "lamps.md", None)

    assert len({basis([], (0.2,)), basis([golden], (0.2,)), basis([golden], (0.3,))}) == 3
    assert basis([golden], (0.2,)) == basis([golden], (0.2,))
