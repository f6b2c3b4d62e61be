"""Show the e-mail addresses that a page spells out only for people. Changes the tree.

A common guard against spam (Cloudflare's) puts each address into an attribute, every character
turned by the first one, and a script of the page writes it out for whoever looks.
"""

import re

from bs4 import BeautifulSoup

from ingest.readers.html.tree import attribute

_TURNED = re.compile(r"(?:[0-9a-f]{2}){4,200}", re.IGNORECASE)
_ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+")


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
