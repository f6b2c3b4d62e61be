"""What programs and pages look up: passages, documents, translations; each as values for JSON."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from assistant.answering import answer_json
from assistant.domain.corpus import DocumentId
from assistant.language.languages import LANGUAGES
from assistant.language.wording import Wording, wording
from assistant.web.pages import answers
from assistant.web.pages.chat import ChatPage, Reply
from assistant.web.pages.options import EVERYTHING, Chosen
from assistant.web.pages.templating import seen_as
from assistant.writing.asking import Trouble
from assistant.writing.translating import Doubt, Translator

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


def passages_for(chat: ChatPage, sought: Sought) -> Told:
    """Return the passages that come closest, best first."""
    words = wording(sought.language or chat.default_language)
    question, longest = sought.question.strip(), chat.assistant.question_limit
    if not question:
        return trouble(words("error.empty"))
    if len(question) > longest:
        return trouble(words("error.too_long", length=len(question), limit=longest))

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


def part_of_document(chat: ChatPage, document: str, start: int, address: str) -> Told:
    """Return a document, as much of its text from `start` on as is handed out at a time."""
    words = wording(chat.default_language)

    def found() -> Told:
        with chat.assistant.library.generation() as generation:
            known = generation.document(DocumentId(document))
        if known is None:
            return trouble(words("reader.missing"))
        end = start + LONGEST_TEXT
        return {
            "state": "done",
            **answer_json.document(known, start, end, chat.assistant.public_url),
        }

    return _counted(chat, address, words, found)


@dataclass(frozen=True, slots=True)
class Untranslated:
    """A piece of a document that is wanted in another language: where it stands, never its words.

    Attributes:
        seen: What tells the piece as a page shows it; empty where none does.
        address: The visitor's, for the limits.
    """

    document: str
    start: int
    end: int
    language: str
    seen: str = ""
    address: str = ""


def translation_of(
    chat: ChatPage, translator: Translator, wanted: Untranslated, *, with_markup: bool
) -> Told:
    """Return a published passage in another language, or why it is not to be had."""
    words = wording(wanted.language or chat.default_language)

    def found() -> Told:
        with chat.assistant.library.generation() as generation:
            known = generation.document(DocumentId(wanted.document))
        passage = known.text[wanted.start : wanted.end] if known else ""
        if known is None or not passage.strip():
            return trouble(words("reader.missing"))
        if wanted.seen and wanted.seen != seen_as(passage):
            return trouble(words("translation.changed"))
        spoken = known.source.language
        if wanted.language not in LANGUAGES or wanted.language == spoken:
            return trouble(words("translation.unsure"))
        said = translator.translate(passage, spoken, wanted.language)
        if isinstance(said, Trouble):
            return trouble(words("translation.unavailable"))
        if isinstance(said, Doubt):
            return trouble(words("translation.unsure"))
        told = {"text": said.text, "language": wanted.language, "original": passage}
        shown = {"markup": answers.translation(said.text, words)} if with_markup else {}
        return {"state": "done", **told, "notice": words("translation.notice"), **shown}

    return _counted(chat, wanted.address, words, found)


def _counted(chat: ChatPage, address: str, words: Wording, found: Callable[[], Told]) -> Told:
    """Return what is found, counted as a question is, or why it cannot be told."""
    if seconds := chat.visitors.wait(address):
        return trouble(words.counted("error.wait", seconds))
    try:
        return found()
    except Exception as exc:  # noqa: BLE001 - the caller reads a sentence, whatever went wrong
        return trouble(chat.told(exc, words))


def trouble(text: str) -> Told:
    """Return why something cannot be told, in the form of all that is told."""
    return Reply(trouble=text).fields(with_markup=False)
