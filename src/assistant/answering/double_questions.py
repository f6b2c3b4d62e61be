"""Two questions in one: each wants its own answer. Pure."""

import functools
import re
from collections.abc import Iterator

from assistant.language.languages import in_all, languages

_QUESTION = rf"(?:(?:{in_all('before_question_words')})\s+)?(?:{in_all('question_words')})\b"
_AND = "|".join(
    rf"(?:{'|'.join(sorted(each.and_words))})"
    rf"(?=\s+(?:(?:{each.before_question_words})\s+)?(?:{each.question_words})\b)"
    for each in languages().values()
)
"""What joins two questions of one language: the Dutch "en" is Spanish for "in"."""
_END = re.compile(
    rf"(?:^|[,;]?\s+)\d[.)]\s+(?={_QUESTION})|;\s+(?={_QUESTION})|(?<=\?)\s+(?=\S)",
    re.IGNORECASE,
)
"""Where a question ends: at its mark, and at a number or a semicolon before a question word."""
_JOINT = re.compile(rf",?\s+(?P<and>{_AND})\s+", re.IGNORECASE)
_OPEN = [
    (each.and_words, rf"(?:{each.question_words})(?:\s+(?:{each.after_question_words}))?")
    for each in languages().values()
]
"""How a question word that asks for nothing yet ends the words before each "and"."""
_TOPIC = re.compile(r"(?<=\?)\s+\([^()]*\)$")
"""What a question leans on, as `followups.standalone` puts it behind: no question of its own."""
FEWEST = 2
"""Words that a question has at least; less is part of the one beside it."""

MOST = 3


def questions_in(text: str) -> list[str]:
    """Return the questions that a text is made of, in order; one alone is the text itself.

    What stands in brackets behind them belongs to each.
    """
    if topic := _TOPIC.search(text):
        parts = questions_in(text[: topic.start()])
        return [part + topic[0] for part in parts] if len(parts) > 1 else [text]
    parts = [part for part in _END.split(text) if part.strip()]
    whole = [question for part in parts for question in _clauses(part)]
    asked = [part.strip(" ,.") for part in whole]
    if not 1 < len(asked) <= MOST or any(len(part.split()) < FEWEST for part in asked):
        return [text]
    return [part if part.endswith("?") else f"{part}?" for part in asked]


def _clauses(text: str) -> Iterator[str]:
    """Yield what is joined by "and"; "where and when it is" is one, "where" alone asks nothing."""
    start = 0
    for joint in _JOINT.finditer(text):
        if not _open(joint["and"].casefold()).search(text[start : joint.start()]):
            yield text[start : joint.start()]
            start = joint.end()
    yield text[start:]


@functools.cache
def _open(word: str) -> re.Pattern[str]:
    """Return a pattern of a question word at the end, in the languages that have this "and"."""
    sources = "|".join(source for words, source in _OPEN if word in words)
    return re.compile(rf"(?<!\w)(?:{sources})$", re.IGNORECASE)
