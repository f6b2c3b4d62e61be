"""Every hostile word in every place of our markup, in a browser without a policy to save it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from assistant.domain.corpus import Document, DocumentId
from assistant.domain.dialogue import Answer, Citation, Mode, Outcome, Statement, Suggestion
from assistant.domain.links import absolute, at_quote
from assistant.language.wording import wording
from assistant.web.pages import answers
from assistant.web.pages.templating import render
from tests.builders import a_source, an_excerpt
from tests.end_to_end.hostile_words import CLASSICS, data_set, one_line
from tests.end_to_end.watching import Watch, foreign

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page, Route

pytestmark = pytest.mark.browser

SITE = "http://forum.test"
AT_ONCE = 600  # words a page, so that a browser has room for it
LETTERS = """() => [...document.querySelectorAll("section:not(.excerpt)")].map((its) =>
    ["question", "title", "heading", "paragraph", "item"].map((name) => {
        const found = its.querySelector({
            question: ".question", title: ".card a.title", heading: "h1",
            paragraph: ":scope > article:last-of-type > blockquote",
            item: ":scope > article:last-of-type > :is(ul, ol):last-of-type li" }[name]);
        return found.textContent;
    }))"""
WRITTEN_AGAIN = """() => {
    const again = document.createElement("div");
    again.innerHTML = document.body.innerHTML; // as the chat page's script keeps a turn
    const isSame = again.innerHTML === document.body.innerHTML;
    document.body.replaceChildren(again);
    return isSame;
}"""


@pytest.fixture(scope="module")
def context(browser: "Browser") -> "Iterator[BrowserContext]":
    context = browser.new_context()
    yield context
    context.close()


def markup_of(words: str) -> str:
    """Return what we make markup of, with the words wherever words may come from."""
    english = wording("en")
    source = a_source(document_id=DocumentId(words), title=words, url=words, language=words)
    table = f"| {one_line(words)} | x |"
    excerpts = (
        an_excerpt(words, source=source, headings=(words,), opens_inside=True),
        an_excerpt(table, source=source, head=f"| {one_line(words)} | y |\n| --- | --- |"),
    )
    address = f"{SITE}/{words}"
    link = at_quote(absolute(words, SITE), words)
    citations = tuple(
        Citation(at, excerpt, words, link) for at, excerpt in enumerate(excerpts, start=1)
    )
    answer = Answer(
        *(words, words, Outcome.ANSWERED, Mode.WRITING, words, "000001"),
        *((Statement(words, 1),), citations, (Suggestion(source, address),), words),
        understood=words,
    )
    quoted = replace(answer, mode=Mode.QUOTING, statements=())
    refusal = replace(answer, outcome=Outcome.REFUSED)
    line = one_line(words)  # as all text of documents is
    document = Document(source, f"> {line}\n\n| {line} |\n\n## {line}\n\n{line}\n\n- {line}")
    page = render(
        "document.html",
        document=document,
        words=english,
        language="en",
        marks=(),
        base="",
        version="1",
        name="Safe towns",
    )
    return "".join(
        (
            "<section>",
            answers.turn(
                words,
                answer,
                english,
                words,
                path=f"/answer/{words}",
                filtered=words,
                following=(words,),
            ),
            answers.answer(quoted, english, words, path=f"/answer/{words}"),
            answers.turn(words, refusal, english, words, filtered=words),
            page.partition("<main>")[2].partition("</main>")[0],
            "</section>",
        )
    )


def loaded(context: "BrowserContext", html: str) -> "tuple[Page, Watch]":
    """Open a page of our own making; nothing else answers, and no policy stands before it."""

    def answer(route: "Route") -> None:
        if route.request.url == f"{SITE}/":
            route.fulfill(content_type="text/html; charset=utf-8", body=html.encode())
        else:
            route.abort()

    watch, page = Watch().over(context), context.new_page()
    page.route("**/*", answer)
    page.goto(f"{SITE}/")
    return page, watch


def check(context: "BrowserContext", words: Sequence[str]) -> None:
    # Hidden, for nothing here is looked at: what would run does so nevertheless.
    html = "".join(markup_of(word) for word in words)
    page, watch = loaded(context, f"<!doctype html><title>x</title><body hidden>{html}</body>")

    shown = [[one_line(text) for text in texts] for texts in page.evaluate(LETTERS)]
    assert shown == [[one_line(word)] * 5 for word in words]
    assert page.evaluate(WRITTEN_AGAIN)
    assert foreign(page, "body") == []
    assert watch.alarms == []
    assert watch.asked == [f"{SITE}/"]
    page.close()


def test_a_classic_is_shown_to_the_letter_and_makes_no_markup(context: "BrowserContext") -> None:
    check(context, CLASSICS)


def test_none_of_thousands_makes_markup_asks_for_anything_or_opens_a_dialog(
    context: "BrowserContext", eval_data: Path
) -> None:
    words = data_set(eval_data)
    for start in range(0, len(words), AT_ONCE):
        check(context, words[start : start + AT_ONCE])
