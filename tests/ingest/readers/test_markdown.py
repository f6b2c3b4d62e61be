from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.corpus import Kind, Translation
from ingest.errors import ReadError
from ingest.readers.extract import Extract
from ingest.readers.markdown import read_markdown


def read(text: str) -> Extract:
    return read_markdown(text.encode(), name="note.md")


def test_front_matter_describes_the_document() -> None:
    extract = read(
        "---\n"
        "title: 'Lamps: a guide'\n"
        "date: 2022-03-14\n"
        "updated: 2026-01-12\n"
        "lang: en-GB\n"
        "permalink: /guides/lamps/\n"
        "category: Recommandations\n"
        "authors: [Ann Example, {name: Bo Sample}, admin, ann@forum.test]\n"
        "translations: {fr: /fr/lampes/, en: /self/, de: 'javascript:x'}\n"
        "replaced_by: lamps-2025.md\n"
        "---\n"
        "Some text.\n"
    )

    assert extract == Extract(
        title="Lamps: a guide",
        text="Some text.",
        published=date(2022, 3, 14),
        language="en",
        url="/guides/lamps/",
        kind=Kind.RECOMMENDATION,
        translations=(Translation("fr", "/fr/lampes/"),),
        authors=("Ann Example", "Bo Sample"),
        replaced_by="lamps-2025.md",
        changed=date(2026, 1, 12),
    )


def test_front_matter_in_toml_describes_the_document() -> None:
    extract = read(
        "+++\ntitle = 'Lamps'\ndate = 2022-03-14T10:00:00Z\nlang = 'nl'\n"
        "authors = ['Ann Example']\n[extra]\ntoc = true\n+++\nSome text.\n"
    )

    assert (extract.title, extract.text) == ("Lamps", "Some text.")
    assert (extract.published, extract.language) == (date(2022, 3, 14), "nl")
    assert extract.authors == ("Ann Example",)


def test_toml_that_cannot_be_read_is_refused_and_plus_signs_alone_are_text() -> None:
    with pytest.raises(ReadError, match=r"not valid TOML.*line 1.*quotes"):
        read("+++\ntitle = Lamps\n+++\nText")
    assert read("+++\n\nText").text == "+++\n\nText"


@pytest.mark.parametrize("name", ["updated", "modified", "lastmod", "Lastmod"])
def test_the_day_of_the_last_change_is_read_by_each_name_it_has(name: str) -> None:
    assert read(f"---\n{name}: 2026-01-12 10:00:00\n---\nText").changed == date(2026, 1, 12)
    assert read(f"---\n{name}: last week\n---\nText").changed is None


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("Hard\nwrapped  \nlines", "Hard wrapped lines"),
        ("**Bold**, *slanted*, `code` and [link](/x)", "Bold, slanted, code and link"),
        ("![A park](park.jpg)", "A park"),
        ("Setext\n---\n\nx", "## Setext\n\nx"),
        ("* a\n    * b\n* c", "- a\n  - b\n- c"),
        ("3. c\n4. d", "3. c\n4. d"),
        ("- a\n\n  more of a\n\n- b", "- a more of a\n- b"),
        ("> Said\n> twice", "> Said twice"),
        ("| a | b |\n|---|:-:|\n| *1* | 2 |", "| a | b |\n| --- | --- |\n| 1 | 2 |"),
        ("```\none\ntwo\n```", "one two"),
        ("<div>\n<p>In <b>a</b> box</p>\n</div>", "In a box"),
        ("<script>track()</script>\n\nText", "Text"),
        ("<!-- hidden -->\n\nText", "Text"),
        ("one<br>two <span>three</span>", "one two three"),
        ("one <span style='display:none'>a <span>b</span> c</span>two", "one two"),
        ("one <a hidden href='/x'>HIDDEN</a><img hidden>two <s>old</s>new", "one two new"),
        ("one<b style='color:red'> two</b>", "one two"),
        ("AT&amp;T &lt;b&gt;", "AT&T <b>"),
        ("[gallery ids='1,2']\n\nText", "Text"),
        ("1\\. January 2020 was cold", " 1. January 2020 was cold"),
        ("---\n\nA rule above", "A rule above"),
    ],
)
def test_markdown_keeps_its_blocks_and_loses_its_markup(source: str, text: str) -> None:
    assert read(source).text == text


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (
            "All.[^a] So[^2].\n\n[^2]: Or *not*.\n[^a]: A day,\nor part\n\n    of it.\n\nMore.",
            "All. So.\n\nMore.\n\n1. A day, or part of it.\n2. Or not.",
        ),
        ("It[^1] costs.", "It[^1] costs."),
        ("Text[^1]\n\n[^1]: Note.\n- an item", "Text\n\n- an item\n\n1. Note."),
        ("Text\n\n```\n[^1]: x\n```", "Text\n\n[^1]: x"),
    ],
)
def test_footnotes_come_last_in_the_order_of_their_marks(source: str, text: str) -> None:
    assert read(f"Some.\n\n{source}").text == f"Some.\n\n{text}"


@pytest.mark.parametrize(
    "text",
    [
        "Recommended: at least two lamps at each crossing.\n\nMore.",
        "Text.\n\n## Latest news\n\n- They met.\n\n## Contact\n\nCall 02 123 45 67.",
        "Text.\n\n## Leave a comment\n\nWrite to us by 3 May.",
        "Text.\n\nShare",
    ],
)
def test_all_that_the_author_wrote_stays(text: str) -> None:
    assert read(text).text == text


@pytest.mark.parametrize("tag", ["aside", "header", "footer", 'div class="sidebar"', "form"])
def test_a_box_in_html_is_text_too(tag: str) -> None:
    source = f"Text.\n\n<{tag}>\nIn a box: call 02.\n</{tag.split(maxsplit=1)[0]}>\n\nMore."

    assert read(source).text == "Text.\n\nIn a box: call 02.\n\nMore."


@pytest.mark.parametrize(
    ("source", "title", "text"),
    [
        ("# Lamps\n\nText", "Lamps", "Text"),
        ("---\ntitle: Lamps\n---\n# Lamps\n\nText", "Lamps", "Text"),
        ("---\ntitle: Lamps\n---\n# Other\n\nText", "Lamps", "## Other\n\nText"),
        ("---\ntitle: Lamps\n---\n# A\n\n## B\n\nText", "Lamps", "## A\n\n### B\n\nText"),
        ("Text", "", "Text"),
    ],
)
def test_the_first_h1_is_the_title_if_no_other_is_given(source: str, title: str, text: str) -> None:
    extract = read(source)

    assert (extract.title, extract.text) == (title, text)


@pytest.mark.parametrize(
    ("front_matter", "reason"),
    [
        ("title: Lamps: a guide", r"line 2.*not valid YAML.*quotes"),
        ("title: [", r"not valid YAML"),
        ("date: 2021-13-45", r"cannot be read.*month"),
        ("x: !!python/object:os.system 1", r"not valid YAML"),
        ("a: " + "[" * 5000, r"cannot be read|not valid"),
    ],
)
def test_bad_front_matter_is_refused_with_its_line(front_matter: str, reason: str) -> None:
    with pytest.raises(ReadError, match=reason):
        read(f"---\n{front_matter}\n---\nText")


@pytest.mark.parametrize("front_matter", ["", "just words", "- a\n- b", "title:\ndate:\nurl: 7"])
def test_front_matter_without_fields_is_no_fault(front_matter: str) -> None:
    assert "Text" in read(f"---\n{front_matter}\n---\n\nText").text


def test_front_matter_that_never_ends_is_text() -> None:
    assert read("---\ntitle: Lamps\n\nText").text == "title: Lamps\n\nText"


def test_windows_line_ends_and_byte_order_marks_are_read() -> None:
    extract = read_markdown("\ufeff---\r\ntitle: Été\r\n---\r\nText\r\n".encode(), name="x.md")

    assert (extract.title, extract.text) == ("Été", "Text")


@given(st.text(st.sampled_from("ab-*_>#|[]()`~<>!&:\\1. \n\t"), max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        extract = read(text)
    except ReadError:
        return

    assert isinstance(extract.text, str)


@pytest.mark.parametrize("fragment", ["> ", "[", "*", "`", "<a ", "- ", "| ", "![](", "&", "**a "])
def test_hostile_repetition_neither_hangs_nor_overflows(fragment: str) -> None:
    assert isinstance(read(fragment * 20_000).text, str)
