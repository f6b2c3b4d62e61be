"""A site is read by its sitemap, within limits, whatever the sitemap says."""

import gzip
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from assistant.domain.corpus import Kind, Translation
from ingest.fetching.fetcher import Limits
from tests.ingest.fetching.site import HOME, SHORT, Page, Site
from tests.ingest.sources.running import Forum, a_source
from tests.pdfs import a_pdf

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
SPACES = (
    'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml"'
    ' xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"'
)


def a_sitemap(*urls: str) -> Page:
    """List addresses; one that begins with a tag stands as it is."""
    bodies = (url if url.startswith("<") else f"<loc>{url}</loc>" for url in urls)
    entries = "".join(f"<url>{body}</url>" for body in bodies)
    return Page(f"{HEAD}<urlset {SPACES}>{entries}</urlset>", "application/xml")


def an_index(*urls: str) -> Page:
    entries = "".join(f"<sitemap><loc>{url}</loc></sitemap>" for url in urls)
    return Page(f"{HEAD}<sitemapindex {SPACES}>{entries}</sitemapindex>", "text/xml")


def a_page(words: str, language: str = "en", head: str = "") -> Page:
    return Page(
        f'<html lang="{language}"><head><title>{words}</title>{head}</head><body><main>'
        f"<h1>{words}</h1><p>The town renewed its {words} in 2019.</p></main></body></html>",
        headers={"ETag": f'"{words}"'},
    )


def a_forum(site: Site, folder: Path, limits: Limits = SHORT) -> Forum:
    source = a_source(folder, type="sitemap", url=f"{HOME}sitemap.xml")
    return Forum(source, site, folder / "memory", limits=limits)


def loc(path: str, modified: str = "", more: str = "") -> str:
    return f"<loc>{HOME}{path}</loc><lastmod>{modified}</lastmod>{more}"


def test_every_page_of_every_part_is_read(site: Site, tmp_path: Path) -> None:
    packed = gzip.compress(str(a_sitemap(f"{HOME}c/").body).encode())
    site.routes = {
        "/sitemap.xml": an_index(f"{HOME}one.xml", f"{HOME}two.xml.gz"),
        "/one.xml": a_sitemap(f"{HOME}a/", f"{HOME}2021/b/?x=1"),
        "/two.xml.gz": Page(packed, "application/x-gzip"),
        "/a/": a_page("lamps"),
        "/2021/b/": a_page("roads"),
        "/c/": a_page("parks"),
    }
    forum = a_forum(site, tmp_path)

    crawl = forum.crawl()

    assert crawl.complete
    assert crawl.failures == ()
    assert forum.ids == ["forum/2021/b?x=1", "forum/a", "forum/c"]
    assert forum.document("forum/a").source.url == f"{HOME}a/"
    assert forum.document("forum/a").text == "The town renewed its lamps in 2019."


def test_a_page_that_left_the_sitemap_is_removed(site: Site, tmp_path: Path) -> None:
    site.routes = {"/a": a_page("lamps"), "/b": a_page("roads")}
    site.routes["/sitemap.xml"] = a_sitemap(f"{HOME}a", f"{HOME}b")
    forum = a_forum(site, tmp_path)
    forum.crawl()
    site.routes["/sitemap.xml"] = a_sitemap(f"{HOME}a")

    forum.crawl()

    assert forum.ids == ["forum/a"]


def test_a_page_whose_date_is_the_same_is_not_asked_for(site: Site, tmp_path: Path) -> None:
    yesterday = (datetime.now(UTC) - timedelta(days=1)).date().isoformat()
    site.routes = {
        "/sitemap.xml": a_sitemap(
            loc("exact", "2024-05-01T10:00:00+00:00"),
            loc("old-day", "2024-05-01"),
            loc("recent-day", yesterday),
            loc("none"),
            loc("odd", "last week"),
        ),
        **{f"/{each}": a_page(each) for each in ("exact", "old-day", "recent-day", "none", "odd")},
    }
    forum = a_forum(site, tmp_path)
    assert len(forum.crawl().documents) == 5

    again = forum.crawl()

    assert len(again.unchanged) == 5
    assert site.pages_asked == ["/sitemap.xml", "/recent-day", "/none", "/odd"]


def test_a_page_whose_date_changed_is_read_again(site: Site, tmp_path: Path) -> None:
    site.routes = {"/sitemap.xml": a_sitemap(loc("a", "2024-05-01T10:00Z")), "/a": a_page("lamps")}
    forum = a_forum(site, tmp_path)
    forum.crawl()
    site.routes = {"/sitemap.xml": a_sitemap(loc("a", "2024-05-02T10:00Z")), "/a": a_page("roads")}

    assert [document.id for document in forum.crawl().documents] == ["forum/a"]


PUBLISHED = "<meta property='article:published_time' content='2016-02-01'>"
MODIFIED = "<meta property='article:modified_time' content='2020-05-05'>"


def changes(forum: Forum, *names: str) -> list[date | None]:
    return [forum.document(f"forum/{name}").source.changed for name in names]


def test_a_page_was_changed_when_it_says_so_else_when_the_sitemap_says_so(
    site: Site, tmp_path: Path
) -> None:
    site.routes = {
        "/sitemap.xml": a_sitemap(loc("a", "2026-01-12"), loc("b", "2024-05-01T10:00Z"), loc("c")),
        "/a": a_page("lamps", head=PUBLISHED),
        "/b": a_page("roads", head=PUBLISHED + MODIFIED),
        "/c": a_page("parks", head=PUBLISHED),
    }
    forum = a_forum(site, tmp_path)

    forum.crawl()

    assert changes(forum, "a", "b", "c") == [date(2026, 1, 12), date(2020, 5, 5), None]


def test_a_day_that_all_pages_share_is_that_of_the_sitemap_and_no_change(
    site: Site, tmp_path: Path
) -> None:
    one, other = loc("a", "2026-01-12T10:00Z"), loc("b", "2026-01-12T10:01Z")
    site.routes = {"/a": a_page("lamps", head=PUBLISHED), "/b": a_page("roads", head=PUBLISHED)}
    site.routes["/sitemap.xml"] = a_sitemap(one, other)
    forum = a_forum(site, tmp_path)
    forum.crawl()
    assert changes(forum, "a", "b") == [None, None]

    site.routes["/sitemap.xml"] = a_sitemap(one, loc("b", "2026-02-01T10:01Z"))
    forum.crawl()

    assert changes(forum, "a", "b") == [date(2026, 1, 12), date(2026, 2, 1)]


def test_a_day_of_change_that_moved_is_noticed_though_the_page_is_the_same(
    site: Site, tmp_path: Path
) -> None:
    today, yesterday = (datetime.now(UTC).date() - timedelta(days=each) for each in (0, 1))
    site.routes = {"/a": a_page("lamps", head=PUBLISHED)}
    site.routes["/sitemap.xml"] = a_sitemap(loc("a", yesterday.isoformat()))
    forum = a_forum(site, tmp_path)
    forum.crawl()
    site.routes["/sitemap.xml"] = a_sitemap(loc("a", today.isoformat()))

    forum.crawl()

    assert changes(forum, "a") == [today]


def test_translations_come_from_the_page_else_from_the_sitemap(site: Site, tmp_path: Path) -> None:
    links = "".join(
        f'<xhtml:link rel="alternate" hreflang="{code}" href="{HOME}{path}"/>'
        for code, path in (("en", "a"), ("fr", "fr/a"), ("x-default", "a"))
    )
    said = f'<link rel="alternate" hreflang="de" href="{HOME}de/b">'
    site.routes = {
        "/sitemap.xml": a_sitemap(
            loc("a", more=links), loc("fr/a", more=links), loc("b", more=links)
        ),
        "/a": a_page("lamps"),
        "/fr/a": a_page("lampes", "fr"),
        "/b": a_page("roads", head=said),
    }
    forum = a_forum(site, tmp_path)

    forum.crawl()

    assert forum.document("forum/a").translations == (Translation("fr", f"{HOME}fr/a"),)
    assert forum.document("forum/fr/a").translations == (Translation("en", f"{HOME}a"),)
    assert forum.document("forum/b").translations == (Translation("de", f"{HOME}de/b"),)


def test_files_of_the_sitemap_are_publications(site: Site, tmp_path: Path) -> None:
    site.routes = {
        "/sitemap.xml": a_sitemap(f"{HOME}files/night-walks.pdf", f"{HOME}a.zip"),
        "/files/night-walks.pdf": Page(a_pdf("walk at night."), "application/octet-stream"),
        "/a.zip": Page(b"PK", "application/octet-stream"),
    }
    forum = a_forum(site, tmp_path)

    crawl = forum.crawl()

    document = forum.document("forum/files/night-walks.pdf")
    assert (document.source.kind, document.source.title) == (Kind.PUBLICATION, "Night walks")
    assert [failure.name for failure in crawl.failures] == ["forum/a.zip"]


def test_an_address_that_the_page_claims_elsewhere_is_not_believed(
    site: Site, tmp_path: Path
) -> None:
    claims = {"/a": "https://evil.test/a", "/b": f"{HOME}canonical-b", "/c": "javascript:x"}
    site.routes = {
        path: a_page(path, head=f'<link rel="canonical" href="{href}">')
        for path, href in claims.items()
    }
    site.routes["/sitemap.xml"] = a_sitemap(*(f"{HOME}{path[1:]}" for path in claims))
    forum = a_forum(site, tmp_path)

    forum.crawl()

    urls = [forum.document(f"forum{path}").source.url for path in claims]
    assert urls == [f"{HOME}a", f"{HOME}canonical-b", f"{HOME}c"]


# Sitemaps and pages that are bad.


def test_one_bad_page_fails_alone_and_keeps_what_is_published(site: Site, tmp_path: Path) -> None:
    site.routes = {f"/{name}": a_page(name) for name in "abcdef"}
    site.routes["/sitemap.xml"] = a_sitemap(*(f"{HOME}{name}" for name in "abcdef"))
    forum = a_forum(site, tmp_path)
    forum.crawl()
    site.routes |= {
        "/a": Page(status=500),
        "/b": Page(status=404),
        "/c": Page("hello", "image/png"),
        "/d": Page("<p> </p>"),
        "/e": Page(status=410),
    }

    crawl = forum.crawl()

    assert crawl.complete
    assert {failure.name for failure in crawl.failures} == {
        "forum/a", "forum/b", "forum/c", "forum/d", f"{HOME}e",
    }  # fmt: skip
    assert forum.ids == ["forum/a", "forum/b", "forum/c", "forum/d", "forum/f"]


def test_a_part_that_fails_removes_nothing(site: Site, tmp_path: Path) -> None:
    site.routes = {
        "/sitemap.xml": an_index(f"{HOME}one.xml", f"{HOME}two.xml"),
        "/one.xml": a_sitemap(f"{HOME}a"),
        "/two.xml": a_sitemap(f"{HOME}b"),
        "/a": a_page("lamps"),
        "/b": a_page("roads"),
    }
    forum = a_forum(site, tmp_path)
    forum.crawl()
    site.routes["/two.xml"] = Page(status=500)

    crawl = forum.crawl()

    assert not crawl.complete
    assert forum.ids == ["forum/a", "forum/b"]


def test_a_sitemap_that_lists_itself_is_read_once(site: Site, tmp_path: Path) -> None:
    site.routes = {
        "/sitemap.xml": an_index(f"{HOME}sitemap.xml", f"{HOME}sitemap.xml#1", f"{HOME}one.xml"),
        "/one.xml": an_index(f"{HOME}one.xml", f"{HOME}sitemap.xml"),
    }

    crawl = a_forum(site, tmp_path).crawl()

    assert site.pages_asked == ["/sitemap.xml", "/one.xml"]
    assert crawl.documents == ()


def test_parts_are_followed_only_so_deep(site: Site, tmp_path: Path) -> None:
    site.routes = {
        "/sitemap.xml": an_index(f"{HOME}1.xml"),
        "/1.xml": an_index(f"{HOME}2.xml"),
        "/2.xml": an_index(f"{HOME}3.xml"),
        "/3.xml": a_sitemap(f"{HOME}a"),
    }

    crawl = a_forum(site, tmp_path).crawl()

    assert site.pages_asked == ["/sitemap.xml", "/1.xml", "/2.xml"]
    assert not crawl.complete
    assert "nested deeper than 2" in crawl.failures[0].reason


def test_pages_elsewhere_are_counted_and_not_fetched(site: Site, tmp_path: Path) -> None:
    site.routes = {
        "/sitemap.xml": a_sitemap("https://evil.test/a", "https://evil.test/b", f"{HOME}a"),
        "/a": a_page("lamps"),
    }
    forum = a_forum(site, tmp_path)

    crawl = forum.crawl()

    assert [(failure.name, failure.reason) for failure in crawl.failures] == [
        ("forum: 2 addresses", "is on evil.test, which is not listed; add it to hosts")
    ]
    assert forum.ids == ["forum/a"]


def test_a_site_too_large_for_one_run_is_read_in_several(site: Site, tmp_path: Path) -> None:
    names = [f"p{number}" for number in range(10)]
    site.routes = {f"/{name}": a_page(name) for name in names}
    site.routes["/sitemap.xml"] = a_sitemap(*(f"{HOME}{name}" for name in names))
    forum = a_forum(site, tmp_path, limits=Limits(urls=6))

    published = []
    for _ in range(3):
        forum.crawl()
        published.append(len(forum.ids))

    assert published == [4, 8, 10]


@pytest.mark.parametrize(
    ("page", "words"),
    [
        (Page("<html>Welcome</html>"), "give the address of the sitemap itself"),
        (Page("", "application/xml"), "is damaged, or no XML"),
        (Page("<urlset><url><loc>x", "application/xml"), "is damaged, or no XML"),
        (Page("<rss><channel/></rss>", "application/xml"), "no sitemap, but XML of another"),
        (Page(b"\x1f\x8bnonsense", "application/gzip"), "is damaged"),
        (Page(gzip.compress(bytes(60_000_000)), "application/gzip"), "too large"),
        (Page(status=404), "does not exist"),
        (
            Page('<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><urlset>&b;</urlset>',
                 "application/xml"),
            "DOCTYPE",
        ),
        (
            Page(
                '<!DOCTYPE a SYSTEM "http://evil.test/x.dtd"><urlset/>'.encode("utf-16"),
                "application/xml",
            ),
            "DOCTYPE",
        ),
        (Page("<urlset>" + "<a>" * 60_000, "application/xml"), "is damaged"),
    ],
)  # fmt: skip
def test_what_is_no_sitemap_says_so_and_removes_nothing(
    site: Site, tmp_path: Path, page: Page, words: str
) -> None:
    site.routes = {"/sitemap.xml": a_sitemap(f"{HOME}a"), "/a": a_page("lamps")}
    forum = a_forum(site, tmp_path)
    forum.crawl()
    site.routes["/sitemap.xml"] = page

    crawl = forum.crawl()

    assert words in crawl.failures[0].reason
    assert not crawl.complete
    assert forum.ids == ["forum/a"]


def test_more_pages_than_a_sitemap_may_list_are_not_taken(site: Site, tmp_path: Path) -> None:
    def many(urls: Sequence[str]) -> bytes:
        return gzip.compress(str(a_sitemap(*urls).body).encode())

    page = Page(many([f"{HOME}{number}" for number in range(50_001)]), "application/gzip")
    site.routes = {"/sitemap.xml": page}

    crawl = a_forum(site, tmp_path, limits=Limits(urls=5)).crawl()

    assert "more than 50000 pages" in crawl.failures[0].reason


def test_pictures_of_a_page_are_no_pages(site: Site, tmp_path: Path) -> None:
    picture = f"<image:image><image:loc>{HOME}a.png</image:loc></image:image>"
    site.routes = {"/sitemap.xml": a_sitemap(loc("a", more=picture)), "/a": a_page("lamps")}

    a_forum(site, tmp_path).crawl()

    assert site.pages_asked == ["/sitemap.xml", "/a"]


def test_a_page_under_several_addresses_is_one_document(site: Site, tmp_path: Path) -> None:
    again = ("lamp/?utm_source=mail", "lamp/?fbclid=abc", "index.php/lamp/", "lamp")
    site.routes = {
        "/sitemap.xml": a_sitemap(*(f"{HOME}{path}" for path in (*again, "lamp/"))),
        "/lamp": a_page("lamps"),
        "/lamp/": a_page("lamps"),
        "/index.php/lamp/": a_page("lamps"),
    }
    forum = a_forum(site, tmp_path)

    crawl = forum.crawl()

    assert forum.ids == ["forum/lamp"]
    assert forum.document("forum/lamp").source.url == f"{HOME}lamp"
    assert len([path for path in site.asked if "lamp" in path]) == 1
    assert crawl.failures == ()


def test_an_address_that_leads_to_another_of_the_list_is_no_document(
    site: Site, tmp_path: Path
) -> None:
    site.routes = {
        "/sitemap.xml": a_sitemap(f"{HOME}old/", f"{HOME}new/", f"{HOME}gone/"),
        "/old/": Page(status=301, headers={"Location": f"{HOME}new/"}),
        "/gone/": Page(status=301, headers={"Location": f"{HOME}elsewhere/"}),
        "/new/": a_page("lamps"),
        "/elsewhere/": a_page("parks"),
    }
    forum = a_forum(site, tmp_path)

    crawl = forum.crawl()

    assert forum.ids == ["forum/gone", "forum/new"]
    assert forum.document("forum/gone").source.url == f"{HOME}elsewhere/"
    assert crawl.skipped == ("forum/old (leads to forum/new)",)


def test_a_page_that_says_it_is_another_of_the_list_is_no_document(
    site: Site, tmp_path: Path
) -> None:
    def canonical(path: str) -> str:
        return f'<link rel="canonical" href="{HOME}{path}">'

    site.routes = {
        "/sitemap.xml": a_sitemap(
            *(f"{HOME}{path}" for path in ("", "lamp/", "print/lamp/", "b/"))
        ),
        "/": a_page("forum"),
        "/lamp/": a_page("lamps", head=canonical("lamp/")),
        "/print/lamp/": a_page("lamps", head=canonical("lamp/")),
        "/b/": a_page("roads", head=canonical("")),
    }
    forum = a_forum(site, tmp_path)

    crawl = forum.crawl()

    assert forum.ids == ["forum/b", "forum/index", "forum/lamp"]
    assert crawl.skipped == ("forum/print/lamp (says that it is forum/lamp)",)


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        (a_page("lamps", head='<meta name="robots" content="noindex, follow">'), "noindex"),
        (a_page("lamps", head="<meta content='none' name=robots>"), "noindex"),
    ],
)
def test_a_page_that_asks_not_to_be_found_is_no_document(
    site: Site, tmp_path: Path, page: Page, reason: str
) -> None:
    site.routes = {"/sitemap.xml": a_sitemap(f"{HOME}a/", f"{HOME}b/"), "/a/": page}
    site.routes["/b/"] = a_page("roads", head='<meta name="robots" content="index, follow">')
    forum = a_forum(site, tmp_path)

    crawl = forum.crawl()

    assert forum.ids == ["forum/b"]
    (skipped,) = crawl.skipped
    assert skipped.startswith("forum/a (")
    assert reason in skipped


@pytest.mark.parametrize(
    "body",
    [
        "<h1>Seite nicht gefunden</h1><p>Bitte nutzen Sie die Suche.</p>",
        "<h1>Log in</h1><form><p>Who are you?</p><input type=password name=p></form>",
    ],
)
def test_a_page_that_is_missing_or_asks_who_reads_is_told_of(
    site: Site, tmp_path: Path, body: str
) -> None:
    site.routes = {
        "/sitemap.xml": a_sitemap(f"{HOME}a/", f"{HOME}b/"),
        "/a/": Page(f"<html><head><title>x</title></head><body><main>{body}</main></body></html>"),
        "/b/": a_page("roads"),
    }
    forum = a_forum(site, tmp_path)

    crawl = forum.crawl()

    assert forum.ids == ["forum/b"]
    assert [failure.name for failure in crawl.failures] == ["forum/a"]


def test_a_text_that_stands_in_several_places_is_one_document(site: Site, tmp_path: Path) -> None:
    site.routes = {
        "/sitemap.xml": a_sitemap(f"{HOME}archive/2019/lamps/", f"{HOME}lamps/", f"{HOME}roads/"),
        "/archive/2019/lamps/": a_page("lamps"),
        "/lamps/": a_page("lamps"),
        "/roads/": a_page("roads"),
    }
    forum = a_forum(site, tmp_path)

    crawls = [forum.crawl() for _ in range(2)]

    assert forum.ids == ["forum/lamps", "forum/roads"]
    assert [crawl.skipped for crawl in crawls] == [
        ("forum/archive/2019/lamps (the same text as forum/lamps)",)
    ] * 2
