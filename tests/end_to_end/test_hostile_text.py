"""A forum of hostile words on the real server: on every page they are words and nothing else.

The browser is told to leave the pages' policies aside, so that nothing but our markup stands
between the words and it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from assistant import cli
from assistant.records.accounts import Accounts
from assistant.records.database import Database
from ingest.sources.folder import list_files
from tests.conftest import EVAL_DATA
from tests.end_to_end.chatting import ask
from tests.end_to_end.conftest import served_from
from tests.end_to_end.hostile_words import (
    CLASSICS,
    HARMLESS,
    data_set,
    joined,
    one_line,
    spread,
    write_forum,
)
from tests.end_to_end.watching import Watch, foreign

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = pytest.mark.browser

PASSWORD = "tangerine wombat ladder"  # noqa: S105 - only this test has it
ASKED = "When was the ferry of Dunlaith renewed?"
SAMPLED = 4  # of the data set, one by one; more of them come together
QUESTION_LIMIT = 20_000
LONG_QUESTIONS = 3
MARKDOWN = CLASSICS[-9:]


@dataclass(frozen=True)
class Forum:
    """The served forum: its address and its documents' ids."""

    site: str
    ids: Sequence[str]


@pytest.fixture(scope="module")
def forum(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forum]:
    folder = tmp_path_factory.mktemp("hostile")
    documents, data = folder / "documents", str(folder / "data")
    documents.mkdir()
    listed = data_set(Path(EVAL_DATA)) if EVAL_DATA else ()
    words = [*CLASSICS, *spread(listed, SAMPLED)]
    write_forum(documents, words, [*CLASSICS, *spread(listed, 10 * SAMPLED)])
    assert cli.main(["ingest", str(documents), "--data", data]) == 0
    Accounts(Database(folder / "data")).set_staff_password(PASSWORD)
    limit = str(QUESTION_LIMIT)
    with served_from(folder / "data", are_names_asked=True, FORUM_QUESTION_LIMIT=limit) as site:
        yield Forum(site, [file.id for file in list_files(documents).files])


@dataclass
class Visit:
    """A member's page, and all that happens in it."""

    page: "Page"
    watch: Watch
    site: str

    def ask(self, text: str) -> str:
        """Ask, and return the question as the page shows it."""
        return str(ask(self.page, text).locator(".question").evaluate("its => its.textContent"))

    def check(self, root: str) -> None:
        """Fail where anything is there, or has happened, that is not ours."""
        assert foreign(self.page, root) == []
        assert self.watch.alarms == []
        assert self.watch.hosts == {urlsplit(self.site).netloc}


@pytest.fixture(scope="module")
def context(browser: "Browser") -> "Iterator[BrowserContext]":
    context = browser.new_context(locale="en-GB", bypass_csp=True)
    yield context
    context.close()


@pytest.fixture
def visit(context: "BrowserContext", forum: Forum) -> Iterator[Visit]:
    watch, page = Watch().over(context), context.new_page()
    page.goto(forum.site)
    yield Visit(page, watch, forum.site)
    page.close()


def test_every_page_of_a_document_holds_its_words_and_nothing_else(
    visit: Visit, forum: Forum
) -> None:
    for each in forum.ids:
        response = visit.page.goto(f"{forum.site}/documents/{quote(each)}")
        assert response is not None
        assert response.status == 200, each
        assert HARMLESS in visit.page.inner_text("article"), each
        visit.check("main")  # the bar above it holds no words of documents


def test_a_question_is_shown_to_the_letter_and_answered_with_words(visit: Visit) -> None:
    for words in CLASSICS:
        assert one_line(visit.ask(words)) == one_line(words)
    visit.check(".turn")
    assert visit.page.locator("#turns .question").count() == len(CLASSICS)


def test_hundreds_of_words_at_once_are_shown_to_the_letter_as_a_question(
    visit: Visit, eval_data: Path
) -> None:
    questions = list(joined(data_set(eval_data), QUESTION_LIMIT - 1000))
    for text in spread(questions, LONG_QUESTIONS):  # test_hostile_rendering has all of them
        assert one_line(visit.ask(text)) == one_line(text)
    visit.check(".turn")


def test_titles_that_are_offered_as_questions_are_words(visit: Visit) -> None:
    assert visit.page.locator("#samples .offer").count() > 1
    assert visit.page.locator("#samples .offer *").count() == 0


def test_sources_with_hostile_titles_are_cards_on_the_page_and_behind_its_link(
    visit: Visit, forum: Forum
) -> None:
    visit.ask(ASKED)
    titles = visit.page.locator(".turn .card a.title").all_inner_texts()
    visit.check(".turn")
    visit.page.goto(forum.site + str(visit.page.get_attribute("[data-action=link]", "href")))

    assert titles
    assert visit.page.locator(".card a.title").all_inner_texts() == titles
    visit.check("main")


def test_a_kept_conversation_is_markdown_that_shows_the_words(visit: Visit, forum: Forum) -> None:
    asked = [ASKED, *MARKDOWN]
    for words in asked:
        visit.ask(words)
    with visit.page.expect_download() as kept:
        visit.page.click("#tools summary")
        visit.page.click("[data-tool=markdown]")

    text = kept.value.path().read_text(encoding="utf-8")
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text)
    inline = [part for token in tokens for part in token.children or ()]
    assert {token.type for token in tokens + inline} <= {
        *("heading_open", "heading_close", "inline", "paragraph_open", "paragraph_close"),
        *("bullet_list_open", "bullet_list_close", "list_item_open", "list_item_close"),
        *("text", "text_special", "link_open", "link_close"),
    }
    headings = [_shown(each) for each in _after(tokens, "heading_open")]
    assert headings[1:] == [_spaced(one_line(each)) for each in asked]
    links = {str(tag.attrs["href"]) for tag in inline if tag.type == "link_open"}
    assert {urlsplit(link).netloc for link in links} <= {urlsplit(forum.site).netloc, "forum.test"}


STAFF_PAGES = [
    "/staff",
    "/staff/documents",
    "/staff/documents?words=ferry",
    "/staff/runs",
    "/staff/try",
]
STAFF_FOREIGN = """() => [...document.querySelectorAll("*")].filter((its) =>
    its.matches("img, iframe, object, embed, style, base, math, main script, body > script")
    || its.namespaceURI !== "http://www.w3.org/1999/xhtml"
    || ("href" in its && its.href && !["http:", "https:"].includes(new URL(its.href).protocol))
    || its.getAttributeNames().some((name) => /^on|^style$|^src(doc|set)$|^formaction$/.test(name)))
    .map((its) => its.outerHTML.slice(0, 200))"""


def test_staff_read_hostile_words_as_words(visit: Visit, forum: Forum) -> None:
    page = visit.page
    page.goto(f"{forum.site}/staff")
    page.fill("#password", PASSWORD)
    page.click("button:has-text('Log in')")
    page.wait_for_selector("h1:has-text('Overview')")
    documents = [f"/staff/document?id={quote(each, safe='')}" for each in spread(forum.ids, 10)]
    for path in [*STAFF_PAGES, *documents]:
        page.goto(forum.site + path)
        if path == "/staff/try":
            page.fill("#question", ASKED)
            page.click("main button.main")
            page.wait_for_selector("#why")
        if path == "/staff/runs":
            page.click("main table a >> nth=0")
            page.wait_for_selector("text=What changed")
        assert page.evaluate(STAFF_FOREIGN) == [], path
    assert visit.watch.alarms == []
    assert visit.watch.hosts == {urlsplit(forum.site).netloc}


def _after(tokens: Sequence[Token], kind: str) -> list[Token]:
    return [tokens[at + 1] for at, token in enumerate(tokens) if token.type == kind]


def _shown(inline: Token) -> str:
    return "".join(child.content for child in inline.children or ())


def _spaced(text: str) -> str:
    """Return a text as JavaScript parts its words: at one sign more than Python does."""
    return " ".join(text.replace("\ufeff", " ").split())
