"""Decode words that a page holds in a form that no reader sees. Changes the tree.

Character references written twice (`&amp;eacute;`): a page that explains HTML has them on purpose;
it shows some of them as code, and stays as it is. E-mail addresses: a common guard against spam
(Cloudflare's) puts each into an attribute, every character turned by the first one, and a script
of the page writes it out for whoever looks.
"""

import html
import re
from collections.abc import Iterator
from itertools import islice

from bs4 import BeautifulSoup
from bs4.element import NavigableString

from ingest.readers.html.tree import attribute

_REFERENCE = re.compile(r"&(?:#(?:\d{2,7}|[xX][0-9A-Fa-f]{2,6})|[A-Za-z]{2,31}\d{0,2});")
_ICON = re.compile("[\ue000-\uf8ff]")  # for private use: of no meaning without that font
_MARKUP = re.compile(r"<[A-Za-z/!?]|&[A-Za-z#]")  # what code about HTML has in it
_CODE = frozenset(("code", "pre", "kbd", "samp", "tt", "xmp", "textarea"))
_DEPTH = 4  # how far above its words the tag of code stands
_TURNED = re.compile(r"(?:[0-9a-f]{2}){4,200}", re.IGNORECASE)
_ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+")


def drop_icons(soup: BeautifulSoup) -> None:
    """Drop the characters that a font of the page alone draws as icons."""
    for text in soup.find_all(string=_ICON):
        if type(text) is NavigableString:
            text.replace_with(NavigableString(_ICON.sub("", str(text))))


def decode_entities(soup: BeautifulSoup) -> None:
    """Decode what was written twice in the text, the title and the metadata of a page."""
    described = soup.find_all("meta", content=_REFERENCE)
    texts = soup.find_all(string=_REFERENCE)
    twice = [text for text in texts if type(text) is NavigableString]
    if not (twice or described) or any(map(_MARKUP.search, _code(soup))):
        return
    for tag in described:
        tag["content"] = decoded(str(tag["content"]))
    for text in twice:
        if not any(parent.name in _CODE for parent in islice(text.parents, _DEPTH)):
            text.replace_with(NavigableString(decoded(str(text))))


def _code(soup: BeautifulSoup) -> Iterator[str]:
    """Yield every text right inside of code, or inside of what marks words of it."""
    for text in soup.find_all(string=True):
        if any(parent.name in _CODE for parent in islice(text.parents, _DEPTH)):
            yield str(text)


def decoded(text: str) -> str:
    """Return text with the references in it decoded once, where they stand for a character.

    What would look like a tag stays written out: a text is a text, and never becomes markup.
    """
    return _REFERENCE.sub(_character, text)


def _character(reference: re.Match[str]) -> str:
    found = html.unescape(reference[0])
    following = reference.string[reference.end() : reference.end() + 1]
    opens_tag = found == "<" and (following.isalpha() or following in {"/", "!", "?", "&"})
    return reference[0] if opens_tag or len(found) > len("fj") else found


def show_addresses(soup: BeautifulSoup) -> None:
    """Write the addresses where the page shows that there is one."""
    for tag in soup.find_all(lambda tag: tag.has_attr("data-cfemail")):
        if address := _address(attribute(tag, "data-cfemail")):
            tag.string = address


def _address(turned: str) -> str:
    """Return an address that was turned; empty if it is none."""
    if not _TURNED.fullmatch(turned):
        return ""
    key, *signs = bytes.fromhex(turned)
    address = bytes(sign ^ key for sign in signs).decode("utf-8", errors="replace")
    return address if _ADDRESS.fullmatch(address) else ""
