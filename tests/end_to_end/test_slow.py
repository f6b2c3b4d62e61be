"""A slow network, a model that takes its time, and an answer that is stopped before its end."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from assistant.answering.composing import Frame
from assistant.language.wording import wording
from assistant.web.pages import answers
from tests.builders import an_excerpt
from tests.chat_model_server import Behaviour, chat_model_server
from tests.end_to_end.accessibility import violations
from tests.end_to_end.chatting import Visit
from tests.end_to_end.conftest import served_from

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

STREAM = "**/gradio_api/call/ask/*"
QUESTION = "Who leads the network now?"
FOLLOW_UP = "How do we become a member?"
TRUE = "Marit Oosterling, mayor of Wilgenhaven, was elected president with 71 votes [1]."
FURTHER = " Applicants must be full members of the network on the day of the deadline [2][3][4][5]."
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
    visit.page.locator(".prose p").nth(1).wait_for()

    visit.page.click("#stop")

    check_that_it_goes_on(visit, model[1])
    assert "71 votes" in visit.page.inner_text(".prose")
    assert visit.page.locator(".turn >> nth=0 >> .excerpt").is_visible()


def test_an_answer_that_is_stopped_before_the_models_first_sentence_is_one_of_excerpts(
    visit: Visit, model: tuple[str, Behaviour]
) -> None:
    model[1].pieces, model[1].pause = (TRUE,), 30.0
    begin(visit, "growing")

    visit.page.click("#stop")

    turn = visit.page.locator(".turn")
    assert turn.locator(".prose").count() == 0
    assert turn.locator(".excerpt").is_visible()
    assert turn.locator(".actions [data-action=copy]").is_visible()
    check_that_it_goes_on(visit, model[1])


def test_a_question_that_is_stopped_before_its_answer_stands_alone(
    visit: Visit, model: tuple[str, Behaviour]
) -> None:
    model[1].pieces, model[1].pause = (TRUE,), 2.0
    visit.page.route(STREAM, lambda _: None)
    begin(visit, "searching")
    visit.page.unroute(STREAM)

    visit.page.click("#stop")

    check_that_it_goes_on(visit, model[1])


LISTEN = """
    window.heard = [];
    const announcer = document.querySelector("#announcer");
    const hear = () => window.heard.push(announcer.textContent);
    new MutationObserver(hear).observe(announcer, { childList: true });
"""


@pytest.mark.parametrize("path", ["/?lang=en", "/widget?lang=en"])
def test_what_answers_stands_before_the_model_writes_and_its_sentences_come_above(
    visit: Visit, model: tuple[str, Behaviour], path: str
) -> None:
    model[1].pieces, model[1].pause = (TRUE, FURTHER, " It"), 1.5
    visit.open(path)
    visit.page.evaluate(LISTEN)
    begin(visit, "growing")
    excerpt = visit.page.locator(".excerpt").first
    assert excerpt.is_visible()
    assert visit.page.locator(".prose").count() == 0
    assert visit.page.inner_text(".status") == wording("en")("status.writing")
    assert violations(visit.page) == []
    visit.page.evaluate("window.first = document.querySelector('.excerpt')")

    visit.page.locator(".prose p").nth(1).wait_for()

    prose, below = visit.page.locator(".prose").bounding_box(), excerpt.bounding_box()
    assert prose
    assert below
    assert prose["y"] + prose["height"] <= below["y"]
    visit.page.locator(".turn[data-state=done]").wait_for()
    assert visit.page.evaluate("window.first.isConnected"), "somebody may be reading it"
    numbers = visit.page.locator(".prose .marker").all_inner_texts()
    assert [number.strip() for number in numbers] == ["[1]", "[2]"]
    assert visit.page.locator(".excerpt").count() == 2
    assert violations(visit.page) == []
    assert visit.page.evaluate("window.heard") == [
        "Searching the documents …",
        "Answered, with sources: 1. A language model is writing …",
        "Answered, with sources: 2",
    ]


def test_a_sentence_leads_to_its_excerpt_and_adds_nothing_to_the_history(
    visit: Visit, model: tuple[str, Behaviour]
) -> None:
    model[1].pieces, model[1].pause = (TRUE, FURTHER), 0.0
    turn = visit.ask(QUESTION)
    before = visit.page.evaluate("history.length")

    turn.locator(".prose a").last.click()

    target = visit.page.locator(".excerpt:target")
    assert "Applicants" in target.inner_text()
    assert target.evaluate("its => its.getBoundingClientRect().top < innerHeight")
    assert visit.page.evaluate("history.length") == before


def test_an_excerpt_that_somebody_reads_stays_where_it_is_when_sentences_come_above_it(
    visit: Visit, model: tuple[str, Behaviour]
) -> None:
    model[1].pieces, model[1].pause = (TRUE, FURTHER, " It"), 1.5
    visit.page.set_viewport_size({"width": 360, "height": 640})
    visit.page.emulate_media(reduced_motion="reduce")
    begin(visit, "growing")
    top = "document.querySelector('.excerpt').getBoundingClientRect().top"
    visit.page.mouse.move(180, 300)
    visit.page.mouse.wheel(0, 60)
    while visit.page.evaluate("scrollY") < 60:
        visit.page.wait_for_timeout(50)
    before = visit.page.evaluate(top)

    visit.page.locator(".turn[data-state=done] .prose").wait_for()

    assert visit.page.evaluate(top) == pytest.approx(before, abs=1)


def test_where_the_model_fails_the_excerpts_stand_with_a_line_that_says_so(
    visit: Visit, model: tuple[str, Behaviour]
) -> None:
    model[1].status = 500

    turn = visit.ask(QUESTION)
    model[1].status = 200

    assert turn.locator(".prose").count() == 0
    assert turn.locator(".excerpt").is_visible()
    assert turn.locator(".notice").inner_text() == wording("en")("notice.quoted_instead")


def test_where_the_connection_breaks_what_has_come_stands_and_the_page_goes_on(
    visit: Visit, model: tuple[str, Behaviour]
) -> None:
    words = wording("en")
    excerpt = an_excerpt("Marit Oosterling leads it.")
    frame = Frame(QUESTION, "", words, "000001", "https://forum.test")
    answer = frame.answered([excerpt])
    markup = answers.turn(QUESTION, answer, words, "", is_growing=True)
    said = json.dumps([{"state": "growing", "markup": markup, "conversation": ""}])
    visit.page.route(
        STREAM,
        lambda route: route.fulfill(
            content_type="text/event-stream", body=f"event: generating\ndata: {said}\n\n"
        ),
    )

    begin(visit, "stopped")

    visit.page.unroute(STREAM)
    assert "Marit Oosterling" in visit.page.inner_text(".turn .excerpt")
    assert visit.page.inner_text(".turn .status") == words("error.connection")
    model[1].pieces, model[1].pause = (TRUE,), 0.0
    assert visit.ask(FOLLOW_UP).locator(".card").count() > 0


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
