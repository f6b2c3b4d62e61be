"""Leave out of a question what is only said to be polite, or is the story before it. Pure.

"Hello, sorry to bother you, could you maybe tell me what the fee is?" asks what the fee is. What is
left begins a question: where it would begin with "and" or a preposition, which make it lean on the
one before, the words around it stay.
"""

import functools
import re

from assistant.language.languages import LANGUAGES, languages
from assistant.language.sentences import sentence_spans
from assistant.language.words import whole

_BETWEEN = " ,.;:!…–—-\u00a0"
_OPEN = "¿¡ "
_ELIDED = re.compile(r"^\w{0,2}['’](?=\w)")

_CLAUSES = re.compile(r"[,;:–—-]\s+")
CLAUSE = 3
"""The fewest words of a clause that asks by itself."""

CLAUSES = 12
"""The most commas that are looked behind: of a hostile text, not all."""

STORY = 25
"""The fewest words of a text in which a story may drown what is asked at its end."""

TOPIC = 6
"""The most words of a topic that information is looked for on; more say what is asked."""


def without_padding(text: str, language: str) -> str:
    """Return a question without polite words before and behind it, as it is if nothing is left."""
    if language not in LANGUAGES:
        return text
    before, behind, openers = _patterns(language)
    rest = _cut_behind(_cut_before(text, before), behind)
    if not any(char.isalnum() for char in rest) or openers.match(_lowered(rest)):
        return text
    return rest


def without_story(text: str, language: str) -> list[str]:
    """Return what a long text asks at its end, behind the sentence before it; nothing of others.

    A sentence asks with a question mark, or with words such as "my question is".
    """
    if language not in LANGUAGES or len(text.split()) < STORY:
        return []
    sentences = [text[span.start : span.end] for span in sentence_spans(text, language)]
    asking = [at for at, each in enumerate(sentences) if each.endswith("?")]
    asking = asking or [at for at, each in enumerate(sentences) if _asks(each, language)]
    if not asking:
        return []
    before = sentences[: asking[-1]]
    clause = _last_clause(sentences[asking[-1]], language)
    return [*before[-1:], clause] if before or clause != text else []


def _asks(sentence: str, language: str) -> bool:
    return without_padding(sentence, language) != sentence


def _last_clause(sentence: str, language: str) -> str:
    """Return what is asked behind the last comma that an asking word or a polite one follows."""
    before, *_ = _patterns(language)
    _, asking = _seeking(language)
    for mark in reversed(list(_CLAUSES.finditer(sentence))[-CLAUSES:]):
        rest = sentence[mark.end() :]
        if len(rest.split()) >= CLAUSE and (
            before.match(_lowered(rest)) or asking.match(_lowered(rest).lstrip(_OPEN))
        ):
            return without_padding(rest, language)
    return without_padding(sentence, language)


def sought(text: str, language: str) -> tuple[str, bool]:
    """Return what information is looked for "about", and whether that is a topic, no question.

    A text that looks for none is returned as it is.
    """
    if language not in LANGUAGES:
        return text, False
    seeking, asking = _seeking(language)
    rest = _cut_before(text, seeking)
    if rest == text or not any(char.isalnum() for char in rest):
        return text, False
    rest = _ELIDED.sub("", rest)
    is_topic = len(rest.split()) <= TOPIC and not asking.match(_lowered(rest))
    return (rest.rstrip(_BETWEEN + "?"), True) if is_topic else (rest, False)


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
def _seeking(language: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return patterns of looking for information about something, and of how a question begins."""
    known = languages()[language]
    seeking, about = (whole(known.requests[name]).pattern for name in ("seeking", "about"))
    article = whole("|".join(known.before_nouns)).pattern
    asks = rf"(?:(?:{known.before_question_words}) )?(?:{known.question_words})"
    return re.compile(rf"{seeking} (?:{about}(?: {article})?|\w{{2,4}}ll'(?=\w))"), whole(asks)


@functools.cache
def _patterns(language: str) -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    known = languages()[language]
    behind = whole(known.requests["padding_behind"]).pattern
    return (
        whole(known.requests["padding_before"]),
        re.compile(rf"(?:^|[\s,;.!?]){behind}[\s.,!?]*$"),
        whole(known.followups["openers"]),
    )
