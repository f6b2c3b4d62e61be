"""Answers by hand: versions follow each other, nothing is lost, what cannot be given is refused."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from assistant.domain.by_hand import Basis, HandAnswer
from assistant.domain.corpus import DocumentId
from assistant.domain.errors import InputError
from assistant.records.database import Database
from assistant.records.hand_answers import LONGEST_TEXT, MOST_QUESTIONS, HandAnswerStore
from tests.assistant.records.conftest import OpenDatabase
from tests.builders import a_hand_answer


@pytest.fixture
def store(database: Database) -> HandAnswerStore:
    return HandAnswerStore(database)


def test_an_answer_comes_back_as_it_was_written(store: HandAnswerStore) -> None:
    written = a_hand_answer(
        texts={"en": "Ask us.", "fr": "Demandez-nous."},
        bases=(Basis(DocumentId("pages/fees.md"), "abc"),),
        valid_until=date(2027, 1, 31),
    )
    number = store.add(written)
    assert store() == [replace(written, number=number, version=1)]


def test_a_new_version_is_given_and_the_old_one_is_kept(store: HandAnswerStore) -> None:
    number = store.add(a_hand_answer(texts={"en": "Before."}))
    store.add(a_hand_answer(number=number, texts={"en": "After."}))
    assert [answer.texts["en"] for answer in store()] == ["After."]
    assert [answer.texts["en"] for answer in store.versions(number)] == ["After.", "Before."]


def test_answers_that_are_written_at_once_are_all_kept(
    store: HandAnswerStore, open_database: OpenDatabase
) -> None:
    store.add(a_hand_answer())
    others = [HandAnswerStore(open_database()) for _ in range(6)]
    with ThreadPoolExecutor(len(others)) as pool:
        kept = list(pool.map(lambda other: [other.add(a_hand_answer()) for _ in range(5)], others))
    assert sorted(number for numbers in kept for number in numbers) == list(range(2, 32))


def test_a_withdrawn_answer_is_given_no_longer_and_still_listed(store: HandAnswerStore) -> None:
    number = store.add(a_hand_answer())
    store.add(a_hand_answer(questions=("What is new?",)))
    store.withdraw(number, by="Ana")
    assert [answer.number for answer in store()] == [2]
    assert [answer.number for answer in store.all()] == [2, 1]
    last = store.versions(number)[0]
    assert (last.is_withdrawn, last.by, last.version) == (True, "Ana", 2)


def test_an_unknown_answer_cannot_be_withdrawn(store: HandAnswerStore) -> None:
    with pytest.raises(InputError, match="no answer number 7"):
        store.withdraw(7, by="Ana")


def test_when_it_was_written_is_told_in_utc(store: HandAnswerStore) -> None:
    when = datetime.fromisoformat("2026-05-01T12:00:00+02:00")
    store.add(a_hand_answer(written=when))
    assert store()[0].written == datetime(2026, 5, 1, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("faulty", "told"),
    [
        (a_hand_answer(questions=()), "no question is named"),
        (a_hand_answer(questions=("why",) * (MOST_QUESTIONS + 1)), "41 questions; 40 are enough"),
        (a_hand_answer(questions=("why " * 200,)), "800 characters; shorten it to 500"),
        (a_hand_answer(texts={"en": ""}), "there is no answer"),
        (a_hand_answer(texts={"en": "a" * (LONGEST_TEXT + 1)}), "shorten it to 8000"),
        (a_hand_answer(bases=(Basis(DocumentId("a"), ""),) * 11), "11 documents are named"),
    ],
)
def test_what_cannot_be_given_is_refused_with_what_helps(
    store: HandAnswerStore, faulty: HandAnswer, told: str
) -> None:
    with pytest.raises(InputError, match=told):
        store.add(faulty)
    assert store.all() == []
