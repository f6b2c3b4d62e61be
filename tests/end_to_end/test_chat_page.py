"""The chat page in a real browser, as a member meets it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

import pytest

from tests.end_to_end.accessibility import violations
from tests.end_to_end.conftest import CONTACT, a_free_port, served_from

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
        self.page.wait_for_selector("#heading [data-draft]", state="detached")

    def ask(self, text: str) -> None:
        before = self.page.locator("#turn .turn").get_attribute("data-id")
        self.page.fill("#question textarea", text)
        self.page.keyboard.press("Enter")
        self.page.wait_for_selector(f"#turn .turn[data-state=done]:not([data-id='{before}'])")

    def check_box(self, text: str) -> None:
        """The box for the question comes to hold this."""
        from playwright.sync_api import expect  # noqa: PLC0415 - only where it is used

        expect(self.page.locator("#question textarea")).to_have_value(text)

    def check_not_offered(self, text: str) -> None:
        """The questions to go on with come to be others."""
        from playwright.sync_api import expect  # noqa: PLC0415 - only where it is used

        expect(self.page.locator("#samples:visible")).not_to_contain_text(text)

    @property
    def transcript(self) -> str:
        """What was said, the turn that goes on included."""
        return self.page.inner_text("#turns") + self.page.inner_text("#turn")


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
    assert answer.locator(".excerpt").first.get_attribute("lang") == "en"
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

    assert "How much do the cameras in Harrowmere cost?" in visit.transcript


def test_a_long_conversation_stays_in_its_order(visit: Visit) -> None:
    visit.open()
    asked = ["Who leads the network now?", QUESTION, "What is the capital of Australia?"]
    for text in asked:
        visit.ask(text)

    shown = visit.page.locator(".turn .question")
    assert shown.all_inner_texts() == asked


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
    visit.page.wait_for_selector(".answer:is(.answered, .listed)")

    assert text in visit.transcript
    visit.check_not_offered(text)


def test_a_new_chat_begins_from_nothing(visit: Visit) -> None:
    visit.open()
    visit.ask(QUESTION)

    visit.page.click("#new")
    visit.page.wait_for_selector(".answer", state="detached")

    assert visit.page.locator(".turn .question").count() == 0
    visit.page.wait_for_selector("#samples button:visible")


def test_two_members_never_see_each_other(browser: "Browser", site: str) -> None:
    contexts = [browser.new_context(locale="en-GB") for _ in range(2)]
    first, second = (Visit(context.new_page(), site) for context in contexts)
    first.open()
    second.open()

    first.ask("How much do the cameras in Harrowmere cost?")
    second.ask("What is the capital of Australia?")
    first.ask("Who leads the network now?")

    assert "Australia" not in first.transcript
    assert "Harrowmere cost" not in second.transcript
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
    foreign = ".turn :is(img, script, style, strong, iframe)"
    assert visit.page.locator(foreign).count() == 0
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


def test_focus_stays_where_the_member_types(visit: Visit) -> None:
    visit.open()
    visit.ask(QUESTION)

    assert visit.page.evaluate("document.activeElement.tagName") == "TEXTAREA"
    visit.page.keyboard.type("More?")
    visit.check_box("More?")


def test_a_screen_reader_hears_two_sentences_an_answer(visit: Visit) -> None:
    visit.open()
    visit.page.wait_for_selector("#ask:has-text('Ask')")
    visit.page.evaluate(
        """() => {
            window.heard = [];
            const live = '[aria-live]:not([aria-live=off]), [role=status], [role=alert]';
            new MutationObserver((changes) => {
                for (const { target } of changes) {
                    const node = target.nodeType === 1 ? target : target.parentElement;
                    if (node?.closest(live)) window.heard.push(node.textContent);
                }
            }).observe(document.body, { childList: true, subtree: true, characterData: true });
        }"""
    )
    visit.ask("Who leads the network now?")
    visit.page.wait_for_timeout(300)

    heard = visit.page.evaluate("window.heard")
    assert 1 <= len(heard) <= 3
    assert heard[-1].startswith("Answered, with sources:")


@pytest.mark.parametrize("rating", ["helpful", "unhelpful"])
def test_a_member_may_say_whether_an_answer_helped(visit: Visit, rating: str) -> None:
    visit.open()
    visit.ask(QUESTION)

    visit.page.click(f"#turn [data-action={rating}]")
    if rating == "unhelpful":
        visit.page.fill("#turn .why textarea", "The figure is from 2021.")
        visit.page.click("#turn [data-action=send]")

    visit.page.wait_for_selector("#turn .thanks")
    assert visit.page.locator("#turn [data-action=helpful]").count() == 0
    assert visit.complaints == []


def test_a_link_shows_the_same_answer_to_somebody_else(visit: Visit) -> None:
    visit.open()
    visit.ask(QUESTION)
    excerpts = visit.page.locator("#turn .excerpt p").all_inner_texts()
    link = visit.page.get_attribute("#turn .actions a", "href")

    visit.page.goto(visit.site + str(link))

    assert QUESTION in visit.page.inner_text("main")
    assert excerpts[-1].partition("[")[0].strip() in visit.page.inner_text("main")
    assert visit.complaints == []


def test_the_conversation_can_be_kept_as_a_file(visit: Visit) -> None:
    visit.open()
    visit.ask(QUESTION)

    with visit.page.expect_download() as text:
        visit.page.click("[data-tool=markdown]")
    with visit.page.expect_download() as word:
        visit.page.click("[data-tool=docx]")

    kept = text.value.path().read_text(encoding="utf-8")
    assert f"## {QUESTION}" in kept
    assert visit.site in kept
    assert word.value.path().read_bytes().startswith(b"PK")


def test_an_answer_is_copied_with_its_sources(visit: Visit) -> None:
    visit.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    visit.open()
    visit.ask(QUESTION)

    visit.page.click("#turn [data-action=copy]")
    visit.page.wait_for_selector("#turn [data-action=copy]:has-text('Copied.')")

    copied = visit.page.evaluate("navigator.clipboard.readText()")
    assert QUESTION in copied
    assert "[1]" in copied
    assert visit.site in copied


def test_the_filters_narrow_the_search(visit: Visit) -> None:
    visit.open("/?lang=en")
    visit.page.click("#filters > button")
    visit.page.locator("#languages label", has_text="German").click()
    visit.ask("What are the latest articles?")

    languages = visit.page.locator("#turn .documents li bdi")
    assert languages.count() > 0
    assert {its.get_attribute("lang") for its in languages.all()} == {"de"}


def test_the_browser_remembers_only_when_asked_to(visit: Visit) -> None:
    visit.open()
    visit.ask(QUESTION)
    visit.page.reload()
    visit.page.wait_for_selector("#samples button:visible")
    visit.page.wait_for_timeout(1000)  # until Gradio hears what is typed
    assert visit.page.locator(".turn .question").count() == 0

    visit.ask(QUESTION)
    visit.page.click("[data-tool=remember]")
    visit.page.reload()
    visit.page.wait_for_selector("#turns .question")
    assert QUESTION in visit.transcript

    visit.page.click("[data-tool=forget]")
    assert visit.page.evaluate("localStorage.length") == 0


def test_a_server_that_goes_away_and_comes_back_costs_nothing_that_was_said(
    browser: "Browser", sample_data: Path
) -> None:
    port = a_free_port()
    context = browser.new_context(locale="en-GB")
    visit = Visit(context.new_page(), f"http://127.0.0.1:{port}")
    with served_from(sample_data, port=port):
        visit.open()
        visit.ask(QUESTION)
    visit.page.fill("#question textarea", "Who leads the network now?")
    visit.page.keyboard.press("Enter")
    visit.page.wait_for_selector("#trouble:has-text('The connection was lost.')")
    assert QUESTION in visit.transcript

    with served_from(sample_data, port=port):
        visit.page.wait_for_selector("#turns .question")
        visit.check_box("Who leads the network now?")
        visit.page.click("#ask")
        visit.page.wait_for_selector("#turn .turn[data-state=done] .answer")

        assert QUESTION in visit.transcript
        assert "Marit Oosterling" in visit.transcript
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_nothing_stands_in_anybodys_way(
    browser: "Browser", site: str, scheme: Literal["light", "dark"], width: int
) -> None:
    context = browser.new_context(
        locale="en-GB", color_scheme=scheme, viewport={"width": width, "height": 800}
    )
    visit = Visit(context.new_page(), site)
    visit.open()
    visit.page.wait_for_selector("#samples button:visible")
    found = {"empty": violations(visit.page)}
    visit.ask(QUESTION)
    visit.page.click("#turn [data-action=unhelpful]")
    found["answered"] = violations(visit.page)
    visit.ask("What is the capital of Australia?")
    visit.page.click("#filters > button")
    found["refused"] = violations(visit.page)
    for path in ("/accessibility", "/documents/none", "/answer/none"):
        visit.page.goto(site + path)
        found[path] = violations(visit.page)

    assert {state: faults for state, faults in found.items() if faults} == {}
    context.close()


@pytest.mark.parametrize("width", [320, 1280])
def test_everything_that_is_pressed_is_large_enough(visit: Visit, width: int) -> None:
    visit.page.set_viewport_size({"width": width, "height": 800})
    visit.open()
    visit.ask(QUESTION)

    small = visit.page.locator(
        ":is(button, summary, .action, footer a, label):visible"
    ).evaluate_all(
        """(found) => found
            .map((its) => [its.outerHTML.slice(0, 80), its.getBoundingClientRect()])
            .filter(([, { width, height }]) => width < 24 || height < 24)
            .map(([html]) => html)"""
    )
    assert small == []


def test_nothing_moves_for_those_who_do_not_want_it(browser: "Browser", site: str) -> None:
    context = browser.new_context(reduced_motion="reduce")
    visit = Visit(context.new_page(), site)
    visit.open()
    visit.ask(QUESTION)

    assert visit.page.evaluate("document.getAnimations().length") == 0
    context.close()


COUNT_FRAMES = """
    const native = window.requestAnimationFrame.bind(window);
    window.frames_drawn = 0;
    window.requestAnimationFrame = (draw) => native((time) => {
        window.frames_drawn += 1;
        draw(time);
    });
"""


CANCEL_A_SLOWED_FRAME = """new Promise((done) => {
    let drawn = 0;
    const draw = () => {
        drawn += 1;
        const handle = requestAnimationFrame(draw);
        if (handle > 0) return;
        cancelAnimationFrame(handle);
        const then = drawn;
        setTimeout(() => done(drawn - then), 1500);
    };
    draw();
})"""


def test_a_page_that_nobody_touches_rests(visit: Visit) -> None:
    visit.page.add_init_script(COUNT_FRAMES)
    visit.open()
    visit.ask(QUESTION)

    def drawn() -> int:
        visit.page.evaluate("window.frames_drawn = 0")
        visit.page.wait_for_timeout(2000)
        return int(visit.page.evaluate("window.frames_drawn"))

    assert any(drawn() <= 6 for _ in range(10))  # of 120; something may still move at first
    two = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
    assert visit.page.evaluate(two) > 0  # what moves for a moment does so at once
    assert visit.page.evaluate(CANCEL_A_SLOWED_FRAME) == 0


def test_a_browser_without_scripts_is_told_what_is_missing_and_whom_to_ask(
    browser: "Browser", site: str
) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(site)
    told = page.locator("noscript").inner_text()

    assert "The assistant needs JavaScript" in told
    assert "L’assistant a besoin de JavaScript" in told
    assert CONTACT in told
    page.context.close()
