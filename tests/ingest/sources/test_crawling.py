"""Every source is read by the same door, and tried before it is read."""

from pathlib import Path

from ingest.sources import crawling
from tests.ingest.fetching.site import HOME, Page, Site
from tests.ingest.sources.running import Forum, a_source
from tests.ingest.sources.test_feed import a_feed, an_item
from tests.ingest.sources.test_sitemap import a_sitemap, loc
from tests.ingest.sources.test_wordpress import HOME_OF_TWO
from tests.ingest.sources.test_wxr import an_export
from tests.ingest.sources.test_wxr import an_item as an_exported_item
from tests.ingest.sources.wordpress_site import WordPress, a_post


def trial(site: Site, folder: Path, **settings: object) -> crawling.Trial:
    forum = Forum(a_source(folder, **settings), site)
    return crawling.test(forum.source, forum.access)


def test_a_folder_is_read_as_a_folder(site: Site, tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "lamps.txt").write_text("Lamps\n\nThe town renewed its lamps.", encoding="utf-8")
    forum = Forum(a_source(tmp_path, type="folder", url=None, path="files"), site)

    assert forum.crawl().origin == str(folder)
    assert forum.ids == ["lamps.txt"]
    assert forum.crawl().unchanged[0][0] == "lamps.txt"
    assert crawling.test(forum.source, forum.access).found[0] == ("files", 1)


def test_a_folder_that_is_gone_removes_nothing(site: Site, tmp_path: Path) -> None:
    forum = Forum(a_source(tmp_path, type="folder", url=None, path="files"), site)

    crawl = forum.crawl()

    assert not crawl.complete
    assert "give the path of an existing folder" in crawl.failures[0].reason
    assert not crawling.test(forum.source, forum.access).works


def test_a_trial_counts_what_a_wordpress_site_has(site: Site, tmp_path: Path) -> None:
    posts = list(map(a_post, range(1, 8)))
    WordPress({"posts": posts, "pages": [a_post(9)]}, home=HOME_OF_TWO).at(site)

    found = trial(site, tmp_path)

    assert found.works
    assert found.found == (("posts", 7), ("pages", 1))
    assert found.languages == ("en", "fr")
    assert not any("include" in path for path in site.asked)


def test_a_trial_counts_a_feed_a_sitemap_and_an_export(site: Site, tmp_path: Path) -> None:
    site.routes = {
        "/feed/": a_feed(an_item("a"), an_item("b")),
        "/sitemap.xml": a_sitemap(loc("a"), "https://evil.test/"),
    }
    (tmp_path / "export.xml").write_text(an_export(an_exported_item(1)), encoding="utf-8")

    feed = trial(site, tmp_path, type="feed", url=f"{HOME}feed/")
    sitemap = trial(site, tmp_path, type="sitemap", url=f"{HOME}sitemap.xml")
    export = trial(site, tmp_path, type="wxr", url=None, path="export.xml")

    assert (feed.found, feed.languages) == ((("articles", 2),), ("en",))
    assert sitemap.found == (("pages", 1),)
    assert export.found == (("post", 1),)


def test_a_trial_says_why_a_source_cannot_be_read(site: Site, tmp_path: Path) -> None:
    site.routes = {"/feed/": Page(status=403), "/sitemap.xml": a_sitemap()}

    assert (
        "is forbidden to this program"
        in trial(site, tmp_path, type="feed", url=f"{HOME}feed/").reason
    )
    assert "no REST interface" in trial(site, tmp_path).reason
    assert "holds nothing" in trial(site, tmp_path, type="sitemap", url=f"{HOME}sitemap.xml").reason


def test_a_name_that_leads_to_this_machine_is_refused(site: Site, tmp_path: Path) -> None:
    site.addresses = ("127.0.0.1",)

    found = trial(site, tmp_path)

    assert "leads to an address not allowed" in found.reason
    assert site.dialled == []


def test_an_intranet_is_read_where_it_is_allowed(site: Site, tmp_path: Path) -> None:
    WordPress({"posts": [a_post(1)], "pages": []}).at(site)
    site.addresses = ("10.1.2.3",)

    assert "set private_network" in trial(site, tmp_path).reason
    assert trial(site, tmp_path, private_network=True).works
