from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.corpus import Kind, Translation
from ingest.errors import ReadError
from ingest.readers.extract import Extract
from ingest.readers.html.reader import read_html

DATA = Path(__file__).parent / "data"

JSON_LD = "<script type='application/ld+json'>{}</script>"

FRAGMENTS = [
    "<a ",
    "<p>",
    "<div>",
    "<ul><li>",
    "<![",
    "<!--",
    "&amp;",
    "<table><tr><td>",
    "<math>",
    "<math><mtext>",
    "<b><i>",
    '<p hidden class="faq">',
    "<dl><dt>",
    "<blockquote>",
    "[gallery ",
    "<br>",
    "</p>",
    "<script>",
    " \n",
]


def read(body: str, *, head: str = "", html: str = "", body_class: str = "") -> Extract:
    page = f'<!DOCTYPE html><html {html}><head>{head}</head><body class="{body_class}">{body}'
    return read_html(page.encode(), name="page.html")


def text(content: str) -> str:
    title = "<h1 class='entry-title'>Title</h1>"
    return read(f'<article>{title}<div class="entry-content">{content}</div></article>').text


def test_a_wordpress_page_becomes_its_article() -> None:
    page = (DATA / "article.html").read_bytes()

    extract = read_html(page, name="article.html")

    assert extract == Extract(
        title="Lighting the way: five towns report",
        text=(DATA / "article.md").read_text(encoding="utf-8").strip(),
        published=date(2022, 3, 14),
        language="en",
        url="https://forum.example/lighting/",
        kind=Kind.RECOMMENDATION,
        translations=(Translation("fr", "https://forum.example/fr/eclairage/"),),
    )


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("<p>One <b>bold</b> <a href='/x'>link</a>.</p>", "One bold link."),
        ("<h1>Part</h1><h4>Deep</h4><p>z</p>", "## Part\n\n#### Deep\n\nz"),
        ("<h1>Spain</h1><h2>Fees</h2><p>z</p>", "## Spain\n\n### Fees\n\nz"),
        ("<ol start=3><li>c<li>d</ol>", "3. c\n4. d"),
        ("<ul><li>a<ul><li>b</ul><li>c</ul>", "- a\n  - b\n- c"),
        ("<ol><li>a<li value=5>b<li>c</ol>", "1. a\n\n5. b\n6. c"),
        ("<ol><li>a<li> <li>c</ol>", "1. a\n\n3. c"),
        ("<ol><li>a<ol type=a><li>b<li>c</ol><li>d</ol>", "1. a\n  - a. b\n  - b. c\n2. d"),
        ("<ol style='list-style: upper-roman' start=4><li>a<li>b</ol>", "- IV. a\n- V. b"),
        ("<ol style='list-style-type:none'><li>a<li>b</ol>", "- a\n- b"),
        ("<ol reversed><li>a<li>b</ol>", "- 2. a\n- 1. b"),
        ("<ul><li>a</li><ul><li>b</li></ul></ul>", "- a\n  - b"),
        ("<ul><li><p>one</p><p>two</p></ul>", "- one two"),
        ("<blockquote><p>Said.</p><footer>Ann</footer></blockquote>", "> Said.\n\n> Ann"),
        ("<figure><img><figcaption>The square</figcaption></figure>", "The square"),
        ("<dl><dt>CCTV<dd>Cameras<dt>CPTED<dd>Design</dl>", "- CCTV: Cameras\n- CPTED: Design"),
        ("<dl><dt>Who pays?<dd>The city.</dl>", "### Who pays?\n\nThe city."),
        ("<details><summary>Why?</summary>Because.</details>", "### Why?\n\nBecause."),
        ("<pre>line one\nline two\n\nnext</pre>", "line one line two\n\nnext"),
        ("First<br>second<br><br>third", "First second\n\nthird"),
        ("Take:<p>• lamps<br>• trees<br>• paths</p>", "Take:\n\n- lamps\n- trees\n- paths"),
        (
            "<table><caption>Towns</caption><tr><th>Name<th>People<tr><td>Ath<td>29,000</table>",
            "Towns\n\n| Name | People |\n| --- | --- |\n| Ath | 29,000 |",
        ),
        ("<table><tr><td><h2>By table</h2><p>Laid out</p></table>", "## By table\n\nLaid out"),
        ("<p>Note<sup><a href='#fn1'>[1]</a></sup> this</p>", "Note this"),
        (
            "<table><tfoot><tr><td>All<td>9</tfoot><tr><th>Town<th>Lamps<tr><td>Ath<td>9</table>",
            "| Town | Lamps |\n| --- | --- |\n| Ath | 9 |\n| All | 9 |",
        ),
        ("<p>She said <q>never <b>again</b></q>.</p>", "She said “never again”."),
        (
            "<p><i style='display:block'>Price</i><b style='top:0; Display: flex'>45</b> a day</p>",
            "Price\n\n45\n\na day",
        ),
        ("<h2><span style='display:block'>Price</span>45</h2><p>a day</p>", "## Price 45\n\na day"),
        ("<p>Night<wbr>bus<WBR/>lines cost <b>2 euros</b>.</p>", "Nightbuslines cost 2 euros."),
    ],
)
def test_content_keeps_its_structure(content: str, expected: str) -> None:
    assert text(content) == expected


@pytest.mark.parametrize(
    "boilerplate",
    [
        "<nav><a href='/'>FURNITURE</a></nav>",
        "<aside>FURNITURE</aside>",
        "<footer class='entry-footer'>FURNITURE</footer>",
        "<div class='sharedaddy sd-sharing-enabled'>FURNITURE</div>",
        "<div id='jp-relatedposts' class='jp-relatedposts'>FURNITURE</div>",
        "<div class='addtoany_share_save_container'>FURNITURE</div>",
        "<div class='author-box'>FURNITURE</div>",
        "<div class='post-navigation'>FURNITURE</div>",
        "<p class='tags-links'>FURNITURE</p>",
        "<div class='teasers'>FURNITURE</div>",
        "<div class='wp-embed'>FURNITURE</div>",
        "<li class='menu-item'>FURNITURE</li>",
        "<figcaption><span class='image-credit'>FURNITURE</span></figcaption>",
        "<p>Lees ook: FURNITURE</p>",
        "<h3>Read also: FURNITURE</h3>",
        "<div class='entry-meta'>FURNITURE</div>",
        "<div id='comments' class='comments-area'><p>FURNITURE</p></div>",
        "<div id='respond'><h3>FURNITURE</h3></div>",
        "<div class='cookie-notice'>FURNITURE</div>",
        "<div id='cmplz-cookiebanner-container'>FURNITURE</div>",
        "<div id='CybotCookiebotDialog'>FURNITURE</div>",
        "<div class='js-cookie-banner'>FURNITURE</div>",
        "<div id='sliding-popup'>FURNITURE</div>",
        "<div id='usercentrics-root'>FURNITURE</div>",
        "<div class='fusion-privacy-bar'>FURNITURE</div>",
        "<div class='newsletter-signup'>FURNITURE</div>",
        "<div class='breadcrumbs'>FURNITURE</div>",
        "<a class='skip-link screen-reader-text' href='#x'>FURNITURE</a>",
        "<form><label>FURNITURE</label><input></form>",
        "<script>FURNITURE</script>",
        "<style>FURNITURE</style>",
        "<svg><title>FURNITURE</title></svg>",
        "<noscript>FURNITURE</noscript>",
        "<button>FURNITURE</button>",
        "<p hidden>FURNITURE</p>",
        "<p aria-hidden=true>FURNITURE</p>",
        "<p style='Display : none'>FURNITURE</p>",
        "<span style='color:red;visibility:hidden'>FURNITURE</span>",
        "<span style='font-size:0px'>FURNITURE</span>",
        "<article style='display:none'><p>FURNITURE</p></article>",
        "<header hidden>FURNITURE</header>",
        "<details><summary style='font-size:0'>FURNITURE</summary></details>",
        "<!-- FURNITURE -->",
        '[contact-form-7 id="12" title="FURNITURE"]',
        "[gallery ids=”1,2″ title=”FURNITURE”]",
        "[/FURNITURE]",
        "[vc_column_FURNITURE]",
    ],
)
def test_furniture_is_dropped(boilerplate: str) -> None:
    assert text(f"<p>Before.</p>{boilerplate}<p>After.</p>") == "Before.\n\nAfter."


@pytest.mark.parametrize(
    "content",
    ["<p>[1] and [sic] and [Efus, 2020]</p>", "<p style='font-size:0.9em'>Small</p>"],
)
def test_what_only_looks_like_furniture_stays(content: str) -> None:
    assert text(content) != ""


@pytest.mark.parametrize(
    "accordion",
    [
        "<div class='faq-item'><h3>Who?</h3><div style='display:none'>ANSWER</div></div>",
        "<div class='elementor-tab-content' hidden>ANSWER</div>",
        "<div class='wp-block-accordion'><p aria-hidden=true>ANSWER</p></div>",
        "<details><summary>Who?</summary><p style='display:none'>ANSWER</p></details>",
        "<div role=tabpanel hidden>ANSWER</div>",
        "<h3 class='accordion-title'><button>ANSWER</button></h3>",
    ],
)
def test_folded_accordions_are_content(accordion: str) -> None:
    assert "ANSWER" in text(accordion)


@pytest.mark.parametrize(
    "heading",
    [
        "Leave a Reply",
        "Laisser un commentaire",
        "Geef een reactie",
        "Schreiben Sie einen Kommentar",
        "Share this:",
        "Partager",
        "Related posts",
        "Gerelateerde berichten",
    ],
)
def test_a_heading_of_furniture_at_the_end_is_dropped(heading: str) -> None:
    assert text(f"<p>The end.</p><h3>{heading}</h3>") == "The end."


@pytest.mark.parametrize("heading", ["Related posts", "Lees ook", "Auch interessant"])
def test_links_to_other_articles_at_the_end_are_dropped_with_their_heading(heading: str) -> None:
    links = f"<h3>{heading}</h3><ul><li>Lamps in Ath</li></ul><h4>Parks</h4><p>In short.</p>"

    assert text(f"<p>The end.</p>{links}") == "The end."


CARDS = "<h3><a href='/a'>Lamps</a></h3><p>A.</p><a href='/b'><div><h3>Parks</h3>B.</div></a>"


def test_cards_of_other_articles_at_the_end_are_dropped_with_their_heading() -> None:
    assert text(f"<p>The end.</p><h2>News</h2>{CARDS}") == "The end."


def test_a_page_of_nothing_but_cards_is_a_list_of_articles() -> None:
    assert "Lamps" in text(f"<h2>News</h2>{CARDS}")


def test_a_section_whose_heading_is_a_link_stays() -> None:
    section = f"<h3><a href='/plan'>The plan</a></h3><p>{'They tried lamps. ' * 20}</p>"

    assert "### The plan" in text(f"<p>Before.</p>{section}{section}")


def test_a_last_part_that_says_more_than_titles_stays() -> None:
    part = f"<h3>More news from the towns</h3><p>{'They tried lamps. ' * 20}</p>"

    assert "### More news from the towns" in text(f"<p>Before.</p>{part}")


def test_a_long_sidebar_is_not_taken_for_the_article_that_is_marked_beside_it() -> None:
    sidebar = f"<div class='sidebar'><p>{'Other words. ' * 50}</p></div>"

    extract = read(f"<div class='entry-content'><p>A short poem.</p></div>{sidebar}")

    assert extract.text == "A short poem."


def test_a_comment_form_without_a_name_is_dropped_whole() -> None:
    form = "<h3>Leave a Reply</h3><p>Your email address will not be published.</p><p>Name *</p>"

    assert text(f"<p>The end.</p>{form}") == "The end."


def test_a_heading_of_furniture_in_the_middle_stays() -> None:
    long = "word " * 200

    assert "## Leave a comment" in text(f"<h2>Leave a comment</h2><p>{long}</p>")


def test_a_category_named_like_furniture_hides_no_article() -> None:
    page = '<article class="post category-newsletter tag-share sidebar"><p>News.</p></article>'

    assert read(page).text == "News."


@pytest.mark.parametrize(
    "page",
    [
        "<main><p>WORDS here, some of them.</p></main>",
        "<div role=main><p>WORDS here, some of them.</p></div>",
        "<div><div><p>WORDS here, some.</p><p>And more of them.</p></div></div>",
        "<form><div class='sidebar-left'><div><p>WORDS in a column</p></div></div></form>",
        "WORDS without any tag",
        "<table><tr><td>menu<td><p>WORDS in an old page, laid out by a table.</p></table>",
    ],
)
def test_content_is_found_where_no_theme_marks_it(page: str) -> None:
    assert "WORDS" in read(page).text


WORDS = "WORDS that this page tells its readers, again. " * 20


@pytest.mark.parametrize(
    "page",
    [
        f"<main><p>Top.</p><div class='share-zone'><p>{WORDS}</p></div></main>",
        f"<article><p>Top.</p><section class='js-related-size'><p>{WORDS}</p></section></article>",
        f"<div><p>Top.</p></div><aside><article><p>{WORDS}</p></article></aside>",
        f"<ul><li class='menu-item'><a href='/'>Home</a><article><p>{WORDS}</p></article></ul>",
        f"<div class='post-text'><p>A line.</p></div><div><p>{WORDS}</p><p>{WORDS}</p></div>",
        f"<title>T</title><main><p>{WORDS}</p></main>",
    ],
)
def test_a_name_of_boilerplate_does_not_cost_a_page_its_article(page: str) -> None:
    assert "WORDS" in read(page).text


def test_what_is_hidden_is_not_taken_for_an_article_in_a_misnamed_box() -> None:
    hidden = f"<div class='sidebar' hidden><p>{'HIDDEN ' * 200}</p></div>"

    assert read(f"<div><p>Some text.</p></div>{hidden}").text == "Some text."


def test_the_introduction_above_the_content_comes_first() -> None:
    page = (
        '<article><div class="entry-excerpt">'
        "<p>In short, five towns tried new lamps, and it worked.</p></div>"
        f'<div class="entry-content"><p>{"Long text. " * 30}</p></div></article>'
    )

    assert read(page).text.startswith(
        "In short, five towns tried new lamps, and it worked.\n\nLong text."
    )


@pytest.mark.parametrize(
    ("head", "body", "title"),
    [
        ("<title>A – B</title>", "<h1 class='entry-title'>The <i>title</i></h1>", "The title"),
        ("<title>x</title>", "<h1>Logo</h1><article><h1>Title</h1><p>x</p></article>", "Title"),
        ("<meta property='og:title' content='Shared'><title>x</title>", "", "Shared"),
        (
            "<meta property='og:site_name' content='Forum'><title>Night - life - Forum</title>",
            "",
            "Night - life",
        ),
        ("<title>About us | Forum</title>", "", "About us"),
        ("<title>Night – life</title>", "", "Night – life"),
        ("", "", ""),
    ],
)
def test_the_title_is_the_articles_own(head: str, body: str, title: str) -> None:
    assert read(f"{body}<p>Text.</p>", head=head).title == title


@pytest.mark.parametrize(
    "logo",
    [
        "<h1 class=site-title>Town Forum</h1>",
        "<div class='navbar-brand'><h1>Town Forum</h1></div>",
        "<h1><a href='https://forum.example/'>Town Forum</a></h1>",
        "<a href='/en/'><h1><img src=logo.svg alt='Town Forum'></h1></a>",
        "<header><h1>Town Forum</h1></header>",
        "<h1>Town Forum</h1>",
        "",
    ],
)
@pytest.mark.parametrize("named", ["Lamps in parks - Town Forum", "Town Forum – Lamps in parks"])
def test_the_name_of_the_site_is_neither_title_nor_text(logo: str, named: str) -> None:
    body = f"{logo}<main><h2>Lamps in parks</h2><p>Five towns tried new ones.</p></main>"

    extract = read(body, head=f"<title>{named}</title>")

    assert extract.title == "Lamps in parks"
    assert extract.text == "Five towns tried new ones."


def test_a_logo_in_the_content_is_no_text_and_its_name_no_part_of_the_title() -> None:
    body = "<h1 class=logo>Town Forum</h1><p>Five towns tried new ones.</p>"

    extract = read(body, head="<title>Lamps - Town Forum</title>")

    assert (extract.title, extract.text) == ("Lamps", "Five towns tried new ones.")


@pytest.mark.parametrize("named", ["Town Forum", ""])
def test_the_first_page_of_a_site_is_called_as_the_site_is(named: str) -> None:
    body = "<h1 class=site-title>Town Forum</h1><p>Towns advise each other.</p>"

    assert read(body, head=f"<title>{named}</title>").title == "Town Forum"


def test_a_heading_within_the_content_stays_the_title_whatever_else_names_the_page() -> None:
    body = "<main><h1>Lamps in parks</h1><h2>Fees</h2><p>None.</p></main>"

    assert read(body, head="<title>Fees - Lamps in parks</title>").title == "Lamps in parks"


@pytest.mark.parametrize(
    "head",
    [
        "<meta property='article:published_time' content='2021-02-28T10:00:00+01:00'>",
        JSON_LD.format('{"datePublished": "2021-02-28"}'),
        JSON_LD.format('{"@graph": [{"datePublished": "2021-02-28"}]}'),
        "<time class='entry-date published' datetime='2021-02-28T10:00'>28 Feb</time>",
        "<meta name='DC.date' content='2021-02-28'>",
        "<meta name='date' content='20210228'>",
    ],
)
def test_the_date_is_found(head: str) -> None:
    assert read("<p>Text.</p>", head=head).published == date(2021, 2, 28)


@pytest.mark.parametrize(
    ("times", "published"),
    [
        ("<time datetime='2021-02-28'>28 Feb</time>", date(2021, 2, 28)),
        ("<p><time datetime='2021-02-28'>28 Feb</time></p>", date(2021, 2, 28)),
        ("<p class='text-end'>On <time datetime='2021-02-28'></time></p>", date(2021, 2, 28)),
        ("<p class='date'>Published: <time datetime='2021-02-28'></time></p>", date(2021, 2, 28)),
        ("<p>The training starts on <time datetime='2026-09-03'>3 Sep</time>.</p>", None),
        ("<div class='event-date'><time datetime='2026-09-03'>3 Sep</time></div>", None),
        ("<time itemprop='startDate' datetime='2026-09-03'>3 Sep</time>", None),
    ],
)
def test_the_day_of_an_event_is_not_taken_for_that_of_its_page(
    times: str, published: date | None
) -> None:
    assert read(f"<main><h1>Training</h1>{times}<p>Text.</p></main>").published == published


@pytest.mark.parametrize(
    "head",
    [
        "<meta name='date' content='2021-02-31'>",
        "<meta name='date' content='soon'>",
        JSON_LD.format("{broken"),
        JSON_LD.format("[" * 5000),
        JSON_LD.format('{"@graph": 7, "datePublished": {}}'),
    ],
)
def test_a_date_that_is_none_is_ignored(head: str) -> None:
    assert read("<p>Text.</p>", head=head).published is None


PUBLISHED = "<meta property='article:published_time' content='2016-02-28'>"
SHOWN = "<time class='entry-date published' datetime='2016-02-28'>28 Feb</time>"
OTHER = "<time class='entry-date published' datetime='2025-01-01'>1 Jan</time>"


@pytest.mark.parametrize(
    "head",
    [
        "<meta property='article:modified_time' content='2026-01-12T10:00:00+01:00'>",
        "<meta property='og:updated_time' content='2026-01-12T10:00:00+01:00'>",
        JSON_LD.format('{"dateModified": "2026-01-12"}'),
        JSON_LD.format('{"@graph": [{"@type": "WebPage", "dateModified": "2026-01-12T09:00"}]}'),
        "<meta name='last-modified' content='2026-01-12'>",
        "<meta name='DCTERMS.modified' content='2026-01-12'>",
        f"<p>{SHOWN}<time class='updated' datetime='2026-01-12T10:00'>12 Jan</time></p>",
        f"<p><time itemprop='dateModified' datetime='2026-01-12'>12 Jan</time>{SHOWN}</p>",
    ],
)
def test_the_day_of_the_last_change_is_found(head: str) -> None:
    extract = read("<p>Text.</p>", head=PUBLISHED + head)

    assert (extract.published, extract.changed) == (date(2016, 2, 28), date(2026, 1, 12))


@pytest.mark.parametrize(
    "head",
    [
        "",
        "<meta name='last-modified' content='Mon, 12 Jan 2026 10:00:00 GMT'>",
        JSON_LD.format('{"dateModified": {}}'),
        f"{SHOWN}<div><time class='updated' datetime='2026-01-12'>of another article</time></div>",
        f"{SHOWN}<p>{OTHER}<time class='updated' datetime='2026-01-12'>of another</time></p>",
    ],
)
def test_a_page_that_does_not_say_when_it_changed_is_not_guessed_at(head: str) -> None:
    assert read("<p>Text.</p>", head=PUBLISHED + head).changed is None


@pytest.mark.parametrize(
    ("address", "url"),
    [
        ("https://forum.example/a/", "https://forum.example/a/"),
        ("/a/b/", "/a/b/"),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("//evil.example/", None),
        ("/\\evil.example/", None),
        ("https://user:pass@forum.example/", None),
        ("https://[broken/", None),
        ("a/b", None),
        ("https://forum.example/a b", None),
    ],
)
def test_only_safe_addresses_are_taken(address: str, url: str | None) -> None:
    assert read("<p>x</p>", head=f'<link rel=canonical href="{address}">').url == url


@pytest.mark.parametrize(
    ("body_class", "article_class", "kind"),
    [
        ("single single-recommendation", "", Kind.RECOMMENDATION),
        ("single", "post type-event", Kind.EVENT),
        ("single single-tribe_events", "", Kind.EVENT),
        ("page page-template-default", "", Kind.PAGE),
        ("", "post type-page", Kind.PAGE),
        ("", "type-publication", Kind.PUBLICATION),
        ("single single-post", "post type-post category-recommandations", Kind.RECOMMENDATION),
        ("single single-post", "post type-post category-brussels", None),
    ],
)
def test_the_kind_is_told_by_wordpress(
    body_class: str, article_class: str, kind: Kind | None
) -> None:
    article = f'<article class="{article_class}"><p>Text.</p></article>'

    assert read(article, body_class=body_class).kind is kind


@pytest.mark.parametrize(
    "body",
    [
        "<main lang=nl><p>Tekst.</p></main>",
        "<article lang=nl-BE><div class='entry-content'><p>Tekst.</p></div></article>",
        "<main xml:lang=nl><article lang=''><p>Tekst.</p></article></main>",
    ],
)
def test_the_language_of_the_content_goes_before_that_of_the_site(body: str) -> None:
    assert read(body, html="lang=en").language == "nl"
    assert (
        read("<main><p>Text.</p></main><footer lang=nl>x</footer>", html="lang=en").language == "en"
    )


def test_translations_are_the_other_languages() -> None:
    head = (
        '<link rel=canonical href="https://f.example/en/a">'
        '<link rel=alternate hreflang=en-GB href="https://f.example/en/a">'
        '<link rel=alternate hreflang=fr-BE href="https://f.example/fr/a">'
        '<link rel=alternate hreflang=fr-FR href="https://f.example/fr-fr/a">'
        '<link rel=alternate hreflang=x-default href="https://f.example/x">'
        '<link rel=alternate hreflang=nl href="javascript:x">'
    )

    extract = read("<p>x</p>", head=head, html='lang="en-GB"')

    assert extract.language == "en"
    assert extract.translations == (Translation("fr", "https://f.example/fr/a"),)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("<p>Sécurité</p>".encode(), "Sécurité"),
        ("<p>Sécurité – été</p>".encode("cp1252"), "Sécurité – été"),
        ("\ufeff<p>Sécurité</p>".encode("utf-16-le"), "Sécurité"),
        ("<meta charset=iso-8859-1><p>Sécurité</p>".encode(), "Sécurité"),
        ("<meta charset=iso-8859-2><p>Łódź</p>".encode("iso-8859-2"), "Łódź"),
        ("<meta charset=nonsense><p>été</p>".encode("cp1252"), "été"),
        ("<meta charset=utf-7><p>été</p>".encode("cp1252"), "été"),
        ('<?xml version="1.0" encoding="x"?><html><p>été</p></html>'.encode(), "été"),
        (b"<p>ab\x00cd</p>", "abcd"),
    ],
)
def test_any_encoding_is_read(data: bytes, expected: str) -> None:
    assert read_html(data, name="x.html").text == expected


def test_a_page_that_only_forwards_is_refused() -> None:
    with pytest.raises(ReadError, match="forwards"):
        read("<p>Redirecting...</p>", head='<meta http-equiv=refresh content="0; url=/new/">')


ERROR_TITLES = [
    "Page not found",
    "404 – Seite nicht gefunden – Forum",
    "Page introuvable | Forum",
    "Deze pagina bestaat niet meer",
    "Pagina non trovata",
    "Página no encontrada",
    "Página não encontrada",
]


@pytest.mark.parametrize("title", ERROR_TITLES)
def test_a_page_that_says_there_is_none_is_refused(title: str) -> None:
    with pytest.raises(ReadError, match="not found"):
        read("<p>Search the site, or go to its start.</p>", head=f"<title>{title}</title>")
    with pytest.raises(ReadError, match="not found"):
        read(f"<main><h1>{title}</h1><p>Search the site.</p></main>", head="<title>Forum</title>")


def test_an_article_about_missing_pages_is_a_document() -> None:
    body = f"<main><h1>Page not found</h1><p>{'What a town can say there. ' * 40}</p></main>"

    assert read(body).title == "Page not found"
    assert read("<h1>Pages not found by visitors</h1><p>Some.</p>").text == "Some."


LOG_IN_FORM = "<form><input name=log><input type=password name=pwd></form>"


@pytest.mark.parametrize("title", ["Log In ‹ Forum — WordPress", "Anmelden", "Espace membres"])
def test_a_page_that_asks_who_reads_is_refused(title: str) -> None:
    with pytest.raises(ReadError, match="asks who reads"):
        read(f"<p>Members only.</p>{LOG_IN_FORM}", head=f"<title>{title}</title>")


def test_a_page_with_a_form_to_log_in_beside_its_text_is_a_document() -> None:
    page = f"<header>{LOG_IN_FORM}</header><main><h1>Lamps</h1><p>Five towns.</p></main>"

    assert read(page).text == "Five towns."
    assert read("<h1>Log in</h1><p>How members log in: by card.</p>").title == "Log in"


INTERNAL = "<link rel=canonical href='https://www.forum.example/lamps/'>"


@pytest.mark.parametrize(
    "aside",
    [
        "<h4>More on lamps</h4><ul><li><a href='/a'>Ath</a></li><li><a href='/b'>Huy</a></ul>",
        "<p><a href='https://forum.example/a/'>Lamps in Ath: what was done</a></p>",
        "<div class='c-article__sharing'><p>Tell others of it.</p></div>",
        "<div class='story__teaser-box'><a href='/a'>Ath</a> tried lamps.</div>",
        "<figure><img><figcaption>The square. Photo: Ann Peeters</figcaption></figure>",
        "<p>Foto: Ann Peeters</p>",
        "<figure><img src='/square.jpg'><figcaption>The mayor on the square</figcaption></figure>",
        "<p><a class='wp-block-button__link' href='#form'>Tell us more</a></p>",
        "<p>Schlagwörter:</p>",
        "<p>3 commentaires</p>",
    ],
)
def test_what_only_leads_elsewhere_is_no_content(aside: str) -> None:
    words = "<p>Five towns tried new lamps, and it worked.</p>" * 5

    extract = read(f"<div class='entry-content'>{words}{aside}{words}</div>", head=INTERNAL)

    assert extract.text == "\n\n".join(["Five towns tried new lamps, and it worked."] * 10)


@pytest.mark.parametrize(
    "content",
    [
        "<ul><li><a href='https://law.example/'>Law</a></li><li><a href='/g.pdf'>Guide</a></ul>",
        "<p><a href='/guide.pdf'>The guide</a></p>",
        "<p><a href='mailto:ann@forum.example'>ann@forum.example</a></p>",
        "<div class='layout--has-sidebar'><p>Words of the article.</p></div>",
        "<div class='teaser'>The introduction has no link.</div>",
        "<figure><img src='/thefts.png'><figcaption>Thefts by month</figcaption></figure>",
        "<figure><img src='/map.jpg'><figcaption>The 12 lamps of Ath</figcaption></figure>",
        "<p>Press <span class='button'>Join</span> at the gate.</p>",
        "<p><a class='button' href='/guide.pdf'>The guide</a></p>",
        "<table><tr><th>Town<th>Page<tr><td>Ath<td><a class='btn' href='/a'>Lamps</a></table>",
        "<h2>Call 02 123 45 67</h2>",
        "<h3>Government of Nunavut</h3>",
        "<h3>Contact</h3><p>Ann Peeters, 02 123 45 67</p>",
        "<h3>Topics</h3><p>Lamps and parks.</p>",
        "<p>See <a href='/a'>lamps in Ath</a>, where all of it began last year.</p>",
    ],
)
def test_what_leads_elsewhere_and_tells_something_stays(content: str) -> None:
    words = "<p>Five towns tried new lamps, and it worked.</p>" * 5

    extract = read(f"<div class='entry-content'>{words}{content}</div>", head=INTERNAL)

    assert len(extract.text) > len("\n\n".join(["Five towns tried new lamps, and it worked."] * 5))


def test_a_heading_with_nothing_below_it_is_no_end() -> None:
    assert text("<p>Lamps help.</p><h2>The plan</h2><img src='/plan.png'>") == "Lamps help."


def test_the_day_of_a_page_is_said_once() -> None:
    head = "<meta property='article:published_time' content='2024-05-03'>"
    line = "<p>Written on 3 May 2024, Ath</p>"
    event = "<p>Meeting: 12 June 2024, town hall</p>"

    extract = read(f"<article>{line}{event}<p>Come along.</p></article>", head=head)

    assert extract.text == "Meeting: 12 June 2024, town hall\n\nCome along."
    assert extract.published == date(2024, 5, 3)


def test_a_row_of_pictures_keeps_what_it_tells() -> None:
    steps = "".join(
        f"<figure><img><figcaption>Step {number}: saw the boards. Photo: Ann</figcaption></figure>"
        for number in range(5)
    )

    assert "Step 3: saw the boards." in text(f"<p>{'How it is made. ' * 40}</p>{steps}")


def test_too_much_html_is_refused() -> None:
    with pytest.raises(ReadError, match="larger than"):
        read_html(b"<p>" + b"a" * 5_000_000, name="x.html")
    with pytest.raises(ReadError, match="more than 60,000 tags"):
        read_html(b"<p>a</p>" * 30_001, name="x.html")


@given(
    st.binary(max_size=300)
    | st.lists(st.sampled_from(FRAGMENTS)).map(lambda parts: "text".join(parts).encode())
)
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        extract = read_html(data, name="x.html")
    except ReadError:
        return

    assert isinstance(extract.text, str)


@pytest.mark.parametrize("fragment", FRAGMENTS)
def test_hostile_repetition_neither_hangs_nor_overflows(fragment: str) -> None:
    extract = read_html((fragment * 20_000).encode(), name="x.html")

    assert isinstance(extract.text, str)


OLD, NEW = "https://forum.example/old/", "https://forum.example/new/"


@pytest.mark.parametrize(
    ("head", "content", "place"),
    [
        (f'<link rel="successor-version" href="{NEW}">', "", NEW),
        ('<link rel="successor-version" href="../new/">', "", "../new/"),
        (
            f'<link rel=canonical href="{OLD}"><link rel=successor-version href="../new/">',
            "",
            NEW,
        ),
        (f'<meta name="DCTERMS.isReplacedBy" content="{NEW}">', "", NEW),
        (
            "",
            f'<p>See <a rel="nofollow Successor-Version" href="{NEW}#top">the new one</a>.</p>',
            NEW,
        ),
        ("", f'<p>See <a href="{NEW}">the new one</a>.</p>', ""),
        ('<meta name="dcterms.isreplacedby" content="The guide of 2025">', "", ""),
        ('<link rel="successor-version" href="javascript:alert(1)">', "", ""),
    ],
)
def test_a_page_names_what_takes_its_place(head: str, content: str, place: str) -> None:
    assert read(f"<h1>Old</h1><p>Some text.</p>{content}", head=head).replaced_by == place


@pytest.mark.parametrize(
    ("turned", "shown"),
    [
        ("2a43444c456a465f444e044f524b475a464f", "info@lund.example"),
        ("2a44450a4b4e4e584f5959", "[email protected]"),
        ("zz", "[email protected]"),
    ],
)
def test_an_address_that_is_guarded_from_spam_is_read_as_people_see_it(
    turned: str, shown: str
) -> None:
    guarded = f"<a href='/x'><span data-cfemail='{turned}'>[email protected]</span></a>"

    assert text(f"<p>Write to {guarded} before May.</p>") == f"Write to {shown} before May."


def test_a_table_in_a_cell_is_part_of_the_cell_where_the_outer_one_has_heads() -> None:
    inner = "<table><tr><td>Day</td><td>9</td></tr><tr><td>Night</td><td>5</td></tr></table>"

    assert text(f"<table><tr><th>Town<th>Lamps<tr><td>Ath<td>{inner}</table>") == (
        "| Town | Lamps |\n| --- | --- |\n| Ath | Day: 9; Night: 5 |"
    )


@pytest.mark.parametrize(
    ("sign", "read_as"),
    [
        ("✓", "✓"),
        ("<span aria-hidden=true>✗</span>", "✗"),
        ("<img src=check.svg alt=Yes>", "Yes"),
        ("<i class='fa fa-check' aria-label='Included'></i>", "Included"),
        ("<svg role=img aria-label='Not included'><path/></svg>", "Not included"),
        ("<svg><title>Yes</title><path/></svg>", "Yes"),
        ("<i class=icon aria-hidden=true></i><span class=sr-only>No</span>", "No"),
        ("<span aria-hidden=true>✓</span><span class=sr-only>Yes</span>", "Yes"),
        ("<i class='fa fa-times' aria-hidden=true></i>", "✗"),
        ("<i class='icon-check'></i>", "✓"),
        ("<img src=a.jpg alt='IMG_2031.jpg'>", ""),
        ("<img src=a.jpg alt='Say that all of it is free of charge, whatever you are asked'>", ""),
        ("<span hidden><img alt=Yes></span>", ""),
        ("<img src=check.svg alt=Yes> from 9", "from 9"),
    ],
)
def test_a_sign_in_a_table_is_read_as_what_it_means(sign: str, read_as: str) -> None:
    table = f"<tr><th>Stall<th>Power<th>Water<tr><td>A<td>{sign}<td>2<tr><td>B<td>3<td>4"

    assert text(f"<table>{table}</table>") == (
        f"| Stall | Power | Water |\n| --- | --- | --- |\n| A | {read_as} | 2 |\n| B | 3 | 4 |"
    )


@pytest.mark.parametrize(
    ("formula", "read_as"),
    [
        ("<mi>A</mi><mo>=</mo><msup><mi>r</mi><mn>2</mn></msup>", "A = r^2"),
        (
            "<mfrac><mrow><mi>a</mi><mo>+</mo><mi>b</mi></mrow><mn>2</mn></mfrac><mtext> m</mtext>",
            "(a + b)/2m",
        ),
        ("<msqrt><msub><mi>x</mi><mn>1</mn></msub></msqrt>", "√(x_1)"),
        (
            "<semantics><mrow><mn>45</mn></mrow><annotation>\\text{45}</annotation></semantics>",
            "45",
        ),
        ("", "a half"),
    ],
)
def test_a_formula_is_read_in_its_line(formula: str, read_as: str) -> None:
    page = f"<p>It is <math alttext='a half'>{formula}</math> for all.</p>"

    assert text(page) == f"It is {read_as} for all."


def test_a_formula_that_is_never_closed_ends_where_a_paragraph_begins() -> None:
    page = "<h1>Fees</h1><p>A town pays 45 euros.</p><math><mi>x</mi><mtext><p>Others pay 60.</p>"

    assert text(f"{page}<p>Nobody pays more.</p>") == (
        "## Fees\n\nA town pays 45 euros.\n\nx\n\nOthers pay 60.\n\nNobody pays more."
    )


def test_a_table_by_its_roles_is_a_table() -> None:
    head = "<div role=row><b role=columnheader>Town</b><b role=columnheader>Lamps</b></div>"
    body = "<ul role=rowgroup><li role=row><b role=cell>Ath</b><b role=cell>9</b></li></ul>"
    made = f"<div role=table>{head}{body}</div>".replace("<b", "<span").replace("</b", "</span")

    assert text(made) == "| Town | Lamps |\n| --- | --- |\n| Ath | 9 |"


def test_lines_and_items_in_a_cell_stay_apart() -> None:
    page = """<article><h1>Desks</h1><p>Each town has a desk.</p><table>
      <tr><th>Town</th><th>Desk<br>and room</th><th>For</th></tr>
      <tr><td>Ath</td><td>Town hall<br/>Room 12</td><td><ul><li>fights</li><li>noise,
        <ol><li>at night</li></ol></li></ul></td></tr></table></article>"""

    assert read(page).text.endswith(
        "| Town | Desk and room | For |\n| --- | --- | --- |\n"
        "| Ath | Town hall; Room 12 | fights; noise, 1. at night |"
    )


def test_a_table_that_lays_out_an_article_is_read_as_an_article() -> None:
    page = """<main><table><tr><td><h2>Lamps</h2><p>Warm light helps.</p></td><td>Menu</td></tr>
      <tr><td><p>Ask first.</p></td><td></td></tr></table></main>"""

    assert read(page).text.startswith("## Lamps\n\nWarm light helps.")


@pytest.mark.parametrize(
    "name", ["recommendations-list", "our-contributors", "members", "disclosure-panel", "partners"]
)
def test_what_a_forum_is_about_stays_whatever_its_class_is_called(name: str) -> None:
    links = "".join(
        f'<li><a href="https://{town}.example/">{town}</a></li>' for town in ("Ath", "Mons")
    )
    box = f"<div class='{name}'><h2>Who</h2><ul>{links}</ul></div>"

    assert text(f"<p>{'Towns advise each other. ' * 9}</p>{box}").endswith(
        "## Who\n\n- Ath\n- Mons"
    )


LINKS = "<ul><li><a href='/a/'>Lamps in parks</a></li><li><a href='/b/'>Night buses</a></li></ul>"
PROSE = f"<p>{'Towns advise each other. ' * 9}</p>"


@pytest.mark.parametrize("label", ["Read more:", "Lire aussi :"])
def test_a_labelled_box_of_links_is_no_text(label: str) -> None:
    assert "Lamps in parks" not in text(f"{PROSE}<p>{label}</p>{LINKS}{PROSE}")


def test_links_that_a_sentence_leads_to_are_what_it_tells() -> None:
    sentence = "In 2021 the towns adopted these recommendations:"

    told = text(f"{PROSE}<p>{sentence}</p>{LINKS}{PROSE}")

    assert f"{sentence}\n\n- Lamps in parks\n- Night buses" in told
