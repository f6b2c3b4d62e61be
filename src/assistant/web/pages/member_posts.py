"""What members' pages send beside questions: feedback, and a conversation to be made a file.

Nothing of the conversation is kept.
"""

import io
import logging
import re
from dataclasses import dataclass
from functools import partial
from typing import TypeVar, cast

import docx as word
from anyio import to_thread
from docx.oxml import OxmlElement
from docx.oxml.text.paragraph import CT_P
from docx.text.paragraph import Paragraph
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, PlainTextResponse, Response
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from assistant.domain.errors import RecordsError
from assistant.records.records import Records
from assistant.web.pages.permalinks import PATH, Permalinks
from assistant.web.security.visitors import Visitors
from assistant.web.turns import AGAIN, Turns

log = logging.getLogger(__name__)

Posted = TypeVar("Posted", bound=BaseModel)
EXPORTS_AT_ONCE, EXPORTS_WAITING = 1, 16  # each takes a core for up to a second
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass(frozen=True, slots=True)
class MemberPosts:
    """What these routes need."""

    permalinks: Permalinks
    records: Records
    visitors: Visitors


class PostedRating(BaseModel):
    """What a member says of an answer."""

    model_config = ConfigDict(extra="forbid")

    answer: str = Field(max_length=40_000)
    rating: str = Field(pattern="^(up|down)$")
    cause: str = Field(default="", pattern="^(|wrong|incomplete|old|other)$")
    reason: str = Field(default="", max_length=1000)


def add(app: FastAPI, posts: MemberPosts) -> None:
    """Add the routes to an application."""
    _add_feedback(app, posts)
    _add_export(app, posts)


def _add_feedback(app: FastAPI, posts: MemberPosts) -> None:
    @app.post("/feedback")
    async def take(request: Request) -> Response:
        if wait := posts.visitors.wait(_address(request)):
            return _later(wait)
        return await to_thread.run_sync(_kept, posts, await _posted(request))


def _kept(posts: MemberPosts, posted: bytes) -> Response:
    """Keep a rating and return what to say to it."""
    rating = _read(posted, PostedRating)
    shared = posts.permalinks.read(rating.answer.rpartition(PATH)[2]) if rating else None
    if rating is None or shared is None:
        return PlainTextResponse("This is no rating of an answer of ours.", 422)
    try:
        posts.records.feedback.keep(shared.answer, rating.rating, rating.cause, rating.reason)
        if rating.rating == "down":
            posts.records.questions.rated_badly(shared.answer)
    except RecordsError as exc:
        log.error("feedback is not kept: %s", exc)  # noqa: TRY400 - expected on a full disk
        return PlainTextResponse("This cannot be kept at the moment.", 503)
    return JSONResponse({"kept": True})


def _add_export(app: FastAPI, posts: MemberPosts) -> None:
    turns = Turns(EXPORTS_AT_ONCE, EXPORTS_WAITING)

    @app.post("/export/docx")
    async def write(request: Request) -> Response:
        if wait := posts.visitors.wait(_address(request)):
            return _later(wait)
        posted = await _posted(request)
        if turns.are_taken:
            return PlainTextResponse("Many are asking for files; come again shortly.", 503, AGAIN)
        return await turns.take(partial(_exported, posted))


def _exported(posted: bytes) -> Response:
    conversation = _read(posted, ExportedConversation)
    if conversation is None:
        return PlainTextResponse("This is no conversation of ours.", 422)
    headers = {"cache-control": "no-store"}
    return Response(word_file(conversation), media_type=WORD, headers=headers)


async def _posted(request: Request) -> bytes:
    """Return the posted JSON, nothing where the content type is another."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip()
    return await request.body() if kind == "application/json" else b""


def _read(posted: bytes, model: type[Posted]) -> Posted | None:
    """Return what a page of ours posted, None for anything else."""
    try:
        return model.model_validate_json(posted)
    except ValidationError:
        return None


def _later(seconds: int) -> Response:
    return PlainTextResponse("Please wait.", 429, {"retry-after": str(seconds)})


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


_UNPRINTABLE = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold."""
_LONGEST_PROPERTY = 255  # characters, by python-docx
_ITEM = "List Bullet"
MOST_TURNS = 200
MOST_PARAGRAPHS = 4000
"""More than a page has after a day's work."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ExportedSource(_Part):
    """A source as the page shows it."""

    numbers: str = Field(default="", max_length=200)
    title: str = Field(max_length=1000)
    facts: str = Field(default="", max_length=500)
    url: str = Field(default="", max_length=4000)


class ExportedTurn(_Part):
    """A question with its answer."""

    question: str = Field(max_length=25_000)
    answer: tuple[str, ...] = Field(max_length=200)
    sources: tuple[ExportedSource, ...] = Field(default=(), max_length=100)


class ExportedConversation(_Part):
    """What the page shows; the texts are data, whoever sent them."""

    title: str = Field(max_length=300)
    language: str = Field(pattern="^[a-z]{2}$")
    turns: tuple[ExportedTurn, ...] = Field(max_length=MOST_TURNS)

    @field_validator("turns")
    @classmethod
    def _has_an_end(cls, turns: tuple[ExportedTurn, ...]) -> tuple[ExportedTurn, ...]:
        if sum(1 + len(turn.answer) + len(turn.sources) for turn in turns) > MOST_PARAGRAPHS:
            msg = f"has more than {MOST_PARAGRAPHS} paragraphs"
            raise ValueError(msg)
        return turns


def word_file(conversation: ExportedConversation) -> bytes:
    """Return the conversation as the bytes of a .docx file."""
    document = word.Document()
    document.core_properties.title = _printable(conversation.title)[:_LONGEST_PROPERTY]
    document.core_properties.language = conversation.language
    document.core_properties.author = ""
    end = document.element.body.sectPr
    styles = {name: document.styles[name].style_id for name in ("Heading 1", "Heading 2", _ITEM)}

    def add(text: str, style: str = "", *, italic: bool | None = None) -> None:
        # python-docx looks for the style and for the end of the document at each paragraph.
        paragraph = Paragraph(cast("CT_P", OxmlElement("w:p")), document)
        end.addprevious(paragraph._p)  # noqa: SLF001 - there is no other way to it
        if style:
            paragraph._p.style = styles[style]  # noqa: SLF001 - likewise
        paragraph.add_run(_printable(text)).italic = italic

    add(conversation.title, "Heading 1")
    for turn in conversation.turns:
        add(turn.question, "Heading 2")
        for said in turn.answer:
            add(said.removeprefix("- "), _ITEM if said.startswith("- ") else "")
        for source in turn.sources:
            told = f"{source.numbers} {source.title} ({source.facts}) {source.url}"
            add(told.strip(), italic=True)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _printable(text: str) -> str:
    return _UNPRINTABLE.sub("", text.encode("utf-8", "replace").decode())
