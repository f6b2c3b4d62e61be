"""Links that open a public page at a quote. No input or output happens here.

A text fragment (https://wicg.github.io/scroll-to-text-fragment/) makes the browser scroll to the
words and mark them. A browser that does not know it opens the page at its top.
"""

from urllib.parse import quote, unquote, urljoin, urlsplit

DOCUMENTS = "/documents/"
WHOLE_QUOTE = 120  # characters; a longer quote is named by its first and last words
EDGE_WORDS = 6


def page_of(document_id: str) -> str:
    """Return where a document's own page is, on the assistant's site."""
    return f"{DOCUMENTS}{quote(document_id)}"


def absolute(url: str, public_url: str) -> str:
    """Return `url`; one that is relative belongs to the assistant's own site.

    Of that, a document may be at a page of documents alone; "" for any other.
    """
    whole = urljoin(public_url.rstrip("/") + "/", url)
    try:
        its, own = urlsplit(whole), urlsplit(public_url)
    except ValueError:
        return whole
    is_ours = (its.scheme, its.netloc.lower()) == (own.scheme, own.netloc.lower())
    climbs = any(unquote(part) in {".", ".."} for part in its.path.split("/"))
    return "" if is_ours and (climbs or not its.path.startswith(DOCUMENTS)) else whole


def at_quote(url: str, text: str) -> str:
    """Return `url` with a text fragment for `text`, which may be a table row."""
    words = [cell.strip() for cell in text.split("|")] if " | " in text else text.split()
    words = [word for word in words if word]
    if not words:
        return url
    if " | " in text:
        fragment = _encoded(words[0]) + (f",{_encoded(words[-1])}" if len(words) > 1 else "")
    elif len(text) <= WHOLE_QUOTE or len(words) <= 2 * EDGE_WORDS:
        fragment = _encoded(" ".join(words))
    else:
        first, last = words[:EDGE_WORDS], words[-EDGE_WORDS:]
        fragment = f"{_encoded(' '.join(first))},{_encoded(' '.join(last))}"
    joint = ":~:" if urlsplit(url).fragment else "#:~:"
    return f"{url}{joint}text={fragment}"


def _encoded(text: str) -> str:
    # A dash would mark a prefix or suffix; quote() leaves it alone.
    return quote(text, safe="").replace("-", "%2D")
