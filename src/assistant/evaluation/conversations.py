"""Scripted conversations: what is said, how each turn must end, and words it must hold.

A YAML file: a list of mappings with `language` and `turns`; a turn has `say`, `outcome` (answered,
refused, listed or spoken) and, if wanted, `holds`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from assistant.answering.assistant import Assistant
from assistant.domain.dialogue import Answer, Outcome, Question, Turn
from assistant.domain.errors import InputError, QuestionError
from assistant.files import why_unread
from assistant.language.wording import wording


@dataclass(frozen=True, slots=True)
class ExpectedTurn:
    """One thing said, and what is expected of the answer."""

    say: str
    outcome: Outcome
    holds: str


@dataclass(frozen=True, slots=True)
class Script:
    """What one member says, in the language of the page."""

    language: str
    turns: tuple[ExpectedTurn, ...]


@dataclass(frozen=True, slots=True)
class Held:
    """A turn as it came out.

    Attributes:
        answer: None where it could not be asked, for the `reason`.
    """

    conversation: int
    language: str
    expected: ExpectedTurn
    answer: Answer | None
    reason: str = ""

    @property
    def is_as_expected(self) -> bool:
        """Whether it ended as it should and holds the words."""
        if self.answer is None:
            return False
        understood = wording(self.answer.language)("understood", question=self.answer.understood)
        told = " ".join(f"{understood}\n{self.answer.text}".split())  # spaces of any kind
        holds = " ".join(self.expected.holds.split()) in told
        return self.answer.outcome is self.expected.outcome and holds


def is_conversations(path: Path) -> bool:
    """Whether a file holds conversations rather than questions."""
    entries = _entries(path) if path.suffix in {".yaml", ".yml"} and path.is_file() else None
    return isinstance(entries, list) and any(isinstance(i, dict) and "turns" in i for i in entries)


def load(path: Path) -> list[Script]:
    """Read the file. Raises InputError that names the faulty conversation."""
    found = []
    for at, entry in enumerate(_entries(path), start=1):
        try:
            turns = tuple(
                ExpectedTurn(
                    str(fields["say"]), Outcome(fields["outcome"]), str(fields.get("holds", ""))
                )
                for fields in entry["turns"]
            )
            found.append(Script(str(entry["language"]), turns))
        except (KeyError, TypeError, ValueError, AttributeError) as exc:
            outcomes = ", ".join(Outcome)
            msg = (
                f"{path}, conversation {at} needs a `language`, and each turn `say` and an "
                f"`outcome` (one of {outcomes}); at fault: {exc}"
            )
            raise InputError(msg) from exc
    return found


def hold(assistant: Assistant, conversations: Sequence[Script]) -> Iterator[Held]:
    """Yield every turn of every conversation as it comes out."""
    for at, conversation in enumerate(conversations, start=1):
        history: tuple[Turn, ...] = ()
        for turn in conversation.turns:
            asked = Question(turn.say, interface_language=conversation.language, history=history)
            try:
                answer = assistant.answer(asked)
            except QuestionError as exc:  # what follows is said all the same, as members would
                yield Held(at, conversation.language, turn, None, str(exc))
                continue
            history = (*history, answer.turn)
            yield Held(at, conversation.language, turn, answer)


def as_lines(name: str, turns: Sequence[Held]) -> Iterator[str]:
    """Yield what came out, for a person: the figure, and each turn that is not as expected."""
    good = sum(turn.is_as_expected for turn in turns)
    yield f"{name}: {good} of {len(turns)} turns as expected"
    for turn in turns:
        if not turn.is_as_expected:
            where = f"  conversation {turn.conversation} ({turn.language}), {turn.expected.say!r}"
            yield f"{where}: {_fault(turn)}"


def _fault(turn: Held) -> str:
    if turn.answer is None:
        return f"could not be asked: {turn.reason}"
    wanted = turn.expected
    return f"{turn.answer.outcome} instead of {wanted.outcome}, or without {wanted.holds!r}"


def as_json(name: str, turns: Sequence[Held]) -> dict[str, Any]:
    """Return what came out, for a program."""
    return {
        "conversations": name,
        "turns": len(turns),
        "as expected": sum(turn.is_as_expected for turn in turns) / max(1, len(turns)),
        "unexpected": [
            {
                "conversation": turn.conversation,
                "say": turn.expected.say,
                "expected": turn.expected.outcome.value,
                "outcome": turn.answer.outcome.value if turn.answer else None,
                **({"error": turn.reason} if turn.reason else {}),
            }
            for turn in turns
            if not turn.is_as_expected
        ],
    }


def _entries(path: Path) -> Any:  # noqa: ANN401 - YAML may hold anything
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as exc:
        msg = f"cannot read the conversations in {path}: {why_unread(exc)}"
        raise InputError(msg) from exc
