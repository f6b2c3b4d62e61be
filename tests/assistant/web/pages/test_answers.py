from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from urllib.parse import urlsplit

import lxml.html
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml.html import HtmlElement

from assistant.domain.blocks import lines
from assistant.domain.corpus import (
    UNDETERMINED,
    Document,
    DocumentId,
    Kind,
    Source,
    Span,
    Successor,
)
from assistant.domain.dialogue import (
    Answer,
    Citation,
    Excerpt,
    Mode,
    Outcome,
    Statement,
    Suggestion,
)
from assistant.language.languages import LANGUAGES
from assistant.language.wording import wording
from assistant.web.pages import answers, rendering
from tests.builders import a_document, a_source, an_excerpt

LINK = {"aria-describedby", "href", "target", "rel"}
MADE: dict[str, set[str]] = {
    "a": LINK | {"class", "data-action", "title"},
    "article": {"class", "dir", "lang"},
    "bdi": {"dir", "lang"},
    "blockquote": {"dir", "lang"},
    "button": {"class", "data-action", "form", "name", "type", "value"},
    "div": {"class", "data-ai-generated", "lang"},
    "h2": {"class", "dir"},
    "h3": {"class"},
    "h4": set(),
    "h5": set(),
    "h6": set(),
    "li": {"class", "data-state"},
    "mark": set(),
    "ol": {"class", "start"},
    "p": {"class", "dir", "lang"},
    "section": {"class", "dir", "id", "lang"},
    "span": {"class"},
    "sup": {"class"},
    "table": set(),
    "td": set(),
    "time": {"datetime"},
    "th": set(),
    "tr": {"class"},
    "ul": {"class"},
}
"""Every element that a fragment may hold, with every attribute that it may have."""

PAYLOADS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><img src=x onerror=alert(1)>',
    "'><svg/onload=alert(1)>",
    '" onmouseover="alert(1)',
    "' autofocus onfocus='alert(1)",
    "</div></blockquote></details><iframe src=javascript:alert(1)></iframe>",
    "</p><style>@import 'https://evil.test/x.css'</style>",
    "<base href=//evil.test><meta http-equiv=refresh content=0>",
    "<form action=https://evil.test><input name=password></form>",
    '<a href="javascript:alert(1)">here</a>',
    "[here](javascript:alert(1))",
    "![here](https://evil.test/pixel.png)",
    "<https://evil.test>",
    "`<b>code</b>` ```html",
    "$$\\href{javascript:alert(1)}{x}$$",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;img src=x onerror=alert(1)&#62; &quot;",
    "<!-- --!> <b>bold</b>",
    "<![CDATA[<b>bold</b>]]> <?php echo 1 ?>",
    "<math><mi//xlink:href='data:x,<script>alert(1)</script>'>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<textarea><title></title></textarea><plaintext>",
    "<\u200bscript>alert(1)</script\x0b>",
    "<scr\x00ipt>alert(1)</script>",
    "＜script＞alert(1)＜/script＞ \u202egnp.exe",
    "{{constructor.constructor('alert(1)')()}} ${alert(1)} <%= 1 %>",
    "first\n\n<b>second</b>\n\n# third\r\n- fourth\u2028fifth\x85sixth",
]

UNSAFE_ADDRESSES = [
    "",
    "/documents/a.md",
    "//evil.test/a",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    " javascript:alert(1)",
    "java\nscript:alert(1)",
    "\x01javascript:alert(1)",
    "javascript://forum.test/%0aalert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:msgbox(1)",
    "blob:https://forum.test/1",
    "file:///etc/passwd",
    "ftp://forum.test/a",
    "mailto:someone@forum.test",
    "http:forum.test",
    "https://",
    "https:///forum.test",
    "https://someone@forum.test/",
    "https://someone:secret@forum.test/",
    "https://forum.test@evil.test/",
    "https://forum.test\\@evil.test/",
    "http://[::1",
]

SENTENCE = "Lamps are dimmed."


def parsed(html: str) -> HtmlElement:
    """Return a fragment as a browser would read it, under one element of its own."""
    return lxml.html.fragment_fromstring(html, create_parent="section")


def elements(html: str) -> list[HtmlElement]:
    return list(parsed(html).iterdescendants())


def check_markup(html: str) -> None:
    """Fail unless every element, attribute and address in the fragment is one of ours."""
    for element in elements(html):
        assert element.tag in MADE, html
        assert set(element.attrib) <= MADE[element.tag], html
        if "href" in element.attrib:
            address = urlsplit(element.attrib["href"])
            if element.get("data-action") in {"link", "passage", "excerpt"}:
                continue  # on our own site, in the same tab
            assert address.scheme in {"http", "https"}
            assert address.netloc
            assert "@" not in address.netloc
            assert element.attrib["rel"] == "noopener noreferrer"
            assert element.attrib["target"] == "_blank"


def skeleton(html: str) -> list[tuple[str, list[str]]]:
    """Return the elements with the names of their attributes: what markup there is."""
    return [(str(element.tag), sorted(element.attrib)) for element in elements(html)]


def shown(html: str) -> str:
    return " ".join(parsed(html).text_content().split())


def shown_of(element: HtmlElement, tag: str) -> str:
    return " ".join(element.find(f".//{tag}").text_content().split())


def on_one_line(text: str) -> str:
    """Return what a browser shows of a text: HTML knows no NUL."""
    return " ".join(text.replace("\x00", "\ufffd").split())


def letters(text: str) -> str:
    return "".join(char for char in text if char.isalnum())


def a_citation(
    excerpt: Excerpt | None = None, number: int = 1, url: str = "https://forum.test/lighting"
) -> Citation:
    return Citation(number, excerpt or an_excerpt(SENTENCE), url, f"{url}#:~:x")


def of(text: str, **source: object) -> Citation:
    """Return a citation of a text that is wholly marked."""
    return a_citation(an_excerpt(text, source=a_source(**source)))  # type: ignore[arg-type] # one builder


def an_answer(*citations: Citation, is_written: bool = False, **changes: object) -> Answer:
    written = tuple(
        Statement(citation.quote, citation.number) for citation in citations if is_written
    )
    answer = Answer(
        question="When are lamps dimmed?",
        language="en",
        outcome=Outcome.ANSWERED,
        mode=Mode.WRITING if is_written else Mode.QUOTING,
        lead_in="The documents say:",
        statements=written,
        citations=citations,
        suggestions=(),
        generation="000007",
    )
    return replace(answer, **changes)  # type: ignore[arg-type] # one builder for all fields


def a_refusal(*suggestions: Suggestion, **changes: object) -> Answer:
    refused = an_answer(outcome=Outcome.REFUSED, lead_in="Nothing found.", suggestions=suggestions)
    return replace(refused, **changes)  # type: ignore[arg-type] # one builder for all fields


def everywhere(text: str, url: str = "https://forum.test/a") -> dict[str, str]:
    """Return every fragment we make, with `text` in every place where words may come from."""
    source = a_source(title=text, language=text)
    excerpt = an_excerpt(f"x {text}", source=source, headings=(text,), opens_inside=True)
    line = " ".join(text.split())
    row = an_excerpt(f"| {line} |", source=source, head=f"| {line} |", closes_inside=True)
    citations = (a_citation(excerpt, url=url), a_citation(row, 2, url=url))
    suggestion = Suggestion(source, url)
    words = wording("en")
    return {
        "trouble": answers.trouble(text, text, words),
        "growing": answers.turn(
            text,
            an_answer(*citations, is_written=True, lead_in=text, language=text),
            words,
            text,
            anchor="a1",
            is_growing=True,
        ),
        "turn": answers.turn(
            text,
            a_refusal(lead_in=text),
            words,
            text,
            path="https://forum.test/answer",
            filtered=text,
            following=[text],
        ),
        "answer": answers.answer(an_answer(*citations, lead_in=text, language=text), words, text),
        "written": answers.answer(an_answer(*citations, is_written=True), words, text),
        "refusal": answers.answer(a_refusal(suggestion, lead_in=text, language=text), words, text),
    }


@pytest.mark.parametrize("payload", PAYLOADS)
def test_markup_in_any_text_stays_text(payload: str) -> None:
    harmless = everywhere("harmless")

    for name, html in everywhere(payload).items():
        check_markup(html)
        if len(payload.splitlines()) == 1:
            assert skeleton(html) == skeleton(harmless[name]), name


@pytest.mark.parametrize("payload", PAYLOADS)
def test_markup_in_a_text_is_shown_to_the_letter(payload: str) -> None:
    told = everywhere(payload)["trouble"]
    assert [shown_of(parsed(told), tag) for tag in ("h2", "div")] == [on_one_line(payload)] * 2
    for name in ("answer", "written", "refusal"):
        assert on_one_line(payload) in shown(everywhere(payload)[name])


def test_half_a_character_becomes_one_that_can_be_sent() -> None:
    broken, whole = (
        answers.trouble(text, "", wording("en")) for text in ("lamps \ud83d?", "lamps ??")
    )
    assert broken.encode() == whole.encode()


@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.parametrize("mark", ["", "## ", "- ", "  1. ", "> ", "| "])
def test_markup_in_a_document_stays_text(payload: str, mark: str) -> None:
    html = rendering.document(a_document(text=f"{mark}{payload}"))

    check_markup(html)


@pytest.mark.parametrize("url", UNSAFE_ADDRESSES)
def test_only_a_plain_web_address_becomes_a_link(url: str) -> None:
    assert rendering.href(url) == ""
    for html in everywhere("x", url=url).values():
        check_markup(html)
        assert not parsed(html).xpath(".//a[not(@data-action)]/@href")


@pytest.mark.parametrize(
    "url",
    [
        "https://forum.test/",
        "HTTP://forum.test/a",
        "http://127.0.0.1:7860/documents/a%20b.md#:~:text=a,b",
        "https://forum.test/?a=1&b=2",
        "https://forum.test/@someone",
    ],
)
def test_a_web_address_is_linked_as_it_is(url: str) -> None:
    (link,) = elements(f"<a{rendering.href(url)}>x</a>")

    assert link.attrib["href"] == url
    assert link.attrib["rel"] == "noopener noreferrer"


@pytest.mark.parametrize(
    "url",
    [
        'https://forum.test/" onclick="alert(1)',
        "https://forum.test/'><script>alert(1)</script>",
        "https://forum.test/\n\n<script>alert(1)</script>",
        "https://forum.test/&quot; onclick=&quot;alert(1)",
    ],
)
def test_an_address_cannot_leave_its_attribute(url: str) -> None:
    for html in everywhere("x", url=url).values():
        check_markup(html)


@given(st.text(), st.text())
def test_no_text_makes_an_element_or_a_line(text: str, url: str) -> None:
    for html in everywhere(text, url=f"https://forum.test/{url}").values():
        check_markup(html)


@given(st.text(), st.sampled_from(["https://", "http://", ""]))
def test_no_address_makes_an_element_or_leads_elsewhere(text: str, scheme: str) -> None:
    check_markup(f"<a{rendering.href(scheme + text)}>x</a>")


marked = st.text(st.one_of(st.sampled_from("<>&\"'#-*>|1.) \n:a"), st.characters()), max_size=80)


@given(marked)
def test_no_document_makes_an_element_or_a_line(text: str) -> None:
    check_markup(rendering.document(a_document(text=text)))


@given(marked.filter(str.strip))
def test_a_document_is_shown_with_all_its_words(text: str) -> None:
    document = a_document(text=text)

    html = rendering.document(document)

    visible = "".join(text[line.content : line.end] for line in lines(text))
    assert letters(shown(html)) == letters(visible)


@given(marked, st.data())
def test_words_are_marked_wherever_they_stand(before: str, data: st.DataObject) -> None:
    text = f"{before}\n\nLamps are dimmed.\n{data.draw(marked)}"
    start = 100 + len(before) + 2
    mark = Span(start, start + len(SENTENCE))

    html = piece_of(an_excerpt(text, start=100, marks=(mark,)))

    assert marks(html) == [SENTENCE]


def piece_of(excerpt: Excerpt) -> HtmlElement:
    html = answers.answer(an_answer(a_citation(excerpt)), wording("en"), "")
    check_markup(html)
    (section,) = parsed(html).xpath(".//section[@class='excerpt']")
    assert isinstance(section, HtmlElement)
    return section


def marks(element: HtmlElement) -> list[str]:
    return [each.text_content() for each in element.iterfind(".//mark")]


def test_an_excerpt_is_shown_whole_under_its_title_and_heading() -> None:
    text = "Rain fell. Lamps are dimmed. Dogs bark.\n\n- One\n- Two"

    html = piece_of(an_excerpt(text, SENTENCE, headings=("Streets", "Light")))

    assert texts(list(html)) == [
        ("h3", "Lighting › Streets › Light [1]"),
        ("p", "Rain fell. Lamps are dimmed. Dogs bark."),
        ("ul", "OneTwo"),
    ]
    assert marks(html) == [SENTENCE]


def test_a_marked_row_stands_in_its_table_under_its_head() -> None:
    excerpt = an_excerpt(
        "| Ghent | 40 |\n|  | 50 |",
        "Ghent | 40",
        head="| Town | Lamps |\n| --- | --- |",
        opens_inside=True,
        closes_inside=True,
    )

    html = piece_of(excerpt)

    rows = [texts(list(row)) for row in html.xpath(".//tr")]
    assert rows == [
        [("th", "Town"), ("th", "Lamps")],
        [("td", "Ghent"), ("td", "40")],
        [("td", ""), ("td", "50")],
    ]
    assert marks(html) == ["Ghent", "40"]
    assert html.xpath("./p[@class='cut']/text()") == ["…", "…"]


def test_steps_that_begin_further_down_keep_their_numbers_and_their_lead_in() -> None:
    html = piece_of(an_excerpt("3. Send it.\n4. Wait.", "Send it.", head="Four steps:"))

    assert texts(list(html))[1:3] == [("p", "Four steps:"), ("ol", "Send it.Wait.")]
    assert html.xpath("./ol/@start") == ["3"]


def test_a_piece_that_begins_inside_a_paragraph_says_so() -> None:
    html = piece_of(an_excerpt("Lamps are dimmed. Dogs bark.", SENTENCE, opens_inside=True))

    assert texts(list(html))[1] == ("p", "… Lamps are dimmed. Dogs bark.")


def test_the_same_words_elsewhere_are_not_marked() -> None:
    html = piece_of(an_excerpt("Lamps are dimmed.\n\nLamps are dimmed.", marks=(Span(19, 36),)))

    _, first, second = html
    assert (marks(first), marks(second)) == ([], [SENTENCE])


@given(marked.filter(str.strip), st.data())
def test_an_excerpt_loses_no_word_and_marks_what_it_says(text: str, data: st.DataObject) -> None:
    first = data.draw(st.integers(0, len(text) - 1))
    last = data.draw(st.integers(first + 1, len(text)))

    html = piece_of(an_excerpt(text, marks=(Span(first, last),), headings=()))

    visible = "".join(text[line.content : line.end] for line in lines(text))
    assert letters(shown_but_for_place(html)) == letters(visible)


def shown_but_for_place(section: HtmlElement) -> str:
    kept = section.xpath("./*[not(@class='place' or @class='end')]")
    return "".join(each.text_content() for each in kept)


def test_every_excerpt_links_its_number_to_the_marked_words() -> None:
    first, second = (a_citation(an_excerpt(f"Sentence {at}."), at) for at in (1, 2))

    html = answers.answer(an_answer(first, second), wording("en"), "")

    markers = parsed(html).xpath(".//sup[@class='marker']/a")
    assert [marker.text_content() for marker in markers] == ["[1]", "[2]"]
    assert [marker.attrib["href"] for marker in markers] == [first.link, second.link]


def test_excerpts_of_one_place_share_the_line_above() -> None:
    citations = [a_citation(an_excerpt(f"{at}.", start=10 * at), at) for at in (1, 2)]

    html = answers.answer(an_answer(*citations), wording("en"), "")

    assert len(parsed(html).xpath(".//h3[@class='place']")) == 1


def test_the_excerpts_of_one_document_share_a_card() -> None:
    one, other = an_excerpt("One."), an_excerpt("Two.", start=50)
    elsewhere = an_excerpt("Three.", source=a_source("elsewhere"))
    citations = [a_citation(each, at) for at, each in enumerate((one, elsewhere, other), start=1)]

    html = answers.answer(an_answer(*citations), wording("en"), "")
    written = answers.answer(an_answer(*citations, is_written=True), wording("en"), "")

    cards = parsed(html).xpath(".//li[@class='card']")
    assert [shown(card.xpath("string(.//span[@class='numbers'])")) for card in cards] == [
        "[1][3]",
        "[2]",
    ]
    assert parsed(written).xpath("count(.//li[@class='card'])") == 2


@pytest.mark.parametrize(
    ("published", "badges"), [(date(2021, 11, 22), 2), (date(2021, 11, 24), 1), (None, 1)]
)
def test_an_old_source_is_called_old(published: date | None, badges: int) -> None:
    answer = an_answer(of(SENTENCE, published=published))

    html = answers.answer(answer, wording("en"), "", today=date(2026, 11, 23))

    assert len(parsed(html).xpath(".//*[contains(@class, 'badge')]")) == badges


@pytest.mark.parametrize(
    ("authors", "told"),
    [
        ((), []),
        (("Ann Example",), ["by Ann Example"]),
        (("Ann", "Bo", "Cy", "Di"), ["by Ann, Bo, Cy…"]),
    ],
)
def test_a_card_names_the_authors_where_the_source_does(
    authors: tuple[str, ...], told: list[str]
) -> None:
    answer = an_answer(of(SENTENCE, authors=authors))

    html = answers.answer(answer, wording("en"), "")

    facts = parsed(html).xpath(".//*[@class='facts']/span/text()")
    assert [fact for fact in facts if fact.startswith("by")] == told


def test_a_card_names_what_takes_the_documents_place_and_opens_it_here() -> None:
    successor = Successor(DocumentId("guides/new <one>.md"), "The <b>new</b> guide")
    answer = an_answer(of(SENTENCE, successor=successor))

    html = parsed(answers.answer(answer, wording("en"), ""))

    (badge,) = html.xpath(".//*[contains(@class, 'badge') and contains(., 'replaced')]")
    assert badge.text_content() == "replaced by The <b>new</b> guide"
    assert badge.xpath("./a/@href") == ["/documents/guides/new%20%3Cone%3E.md"]


def test_a_quote_that_is_read_from_right_to_left_says_so() -> None:
    answer = an_answer(of("اقتباس", language="ar"))

    html = answers.answer(answer, wording("en"), "")

    assert parsed(html).xpath(".//section/@dir") == ["rtl"]


def test_the_buttons_come_with_the_link_to_the_answer() -> None:
    answer = an_answer(of(SENTENCE))

    without = answers.answer(answer, wording("en"), "")
    html = answers.answer(answer, wording("en"), "", path="/answer/abc")

    assert not parsed(without).xpath(".//button")
    assert parsed(html).xpath(".//button/@data-action") == ["copy", "helpful", "unhelpful"]
    assert parsed(html).xpath(".//a[@data-action='link']/@href") == ["/answer/abc"]


def test_what_a_model_wrote_says_so_to_machines_too() -> None:
    quoted = an_answer(of(SENTENCE))

    written = an_answer(of(SENTENCE), is_written=True)

    for answer, marked in ((quoted, []), (written, ["prose"])):
        html = answers.answer(answer, wording("en"), "")
        assert parsed(html).xpath(".//*[@data-ai-generated='true']/@class") == marked


def a_written_answer(**changes: object) -> Answer:
    """Return two sentences above two excerpts, both proved by the second."""
    citations = [a_citation(an_excerpt(f"Lamp {at}."), at) for at in (1, 2)]
    statements = (Statement("One lamp.", 2), Statement("Two lamps.", 2))
    written = an_answer(*citations, is_written=True, statements=statements, lead_in="Written:")
    return replace(written, **changes)  # type: ignore[arg-type] # one builder for all fields


def order(html: str) -> list[str]:
    """Return what an answer is made of, from above, by its classes."""
    return [part.get("class") for part in parsed(html).xpath(".//article/*")]


def test_what_a_model_wrote_stands_above_the_excerpts_as_they_are_quoted_without_it() -> None:
    written = a_written_answer()
    quoted = replace(written, mode=Mode.QUOTING, statements=(), lead_in=wording("en")("answer.one"))

    html, alone = (answers.answer(each, wording("en"), "") for each in (written, quoted))

    assert order(html) == ["prose", *order(alone)]
    below = parsed(html).xpath(".//article/*")[1:]
    for part, same in zip(below, parsed(alone).xpath(".//article/*"), strict=True):
        assert lxml.html.tostring(part) == lxml.html.tostring(same)


def test_each_sentence_leads_to_the_excerpt_that_holds_its_evidence() -> None:
    html = parsed(answers.turn("Lamps?", a_written_answer(), wording("en"), "", anchor="a1"))

    sentences = html.xpath(".//*[@class='prose']/p[sup]")
    assert [shown(lxml.html.tostring(each, encoding="unicode")) for each in sentences] == [
        "One lamp. [2]",
        "Two lamps. [2]",
    ]
    assert html.xpath(".//*[@class='prose']//a/@href") == ["#excerpt-a1-2"] * 2
    (excerpt,) = html.xpath(".//*[@id='excerpt-a1-2']")
    assert "Lamp 2." in excerpt.text_content()


def test_while_a_model_writes_the_answer_says_so_between_its_sentences_and_the_excerpts() -> None:
    html = answers.turn("Lamps?", a_written_answer(), wording("en"), "", is_growing=True)

    assert parsed(html).xpath("./li/@data-state") == ["growing"]
    assert order(html)[:3] == ["prose", "status", "lead"]
    assert wording("en")("status.writing") in shown(html)


def test_how_the_writing_went_stands_with_what_was_written_else_below_the_excerpts() -> None:
    written = a_written_answer(notice="It broke off.")
    quoted = replace(written, mode=Mode.QUOTING, statements=())

    above, below = (parsed(answers.answer(each, wording("en"), "")) for each in (written, quoted))

    assert above.xpath(".//p[@class='notice']/parent::*/@class") == ["prose"]
    assert below.xpath(".//p[@class='notice']/preceding-sibling::section")


def buttons_to_translate(answer: Answer, *, translates: bool = True) -> list[HtmlElement]:
    html = answers.turn("Lamps?", answer, wording("en"), "", translates=translates)
    return list(parsed(html).xpath(".//button[@data-action='translate']"))


@pytest.mark.parametrize("is_written", [False, True])
def test_a_foreign_excerpt_can_be_translated_where_a_model_is_there(is_written: bool) -> None:  # noqa: FBT001 - a case
    cited = of("Les lampes sont tamisées.", language="fr")
    answer = an_answer(cited, is_written=is_written)

    (button,) = buttons_to_translate(answer)

    excerpt = cited.excerpt
    assert button.text_content() == "Translate"
    assert (button.attrib["data-document"], button.attrib["data-into"]) == (
        excerpt.source.document_id,
        "en",
    )
    assert (button.attrib["data-start"], button.attrib["data-end"]) == (
        str(excerpt.start),
        str(excerpt.end),
    )
    assert button.getparent().attrib["lang"] == "en"  # in what is in French
    assert not buttons_to_translate(answer, translates=False)
    assert "translate" not in answers.answer(answer, wording("en"), "")  # without a script


@pytest.mark.parametrize("language", ["en", UNDETERMINED])
def test_an_excerpt_that_is_not_known_to_be_foreign_is_not_offered_in_another_language(
    language: str,
) -> None:
    assert not buttons_to_translate(an_answer(of("Lamps are dimmed.", language=language)))


def test_an_excerpt_that_is_too_long_for_a_model_is_not_offered_either() -> None:
    assert not buttons_to_translate(an_answer(of("Les lampes. " * 200, language="fr")))


def test_a_foreign_excerpt_carries_its_language_everywhere() -> None:
    html = answers.answer(
        an_answer(of("Les lampes sont tamisées.", language="fr")), wording("en"), ""
    )

    for element in parsed(html).xpath(".//*[contains(text(), 'tamisées')]"):
        assert element.xpath("ancestor-or-self::*[@lang][1]/@lang") == ["fr"]
    assert "quoted in French" in shown(html)


@pytest.mark.parametrize("language", ["en", UNDETERMINED])
def test_a_quote_in_the_language_of_the_answer_is_not_called_foreign(language: str) -> None:
    html = answers.answer(an_answer(of(SENTENCE, language=language)), wording("en"), "")

    assert not parsed(html).xpath(".//section/@lang")
    assert "quoted in" not in shown(html)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_answer_speaks_its_own_language(language: str) -> None:
    words = wording(language)
    answer = an_answer(of(SENTENCE, published=None), is_written=True, language=language)

    html = answers.answer(answer, words, "")

    assert parsed(html).xpath("./article/@lang") == [language]
    for key in ("answer.one", "answer.sources", "answer.undated", "kind.article"):
        assert on_one_line(words(key)) in shown(html)


def test_a_refusal_names_what_may_help() -> None:
    suggestion = Suggestion(a_source(language="fr"), "https://forum.test/lighting")

    html = answers.answer(a_refusal(suggestion), wording("en"), "help@forum.test")

    words = wording("en")
    assert "Nothing found." in shown(html)
    assert words("refusal.rephrase") in shown(html)
    assert words("refusal.contact", contact="help@forum.test") in shown(html)
    assert parsed(html).xpath(".//ul/li/a/@href") == ["https://forum.test/lighting"]
    assert parsed(html).xpath(".//ul/li/a/bdi/@lang") == ["fr"]


@pytest.mark.parametrize(
    ("contact", "target"),
    [
        ("help@forum.test", ["mailto:help@forum.test"]),
        ("https://forum.test/contact", ["https://forum.test/contact"]),
        ("Ms Doe, 02 123 45 67", []),
        ("javascript:alert(1)", []),
        ("help@forum.test?subject=<b>", []),
    ],
)
def test_whom_to_turn_to_is_one_click_away_where_it_is_an_address(
    contact: str, target: list[str]
) -> None:
    html = answers.answer(a_refusal(), wording("en"), contact)

    assert parsed(html).xpath(".//a/@href") == target
    assert wording("en")("refusal.contact", contact=contact) in shown(html)


def test_a_refusal_with_nothing_close_and_no_contact_says_neither() -> None:
    html = answers.answer(a_refusal(), wording("en"), "")

    assert not parsed(html).xpath(".//ul|.//a")
    assert len(parsed(html).xpath(".//p")) == 2


def rendered(text: str) -> HtmlElement:
    return parsed(rendering.document(Document(a_source(), text)))


def texts(found: Sequence[HtmlElement]) -> list[tuple[str, str]]:
    return [(str(each.tag), " ".join(each.text_content().split())) for each in found]


def test_a_document_shows_its_blocks_in_order() -> None:
    html = rendered("Before.\n\n## Streets\n\nIn between.\n\n> Said she.\n\n- One\n- Two\n\nAfter.")

    assert texts(list(html)) == [
        ("p", "Before."),
        ("h2", "Streets"),
        ("p", "In between."),
        ("blockquote", "Said she."),
        ("ul", "OneTwo"),
        ("p", "After."),
    ]


def test_the_title_stays_the_only_heading_of_the_first_level() -> None:
    html = rendered("# One\n\n## Two\n\n### Three\n\n###### Six")

    assert texts(list(html)) == [("h2", "One"), ("h2", "Two"), ("h3", "Three"), ("h6", "Six")]


def test_a_nested_list_shows_how_deep_its_items_are() -> None:
    html = rendered("- Light\n  - at night\n    - in winter\n- Water")

    items = html.xpath("./ul/li")
    assert texts(items) == [
        ("li", "Light"),
        ("li", "at night"),
        ("li", "in winter"),
        ("li", "Water"),
    ]
    assert [item.get("class") for item in items] == [None, "level-1", "level-2", None]


@pytest.mark.parametrize(("text", "tag"), [("- One\n- Two", "ul"), ("1. One\n2. Two", "ol")])
def test_a_numbered_list_stays_numbered(text: str, tag: str) -> None:
    assert [each.tag for each in rendered(text)] == [tag]


def test_a_table_has_its_head_and_every_cell_in_its_column() -> None:
    html = rendered("| Town | 2019 | 2020 |\n| --- | --- | --- |\n| Ghent |  | 50 |\n|  | 7 |  |")

    rows = [texts(list(row)) for row in html.xpath(".//tr")]
    assert rows == [
        [("th", "Town"), ("th", "2019"), ("th", "2020")],
        [("td", "Ghent"), ("td", ""), ("td", "50")],
        [("td", ""), ("td", "7"), ("td", "")],
    ]


def test_a_table_without_a_head_has_none() -> None:
    html = rendered("| Ghent | 40 |\n| Bruges | 50 |")

    assert [each.tag for each in html.xpath(".//tr/*")] == ["td"] * 4


def test_two_tables_of_a_document_stay_two_where_words_part_them() -> None:
    html = rendered("| a | b |\n\nWords.\n\n| c | d |")

    assert len(html.xpath(".//table")) == 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_standing_page_is_never_called_old(language: str) -> None:
    words = wording(language)
    told = {
        kind: answers.answer(
            an_answer(of(SENTENCE, kind=kind, published=date(2016, 2, 1))),
            words,
            "",
            today=date(2026, 11, 28),
        )
        for kind in (Kind.PAGE, Kind.ARTICLE)
    }

    assert words("answer.old", years=5) in told[Kind.ARTICLE]
    assert words("answer.old", years=5) not in told[Kind.PAGE]


def test_a_refusal_below_filters_says_so_and_offers_to_search_everything() -> None:
    html = parsed(
        answers.turn("Lamps?", a_refusal(), wording("en"), "", filtered="Recommendations, French")
    )

    (told,) = html.xpath(".//p[@class='filtered']")
    assert "Recommendations, French" in told.text_content()
    assert told.xpath("./button/@value") == ["When are lamps dimmed?"]
    assert wording("en")("refusal.rephrase") not in html.text_content()


def test_what_may_be_asked_next_stands_below_the_answer() -> None:
    html = parsed(
        answers.turn(
            "Lamps?", an_answer(of(SENTENCE)), wording("en"), "", following=["Where?", "Who?"]
        )
    )

    assert html.xpath(".//div[@class='next']//button/@value") == ["Where?", "Who?"]
    assert html.xpath(".//div[@class='next']/@lang") == ["en"]


STANDING = a_source(published=date(2016, 2, 1), changed=date(2026, 1, 12))
TODAY = date(2026, 11, 28)


def facts_of(source: Source, language: str = "en", *, quoted: bool = True) -> HtmlElement:
    words, url = wording(language), "https://forum.test/lighting"
    cited = an_answer(a_citation(an_excerpt(SENTENCE, source=source)))
    listed = a_refusal(Suggestion(source, url))
    html = answers.answer(cited if quoted else listed, words, "", today=TODAY)
    (facts,) = parsed(html).xpath(".//*[@class='facts']")
    assert isinstance(facts, HtmlElement)
    return facts


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", [Kind.PAGE, Kind.RECOMMENDATION])
def test_a_document_that_was_changed_lately_shows_that_and_is_not_called_old(
    language: str, kind: Kind
) -> None:
    words = wording(language)

    html = facts_of(replace(STANDING, kind=kind), language)

    (shown,) = html.xpath(".//time")
    assert shown.get("datetime") == "2026-01-12"
    assert shown.text_content() == words("answer.updated", month=words.month(date(2026, 1, 12)))
    assert "2016" not in html.text_content()
    assert words("answer.old", years=5) not in html.text_content()


def test_a_document_whose_last_change_is_long_ago_is_old_all_the_same() -> None:
    html = facts_of(a_source(published=date(2010, 2, 1), changed=date(2016, 5, 3)))

    assert [each.text_content() for each in html.xpath(".//time")] == ["updated May 2016"]
    assert "older than 5 years" in html.text_content()


def test_a_document_of_which_only_the_change_is_known_is_weighed_by_that() -> None:
    words = wording("en")
    source = a_source(published=None, changed=date(2016, 5, 3))

    assert rendering.last_change(source) == date(2016, 5, 3)
    assert rendering.dated(source, words) == "updated May 2016"
    assert rendering.is_old(source, TODAY)
    assert not rendering.is_old(a_source(published=None), TODAY)
    assert rendering.dated(a_source(published=None), words) == "undated"


def test_a_list_shows_the_day_of_publication_by_which_it_is_ordered() -> None:
    html = facts_of(STANDING, quoted=False)

    assert [each.text_content() for each in html.xpath(".//time")] == ["1 February 2016"]


def test_a_table_without_heads_has_no_row_of_them() -> None:
    text = "|  |  |\n| --- | --- |\n| Ath | 90 |\n|  | 70 |"

    html = rendering.document(a_document("a", text))

    assert html == (
        '<div class="table"><table><tr><td>Ath</td><td>90</td></tr>'
        "<tr><td></td><td>70</td></tr></table></div>"
    )


def test_a_head_without_words_is_a_plain_cell() -> None:
    text = "|  | Boys |\n| --- | --- |\n| Ath | 90 |"

    html = rendering.document(a_document("a", text))

    assert "<tr><td></td><th>Boys</th></tr>" in html
