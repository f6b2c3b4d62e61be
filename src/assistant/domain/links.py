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
    own = urlsplit(public_url)
    base = own.path.rstrip("/")
    is_rooted = url.startswith("/") and not url.startswith("//")
    whole = urljoin(public_url.rstrip("/") + "/", f"{base}{url}" if is_rooted else url)
    try:
        found = urlsplit(whole)
    except ValueError:
        return whole
    is_same_host = (found.scheme, found.netloc.lower()) == (own.scheme, own.netloc.lower())
    is_ours = is_same_host and f"{found.path}/".startswith(f"{base}/")
    climbs = any(unquote(part) in {".", ".."} for part in found.path.split("/"))
    is_document = found.path.startswith(f"{base}{DOCUMENTS}")
    return "" if (is_ours and not is_document) or (is_same_host and climbs) else whole


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
