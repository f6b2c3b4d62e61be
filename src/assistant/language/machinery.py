"""What errors and reports of runs say, in another language than the English they are made in. Pure.

Such a message travels as text: through records of runs, between processes, into the log. So what a
language has is the form of each message with its places named, and a message is known by its form.
"""

import functools
import re
from collections.abc import Sequence

from assistant.language.languages import languages
from assistant.language.wording import staff_wording

_PLACE = re.compile(r"\\{(\w+)\\}")
_NUMBERS = frozenset(
    (
        "all",
        "count",
        "had",
        "least",
        "many",
        "most",
        "packed",
        "seconds",
        "size",
        "status",
        "unpacked",
    )
)
_MESSAGES = frozenset(("form", "program", "reason"))
_QUOTED = re.compile(r"('[^']*'|\"[^\"]*\") (.+)", re.DOTALL)
_LONGEST = 2000  # characters of a message that is looked at
_PARTED = "; "


def translated(message: str, language: str) -> str | None:
    """Return a message in a language, or None where that has no words for it.

    What stands in a message is left as it is, and so is what it is about, before a colon; but
    messages in it are translated too: a `{reason}`, say, or `{reasons}`, which are several.
    """
    if len(message) > _LONGEST:
        return None
    for form, words in _forms(language):
        if found := form.fullmatch(message):
            values = found.groupdict()
            return words.format(**{name: _value(name, values[name], language) for name in values})
    return _of_something(message, language)


def _of_something(message: str, language: str) -> str | None:
    """Return a message that begins with what it is about: "a.pdf: is …", "'a.doc' is …"."""
    quoted = _QUOTED.fullmatch(message)
    named, rest = quoted.groups() if quoted else message.partition(": ")[::2]
    told = translated(rest, language) if rest else None
    if not told or quoted:
        return told and f"{named} {told}"
    return staff_wording(language)("format.pair", name=named, value=told)


@functools.cache
def _forms(language: str) -> Sequence[tuple[re.Pattern[str], str]]:
    """Return the patterns of messages with their words, those that fix most first."""
    known = languages().get(language)
    listed = sorted(
        known.machinery.items() if known else (), key=lambda each: -len(_fixed(each[0]))
    )
    return [
        (re.compile(_PLACE.sub(_place, re.escape(form)), re.DOTALL), words)
        for form, words in listed
    ]


def _place(found: re.Match[str]) -> str:
    return f"(?P<{found[1]}>{'[0-9.]+' if found[1] in _NUMBERS else '.+?'})"


def _fixed(form: str) -> str:
    return re.sub(r"\{\w+\}", "", form)


def _value(name: str, value: str, language: str) -> str:
    if name == "reasons":
        return _PARTED.join(_each(value.split(_PARTED), language))
    return (translated(value, language) or value) if name in _MESSAGES else value


def _each(pieces: Sequence[str], language: str) -> list[str]:
    """Return messages that were joined, each in the language; one may hold what joins them."""
    if not pieces:
        return []
    for many in range(len(pieces), 0, -1):
        if told := translated(_PARTED.join(pieces[:many]), language):
            return [told, *_each(pieces[many:], language)]
    return [pieces[0], *_each(pieces[1:], language)]
