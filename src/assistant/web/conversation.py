"""What a page is told: the conversation so far, and what is published."""

from dataclasses import dataclass, replace
from datetime import date

from assistant.corpus import Source
from assistant.dialogue import Turn

REMEMBERED = 8  # turns that a follow-up may lean on


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

    def with_question(self, text: str) -> "Conversation":
        """Return the conversation with a question more."""
        return replace(self, number=self.number + 1, asked=(*self.asked, text))

    def with_turn(self, turn: Turn) -> "Conversation":
        """Return the conversation with a turn more; the oldest are forgotten."""
        return replace(self, turns=(*self.turns, turn)[-REMEMBERED:])


@dataclass(frozen=True, slots=True)
class Publication:
    """What is published: how many documents in which languages, since when.

    Attributes:
        newest: The newest documents of the language asked for.
    """

    documents: int
    day: date
    languages: tuple[str, ...] = ()
    newest: tuple[Source, ...] = ()
