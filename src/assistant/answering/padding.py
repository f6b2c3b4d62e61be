"""Leave out of a question what is only said to be polite. Pure.

"Hello, sorry to bother you, could you maybe tell me what the fee is?" asks what the fee is. What is
left begins a question: where it would begin with "and" or a preposition, which make it lean on the
one before, the words around it stay.
"""

import functools
import re

from assistant.language.languages import LANGUAGES, languages
from assistant.language.words import whole

_BETWEEN = " ,.;:!…–—-\u00a0"
_OPEN = "¿¡ "


def without_padding(text: str, language: str) -> str:
    """Return a question without polite words before and behind it, as it is if nothing is left."""
    if language not in LANGUAGES:
        return text
    before, behind, openers = _patterns(language)
    rest = _cut_behind(_cut_before(text, before), behind)
    if not any(char.isalnum() for char in rest) or openers.match(_lowered(rest)):
        return text
    return rest


def _cut_before(text: str, pattern: re.Pattern[str]) -> str:
    rest = text.lstrip(_BETWEEN + _OPEN)
    while found := pattern.match(_lowered(rest)):
        rest = rest[found.end() :].lstrip(_BETWEEN + _OPEN)
    return rest if len(rest) < len(text.lstrip(_BETWEEN + _OPEN)) else text


def _cut_behind(text: str, pattern: re.Pattern[str]) -> str:
    mark = "?" if "?" in text else ""
    rest = text
    while found := pattern.search(_lowered(rest)):
        rest = rest[: found.start()]
    return rest if rest == text else rest.rstrip(_BETWEEN + "?") + mark


def _lowered(text: str) -> str:
    """Return a text in lower case that is as long: a few letters have none of one letter."""
    lower = "".join(char.lower() if len(char.lower()) == 1 else char for char in text)
    return lower.replace("’", "'")


@functools.cache
def _patterns(language: str) -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    known = languages()[language]
    behind = whole(known.requests["padding_behind"]).pattern
    return (
        whole(known.requests["padding_before"]),
        re.compile(rf"(?:^|[\s,;.!?]){behind}[\s.,!?]*$"),
        whole(known.followups["openers"]),
    )
