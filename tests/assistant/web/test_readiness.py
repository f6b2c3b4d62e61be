"""Whether the server says that it is ready."""

from dataclasses import dataclass, field

import pytest

from assistant.domain.errors import StoreError
from assistant.web.monitoring import AGAIN, SOON, Readiness, Task
from tests.assistant.web.staff.staffing import Clock


@dataclass
class Served:
    """What is published, a question that may fail, and a readiness that asks it."""

    generation: str | None = "000001"
    fault: Exception | None = None
    asked: int = 0
    clock: Clock = field(default_factory=Clock)
    waiting: list[Task] = field(default_factory=list)

    def ask(self) -> None:
        self.asked += 1
        if self.fault:
            raise self.fault

    def readiness(self) -> Readiness:
        return Readiness(
            lambda: self.generation, self.ask, clock=self.clock, start=self.waiting.append
        )

    def catch_up(self) -> None:
        """Let happen what goes on beside the requests."""
        while self.waiting:
            self.waiting.pop()()


def test_ready_means_that_a_question_was_answered() -> None:
    served = Served()
    ready = served.readiness()

    assert not ready()
    served.catch_up()

    assert ready()


def test_what_answers_no_question_is_not_ready_whatever_is_published() -> None:
    served = Served(fault=StoreError("damaged"))
    ready = served.readiness()

    ready()
    served.catch_up()

    assert not ready()


def test_any_fault_counts_also_one_that_nobody_thought_of() -> None:
    served = Served(fault=ZeroDivisionError())
    ready = served.readiness()

    ready.check()

    assert not ready()


def test_nothing_is_asked_for_each_request() -> None:
    served = Served()
    ready = served.readiness()
    ready.check()

    for _ in range(1000):
        assert ready()
    served.catch_up()

    assert served.asked == 1


def test_no_request_waits_for_a_question_and_none_is_asked_twice() -> None:
    seen: list[bool] = []
    started: list[Task] = []

    def ask() -> None:
        seen.append(ready())
        ready.check()

    ready = Readiness(lambda: "000001", ask, start=started.append)
    ready.check()

    assert (seen, started) == ([False], [])
    assert ready()


def test_it_is_asked_again_every_now_and_then() -> None:
    served = Served()
    ready = served.readiness()
    ready.check()
    served.fault = StoreError("damaged since")

    served.clock.now += AGAIN
    assert ready(), "the last answer counts while another is asked for"
    served.catch_up()

    assert not ready()


def test_another_generation_is_asked_at_once() -> None:
    served = Served()
    ready = served.readiness()
    ready.check()

    served.generation, served.fault = "000002", StoreError("of another model")
    ready()
    served.catch_up()

    assert not ready()


def test_what_is_mended_is_soon_ready() -> None:
    served = Served(fault=StoreError("damaged"))
    ready = served.readiness()
    ready.check()
    served.fault = None

    assert not ready()
    served.clock.now += SOON
    ready()
    served.catch_up()

    assert ready()


def test_where_nothing_is_published_nothing_is_asked() -> None:
    served = Served(generation=None)
    ready = served.readiness()

    assert not ready()
    assert served.waiting == []


def test_a_fault_is_told_once_and_not_every_few_seconds(caplog: pytest.LogCaptureFixture) -> None:
    served = Served(fault=StoreError("the catalogue is cut"))
    ready = served.readiness()

    for _ in range(5):
        ready.check()

    assert caplog.text.count("the catalogue is cut") == 1
