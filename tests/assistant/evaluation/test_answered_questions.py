"""The golden questions that are offered, found in a thread beside the requests."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from assistant.errors import StoreError
from assistant.evaluation.answered_questions import AnsweredQuestions
from assistant.golden_questions import GoldenQuestion
from tests.builders import an_assistant
from tests.fakes import FakeGeneration


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
        yield FakeGeneration()


def test_a_store_that_fails_meanwhile_is_a_line_in_the_log_and_no_stack_trace(
    caplog: pytest.LogCaptureFixture,
) -> None:
    golden = GoldenQuestion("When were the lamps renewed?", "en", "lamps.md", None)
    answered = AnsweredQuestions([golden], FailingLater(), an_assistant)
    before = set(threading.enumerate())

    assert answered() == ()
    for thread in set(threading.enumerate()) - before:
        thread.join()

    assert "the generation is damaged" in caplog.text
