"""A connection that breaks for a moment, and a server that refuses a question."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

from tests.end_to_end.test_chat_page import Visit

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Route

pytestmark = pytest.mark.browser

FIRST = "Who pays for the cameras?"
SECOND = "Who leads the network now?"
JOIN = "**/gradio_api/queue/join*"
STREAM = "**/gradio_api/queue/data*"
# The server closes the stream of its messages once all are told. Where a question is sent before
# the page hears of that, Gradio waits for its answer in the stream that is just closed.
CLOSE_LATE = """
let isFirst = true;
let closeNow;
const plain = window.fetch;
window.fetch = async (...request) => {
    const url = request[0]?.url ?? String(request[0]);
    const isAsked = url.includes("/queue/join") && request[1].body.includes("cameras?");
    const response = await plain(...request);
    if (isAsked) setTimeout(() => closeNow(), 300);
    if (!url.includes("/queue/data") || !isFirst) return response;
    isFirst = false;
    let held = "";
    const decoder = new TextDecoder();
    const encoder = new TextEncoder();
    const late = new TransformStream({
        async transform(chunk, out) {
            held += decoder.decode(chunk, { stream: true });
            const whole = held.match(/^[^]*\\n\\n/)?.[0] ?? "";
            held = held.slice(whole.length);
            const [, told, closing] = whole.match(/^([^]*?)(data: {"msg":"close_stream"[^]*)?$/);
            out.enqueue(encoder.encode(told));
            if (!closing) return;
            document.documentElement.dataset.stream = "over";
            await new Promise((resolve) => (closeNow = resolve));
            document.documentElement.dataset.stream = "closed";
            out.enqueue(encoder.encode(closing));
        },
    });
    return new Response(response.body.pipeThrough(late), response);
};
"""
LOST = "La connexion a été interrompue."


@pytest.fixture
def visit(browser: "Browser", site: str) -> Iterator[Visit]:
    """A page in another language than the server's own, where something was asked already."""
    context = browser.new_context(locale="fr-BE")
    its = Visit(context.new_page(), site)
    its.open()
    its.ask(FIRST)
    yield its
    context.close()


def break_down(visit: Visit, path: str, times: int, how: "Callable[[Route], None]") -> None:
    """Have the next requests to a path end like that; those after them go through."""
    left = [times]

    def handle(route: "Route") -> None:
        left[0] -= 1
        if left[0] >= 0:
            how(route)
        else:
            route.continue_()

    visit.page.route(path, handle)


def send(visit: Visit, question: str) -> None:
    visit.page.fill("#question textarea", question)
    visit.page.keyboard.press("Enter")


def check_that_nothing_was_lost(visit: Visit) -> None:
    """The question is still in the box, and can be asked again."""
    assert visit.page.locator("#turns .question, #turn .question").all_inner_texts() == [FIRST]
    visit.check_box(SECOND)
    visit.page.click("#ask")
    visit.page.wait_for_selector(f".turn[data-state=done] .question:has-text('{SECOND}')")
    assert visit.page.locator(".turn .question").all_inner_texts() == [FIRST, SECOND]
    assert visit.page.locator("#sent, #trouble").count() == 0


@pytest.mark.parametrize(
    ("status", "headers", "told"),
    [
        (429, {"retry-after": "17"}, "Veuillez attendre 17 secondes"),
        (503, {}, "Beaucoup de personnes posent des questions"),
        (500, {}, "L’assistant ne peut pas répondre pour le moment."),
        (502, {}, "L’assistant ne peut pas répondre pour le moment."),
    ],
)
def test_a_refused_question_says_why_and_can_be_asked_again(
    visit: Visit, status: int, headers: dict[str, str], told: str
) -> None:
    refusal = {"status": status, "headers": headers, "body": "no"}
    break_down(visit, JOIN, 1, lambda route: route.fulfill(**refusal))  # type: ignore[arg-type]
    send(visit, SECOND)

    visit.page.wait_for_selector(f"#trouble[role=alert]:has-text('{told}')")
    assert visit.page.locator("#sent").count() == 0
    check_that_nothing_was_lost(visit)


def test_an_offered_question_that_is_refused_leaves_what_is_half_written(visit: Visit) -> None:
    refusal = {"status": 503, "body": "no"}
    break_down(visit, JOIN, 1, lambda route: route.fulfill(**refusal))  # type: ignore[arg-type]
    visit.page.fill("#question textarea", SECOND)
    visit.page.locator("#samples button").first.click()

    visit.page.wait_for_selector("#trouble[role=alert]")
    check_that_nothing_was_lost(visit)


def test_a_question_that_found_no_network_for_a_moment_comes_back(visit: Visit) -> None:
    break_down(visit, JOIN, 1, lambda route: route.abort())
    with visit.page.expect_event("load"):  # Gradio loads the page anew
        send(visit, SECOND)

    visit.page.wait_for_selector(f"#trouble:has-text('{LOST}')")
    check_that_nothing_was_lost(visit)


def test_an_answer_that_cannot_be_heard_for_a_while_leaves_its_question(visit: Visit) -> None:
    break_down(visit, STREAM, 2, lambda route: route.abort())
    send(visit, SECOND)

    with visit.page.expect_response(STREAM):  # the third
        pass
    visit.page.wait_for_selector(f"#trouble:has-text('{LOST}')")
    check_that_nothing_was_lost(visit)


def test_what_the_browser_remembers_is_not_shown_twice_after_that(visit: Visit) -> None:
    visit.page.click("[data-tool=remember]")
    break_down(visit, JOIN, 1, lambda route: route.abort())
    with visit.page.expect_event("load"):
        send(visit, SECOND)

    visit.page.wait_for_selector(f"#trouble:has-text('{LOST}')")
    check_that_nothing_was_lost(visit)


@pytest.mark.parametrize("how", ["remembered", "lost"])
def test_a_follow_up_leans_on_what_was_said_before_the_page_was_opened_again(
    visit: Visit, how: str
) -> None:
    visit.ask("Comment devenir membre ?")
    if how == "remembered":
        visit.page.click("[data-tool=remember]")
        visit.open()
    else:
        break_down(visit, JOIN, 1, lambda route: route.abort())
        with visit.page.expect_event("load"):
            send(visit, SECOND)
        visit.page.wait_for_selector(f"#trouble:has-text('{LOST}')")
    visit.page.wait_for_selector("#turns .question:has-text('membre')")
    visit.page.wait_for_timeout(1000)  # the server is told in a moment
    visit.ask("Combien ça coûte ?")

    answer = visit.page.locator("#turn .answer")
    assert "Compris comme : Combien ça coûte ? (" in answer.inner_text()


def test_nothing_stays_handed_over_once_an_answer_came(visit: Visit) -> None:
    visit.page.evaluate("history.replaceState({ turns: ['<p>'], mine: 1 }, '')")
    visit.ask(SECOND)

    assert visit.page.evaluate("history.state") == {"mine": 1}


def test_what_was_said_is_forgotten_when_the_member_loads_the_page_again(visit: Visit) -> None:
    break_down(visit, JOIN, 1, lambda route: route.abort())
    with visit.page.expect_event("load"):
        send(visit, SECOND)
    visit.page.wait_for_selector(f"#trouble:has-text('{LOST}')")
    visit.open()

    assert visit.page.locator(".turn .question").count() == 0


def test_a_file_that_cannot_be_made_now_says_why(visit: Visit) -> None:
    answers = [{"status": 429, "headers": {"retry-after": "9"}}, {"status": 500}]
    visit.page.route("**/export/docx", lambda route: route.fulfill(**answers.pop(0)))  # type: ignore[arg-type]
    visit.page.click("[data-tool=docx]")
    visit.page.wait_for_selector("#trouble:has-text('Veuillez attendre 9 secondes')")
    visit.page.click("[data-tool=docx]")

    visit.page.wait_for_selector("#trouble:has-text('ne peut pas répondre pour le moment')")


def test_an_answer_is_copied_where_there_is_no_clipboard_for_scripts(visit: Visit) -> None:
    visit.page.evaluate("delete Navigator.prototype.clipboard")
    visit.page.click("#turn [data-action=copy]")
    visit.page.wait_for_selector("#turn [data-action=copy]:has-text('Copié')")
    visit.page.fill("#question textarea", "")
    visit.page.keyboard.press("Control+v")

    assert FIRST in visit.page.input_value("#question textarea")


def test_a_browser_that_lets_nothing_be_copied_says_so(visit: Visit) -> None:
    visit.page.evaluate("delete Navigator.prototype.clipboard; document.execCommand = () => false")
    visit.page.click("#turn [data-action=copy]")

    visit.page.wait_for_selector("#turn [data-action=copy]:has-text('ne permet pas de copier')")


def test_an_answer_that_gradio_has_stopped_to_listen_for_is_heard_a_moment_later(
    browser: "Browser", site: str
) -> None:
    context = browser.new_context(locale="en-GB")
    context.add_init_script(CLOSE_LATE)
    visit = Visit(context.new_page(), site)
    visit.open()
    visit.page.wait_for_selector("html[data-stream=over]")
    send(visit, FIRST)
    visit.page.wait_for_selector("html[data-stream=closed]")

    visit.page.wait_for_selector(".turn[data-state=done] .answer")
    assert visit.page.locator(".turn .question").all_inner_texts() == [FIRST]
    assert visit.page.locator("#sent, #trouble").count() == 0
    context.close()
