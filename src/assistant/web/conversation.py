"""The conversation on one open page."""

from dataclasses import dataclass, replace

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
