"""The templates of members' pages, and what they need to show dates, languages and documents.

Everything that is put into a template is escaped by it; `Markup` is only what our own rendering
made.
"""

import hashlib
import re
from collections.abc import Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from babel import Locale
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from assistant.domain.corpus import UNDETERMINED, Document, Source, Span
from assistant.domain.dialogue import Citation, Excerpt
from assistant.domain.links import page_of
from assistant.language.languages import LANGUAGES
from assistant.language.wording import Wording
from assistant.web.pages import rendering
from assistant.web.pages.rendering import (
    OLD_YEARS,
    authors,
    dated,
    is_old,
    last_change,
)
from assistant.writing.translating import LONGEST

MOST_MARKS = 60
LONGEST_MARKS = 2000  # characters
DIGITS = 16  # of a passage: it tells a change, and guards nothing
_MARK = re.compile(r"([0-9]{1,8})-([0-9]{1,8})")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


def render(template: str, **values: Any) -> str:  # noqa: ANN401 - whatever the template names
    """Return a page, or a piece of one."""
    return _TEMPLATES.get_template(template).render(**values)


def plain(value: object) -> object:
    """Return what is put into a page so that any encoding of the web can carry it."""
    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    return value.encode(errors="replace").decode()


def link(url: str) -> Markup:
    """Return the attributes of a link to a web address; none for any other kind of address.

    It opens a tab of its own, which screen readers say by words that every page holds.
    """
    attributes = rendering.href(url)
    told = ' aria-describedby="new-tab"' if attributes else ""
    return Markup(attributes + told)  # noqa: S704 - escaped by our own rendering


def spoken_in(code: str, around: str = "") -> Markup:
    """Return the attributes of a text in a language; none where the text around is in it too."""
    if code == around:
        return Markup("")
    if code == UNDETERMINED:
        return Markup(' dir="auto"')
    return Markup(rendering.in_language(code))  # noqa: S704 - likewise


def paper_address(url: str) -> Markup:
    """Return a web address as words, which are shown on paper only."""
    return Markup(rendering.address(url))  # noqa: S704 - likewise


def piece(excerpt: Excerpt) -> Markup:
    """Return an excerpt as HTML blocks, its words marked."""
    return Markup(rendering.piece(excerpt))  # noqa: S704 - likewise


def document_html(found: Document, marks: Sequence[Span] = ()) -> Markup:
    """Return a document's text as HTML blocks, marked."""
    return Markup(rendering.document(found, marks))  # noqa: S704 - likewise


def written_text(text: str) -> Markup:
    """Return light Markdown that staff wrote as HTML blocks."""
    return Markup(rendering.blocks(text))  # noqa: S704 - likewise


def seen_as(text: str) -> str:
    """Return what tells whether a passage is still the one that a page shows."""
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()[:DIGITS]


def passage_path(citations: Sequence[Citation]) -> str:
    """Return the path, below the site's, of a document's page with all that is cited of it."""
    marks = [f"{mark.start}-{mark.end}" for cited in citations for mark in cited.excerpt.marks]
    query = urlencode({"marks": ".".join(marks[:MOST_MARKS])})
    return f"{page_of(citations[0].source.document_id)}?{query}#{rendering.FIRST_MARK}"


def marks_in(text: str) -> list[Span]:
    """Return the marks that an address names, as `passage_path` writes them; none for others."""
    found = [_MARK.fullmatch(part) for part in text[:LONGEST_MARKS].split(".")[:MOST_MARKS]]
    return [Span(int(mark[1]), int(mark[2])) for mark in found if mark]


def own_name(code: str) -> str:
    """Return the name of a language in that language."""
    return str(Locale.parse(code).get_display_name(code)).capitalize()


def old(source: Source, today: date | None) -> bool:
    """Whether a document has aged; without a date of today, nothing has."""
    return today is not None and is_old(source, today)


def contact_line(key: str, contact: str, words: Wording) -> Markup:
    """Return the message `key` with whom to turn to; an e-mail or web address becomes a link."""
    before, _, after = words.template(key).partition("{contact}")
    target, linked = link(contact), Markup("{}").format(contact)
    if _EMAIL.fullmatch(contact):
        target = Markup(' href="mailto:{}"').format(contact)
    if target:
        linked = Markup('<a class="contact"{}>{}</a>').format(target, contact)
    return Markup("<p>{} {}{}</p>").format(before.rstrip(), linked, after)


def _templates() -> Environment:
    made = Environment(
        finalize=plain,
        loader=PackageLoader("assistant.web.pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    shown = (piece, document_html, written_text, own_name, seen_as)
    made.filters.update({function.__name__: function for function in shown})
    markups = (link, spoken_in, paper_address, contact_line, passage_path)
    helpers = (*markups, authors, dated, last_change, old)
    made.globals.update({function.__name__: function for function in helpers})
    made.globals.update(LANGUAGES=LANGUAGES, OLD_YEARS=OLD_YEARS, UNDETERMINED=UNDETERMINED)
    made.globals.update(TRANSLATED=LONGEST, translates=False)  # true only where the script is
    return made


_TEMPLATES = _templates()
