"""The pages enlarged, spaced, on paper, in forced colours, in scripts from the right, and still."""

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Literal

import pypdfium2
import pytest

from assistant.domain.corpus import UNDETERMINED
from assistant.domain.dialogue import Answer, Citation, Mode, Outcome
from assistant.language.wording import wording
from assistant.web.pages import answers
from assistant.web.pages.templating import render
from tests.builders import a_document, a_source, an_excerpt
from tests.end_to_end.chatting import QUESTION, Visit

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page, Route

pytestmark = pytest.mark.browser

ENLARGED = {"width": 320, "height": 256}  # CSS pixels of 1280 by 1024 at 400 %, WCAG 2.2, 1.4.10
SPACED = """* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
    word-spacing: 0.16em !important; } p { margin-block-end: 2em !important; }"""
"""WCAG 2.2, 1.4.12"""
ADD_STYLE = """(text) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    document.adoptedStyleSheets.push(sheet);
}"""
TOO_WIDE = "document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth"
STICKING = """[...document.querySelectorAll("*")]
    .filter((its) => ["sticky", "fixed"].includes(getComputedStyle(its).position))
    .reduce((sum, its) => sum + its.getBoundingClientRect().height, 0)"""
CLIPPED = """[...document.querySelectorAll("body *")].filter((its) => {
    if (!its.offsetParent || !its.textContent.trim()) return false;
    if (its.closest(".unseen, .asked #intro")) return false;
    const style = getComputedStyle(its);
    const hides = (way) => ["hidden", "clip"].includes(way);
    return (hides(style.overflowX) && its.scrollWidth > its.clientWidth + 1)
        || (hides(style.overflowY) && its.scrollHeight > its.clientHeight + 1);
}).map((its) => its.outerHTML.slice(0, 120))"""
INVISIBLE = """[...document.querySelectorAll(".round, .offer, .action, .box")]
    .filter((its) => its.offsetParent).filter((its) => {
        const style = getComputedStyle(its);
        const { borderTopWidth: width, borderTopColor: colour, backgroundColor: around } = style;
        return parseFloat(width) < 1 || colour === around;
    }).map((its) => its.outerHTML.slice(0, 120))"""
FOCUSED = """() => {
    const its = document.activeElement;
    const ringed = its.id === "question" ? its.closest(".box") : its; // its box has the ring
    const style = getComputedStyle(ringed);
    const isRinged = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2
        && style.outlineColor !== style.backgroundColor;
    return [its === document.body, isRinged, its.outerHTML.slice(0, 120)];
}"""
WATCH_SHIFTS = """window.shifted = [];
new PerformanceObserver((list) => {
    for (const { hadRecentInput, value, sources } of list.getEntries()) {
        if (!hadRecentInput) window.shifted.push([value, ...sources.map((its) => its.node?.id)]);
    }
}).observe({ type: "layout-shift", buffered: true });"""
WATCH_COMPOSER = """() => {
    window.edges = [];
    const look = () => {
        window.edges.push(document.querySelector("#composer").getBoundingClientRect().bottom);
        requestAnimationFrame(look);
    };
    look();
}"""
STREAM = "**/gradio_api/call/ask/*"
SEEN = 0.01  # a shift of the layout, as browsers count it; from 0.1 on a page is found unsteady
ARABIC = "تم تجديد إنارة الشوارع في دونلايث (Dunlaith) عام 2019."


def a_slow_network(route: "Route") -> None:
    time.sleep(0.7)
    route.continue_()


def opened(context: "BrowserContext", site: str, path: str = "/?lang=en") -> Visit:
    visit = Visit.within(context, site)
    visit.open(path)
    return visit


def is_in_view(page: "Page", selector: str) -> bool:
    """Whether the beginning of an element can be seen."""
    box, size = page.locator(selector).first.bounding_box(), page.viewport_size
    assert box
    assert size
    return 0 <= box["y"] < size["height"] and 0 <= box["x"] < size["width"]


@pytest.mark.parametrize("path", ["/?lang=en", "/widget?lang=en"])
def test_at_400_percent_all_is_read_by_scrolling_down_alone(
    browser: "Browser", site: str, path: str
) -> None:
    context = browser.new_context(viewport=ENLARGED)  # type: ignore[arg-type] # as it says
    visit = opened(context, site, path)
    assert visit.page.evaluate(TOO_WIDE) <= 0
    visit.ask(QUESTION)

    assert visit.page.evaluate(TOO_WIDE) <= 0
    assert visit.page.evaluate(STICKING) <= ENLARGED["height"] / 2
    visit.page.locator(".turn .excerpt p").first.scroll_into_view_if_needed()
    assert is_in_view(visit.page, ".turn .excerpt p")
    visit.page.focus("#question")
    visit.page.keyboard.type("More?")
    assert is_in_view(visit.page, "#question")
    context.close()


@pytest.mark.parametrize("width", [320, 1280])
def test_more_space_between_lines_words_and_letters_hides_nothing(
    browser: "Browser", site: str, width: int
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 800})
    visit = opened(context, site)
    visit.page.evaluate(ADD_STYLE, SPACED)
    visit.ask(QUESTION)
    visit.page.click("#filters summary")

    assert visit.page.evaluate(CLIPPED) == []
    assert visit.page.evaluate(TOO_WIDE) <= 0
    visit.page.goto(site + str(visit.page.get_attribute("[data-action=link]", "href")))
    visit.page.evaluate(ADD_STYLE, SPACED)
    assert visit.page.evaluate(CLIPPED) == []
    assert visit.page.evaluate(TOO_WIDE) <= 0
    context.close()


def joined(text: str) -> str:
    """Return a text without the breaks that paper puts into it."""
    return "".join(text.split())


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_paper_the_whole_conversation_stands_with_its_sources_and_no_controls(
    browser: "Browser", site: str, scheme: Literal["light", "dark"]
) -> None:
    context = browser.new_context(color_scheme=scheme, viewport={"width": 800, "height": 600})
    visit = opened(context, site)
    asked = ["Who leads the network now?", QUESTION, "What is the capital of Australia?"]
    for text in asked:
        visit.ask(text)
    page = visit.page
    turns = page.locator(
        ".turn :is(.question, .excerpt :is(h3, p, li), .card .title, .sources li .title)"
    )
    words = [
        joined(each) for each in turns.evaluate_all("all => all.map((its) => its.textContent)")
    ]
    links = page.locator(".turn a.title").evaluate_all("all => all.map((its) => its.href)")

    pdf = pypdfium2.PdfDocument(page.pdf())
    page.emulate_media(media="print")

    paper = joined("".join(each.get_textpage().get_text_range() for each in pdf))
    screen = joined(page.inner_text("body"))
    addresses = [joined(link.partition("#:~:")[0]) for link in links]
    assert len(addresses) > len(asked)
    assert [part for part in [*words, *addresses] if part not in screen] == []
    assert [address for address in addresses if address not in paper.replace("\ufffe", "-")] == []
    assert [each for each in asked if joined(each) not in paper] == []
    assert page.locator(":is(button, textarea, label, nav, .actions, a.open):visible").count() == 0
    colour = page.locator(".excerpt").first.evaluate("its => getComputedStyle(its).color")
    assert colour == "rgb(0, 0, 0)"
    context.close()


def test_an_answer_behind_a_link_stands_on_paper_with_its_sources(
    browser: "Browser", site: str
) -> None:
    context = browser.new_context()
    visit = opened(context, site)
    visit.ask(QUESTION)
    visit.page.goto(site + str(visit.page.get_attribute("[data-action=link]", "href")))
    assert not visit.page.locator(".address").first.is_visible()

    visit.page.emulate_media(media="print")

    assert visit.page.locator(".address").first.inner_text().startswith(f"{site}/documents/")
    assert visit.page.locator(".excerpt mark").first.is_visible()
    context.close()


@pytest.fixture
def forced(browser: "Browser", site: str) -> Iterator[Visit]:
    context = browser.new_context(forced_colors="active")
    yield opened(context, site)
    context.close()


def test_in_forced_colours_controls_marks_and_focus_are_seen(forced: Visit) -> None:
    forced.ask(QUESTION)

    assert forced.page.evaluate(INVISIBLE) == []
    mark = forced.page.locator(".turn mark").first
    plain = "its => getComputedStyle(its).backgroundColor"
    assert mark.evaluate(plain) != forced.page.locator("body").evaluate(plain)
    forced.page.focus(".skip")
    seen: list[list[Any]] = []
    while not seen or not seen[-1][0]:
        forced.page.keyboard.press("Tab")
        seen.append(forced.page.evaluate(FOCUSED))
    assert len(seen) > 15
    assert [html for is_body, is_ringed, html in seen if not (is_body or is_ringed)] == []


def an_arabic_answer(language: str) -> Answer:
    source = a_source(title=ARABIC, language=language)
    url = "https://forum.test/lamps"
    prose = an_excerpt(ARABIC, source=source)
    items = an_excerpt(f"- {ARABIC}", source=source, headings=(ARABIC,))
    citations = (Citation(1, prose, url, url), Citation(2, items, url, url))
    return Answer(
        *("When?", "en", Outcome.ANSWERED, Mode.QUOTING, "The documents say:", "000001"),
        citations=citations,
    )


@pytest.mark.parametrize("language", ["ar", UNDETERMINED])
def test_arabic_quoted_on_an_english_page_runs_from_the_right(
    browser: "Browser", site: str, language: str
) -> None:
    context = browser.new_context()
    visit = opened(context, site)
    html = answers.answer(an_arabic_answer(language), wording("en"), "")
    put = "(turns, html) => turns.innerHTML = `<li class=turn>${html}</li>`"
    visit.page.locator("#turns").evaluate(put, html)

    way = "its => getComputedStyle(its).direction"
    for each in (".excerpt p >> nth=0", ".excerpt li", ".card bdi"):
        assert visit.page.locator(f"#turns {each}").evaluate(way) == "rtl", each
    for each in (".answer", ".card", ".facts"):
        assert visit.page.locator(f"#turns {each}").first.evaluate(way) == "ltr", each
    rule = visit.page.locator("#turns .excerpt").first.evaluate(
        "its => [getComputedStyle(its).borderRightWidth, getComputedStyle(its).paddingRight]"
    )
    assert rule[0] == "3px"
    assert float(rule[1].removesuffix("px")) > 8
    context.close()


@pytest.mark.parametrize("language", ["ar", UNDETERMINED])
def test_an_arabic_document_runs_from_the_right_below_a_line_that_does_not(
    browser: "Browser", site: str, language: str
) -> None:
    text = f"{ARABIC}\n\n## {ARABIC}\n\n- {ARABIC}\n  - {ARABIC}\n\n> {ARABIC}\n\n| {ARABIC} | b |"
    document = a_document(text=text, title=ARABIC, language=language)
    html = render(
        "document.html",
        document=document,
        words=wording("en"),
        language=language,
        marks=(),
        base="",
        version="1",
        name="Safe towns",
    )
    page = browser.new_page()
    page.route("**/arabic", lambda route: route.fulfill(content_type="text/html", body=html))
    page.goto(f"{site}/arabic")

    way = "its => getComputedStyle(its).direction"
    for each in ("h1", "article > p >> nth=1", "h2", "article > ul", "blockquote", "table"):
        assert page.locator(each).evaluate(way) == "rtl", each
    assert page.locator("header a.back").evaluate(way) == "ltr"
    nested = page.locator("li.level-1").evaluate("its => getComputedStyle(its).marginRight")
    assert nested != "0px"
    page.close()


@pytest.mark.parametrize(
    ("path", "size"),
    [("/?lang=en", (1280, 720)), ("/?lang=en", (360, 740)), ("/widget?lang=en", (432, 620))],
)
def test_nothing_moves_while_a_page_opens(
    browser: "Browser", site: str, path: str, size: tuple[int, int]
) -> None:
    context = browser.new_context(viewport={"width": size[0], "height": size[1]})
    context.add_init_script(WATCH_SHIFTS)
    visit = opened(context, site, path)
    visit.page.wait_for_timeout(600)

    shifted = visit.page.evaluate("window.shifted")
    context.close()
    assert sum(value for value, *_ in shifted) < SEEN, shifted


@pytest.mark.parametrize(
    ("path", "size"),
    [("/?lang=en", (1280, 720)), ("/?lang=en", (768, 1024)), ("/widget?lang=en", (432, 620))],
)
def test_the_box_for_questions_stays_at_the_foot_while_answers_come(
    browser: "Browser", site: str, path: str, size: tuple[int, int]
) -> None:
    context = browser.new_context(viewport={"width": size[0], "height": size[1]})
    visit = opened(context, site, path)
    visit.ask(QUESTION)
    visit.ask("How do we become a member?")
    visit.page.wait_for_timeout(800)
    visit.page.route(STREAM, a_slow_network)
    visit.page.evaluate(WATCH_COMPOSER)
    for question in ("Who leads the network now?", QUESTION):
        turn = visit.ask(question)
        visit.page.wait_for_timeout(800)  # it goes there smoothly
        place = turn.bounding_box()
        assert place is not None
        assert 0 <= place["y"] < size[1] - 150, question

    edges = visit.page.evaluate("window.edges")
    context.close()
    assert len(edges) > 1
    assert max(edges) <= size[1]
    assert min(edges) > size[1] - 80, edges
