"""A feed brings what is new, and never removes what is old."""

from datetime import date
from pathlib import Path

import pytest

from assistant.domain.corpus import Kind
from ingest.sources.feed import items_of
from tests.ingest.fetching.site import HOME, Page, Site
from tests.ingest.sources.running import Forum, a_source
from tests.ingest.sources.test_sitemap import a_page

SPACES = (
    'xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/"'
)


def encoded(markup: str) -> str:
    return f"<content:encoded><![CDATA[{markup}]]></content:encoded>"


WHOLE = encoded("<p>La ville a renouvelé ses <b>rues</b> en 2019.</p>")


def an_item(path: str = "a/", more: str = WHOLE, title: str = "Rues &amp;amp; places") -> str:
    date_ = "<pubDate>Tue, 15 Dec 2020 13:00:00 +0000</pubDate>"
    return f"<item><title>{title}</title><link>{HOME}{path}</link>{date_}{more}</item>"


def a_feed(*items: str, head: str = "<language>en-US</language>") -> Page:
    channel = f"<channel><title>x</title>{head}{''.join(items)}</channel>"
    body = f'<?xml version="1.0"?><rss version="2.0" {SPACES}>{channel}</rss>'
    return Page(body, "application/rss+xml")


def a_forum(site: Site, folder: Path) -> Forum:
    return Forum(a_source(folder, type="feed", url=f"{HOME}feed/"), site, folder / "memory")


def test_an_article_that_is_whole_in_the_feed_is_taken_from_there(
    site: Site, tmp_path: Path
) -> None:
    tags = "<category>Recommandations</category><dc:creator>Ann Example</dc:creator>"
    site.routes = {"/feed/": a_feed(an_item(more=WHOLE + tags))}
    forum = a_forum(site, tmp_path)

    crawl = forum.crawl()

    assert site.pages_asked == ["/feed/"]
    assert not crawl.complete
    document = forum.document("forum/a")
    assert document.text == "La ville a renouvelé ses rues en 2019."
    assert document.source.title == "Rues & places"
    assert document.source.url == f"{HOME}a/"
    assert document.source.published == date(2020, 12, 15)
    assert document.source.language == "fr"  # by the text, whatever the feed says of itself
    assert document.source.kind is Kind.RECOMMENDATION
    assert document.source.authors == ("Ann Example",)


@pytest.mark.parametrize(
    "more",
    [
        "<description>Only a summary of it.</description>",
        encoded("<p>It goes on […]</p>"),
        encoded("<p>It goes on… <a href='x'>Lire la suite</a></p>"),
        encoded(""),
    ],
)
def test_an_article_that_is_cut_off_is_read_from_its_page(
    site: Site, tmp_path: Path, more: str
) -> None:
    site.routes = {"/feed/": a_feed(an_item(more=more)), "/a/": a_page("lamps")}
    forum = a_forum(site, tmp_path)

    forum.crawl()

    assert forum.document("forum/a").text == "The town renewed its lamps in 2019."


def test_what_leaves_the_feed_stays_published(site: Site, tmp_path: Path) -> None:
    items = [an_item(f"{name}/", title=f"Rues {name}") for name in "abc"]
    site.routes = {"/feed/": a_feed(*items[:2])}
    forum = a_forum(site, tmp_path)
    forum.crawl()
    site.routes = {"/feed/": a_feed(*items[1:])}

    crawl = forum.crawl()

    assert [each for each, _ in crawl.unchanged] == ["forum/b"]
    assert forum.ids == ["forum/a", "forum/b", "forum/c"]


def test_atom_feeds_are_read_too(site: Site, tmp_path: Path) -> None:
    feed = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>x</title><entry><title>Lamps</title>'
        f'<link rel="alternate" href="{HOME}a"/><id>urn:1</id>'
        "<updated>2021-03-04T00:00:00Z</updated>"
        '<content type="html" xml:lang="nl">&lt;p&gt;OK 112&lt;/p&gt;</content></entry></feed>'
    )
    site.routes = {"/feed/": Page(feed, "application/atom+xml")}
    forum = a_forum(site, tmp_path)

    forum.crawl()

    assert forum.document("forum/a").source.published == date(2021, 3, 4)
    assert forum.document("forum/a").source.changed is None  # it says no other day


@pytest.mark.parametrize("text", [WHOLE, ""])
def test_an_entry_says_when_it_was_changed_after_it_appeared(
    site: Site, tmp_path: Path, text: str
) -> None:
    updated = '<updated xmlns="http://www.w3.org/2005/Atom">2026-01-12T10:00:00Z</updated>'
    site.routes = {"/a/": a_page("lamps")}
    site.routes["/feed/"] = a_feed(an_item(more=text + updated))
    forum = a_forum(site, tmp_path)

    forum.crawl()

    assert forum.document("forum/a").source.changed == date(2026, 1, 12)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("Mon, 01 Jan 2024 00:00:00 +0100", date(2024, 1, 1)),
        ("Sun, 31 Dec 2023 23:30:00 -0500", date(2023, 12, 31)),
        ("2024-01-01T00:30:00+02:00", date(2024, 1, 1)),
        ("2023-12-31T23:30:00Z", date(2023, 12, 31)),
        ("20240101", date(2024, 1, 1)),
        ("yesterday", None),
    ],
)
def test_a_day_is_that_of_the_site_and_not_of_greenwich(moment: str, day: date | None) -> None:
    item = an_item().replace("Tue, 15 Dec 2020 13:00:00 +0000", moment)

    assert items_of(str(a_feed(item).body).encode(), HOME)[0].published == day


def test_links_elsewhere_are_not_followed(site: Site, tmp_path: Path) -> None:
    summary = "<description>x</description>"
    hostile = [
        "https://evil.test/a",
        "http://169.254.169.254/",
        "file:///etc/passwd",
        "javascript:x",
        "",
    ]
    items = [an_item(more=summary).replace(f"{HOME}a/", link) for link in hostile]
    site.routes = {"/feed/": a_feed(*items, an_item("good/"))}
    forum = a_forum(site, tmp_path)

    crawl = forum.crawl()

    assert forum.ids == ["forum/good"]
    assert crawl.failures
    assert set(site.pages_asked) == {"/feed/"}


def test_a_feed_of_very_many_items_is_read_to_a_limit(site: Site, tmp_path: Path) -> None:
    items = [f"<item><link>{HOME}{number}</link></item>" for number in range(1_500)]
    site.routes = {"/feed/": a_feed(*items)}
    forum = a_forum(site, tmp_path)

    crawl = forum.crawl()

    assert len(crawl.failures) == 1_000  # no such pages


@pytest.mark.parametrize(
    ("page", "words"),
    [
        (Page("<html>Welcome</html>"), "give the address of the feed itself"),
        (Page("", "text/xml"), "is no feed"),
        (Page("/etc/passwd", "text/xml"), "is no feed"),
        (Page('<!DOCTYPE rss [<!ENTITY a "b">]><rss/>', "text/xml"), "DOCTYPE"),
        (Page('\n<?xml version="1.0"?><!-- x --> <!doctype rss><rss/>', "text/xml"), "DOCTYPE"),
        (
            Page('<?xml version="1.0" encoding="undefined"?><rss><channel/></rss>', "text/xml"),
            "is no feed",
        ),
        (Page(status=404), "does not exist"),
    ],
)
def test_what_is_no_feed_says_so(site: Site, tmp_path: Path, page: Page, words: str) -> None:
    site.routes = {"/feed/": page}

    crawl = a_forum(site, tmp_path).crawl()

    assert words in crawl.failures[0].reason
    assert crawl.documents == ()


@pytest.mark.parametrize(
    "broken", [b"&#x110000;", b"&#99999999999;", b"&#xD800;", b"&#11;", b"\x0b", b"\xc3"]
)
def test_one_broken_character_costs_only_itself(site: Site, tmp_path: Path, broken: bytes) -> None:
    page = a_feed(an_item("a/", title="Rues @ et places"), an_item("b/", title="Other"))
    body = str(page.body).encode().replace(b"@", broken)
    site.routes = {"/feed/": Page(body, page.content_type)}
    forum = a_forum(site, tmp_path)

    crawl = forum.crawl()

    assert crawl.failures == ()
    assert forum.ids == ["forum/a", "forum/b"]
    title = forum.document("forum/a").source.title
    assert title.replace("\ufffd ", "").split() == ["Rues", "et", "places"]


def test_an_empty_feed_changes_nothing(site: Site, tmp_path: Path) -> None:
    site.routes = {"/feed/": a_feed(an_item())}
    forum = a_forum(site, tmp_path)
    forum.crawl()
    site.routes = {"/feed/": a_feed()}

    crawl = forum.crawl()

    assert crawl.failures == ()
    assert forum.ids == ["forum/a"]
