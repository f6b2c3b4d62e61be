"""What members' pages ask for beside the chat itself: an answer again, feedback, a file to keep."""

import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from anyio import CapacityLimiter, to_thread
from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant.contacts import Contacts
from assistant.errors import AssistantError
from assistant.markup import escaped
from assistant.ports import Library
from assistant.rendering import contact_line
from assistant.web import export, reader, shared_answer
from assistant.web.feedback import Feedback, FeedbackFullError
from assistant.web.permalinks import PATH, Permalinks, SharedAnswer
from assistant.web.visitors import Visitors
from assistant.wording import Wording

log = logging.getLogger(__name__)

Posted = TypeVar("Posted", bound=BaseModel)
EXPORTS_AT_ONCE = 1  # each takes a core for up to a second; the others wait
KEPT_BY_NOBODY = {"cache-control": "no-store", "x-robots-tag": "noindex"}
"""For answers: what was hidden meanwhile must not live on in a cache or in a search engine."""
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass(frozen=True, slots=True)
class MemberPages:
    """What these routes need.

    Attributes:
        hidden: Returns the documents that staff have taken out of the answers.
    """

    library: Library
    permalinks: Permalinks
    feedback: Feedback
    visitors: Visitors
    contacts: Contacts
    hidden: Callable[[], Collection[str]]
    today: Callable[[], date] = date.today


class Rating(BaseModel):
    """What a member says of an answer."""

    model_config = ConfigDict(extra="forbid")

    answer: str = Field(max_length=40_000)
    rating: str = Field(pattern="^(up|down)$")
    reason: str = Field(default="", max_length=1000)


def add(app: FastAPI, pages: MemberPages, words_of: Callable[[Request], Wording]) -> None:
    """Add the routes to an application."""
    _add_answers(app, pages, words_of)
    _add_statement(app, pages, words_of)
    _add_feedback(app, pages)
    _add_export(app, pages)


def _add_answers(app: FastAPI, pages: MemberPages, words_of: Callable[[Request], Wording]) -> None:
    @app.get(PATH + "{token}")
    def show(token: str, request: Request) -> HTMLResponse:
        words = words_of(request)
        shared = pages.permalinks.read(token)
        if shared is None:
            return HTMLResponse(shared_answer.missing(words), 404, KEPT_BY_NOBODY)
        try:
            return HTMLResponse(_shown_again(shared, pages, words), headers=KEPT_BY_NOBODY)
        except AssistantError as exc:
            log.error("an answer is not shown: %s", exc)  # noqa: TRY400 - expected
            return HTMLResponse(shared_answer.unavailable(words), 503, KEPT_BY_NOBODY)


def _shown_again(shared: SharedAnswer, pages: MemberPages, words: Wording) -> str:
    """Return the page of an answer. Raises StoreError where it cannot be told what is hidden."""
    hidden = pages.hidden()
    contact, today = pages.contacts.of(words.language), pages.today()
    try:
        with pages.library.generation() as generation:
            return shared_answer.page(shared, generation, words, contact, today, hidden=hidden)
    except AssistantError as exc:
        log.error("an answer is shown without its sources: %s", exc)  # noqa: TRY400 - expected
        return shared_answer.page(shared, None, words, contact, today, hidden=hidden)


def _add_statement(
    app: FastAPI, pages: MemberPages, words_of: Callable[[Request], Wording]
) -> None:
    @app.get("/accessibility")
    def statement(request: Request) -> HTMLResponse:
        words = words_of(request)
        told = ("access.intro", "access.tested", "access.gaps")
        body = "".join(f"<p>{escaped(words(its))}</p>" for its in told)
        if contact := pages.contacts.of(words.language):
            body += contact_line("access.contact", contact, words)
        else:
            body += f"<p>{escaped(words('access.contact_none'))}</p>"
        title = words("page.accessibility")
        html = reader.frame(title, words.language, f"<h1>{escaped(title)}</h1>{body}", words)
        return HTMLResponse(html)


def _add_feedback(app: FastAPI, pages: MemberPages) -> None:
    @app.post("/feedback")
    async def take(request: Request) -> Response:
        if wait := pages.visitors.wait(_address(request)):
            return _later(wait)
        return await to_thread.run_sync(_kept, pages, await _posted(request))


def _kept(pages: MemberPages, posted: bytes) -> Response:
    """Keep a rating and return what to say to it."""
    rating = _read(posted, Rating)
    shared = pages.permalinks.read(rating.answer.removeprefix(PATH)) if rating else None
    if rating is None or shared is None:
        return PlainTextResponse("This is no rating of an answer of ours.", 422)
    try:
        pages.feedback.keep(shared, rating.rating, rating.reason, pages.today())
    except (OSError, FeedbackFullError) as exc:
        log.error("feedback is not kept: %s", exc)  # noqa: TRY400 - expected on a full disk
        return PlainTextResponse("This cannot be kept at the moment.", 503)
    return JSONResponse({"kept": True})


def _add_export(app: FastAPI, pages: MemberPages) -> None:
    at_once = CapacityLimiter(EXPORTS_AT_ONCE)

    @app.post("/export/docx")
    async def write(request: Request) -> Response:
        if wait := pages.visitors.wait(_address(request)):
            return _later(wait)
        posted = await _posted(request)
        return await to_thread.run_sync(_exported, posted, limiter=at_once)


def _exported(posted: bytes) -> Response:
    conversation = _read(posted, export.Conversation)
    if conversation is None:
        return PlainTextResponse("This is no conversation of ours.", 422)
    headers = {"cache-control": "no-store"}
    return Response(export.docx(conversation), media_type=WORD, headers=headers)


async def _posted(request: Request) -> bytes:
    """Return the JSON that was posted, nothing where it is not said to be any."""
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
