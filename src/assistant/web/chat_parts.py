"""The components of the chat page that events connect, and what its functions take from outside."""

from collections.abc import Mapping
from dataclasses import dataclass

import gradio as gr

from assistant.web.filters import Narrowing
from assistant.web.gradio_calls import JOIN, Nothing, Shape, Shapes, Text, Texts

_QUESTION = Text(25_000)  # characters; a longer one than is answered is told so in words
_LINKS = Text(60_000)
_KEPT = Nothing()  # by the server, for as long as the page is open
TAKES: Mapping[str, Shape] = {
    "_respond": (_QUESTION, _KEPT, _KEPT, Texts(20, 50), Texts(100, 35), Text(20)),
    "_restart": (_KEPT,),
    "_recall": (_LINKS, _KEPT),
    "_listen": (),
    "_localise": (),
}
"""What each function of the page takes, by its name; one that is not here cannot be called."""


@dataclass(frozen=True, slots=True)
class ChatParts:
    """The page, from its top to its foot.

    Attributes:
        past: Where the page's script puts the links of answers given before it was opened.
    """

    language: gr.State
    conversation: gr.State
    heading: gr.Markdown
    transcript: gr.Markdown
    turn: gr.Markdown
    suggest: gr.Markdown
    question: gr.Textbox
    buttons: tuple[gr.Button, gr.Button, gr.Button]
    filters: Narrowing
    tools: gr.Markdown
    past: gr.Textbox


def shapes(page: gr.Blocks) -> Shapes:
    """Return what may be sent to the functions of a page."""
    names = {number: str(its.name) for number, its in page.fns.items()}
    return {(JOIN, number): TAKES[its] for number, its in names.items() if its in TAKES}


async def forget(page: gr.Blocks, session: str) -> None:
    """Drop what an open page would still have heard, and what it waits for."""
    queue = page._queue  # noqa: SLF001 - Gradio keeps it for ever, and has no way to say otherwise
    await queue.clean_events(session_hash=session)
    queue.pending_messages_per_session.pop(session, None)
    queue.pending_event_ids_session.pop(session, None)
