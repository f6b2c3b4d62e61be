"""Links are found in any markup whatever it is, and lead only where they may."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.fetching.errors import RefusedError
from ingest.fetching.urls import gate
from ingest.sources.fragments import with_paragraphs
from ingest.sources.links import anchors, id_of, usable

FORUM = gate("https://forum.example/", ["media.example"])


@pytest.mark.parametrize(
    ("markup", "found"),
    [
        ("<a href='a.pdf'>One</a>", [("a.pdf", "One")]),
        ('<A class="x" HREF = "a.pdf" >One <b>two</B></A> three', [("a.pdf", "One two")]),
        ("<a href=a.pdf>One</a><a href='b?x&amp;y'>İki</a>", [("a.pdf", "One"), ("b?x&y", "İki")]),
        ("<a name='x'>One</a><abbr href='x'>y</abbr>", []),
        ("<a href='a.pdf'>never closed", [("a.pdf", "never closed")]),
    ],
)
def test_links_are_found_with_their_words(markup: str, found: list[tuple[str, str]]) -> None:
    assert list(anchors(markup)) == found


PIECES = ["<a ", '<a href="', "<a href='x'>", "<", "<pre>", "\n \n", " ", "</a"]


@pytest.mark.parametrize("piece", PIECES)
def test_hostile_markup_comes_to_an_end(piece: str) -> None:
    markup = piece * (2_000_000 // len(piece))  # in quadratic time this would not end today

    found = sum(1 for _ in anchors(markup))

    assert found in {0, len(markup) // len(piece)}
    assert with_paragraphs(markup) is not None


@pytest.mark.parametrize(
    ("link", "url"),
    [
        ("/a", "https://forum.example/a"),
        ("b", "https://forum.example/news/b"),
        (" https://media.example/c ", "https://media.example/c"),
        ("http://forum.example/a", "https://forum.example/a"),
        ("HTTP://forum.example/a", "https://forum.example/a"),
        ("//media.example/a", "https://media.example/a"),
        ("/Annual Report 2024.pdf", "https://forum.example/Annual%20Report%202024.pdf"),
        ("/a\u00a0b.pdf ", "https://forum.example/a%C2%A0b.pdf"),
    ],
)
def test_a_link_becomes_an_address(link: str, url: str) -> None:
    assert usable(link, "https://forum.example/news/", FORUM) == url


@pytest.mark.parametrize(
    "link", ["", " ", "//evil.test/a", "mailto:a@b.example", "javascript:x", "http://["]
)
def test_a_link_elsewhere_is_refused(link: str) -> None:
    with pytest.raises(RefusedError):
        usable(link, "https://forum.example/news/", FORUM)


@given(st.text())
def test_any_text_is_a_link_or_refused(link: str) -> None:
    try:
        url = usable(link, "https://forum.example/news/", FORUM)
    except RefusedError:
        return
    assert url.startswith(("https://forum.example/", "https://media.example/"))


@pytest.mark.parametrize(
    ("url", "document_id"),
    [
        ("https://forum.example/", "a/index"),
        ("https://forum.example/2021/%C3%A9t%C3%A9/", "a/2021/été"),
        ("https://forum.example/?p=1", "a/index?p=1"),
        ("https://media.example/b.pdf", "a/media.example/b.pdf"),
        ("https://www.forum.example/lamp", "a/lamp"),
        ("https://forum.example/index.php/lamp/", "a/lamp"),
        ("https://forum.example/lamp/index.html", "a/lamp"),
        ("https://forum.example/index.php?p=1&utm_source=mail", "a/index?p=1"),
        ("https://forum.example/lamp/?fbclid=x&utm_source=mail", "a/lamp"),
        ("https://forum.example/index.phpx/", "a/index.phpx"),
        ("https://forum.example/?utmost=1", "a/index?utmost=1"),
    ],
)
def test_an_id_is_the_path(url: str, document_id: str) -> None:
    assert id_of("a", url, FORUM) == document_id
