"""The same real site by its feed, its sitemap and an export file."""

import re

from assistant.domain.corpus import Document
from tests.wordpress.server import HOME, RealSite
from tests.wordpress.small_forum import LIGHTING, TREASURER
from tests.wordpress.staff import Staff

Posts = dict[str, int]
_TYPED: dict[str, str | int | None] = {
    "“": '"',
    "”": '"',
    "‘": "'",
    "’": "'",
    "–": "-",
    "—": "-",
    "…": "...",
    "×": "x",
}


def as_typed(text: str) -> str:
    """Undo what WordPress sets in what it shows, but not in what it keeps."""
    return re.sub("-+", "-", text.translate(str.maketrans(_TYPED)))


def by_address(staff: Staff) -> dict[str, Document]:
    return {document.source.url: document for document in staff.documents().values()}


def test_the_sitemap_gives_what_the_rest_interface_gives_and_no_lists(
    published: Staff, site: RealSite, posts: Posts
) -> None:
    by_rest = by_address(published)
    published.list_source(name="pages", type="sitemap", url=f"{HOME}/wp-sitemap.xml")

    report = published.sync()

    assert report["failures"] == []
    assert "pages/index (lists other pages)" in report["skipped"]
    assert "pages/the-protected-post (asks for a password)" in report["skipped"]
    found = {page.source.url: page for page in pages(published)}
    assert {url: each.text for url, each in found.items()} == {
        url: each.text for url, each in by_rest.items()
    }
    # The same texts under other ids: their vectors are known, but for the post in French, which a
    # WordPress without translations calls English as it does every page.
    assert published.embedded_besides("un-point-daccueil-pour-les-victimes") == []

    site.update(posts["lighting"], post_password="open sesame")  # noqa: S106 - of a test
    report = published.sync()
    assert report["documents"]["removed"] == ["pages/a-charter-on-street-lighting"]


def pages(staff: Staff) -> list[Document]:
    return [document for document in staff.all_documents() if document.id.startswith("pages/")]


def test_the_feed_gives_the_newest_posts_and_none_that_is_closed(
    staff: Staff, site: RealSite, posts: Posts
) -> None:
    staff.list_source(type="feed", url=f"{HOME}/feed/")

    report = staff.sync()

    assert report["failures"] == []
    assert report["skipped"] == ["forum/the-protected-post (asks for a password)"]
    assert report["new"] == 4
    assert "in 2019" in staff.quotes(LIGHTING)
    assert "4711" not in staff.quotes(TREASURER)

    staff.sync()
    assert staff.embedder.embedded == []

    site.update(posts["lighting"], post_password="open sesame")  # noqa: S106 - of a test
    staff.sync()
    assert "2019" not in staff.quotes(LIGHTING)


def test_a_site_with_plain_addresses_is_read_all_the_same(staff: Staff, site: RealSite) -> None:
    site.do("option", name="permalink_structure", value="")
    site.do("flush")

    report = staff.sync()

    assert (report["new"], report["failures"]) == (5, [])
    [cited] = staff.ask(LIGHTING)["citations"]
    assert cited["url"].startswith(f"{HOME}/?p=")

    staff.list_source(name="pages", type="sitemap", url=f"{HOME}/?sitemap=index")
    report = staff.sync()
    assert (report["new"], report["failures"]) == (5, [])


def test_an_export_file_gives_what_the_rest_interface_gives(
    published: Staff, site: RealSite
) -> None:
    by_rest = published.documents()
    export = str(site.do("export"))

    documents = exported(published, export)

    assert set(documents) == set(by_rest)
    for name, each in by_rest.items():
        assert as_typed(documents[name].text) == as_typed(each.text)
        assert as_typed(documents[name].source.title) == as_typed(each.source.title)
        assert documents[name].source.url == each.source.url
        assert documents[name].source.published == each.source.published
        assert documents[name].source.language == each.source.language
        assert documents[name].source.kind == each.source.kind


def exported(staff: Staff, export: str) -> dict[str, Document]:
    """Sync with an export file in place of the site; return what is published then."""
    (staff.folder / "export.xml").write_text(export, encoding="utf-8")
    staff.list_source(type="wxr", path="export.xml")
    staff.sync()
    return staff.documents()
