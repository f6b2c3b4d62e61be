"""Find the part of a page that holds its content. Reads; changes nothing in the tree."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bs4 import BeautifulSoup, NavigableString, Tag

from ingest.html_furniture import is_furniture
from ingest.html_tree import attribute, children, tokens

_CONTENT = re.compile(
    r"entry-?content|(?:post|article|single|page|blog|news|story|main|td-post|the)[-_]?content"
    r"|(?:post|article|story|entry|news)[-_]?(?:body|text|entry)|wp-block-post-content"
    r"|elementor-widget-theme-post-content|et_pb_post_content|articlebody|mw-parser-output"
    r"|storycontent|node__content|field--name-body"
)
_MAIN = re.compile(r"content|main|main-content|site-main|primary|page-content|inhalt|contenu")
_PROSE = frozenset("p li dd dt td blockquote pre h2 h3 h4 summary figcaption".split())

_MOST = 0.7  # of the words of a block; below it, they are spread over several children
_PART = 0.4  # of the words of the page that a marked root must hold to be believed


@dataclass(frozen=True, slots=True)
class _Page:
    """The tags of a page that are not furniture, in its order, with the prose inside each."""

    tags: list[Tag]
    prose: dict[int, int]

    def of(self, tag: Tag) -> int:
        """Return how many characters of prose a tag holds."""
        return self.prose.get(id(tag), 0)


def content_root(soup: BeautifulSoup) -> Tag:
    """Return the tag that holds the content: as the page marks it, else where the prose is."""
    body = soup.body or soup
    page = _measure(body)
    for rule in (_is_content, _is_article, _is_main):
        found = [tag for tag in page.tags if rule(tag)]
        best = max(found, key=page.of, default=None)
        if best is None or not page.of(best):
            continue
        if page.of(best) >= _PART * page.of(body):
            return best
        if len(found) == 1:
            return _widened(best, page)
    return _densest(body, page)


def _widened(tag: Tag, page: _Page) -> Tag:
    """Return the article around a marked root if that root holds the lesser part of it."""
    for parent in tag.parents:
        if parent.name == "article" and page.of(tag) < _PART * page.of(parent):
            return parent
        if parent.name == "body":
            break
    return tag


def _densest(body: Tag, page: _Page) -> Tag:
    """Go down as long as one child holds most of the prose."""
    tag = body
    while True:
        inner = max(children(tag), key=page.of, default=None)
        if inner is None or inner.name in _PROSE or page.of(inner) < _MOST * page.of(tag):
            return tag
        if inner.name in {"ul", "ol", "dl", "table", "tbody", "tr"}:
            return tag if page.of(inner) < page.of(body) else inner
        tag = inner


def _is_content(tag: Tag) -> bool:
    return (
        "articlebody" in attribute(tag, "itemprop").lower()
        or attribute(tag, "data-elementor-type") in {"wp-post", "wp-page", "single-post"}
        or (tag.name != "body" and _has_token(tag, _CONTENT))
    )


def _is_article(tag: Tag) -> bool:
    return tag.name == "article" or "hentry" in tokens(tag)


def _is_main(tag: Tag) -> bool:
    return (
        tag.name == "main"
        or attribute(tag, "role") == "main"
        or (tag.name in {"div", "section", "td"} and _has_token(tag, _MAIN))
    )


def _has_token(tag: Tag, pattern: re.Pattern[str]) -> bool:
    return any(pattern.fullmatch(token) for token in tokens(tag))


def _measure(body: Tag) -> _Page:
    """Count the prose inside every tag in one pass down and one pass up."""
    tags = list(_visible(body))
    prose: dict[int, int] = {}
    for tag in reversed(tags):
        key = id(tag)
        prose[key] = prose.get(key, 0) + _own_prose(tag)
        if tag is not body and tag.parent is not None:
            total = prose[key] if tag.name != "a" else 0
            prose[id(tag.parent)] = prose.get(id(tag.parent), 0) + total
    return _Page(tags, prose)


def _own_prose(tag: Tag) -> int:
    """Return the length of the text directly inside a tag; words of links do not count."""
    if tag.name == "a":
        return 0
    texts = (str(text) for text in tag.children if type(text) is NavigableString)
    return sum(len(" ".join(text.split())) for text in texts)


def _visible(root: Tag, skip: Callable[[Tag], bool] = is_furniture) -> Iterator[Tag]:
    """Yield a tag and those inside it that are not furniture, in the order of the page."""
    stack = [root]
    while stack:
        tag = stack.pop()
        yield tag
        stack.extend(child for child in reversed(list(children(tag))) if not skip(child))


def visible_tags(root: Tag) -> Iterator[Tag]:
    """Yield the tags inside a tag that are not furniture, in the order of the page."""
    return _visible(root)
