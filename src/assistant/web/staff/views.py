"""Templates and what they need to show moments, sizes, languages and texts as people read them.

Everything that is put into a template is escaped by it; `Markup` is only what our own rendering
made.
"""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from babel.dates import format_datetime
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from assistant.domain.corpus import UNDETERMINED, Document
from assistant.language.wording import wording
from assistant.web.pages import rendering
from assistant.web.pages.rendering import language_name

WORDS = wording("en")

STATES = {
    "running": "running",
    "planned": "planned, not published",
    "waiting": "waits for you",
    "published": "published",
    "unchanged": "nothing to change",
    "failed": "failed",
    "interrupted": "broke off",
}
TYPES = {
    "wordpress": "WordPress site",
    "feed": "RSS or Atom feed",
    "sitemap": "Site with a sitemap",
    "folder": "Folder on the server",
    "wxr": "WordPress export file",
}
TURNS = re.compile(r"[\u202a-\u202e\u2066-\u2069]")
"""With these, what staff see reads otherwise than what is searched and answered with."""
KILO = 1000
PATH_SHOWN = 2  # parts of a path


def render(template: str, *, status: int = 200, **values: Any) -> HTMLResponse:  # noqa: ANN401
    """Return a page; `values` are what its template names."""
    return HTMLResponse(_TEMPLATES.get_template(template).render(**values), status)


def moment(when: datetime | str | None) -> str:
    """Return a moment as a person reads it, in the server's own time."""
    if not when:
        return "unknown"
    told = datetime.fromisoformat(when) if isinstance(when, str) else when
    aware = told if told.tzinfo else told.replace(tzinfo=UTC)
    return format_datetime(aware.astimezone(), "d MMMM y, HH:mm", locale="en_GB")


def size(length: int) -> str:
    """Return a number of bytes as a person reads it."""
    if length < KILO:
        return f"{length} bytes"
    if length < KILO**2:
        return f"{length / KILO:.0f} kB"
    return f"{length / KILO**2:.1f} MB"


def day(when: date | None) -> str:
    """Return a date, or that there is none."""
    return WORDS.day(when) if when else "undated"


def language(code: str) -> str:
    """Return the name of a language."""
    return "unknown language" if code == UNDETERMINED else language_name(code, WORDS)


def origin(text: str) -> str:
    """Return what documents were published under: a source's name, or the end of a path."""
    parts = text.split("/")
    if len(parts) > PATH_SHOWN + 1:
        return f"…/{'/'.join(parts[-PATH_SHOWN:])}"
    return text.removeprefix("source:")


def schedule(text: str) -> str:
    """Return when a source is read, units written out."""
    match = re.fullmatch(r"every (\d+)([mhd])", text)
    if not match:
        return text or "only on request"
    unit = {"m": "minute", "h": "hour", "d": "day"}[match[2]]
    return f"every {unit}" if match[1] == "1" else f"every {match[1]} {unit}s"


def sentence(text: str) -> str:
    """Return a message as a sentence: messages begin small and end without a stop."""
    stop = "" if text.endswith((".", "!", "?", ":")) else "."
    return f"{text[:1].upper()}{text[1:]}{stop}"


def counted(count: int, one: str, many: str = "") -> str:
    """Return a number with its noun."""
    return f"{count:,} {one if count == 1 else many or f'{one}s'}"


def document_html(found: Document) -> Markup:
    """Return the text of a document as markup."""
    return Markup(rendering.document(found))  # noqa: S704 - escaped by our own rendering


def spoken_in(code: str) -> Markup:
    """Return the attributes of a text in a language."""
    if code == UNDETERMINED:
        return Markup("")
    return Markup(rendering.in_language(code))  # noqa: S704 - likewise


def web_link(url: str) -> Markup:
    """Return the attributes of a link to a web address, none for any other address."""
    return Markup(rendering.href(url))  # noqa: S704 - likewise


def change_of(line: str) -> tuple[str, str]:
    """Return what a line of a difference says, `added`, `removed` or ``, and its text."""
    kinds: Mapping[str, str] = {"+": "added", "-": "removed"}
    return (kinds[line[0]], line[1:]) if line[:1] in kinds else ("", line)


def visible(value: object) -> object:
    """Return what is put into a page; signs that would turn the direction of writing by name."""
    if not isinstance(value, str) or not TURNS.search(value):
        return value
    shown = TURNS.sub(lambda turn: f"[U+{ord(turn[0]):04X}]", value)
    return Markup(shown) if isinstance(value, Markup) else shown  # noqa: S704 - what it was


def _templates() -> Environment:
    made = Environment(
        finalize=visible,
        loader=PackageLoader("assistant.web.staff"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    shown = (moment, size, day, language, origin, schedule, sentence, counted, change_of)
    made.filters.update({each.__name__: each for each in shown})
    made.globals.update(
        document_html=document_html,
        spoken_in=spoken_in,
        web_link=web_link,
        states=STATES,
        types=TYPES,
    )
    return made


_TEMPLATES = _templates()
