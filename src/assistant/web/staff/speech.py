"""The language of a staff page: which it is, and what is written in it beside plain words."""

import functools
import re
from datetime import UTC, date, datetime

from fastapi import Request
from markupsafe import Markup, escape
from starlette.responses import Response

from assistant.domain.corpus import UNDETERMINED
from assistant.language.languages import LANGUAGES
from assistant.language.machinery import translated
from assistant.language.wording import DEFAULT, staff_wording, wording
from assistant.web.pages.options import page_language

CHOICE = "staff-language"
"""The parameter of an address that chooses a language, and the cookie that keeps the choice."""
KEPT = 365 * 24 * 60 * 60  # seconds
KILO = 1000


class Speech:
    """The words of the staff pages in one language, and what is written as its readers do.

    Attributes:
        words: What the staff pages say.
        members: What members' pages say, where staff read the same.
    """

    def __init__(self, code: str) -> None:
        self.words = staff_wording(code)
        self.members = wording(code)

    def moment(self, when: datetime | str | None) -> str:
        """Return a moment in the server's own time."""
        if not when:
            return self.words("format.no_moment")
        told = datetime.fromisoformat(when) if isinstance(when, str) else when
        aware = told if told.tzinfo else told.replace(tzinfo=UTC)
        return self.words.moment(aware.astimezone())

    def day(self, when: date | None) -> str:
        """Return a date, or that there is none."""
        return self.words.day(when) if when else self.words("format.no_date")

    def iso_day(self, text: str) -> str:
        """Return a date that is written as in ISO 8601; what is none, as it is."""
        try:
            return self.words.day(date.fromisoformat(text))
        except ValueError:
            return text

    def number(self, value: float, decimals: int = 0) -> str:
        """Return a number."""
        return self.words.number(value, decimals)

    def counted(self, count: int, key: str) -> str:
        """Return a message that says how many there are."""
        return self.words.counted(key, count)

    def size(self, length: int) -> str:
        """Return a number of bytes as a person reads it."""
        if length < KILO:
            return self.words("size.bytes", count=self.number(length))
        if length < KILO**2:
            return self.words("size.kilobytes", count=self.number(length / KILO))
        return self.words("size.megabytes", count=self.number(length / KILO**2, 1))

    def language(self, code: str) -> str:
        """Return the name of a language."""
        unknown = code == UNDETERMINED
        return self.words("format.no_language") if unknown else self.words.language_name(code)

    def schedule(self, text: str) -> str:
        """Return when a source is read; `text` is as `ingest` says it."""
        if every := re.fullmatch(r"every (\d+)([mhd])", text):
            return self.words.counted(f"schedule.{every[2]}", int(every[1]))
        if daily := re.fullmatch(r"at (\S+)", text):
            return self.words("schedule.at", time=daily[1])
        return text or self.words("schedule.none")

    def stage(self, text: str) -> str:
        """Return what a run does now; `text` is as `ingest` says it."""
        what, _, source = text.partition(" ")
        if what == "reading" and source:
            return self.words("stage.reading_source", source=source)
        return self.named(text, "stage")

    def found(self, many: int, what: str) -> str:
        """Return how many of something a source holds; `what` is as `ingest` or the site says."""
        key = f"found.{what}"
        known = f"{key}.one" in self.words
        return self.counted(many, key) if known else f"{self.number(many)} {what}"

    def named(self, name: str, group: str) -> str:
        """Return what a group of words calls something; what it has no word for, as it is."""
        key = f"{group}.{name}"
        return self.words(key) if key in self.words else name

    def kind(self, name: str) -> str:
        """Return what a kind of document is called."""
        return self.members(f"kind.{name}") if f"kind.{name}" in self.members else name

    def filled(self, key: str, **values: object) -> Markup:
        """Return a message with markup of our own templates in it; all else is escaped."""
        return Markup(escape(self.words.template(key))).format(**values)  # noqa: S704 - escaped

    def told(self, message: str) -> str:
        """Return what the machinery says; where there are no words for it, marked as English."""
        if self.words.language == DEFAULT:
            return message
        known = translated(message, self.words.language)
        return known or Markup('<span lang="en">{}</span>').format(message)

    def sentence(self, message: str) -> str:
        """Return the same as a sentence: messages begin small and end without a stop."""
        if self.words.language == DEFAULT:
            return _as_sentence(message)
        known = translated(message, self.words.language)
        return _as_sentence(known) if known else self.told(_as_sentence(message))


def _as_sentence(message: str) -> str:
    stop = "" if message.endswith((".", "!", "?", ":")) else "."
    first = message.split(" ", 1)[0]
    is_name = any(sign in first for sign in "./_0123456789")  # of a file, or an address
    return f"{message if is_name else message[:1].upper() + message[1:]}{stop}"


@functools.cache
def speech(code: str) -> Speech:
    """Return how the staff pages speak in a language; English where they do not know it."""
    return Speech(code)


def speech_of(request: Request, own: str, default: str) -> Speech:
    """Return how to speak to who asks.

    As was chosen in this browser, else as is their `own`, else as the browser says.
    """
    chosen = _chosen(request) or _known(request.cookies.get(CHOICE, "")) or own
    return speech(page_language(chosen, request.headers.get("accept-language"), default))


def remember(request: Request, response: Response, *, secure: bool) -> None:
    """Have the browser keep the language that an address chose."""
    if chosen := _chosen(request):
        response.set_cookie(
            CHOICE, chosen, KEPT, path="/", secure=secure, httponly=True, samesite="strict"
        )


def forget_choice(response: Response, *, secure: bool) -> None:
    """Have the browser forget the language that was chosen in it."""
    response.delete_cookie(CHOICE, path="/", secure=secure, httponly=True, samesite="strict")


def _chosen(request: Request) -> str:
    """Return the language that the address of a page chooses, empty where it chooses none."""
    return _known(request.query_params.get(CHOICE, ""))


def _known(code: str) -> str:
    return code if code in LANGUAGES else ""
