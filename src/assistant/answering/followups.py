"""Understand a question that leans on what was said before. Pure.

Whether it does is told by its form: a fragment ("and for minors?"), a bare question word ("why?"),
a pronoun without anything before it that it could stand for ("are they recorded?"), or a word such
as "else". What it leans on is the subject of the question before, in that question's own words.
"""

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.language.languages import LANGUAGES, languages

FRAGMENT = 3
"""The most content words that a fragment has after "and" or a preposition; with more it is a
question of its own."""

BEFORE = 1
"""The most content words before a pronoun that leave it without anything to stand for."""

TOPIC = 8  # words of the earlier question that are carried on

_WORD = re.compile(r"\d+(?:[.,]\d+)+|\w+(?:[’'-]\w+)*")
_YEAR = re.compile(r"(?:19|20)\d\d")
_PARTED = re.compile(r"(?<![\d.,])\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?!\d)")
_LEANING = re.compile(r"(.*?)\s*\(([^()]*)\)")
_GENITIVE = re.compile(r"(?<=\w)'(?:s|re|d|ll|ve)\b")
_ATTACHED = re.compile(r"-(?:t-)?(elles?|ils?|on)\b")
_ELISION = re.compile(r"\b(?:qu|l|d|j|m|n|s|t|c|un|all|dell|nell|sull|dall|quest)[’'](?=\w)")


@dataclass(frozen=True, slots=True)
class _FollowupForms:
    """The forms of one language."""

    pronouns: frozenset[str]
    joins: frozenset[str]
    openers: re.Pattern[str]
    before_asking: re.Pattern[str]
    asking: frozenset[str]
    bare: re.Pattern[str]
    more: frozenset[str]
    inverted: re.Pattern[str]
    outside: re.Pattern[str]
    formal: re.Pattern[str]
    function_words: frozenset[str]


def standalone(
    question: str, history: Sequence[str], language: str, spoken_before: str | None = None
) -> str:
    """Return a question that can be understood without the earlier ones, as it is if it can be.

    `history` holds the earlier questions, each as it was understood, oldest first; the last is in
    the language `spoken_before`, where that is not the question's.
    """
    forms = _forms(language)
    if not history or forms is None or not needs_history(question, language):
        return question
    said = set(_words(question))
    rest = [
        word
        for word in topic(history[-1], spoken_before or language)
        if word.casefold() not in said
    ]
    if any(map(_is_number, said)):  # It takes the place of the one before.
        rest = [word for word in rest if not _is_number(word)]
    elif _turns(_read(question, forms), forms):  # "And for associations?" is of no such size.
        rest = [word for word in rest if not _is_number(word) or _YEAR.fullmatch(word)]
    return f"{question} ({' '.join(rest)})" if rest else question


def needs_history(question: str, language: str) -> bool:
    """Whether a question cannot be understood without what was said before."""
    forms = _forms(language)
    if forms is None:
        return False
    text = _read(question, forms)
    return (
        forms.bare.fullmatch(text) is not None
        or says_nothing(question, language)
        or _is_amount(text.split(), forms)
        or _is_continued(text, forms)
        or _asks_for_more(text, forms)
        or _inverted(text, question, forms)
        or _has_loose_pronoun(forms.outside.sub("-", text).split(), forms)
    )


def _read(question: str, forms: _FollowupForms) -> str:
    return " ".join(_WORD.findall(_plain(forms.formal.sub("-", question))))


def _turns(text: str, forms: _FollowupForms) -> bool:
    """Whether "and", "what about" or a preposition stands before something else to ask it of."""
    opener = forms.openers.match(text)
    if opener is None:
        return False
    rest = text[opener.end() :].split()
    is_before_asking = forms.before_asking.fullmatch(opener[0])  # "In how many countries?"
    return _is_fragment(rest, forms, asks_of=1 if is_before_asking else 0)


def _is_amount(words: Sequence[str], forms: _FollowupForms) -> bool:
    """Whether a number is named, and what it is of is not."""
    others = [word for word in words if not word[0].isdecimal()]
    return len(others) < len(words) and forms.function_words.issuperset(others)


def _is_continued(text: str, forms: _FollowupForms) -> bool:
    """Whether a question goes on with "and", "what about" or a preposition."""
    if _turns(text, forms):
        return True
    joined, *inside = forms.outside.sub("-", text).split() or [""]
    return joined in forms.joins and any(
        word.removeprefix("_") in forms.pronouns for word in inside
    )


def _asks_for_more(text: str, forms: _FollowupForms) -> bool:
    words = text.split()
    content = [word for word in words if word not in forms.function_words]
    return len(content) <= FRAGMENT and any(word in forms.more for word in words)


def topic(question: str, language: str) -> list[str]:
    """Return the words of a question that say what it is about, in its order."""
    forms = _forms(language)
    left_out = forms.function_words | forms.pronouns if forms else frozenset()
    text = _PARTED.sub(
        lambda number: "".join(number[0].split()), _ELISION.sub("", _own(question, forms))
    )
    words = [word for word in _WORD.findall(text) if word.casefold() not in left_out]
    return list(dict.fromkeys(words))[:TOPIC]


def _own(question: str, forms: _FollowupForms | None) -> str:
    """Return a question; of a bare "why?" only what it leans on, which stands in brackets."""
    leaning = _LEANING.fullmatch(question)
    is_bare = leaning and forms and forms.bare.fullmatch(_read(leaning[1], forms))
    return _ATTACHED.sub("", leaning[2] if leaning and is_bare else question)


def _is_fragment(rest: Sequence[str], forms: _FollowupForms, *, asks_of: int) -> bool:
    """Whether few words follow: after a question word, only what is asked of."""
    content = [word for word in rest if word not in forms.function_words and not _is_number(word)]
    asks = bool(rest) and rest[0] in forms.asking
    return len(content) <= (asks_of if asks else FRAGMENT)


def says_nothing(question: str, language: str) -> bool:
    """Whether a text only points at what was said before it: "who?", "and then?", "this"."""
    forms = _forms(language)
    if forms is None:
        return False
    text = _plain(question).strip(" ¿")
    opening = forms.openers.match(text)
    words = _words(text[opening.end() :] if opening else text)
    pointing = forms.function_words | forms.pronouns
    return bool(opening or words) and all(word in pointing for word in words)


def _inverted(text: str, question: str, forms: _FollowupForms) -> bool:
    """Whether a pronoun is the subject of the whole question, with no clause before it."""
    match = forms.inverted.search(forms.outside.sub("-", text))
    return match is not None and "," not in question


def _has_loose_pronoun(words: Sequence[str], forms: _FollowupForms) -> bool:
    content = 0
    for at, word in enumerate(words):
        if word[1:] in forms.pronouns and word[0] == "_" and not content:
            return True  # After a noun it only repeats it: "la dette est-elle …".
        if word in forms.pronouns and (content <= BEFORE or at == len(words) - 1):
            return True
        content += word not in forms.function_words and word != "-"
    return False


def _is_number(word: str) -> bool:
    return word[0].isdecimal() and word[-1].isdecimal()


def _words(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(_ELISION.sub("", text))]


def _plain(text: str) -> str:
    straight = _ELISION.sub("", text.casefold().replace("’", "'"))
    return _ATTACHED.sub(r" _\1", _GENITIVE.sub("", straight))


@functools.cache
def _forms(language: str) -> _FollowupForms | None:
    if language not in LANGUAGES:
        return None
    forms = languages()[language].followups
    return _FollowupForms(
        pronouns=frozenset(forms["pronouns"].split()),
        joins=frozenset(forms["joins"].split()),
        openers=re.compile(rf"(?:{forms['openers']})\b"),
        before_asking=re.compile(languages()[language].before_question_words),
        asking=frozenset(forms["asking"].split()),
        bare=re.compile(
            rf"(?:(?:{forms['openers']}) )?(?:{forms['bare']})(?: (?:{forms['bare']}))*"
        ),
        more=frozenset(forms["more"].split("|")),
        inverted=re.compile(rf"\b(?:{forms['inverted']})\b"),
        outside=re.compile(rf"\b(?:{forms['outside']})\b"),
        # Only a capital inside a sentence tells "you" from "she" or "they", as in German.
        formal=re.compile(rf"(?<=[\w,;:] )(?:{forms['formal']})\b"),
        function_words=languages()[language].function_words | set(forms["asking"].split()),
    )
