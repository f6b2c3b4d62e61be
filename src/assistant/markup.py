"""The two doors through which text becomes markup: words, and addresses. Pure."""

from html import escape
from urllib.parse import urlsplit

SAFE_SCHEMES = {"http", "https"}
RIGHT_TO_LEFT = {"ar", "dv", "fa", "he", "ku", "ps", "sd", "ug", "ur", "yi"}
"""Languages that are mostly written from right to left (Unicode CLDR)."""


def escaped(text: str) -> str:
    """Return `text` as HTML text on one line, which any encoding of the web can carry."""
    return " ".join(escape(text.encode(errors="replace").decode()).split())


def href(url: str) -> str:
    """Return ` href="…"` for a web address, nothing for any other kind of address."""
    address = "%20".join(url.split())
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    if parts.scheme not in SAFE_SCHEMES or not parts.netloc or "@" in parts.netloc:
        return ""
    return f' href="{escape(address)}" target="_blank" rel="noopener noreferrer"'


def in_language(code: str) -> str:
    """Return the attributes of a text in a language, with its direction where that is not ours."""
    direction = ' dir="rtl"' if code in RIGHT_TO_LEFT else ""
    return f' lang="{escaped(code)}"{direction}'


def cells(text: str) -> str:
    """Return a statement as HTML; the cells of a table row are parted by a dot, not by a bar."""
    return escaped(text.replace(" | ", " · "))
