from collections.abc import Sequence
from datetime import date
from urllib.parse import parse_qs, urlsplit

import lxml.html
import pytest
from lxml.html import HtmlElement

from assistant.domain.corpus import Document, DocumentId, Kind, Span, Successor
from assistant.domain.dialogue import Citation
from assistant.language.languages import LANGUAGES
from assistant.language.wording import Wording, wording
from assistant.web.pages.templating import marks_in, passage_path, render
from tests.builders import a_document, a_source, an_excerpt

EVIL = "\"><img src=x onerror=alert(1)></title></head><script>alert(1)</script>'"


def page(document: Document, words: Wording, marks: Sequence[Span] = ()) -> str:
    language = document.source.language
    values = {
        "document": document,
        "language": language,
        "base": "",
        "version": "1",
        "name": "Safe towns",
        "marks": marks,
    }
    return render("document.html", words=words, **values)


def missing(words: Wording) -> str:
    return render(
        "message.html",
        words=words,
        text=words("reader.missing"),
        base="",
        version="1",
        name="Safe towns",
    )


def parsed(html: str) -> HtmlElement:
    return lxml.html.document_fromstring(html)


def test_a_page_shows_the_document_under_its_title() -> None:
    html = parsed(page(a_document(), wording("en")))

    assert html.xpath("//title/text()") == ["Lighting"]
    assert html.xpath("//h1/text()") == ["Lighting"]
    assert html.xpath("//article/h2/text()") == ["What we recommend"]
    assert len(html.xpath("//article/ul/li")) == 3


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_frame_speaks_to_the_visitor_and_the_text_keeps_its_language(language: str) -> None:
    words = wording(language)
    document = a_document(language="fr", kind=Kind.EVENT, published=date(2021, 3, 5))

    html = parsed(page(document, words))

    assert html.get("lang") == "fr"
    assert html.xpath("//p[@class='facts']/@lang") == [language]
    assert html.xpath("string(//p[@class='facts'])") == (
        f"{words('kind.event')} · {words.day(date(2021, 3, 5))}"
    )
    assert html.xpath("//header/@lang") == [language]
    assert html.xpath("string(//header/a)") == words("reader.back")


def test_a_document_without_a_date_is_called_undated() -> None:
    html = parsed(page(a_document(published=None), wording("en")))

    assert html.xpath("string(//p[@class='facts'])") == "article · undated"


def test_a_document_that_was_changed_shows_both_its_dates() -> None:
    document = a_document(published=date(2016, 3, 5), changed=date(2026, 1, 12))

    html = parsed(page(document, wording("en")))

    told = html.xpath("string(//p[@class='facts'])")
    assert told == "article · 5 March 2016 · updated January 2026"


def test_a_document_of_which_only_the_change_is_known_is_not_called_undated() -> None:
    html = parsed(page(a_document(published=None, changed=date(2026, 1, 12)), wording("en")))

    assert html.xpath("string(//p[@class='facts'])") == "article · updated January 2026"


def test_the_original_is_linked_where_there_is_one() -> None:
    html = parsed(page(a_document(), wording("en")))

    (link,) = html.xpath("//article//a")
    assert link.get("href") == "https://forum.test/lighting"
    assert link.text_content() == wording("en")("reader.original")


def test_a_document_that_was_replaced_says_so_above_its_text() -> None:
    successor = Successor(DocumentId("articles/new.md"), "New <lamps>")

    html = parsed(page(a_document(successor=successor), wording("en")))

    note = html.xpath("//h2[1]/preceding::p[@class='facts'][1]")[0]
    assert note.text_content() == "replaced by New <lamps>"
    assert note.xpath(".//a/@href") == ["/documents/articles/new.md"]


@pytest.mark.parametrize(
    "url", ["/documents/a.md", "javascript:alert(1)", "https://someone@evil.test/", ""]
)
def test_what_is_no_public_page_is_not_linked(url: str) -> None:
    html = parsed(page(a_document(url=url), wording("en")))

    assert not html.xpath("//article//a")


def test_nothing_of_a_document_becomes_markup() -> None:
    source = a_source(title=EVIL, language=EVIL, url=f"https://forum.test/{EVIL}")
    document = Document(source, f"{EVIL}\n\n## {EVIL}\n\n- {EVIL}\n\n| {EVIL} |\n\n> {EVIL}")

    html = parsed(page(document, wording("en")))

    assert not html.xpath("//script|//img|//@onerror")
    assert html.xpath("//title/text()") == [EVIL]
    assert html.text_content().count(EVIL) == 7
    assert {str(each.tag) for each in html.iter()} == {
        *("html", "head", "meta", "title", "link", "body", "header", "a", "main", "article"),
        *("h1", "h2", "p", "ul", "li", "div", "table", "tr", "td", "blockquote", "span"),
        *("details", "summary"),  # of the menu of languages
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_missing_document_is_told_in_the_language_of_the_visitor(language: str) -> None:
    html = parsed(missing(wording(language)))

    assert html.get("lang") == language
    assert html.xpath("//h1/text()") == [wording(language)("reader.missing")]
    assert html.xpath("//header/a/@href") == [f"/?lang={language}"]


@pytest.mark.parametrize("text", [page(a_document(), wording("en")), missing(wording("en"))])
def test_a_page_brings_no_script_and_loads_only_our_style(text: str) -> None:
    html = parsed(text)

    assert not html.xpath("//script|//style|//@style")
    assert html.xpath("//link/@href") == ["/site/page.css?v=1", "/site/icon.svg?v=1"]
    assert text.startswith("<!doctype html>")


def test_what_is_cited_of_a_document_is_marked_on_its_page() -> None:
    first, second = a_citation(Span(0, 10)), a_citation(Span(20, 30))
    query = parse_qs(urlsplit(passage_path([first, second])).query)
    marks = marks_in(query["marks"][0])

    html = parsed(page(a_document(text="0123456789 123456789 23456789 end"), wording("en"), marks))

    assert [mark.text_content() for mark in html.iterfind(".//mark")] == [
        "0123456789",
        "23456789",
    ]
    assert html.xpath("//mark[1]/@id") == ["marked"]


@pytest.mark.parametrize("text", ["", "x", "1-", "-1", "1-2-3", "9" * 99, "²-³", "." * 9999])
def test_an_address_that_names_no_marks_marks_nothing(text: str) -> None:
    assert marks_in(text) == []


def a_citation(mark: Span) -> Citation:
    excerpt = an_excerpt("0123456789 123456789 23456789", marks=(mark,))
    return Citation(1, excerpt, "https://forum.test/", "https://forum.test/")
