"""The widget on other sites' pages, in a real browser."""

import gzip
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from assistant.language.wording import wording
from tests.conftest import ROOT
from tests.end_to_end.accessibility import violations
from tests.end_to_end.chatting import LEADER as QUESTION
from tests.end_to_end.chatting import ask as asked
from tests.end_to_end.conftest import served_from

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Frame, Page, Route

pytestmark = pytest.mark.browser

STORED = """() => {
    try {
        return [...Object.keys(localStorage), ...Object.keys(sessionStorage)];
    } catch {
        return []; // the browser gives a frame of another site none
    }
}"""
STRICT = "default-src 'none'; script-src {host}; frame-src {host}"


@dataclass
class Pages:
    """The pages of a host site, by path: each its HTML and its policy."""

    html: dict[str, tuple[str, str]] = field(default_factory=dict)


class Handler(BaseHTTPRequestHandler):
    """Serves the pages of a host site."""

    def __init__(self, pages: Pages, *arguments: object) -> None:
        self.pages = pages
        super().__init__(*arguments)  # type: ignore[arg-type] # what the server gives

    def do_GET(self) -> None:
        html, policy = self.pages.html.get(urlsplit(self.path).path, ("", ""))
        self.send_response(200 if html else 404)
        self.send_header("content-type", "text/html; charset=utf-8")
        if policy:
            self.send_header("content-security-policy", policy)
        self.end_headers()
        self.wfile.write(html.encode())

    def log_message(self, *_: object) -> None:
        pass


@dataclass
class Host:
    """A site that shows the widget of `assistant`."""

    assistant: str
    port: int
    pages: Pages

    @property
    def allowed(self) -> str:
        return f"http://localhost:{self.port}"

    def page(self, path: str, script: str = "", *, lang: str = "en", policy: str = "") -> str:
        """Put a page on the site with the line of the widget; return its path."""
        line = f'<script src="{self.assistant}/widget.js" {script} async></script>'
        html = (
            f'<!doctype html><html lang="{lang}"><head><title>A member city</title></head><body>'
            '<main><h1>Street cameras</h1><p>Words of the city.</p><div id="here"></div></main>'
            f"{line}</body></html>"
        )
        self.pages.html[path] = (html, policy.format(host=self.assistant))
        return path


@pytest.fixture(scope="module")
def host(sample_data: "Path") -> Iterator[Host]:
    pages = Pages()
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, pages))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    port = server.server_address[1]
    with served_from(sample_data, FORUM_EMBED_ORIGINS=f"http://localhost:{port}") as assistant:
        yield Host(assistant, port, pages)
    server.shutdown()


@dataclass
class Visit:
    """A visit to a host page, with all that was asked for and complained about."""

    page: "Page"
    hosts: set[str] = field(default_factory=set)
    complaints: list[str] = field(default_factory=list)

    def open(self, address: str) -> "Frame":
        """Open a page, press the button, and return the chat's frame once it is usable."""
        self.page.goto(address)
        self.page.locator("forum-assistant button.open").click()
        return self.frame()

    def frame(self) -> "Frame":
        handle = self.page.wait_for_selector("forum-assistant iframe")
        assert handle is not None
        frame = handle.content_frame()
        assert frame is not None
        frame.wait_for_selector("#question")
        frame.wait_for_load_state()  # before its script runs, Enter sends the form without it
        return frame


@pytest.fixture
def visit(browser: "Browser") -> Iterator[Visit]:
    context = browser.new_context(locale="en-GB")
    its = Visit(context.new_page())
    its.page.on("request", lambda request: its.hosts.add(urlsplit(request.url).netloc))
    its.page.on("console", lambda message: its.complaints.append(message.text))
    its.page.on("pageerror", lambda error: its.complaints.append(str(error)))
    yield its
    context.close()


def test_nothing_is_asked_for_until_the_button_is_pressed(visit: Visit, host: Host) -> None:
    heard: list[str] = []
    visit.page.on("request", lambda request: heard.append(request.url))

    visit.page.goto(host.allowed + host.page("/plain"))
    visit.page.wait_for_selector("forum-assistant button.open")

    ours = [text for text in heard if text.startswith(host.assistant)]
    assert ours == [f"{host.assistant}/widget.js"]
    assert visit.page.locator("forum-assistant iframe").count() == 0


def test_a_visitor_asks_and_opens_a_source(visit: Visit, host: Host) -> None:
    frame = visit.open(host.allowed + host.page("/plain"))

    asked(frame, QUESTION)

    assert frame.locator(".turn .card").count() > 0
    with visit.page.context.expect_page() as opened:
        frame.locator(".turn a.title").first.click()
    assert opened.value.url.startswith(f"{host.assistant}/documents/")
    assert visit.hosts == {urlsplit(host.assistant).netloc, f"localhost:{host.port}"}


def test_nothing_is_stored_before_during_and_after(visit: Visit, host: Host) -> None:
    frame = visit.open(host.allowed + host.page("/plain"))
    asked(frame, QUESTION)

    assert frame.evaluate("Object.keys(localStorage)") == []
    assert visit.page.evaluate(STORED) == []
    assert visit.page.context.cookies() == []


def test_a_site_that_is_not_listed_shows_nothing_broken(visit: Visit, host: Host) -> None:
    visit.page.goto(f"http://127.0.0.1:{host.port}" + host.page("/plain"))
    visit.page.locator("forum-assistant button.open").click()

    visit.page.wait_for_selector("forum-assistant[hidden]", state="attached", timeout=20_000)

    assert not visit.page.locator("forum-assistant .panel").is_visible()
    assert any("FORUM_EMBED_ORIGINS=" in complaint for complaint in visit.complaints)


@pytest.mark.parametrize("path", ["/", "/documents/x", "/staff", "/accessibility"])
def test_other_pages_are_never_shown_in_a_frame(visit: Visit, host: Host, path: str) -> None:
    html = f'<!doctype html><title>x</title><iframe src="{host.assistant}{path}"></iframe>'
    host.pages.html["/framing"] = (html, "")

    visit.page.goto(f"{host.allowed}/framing")
    visit.page.wait_for_timeout(500)

    assert any(
        "frame-ancestors 'none'" in complaint or "X-Frame-Options" in complaint
        for complaint in visit.complaints
    )


def test_the_widget_works_in_a_page_with_a_strict_policy(visit: Visit, host: Host) -> None:
    frame = visit.open(host.allowed + host.page("/strict", policy=STRICT))

    asked(frame, QUESTION)

    assert frame.locator(".turn .answer").count() == 1
    button = visit.page.locator("forum-assistant .panel")
    assert button.evaluate("its => getComputedStyle(its).position") == "fixed"
    assert [complaint for complaint in visit.complaints if "Content Security" in complaint] == []


@pytest.mark.parametrize(
    ("lang", "name"),
    [("fr", "Interroger"), ("nl-BE", "Vraag"), ("de", "Den Assistenten"), ("fi", "Ask")],
)
def test_the_widget_speaks_the_language_of_the_page(
    visit: Visit, host: Host, lang: str, name: str
) -> None:
    visit.page.goto(host.allowed + host.page("/language", lang=lang))

    assert visit.page.locator("forum-assistant button.open").inner_text().startswith(name)


def test_attributes_set_language_topic_questions_and_greeting(visit: Visit, host: Host) -> None:
    script = (
        'data-lang="fr" data-topic="caméras" data-greeting="Bonjour &lt;b&gt;vous&lt;/b&gt;"'
        ' data-questions="Qui paie ?" data-languages="fr" data-label="Aide"'
    )
    visit.page.goto(host.allowed + host.page("/attributes", script))
    assert visit.page.locator("forum-assistant button.open").inner_text() == "Aide"
    visit.page.locator("forum-assistant button.open").click()
    frame = visit.frame()

    frame.wait_for_selector("#samples .offer:has-text('Qui paie ?')")
    about = wording("fr")("samples.about", topic="caméras")
    assert frame.inner_text("#samples .offer >> nth=0") == about
    assert "Bonjour <b>vous</b>" in frame.inner_text("#intro")
    assert "Réponses automatiques." in frame.inner_text(".foot")


def test_escape_closes_and_the_focus_returns(visit: Visit, host: Host) -> None:
    frame = visit.open(host.allowed + host.page("/plain"))
    frame.focus("#question")

    visit.page.keyboard.press("Escape")

    visit.page.wait_for_selector("forum-assistant .panel", state="hidden")
    inside = "document.querySelector('forum-assistant').shadowRoot.activeElement.className"
    assert visit.page.evaluate(inside) == "open"


def test_an_inline_widget_stands_where_it_was_put(visit: Visit, host: Host) -> None:
    visit.page.goto(host.allowed + host.page("/inline", 'data-target="#here"'))

    frame = visit.frame()
    asked(frame, QUESTION)

    assert visit.page.locator("#here forum-assistant").count() == 1
    assert not visit.page.locator("forum-assistant button.open").is_visible()


def test_two_widgets_do_not_disturb_each_other(visit: Visit, host: Host) -> None:
    html, _ = host.pages.html[host.page("/two", 'data-target="#here"')]
    line = f'<script src="{host.assistant}/widget.js" async></script></body>'
    host.pages.html["/two"] = (html.replace("</body>", line), "")
    visit.page.goto(f"{host.allowed}/two")
    visit.page.wait_for_selector("forum-assistant:not([inline])", state="attached")

    assert visit.page.locator("forum-assistant").count() == 2
    assert visit.page.evaluate("window.ForumAssistant.widgets.length") == 2


@pytest.mark.parametrize("comes", ["before", "after"])
def test_an_element_in_the_page_stands_for_the_button(visit: Visit, host: Host, comes: str) -> None:
    html, _ = host.pages.html[host.page("/element")]
    element = '<forum-assistant lang="nl"></forum-assistant>'
    if comes == "before":
        html = html.replace('<div id="here">', f'{element}<div id="here">')
    host.pages.html["/element"] = (html, "")
    visit.page.goto(f"{host.allowed}/element")
    visit.page.wait_for_selector("forum-assistant button.open")
    if comes == "after":
        visit.page.evaluate(
            "html => document.querySelector('#here').insertAdjacentHTML('afterend', html)", element
        )

    assert visit.page.locator("forum-assistant").count() == 1
    assert visit.page.locator("forum-assistant button.open").inner_text().startswith("Vraag")
    visit.page.evaluate("window.ForumAssistant.open()")
    visit.frame()


def test_the_button_outlives_a_page_change_without_a_reload(visit: Visit, host: Host) -> None:
    visit.page.goto(host.allowed + host.page("/plain"))
    visit.page.wait_for_selector("forum-assistant button.open")

    visit.page.evaluate(
        """() => {
            const body = document.createElement("body");
            body.append("Another page.");
            document.body.replaceWith(body);
            document.dispatchEvent(new Event("turbo:load"));
        }"""
    )

    assert visit.page.locator("forum-assistant").count() == 1
    visit.page.locator("forum-assistant button.open").click()
    visit.frame()


def test_the_api_asks_and_tells(visit: Visit, host: Host) -> None:
    visit.page.goto(host.allowed + host.page("/api"))
    visit.page.wait_for_selector("forum-assistant button.open")
    visit.page.evaluate(
        """() => {
            window.told = [];
            for (const what of ["open", "ready", "answer", "close"]) {
                document.addEventListener(`forum-assistant:${what}`, (event) =>
                    window.told.push([what, event.detail]));
            }
        }"""
    )

    visit.page.evaluate("text => window.ForumAssistant.ask(text)", QUESTION)
    frame = visit.frame()
    frame.wait_for_selector(".turn[data-state=done] .answer")
    visit.page.evaluate("window.ForumAssistant.close()")

    told = visit.page.evaluate("window.told")
    assert [what for what, _ in told] == ["open", "ready", "answer", "close"]
    assert told[2][1]["sources"] > 0


def test_what_is_asked_by_the_page_leaves_what_the_visitor_writes(visit: Visit, host: Host) -> None:
    frame = visit.open(host.allowed + host.page("/api"))
    frame.fill("#question", "And who")

    visit.page.evaluate("text => window.ForumAssistant.ask(text)", QUESTION)

    frame.wait_for_selector(".turn[data-state=done] .answer")
    assert frame.locator(".turn .question").all_inner_texts() == [QUESTION]
    assert frame.input_value("#question") == "And who"


MALFORMED = """frame => {
    const all = [null, 1, "ask", [], {}, {type: "ask"}, {forumAssistant: 1}, {forumAssistant: "1",
        type: "ask", text: "x"}, {forumAssistant: 1, type: "ask", text: {}}, {forumAssistant: 1,
        type: "ask", text: "x".repeat(3000)}, {forumAssistant: 1, type: "constructor", text: "x"}];
    for (let i = 0; i < 20; i++) for (const its of all) frame.contentWindow.postMessage(its, "*");
}"""


def test_messages_that_mean_nothing_change_nothing(visit: Visit, host: Host) -> None:
    frame = visit.open(host.allowed + host.page("/plain"))
    handle = visit.page.query_selector("forum-assistant iframe")

    visit.page.evaluate(MALFORMED, handle)
    hostile = "window.postMessage({forumAssistant: 1, type: 'close'}, '*')"
    visit.page.evaluate(hostile)
    visit.page.wait_for_timeout(500)

    assert frame.locator(".turn .question").count() == 0
    assert visit.page.locator("forum-assistant .panel").is_visible()


def test_a_page_that_changes_without_a_reload_keeps_the_widget(visit: Visit, host: Host) -> None:
    visit.page.goto(host.allowed + host.page("/turbo"))
    visit.page.wait_for_selector("forum-assistant button.open")

    visit.page.evaluate("document.body.replaceWith(document.createElement('body'))")

    assert visit.page.locator("forum-assistant button.open").is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_stands_in_anybodys_way(visit: Visit, host: Host, scheme: str) -> None:
    visit.page.goto(host.allowed + host.page("/axe", f'data-theme="{scheme}"'))
    visit.page.wait_for_selector("forum-assistant button.open")
    closed = violations(visit.page)
    visit.page.locator("forum-assistant button.open").click()
    asked(visit.frame(), QUESTION)
    opened = violations(visit.page)

    assert closed + opened == []


def test_a_phone_is_filled(visit: Visit, host: Host) -> None:
    visit.page.set_viewport_size({"width": 360, "height": 640})
    visit.open(host.allowed + host.page("/plain"))

    box = visit.page.locator("forum-assistant .panel").bounding_box()
    assert box == {"x": 0, "y": 0, "width": 360, "height": 640}


def test_the_page_around_does_not_move(visit: Visit, host: Host) -> None:
    visit.page.goto(host.allowed + host.page("/plain"))
    before = visit.page.locator("h1").bounding_box()
    visit.page.locator("forum-assistant button.open").click()
    visit.frame()

    assert visit.page.locator("h1").bounding_box() == before


def test_the_loader_is_small() -> None:
    loader = ROOT / "src" / "assistant" / "web" / "assets" / "widget.js"

    assert len(gzip.compress(loader.read_bytes())) < 10_000


def test_a_site_that_has_had_its_questions_says_so(visit: Visit, sample_data: "Path") -> None:
    pages = Pages()
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, pages))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    port = server.server_address[1]
    origin = f"http://localhost:{port}"
    with served_from(
        sample_data, FORUM_EMBED_ORIGINS=origin, FORUM_EMBED_DAILY_QUESTIONS="1"
    ) as assistant:
        limited = Host(assistant, port, pages)
        frame = visit.open(limited.allowed + limited.page("/plain"))
        asked(frame, QUESTION)
        frame.fill("#question", QUESTION)
        frame.press("#question", "Enter")
        frame.wait_for_selector("#trouble:has-text('come back tomorrow')")
        visit.page.goto(assistant)
        visit.page.fill("#question", QUESTION)
        visit.page.press("#question", "Enter")
        visit.page.wait_for_selector(".turn .answer.answered")
    server.shutdown()


def test_a_slow_network_does_not_count_as_blocked(visit: Visit, host: Host) -> None:
    held: list[Route] = []

    def hold(route: "Route") -> None:
        held.append(route)

    visit.page.route("**/site/page.js*", hold)
    visit.page.clock.install()
    visit.page.goto(host.allowed + host.page("/slow"))
    visit.page.locator("forum-assistant button.open").click()
    panel = visit.page.locator("forum-assistant .panel[aria-busy=true]")
    panel.wait_for()
    while not held:
        visit.page.wait_for_timeout(50)

    visit.page.clock.fast_forward(60_000)

    assert panel.is_visible()
    held[0].continue_()
    visit.frame()
    visit.page.wait_for_selector("forum-assistant .panel:not([aria-busy])")


def test_a_server_that_never_answers_is_told_to_the_operator_in_the_end(
    visit: Visit, host: Host
) -> None:
    visit.page.route("**/widget?*", lambda _: None)
    visit.page.clock.install()
    visit.page.goto(host.allowed + host.page("/never"))
    visit.page.locator("forum-assistant button.open").click()
    visit.page.wait_for_selector("forum-assistant .panel[aria-busy=true]")

    visit.page.clock.fast_forward(180_000)

    visit.page.wait_for_selector("forum-assistant[hidden]", state="attached")
    assert any("did not open in this page" in complaint for complaint in visit.complaints)


def test_the_frame_says_nothing_to_the_page_around_it_but_what_the_widget_needs(
    visit: Visit, host: Host
) -> None:
    visit.page.add_init_script(
        "window.said = []; addEventListener('message', ({ data }) => window.said.push(data));"
    )
    asked(visit.open(host.allowed + host.page("/said")), QUESTION)
    visit.page.wait_for_function("window.said.length >= 2")

    assert visit.page.evaluate("window.said") == [
        {"forumAssistant": 1, "type": "ready"},
        {"forumAssistant": 1, "type": "answer", "outcome": "answered", "sources": 1},
    ]


def test_an_inline_widget_leaves_the_focus_of_its_host_alone(visit: Visit, host: Host) -> None:
    path = host.page("/focus", 'data-target="#here"')
    html, policy = host.pages.html[path]
    host.pages.html[path] = (html.replace("<main>", '<main><input id="own" autofocus>'), policy)
    visit.page.goto(host.allowed + path)
    visit.frame()
    visit.page.wait_for_timeout(300)

    assert visit.page.evaluate("document.activeElement.id") == "own"


@pytest.mark.parametrize(
    ("scheme", "theme"), [("normal", "light"), ("light dark", None), ("dark", "dark")]
)
def test_the_chat_has_the_colours_of_its_host_whatever_the_visitor_likes(
    browser: "Browser", host: Host, scheme: str, theme: str | None
) -> None:
    context = browser.new_context(color_scheme="dark")
    visit = Visit(context.new_page())
    path = host.page("/colours", 'data-target="#here"')
    html, policy = host.pages.html[path]
    style = f"<style>:root {{ color-scheme: {scheme} }}</style></head>"
    host.pages.html[path] = (html.replace("</head>", style), policy)
    visit.page.goto(host.allowed + path)

    frame = visit.frame()

    assert frame.locator("html").get_attribute("data-theme") == theme
    ground = frame.locator("body").evaluate("its => getComputedStyle(its).backgroundColor")
    assert (ground == "rgb(255, 255, 255)") is (theme == "light")
    context.close()


def test_a_page_in_english_is_in_one_language_for_a_visitor_who_reads_dutch(
    browser: "Browser", host: Host
) -> None:
    context = browser.new_context(locale="nl-BE")
    visit = Visit(context.new_page())
    frame = visit.open(host.allowed + host.page("/english", lang="en"))

    assert frame.locator("html").get_attribute("lang") == "en"
    assert "What would you like to know?" in frame.inner_text("body")
    assert visit.page.get_attribute("forum-assistant iframe", "title") == "Assistant"
    context.close()


def test_a_conversation_goes_along_through_the_pages_of_its_host(visit: Visit, host: Host) -> None:
    asked(visit.open(host.allowed + host.page("/one")), QUESTION)

    frame = visit.open(host.allowed + host.page("/two-of-them"))

    frame.locator(".turn .question").wait_for()
    assert frame.locator(".turn .question").all_inner_texts() == [QUESTION]


def test_where_a_frame_has_no_store_its_host_keeps_the_conversation(
    visit: Visit, host: Host
) -> None:
    blocked = (
        "if (location.pathname === '/widget') Object.defineProperty(window, 'sessionStorage',"
        "{ get() { throw new DOMException('blocked', 'SecurityError'); } });"
    )
    visit.page.add_init_script(blocked)
    asked(visit.open(host.allowed + host.page("/one")), QUESTION)

    frame = visit.open(host.allowed + host.page("/two-of-them"))

    frame.locator(".turn .question").wait_for()
    assert frame.locator(".turn .question").all_inner_texts() == [QUESTION]
