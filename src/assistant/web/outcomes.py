"""How a question ended, in words of closed sets: what metrics and traces tell of it. Pure."""

from typing import NamedTuple

from assistant.domain.dialogue import Answer
from assistant.domain.errors import QuestionError
from assistant.language.languages import LANGUAGES

OTHER = "other"
"""Any language that the assistant has no words of its own in."""


class Ended(NamedTuple):
    """How a question ended.

    Attributes:
        outcome: That of the answer; without one `unusable` (too long, say), `failed`, or `left`
            where whoever asked did not wait.
        reason: Why it was refused, as far as it is known.
        language: Of the question.
        mode: Where the words of the answer come from.
    """

    outcome: str
    reason: str = ""
    language: str = ""
    mode: str = ""


LEFT = Ended("left")


def ended(answer: Answer) -> Ended:
    """Return how a question with an answer ended."""
    language = answer.language if answer.language in LANGUAGES else OTHER
    return Ended(answer.outcome, answer.cause or "", language, answer.mode)


def failed(exc: Exception) -> Ended:
    """Return how a question without an answer ended."""
    return Ended("unusable" if isinstance(exc, QuestionError) else "failed")
