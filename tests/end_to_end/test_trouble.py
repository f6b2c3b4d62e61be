"""A connection that breaks for a moment, and a server that refuses a question."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.end_to_end.chatting import Visit

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Browser, Route

pytestmark = pytest.mark.browser

FIRST = "Who pays for the cameras?"
SECOND = "Who leads the network now?"
CALL = "**/gradio_api/call/ask"
STREAM = "**/gradio_api/call/ask/*"
LOST = "La connexion a été interrompue."


@pytest.fixture
def visit(browser: "Browser", site: str) -> Iterator[Visit]:
    """A page in another language than the server's own, where something was asked already."""
    context = browser.new_context(locale="fr-BE")
    begun = Visit.within(context, site)
    begun.open("/")
    begun.ask(FIRST)
    yield begun
    context.close()


def break_down(visit: Visit, path: str, how: "Callable[[Route], None]") -> None:
    """Have the next request to a path end like that; those after it go through."""
    left = [1]

    def handle(route: "Route") -> None:
        left[0] -= 1
        if left[0] >= 0:
            how(route)
        else:
            route.continue_()

    visit.page.route(path, handle)


def send(visit: Visit, question: str) -> None:
    visit.page.fill("#question", question)
    visit.page.press("#question", "Enter")


def check_that_nothing_was_lost(visit: Visit) -> None:
    """The question is still in the box, and can be asked again."""
    assert visit.questions == [FIRST]
    visit.check_box(SECOND)
    visit.page.click("#ask")
    visit.page.locator("#turns > .turn:nth-child(2)[data-state=done]").wait_for()
    assert visit.questions == [FIRST, SECOND]
    assert visit.page.inner_text("#trouble") == ""


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
    break_down(visit, CALL, lambda route: route.fulfill(**refusal))  # type: ignore[arg-type]
    send(visit, SECOND)

    visit.page.wait_for_selector(f"#trouble[role=alert]:has-text('{told}')")
    check_that_nothing_was_lost(visit)


def test_an_offered_question_that_is_refused_leaves_what_is_half_written(
    browser: "Browser", site: str
) -> None:
    context = browser.new_context(locale="fr-BE")
    visit = Visit.within(context, site)
    visit.open("/")
    break_down(visit, CALL, lambda route: route.fulfill(status=503, body="no"))
    visit.page.fill("#question", "half")
    visit.page.locator("#samples .offer").first.click()

    visit.page.wait_for_selector("#trouble:not(:empty)")
    visit.check_box("half")
    assert visit.page.locator("#samples .offer").first.is_visible()
    context.close()


@pytest.mark.parametrize("path", [CALL, STREAM])
def test_a_question_that_found_no_network_for_a_moment_comes_back(visit: Visit, path: str) -> None:
    break_down(visit, path, lambda route: route.abort())
    send(visit, SECOND)

    visit.page.wait_for_selector(f"#trouble:has-text('{LOST}')")
    check_that_nothing_was_lost(visit)


def test_an_answer_that_fails_on_the_server_says_so(visit: Visit) -> None:
    told = {"status": 200, "content_type": "text/event-stream"}
    body = 'event: error\ndata: {"error": null}\n\n'
    break_down(visit, STREAM, lambda route: route.fulfill(**told, body=body))  # type: ignore[arg-type]
    send(visit, SECOND)

    visit.page.wait_for_selector("#trouble:has-text('ne peut pas répondre pour le moment')")
    check_that_nothing_was_lost(visit)


def test_a_server_that_says_nothing_more_counts_as_lost_after_a_while(visit: Visit) -> None:
    visit.page.clock.install()
    visit.page.route(STREAM, lambda _: None)
    send(visit, SECOND)
    visit.page.locator(".turn[data-state=searching]").wait_for()

    visit.page.clock.fast_forward(60_000)

    visit.page.wait_for_selector(f"#trouble:has-text('{LOST}')")
    visit.check_box(SECOND)


def test_what_another_program_left_in_the_tabs_store_is_no_conversation(visit: Visit) -> None:
    for rubbish in ("{", "null", "[]", '{"turns": [1, "<p>x</p>", "<img src=x>"]}'):
        visit.page.evaluate("text => sessionStorage.setItem('forum-assistant', text)", rubbish)
        visit.page.reload()

        assert visit.questions == []
        assert visit.page.locator("#turns img").count() == 0
    assert visit.ask(SECOND).locator(".answer").count() == 1


def test_a_page_whose_browser_blocks_all_stores_answers_all_the_same(
    browser: "Browser", site: str
) -> None:
    context = browser.new_context()
    blocked = "() => { throw new DOMException('blocked', 'SecurityError'); }"
    context.add_init_script(
        "for (const name of ['localStorage', 'sessionStorage'])"
        f"Object.defineProperty(window, name, {{ get: {blocked} }});"
    )
    visit = Visit.within(context, site)
    visit.open()
    visit.ask(SECOND)

    assert visit.questions == [SECOND]
    assert visit.complaints == []
    context.close()


def test_a_file_that_cannot_be_made_now_says_why(visit: Visit) -> None:
    answers = [{"status": 429, "headers": {"retry-after": "9"}}, {"status": 500}]
    visit.page.route("**/export/docx", lambda route: route.fulfill(**answers.pop(0)))  # type: ignore[arg-type]
    for told in ("Veuillez attendre 9 secondes", "ne peut pas répondre pour le moment"):
        visit.page.click("#tools summary")
        visit.page.click("[data-tool=docx]")
        visit.page.wait_for_selector(f"#trouble:has-text('{told}')")


def test_an_answer_is_copied_where_there_is_no_clipboard_for_scripts(visit: Visit) -> None:
    visit.page.evaluate("delete Navigator.prototype.clipboard")
    visit.page.click("[data-action=copy]")
    visit.page.wait_for_selector("[data-action=copy]:has-text('Copié')")
    visit.page.fill("#question", "")
    visit.page.focus("#question")
    visit.page.keyboard.press("Control+v")

    assert FIRST in visit.page.input_value("#question")


def test_a_browser_that_lets_nothing_be_copied_says_so(visit: Visit) -> None:
    visit.page.evaluate("delete Navigator.prototype.clipboard; document.execCommand = () => false")
    visit.page.click("[data-action=copy]")

    visit.page.wait_for_selector("[data-action=copy]:has-text('ne permet pas de copier')")
