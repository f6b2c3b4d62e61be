"""The two doors through which text becomes markup: words, and addresses. Pure."""

import re
from html import escape
from urllib.parse import urlsplit

SAFE_SCHEMES = {"http", "https"}
RIGHT_TO_LEFT = {"ar", "dv", "fa", "he", "ku", "ps", "sd", "ug", "ur", "yi"}
"""Languages that are mostly written from right to left (Unicode CLDR)."""


_HOST = re.compile(r"""(?:[^\x00-\x20"#%/:<>?@[\\\]^`{|}\x7f]+|\[[0-9A-Fa-f:.]+\])(?::\d*)?""")
"""A host as browsers take it (https://url.spec.whatwg.org/#forbidden-domain-code-point), and no
name or password before it; of any other, they would make a link that leads nowhere."""


def escaped(text: str) -> str:
    """Return `text` as HTML text on one line, which any encoding of the web can carry."""
    return " ".join(escape(text.encode(errors="replace").decode()).split())


def href(url: str) -> str:
    """Return ` href="…"` for a web address, nothing for any other kind of address."""
    address = "%20".join(url.encode(errors="replace").decode().split())
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    if parts.scheme not in SAFE_SCHEMES or not _HOST.fullmatch(parts.netloc):
        return ""
    return f' href="{escape(address)}" target="_blank" rel="noopener noreferrer"'


def in_language(code: str) -> str:
    """Return the attributes of a text in a language, with its direction where that is not ours.

    That of a text whose language is not known is told by its first letter.
    """
    direction = ' dir="rtl"' if code in RIGHT_TO_LEFT else ' dir="auto"' if code == "und" else ""
    return f' lang="{escaped(code)}"{direction}'


def address(url: str) -> str:
    """Return a web address as words, which are shown on paper only."""
    return f'<span class="address">{escaped(url)}</span>' if href(url) else ""
