"""What may be told of questions, models and visitors to those who watch a server: closed words.

None of them is a visitor's, a document's or an answer's. Pure.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum

from assistant.domain.dialogue import Answer


class Stage(StrEnum):
    """What takes time in an answer."""

    REWRITING = "rewriting"
    SEARCHING = "searching"
    READING = "reading"
    WRITING = "writing"


class AskedFrom(StrEnum):
    """Where a question comes from: a page, one in a frame of another site, a program, a model."""

    PAGE = "page"
    WIDGET = "widget"
    API = "api"
    MCP = "mcp"


class Refused(StrEnum):
    """Why a visitor is not let through."""

    HOST = "host"
    PATH = "path"
    METHOD = "method"
    ORIGIN = "origin"
    SIZE = "size"
    SLOW = "slow"
    SHAPE = "shape"
    BUSY = "busy"
    REQUESTS = "requests"
    QUESTIONS = "questions"
    SITE = "site"
    STAFF = "staff"
    TOKEN = "token"  # noqa: S105 - the reason, not one of them


class Unwatched:
    """Watches nothing: what stands wherever nobody looks on."""

    @contextmanager
    def question(self, asked_from: AskedFrom) -> Iterator["Unwatched"]:
        """Let a question go by."""
        del asked_from
        yield self

    @contextmanager
    def stage(self, stage: Stage) -> Iterator[None]:
        """Let a stage go by."""
        del stage
        yield

    def answered(self, answer: Answer) -> None:
        """Take no notice."""

    def failed(self, exc: Exception) -> None:
        """Take no notice."""

    def withheld(self, reason: str) -> None:
        """Take no notice."""

    def gave_up(self, trouble: str) -> None:
        """Take no notice."""

    def used(self, sent: int, received: int) -> None:
        """Take no notice."""

    def refused(self, reason: Refused) -> None:
        """Take no notice."""


UNWATCHED = Unwatched()
