"""What a site that shows the compact chat may wish: by the address of its frame. Pure.

All of it is text from outside: bounded here, and escaped where it is shown.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from assistant.domain.corpus import Kind
from assistant.language.wording import Wording

MOST_QUESTIONS = 4
LONGEST_QUESTION = 150  # characters
LONGEST_TOPIC = 80
LONGEST_GREETING = 300


@dataclass(frozen=True, slots=True)
class HostWishes:
    """What the chat begins with; a member can change all of it but the greeting.

    Attributes:
        questions: What is offered to ask, before our own suggestions.
        kinds: The kinds of documents that are searched.
        languages: The languages of the documents that are searched.
    """

    greeting: str = ""
    questions: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()


def read(query: Mapping[str, str], words: Wording) -> HostWishes:
    """Return the wishes in an address; what cannot be met is left out."""
    topic = _plain(query.get("topic", ""), LONGEST_TOPIC)
    about = [words("samples.about", topic=topic)] if topic else []
    asked = query.get("questions", "").split("|")
    questions = [its for text in asked if (its := _plain(text, LONGEST_QUESTION))]
    known = {kind.value for kind in Kind}
    return HostWishes(
        greeting=_plain(query.get("greeting", ""), LONGEST_GREETING),
        questions=(*about, *questions)[:MOST_QUESTIONS],
        kinds=tuple(each for each in _list(query.get("kinds", "")) if each in known),
        languages=_list(query.get("languages", "")),
    )


def _plain(text: str, longest: int) -> str:
    printable = "".join(char if char.isprintable() else " " for char in text)
    return " ".join(printable.split())[:longest]


def _list(text: str) -> tuple[str, ...]:
    return tuple(its for part in text[:200].split(",") if (its := part.strip().lower()))
