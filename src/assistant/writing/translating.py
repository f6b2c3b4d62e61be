"""Have a chat model translate a passage, and show the translation only where it can be held.

What is checked is what can be told between two languages: numbers, dates, units and names, the form
and the length of the text, and that it is in the language that was asked for. Whether each word is
well chosen nobody checks: the original counts, and stands above it.
"""

import functools
import logging
import re
import secrets
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from babel import Locale, UnknownLocaleError
from rapidfuzz import fuzz

from assistant.domain.blocks import Form, lines
from assistant.domain.ports import LanguageDetector
from assistant.language.languages import LANGUAGES, capitalises_nouns
from assistant.language.spelling import has_form
from assistant.writing import asking, prompting
from assistant.writing.asking import Asker, Trouble, TroubleError
from assistant.writing.statements import CheckedText, statement
from assistant.writing.vocabulary import fold, stem

LONGEST = 2000
"""Characters of a passage: a translation of more does not fit into the tokens that a model has for
an answer. Excerpts are shorter, but for a long table."""

SHORTEST_SHARE, LONGEST_SHARE = 0.4, 2.5  # of the length of the original
LONG_ENOUGH = 40  # characters whose language can be told for certain
NAME = 4  # letters; shorter ones are titles and initials, which are translated: "Ms", "EU"
ALIKE, ALIKE_IN_SMALL = 50, 65
"""How like a name must be to a word with a capital in the other language, and to one without, of
100: "Antwerpen" and "Anvers" are 53, "Belgian" and "belge" 67, "Peeters" and "Pauwels" 43."""

_WORD = re.compile(r"[^\W\d_]+")
_MARKUP = re.compile(r"\]\(|<[\w/!]|!\[|\*\*|__|`")
_ADDRESS = re.compile(
    r"(?:https?:|www\.)\S+|[\w.+-]+@[\w.-]+|\b[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}\b(?:/\S*)?",
    re.IGNORECASE,
)
_END = re.compile(r"[.!?…:;][\s\"'»”’)\]]*$")

log = logging.getLogger(__name__)


class Doubt(StrEnum):
    """Why a translation is not shown."""

    LENGTH = "it is much shorter or longer than the passage"
    MARKUP = "it holds markup, or an address that does not stand in the passage"
    FORM = "its paragraphs, items or rows are not those of the passage"
    END = "it breaks off"
    LANGUAGE = "it is in another language than was asked for"
    NUMBER = "its numbers are not those of the passage"
    UNIT = "a number has another unit in the passage"
    DATE = "its dates are not those of the passage"
    NAME = "its names are not those of the passage"


@dataclass(frozen=True, slots=True)
class MachineTranslation:
    """A translation that passed its checks."""

    text: str


@dataclass(frozen=True, slots=True)
class Translator:
    """Has the model that writes translate, within the same limits. Safe to use from threads.

    Attributes:
        asker: The model with its budget, its breaker and its places.
        seconds: The time a translation may take.
        token: Returns 16 random hexadecimal digits; a new fence for every prompt.
    """

    asker: Asker
    detect_language: LanguageDetector
    seconds: float
    token: Callable[[], str] = lambda: secrets.token_hex(8)

    def translate(
        self, passage: str, spoken: str, language: str
    ) -> MachineTranslation | Doubt | Trouble:
        """Return a passage that is `spoken` in one language in another, or why there is none."""
        if len(passage) > LONGEST:
            return Doubt.LENGTH
        messages = prompting.translation_prompt(passage, language, self.token())
        try:
            text = "".join(asking.pieces(self.asker, messages, self.seconds)).strip()
        except TroubleError as exc:
            self.asker.watch.gave_up(exc.trouble)
            log.warning("the chat model translated nothing: %s", exc)
            return exc.trouble
        doubt = doubt_of(text, language, passage, spoken)
        if doubt is None and self._is_in_another(text, language, spoken):
            doubt = Doubt.LANGUAGE
        if doubt is not None:
            log.info("withheld a translation: %s", doubt)
            return doubt
        return MachineTranslation(text)

    def _is_in_another(self, text: str, language: str, spoken: str) -> bool:
        # Of what is unclear, a long text was probably left as it was.
        fallback = spoken if len(text) >= LONG_ENOUGH else language
        return self.detect_language(text, fallback=fallback) != language


def doubt_of(text: str, language: str, passage: str, spoken: str) -> Doubt | None:
    """Return what speaks against a translation of a passage, None where nothing does. Pure."""
    share = len(text) / max(1, len(passage.strip()))
    if not SHORTEST_SHARE <= share <= LONGEST_SHARE:
        return Doubt.LENGTH
    said, there = statement(text, language), statement(passage, spoken)
    found = {
        Doubt.MARKUP: _has_other_markup(text, passage),
        Doubt.FORM: _forms(text) != _forms(passage),
        Doubt.END: bool(_END.search(passage)) and not _END.search(text),
        Doubt.NUMBER: Counter(said.order) != Counter(there.order),
        Doubt.UNIT: _has_other_units(said, there),
        Doubt.DATE: _has_other_dates(said.months, there.months),
        Doubt.NAME: _has_other_names(text, language, passage, spoken),
    }
    return next((doubt for doubt, is_so in found.items() if is_so), None)


def _has_other_markup(text: str, passage: str) -> bool:
    """Whether there is markup, or an address that does not stand in the passage."""
    addresses = (found.rstrip(".,;:)") for found in _ADDRESS.findall(text))
    return bool(_MARKUP.search(text)) or any(each not in passage for each in addresses)


def _forms(text: str) -> Counter[Form]:
    """Count the blocks: what is a heading in the passage may be a paragraph of its own."""
    found = Counter[Form]()
    for line in lines(text):
        if line.form in {Form.ITEM, Form.ROW}:
            found[line.form] += 1
        elif line.form is not Form.RULE and (line.form is not Form.PARAGRAPH or line.after_blank):
            found[Form.PARAGRAPH] += 1
    return found


def _has_other_units(said: CheckedText, there: CheckedText) -> bool:
    """Whether a number that has a unit in both languages has not the same one."""
    units = [_units(each) for each in (said, there)]
    both = units[0].keys() & units[1].keys()
    return any(not units[0][value] & units[1][value] for value in both)


def _units(text: CheckedText) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for value, unit in text.measures:
        found.setdefault(value, set()).add(unit)
    return found


def _has_other_dates(said: frozenset[str], there: frozenset[str]) -> bool:
    """Whether months differ, or days of the week: of these, "les lundis" is not told as one."""
    days = [{each for each in told if each.startswith("day ")} for told in (said, there)]
    return said - days[0] != there - days[1] or not (days[0] <= days[1] or days[1] <= days[0])


def _has_other_names(text: str, language: str, passage: str, spoken: str) -> bool:
    """Whether a name of one text has nothing like it in the other, as far as that can be told."""
    text, passage = _without_countries(text, language, passage, spoken)
    said, there = _proper(text, language), _proper(passage, spoken)
    return not all(
        [*(_is_there(name, passage) for name in said), *(_is_there(name, text) for name in there)]
    )


def _proper(text: str, language: str) -> list[str]:
    """Return the names that are no words of the language: "Council" and "London" are translated.

    In a language whose nouns all have capitals, a name cannot be told from a noun.
    """
    if language not in LANGUAGES or capitalises_nouns(language):
        return []
    names = (each for each in statement(text, language).names if len(each) >= NAME)
    return [each for each in names if not has_form(each, language)]


def _is_there(name: str, other: str) -> bool:
    for word in _WORD.findall(other):
        plain = fold(word)
        least = ALIKE if word[0].isupper() else ALIKE_IN_SMALL
        if stem(plain) == stem(name) or (
            plain[:1] == name[:1] and fuzz.ratio(plain, name) >= least
        ):
            return True
    return False


def _without_countries(text: str, language: str, passage: str, spoken: str) -> tuple[str, str]:
    """Return both without the names of countries and languages that stand in both."""
    ours, theirs = dict(_called(language)), dict(_called(spoken))
    for code in ours.keys() & theirs.keys():
        if (
            ours[code].casefold() in text.casefold()
            and theirs[code].casefold() in passage.casefold()
        ):
            text, passage = _without(ours[code], text), _without(theirs[code], passage)
    return text, passage


def _without(name: str, text: str) -> str:
    return re.sub(rf"\b{re.escape(name)}\b", "", text, flags=re.IGNORECASE)


@functools.cache
def _called(language: str) -> tuple[tuple[str, str], ...]:
    """Return what countries and languages are called in a language, by their codes."""
    try:
        return tuple(_names_of(Locale.parse(language)))
    except (UnknownLocaleError, ValueError):  # of a document whose language nobody knows
        return ()


def _names_of(locale: Locale) -> Iterator[tuple[str, str]]:
    for kind, names in (("country", locale.territories), ("language", locale.languages)):
        yield from ((f"{kind} {code}", str(name)) for code, name in names.items())
