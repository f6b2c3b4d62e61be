"""The conversation on one open page."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from assistant.dialogue import Turn
from assistant.web.permalinks import SharedAnswer

REMEMBERED = 8  # turns that a follow-up may lean on
ASKED = 50  # questions that are not suggested again
LONGEST_ASKED = 500  # characters; no suggestion is longer


@dataclass(frozen=True, slots=True)
class Conversation:
    """What was said on one open page, as later questions need it.

    Attributes:
        number: How many questions were asked; tells the page that a turn is a new one.
        asked: The questions, so that none is suggested again.
    """

    number: int = 0
    turns: tuple[Turn, ...] = ()
    asked: tuple[str, ...] = ()

    @classmethod
    def recalled(cls, links: str, read: Callable[[str], SharedAnswer | None]) -> "Conversation":
        """Return the conversation that led to these links of answers, one a line.

        What a browser kept is believed only where we signed it; the rest is left out.
        """
        tokens = [its.rpartition("/")[2] for its in links.split()[-REMEMBERED:]]
        answers = [shared.answer for its in tokens if (shared := read(its))]
        asked = tuple(its.question for its in answers)
        return cls(len(answers), tuple(its.turn for its in answers), asked)

    def with_question(self, text: str) -> "Conversation":
        """Return the conversation with a question more."""
        asked = (*self.asked, text[:LONGEST_ASKED])[-ASKED:]
        return replace(self, number=self.number + 1, asked=asked)

    def with_turn(self, turn: Turn) -> "Conversation":
        """Return the conversation with a turn more; the oldest are forgotten."""
        return replace(self, turns=(*self.turns, turn)[-REMEMBERED:])
