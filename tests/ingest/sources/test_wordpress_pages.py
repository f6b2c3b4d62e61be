"""What WordPress shows in place of an article is no document: lists, and forms for a password."""

from pathlib import Path

import pytest

from tests.ingest.fetching.site import HOME, Page, Site
from tests.ingest.sources.test_feed import a_feed, an_item, encoded
from tests.ingest.sources.test_feed import a_forum as feed_forum
from tests.ingest.sources.test_sitemap import a_forum, a_page, a_sitemap, an_index

THE_FORM = (
    '<form action="/wp-login.php?action=postpass" class="post-password-form" method="post"><p>This'
    ' content is password protected.</p><label for="pwbox-7">Password: <input name="post_password"'
    ' id="pwbox-7" type="password"></label></form>'
)


def a_wordpress_page(classes: str, content: str = "") -> Page:
    return Page(
        "<html><head><link rel='stylesheet' href='/wp-includes/a.css'></head>"
        f'<body data-a="1" class="{classes}"><main><h1>Light</h1><p>The town renewed its lamps in'
        f" 2019.</p>{content}</main></body></html>"
    )


@pytest.mark.parametrize(
    ("classes", "documents"),
    [
        ("home blog wp-embed-responsive", []),
        ("archive category category-light", []),
        ("archive author", []),
        ("archive post-type-archive", []),
        ("search search-results", []),
        ("home page page-id-3", ["forum/a"]),
        ("post-template-default single single-post postid-4 archive", ["forum/a"]),
        ("blog-layout", ["forum/a"]),
        ("", ["forum/a"]),
    ],
)
def test_what_only_lists_pages_of_a_wordpress_is_no_document(
    site: Site, tmp_path: Path, classes: str, documents: list[str]
) -> None:
    site.routes = {"/sitemap.xml": a_sitemap(f"{HOME}a"), "/a": a_wordpress_page(classes)}
    forum = a_forum(site, tmp_path)

    crawl = forum.crawl()

    assert forum.ids == documents
    assert crawl.skipped == (() if documents else ("forum/a (lists other pages)",))


def test_a_page_of_another_system_is_read_whatever_its_classes(site: Site, tmp_path: Path) -> None:
    page = Page("<body class='archive'><h1>Light</h1><p>Lamps were renewed in 2019.</p></body>")
    site.routes = {"/sitemap.xml": a_sitemap(f"{HOME}a"), "/a": page}
    forum = a_forum(site, tmp_path)

    forum.crawl()

    assert forum.ids == ["forum/a"]


def test_parts_that_list_categories_tags_and_authors_are_not_asked_for(
    site: Site, tmp_path: Path
) -> None:
    lists = [
        "wp-sitemap-taxonomies-category-1.xml",
        "wp-sitemap-users-2.xml",
        "post_tag-sitemap.xml",
        "author-sitemap1.xml",
    ]
    site.routes = {
        "/sitemap.xml": an_index(*(f"{HOME}{each}" for each in lists), f"{HOME}page-sitemap.xml"),
        "/page-sitemap.xml": a_sitemap(f"{HOME}a"),
        "/a": a_page("lamps"),
    }
    forum = a_forum(site, tmp_path)

    crawl = forum.crawl()

    assert crawl.complete
    assert forum.ids == ["forum/a"]
    assert site.pages_asked == ["/sitemap.xml", "/page-sitemap.xml", "/a"]
    assert len(crawl.skipped) == len(lists)


@pytest.mark.parametrize("classes", ["single postid-7", "page page-id-7", ""])
def test_a_page_that_asks_for_a_password_is_removed(
    site: Site, tmp_path: Path, classes: str
) -> None:
    site.routes = {"/sitemap.xml": a_sitemap(f"{HOME}a"), "/a": a_wordpress_page(classes)}
    forum = a_forum(site, tmp_path)
    forum.crawl()
    site.routes["/a"] = a_wordpress_page(classes, THE_FORM)

    crawl = forum.crawl()

    assert forum.ids == []
    assert crawl.skipped == ("forum/a (asks for a password)",)


def test_a_page_that_shows_another_protected_one_is_read(site: Site, tmp_path: Path) -> None:
    page = a_wordpress_page("page page-id-8", THE_FORM)
    site.routes = {"/sitemap.xml": a_sitemap(f"{HOME}a"), "/a": page}
    forum = a_forum(site, tmp_path)

    forum.crawl()

    assert forum.ids == ["forum/a"]


def test_an_article_of_a_feed_that_asks_for_a_password_is_not_taken(
    site: Site, tmp_path: Path
) -> None:
    site.routes = {"/feed/": a_feed(an_item("a/"), an_item("b/", encoded(THE_FORM)))}
    forum = feed_forum(site, tmp_path)

    crawl = forum.crawl()

    assert forum.ids == ["forum/a"]
    assert crawl.skipped == ("forum/b (asks for a password)",)


def test_an_article_of_a_feed_that_gets_a_password_loses_its_text(
    site: Site, tmp_path: Path
) -> None:
    site.routes = {"/feed/": a_feed(an_item("a/"))}
    forum = feed_forum(site, tmp_path)
    forum.crawl()
    site.routes = {"/feed/": a_feed(an_item("a/", encoded(THE_FORM)))}

    forum.crawl()

    assert "2019" not in forum.document("forum/a").text
