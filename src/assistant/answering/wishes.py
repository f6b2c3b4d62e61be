"""Hear a wish about the answer before: in another language, or more of it. Pure.

Neither names a subject of its own, so it means what was last spoken of.
"""

import functools
import re
from dataclasses import dataclass

from assistant.answering.language_names import named_languages
from assistant.language.languages import LANGUAGES, languages
from assistant.language.words import whole

_PARTS = re.compile(r"(?<=[.!?:;])\s+")
_WORD = re.compile(r"\w+(?:['-]\w+)*")


@dataclass(frozen=True, slots=True)
class LanguageWish:
    """The language that an answer is wanted in.

    Attributes:
        question: What is asked in the same breath; empty where the question before is meant.
    """

    language: str
    question: str = ""


def wished_language(text: str, told: str, *, follows: bool) -> LanguageWish | None:
    """Return the language that an answer is wanted in, None where a text wants none.

    `told` is the language of the text as far as that is known: "auf Deutsch bitte" is said in
    conversations of any. The name of a language alone is a wish only where the text `follows`
    something.
    """
    parts = [part for part in _PARTS.split(text) if _plain(part)]
    for spoken in dict.fromkeys((told, *LANGUAGES)):
        wished = [_wished(part, spoken) for part in parts] if spoken in LANGUAGES else []
        named = [each for each in wished if each]
        if named and (follows or len(_plain(text).split()) > 1):
            rest = [part for part, each in zip(parts, wished, strict=True) if each is None]
            return LanguageWish(named[-1], " ".join(rest))
    return None


def wants_more(text: str, *spoken: str) -> bool:
    """Whether a text only asks to go on, in one of the languages."""
    plain = _plain(text)
    return any(_forms(each).more.fullmatch(plain) for each in spoken if each in LANGUAGES)


def _wished(part: str, spoken: str) -> str | None:
    """Return the language that a part wishes for, empty where it only asks kindly, else None."""
    plain, forms = _plain(part), _forms(spoken)
    named = forms.named.search(plain)
    beside = f"{plain[: named.start()]} {plain[named.end() :]}" if named else plain
    if forms.beside.sub(" ", beside).split():
        return None
    return named_languages(spoken).code(named["language"]) if named else ""


@dataclass(frozen=True, slots=True)
class _WishForms:
    """The patterns of one language."""

    named: re.Pattern[str]
    beside: re.Pattern[str]
    more: re.Pattern[str]


@functools.cache
def _forms(language: str) -> _WishForms:
    known = languages()[language]
    into = known.requests["in_language"]
    return _WishForms(
        whole(rf"(?:(?:{into}) )?(?P<language>{named_languages(language).any_name})"),
        whole(known.followups["beside_language"]),
        whole(known.followups["go_on"]),
    )


def _plain(text: str) -> str:
    return " ".join(_WORD.findall(text.casefold().replace("’", "'")))
