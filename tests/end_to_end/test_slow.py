"""A slow network, and an answer that is stopped before its end."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from assistant.language.wording import wording
from tests.chat_model_server import Behaviour, chat_model_server
from tests.end_to_end.chatting import Visit
from tests.end_to_end.conftest import served_from

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

QUESTION = "Who leads the network now?"
FOLLOW_UP = "And who led it before?"
TRUE = "Marit Oosterling, mayor of Wilgenhaven, was elected president with 71 votes [1]."
SLOW = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
"""400 kbit/s and 400 ms each way, as on a train."""


@pytest.fixture(scope="module")
def model() -> Iterator[tuple[str, Behaviour]]:
    with chat_model_server() as its:
        yield its


@pytest.fixture(scope="module")
def writing(sample_data: Path, model: tuple[str, Behaviour]) -> Iterator[str]:
    """The address of a server whose chat model takes its time."""
    settings = {
        "FORUM_CHAT_MODEL": "openai:slow",
        "FORUM_CHAT_BASE_URL": model[0],
        "FORUM_CHAT_API_KEY": "none",
        "FORUM_CHAT_SECONDS": "60",
    }
    with served_from(
        sample_data, port=None, sample=None, are_names_asked=False, **settings
    ) as site:
        yield site


@pytest.fixture
def visit(browser: "Browser", writing: str) -> Iterator[Visit]:
    context = browser.new_context(locale="en-GB")
    begun = Visit.within(context, writing)
    begun.open()
    yield begun
    context.close()


def begin(visit: Visit, state: str) -> None:
    """Ask, and wait until the answer is as far as that."""
    visit.page.fill("#question", QUESTION)
    visit.page.press("#question", "Enter")
    visit.page.locator(f".turn[data-state={state}]").wait_for()


def check_that_it_goes_on(visit: Visit, behaviour: Behaviour) -> None:
    visit.page.locator("#stop").wait_for(state="hidden")
    assert "Searching" not in visit.page.inner_text("#turns")
    assert wording("en")("status.stopped") in visit.page.inner_text("#turns")
    assert visit.page.evaluate("document.activeElement.id") == "question"
    behaviour.pieces, behaviour.pause = (TRUE,), 0.0
    turn = visit.ask(FOLLOW_UP)
    assert visit.questions == [QUESTION, FOLLOW_UP]
    assert turn.locator(".card").count() > 0


def test_an_answer_that_is_stopped_keeps_what_was_said_and_the_page_goes_on(
    visit: Visit, model: tuple[str, Behaviour]
) -> None:
    model[1].pieces, model[1].pause = (TRUE, *[" And"] * 40), 0.5
    begin(visit, "growing")

    visit.page.click("#stop")

    check_that_it_goes_on(visit, model[1])
    assert "71 votes" in visit.page.inner_text("#turns")


def test_a_question_that_is_stopped_before_its_answer_stands_alone(
    visit: Visit, model: tuple[str, Behaviour]
) -> None:
    model[1].pieces, model[1].pause = (TRUE,), 2.0
    begin(visit, "searching")

    visit.page.click("#stop")

    check_that_it_goes_on(visit, model[1])


def test_on_a_slow_network_the_page_says_at_once_that_it_works(
    browser: "Browser", site: str
) -> None:
    context = browser.new_context(locale="en-GB")
    visit = Visit.within(context, site)
    session = context.new_cdp_session(visit.page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", SLOW)
    visit.open()
    visit.page.fill("#question", QUESTION)
    visit.page.press("#question", "Enter")

    assert visit.page.inner_text(".turn .status") == "Searching the documents …"
    turn = visit.page.locator(".turn[data-state=done]")
    turn.locator(".answer.answered").wait_for()
    assert "Marit Oosterling" in turn.inner_text()
    assert visit.page.inner_text("#trouble") == ""
    context.close()


def test_what_is_typed_while_an_answer_is_written_stays_until_it_can_be_asked(
    visit: Visit, model: tuple[str, Behaviour]
) -> None:
    model[1].pieces, model[1].pause = (f"{TRUE} ", *[" And"] * 100), 0.5
    begin(visit, "growing")
    visit.page.fill("#question", FOLLOW_UP)
    visit.page.press("#question", "Enter")
    model[1].pause = 0.0  # from the next piece on
    visit.page.locator(".turn[data-state=done]").wait_for()

    visit.check_box(FOLLOW_UP)
    visit.page.press("#question", "Enter")
    visit.page.locator("#turns > .turn:nth-child(2)[data-state=done]").wait_for()
    assert visit.questions == [QUESTION, FOLLOW_UP]
    visit.check_box("")


def test_an_offered_question_leaves_what_is_half_written_in_the_box(visit: Visit) -> None:
    visit.page.fill("#question", FOLLOW_UP)
    visit.page.locator("#samples .offer").first.click()
    visit.page.locator(".turn[data-state=done] .answer").wait_for()

    visit.check_box(FOLLOW_UP)
