"""Two questions in one: each wants its own answer. Pure."""

import re

from assistant.language.languages import in_all, languages

_AND = "|".join(word for each in languages().values() for word in sorted(each.and_words))
_END = re.compile(r"(?<=\?)\s+(?=\S)")
_JOINT = re.compile(
    rf",?\s+(?:{_AND})\s+(?=(?:(?:{in_all('before_question_words')})\s+)?"
    rf"(?:{in_all('question_words')})\b)",
    re.IGNORECASE,
)
FEWEST = 2
"""Words that a question has at least; less is part of the one beside it."""

MOST = 3


def questions_in(text: str) -> list[str]:
    """Return the questions that a text is made of, in order; one alone is the text itself."""
    whole = [question for part in _END.split(text) for question in _JOINT.split(part)]
    asked = [part.strip(" ,.") for part in whole]
    if not 1 < len(asked) <= MOST or any(len(part.split()) < FEWEST for part in asked):
        return [text]
    return [part if part.endswith("?") else f"{part}?" for part in asked]
