"""Exports, feeds and pages of real sites are read; each set is used where it is to be had."""

import gzip
import html
import json
import re
import tarfile
from collections.abc import Iterator
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import pytest

from ingest.errors import ReadError
from ingest.fetching.errors import FetchError
from ingest.fetching.fetcher import Limits
from ingest.readers.html.content import find_content
from ingest.readers.html.reader import read_html
from ingest.readers.html.tree import parse
from ingest.sources.feed import items_of
from ingest.sources.fragments import read_fragment
from ingest.sources.wxr import read_export
from tests.ingest.fetching.site import HOME, Page, Site, serving
from tests.ingest.sources.running import Forum, a_source
from tests.ingest.sources.wordpress_site import WordPress

DAMAGED = {"malformed.xml", "malformed-simple.xml"}
WITHOUT_VERSION = {"missing-version-tag.xml"}


def a_set(eval_data: Path, *parts: str) -> Path:
    folder = eval_data.joinpath("wordpress", *parts)
    if not folder.exists():
        pytest.skip(f"FORUM_EVAL_DATA holds no {'/'.join(('wordpress', *parts))}")
    return folder


def unpacked(path: Path) -> bytes:
    data = path.read_bytes()
    return gzip.decompress(data) if path.suffix == ".gz" else data


# Exports.


def test_exports_of_wordpress_own_tests_are_read_or_refused_with_a_reason(
    eval_data: Path,
) -> None:
    read = refused = 0
    for path in sorted(a_set(eval_data, "wxr").rglob("*.xml.gz")):
        name = path.name.removesuffix(".gz")
        try:
            export = read_export(path)
        except ReadError:
            refused += 1
        else:
            assert name not in DAMAGED | WITHOUT_VERSION
            assert all(post.is_public for post in export.posts)
            read += 1

    assert read >= 30
    assert refused >= 4


def test_the_theme_test_export_is_read_as_wordpress_shows_it(
    eval_data: Path, tmp_path: Path
) -> None:
    path = a_set(eval_data, "wxr", "themeunittestdata.wordpress.xml.gz")
    forum = Forum(a_source(tmp_path, type="wxr", url=None, path=path), Site())

    crawl = forum.crawl()

    titles = {document.source.title for document in crawl.documents}
    texts = "\n".join(document.text for document in crawl.documents)
    assert {"Markup: HTML Tags and Formatting", "Page Markup And Formatting"} <= titles
    assert "Template: Password Protected (the password is “enter”)" not in titles
    assert not any("Draft" in title or "Scheduled" in title for title in titles)
    assert "[gallery" not in texts
    assert "[caption" not in texts
    assert "<!-- wp:paragraph" not in texts
    assert crawl.complete


# Feeds.


def archived(path: Path) -> Iterator[tuple[str, bytes]]:
    with tarfile.open(path) as archive:
        for member in archive:
            file = archive.extractfile(member) if member.isfile() else None
            if file and member.name.endswith(".xml"):
                yield member.name, file.read()


def test_no_feed_of_feedparsers_own_tests_is_a_crash(eval_data: Path) -> None:
    read = 0
    for name, data in archived(a_set(eval_data, "feeds", "feedparser-tests.tar.xz")):
        try:
            items = items_of(data, name)
        except FetchError:
            continue
        read += 1
        assert all("\n" not in item.title for item in items)

    assert read > 1_500


def test_a_real_feed_gives_whole_articles(eval_data: Path) -> None:
    path = a_set(eval_data, "feeds", "wordpress-org-news.xml.gz")

    items = items_of(unpacked(path), "https://wordpress.org/news/feed/")

    assert len(items) >= 10
    for item in items:
        text = read_fragment(item.content, title=item.title, name=item.link).text
        assert len(text) > 300
        assert not re.search(r"<[a-z]+[ >]", text)


# Whole sites.


def pages_of(folder: Path) -> dict[str, bytes]:
    """Return the pages of a saved site by their path."""
    found = {}
    for path in sorted(folder.rglob("index.html.gz")):
        parent = path.parent.relative_to(folder).as_posix()
        found["/" if parent == "." else f"/{parent}/"] = unpacked(path)
    return found


def test_a_saved_site_in_two_languages_is_read_by_its_sitemap(
    eval_data: Path, tmp_path: Path
) -> None:
    pages = pages_of(a_set(eval_data, "sites", "geo.ca"))
    here = {path: data.replace(b"https://geo.ca/", HOME.encode()) for path, data in pages.items()}
    entries = "".join(f"<url><loc>{HOME}{path[1:]}</loc></url>" for path in pages)
    site = Site()
    site.routes = {path: Page(data) for path, data in here.items()}
    site.routes["/sitemap.xml"] = Page(f"<urlset>{entries}</urlset>", "text/xml")
    with serving(site):
        forum = Forum(
            a_source(tmp_path, type="sitemap", url=f"{HOME}sitemap.xml"), site, limits=Limits()
        )
        crawl = forum.crawl()

    languages = [document.source.language for document in crawl.documents]
    linked = [document for document in crawl.documents if document.translations]
    assert len(crawl.documents) > 0.9 * len(pages)
    assert {"en", "fr"} <= set(languages)
    assert len(linked) > 0.8 * len(crawl.documents)


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


def agreement(one: str, other: str) -> float:
    """Return how much of the words of two texts is the same, in the same order."""
    return SequenceMatcher(None, words(one), words(other), autojunk=False).ratio()


def test_content_alone_gives_what_its_page_gives(eval_data: Path) -> None:
    scores = []
    for path, data in pages_of(a_set(eval_data, "sites", "geo.ca")).items():
        try:
            page = read_html(data, name=path)
        except ReadError:
            continue
        root = find_content(parse(data.decode("utf-8"))).root
        content = re.sub(r"\A<[^>]*>|</[^>]*>\Z", "", str(root))
        if len(words(page.text)) >= 30:
            fragment = read_fragment(content, title=page.title, name=path)
            scores.append(agreement(page.text, fragment.text))

    assert len(scores) > 30
    assert sum(scores) / len(scores) > 0.95


# REST answers.


def test_answers_of_wordpress_own_tests_are_read(
    site: Site, eval_data: Path, tmp_path: Path
) -> None:
    path = a_set(eval_data, "rest", "wp-core-mocked-responses.json.gz")
    saved = json.loads(unpacked(path).replace(b"http://example.org/", HOME.encode()))
    wordpress = WordPress(
        {"posts": saved["PostsCollection"], "pages": saved["PagesCollection"]},
        types=saved["TypesCollection"],
        categories=saved["CategoriesCollection"],
        plain_links=True,
    )
    forum = Forum(a_source(tmp_path), wordpress.at(site), tmp_path / "memory")

    crawl = forum.crawl()

    assert crawl.failures == ()
    assert crawl.complete
    read = {str(document.id) for document in crawl.documents}
    assert read | {each.partition(" ")[0] for each in crawl.skipped} == {
        "forum/post-4",
        "forum/page-7",
    }


def test_posts_of_a_real_site_are_read(site: Site, eval_data: Path, tmp_path: Path) -> None:
    folder = a_set(eval_data, "rest", "python-wp")
    posts: list[dict[str, Any]] = json.loads((folder / "posts.json").read_text(encoding="utf-8"))
    categories = json.loads((folder / "categories.json").read_text(encoding="utf-8"))
    for post in posts:
        post["link"] = re.sub(r"^https?://[^/]+/", HOME, post["link"])
    wordpress = WordPress({"posts": posts, "pages": []}, categories=categories)
    forum = Forum(a_source(tmp_path, attachments=False), wordpress.at(site), tmp_path / "memory")

    crawl = forum.crawl()

    assert crawl.failures == ()
    assert len(crawl.documents) + len(crawl.skipped) == len(posts)
    assert not any(re.search(r"<[a-z]+[ >]|&#?\w+;", document.text) for document in crawl.documents)


def test_attacks_on_wordpress_content_hide_nothing_and_break_nothing(eval_data: Path) -> None:
    data = unpacked(a_set(eval_data, "xssAttacks.xml.gz"))
    codes = re.findall(rb"<code>(.*?)</code>", data, re.DOTALL)
    assert len(codes) > 50
    forwarding = 0  # a page that only forwards is refused as such

    for code in codes:
        attack = html.unescape(code.decode("utf-8", errors="replace"))
        bare = attack.replace("<![CDATA[", "").replace("]]>", "")
        try:
            found = read_fragment(f"<p>Words before.</p>{bare}", title="x", name="x").text
        except ReadError:
            forwarding += 1
            continue
        assert "Words before." in found

    assert forwarding < 5
