"""What members' pages send beside questions: feedback, and a conversation to be made a file."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from anyio import CapacityLimiter, to_thread
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, PlainTextResponse, Response
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant.web.feedback import Feedback, FeedbackFullError
from assistant.web.pages import export
from assistant.web.pages.permalinks import PATH, Permalinks
from assistant.web.security.visitors import Visitors

log = logging.getLogger(__name__)

Posted = TypeVar("Posted", bound=BaseModel)
EXPORTS_AT_ONCE = 1  # each takes a core for up to a second; the others wait
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass(frozen=True, slots=True)
class MemberPosts:
    """What these routes need."""

    permalinks: Permalinks
    feedback: Feedback
    visitors: Visitors
    today: Callable[[], date] = date.today


class Rating(BaseModel):
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
    rating = _read(posted, Rating)
    shared = posts.permalinks.read(rating.answer.rpartition(PATH)[2]) if rating else None
    if rating is None or shared is None:
        return PlainTextResponse("This is no rating of an answer of ours.", 422)
    try:
        posts.feedback.keep(shared, rating.rating, rating.cause, rating.reason, posts.today())
    except (OSError, FeedbackFullError) as exc:
        log.error("feedback is not kept: %s", exc)  # noqa: TRY400 - expected on a full disk
        return PlainTextResponse("This cannot be kept at the moment.", 503)
    return JSONResponse({"kept": True})


def _add_export(app: FastAPI, posts: MemberPosts) -> None:
    at_once = CapacityLimiter(EXPORTS_AT_ONCE)

    @app.post("/export/docx")
    async def write(request: Request) -> Response:
        if wait := posts.visitors.wait(_address(request)):
            return _later(wait)
        posted = await _posted(request)
        return await to_thread.run_sync(_exported, posted, limiter=at_once)


def _exported(posted: bytes) -> Response:
    conversation = _read(posted, export.ExportedConversation)
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
