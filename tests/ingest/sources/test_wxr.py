"""A WordPress export file is read whole, or refused with a reason."""

import gzip
from pathlib import Path

import pytest

from assistant.domain.corpus import Kind, Translation
from tests.ingest.fetching.site import Site
from tests.ingest.sources.running import Forum, a_source

LOCKED = "x"
SPACES = (
    'xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    ' xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"'
    ' xmlns:wp="http://wordpress.org/export/1.2/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
)


def an_item(number: int, more: str = "", content: str = "Hello there.", **parts: str) -> str:
    known = {
        "post_id": str(number),
        "post_type": "post",
        "post_date": "2021-02-01 09:00:00",
        "status": "publish",
        "post_password": "",
        **parts,
    }
    body = "".join(f"<wp:{name}><![CDATA[{text}]]></wp:{name}>" for name, text in known.items())
    return (
        f"<item><title><![CDATA[Post &amp; {number}]]></title>"
        f"<link>https://forum.test/{number}</link>{body}{more}"
        f"<excerpt:encoded><![CDATA[An excerpt.]]></excerpt:encoded>"
        f"<content:encoded><![CDATA[{content}]]></content:encoded></item>"
    )


def an_export(*items: str, version: str = "<wp:wxr_version>1.2</wp:wxr_version>") -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" {SPACES}>'
        f"<channel><title>x</title>{version}{''.join(items)}</channel></rss>"
    )


def a_forum(folder: Path, text: str | bytes, **settings: object) -> Forum:
    path = folder / "export.xml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return Forum(a_source(folder, type="wxr", url=None, path=path.name, **settings), Site())


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_posts_are_read_whether_packed_or_not(tmp_path: Path, pack: type[bytes]) -> None:
    category = '<category domain="category" nicename="avis"><![CDATA[Recommandations]]></category>'
    forum = a_forum(tmp_path, pack(an_export(an_item(7, category)).encode()))

    crawl = forum.crawl()

    assert crawl.complete
    assert crawl.failures == ()
    document = forum.document("forum/post-7")
    assert document.source.title == "Post & 7"
    assert document.source.url == "https://forum.test/7"
    assert str(document.source.published) == "2021-02-01"
    assert document.source.kind is Kind.RECOMMENDATION
    assert document.text == "Hello there."


@pytest.mark.parametrize(
    ("modified", "changed"),
    [
        ({"post_modified": "2026-01-12 10:00:00"}, "2026-01-12"),
        ({"post_modified": "2021-02-01 17:00:00"}, "None"),
        ({"post_modified": "0000-00-00 00:00:00"}, "None"),
        ({}, "None"),
    ],
)
def test_a_post_says_when_it_was_changed_after_it_appeared(
    tmp_path: Path, modified: dict[str, str], changed: str
) -> None:
    forum = a_forum(tmp_path, an_export(an_item(7, **modified)))

    forum.crawl()

    assert str(forum.document("forum/post-7").source.changed) == changed


def test_another_day_of_change_is_noticed_though_the_text_is_the_same(tmp_path: Path) -> None:
    forum = a_forum(tmp_path, an_export(an_item(7)))
    forum.crawl()
    a_forum(tmp_path, an_export(an_item(7, post_modified="2026-01-12 10:00:00")))

    forum.crawl()

    assert str(forum.document("forum/post-7").source.changed) == "2026-01-12"


def test_authors_are_called_as_the_site_calls_them(tmp_path: Path) -> None:
    people = "".join(
        f"<wp:author><wp:author_login>{login}</wp:author_login>"
        f"<wp:author_display_name>{name}</wp:author_display_name></wp:author>"
        for login, name in (("ann7", "Ann Example"), ("admin", "admin"))
    )
    items = (
        an_item(each, f"<author>x</author><dc:creator>{login}</dc:creator>")
        for each, login in enumerate(("ann7", "admin", "gone"), start=1)
    )
    forum = a_forum(tmp_path, an_export(people, *items))

    assert forum.crawl().failures == ()

    found = [forum.document(f"forum/post-{each}").source.authors for each in (1, 2, 3)]
    assert found == [("Ann Example",), (), ()]


def test_text_as_writers_type_it_keeps_its_paragraphs(tmp_path: Path) -> None:
    content = (
        "First line\nsame paragraph.\n\nSecond <b>bold</b>\r\n\r\n[caption id='a' width='9']Third"
        "[/caption]\n\n<ul>\n<li>one</li>\n\n<li>two</li>\n</ul>\nLast.\n<pre>a\n\nb</pre>"
    )
    forum = a_forum(tmp_path, an_export(an_item(1, content=content)))

    forum.crawl()

    assert forum.document("forum/post-1").text == (
        "First line same paragraph.\n\nSecond bold\n\nThird\n\n- one\n- two\n\nLast.\n\na\n\nb"
    )


def test_a_tag_among_typed_paragraphs_does_not_join_them(tmp_path: Path) -> None:
    content = (
        "First.\n\nSecond.\n<p style='text-align: left'>Third,\nlong.</p>\n\nFourth<br>line.\n\n"
        "Last."
    )
    forum = a_forum(tmp_path, an_export(an_item(1, content=content)))

    forum.crawl()

    assert forum.document("forum/post-1").text == (
        "First.\n\nSecond.\n\nThird, long.\n\nFourth line.\n\nLast."
    )


def test_the_words_below_a_picture_are_a_paragraph_wherever_they_are_kept(tmp_path: Path) -> None:
    content = (
        'Before.\n[caption id="a" width="9"]<img src="/a.jpg"> A lamp.[/caption]\nBetween.'
        '[caption id="b" caption="A lane."]<img src="/b.jpg">[/caption]'
    )
    forum = a_forum(tmp_path, an_export(an_item(1, content=content)))

    forum.crawl()

    assert forum.document("forum/post-1").text == "Before.\n\nA lamp.\n\nBetween.\n\nA lane."


def test_blocks_stay_as_they_are(tmp_path: Path) -> None:
    content = (
        "<!-- wp:paragraph -->\n<p>One.</p>\n<!-- /wp:paragraph -->\n\n"
        "<!-- wp:list --><ul><li>a</li></ul><!-- /wp:list -->"
    )
    forum = a_forum(tmp_path, an_export(an_item(1, content=content)))

    forum.crawl()

    assert forum.document("forum/post-1").text == "One.\n\n- a"


def test_only_what_the_public_may_read_is_read(tmp_path: Path) -> None:
    forum = a_forum(
        tmp_path,
        an_export(
            an_item(1),
            an_item(2, status="draft"),
            an_item(3, status="private"),
            an_item(4, post_password=LOCKED),
            an_item(5, post_type="nav_menu_item"),
            an_item(6, post_type="wp_template"),
            an_item(7, post_type="attachment", attachment_url="https://forum.test/a.pdf"),
            an_item(8, post_type="page"),
            an_item(9, content=" "),
            "<wp:comment><wp:comment_content>Nice!</wp:comment_content></wp:comment>",
        ),
    )

    crawl = forum.crawl()

    assert forum.ids == ["forum/page-8", "forum/post-1"]
    assert crawl.skipped == ("https://forum.test/a.pdf", "forum/post-9 (holds no text)")
    assert forum.document("forum/page-8").source.kind is Kind.PAGE


def test_translations_of_polylang_are_linked(tmp_path: Path) -> None:
    def terms(language: str) -> str:
        return (
            f'<category domain="language" nicename="{language}"><![CDATA[x]]></category>'
            '<category domain="post_translations" nicename="pll_1"><![CDATA[pll_1]]></category>'
        )

    forum = a_forum(tmp_path, an_export(an_item(1, terms("en")), an_item(2, terms("fr-be"))))

    forum.crawl()

    assert forum.document("forum/post-2").source.language == "fr"
    assert forum.document("forum/post-2").translations == (
        Translation("en", "https://forum.test/1"),
    )
    assert forum.document("forum/post-1").translations == (
        Translation("fr", "https://forum.test/2"),
    )


def test_translations_of_wpml_are_linked(tmp_path: Path) -> None:
    def meta(language: str) -> str:
        pairs = {"_wpml_import_language_code": language, "_wpml_import_translation_group": "9"}
        return "".join(
            f"<wp:postmeta><wp:meta_key>{key}</wp:meta_key>"
            f"<wp:meta_value><![CDATA[{value}]]></wp:meta_value></wp:postmeta>"
            for key, value in pairs.items()
        )

    forum = a_forum(tmp_path, an_export(an_item(1, meta("en")), an_item(2, meta("de"))))

    forum.crawl()

    assert forum.document("forum/post-1").translations == (
        Translation("de", "https://forum.test/2"),
    )


def test_an_export_that_did_not_change_is_not_read_again(tmp_path: Path) -> None:
    forum = a_forum(tmp_path, an_export(an_item(1), an_item(2)))
    forum.crawl()
    a_forum(tmp_path, an_export(an_item(2), an_item(3)))

    crawl = forum.crawl()

    assert [each for each, _ in crawl.unchanged] == ["forum/post-2"]
    assert forum.ids == ["forum/post-2", "forum/post-3"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is damaged, or no XML"),
        (an_export(an_item(1))[:-30], "is damaged, or no XML"),
        (an_export(an_item(1), version=""), "is no WordPress export file"),
        ("<html><body/></html>", "is no WordPress export file"),
        ("<rss><channel><title>a feed</title></channel></rss>", "is no WordPress export file"),
        ('<!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/passwd">]><rss>&a;</rss>', "DOCTYPE"),
        (
            '<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;&b;">]><rss>&c;</rss>',
            "DOCTYPE",
        ),
        ("<rss>" + "<a>" * 100_000, "is damaged"),
        (gzip.compress(an_export(an_item(1)).encode())[:-20], "damaged .gz"),
        (b"\x1f\x8bnonsense", "damaged .gz"),
    ],
)
def test_what_is_no_export_is_refused_and_removes_nothing(
    tmp_path: Path, text: str | bytes, words: str
) -> None:
    forum = a_forum(tmp_path, an_export(an_item(1)))
    forum.crawl()
    a_forum(tmp_path, text)

    crawl = forum.crawl()

    assert words in crawl.failures[0].reason
    assert not crawl.complete
    assert forum.ids == ["forum/post-1"]


@pytest.mark.parametrize(
    "broken", [b"\x0b", b"\x03", b"\xed\xa0\x80", b"\xc3", b"\xef\xbf\xbf", b"]]>&#x3;<![CDATA["]
)
def test_one_broken_character_in_one_post_costs_only_itself(tmp_path: Path, broken: bytes) -> None:
    items = (an_item(1), an_item(2, content="Line one@ and two."), an_item(3))

    forum = a_forum(tmp_path, an_export(*items).encode().replace(b"@", broken))

    assert forum.crawl().failures == ()
    assert forum.ids == ["forum/post-1", "forum/post-2", "forum/post-3"]
    text = forum.document("forum/post-2").text
    assert text.replace("\ufffd", "") == "Line one and two."


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    forum = Forum(a_source(tmp_path, type="wxr", url=None, path="none.xml"), Site())

    assert "none.xml: No such file" in forum.crawl().failures[0].reason


def test_a_post_without_an_address_is_not_shown(tmp_path: Path) -> None:
    item = an_item(1).replace("https://forum.test/1", "javascript:alert(1)")

    crawl = a_forum(tmp_path, an_export(item)).crawl()

    assert crawl.failures[0].name == "forum/post-1"
    assert crawl.documents == ()
