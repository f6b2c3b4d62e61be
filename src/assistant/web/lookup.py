"""Searching and reading what is published, for programs other than our own pages.

A result has the form of an answer: a state, then what was found or why there is nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from assistant.answering import answer_json
from assistant.domain.corpus import DocumentId
from assistant.language.wording import Wording, wording
from assistant.web.pages.chat import ChatPage, Reply
from assistant.web.pages.options import EVERYTHING, Chosen

MOST_PASSAGES = 50
LONGEST_TEXT = 50_000  # characters at a time; the longest document of the sample forum has 4,000
FURTHEST = 5_000_000  # characters; no document is longer (docs/staff.md)

Told = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Sought:
    """What a program searches for.

    Attributes:
        language: Of the question, where it does not show.
        address: The visitor's, for the limits.
    """

    question: str
    language: str = ""
    chosen: Chosen = EVERYTHING
    limit: int = 10
    address: str = ""


def search(chat: ChatPage, sought: Sought) -> Told:
    """Return the passages that come closest, best first."""
    words = wording(sought.language or chat.default_language)
    question, longest = sought.question.strip(), chat.assistant.question_limit
    if not question:
        return _trouble(words("error.empty"))
    if len(question) > longest:
        return _trouble(words("error.too_long", length=len(question), limit=longest))

    def found() -> Told:
        assistant = chat.assistant
        language = assistant.detect_language(question, fallback=words.language)
        filters = sought.chosen.filters(chat.today())
        with assistant.library.generation() as generation:
            passages = generation.search(
                question, limit=sought.limit, filters=filters, language=language
            )
        return {"state": "done", **answer_json.passages(None, passages, assistant.public_url)}

    return _counted(chat, sought.address, words, found)


def read(chat: ChatPage, document: str, start: int, address: str) -> Told:
    """Return a document, as much of its text from `start` on as is handed out at a time."""
    words = wording(chat.default_language)

    def found() -> Told:
        with chat.assistant.library.generation() as generation:
            known = generation.document(DocumentId(document))
        if known is None:
            return _trouble(words("reader.missing"))
        end = start + LONGEST_TEXT
        return {
            "state": "done",
            **answer_json.document(known, start, end, chat.assistant.public_url),
        }

    return _counted(chat, address, words, found)


def _counted(chat: ChatPage, address: str, words: Wording, found: Callable[[], Told]) -> Told:
    """Return what is found, counted as a question is, or why it cannot be told."""
    if seconds := chat.visitors.wait(address):
        return _trouble(words("error.wait", seconds=seconds))
    try:
        return found()
    except Exception as exc:  # noqa: BLE001 - the caller reads a sentence, whatever went wrong
        return _trouble(chat.told(exc, words))


def _trouble(text: str) -> Told:
    return Reply(trouble=text).fields(with_markup=False)
