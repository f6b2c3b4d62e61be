"""How questions go through Gradio: its queue, its limits, its streams; not its front end.

Whoever asks, a page of ours, `gradio_client` or a model by MCP, calls the same endpoints. What they
take from outside is words, flat lists of words and plain values alone (`gradio_calls`).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import gradio as gr
from gradio.events import api

from assistant.domain.watching import AskedFrom
from assistant.web.lookups import (
    FURTHEST,
    MOST_PASSAGES,
    Sought,
    Untranslated,
    part_of_document,
    passages_for,
    translation_of,
)
from assistant.web.pages.chat import Asked, ChatPage
from assistant.web.pages.options import ANY, chosen
from assistant.web.pages.templating import DIGITS
from assistant.web.security.gradio_calls import Endpoints, Flag, NumberField, Parameter, Text, Texts
from assistant.writing.translating import Translator

QUEUE_SIZE = 32
AT_ONCE = 4  # questions answered at the same time; two cores are busy with two
LONGEST_QUESTION = 25_000  # characters; a longer one than is answered is told so in words
LONGEST_CONVERSATION = 40_000
LONGEST_ID = 1000  # characters of a document's

QUESTION = Parameter(Text(LONGEST_QUESTION))
FILTERS: tuple[Parameter, ...] = (
    Parameter(Text(10), ""),
    Parameter(Texts(20, 50), []),
    Parameter(Texts(100, 35), []),
    Parameter(Text(20), ANY),
)
"""The language of the question, and what is searched: kinds, languages, period."""
SHAPES = {
    "ask": (
        QUESTION,
        *FILTERS,
        Parameter(Text(LONGEST_CONVERSATION), ""),
        Parameter(Text(300), ""),
        Parameter(Flag(), default=False),
    ),
    "search": (QUESTION, *FILTERS, Parameter(NumberField(1, MOST_PASSAGES), 10)),
    "read_document": (Parameter(Text(LONGEST_ID)), Parameter(NumberField(0, FURTHEST), 0)),
    "translate": (
        Parameter(Text(LONGEST_ID)),
        Parameter(NumberField(0, FURTHEST)),
        Parameter(NumberField(0, FURTHEST)),
        Parameter(Text(10)),
        Parameter(Text(DIGITS), ""),
        Parameter(Flag(), default=False),
    ),
}
"""What each endpoint takes, in order."""
Endpoint = Callable[..., dict[str, Any] | Iterator[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Engine:
    """Gradio's blocks with the endpoints, and what each takes."""

    blocks: gr.Blocks
    endpoints: Endpoints


def engine(chat: ChatPage) -> Engine:
    """Return the engine; the caller mounts it."""
    with gr.Blocks(title=chat.name, analytics_enabled=False) as blocks:
        for name, endpoint in endpoints(chat).items():
            api(endpoint, api_name=name, concurrency_limit=AT_ONCE)
    blocks.queue(max_size=QUEUE_SIZE, default_concurrency_limit=AT_ONCE, api_open=False)
    numbers = {number: str(function.api_name) for number, function in blocks.fns.items()}
    shapes = {name: SHAPES[name] for name in numbers.values()}
    return Engine(blocks, Endpoints(shapes, numbers))


def waiting(blocks: gr.Blocks) -> int:
    """Return how many calls wait in the queue for their turn."""
    return len(blocks._queue)  # noqa: SLF001 - Gradio has no other way to tell


def endpoints(chat: ChatPage, asked_from: AskedFrom | None = None) -> dict[str, Endpoint]:
    """Return the endpoints by name; their words are read by people and models.

    Where who asks is not given, what is sent tells a page from a program.
    """
    offered = {
        "ask": _ask(chat, asked_from),
        "search": _search(chat),
        "read_document": _read_document(chat),
    }
    # A model that asks translates by itself, and would spend the tokens of ours.
    if chat.translator and asked_from is not AskedFrom.MCP:
        offered["translate"] = _translate(chat, chat.translator)
    return offered


def _ask(chat: ChatPage, asked_from: AskedFrom | None) -> Endpoint:
    def ask(  # noqa: PLR0913, PLR0917 - the endpoint's parameters, in order
        request: gr.Request,
        question: str,
        language: str = "",
        kinds: list[str] = [],  # noqa: B006 - Gradio shows the default in its description
        languages: list[str] = [],  # noqa: B006 - likewise
        period: str = ANY,
        conversation: str = "",
        site: str = "",
        markup: bool = False,  # noqa: FBT001, FBT002 - likewise
    ) -> Iterator[dict[str, Any]]:
        """Answer a question from the forum's published documents, by quoting them.

        Args:
            request: Who asks; Gradio gives it.
            question: In the member's own words and language.
            language: Of the words around the quotes where the question's own is unclear, as `en`.
            kinds: Of documents to search: article, recommendation, publication, event, page.
            languages: Of documents to search, as `fr`.
            period: Of publication: any, year (the last twelve months) or years (the last five).
            conversation: What came as `conversation` with the answer before, for follow-ups.
            site: The web site that shows the page, where one does.
            markup: Whether the answer is wanted as HTML too.
        """
        page = AskedFrom.WIDGET if site else AskedFrom.PAGE
        told = Asked(
            text=question,
            language=language,
            chosen=chosen(kinds, languages, period),
            conversation=conversation,
            site=site,
            address=_address(request),
            asked_from=asked_from or (page if markup else AskedFrom.API),
        )
        for reply in chat.respond(told):
            yield reply.fields(with_markup=markup)

    return ask


def _search(chat: ChatPage) -> Endpoint:
    def search(  # noqa: PLR0913, PLR0917 - likewise
        request: gr.Request,
        question: str,
        language: str = "",
        kinds: list[str] = [],  # noqa: B006 - likewise
        languages: list[str] = [],  # noqa: B006 - likewise
        period: str = ANY,
        limit: int = 10,
    ) -> dict[str, Any]:
        """Find passages of the forum's published documents, the closest first; none is judged.

        Args:
            request: Who asks; Gradio gives it.
            question: A question or some words, in any language.
            language: Of the question where it does not show, as `en`.
            kinds: Of documents to search: article, recommendation, publication, event, page.
            languages: Of documents to search, as `fr`.
            period: Of publication: any, year (the last twelve months) or years (the last five).
            limit: How many passages at most, 1 to 50.
        """
        narrowed = chosen(kinds, languages, period)
        return passages_for(chat, Sought(question, language, narrowed, limit, _address(request)))

    return search


def _read_document(chat: ChatPage) -> Endpoint:
    def read_document(request: gr.Request, document: str, start: int = 0) -> dict[str, Any]:
        """Read a published document: title, address, dates, and up to 50,000 characters of text.

        Args:
            request: Who asks; Gradio gives it.
            document: Its id, as `document` of a passage or of a citation.
            start: The character to begin at, for the rest of a long document.
        """
        return part_of_document(chat, document, start, _address(request))

    return read_document


def _translate(chat: ChatPage, translator: Translator) -> Endpoint:
    def translate(  # noqa: PLR0913, PLR0917 - likewise
        request: gr.Request,
        document: str,
        start: int,
        end: int,
        language: str,
        seen: str = "",
        markup: bool = False,  # noqa: FBT001, FBT002 - likewise
    ) -> dict[str, Any]:
        """Have a part of a published document translated by machine; the original counts.

        Args:
            request: Who asks; Gradio gives it.
            document: Its id, as `document` of a passage or of a citation.
            start: The character that the part begins at.
            end: The character that it ends before.
            language: To translate into, as `en`.
            seen: What the page says of the part that it shows, for documents that change.
            markup: Whether the translation is wanted as HTML too.
        """
        wanted = Untranslated(document, start, end, language, seen, _address(request))
        return translation_of(chat, translator, wanted, with_markup=markup)

    return translate


def _address(request: gr.Request) -> str:
    return request.client.host if request.client else ""


async def forget(blocks: gr.Blocks, session: str) -> None:
    """Drop the messages that wait for a caller, and its pending calls."""
    queue = blocks._queue  # noqa: SLF001 - Gradio keeps it for ever, and has no way to say otherwise
    await queue.clean_events(session_hash=session)
    queue.pending_messages_per_session.pop(session, None)
    queue.pending_event_ids_session.pop(session, None)


def session_of(blocks: gr.Blocks, event: str) -> str:
    """Return the session that a call belongs to, empty where nothing is known of it."""
    queue = blocks._queue  # noqa: SLF001 - likewise
    pending = queue.pending_event_ids_session.items()
    return next((session for session, events in pending if event in events), "")
