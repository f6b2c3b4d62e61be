"""How a question ended, in words of closed sets: what metrics and traces tell of it. Pure."""

from typing import NamedTuple

from assistant.domain.dialogue import Answer
from assistant.domain.errors import QuestionError


class Ended(NamedTuple):
    """How a question ended.

    Attributes:
        outcome: That of the answer; without one `unusable` (too long, say), `failed`, or `left`
            where whoever asked did not wait.
        reason: Why it was refused, as far as it is known.
        language: Of the answer: one that the assistant has words of its own in.
        mode: Where the words of the answer come from.
    """

    outcome: str
    reason: str = ""
    language: str = ""
    mode: str = ""


LEFT = Ended("left")


def ended(answer: Answer) -> Ended:
    """Return how a question with an answer ended."""
    return Ended(answer.outcome, answer.cause or "", answer.language, answer.mode)


def failed(exc: Exception) -> Ended:
    """Return how a question without an answer ended."""
    return Ended("unusable" if isinstance(exc, QuestionError) else "failed")
