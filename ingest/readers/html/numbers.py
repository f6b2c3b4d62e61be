"""Number the items of the lists of a page as browsers show them. Reads; changes nothing."""

import re
from collections.abc import Iterator

from bs4 import Tag

from ingest.readers.html.tree import attribute, children, number_of
from ingest.readers.shared.numerals import in_form

_MAX_STYLE = 2000
_STYLE = re.compile(r"list-style(?:-type)?\s{0,5}:\s{0,5}([\w-]{1,30})", re.IGNORECASE)
_FORMS = {
    "a": "lowerLetter",
    "A": "upperLetter",
    "i": "lowerRoman",
    "I": "upperRoman",
    "lower-alpha": "lowerLetter",
    "lower-latin": "lowerLetter",
    "upper-alpha": "upperLetter",
    "upper-latin": "upperLetter",
    "lower-roman": "lowerRoman",
    "upper-roman": "upperRoman",
    "none": "none",
}


def numbered_items(listed: Tag) -> Iterator[tuple[Tag, int | None, str]]:
    """Yield what stands in a list with its number if that is plain and counts up, or as it shows.

    Only items count; a list right inside another one, as old editors wrote it, does not.
    """
    inside = list(children(listed))
    if listed.name != "ol":
        yield from ((child, None, "") for child in inside)
        return
    step = -1 if listed.has_attr("reversed") else 1
    first = 1 if step > 0 else sum(child.name == "li" for child in inside)
    value = number_of(listed, "start", default=first)
    for child in inside:
        if child.name != "li":
            yield child, None, ""
            continue
        value = number_of(child, "value", default=value)
        form = _form(child) or _form(listed) or "decimal"
        is_plain = form == "decimal" and step > 0
        label = in_form(value, form)
        yield child, value if is_plain else None, f"{label}." if label and not is_plain else ""
        value += step


def _form(tag: Tag) -> str:
    told = _STYLE.search(attribute(tag, "style")[:_MAX_STYLE])
    return _FORMS.get(told[1].lower() if told else attribute(tag, "type"), "")
