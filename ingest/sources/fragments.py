"""Read HTML that is the content of a page without the page: of a REST answer, a feed, an export."""

import html
import re

from ingest.readers.extract import FRAGMENT, Extract
from ingest.readers.reading import extracted

_BLANK_LINES = re.compile(r"\r?\n[ \t]*\r?\n\s*")
_BLOCKS = "<!-- wp:"  # what the block editor stores stands as it is; else blank lines count
# A picture with words below it; old ones keep the words in the tag.
_CAPTION = re.compile(r"\[/?caption\b([^\[\]]{0,2000})\]", re.IGNORECASE)
_CAPTION_WORDS = re.compile(r"\bcaption=\"([^\"]*)\"", re.IGNORECASE)
_LINE_END = re.compile(r"(?<![>\n])\n(?!\n)")
_FRAME = re.compile(r"</?(?:html|body)(?:\s[^<>]{0,2000})?>", re.IGNORECASE)
_PRE = re.compile(r"(</?pre[^<>]{0,200}>)", re.IGNORECASE)


def read_fragment(markup: str, *, title: str, name: str) -> Extract:
    """Return what the content of a page holds; raises ReadError as a file of HTML would.

    The tag around the content is one that nobody closes by mistake, so that a stray `</div>` in
    the content does not end it.
    """
    bare = _FRAME.sub("", markup)  # a whole page pasted into an article would end it early
    page = (
        f"<html><head><title>{html.escape(title)}</title></head><body>"
        f'<h1 class="entry-title">{html.escape(title)}</h1>'
        f'<{FRAGMENT} class="entry-content">{bare}</{FRAGMENT}></body></html>'
    )
    return extracted(page.encode("utf-8", errors="replace"), ".html", name=name)


def with_paragraphs(markup: str) -> str:
    """Return content as WordPress stores it with the breaks that it shows for blank lines."""
    if _BLOCKS in markup:
        return markup
    parts, inside = _PRE.split(_CAPTION.sub(_apart, markup)), False
    for index, part in enumerate(parts):
        if index % 2:
            inside = not part.startswith("</")
        elif not inside:
            parts[index] = _LINE_END.sub("<br>\n", _BLANK_LINES.sub("<br><br>", part))
    return "".join(parts)


def _apart(caption: re.Match[str]) -> str:
    """Return what stands for the tag of a caption, which is a paragraph of its own."""
    words = _CAPTION_WORDS.search(caption[1])
    return f"\n\n{words[1]}\n\n" if words else "\n\n"
