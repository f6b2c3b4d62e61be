"""What a chat model is sent. Pure, but for the fence, which is drawn by the caller.

Documents are data: each passage lies between fences that hold a random token, and nothing in a
passage can look like one.
"""

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files

from babel import Locale, UnknownLocaleError

from assistant.domain.corpus import Chunk

PASSAGES = 4
"""How many passages a model is given, the best first. The one that answers is among the first four
of the search for 113 of 121 questions; more cost more and are cited worse."""

PASSAGE_LENGTH = 2000  # characters; a chunk has 1,300 in the middle
NOTHING = "NOT IN THE PASSAGES"
NOT_SAID = "NOT SAID:"
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
    """Return the messages that ask for an answer; `token` is 16 random hexadecimal digits.

    The first is the same for every question, so that a provider may keep what it read of it.
    """
    if not _TOKEN.fullmatch(token):
        msg = "the fence needs a token of 16 hexadecimal digits"
        raise ValueError(msg)
    passages = "\n".join(
        f"{_fence(token)} passage {at}\n{_passage(chunk, token)}\n{_fence(token)} end of {at}"
        for at, chunk in enumerate(chunks[:PASSAGES], start=1)
    )
    asked = _defused(" ".join(question.split()), token)
    user = _prompt("question").format(
        passages=passages, question=asked, language=_name(language), fence=_fence(token)
    )
    return [Message("system", _prompt("answer")), Message("user", user)]


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
    day = chunk.source.changed or chunk.source.published
    told = f"{chunk.heading_path} ({day.isoformat()})" if day else chunk.heading_path
    whole = "\n".join(part for part in (told, chunk.lead_in, chunk.text) if part)
    return _defused(whole[:PASSAGE_LENGTH], token).strip()


def _defused(text: str, token: str) -> str:
    """Return the text with nothing in it that could be taken for a fence or a line of ours."""
    return _RULES.sub(" ", text.replace(token, "")).replace("\x00", "")


def _fence(token: str) -> str:
    return f"==={token}==="


def _name(language: str) -> str:
    """Return what a language is called in English; its code where that is not known."""
    try:
        return str(Locale(language).get_language_name("en") or language)
    except UnknownLocaleError:
        return language


@functools.cache
def _prompt(name: str) -> str:
    path = files("assistant") / "writing" / "prompts" / f"{name}.txt"
    return path.read_text(encoding="utf-8").strip()
