"""What a page folds, counts up or slides is read as a person sees it who opens everything."""

from pathlib import Path

import pytest

from ingest.readers.html.reader import read_html

DATA = Path(__file__).parent / "data" / "builders"

ARTICLE = "<title>T</title><main><h1 class='entry-title'>Streets</h1><div class='entry-content'>{}"


def text(content: str) -> str:
    return read_html(ARTICLE.format(content).encode(), name="page.html").text


def lines(content: str) -> list[str]:
    return [line for line in text(content).splitlines() if line]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (
            (
                "<button aria-expanded=false aria-controls=f1>Wer zahlt?</button>"
                "<div id=f1 hidden><p>Die Stadt.</p></div>"
            ),
            ["### Wer zahlt?", "Die Stadt."],
        ),
        (
            (
                "<h3><button aria-expanded=false>Wie betaalt?</button></h3>"
                "<div style='max-height:0;overflow:hidden'><p>De stad.</p></div>"
            ),
            ["### Wie betaalt?", "De stad."],
        ),
        (
            (
                "<p id=q role=button tabindex=0 aria-expanded=false>Chi paga?</p><hr>"
                "<div aria-labelledby=q style='visibility:hidden'>La città.</div>"
            ),
            ["### Chi paga?", "La città."],
        ),
        (
            (
                "<ul role=tablist><li><a role=tab href='#o1'>Coûts</a></li>"
                "<li><a href='#o2'>Horaires</a></li></ul>"
                "<div id=o1>Quatre euros.</div><div id=o2 style='display:none'>De 9 à 17.</div>"
            ),
            ["### Coûts", "Quatre euros.", "### Horaires", "De 9 à 17."],
        ),
        (
            (
                "<div><span data-blatt=b1>Preise</span><span data-blatt=b2>Zeiten</span></div>"
                "<div id=b1>Vier Euro.</div><div id=b2 aria-hidden=true>Neun bis fünf.</div>"
            ),
            ["### Preise", "Vier Euro.", "### Zeiten", "Neun bis fünf."],
        ),
        (
            "<a data-toggle=collapse data-target='#r'>Quem paga?</a><p id=r hidden>A cidade.</p>",
            ["### Quem paga?", "A cidade."],
        ),
        (
            (
                "<p>Half.</p><button data-bs-toggle=collapse data-bs-target='#m'>Ver más</button>"
                "<div id=m hidden>The rest.</div>"
            ),
            ["Half.", "The rest."],
        ),
        (
            (
                "<button aria-expanded=false aria-controls=a>Outside</button><div id=a hidden>"
                "<button aria-expanded=false aria-controls=b>Inside</button><div id=b hidden>Words."
                "</div></div>"
            ),
            ["### Outside", "#### Inside", "Words."],
        ),
    ],
)
def test_what_a_control_opens_stands_below_the_words_of_the_control(
    content: str, expected: list[str]
) -> None:
    assert lines(f"<p>Before.</p>{content}<p>After.</p>") == ["Before.", *expected, "After."]


@pytest.mark.parametrize(
    "hidden",
    [
        "<div id=x hidden>HIDDEN</div>",
        "<div id=x hidden>HIDDEN</div><a href='#y'>Elsewhere</a><p id=y>Here.</p>",
        "<p id=x hidden>HIDDEN</p><button hidden aria-controls=x aria-expanded=false>O</button>",
        f"<div data-x=x>{'<p>Words.</p>' * 30}<p id=x hidden>HIDDEN</p></div>",
        "<span data-x=x></span><p id=x hidden>HIDDEN</p>",
        "<nav><a href='#x' aria-expanded=false>Menu</a></nav><p id=x hidden>HIDDEN</p>",
        "<div style='height:0;overflow:hidden'>HIDDEN</div>",
        "<div style='overflow:hidden;height:0'>HIDDEN</div>",
        (
            "<button aria-controls=x aria-expanded=false>O</button>"
            "<div id=x hidden><p style='font-size:0'>HIDDEN</p></div>"
        ),
        (
            "<button aria-controls=x aria-expanded=false>O</button>"
            "<div id=x style='display:none;color:#fff'>HIDDEN</div>"
        ),
        "<div class=slider><div class=slide aria-hidden=true>HIDDEN</div></div>",
    ],
)
def test_what_nobody_can_open_stays_out(hidden: str) -> None:
    assert "HIDDEN" not in text(f"<p>Before.</p>{hidden}<p>After.</p>")


def test_a_table_of_contents_is_no_row_of_tabs() -> None:
    contents = "<ul><li><a href='#one'>Part one</a></li></ul><h2 id=one>Part one</h2><p>Words.</p>"

    assert lines(contents) == ["- Part one", "## Part one", "Words."]


def test_every_slide_is_read_once() -> None:
    slides = (
        "<div class='slick-slide slick-cloned' aria-hidden=true><p>The second slide.</p></div>"
        "<div class='slick-slide' aria-hidden=false><p>The first slide.</p></div>"
        "<div class='slick-slide' aria-hidden=true><p>The second slide.</p></div>"
        "<div class='slick-slide slick-cloned' aria-hidden=true><p>The first slide.</p></div>"
    )
    dots = "<ul role=tablist><li><button role=tab aria-controls=s1>1</button></li></ul>"

    assert lines(f"<div>{slides}{dots}</div>") == ["The first slide.", "The second slide."]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("<div class=counter><span data-count=48>00</span><h4>partners</h4></div>", "48 partners"),
        ("<div class=stat><b data-target='1,250'>0</b><p>lamps</p></div>", "1,250 lamps"),
        (
            "<div class=fact><p>Watches</p><span class=number data-to=12>0</span></div>",
            "Watches: 12",
        ),
        ("<div class=progress-bar data-percent=72><span>Trust</span></div>", "Trust: 72%"),
        ("<p>Of <span class=count data-count=9>9</span> towns</p>", "Of 9 towns"),
        ("<p>Row <span data-number=7>0</span> stays</p>", "Row 0 stays"),
    ],
)
def test_a_number_that_counts_up_is_read_with_its_label(content: str, expected: str) -> None:
    assert lines(content) == [expected]


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ("caf&amp;eacute; &amp;#8211; 6&amp;nbsp;000", "café – 6 000"),
        ("5 &amp;lt; 6 &amp;amp; more", "5 < 6 & more"),
        ("&amp;lt;script&amp;gt;", "&lt;script>"),
        ("R&amp;D; &amp;nosuch; &amp;notit;", "R&D; &nosuch; &notit;"),
        ("<code>&amp;amp;</code> and &amp;eacute;", "&amp; and &eacute;"),
    ],
)
def test_references_written_twice_are_read_once(written: str, seen: str) -> None:
    assert text(f"<p>{written}</p>") == seen


def test_a_title_is_decoded_too() -> None:
    page = b"<meta property='og:title' content='Caf&amp;eacute;'><title>x</title><p>Words.</p>"

    assert read_html(page, name="x.html").title == "Café"


@pytest.mark.parametrize("path", sorted(DATA.glob("*.html")), ids=lambda path: path.stem)
def test_pages_of_builders_are_read_as_people_see_them(path: Path) -> None:
    expected = path.with_suffix(".md").read_text(encoding="utf-8")

    assert text(path.read_text(encoding="utf-8")) + "\n" == expected
