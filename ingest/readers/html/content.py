"""Find the part of a page that holds its content. Reads; changes nothing in the tree."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString

from ingest.readers.html.boilerplate import is_boilerplate, is_misnamed, is_never_content
from ingest.readers.html.tree import attribute, children, tokens

_CONTENT = re.compile(
    r"entry-?content|(?:post|article|single|page|blog|news|story|main|td-post|the)[-_]?content"
    r"|(?:post|article|story|entry|news)[-_]?(?:body|text|entry)|wp-block-post-content"
    r"|elementor-widget-theme-post-content|et_pb_post_content|articlebody|mw-parser-output"
    r"|storycontent|node__content|field--name-body"
)
_MAIN = re.compile(r"content|main|main-content|site-main|primary|page-content|inhalt|contenu")
_LEAD = re.compile(
    r"(?:[\w-]*[-_])?(?:excerpt|intro|introduction|lead|teaser(?:-?text)?|standfirst|summary|chapo"
    r"|chapeau|bajada|hero-?text|intro-?text|subtitle|subheadline)"
)
_PROSE = re.compile("p|li|dd|dt|td|blockquote|pre|h1|h2|h3|h4|summary|figcaption")

_LEAD_LENGTHS = range(40, 1001)
_NEAR = 4  # levels of the tree between the introduction or the root and the tag around both
_MOST_OF_PAGE = 0.5
_MOST = 0.7  # of the words of a block; below it, they are spread over several children
_ENOUGH = 1000  # characters of prose; an article that has them is not looked for elsewhere
_LITTLE = 0.3  # of the prose of a box with the name of boilerplate; it holds the article, then
_LEAST = 0.15  # of the words of the page, that the only root marked must hold
_FEW = 500  # or characters of prose
_PART = 0.4  # of the words of the page that a marked root must hold to be believed


@dataclass(frozen=True, slots=True)
class Content:
    """Where the content of a page is.

    Attributes:
        root: The tag that holds it.
        lead: The introduction, where a theme puts it above and outside the root.
        headings: The h1 of the page, in order.
    """

    root: Tag
    lead: Tag | None
    headings: tuple[Tag, ...]


@dataclass(frozen=True, slots=True)
class _Page:
    """The tags of a page that are not boilerplate, in its order, with the prose inside each."""

    tags: list[Tag]
    prose: dict[int, int]

    def of(self, tag: Tag) -> int:
        """Return how many characters of prose a tag holds."""
        return self.prose.get(id(tag), 0)


def find_content(soup: BeautifulSoup) -> Content:
    """Return where the content is: as the page marks it, else where the prose is."""
    body = soup.body or soup
    page = _measure(body, is_boilerplate)
    root = _root(body, page)
    around, prose = _unwrapped(body)
    may_be = any(parent is root for parent in around.parents) or not _is_marked(page)
    told = page.of(root)
    if root is body:  # its title is no text
        told -= sum(page.of(tag) for tag in page.tags if tag.name == "h1")
    if around is not body and may_be and told < min(_ENOUGH, _LITTLE * prose):
        page = _measure(around, is_boilerplate)
        root = _root(around, page)
    headings = tuple(tag for tag in page.tags if tag.name == "h1")
    return Content(root, _lead(root, page), headings)


def _is_marked(page: _Page) -> bool:
    """Whether a page marks its content, however short that is beside a long sidebar."""
    return any((_is_content(tag) or _is_article(tag)) and page.of(tag) for tag in page.tags)


def _unwrapped(body: Tag) -> tuple[Tag, int]:
    """Return the innermost tag that has the name of boilerplate but holds most of the page.

    Some themes call the column of the article `sidebar-left`, or put all of it into a form. With
    it comes how much prose it holds.
    """
    page = _measure(body, is_never_content)
    start = body
    for tag in page.tags:
        least = _FEW if tag.name in {"nav", "aside"} else 0  # a menu is no page for having words
        if page.of(tag) >= max(least, _MOST_OF_PAGE * page.of(body)) and is_misnamed(tag):
            start = tag
    return start, page.of(start)


def _root(body: Tag, page: _Page) -> Tag:
    for rule in (_is_content, _is_article, _is_main):
        found = [tag for tag in page.tags if rule(tag)]
        best = max(found, key=page.of, default=None)
        if best is None or not page.of(best):
            continue
        if page.of(best) >= _PART * page.of(body):
            return best
        if len(found) == 1 and page.of(best) >= min(_FEW, _LEAST * page.of(body)):
            return _widened(best, page)
    return _densest(body, page)


def _lead(root: Tag, page: _Page) -> Tag | None:
    """Return the introduction that stands above the root, near it in the tree."""
    near = {id(parent) for parent in islice(root.parents, _NEAR)}
    for tag in page.tags:
        if tag is root:
            break
        is_lead = page.of(tag) in _LEAD_LENGTHS and _has_token(tag, _LEAD)
        if is_lead and any(id(parent) in near for parent in islice(tag.parents, _NEAR)):
            return tag
    return None


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
        if inner is None or _PROSE.fullmatch(inner.name) or page.of(inner) <= _MOST * page.of(tag):
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


def _measure(body: Tag, skip: Callable[[Tag], bool]) -> _Page:
    """Count the prose inside every tag in one pass down and one pass up."""
    tags = list(_visible(body, skip))
    prose: dict[int, int] = {}
    for tag in reversed(tags):
        key = id(tag)
        prose[key] = prose.get(key, 0) + _own_prose(tag)
        if tag is not body and tag.parent is not None and tag.name != "a":
            prose[id(tag.parent)] = prose.get(id(tag.parent), 0) + prose[key]
    return _Page(tags, prose)


def _own_prose(tag: Tag) -> int:
    """Return the length of the text directly inside a tag; words of links do not count."""
    if tag.name == "a":
        return 0
    texts = (str(text) for text in tag.children if type(text) is NavigableString)
    return sum(len(" ".join(text.split())) for text in texts)


def _visible(root: Tag, skip: Callable[[Tag], bool]) -> Iterator[Tag]:
    """Yield a tag and those inside it that are not skipped, in the order of the page."""
    stack = [root]
    while stack:
        tag = stack.pop()
        yield tag
        stack.extend(child for child in reversed(list(children(tag))) if not skip(child))
