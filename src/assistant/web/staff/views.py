"""Templates, one set for each language, and what they need to show texts as people read them.

Everything that is put into a template is escaped by it; `Markup` is only what our own rendering
made.
"""

import functools
import re
from collections.abc import Mapping
from typing import Any

from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from assistant.domain.corpus import UNDETERMINED, Document
from assistant.language.languages import LANGUAGES
from assistant.web.pages import rendering
from assistant.web.pages.templating import own_name, written_text
from assistant.web.staff.speech import CHOICE, Speech, speech

TYPES = ("wordpress", "feed", "sitemap", "folder", "wxr")
TURNS = re.compile(r"[\u202a-\u202e\u2066-\u2069]")
"""With these, what staff see reads otherwise than what is searched and answered with."""
PATH_SHOWN = 2  # parts of a path


def render(
    template: str,
    spoken: Speech,
    *,
    status: int = 200,
    **values: Any,  # noqa: ANN401 - whatever the template names
) -> HTMLResponse:
    """Return a page; `values` are what its template names."""
    environment = _environment(spoken.words.language)
    return HTMLResponse(environment.get_template(template).render(**values), status)


def origin(text: str, names: Mapping[str, str]) -> str:
    """Return what documents were published under: the name of a source, or the end of a path."""
    if name := names.get(text):
        return name
    parts = text.split("/")
    if len(parts) > PATH_SHOWN + 1:
        return f"…/{'/'.join(parts[-PATH_SHOWN:])}"
    return text.removeprefix("source:")


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


@functools.cache
def _environment(code: str) -> Environment:
    """Return the templates in a language."""
    made, spoken = _templates(), speech(code)
    of_language = (
        *(spoken.moment, spoken.day, spoken.number, spoken.counted, spoken.size, spoken.language),
        *(spoken.schedule, spoken.stage, spoken.found, spoken.named, spoken.kind, spoken.told),
        *(spoken.sentence, spoken.iso_day),
    )
    made.filters.update({each.__name__: each for each in of_language})
    made.globals.update(t=spoken.words, members=spoken.members, filled=spoken.filled)
    return made


def _templates() -> Environment:
    made = Environment(
        finalize=visible,
        loader=PackageLoader("assistant.web.staff"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    shown = (origin, change_of, own_name)
    made.filters.update({each.__name__: each for each in shown})
    made.globals.update(
        document_html=document_html,
        spoken_in=spoken_in,
        web_link=web_link,
        written_text=written_text,
        types=TYPES,
        languages=LANGUAGES,
        language_choice=CHOICE,
    )
    return made
