"""A slow network, and an answer that is stopped before its end."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.chat_model_server import Behaviour, chat_model_server
from tests.end_to_end.conftest import served_from
from tests.end_to_end.test_chat_page import Visit

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

QUESTION = "Who leads the network now?"
FOLLOW_UP = "And who led it before?"
TRUE = "Marit Oosterling, mayor of Wilgenhaven, was elected president with 71 votes [1]."
SLOW = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
"""400 kbit/s and 400 ms each way, as on a train."""
NEXT_AT_ONCE = """questions => new MutationObserver(() => {
    const done = document.querySelector("#turn .turn[data-state=done]");
    if (!done || done.dataset.id === window.followed || !questions.length) return;
    window.followed = done.dataset.id;
    const next = questions.shift();
    const box = document.querySelector("#question textarea");
    box.value = next;
    box.dispatchEvent(new Event("input", { bubbles: true }));
    box.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
}).observe(document.querySelector("#turn"), { childList: true, subtree: true, attributes: true })"""


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
    with served_from(sample_data, port=None, sample=None, **settings) as site:
        yield site


@pytest.fixture
def visit(browser: "Browser", writing: str) -> Iterator[Visit]:
    context = browser.new_context(locale="en-GB")
    its = Visit(context.new_page(), writing)
    its.open()
    its.page.wait_for_selector("#ask:has-text('Ask')")
    yield its
    context.close()


def ask(visit: Visit, state: str) -> None:
    """Ask, and wait until the answer is as far as that."""
    visit.page.fill("#question textarea", QUESTION)
    visit.page.keyboard.press("Enter")
    visit.page.wait_for_selector(f"#turn .turn[data-state={state}]")


def check_that_it_goes_on(visit: Visit, behaviour: Behaviour) -> None:
    page = visit.page
    page.wait_for_selector("#stop", state="hidden")
    assert page.locator("#turn .turn[data-state=done] .question").inner_text() == QUESTION
    assert "Searching" not in page.inner_text("#turn")
    assert page.evaluate("document.activeElement.tagName") == "TEXTAREA"
    behaviour.pieces, behaviour.pause = (TRUE,), 0.0
    visit.ask("And who led it before?")
    assert page.locator(".turn .question").count() == 2
    assert page.locator("#turn .card").count() > 0
    page.wait_for_selector("#samples button:visible")  # they come a moment later


def test_an_answer_that_is_stopped_keeps_what_was_said_and_the_page_goes_on(
    visit: Visit, model: tuple[str, Behaviour]
) -> None:
    model[1].pieces, model[1].pause = (TRUE, *[" And"] * 40), 0.5
    ask(visit, "growing")

    visit.page.click("#stop")

    check_that_it_goes_on(visit, model[1])
    assert "71 votes" in visit.page.inner_text("#turns")


def test_a_question_that_is_stopped_before_its_answer_stands_alone(
    visit: Visit, model: tuple[str, Behaviour]
) -> None:
    model[1].pieces, model[1].pause = (TRUE,), 2.0
    ask(visit, "searching")

    visit.page.click("#stop")

    check_that_it_goes_on(visit, model[1])


def test_on_a_slow_network_the_page_says_at_once_that_it_works(
    browser: "Browser", site: str
) -> None:
    context = browser.new_context(locale="en-GB")
    visit = Visit(context.new_page(), site)
    session = context.new_cdp_session(visit.page)
    session.send("Network.enable")
    visit.open()
    session.send("Network.emulateNetworkConditions", SLOW)
    visit.page.reload()
    visit.page.wait_for_selector("#ask:has-text('Ask')")
    visit.page.fill("#question textarea", QUESTION)
    visit.page.keyboard.press("Enter")

    visit.page.wait_for_selector("#sent:has-text('Searching the documents')")
    visit.page.wait_for_selector("#turn .turn[data-state=done] .answer.answered")
    assert "Marit Oosterling" in visit.transcript
    assert visit.page.locator("#sent, #trouble").count() == 0
    context.close()


def test_what_is_typed_while_an_answer_is_written_stays_until_it_can_be_asked(
    visit: Visit, model: tuple[str, Behaviour]
) -> None:
    model[1].pieces, model[1].pause = (f"{TRUE} ", *[" And"] * 100), 0.5
    ask(visit, "growing")
    visit.page.fill("#question textarea", FOLLOW_UP)
    visit.page.keyboard.press("Enter")
    model[1].pause = 0.0  # from the next piece on
    visit.page.wait_for_selector("#turn .turn[data-state=done]")

    visit.check_box(FOLLOW_UP)
    visit.page.keyboard.press("Enter")  # Gradio may not be done with the answer yet
    visit.page.wait_for_selector(f".turn[data-state=done] .question:has-text('{FOLLOW_UP}')")
    assert visit.page.locator(".turn .question").all_inner_texts() == [QUESTION, FOLLOW_UP]
    visit.check_box("")


def test_what_a_page_around_asks_during_an_answer_waits_in_the_box(
    visit: Visit, model: tuple[str, Behaviour]
) -> None:
    model[1].pieces, model[1].pause = (f"{TRUE} ", *[" And"] * 100), 0.5
    ask(visit, "growing")
    asked = "text => document.dispatchEvent(new CustomEvent('assistant:ask', { detail: text }))"
    visit.page.evaluate(asked, FOLLOW_UP)
    model[1].pause = 0.0
    visit.page.wait_for_selector("#turn .turn[data-state=done]")

    visit.check_box(FOLLOW_UP)
    assert visit.page.locator(".turn .question").all_inner_texts() == [QUESTION]


def test_a_question_asked_in_the_moment_an_answer_is_whole_is_not_dropped(
    visit: Visit, model: tuple[str, Behaviour]
) -> None:
    """Gradio hears nothing between the last words and the end of the request."""
    model[1].pieces, model[1].pause = (TRUE,), 0.0
    asked = [f"Who leads the network in {year}?" for year in range(2020, 2026)]
    visit.page.evaluate(NEXT_AT_ONCE, asked[1:])

    visit.page.fill("#question textarea", asked[0])
    visit.page.keyboard.press("Enter")

    visit.page.wait_for_selector(f".turn[data-state=done] .question:has-text('{asked[-1]}')")
    assert visit.page.locator(".turn .question").all_text_contents() == asked


def test_a_sample_leaves_what_is_half_written_in_the_box(visit: Visit) -> None:
    visit.page.fill("#question textarea", FOLLOW_UP)
    visit.page.locator("#samples button").first.click()
    visit.page.wait_for_selector("#turn .turn[data-state=done] .answer")

    visit.check_box(FOLLOW_UP)
