"""What a chat model is sent. Pure, but for the fence, which is drawn by the caller.

Documents are data: each passage lies between fences that hold a random token, and nothing in a
passage can look like one.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files

from assistant.domain.corpus import Chunk

PASSAGES = 5
"""How many passages a model is given: with more, models cite worse and cost more."""

PASSAGE_LENGTH = 3000  # characters; five of them are less than 4,000 tokens of European languages
SENTENCES = 6
NOTHING = "NOT IN THE PASSAGES"
_TOKEN = re.compile(r"[0-9a-f]{16}")
_RULES = re.compile(r"[-=<>#]{3,}")


@dataclass(frozen=True, slots=True)
class Message:
    """One message to the model; `role` is "system" or "user"."""

    role: str
    text: str


def answer_prompt(
    question: str, language: str, chunks: Sequence[Chunk], token: str
) -> list[Message]:
    """Return the messages that ask for an answer; `token` is 16 random hexadecimal digits."""
    if not _TOKEN.fullmatch(token):
        msg = "the fence needs a token of 16 hexadecimal digits"
        raise ValueError(msg)
    system = _prompt("answer").format(
        language=language, sentences=SENTENCES, nothing=NOTHING, fence=_fence(token)
    )
    passages = "\n".join(
        f"{_fence(token)} passage {at}\n{_passage(chunk, token)}\n{_fence(token)} end of {at}"
        for at, chunk in enumerate(chunks[:PASSAGES], start=1)
    )
    asked = _defused(" ".join(question.split()), token)
    user = _prompt("question").format(passages=passages, question=asked)
    return [Message("system", system), Message("user", user)]


def standalone_prompt(question: str, history: Sequence[str]) -> list[Message]:
    """Return the messages that ask for a question which needs no history."""
    earlier = "\n".join(f"Earlier question: {' '.join(text.split())}" for text in history)
    last = f"{earlier}\nLast question: {' '.join(question.split())}"
    return [Message("system", _prompt("standalone")), Message("user", last)]


def translation_prompt(passage: str, language: str, token: str) -> list[Message]:
    """Return the messages that ask for a passage in another language; `token` as for an answer."""
    system = _prompt("translate").format(language=language, fence=_fence(token))
    fenced = f"{_fence(token)}\n{_defused(passage, token).strip()}\n{_fence(token)}"
    return [Message("system", system), Message("user", fenced)]


def _passage(chunk: Chunk, token: str) -> str:
    whole = f"{chunk.context}\n{chunk.text}"
    return _defused(whole[:PASSAGE_LENGTH], token).strip()


def _defused(text: str, token: str) -> str:
    """Return the text with nothing in it that could be taken for a fence or a line of ours."""
    return _RULES.sub(" ", text.replace(token, "")).replace("\x00", "")


def _fence(token: str) -> str:
    return f"==={token}==="


def _prompt(name: str) -> str:
    path = files("assistant") / "writing" / "prompts" / f"{name}.txt"
    return path.read_text(encoding="utf-8").strip()
