"""The chat page in a real browser, as a member meets it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

QUESTION = "Wat kost de nachtbus van Castlebray per reiziger?"


@dataclass
class Visit:
    """An open page with everything it asked for and complained about."""

    page: "Page"
    site: str
    hosts: set[str] = field(default_factory=set)
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str = "/") -> None:
        self.page.goto(self.site + path)
        self.page.wait_for_selector("#question textarea")

    def ask(self, text: str) -> None:
        self.page.fill("#question textarea", text)
        self.page.keyboard.press("Enter")
        self.page.wait_for_selector(".answer .sources")


@pytest.fixture
def visit(browser: "Browser", site: str, request: pytest.FixtureRequest) -> Iterator[Visit]:
    locale = getattr(request, "param", "en-GB")
    context = browser.new_context(locale=locale)
    its = Visit(context.new_page(), site)
    its.page.on("request", lambda request: its.hosts.add(urlsplit(request.url).netloc))
    its.page.on(
        "console",
        lambda message: its.complaints.append(message.text) if message.type == "error" else None,
    )
    yield its
    context.close()


def test_a_question_is_answered_with_a_source_that_opens_at_the_sentence(visit: Visit) -> None:
    visit.open()
    visit.ask(QUESTION)

    answer = visit.page.locator(".answer").last
    assert "In de documenten staat" in answer.inner_text()
    quote = answer.locator("blockquote, .quotes li").first
    assert quote.get_attribute("lang") == "en"
    answer.locator("summary").first.click()
    marked = answer.locator("mark").first.inner_text()
    assert marked
    with visit.page.context.expect_page() as opened:
        answer.locator(".sources a.title").first.click()
    source = opened.value
    source.wait_for_load_state()
    assert source.url.startswith(visit.site + "/documents/")
    assert " ".join(marked.split()) in " ".join(source.inner_text("main").split())
    assert source.evaluate("document.scrollingElement.scrollTop") > 0


def test_the_answer_names_what_the_member_asked(visit: Visit) -> None:
    visit.open()
    visit.ask("How much do the cameras in Harrowmere cost?")

    conversation = visit.page.inner_text("#chat")
    assert "How much do the cameras in Harrowmere cost?" in conversation


def test_a_refusal_offers_documents(visit: Visit) -> None:
    visit.open()
    visit.ask("What is the capital of Australia?")

    assert "do not hold an answer" in visit.page.inner_text(".answer")
    assert visit.page.locator(".answer .sources li").count() > 0


def test_no_request_leaves_the_machine_and_nothing_is_stored(visit: Visit) -> None:
    visit.open()
    visit.ask(QUESTION)

    assert visit.hosts == {urlsplit(visit.site).netloc}
    assert visit.page.context.cookies() == []
    stored = "[...Object.keys(localStorage), ...Object.keys(sessionStorage)]"
    assert visit.page.evaluate(stored) == []
    assert visit.complaints == []


@pytest.mark.parametrize(
    ("visit", "button", "notice"),
    [
        ("fr-BE", "Demander", "assistant automatique"),
        ("nl-BE", "Vragen", "automatische assistent"),
        ("de-DE", "Fragen", "automatischer Assistent"),
        ("it-IT", "Chiedi", "assistente automatico"),
        ("fi-FI", "Ask", "automatic assistant"),
    ],
    indirect=["visit"],
)
def test_the_page_speaks_the_visitors_language(visit: Visit, button: str, notice: str) -> None:
    visit.open()

    visit.page.wait_for_selector(f"#ask:has-text('{button}')")
    assert notice in visit.page.inner_text("#heading")


def test_the_address_may_choose_the_language(visit: Visit) -> None:
    visit.open("/?lang=es")

    visit.page.wait_for_selector("#ask:has-text('Preguntar')")


def test_a_sample_question_is_answered_at_a_click(visit: Visit) -> None:
    visit.open()
    sample = visit.page.locator("#samples button").first
    text = sample.inner_text()

    sample.click()
    visit.page.wait_for_selector(".answer")

    assert text in visit.page.inner_text("#chat")
    assert visit.page.locator("#samples button:visible").count() == 0


def test_a_new_chat_begins_from_nothing(visit: Visit) -> None:
    visit.open()
    visit.ask(QUESTION)

    visit.page.click("#new")
    visit.page.wait_for_selector(".answer", state="detached")

    assert visit.page.locator("#samples button:visible").count() > 0


def test_two_members_never_see_each_other(browser: "Browser", site: str) -> None:
    contexts = [browser.new_context(locale="en-GB") for _ in range(2)]
    first, second = (Visit(context.new_page(), site) for context in contexts)
    first.open()
    second.open()

    first.ask("How much do the cameras in Harrowmere cost?")
    second.ask("What is the capital of Australia?")
    first.ask("Who leads the network now?")

    assert "Australia" not in first.page.inner_text("#chat")
    assert "Harrowmere cost" not in second.page.inner_text("#chat")
    for context in contexts:
        context.close()


@pytest.mark.parametrize(
    "text",
    [
        '<img src=x onerror="window.hacked=1">',
        "![x](http://127.0.0.1:9/leak.png) **bold** $x^2$",
        "</div><script>window.hacked=1</script><style>body{display:none}</style>",
        "[click](javascript:window.hacked=1)",
    ],
)
def test_a_question_is_shown_as_the_text_it_is(visit: Visit, text: str) -> None:
    visit.open()
    visit.page.fill("#question textarea", text)
    visit.page.keyboard.press("Enter")
    visit.page.wait_for_selector(".answer")

    assert visit.page.locator(".question").last.inner_text() == text
    assert visit.page.evaluate("window.hacked") is None
    assert visit.page.locator("#chat img[src^=http], #chat script, #chat strong").count() == 0
    assert visit.hosts == {urlsplit(visit.site).netloc}


def test_an_empty_question_gets_a_hint(visit: Visit) -> None:
    visit.open()

    visit.page.click("#ask")

    visit.page.wait_for_selector("text=Please type a question first.")


def test_the_page_fits_a_phone(visit: Visit) -> None:
    visit.page.set_viewport_size({"width": 320, "height": 640})
    visit.open()
    visit.ask(QUESTION)

    overflow = "document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth"
    assert visit.page.evaluate(overflow) <= 0
