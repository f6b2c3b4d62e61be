"""The words that the checks of written sentences know, folded. Pure."""

import functools
import json
import re
from dataclasses import dataclass
from importlib.resources import files

from assistant.language import words
from assistant.language.languages import languages

FACTS_FILE = "checks.json"

STEM = 5
"""Words are the same that begin with the same five letters: inflection, in all our languages."""

SHORTEST = 3  # letters that stay of a short word when its ending is taken off: "page", "pages"

_DOUBLED = re.compile(r"([^\W\d_])\1")


@dataclass(frozen=True, slots=True)
class CheckedWords:
    """What `checks.json` and the files of the languages hold."""

    negators: dict[str, frozenset[str]]
    opposites: dict[str, tuple[re.Pattern[str], ...]]
    shared: tuple[re.Pattern[str], ...]
    units: dict[str, str]
    numbers: dict[str, str]
    months: dict[str, str]
    weekdays: dict[str, str]
    soft: frozenset[str]
    joints: frozenset[str]
    openings: frozenset[str]
    articles: frozenset[str]
    conjunctions: dict[str, frozenset[str]]
    phrases: tuple[tuple[re.Pattern[str], str], ...]
    function_words: dict[str, frozenset[str]]


@functools.cache
def vocabulary() -> CheckedWords:
    """Read the words once."""
    package = files("assistant")
    read = json.loads((package / "writing" / FACTS_FILE).read_text(encoding="utf-8"))
    known = languages()
    return CheckedWords(
        negators={code: folded(language.checks["negators"]) for code, language in known.items()},
        opposites={code: _sides(language.checks["opposites"]) for code, language in known.items()},
        shared=_sides(read["bounds"]),
        units=_inverted(read["units"]),
        numbers=_inverted(read["numbers"]),
        months=_inverted(read["months"]),
        weekdays=_inverted(read["weekdays"]),
        soft=folded(read["soft"]),
        joints=folded(read["joints"]),
        openings=folded(read["openings"]),
        articles=folded(read["articles"]),
        conjunctions={
            code: folded(" ".join(language.and_words)) for code, language in known.items()
        },
        phrases=tuple(
            (re.compile(rf"\b(?:{each})\b", re.IGNORECASE), plain)
            for plain, each in read["phrases"].items()
        ),
        function_words={
            code: folded(" ".join(language.function_words))
            | folded(language.checks["function words"])
            for code, language in known.items()
        },
    )


def fold(word: str) -> str:
    """Return a word without capitals, accents and typographic apostrophes."""
    return words.fold(word.replace("’", "'"))


def stem(word: str) -> str:
    """Return the beginning of a folded word, by which words are the same.

    A doubled letter counts once: "betaalt" is of "betalen".
    """
    word = _DOUBLED.sub(r"\1", word)
    if len(word) <= STEM + 1:
        word = word[:SHORTEST] + word[SHORTEST:].rstrip("senr")
    return word[:STEM]


def folded(words: str) -> frozenset[str]:
    """Return the words of a line, folded."""
    return frozenset(map(fold, words.split()))


def _sides(sides: list[str]) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(fold(side).replace("*", r"\w*")) for side in sides)


def _inverted(groups: dict[str, str]) -> dict[str, str]:
    return {fold(word): name for name, words in groups.items() for word in words.split()}
