"""What was said so far, as later questions need it; the browser keeps it, signed by us.

The server remembers nobody: a page sends back what it was given with the answer before, and what
is not signed by us is not believed.
"""

from dataclasses import dataclass, replace
from typing import Any

from itsdangerous import BadData, URLSafeSerializer

from assistant.domain.corpus import DocumentId
from assistant.domain.dialogue import Turn

REMEMBERED = 8  # turns that a follow-up may lean on
ASKED = 50  # questions that are not suggested again
LONGEST_ASKED = 500  # characters; no suggestion is longer
LONGEST_QUOTE = 1500  # characters of a turn's quotes; what is repeated is told by less
LONGEST = 40_000  # characters of a token
_VERSION = 1


@dataclass(frozen=True, slots=True)
class Conversation:
    """What was said on one page.

    Attributes:
        turns: The last questions with what came of them, oldest first.
        asked: All questions, so that none is suggested again.
    """

    turns: tuple[Turn, ...] = ()
    asked: tuple[str, ...] = ()

    def with_turn(self, question: str, turn: Turn) -> "Conversation":
        """Return the conversation with one more turn; the oldest are forgotten."""
        asked = (*self.asked, question[:LONGEST_ASKED])[-ASKED:]
        return Conversation((*self.turns, turn)[-REMEMBERED:], asked)


class Conversations:
    """Writes conversations as tokens, and reads them."""

    def __init__(self, key: bytes) -> None:
        self._serializer = URLSafeSerializer(key, salt="conversation")

    def token(self, conversation: Conversation) -> str:
        """Return a conversation as a token; the oldest turns are left out where it grows long."""
        while True:
            written = self._serializer.dumps(_fields(conversation))
            text = written if isinstance(written, str) else written.decode()
            if len(text) <= LONGEST:
                return text
            if not conversation.turns:
                return ""
            conversation = replace(
                conversation, turns=conversation.turns[1:], asked=conversation.asked[-REMEMBERED:]
            )

    def read(self, token: str) -> Conversation:
        """Return the conversation of a token; an empty one where it is none of ours."""
        if not token or len(token) > LONGEST:
            return Conversation()
        try:
            return _conversation(self._serializer.loads(token))
        except (BadData, KeyError, TypeError, ValueError):
            return Conversation()


def _fields(conversation: Conversation) -> dict[str, Any]:
    return {
        "version": _VERSION,
        "turns": [
            [turn.question, turn.language, _bounded(turn.quotes), list(turn.documents)]
            for turn in conversation.turns
        ],
        "asked": list(conversation.asked),
    }


def _bounded(quotes: tuple[str, ...]) -> list[str]:
    kept, left = list[str](), LONGEST_QUOTE
    for quote in quotes:
        if len(quote) > left:
            break
        kept.append(quote)
        left -= len(quote)
    return kept


def _conversation(fields: dict[str, Any]) -> Conversation:
    if fields["version"] != _VERSION:
        raise ValueError(fields["version"])
    turns = tuple(
        Turn(question, language, tuple(quotes), tuple(map(DocumentId, documents)))
        for question, language, quotes, documents in fields["turns"]
    )
    return Conversation(turns, tuple(fields["asked"]))
