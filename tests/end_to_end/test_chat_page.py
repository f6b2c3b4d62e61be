"""The chat page in a real browser, as a member meets it."""

import gzip
from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

import pytest

from assistant.language.languages import LANGUAGES
from assistant.language.wording import wording
from tests.end_to_end.accessibility import violations
from tests.end_to_end.chatting import LEADER, QUESTION, REFUSED, Visit
from tests.end_to_end.conftest import a_free_port, served_from

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

STORED = "[...Object.keys(localStorage), ...Object.keys(sessionStorage)]"


@pytest.fixture
def visit(browser: "Browser", site: str, request: pytest.FixtureRequest) -> Iterator[Visit]:
    context = browser.new_context(locale=getattr(request, "param", "en-GB"))
    yield Visit.within(context, site)
    context.close()


def test_a_question_is_answered_with_a_source_that_opens_at_the_sentence(visit: Visit) -> None:
    visit.open()
    turn = visit.ask(QUESTION)

    assert "In de documenten staat" in turn.inner_text()
    assert turn.locator(".excerpt").first.get_attribute("lang") == "en"
    marked = turn.locator("mark").first.inner_text()
    assert marked
    with visit.page.context.expect_page() as opened:
        turn.locator(".sources a.title").first.click()
    source = opened.value
    source.wait_for_load_state()
    assert source.url.startswith(visit.site + "/documents/")
    assert " ".join(marked.split()) in " ".join(source.inner_text("main").split())
    assert source.evaluate("document.scrollingElement.scrollTop") > 0


def test_a_long_conversation_stays_in_its_order(visit: Visit) -> None:
    visit.open()
    for text in (LEADER, QUESTION, REFUSED):
        visit.ask(text)

    assert visit.questions == [LEADER, QUESTION, REFUSED]


def test_a_refusal_offers_documents_and_nothing_unrelated_to_ask(visit: Visit) -> None:
    visit.open()
    turn = visit.ask(REFUSED)

    assert wording("en")("refusal.text") in turn.inner_text()
    assert turn.locator(".sources li").count() <= 2
    assert turn.locator(".next").count() == 0


def test_no_request_leaves_the_machine_and_only_the_tab_keeps_what_was_said(visit: Visit) -> None:
    visit.open()
    assert visit.page.evaluate(STORED) == []
    visit.ask(QUESTION)

    assert visit.hosts == {urlsplit(visit.site).netloc}
    assert visit.page.context.cookies() == []
    assert visit.page.evaluate("Object.keys(localStorage)") == []
    assert visit.page.evaluate("Object.keys(sessionStorage)") == ["forum-assistant"]
    assert visit.complaints == []


def test_a_page_asks_for_few_and_small_things(visit: Visit) -> None:
    visit.open()
    visit.page.wait_for_load_state("networkidle")

    bodies = [visit.page.request.get(address).body() for address in visit.asked]
    assert len(bodies) <= 8
    assert sum(len(gzip.compress(body)) for body in bodies) < 60_000


@pytest.mark.parametrize(
    ("visit", "language"),
    [("fr-BE", "fr"), ("nl-BE", "nl"), ("de-DE", "de"), ("it-IT", "it"), ("fi-FI", "en")],
    indirect=["visit"],
)
def test_the_page_speaks_the_visitors_language_and_no_other(visit: Visit, language: str) -> None:
    visit.open("/")

    words = wording(language)
    assert visit.page.inner_text("h1") == words("page.heading")
    assert visit.page.get_attribute("html", "lang") == language
    assert visit.page.get_attribute("#ask", "title") == words("button.ask")


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_offered_first_is_there_at_once_and_answered(
    visit: Visit, site: str, language: str
) -> None:
    page = visit.page.request.get(f"{site}/?lang={language}").text()
    assert 'class="offer"' in page
    visit.open(f"/?lang={language}")

    offered = visit.page.locator("#samples .offer").all_inner_texts()
    assert 1 <= len(offered) <= 4
    visit.page.locator("#samples .offer").first.click()
    turn = visit.page.locator("#turns > .turn[data-state=done]")
    turn.wait_for()
    assert turn.locator(".answer:is(.answered, .listed)").count() == 1
    assert visit.questions == offered[:1]


def test_what_may_be_asked_next_is_not_what_was_asked(visit: Visit) -> None:
    visit.open()
    turn = visit.ask("Who pays for the cameras?")
    following = turn.locator(".next .offer").all_inner_texts()

    assert 1 <= len(following) <= 3
    assert "Who pays for the cameras?" not in following
    turn.locator(".next .offer").first.click()
    visit.page.locator("#turns > .turn:nth-child(2)[data-state=done]").wait_for()
    assert visit.page.locator(".next").count() <= 1


def test_a_new_chat_begins_from_nothing_and_can_be_undone(visit: Visit) -> None:
    visit.open()
    visit.ask(QUESTION)

    visit.page.click("#new")
    assert visit.questions == []
    assert visit.page.locator("#samples .offer").first.is_visible()
    visit.page.click(".undo .action")

    visit.check_questions([QUESTION])
    visit.page.reload()
    visit.check_questions([QUESTION])


def test_what_is_asked_after_a_new_chat_cannot_be_undone_away(visit: Visit) -> None:
    visit.open()
    visit.ask(QUESTION)
    visit.page.click("#new")
    visit.page.locator(".undo").wait_for()

    visit.ask("Who can join?")

    assert visit.page.locator(".undo").count() == 0
    visit.check_questions(["Who can join?"])


def test_a_new_chat_works_after_a_reload_as_before(visit: Visit) -> None:
    visit.open()
    visit.ask(QUESTION)
    visit.page.reload()
    visit.page.click("#new")

    assert visit.questions == []
    visit.page.reload()
    assert visit.questions == []
    assert visit.page.evaluate(STORED) == []


def test_a_conversation_outlives_reload_language_permalink_and_back(visit: Visit) -> None:
    visit.open()
    visit.ask("Who pays for the cameras?")
    visit.page.fill("#question", "half a")
    visit.page.reload()
    visit.check_questions(["Who pays for the cameras?"])
    visit.check_box("half a")
    visit.page.click(".languages summary")
    visit.page.click(".languages a[lang=fr]")
    visit.check_questions(["Who pays for the cameras?"])
    assert visit.page.get_attribute("html", "lang") == "fr"
    link = str(visit.page.get_attribute("[data-action=link]", "href"))
    visit.page.goto(visit.site + link)
    visit.page.go_back()
    visit.check_questions(["Who pays for the cameras?"])

    turn = visit.ask("Combien coûtent-elles ?")
    assert turn.locator(".answer").count() == 1


def test_a_follow_up_leans_on_what_was_said_before_a_reload(visit: Visit) -> None:
    visit.open("/?lang=fr")
    visit.ask("Comment devenir membre ?")
    visit.page.reload()

    turn = visit.ask("Combien ça coûte ?")

    assert "Compris comme : Combien ça coûte ? (" in turn.inner_text().replace("\xa0", " ")


def test_two_members_never_see_each_other(browser: "Browser", site: str) -> None:
    contexts = [browser.new_context(locale="en-GB") for _ in range(2)]
    first, second = (Visit.within(context, site) for context in contexts)
    first.open()
    second.open()

    first.ask(LEADER)
    second.ask(REFUSED)
    first.ask(QUESTION)

    assert first.questions == [LEADER, QUESTION]
    assert second.questions == [REFUSED]
    for context in contexts:
        context.close()


@pytest.mark.parametrize(
    "text",
    [
        '<img src=x onerror="window.hacked=1">',
        "![x](http://127.0.0.1:9/leak.png) **bold** $x^2$",
        "</li><script>window.hacked=1</script><style>body{display:none}</style>",
        "[click](javascript:window.hacked=1)",
    ],
)
def test_a_question_is_shown_as_the_text_it_is(visit: Visit, text: str) -> None:
    visit.open()
    turn = visit.ask(text)

    assert turn.locator(".question").inner_text() == text
    assert visit.page.evaluate("window.hacked") is None
    assert turn.locator(":is(img, script, style, strong, iframe)").count() == 0
    assert visit.hosts == {urlsplit(visit.site).netloc}


def test_an_empty_question_gets_a_hint(visit: Visit) -> None:
    visit.open()

    visit.page.click("#ask")

    assert visit.page.inner_text("#trouble") == wording("en")("error.empty")


@pytest.mark.parametrize(
    ("seconds", "told"), [("1", "wait 1 second and"), ("12", "wait 12 seconds")]
)
def test_who_has_to_wait_is_told_how_long(visit: Visit, seconds: str, told: str) -> None:
    visit.open()
    visit.page.route(
        "**/gradio_api/call/ask",
        lambda route: route.fulfill(status=429, headers={"Retry-After": seconds}),
    )

    visit.page.fill("#question", QUESTION)
    visit.page.press("#question", "Enter")

    visit.page.wait_for_selector(f"#trouble:has-text('{told}')")


@pytest.mark.parametrize("path", ["/?lang=en", "/documents", "/about"])
def test_a_page_fits_a_phone(visit: Visit, path: str) -> None:
    visit.page.set_viewport_size({"width": 320, "height": 640})
    visit.open(path)
    if path == "/?lang=en":
        visit.ask(QUESTION)

    overflow = "document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth"
    assert visit.page.evaluate(overflow) <= 0


def test_focus_stays_where_the_member_types(visit: Visit) -> None:
    visit.open()
    assert visit.page.evaluate("document.activeElement.tagName") == "BODY"  # nothing takes it
    visit.ask(QUESTION)

    assert visit.page.evaluate("document.activeElement.id") == "question"
    visit.page.keyboard.type("More?")
    visit.check_box("More?")


def test_what_has_the_focus_is_never_hidden_below_the_box(visit: Visit) -> None:
    visit.page.set_viewport_size({"width": 1000, "height": 600})
    visit.open()
    visit.ask(QUESTION)
    visit.ask("How do we become a member?")
    visit.page.evaluate("scrollTo(0, 0); document.activeElement.blur()")
    hidden = """() => {
        const focused = document.activeElement, box = document.querySelector("#composer");
        if (focused === document.body) return null;
        if (box.contains(focused) || focused.closest(".foot")) return "";
        const its = focused.getBoundingClientRect(), over = box.getBoundingClientRect();
        const isHidden = its.top < over.bottom && its.bottom > over.top + 1;
        return isHidden ? focused.outerHTML.slice(0, 120) : "";
    }"""
    found: list[str] = []
    for _ in range(60):
        visit.page.keyboard.press("Tab")
        seen = visit.page.evaluate(hidden)
        if seen is None:
            break
        found.append(seen)

    assert len(found) > 10
    assert [html for html in found if html] == []


def test_a_screen_reader_hears_two_sentences_an_answer_and_finds_each_as_a_heading(
    visit: Visit,
) -> None:
    visit.open()
    visit.page.evaluate(
        """() => {
            window.heard = [];
            const live = '[aria-live]:not([aria-live=off]), [role=status], [role=alert]';
            new MutationObserver((changes) => {
                for (const { target } of changes) {
                    const node = target.nodeType === 1 ? target : target.parentElement;
                    const text = node?.closest(live)?.textContent;
                    if (text) window.heard.push(text);
                }
            }).observe(document.body, { childList: true, subtree: true, characterData: true });
        }"""
    )
    visit.ask(LEADER)
    visit.page.wait_for_timeout(300)

    heard = visit.page.evaluate("window.heard")
    assert len(heard) == 2
    assert heard[1].startswith("Answered, with sources:")
    assert visit.page.get_by_role("heading", level=2).all_inner_texts() == [LEADER]


@pytest.mark.parametrize("rating", ["helpful", "unhelpful"])
def test_a_member_may_say_whether_an_answer_helped(visit: Visit, rating: str) -> None:
    visit.open()
    turn = visit.ask(QUESTION)

    turn.locator(f"[data-action={rating}]").click()
    if rating == "unhelpful":
        turn.locator("[name=cause][value=old]").check()
        turn.locator("[name=reason]").fill("The figure is from 2021.")
        turn.locator(".why .action").click()

    turn.locator(".thanks").wait_for()
    assert turn.locator("[data-action=helpful]").count() == 0
    assert visit.complaints == []


def test_a_link_shows_the_same_answer_to_somebody_else(visit: Visit) -> None:
    visit.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    visit.open()
    turn = visit.ask(QUESTION)
    excerpt = turn.locator(".excerpt p").first.inner_text()

    turn.locator("[data-action=link]").click()
    turn.locator("[data-action=link]:has-text('Link copied.')").wait_for()
    visit.page.goto(visit.page.evaluate("navigator.clipboard.readText()"))

    assert QUESTION in visit.page.inner_text("main")
    assert excerpt.strip() in visit.page.inner_text("main")
    assert visit.complaints == []


def test_the_conversation_can_be_kept_as_a_file_without_words_of_the_page(visit: Visit) -> None:
    visit.open()
    turn = visit.ask(QUESTION)
    turn.locator("[data-action=helpful]").click()
    turn.locator(".thanks").wait_for()

    visit.page.click("#tools summary")
    with visit.page.expect_download() as text:
        visit.page.click("[data-tool=markdown]")
    visit.page.click("#tools summary")
    with visit.page.expect_download() as word:
        visit.page.click("[data-tool=docx]")

    kept = text.value.path().read_text(encoding="utf-8")
    assert f"## {QUESTION}" in kept
    assert visit.site in kept
    for key in ("action.copy", "feedback.thanks", "samples.next"):
        assert wording("nl")(key) not in kept
        assert wording("en")(key) not in kept
    assert word.value.path().read_bytes().startswith(b"PK")


def test_an_answer_is_copied_with_its_sources(visit: Visit) -> None:
    visit.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    visit.open()
    turn = visit.ask(QUESTION)

    turn.locator("[data-action=copy]").click()
    turn.locator("[data-action=copy]:has-text('Copied.')").wait_for()

    copied = visit.page.evaluate("navigator.clipboard.readText()")
    assert QUESTION in copied
    assert "[1]" in copied
    assert visit.site in copied


def test_the_filters_narrow_the_search_and_say_so(visit: Visit) -> None:
    visit.open()
    visit.page.click("#filters summary")
    visit.page.check("#filters [name=languages][value=de]")
    visit.page.keyboard.press("Escape")
    turn = visit.ask("What are the latest articles?")

    languages = turn.locator(".documents li bdi")
    assert languages.count() > 0
    assert {bdi.get_attribute("lang") for bdi in languages.all()} == {"de"}
    assert visit.page.inner_text("#filters .count") == "1"
    visit.page.click("#chips .action")
    assert not visit.page.locator("#chips").is_visible()


def test_a_filter_that_hides_the_answer_says_so_and_can_be_left_aside(visit: Visit) -> None:
    visit.open()
    visit.page.click("#filters summary")
    visit.page.check("#filters [name=kinds][value=recommendation]")
    visit.page.keyboard.press("Escape")
    turn = visit.ask("Who won the election for president in 2025?")
    assert "Only this was searched: Recommendations." in turn.inner_text()

    turn.locator(".filtered button").click()

    again = visit.page.locator("#turns > .turn:nth-child(2)[data-state=done]")
    again.wait_for()
    assert "Only this was searched" not in again.inner_text()
    assert not visit.page.locator("#chips").is_visible()


def test_the_browser_remembers_for_longer_only_when_asked_to(visit: Visit, site: str) -> None:
    visit.open()
    visit.ask(QUESTION)
    visit.page.click("#tools summary")
    visit.page.click("[data-tool=remember]")

    later = Visit.within(visit.page.context, site)  # another tab
    later.open()
    later.check_questions([QUESTION])
    later.page.click("#tools summary")
    later.page.click("[data-tool=forget]")
    assert later.page.evaluate("localStorage.length") == 0


def test_there_is_no_white_gap_below_a_short_answer(visit: Visit) -> None:
    visit.open()
    visit.ask(LEADER)
    turn = visit.ask("Thanks!")
    visit.page.wait_for_timeout(800)

    box, answer = visit.page.locator("#composer").bounding_box(), turn.bounding_box()
    assert box
    assert answer
    assert 0 <= box["y"] - (answer["y"] + answer["height"]) < 120


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_nothing_stands_in_anybodys_way(
    browser: "Browser", site: str, scheme: Literal["light", "dark"], width: int
) -> None:
    context = browser.new_context(
        locale="en-GB", color_scheme=scheme, viewport={"width": width, "height": 800}
    )
    visit = Visit.within(context, site)
    visit.open()
    found = {"empty": violations(visit.page)}
    turn = visit.ask(QUESTION)
    turn.locator("[data-action=unhelpful]").click()
    found["answered"] = violations(visit.page)
    visit.ask(REFUSED)
    visit.page.click("#filters summary")
    visit.page.check("#filters [name=kinds][value=event]")
    found["refused"] = violations(visit.page)
    visit.page.keyboard.press("Escape")
    visit.page.click(".languages summary")
    found["languages"] = violations(visit.page)
    visit.page.keyboard.press("Escape")
    visit.page.click("#new")
    found["undo"] = violations(visit.page)
    for path in ("/accessibility", "/about", "/documents", "/documents/none", "/answer/none"):
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
        ":is(button, summary, .action, .foot a, label):visible:not(.unseen)"
    ).evaluate_all(
        """(found) => found
            .map((its) => [its.outerHTML.slice(0, 80), its.getBoundingClientRect()])
            .filter(([, { width, height }]) => width < 24 || height < 24)
            .map(([html]) => html)"""
    )
    assert small == []


def test_nothing_moves_for_those_who_do_not_want_it(browser: "Browser", site: str) -> None:
    context = browser.new_context(reduced_motion="reduce")
    visit = Visit.within(context, site)
    visit.open()
    visit.ask(QUESTION)

    assert visit.page.evaluate("document.getAnimations().length") == 0
    context.close()


def test_a_page_that_nobody_touches_rests(visit: Visit) -> None:
    visit.page.add_init_script(
        """const native = window.requestAnimationFrame.bind(window);
        window.drawn = 0;
        window.requestAnimationFrame = (draw) => { window.drawn += 1; return native(draw); };"""
    )
    visit.open()
    visit.ask(QUESTION)
    visit.page.wait_for_timeout(1000)
    before = len(visit.asked)
    visit.page.evaluate("window.drawn = 0")
    visit.page.wait_for_timeout(1500)

    assert visit.page.evaluate("window.drawn") == 0
    assert len(visit.asked) == before


def test_a_browser_without_scripts_asks_by_a_form_and_goes_on_from_its_answer(
    browser: "Browser", site: str
) -> None:
    context = browser.new_context(java_script_enabled=False, locale="fr-BE")
    page = context.new_page()
    page.goto(site)
    page.fill("#question", "Comment devenir membre ?")
    page.click("#ask")

    assert page.inner_text("#turns .question") == "Comment devenir membre ?"
    assert page.locator("#turns .excerpt").count() > 0
    page.fill("#question", "Combien ça coûte ?")
    page.click("#ask")
    assert "Compris comme" in page.inner_text("#turns")
    page.goto(site)
    page.click("#samples .offer >> nth=0")
    assert page.locator("#turns .answer").count() == 1
    context.close()


def test_documents_can_be_browsed_from_the_first_screen(visit: Visit) -> None:
    visit.open()
    visit.page.click("#browse .kinds a:has-text('Recommendations')")

    assert visit.page.locator("ul.documents .title").count() > 3
    visit.page.locator("ul.documents .title").first.click()
    assert visit.page.locator("article h1").count() == 1


def test_a_server_that_goes_away_and_comes_back_costs_nothing_that_was_said(
    browser: "Browser", sample_data: "Path"
) -> None:

    port = a_free_port()
    context = browser.new_context(locale="en-GB")
    visit = Visit.within(context, f"http://127.0.0.1:{port}")
    with served_from(sample_data, port=port):
        visit.open()
        visit.ask(QUESTION)
    visit.page.fill("#question", LEADER)
    visit.page.press("#question", "Enter")
    visit.page.wait_for_selector("#trouble:has-text('The connection was lost.')")
    visit.check_questions([QUESTION])
    visit.check_box(LEADER)

    with served_from(sample_data, port=port):
        visit.page.click("#ask")
        turn = visit.page.locator("#turns > .turn:nth-child(2)[data-state=done]")
        turn.wait_for()
        assert "Marit Oosterling" in turn.inner_text()
    context.close()


@pytest.mark.parametrize("width", [390, 1280])
def test_the_passage_is_shown_beside_the_answer_with_its_words_marked(
    visit: Visit, width: int
) -> None:
    visit.page.set_viewport_size({"width": width, "height": 800})
    visit.open()
    turn = visit.ask(LEADER)
    turn.locator("[data-action=passage]").first.click()
    visit.page.locator("#passage #marked").wait_for()

    assert visit.page.locator("#passage article h1").count() == 1
    box = visit.page.locator("#passage #marked").bounding_box()
    assert box
    assert 0 < box["y"] < 800
    assert violations(visit.page) == []
    visit.page.keyboard.press("Escape")
    assert not visit.page.locator("#passage").is_visible()
    assert visit.page.evaluate("document.activeElement.dataset.action") == "passage"
