from datetime import date

import pytest

from ingest.errors import ReadError
from ingest.readers.epub import read_epub
from tests.ingest.readers.archives import an_epub, packed, repacked

ENCRYPTED = (
    '<encryption><EncryptedData><EncryptionMethod Algorithm="{}"/></EncryptedData></encryption>'
)


def test_chapters_come_in_reading_order_with_what_the_book_says_of_itself() -> None:
    data = an_epub(
        "<h1>Parks</h1><p>Warm light.</p>",
        "<h1>Stations</h1><ul><li>clear paths</li></ul><script>HIDDEN</script>",
        metadata="<dc:title>Lamps</dc:title><dc:language>nl</dc:language><dc:date>2022-03</dc:date>",
    )

    extract = read_epub(data, name="x.epub")

    assert extract.title == "Lamps"
    assert extract.text == "## Parks\n\nWarm light.\n\n## Stations\n\n- clear paths"
    assert (extract.language, extract.published) == ("nl", date(2022, 3, 1))


def test_a_section_stays_below_its_chapter() -> None:
    chapters = "<h1>Spain</h1><h2>Fees</h2><p>45</p>", "<h1>Italy</h1><h2>Fees</h2><p>60</p>"

    extract = read_epub(an_epub(*chapters, metadata="<dc:title>Stalls</dc:title>"), name="x.epub")

    assert extract.text == "## Spain\n\n### Fees\n\n45\n\n## Italy\n\n### Fees\n\n60"


def test_what_stands_outside_the_reading_order_is_left_out_and_nothing_comes_twice() -> None:
    spine = '<itemref idref="c1"/><itemref idref="c1"/><itemref idref="c0" linear="no"/>'

    extract = read_epub(an_epub("<p>Out.</p>", "<p>In.</p>", spine=spine), name="x.epub")

    assert extract.text == "In."


@pytest.mark.parametrize("missing", ["META-INF/container.xml", "book/content.opf"])
def test_a_book_that_does_not_list_its_chapters_is_refused(missing: str) -> None:
    with pytest.raises(ReadError, match="is no e-book"):
        read_epub(repacked(packed({"a.xml": "<a/>"}), {f"other/{missing}": "<a/>"}), name="x")


def test_a_protected_book_is_refused_but_not_one_with_scrambled_fonts() -> None:
    locked = ENCRYPTED.format("http://www.w3.org/2001/04/xmlenc#aes128-cbc")
    fonts = ENCRYPTED.format("http://www.idpf.org/2008/embedding")

    with pytest.raises(ReadError, match="is protected by its publisher"):
        read_epub(repacked(an_epub(), {"META-INF/encryption.xml": locked}), name="x.epub")
    read = read_epub(repacked(an_epub(), {"META-INF/encryption.xml": fonts}), name="x.epub")
    assert read.text == "Some text."


def test_a_chapter_with_definitions_of_its_own_is_refused() -> None:
    bomb = '<!DOCTYPE html [<!ENTITY a "aaaa">]><html><body>&a;</body></html>'

    with pytest.raises(ReadError, match="definitions of its own"):
        read_epub(repacked(an_epub(), {"book/c 0.xhtml": bomb}), name="x.epub")


@pytest.mark.parametrize(
    "box",
    [
        "<header><h2>A box</h2></header>",
        "<aside><h2>A box</h2></aside>",
        '<div class="sidebar"><h2>A box</h2></div>',
        '<div class="author"><h2>A box</h2></div>',
        "<form><h2>A box</h2></form>",
    ],
)
def test_what_would_stand_around_an_article_on_a_page_is_part_of_a_book(box: str) -> None:
    extract = read_epub(an_epub(f"{box}<p>Call 02 123 45 67.</p>"), name="x.epub")

    assert f"{extract.title}\n{extract.text}" == "A box\nCall 02 123 45 67."


@pytest.mark.parametrize(
    "unread",
    ["<nav><p>Contents</p></nav>", "<style>p {}</style>", '<p style="display: none">Out</p>'],
)
def test_menus_styles_and_what_is_hidden_are_no_text_of_a_book(unread: str) -> None:
    extract = read_epub(an_epub(f'{unread}<p>In.<a href="#fn1">1</a></p>'), name="x.epub")

    assert extract.text == "In."
