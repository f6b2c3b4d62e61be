"""Make domain objects with every field defaulted."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.answering.assistant import Assistant
from assistant.domain.by_hand import HandAnswer
from assistant.domain.corpus import Chunk, Document, DocumentId, Entry, Kind, Passage, Source, Span
from assistant.domain.dialogue import Excerpt
from assistant.domain.ports import Library
from assistant.domain.publication import Announcement, OfferedQuestion, QuestionForm
from assistant.language.contacts import Contacts
from assistant.records.database import Database
from assistant.records.questions import QuestionLog
from assistant.records.records import Records
from assistant.web.pages.permalinks import Permalinks
from assistant.web.security.visitors import Visitors
from tests.fakes import FakeChatModel, detect
from vectorstore.publishing.hidden import HiddenDocuments

if TYPE_CHECKING:
    from assistant.web.pages.chat import ChatPage
    from assistant.web.pages.routes import MemberPages
    from assistant.web.server import Site
    from assistant.writing.translating import Translator

LIGHTING = (
    "The town renewed its street lighting in 2019. Residents had asked for it.\n\n"
    "## What we recommend\n\n"
    "The working group makes three recommendations:\n\n"
    "- Walk the streets at night before you plan.\n"
    "- Dim the lamps after midnight, but never switch them off.\n"
    "- Repair a broken lamp within five days.\n"
)


def a_source(name: str = "lighting", **changes: object) -> Source:
    fields: dict[str, object] = {
        "document_id": DocumentId(f"articles/{name}.md"),
        "title": name.title(),
        "url": f"https://forum.test/{name}",
        "published": date(2021, 2, 1),
        "language": "en",
        "kind": Kind.ARTICLE,
    }
    return Source(**{**fields, **changes})  # type: ignore[arg-type] # one builder for all fields


def a_document(name: str = "lighting", text: str = LIGHTING, **changes: object) -> Document:
    return Document(a_source(name, **changes), text)


def a_chunk(
    text: str = "The town renewed its street lighting in 2019. Residents had asked for it.",
    *,
    name: str = "lighting",
    start: int = 0,
    sentences: Sequence[tuple[int, int]] | None = None,
    kind: Kind = Kind.ARTICLE,
    **changes: object,
) -> Chunk:
    """Return a chunk; without `sentences` its whole text is one."""
    spans = sentences if sentences is not None else [(start, start + len(text))]
    return Chunk(
        source=a_source(name, **changes),
        ordinal=0,
        text=text,
        start=start,
        end=start + len(text),
        kind=kind,
        sentences=tuple(Span(*span) for span in spans),
    )


def a_passage(
    chunk: Chunk | None = None, *, score: float | None = None, strength: float = 0.2
) -> Passage:
    """Return a passage; a `strength` of 0.2 is ample support, 0 is none.

    It decides the score, where none is given.
    """
    found = chunk or a_chunk()
    many = len(found.sentences)
    return Passage(
        found,
        score=strength if score is None else score,
        similarity=strength,
        background=0.75,
        lexical=strength,
        sentence_similarities=(strength,) * many,
        sentence_scores=tuple(strength - 0.01 * place for place in range(many)),
    )


def an_excerpt(
    text: str = LIGHTING, words: str = "", *, start: int = 0, **changes: object
) -> Excerpt:
    """Return a piece of a document where `words` are marked; without them all of it is."""
    first = start + (text.index(words) if words else 0)
    fields: dict[str, object] = {
        "source": a_source(),
        "headings": (),
        "text": text,
        "start": start,
        "end": start + len(text),
        "marks": (Span(first, first + len(words or text)),),
        "kind": Kind.ARTICLE,
    }
    return Excerpt(**{**fields, **changes})  # type: ignore[arg-type] # one builder for all fields


def a_hand_answer(**changes: object) -> HandAnswer:
    fields: dict[str, object] = {
        "number": 0,
        "version": 0,
        "questions": ("How do we join?",),
        "texts": {"en": "Write to the secretariat."},
        "bases": (),
        "valid_until": None,
        "written": datetime(2026, 5, 1, 10, tzinfo=UTC),
        "by": "Ana",
    }
    return HandAnswer(**{**fields, **changes})  # type: ignore[arg-type] # as in `a_source`


def an_offered_question(
    text: str = "Who pays?",
    language: str = "en",
    form: QuestionForm = QuestionForm.FACT,
    *,
    documents: Sequence[str] = (),
    near: Sequence[str] = (),
) -> OfferedQuestion:
    answering, beside = (tuple(map(DocumentId, each)) for each in (documents, near))
    return OfferedQuestion(text, language, form, answering, beside)


def unheard(done: int, total: int) -> None:
    """Take a report of progress and do nothing with it."""
    del done, total


def an_entry(document: Document, origin: str = "/forum") -> Entry:
    """Return a document to publish, its chunks cut as ingestion cuts them."""
    from ingest.chunking import chunk  # noqa: PLC0415 - most tests need no splitter

    chunks = chunk(document, count_tokens=lambda text: len(text.split()), limit=400)
    return Entry(origin, document, tuple(chunks))


def an_assistant(library: Library, **changes: object) -> Assistant:
    fields: dict[str, object] = {
        "library": library,
        "detect_language": detect,
        "public_url": "https://ask.test",
        "minimum_support": 0.2,
        "question_limit": 100,
        "default_language": "en",
    }
    return Assistant(**{**fields, **changes})  # type: ignore[arg-type] # one builder for all fields


def a_chat_page(library: Library, **changes: object) -> "ChatPage":
    from assistant.web.embedding_sites import Sites  # noqa: PLC0415 - likewise
    from assistant.web.pages.chat import ChatPage  # noqa: PLC0415 - only where a page is made
    from assistant.web.pages.conversation import Conversations  # noqa: PLC0415 - likewise

    fields: dict[str, object] = {
        "assistant": an_assistant(library),
        "name": "Safe towns",
        "contacts": Contacts("help@forum.test"),
        "chat_model": "",
        "default_language": "en",
        "offered": tuple,
        "announcement": lambda _: Announcement(12, date(2021, 2, 1), ("en", "fr")),
        "is_warm": lambda: True,
        "permalinks": Permalinks(b"key"),
        "conversations": Conversations(b"key"),
        "visitors": Visitors(questions=1000, requests=100_000),
        "sites": Sites(Path("data")),
        "log": QuestionLog(Database(Path("data"))),
        "today": lambda: date(2021, 3, 1),
    }
    return ChatPage(**{**fields, **changes})  # type: ignore[arg-type] # one builder for all fields


def some_pages(library: Library, data: Path, **changes: object) -> "MemberPages":
    """Return the pages that members read; `changes` are those of the chat."""
    from assistant.web.pages.routes import MemberPages  # noqa: PLC0415

    chat = a_chat_page(library, **changes)
    hidden = HiddenDocuments(data).ids
    return MemberPages(chat, library, chat.permalinks, chat.contacts, hidden, "1", chat.today)


def a_site(library: Library, data: Path, **changes: object) -> "Site":
    """Return what the server serves; `data` is where feedback goes."""
    from assistant.web.pages.branding import Theme  # noqa: PLC0415 - Gradio loads slowly
    from assistant.web.pages.member_posts import MemberPosts  # noqa: PLC0415 - likewise
    from assistant.web.server import Site, version  # noqa: PLC0415 - likewise

    base = changes.pop("base", "")
    pages = replace(some_pages(library, data, base=base), version=version(Theme()))
    chat = pages.chat
    fields: dict[str, object] = {
        "pages": pages,
        "posts": MemberPosts(chat.permalinks, Records.of(Database(data)), chat.visitors),
        "theme": Theme(),
        "is_ready": lambda: True,
    }
    return Site(**{**fields, **changes})  # type: ignore[arg-type] # one builder for all fields


def a_translator(said: str, data: Path) -> "Translator":
    """Return what has a model translate that says one thing; its budget is kept in `data`."""
    from assistant.writing.budget import Budget  # noqa: PLC0415 - likewise
    from assistant.writing.translating import Translator  # noqa: PLC0415 - likewise
    from assistant.writing.writer import Writer  # noqa: PLC0415 - likewise

    budget = Budget(data / "chat_budget.json", 0)
    writer = Writer(FakeChatModel(said), detect, budget, 5)
    return Translator(writer, detect, 5)


def translating(site: "Site", said: str, data: Path) -> "Site":
    """Return a site whose members may have excerpts translated."""
    chat = replace(site.pages.chat, translator=a_translator(said, data))
    return replace(site, pages=replace(site.pages, chat=chat))


@contextmanager
def unwatched(stage: str, unit: str) -> Iterator[Callable[[int, int], None]]:
    """Show a stage to nobody."""
    del stage, unit
    yield unheard
