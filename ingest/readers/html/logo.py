"""Take out the headings that name a site rather than a page of it. Changes the tree.

Many themes set the logo as the first heading of every page.
"""

import re
from collections.abc import Iterator
from itertools import islice

from bs4 import BeautifulSoup, Tag

from assistant.domain.light_markdown import clean
from ingest.readers.html.tree import attribute, tokens

_LOGO = re.compile(r"(?:[\w-]*[_-])?(?:logo|brand|branding|(?:site|blog)[_-]?(?:title|name))")
_HOME = re.compile(r"(?:https?://[\w.:-]{1,200})?(?:/(?:[a-z]{2}/?)?)?|\./")
_NEAR = 2  # levels between a heading and the box that is named after a logo


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
    near = (heading, *islice(heading.parents, _NEAR))
    return [tag for tag in near if tag.name not in {"body", "html", "main", "article"}]


def _leads_home(link: Tag, heading: Tag) -> bool:
    href = attribute(link, "href").strip()
    is_home = href != "" and _HOME.fullmatch(href) is not None
    return is_home and clean(link.get_text()) == clean(heading.get_text())
