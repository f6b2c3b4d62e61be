"""Take out of a page what is not its text: boxes of links, teasers, logos. Changes the tree.

What a box is for is told by how many of its words are links to other pages of the site, and by its
class; neither is believed of a box that holds a good part of the content. Logos are headings in
many themes, the first of every page.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString

from assistant.domain.light_markdown import clean
from assistant.language.languages import in_all
from ingest.readers.html.boilerplate import is_boilerplate
from ingest.readers.html.tree import attribute, children, tag_before, tokens

_BOXES = frozenset(
    ("div", "section", "ul", "ol", "p", "article", "li", "span", "table", "figure", "figcaption")
)
_LISTS = frozenset(("ul", "ol"))
_HEADINGS = frozenset(("h2", "h3", "h4", "h5", "h6"))
_LINES = frozenset((*_HEADINGS, "p", "div", "strong", "span", "b"))
_HOLDING = frozenset((*_HEADINGS, "dt", "summary", "td", "th", "li"))
# Words of a class that name a box which is no part of a text.
_SURE = re.compile(
    r"newsletters?|related|recommended|recirc(?:ulation)?|sharing|sharebar"
    r"|advert(?:s|ising|isement)?|sponsored|breadcrumbs?|pagination|pager|comments?|kommentare?"
    r"|taglist|tagcloud|authorbox|authors?|autor|autores|autoren|auteur|byline"
    r"|paywall|buybox|outbrain|taboola|subscribe|subscription|toplist|morelinks|readmore|seealso"
    r"|copyright"
)
# Words that name such a box where it has links; without any, `teaser` may be the introduction.
_LIKELY = re.compile(
    r"teasers?|sidebar|share|social|socials|ads?|werbung|anzeigen?|promos?|promotion|promobox|tags"
    r"|topics|themen|schlagworte|keywords|shop|print|ratings?|meta|follow|login|banner|cta|cookies?"
    r"|bio|licen[cs]e|disclaimer|affiliate|donate|donation|feedback"
)
# Names that are written together.
_WITHIN = re.compile(
    r"newsletter|sharing|share-?(?:block|box|bar|buttons?|icons?)|comments|kommentare|related"
    r"|recommended|(?:author|autor|auteur)-?(?:box|info|bio|card|detail|desc|note|text)"
    r"|(?:detail|article|artikel|post)-?(?:author|autor)|(?:next|prev|previous)-?(?:story|post)"
    r"|(?:interesting|more|similar|other|further|weitere|latest|recent|popular)-?(?:articles|posts"
    r"|news|stories|links|comments)|read-?(?:more|also|next)|see-?also|lee-tambien|lire-aussi"
    r"|appstore|follow-?us|siguenos|social-?(?:media|links|embed|icons)|crosslink|linkbox"
    r"|print-?button"
)
_STATE = re.compile(r"(?:has|with|no|is|js|without|hide|show|u)-")  # what a box has, not what it is
_FILE = re.compile(r"\.(?:pdf|docx?|odt|xlsx?|ods|pptx?|zip|epub|csv)(?:[?#]|$)", re.IGNORECASE)
_CREDIT = re.compile(
    rf"(?:^|[^\w])(?:(?:{in_all('page_credits')})\s?[:©|/]|©|\(c\)|getty|shutterstock|istock"
    r"|unsplash|picture[ -]alliance|(?:dpa|afp|reuters|imago)\b)"
)
_MOSTLY = 0.8  # of the words of a box; with so many links, it tells nothing itself
_SOME = 0.2  # of the words of a box that is likely a teaser
_PART = 0.4  # of the words of the content; a box with more is part of it whatever its name
_KEPT = 0.5  # of the words of the content; a page of which less would stay is a list of links
_PHOTO = re.compile(r"\.jpe?g\b", re.IGNORECASE)
_MAX_CAPTION = 300
_MAX_NAMING = 100  # a line that only names who is seen
_MOST_CAPTIONS = 3  # that only go with a text; a row of pictures tells step by step
_MAX_LABEL = 60
_BUTTON = frozenset(("button", "btn"))
_MAX_BUTTON = 40
_MAX_BESIDE = 20  # tags and texts around a caption, its picture among them
_MAX_INSIDE = 8  # tags and texts in a label
_NEAR = 3
_SENTENCE = 5  # words before a colon; fewer ("Read more:") only label a box
_LOGO = re.compile(r"(?:[\w-]*[_-])?(?:logo|brand|branding|(?:site|blog)[_-]?(?:title|name))")
_HOME = re.compile(r"(?:https?://[\w.:-]{1,200})?(?:/(?:[a-z]{2}/?)?)?|\./")
_NEAR_LOGO = 2  # levels between a heading and the box that is named after a logo


@dataclass(frozen=True, slots=True)
class _Size:
    """How much a tag shows: its characters, those of them that are links, and the links."""

    shown: int = 0
    linked: int = 0
    links: int = 0


def prune(root: Tag, site: str) -> None:
    """Take boxes that only lead elsewhere out of the content, with the label above them.

    `site` is the host of the page; a list of links to other sites may be what the page tells.
    """
    sizes = _sizes(root, site)
    doomed = list(_doomed(root, sizes))
    captions = {id(tag) for tag in doomed if _is_photo_caption(tag, sizes[id(tag)])}
    if len(captions) > _MOST_CAPTIONS:
        doomed = [tag for tag in doomed if id(tag) not in captions]
    if sum(sizes[id(tag)].shown for tag in doomed) > (1 - _KEPT) * sizes[id(root)].shown:
        return
    for tag in doomed:
        label = _label_above(tag)
        tag.extract()
        if label is not None:
            label.extract()


def _sizes(root: Tag, site: str) -> dict[int, _Size]:
    """Measure every tag that is read, in one pass down and one pass up."""
    order, stack = [], [root]
    while stack:
        tag = stack.pop()
        order.append(tag)
        stack.extend(child for child in children(tag) if not is_boilerplate(child))
    sizes: dict[int, _Size] = {}
    for tag in reversed(order):
        inside = [sizes[id(child)] for child in children(tag) if id(child) in sizes]
        own = sum(len(clean(text)) for text in tag.children if type(text) is NavigableString)
        shown = own + sum(each.shown for each in inside)
        if tag.name == "a" and _leads_on(tag, site):
            sizes[id(tag)] = _Size(shown, shown, 1)
        else:
            linked = sum(each.linked for each in inside)
            sizes[id(tag)] = _Size(shown, linked, sum(each.links for each in inside))
    return sizes


def _leads_on(link: Tag, site: str) -> bool:
    """Whether a link leads to another page of the site, rather than to a file or to somebody."""
    href = attribute(link, "href").strip()
    if href[:1] in {"", "#"} or _FILE.search(href):
        return False
    scheme, mark, rest = href.partition("//")
    if not mark or scheme.lower() not in {"", "http:", "https:"}:
        return ":" not in href.partition("/")[0]
    host = re.split(r"[/?#]", rest, maxsplit=1)[0].lower().removeprefix("www.")
    return not site or host == site or host.endswith(f".{site}") or site.endswith(f".{host}")


def _doomed(root: Tag, sizes: dict[int, _Size]) -> Iterator[Tag]:
    """Yield the outermost boxes that are no part of the text."""
    most, stack = _PART * sizes[id(root)].shown, list(children(root))
    while stack:
        tag = stack.pop()
        size = sizes.get(id(tag), _Size())
        is_box = tag.name in _BOXES and 0 < size.shown < most
        if (is_box and _is_aside(tag, size)) or _is_button(tag, size):
            yield tag
        elif size.shown:
            stack.extend(children(tag))


def _is_aside(tag: Tag, size: _Size) -> bool:
    if _is_photo_caption(tag, size) or _is_named(tag, size):
        return True
    if tag.name in {"table", "figure", "figcaption", "li", "span"}:
        return False
    if tag.name in _LISTS and (size.links < 2 or _is_introduced(tag)):  # noqa: PLR2004 - one link
        return False
    return size.linked >= _MOSTLY * size.shown


def _is_button(tag: Tag, size: _Size) -> bool:
    """Whether a tag looks like a button that does something on the page or leads on from it."""
    if tag.name not in {"a", "span"} or not 0 < size.shown <= _MAX_BUTTON:
        return False
    if tag.parent is None or _BUTTON.isdisjoint(_words(tokens(tag))):
        return False
    does = tag.name == "span" or size.links > 0 or attribute(tag, "href")[:1] in {"", "#"}
    in_sentence = any(type(each) is NavigableString and each.strip() for each in tag.parent)
    near = (parent.name for parent in islice(tag.parents, _NEAR))
    return does and not in_sentence and _HOLDING.isdisjoint(near)


def _is_introduced(tag: Tag) -> bool:
    """Whether a sentence leads to a list: "The towns adopted these recommendations:"."""
    before = tag_before(tag)
    words = clean(before.get_text()) if before is not None and before.name == "p" else ""
    return words.endswith(":") and len(words.split()) >= _SENTENCE


def _is_photo_caption(tag: Tag, size: _Size) -> bool:
    """Whether a tag holds the words below a photo; charts and tables name no photographer."""
    if size.shown > _MAX_CAPTION:
        return False
    if tag.name != "figcaption" and "caption" not in _words(tokens(tag)):
        return False
    words = clean(tag.get_text(" ")).casefold()
    only_names = len(words) <= _MAX_NAMING and not any(map(str.isdigit, words))
    return _CREDIT.search(words) is not None or (only_names and _is_below_photo(tag))


def _is_below_photo(tag: Tag) -> bool:
    """Whether the picture beside a caption is a photo; charts and plans are seldom JPEG."""
    for around in islice(tag.parents, _NEAR):
        for beside in islice(around.descendants, _MAX_BESIDE):
            if isinstance(beside, Tag) and beside.name == "img":
                return any(_PHOTO.search(str(value)) for value in beside.attrs.values())
    return False


def _is_named(tag: Tag, size: _Size) -> bool:
    """Whether a class says that a box is no part of a text; what follows `--` is a variation."""
    names = [token.partition("--")[0] for token in tokens(tag) if not _STATE.match(token)]
    words = _words(names)
    if any(map(_SURE.fullmatch, words)) or any(map(_WITHIN.search, names)):
        return True
    leads_on = size.links > 0 and size.linked >= _SOME * size.shown
    return leads_on and any(map(_LIKELY.fullmatch, words))


def _words(names: list[str]) -> set[str]:
    return {word for name in names for word in re.split(r"[-_]+", name)}


def _label_above(tag: Tag) -> Tag | None:
    """Return the heading, or the line that ends in a colon, right above a box."""
    before = tag_before(tag)
    if before is None or before.name not in _LINES:
        return None
    if len(list(islice(before.descendants, _MAX_INSIDE + 1))) > _MAX_INSIDE:
        return None
    words = clean(before.get_text())
    is_label = words.endswith(":") or before.name in _HEADINGS
    return before if is_label and len(words) <= _MAX_LABEL else None


def take_logos(soup: BeautifulSoup, site: str) -> list[str]:
    """Take out the headings that name the site, and return what they call it.

    They stay where the page calls itself so: then it is the first page of its site, or has no
    other name. `site` is what the page says that its site is called; "" if it does not.
    """
    own = soup.find("meta", property="og:title")
    titles = [clean(soup.title.get_text())] if soup.title else []
    titles += [clean(attribute(own, "content"))] if isinstance(own, Tag) else []
    names = []
    for heading in soup.find_all("h1") if any(titles) else ():
        name = clean(" ".join([heading.get_text(" "), *_described(heading)]))
        if name not in titles and (name == site != "" or _is_logo(heading)):
            heading.extract()
            names.append(name)
    return names


def _described(heading: Tag) -> Iterator[str]:
    return (attribute(picture, "alt") for picture in heading.find_all("img"))


def _is_logo(heading: Tag) -> bool:
    """Whether a heading is named so, or all of it leads to the first page of the site."""
    if any(_LOGO.fullmatch(name) for tag in _around(heading) for name in tokens(tag)):
        return True
    links = [*heading.find_all("a"), *(tag for tag in _around(heading) if tag.name == "a")]
    return len(links) == 1 and _leads_home(links[0], heading)


def _around(heading: Tag) -> list[Tag]:
    near = (heading, *islice(heading.parents, _NEAR_LOGO))
    return [tag for tag in near if tag.name not in {"body", "html", "main", "article"}]


def _leads_home(link: Tag, heading: Tag) -> bool:
    href = attribute(link, "href").strip()
    is_home = href != "" and _HOME.fullmatch(href) is not None
    return is_home and clean(link.get_text()) == clean(heading.get_text())
