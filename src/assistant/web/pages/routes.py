"""The pages that members read: the chat, documents, answers shown again, statements."""

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import parse_qs, quote, urlencode

from anyio import to_thread
from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse

from assistant.domain.corpus import DocumentId, Filters, Kind
from assistant.domain.errors import AssistantError
from assistant.domain.links import page_of
from assistant.domain.ports import Library
from assistant.language.contacts import Contacts
from assistant.language.wording import Wording, wording
from assistant.web.embedding_sites import WIDGET
from assistant.web.pages.chat import ChatPage, asked_by
from assistant.web.pages.options import page_language
from assistant.web.pages.permalinks import PATH, Permalinks, SharedAnswer, shown_again
from assistant.web.pages.templating import marks_in, render
from assistant.web.security.protection import MISSING
from assistant.web.turns import AGAIN, Turns

A_PAGE = 25  # documents in a list
AT_ONCE, WAITING = 4, 32  # questions answered for forms at a time, as many as for the stream
MOST_FIELDS = 150
KEPT_BY_NOBODY = {"cache-control": "no-store", "x-robots-tag": "noindex"}
"""For answers: what was hidden meanwhile must not live on in a cache or in a search engine."""
NO_STORE = {"cache-control": "no-store"}

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class MemberPages:
    """What the pages are made of.

    Attributes:
        hidden: Returns the documents that staff have taken out of the answers.
        version: Changes when a file of ours does, so that browsers may keep them for good.
    """

    chat: ChatPage
    library: Library
    permalinks: Permalinks
    contacts: Contacts
    hidden: Callable[[], Collection[str]]
    version: str = ""
    today: Callable[[], date] = date.today

    def words(self, request: Request) -> Wording:
        """Return the words in the language that a visitor wants."""
        return wording(
            page_language(
                request.query_params.get("lang"),
                request.headers.get("accept-language"),
                self.chat.default_language,
            )
        )

    def page(
        self,
        template: str,
        words: Wording,
        *,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        **values: Any,  # noqa: ANN401 - whatever the template names
    ) -> HTMLResponse:
        """Return a page."""
        told = {"base": self.chat.base, "version": self.version, "name": self.chat.name, **values}
        html = render(template, words=words, **told)
        return HTMLResponse(html, status, dict(headers or {}))


def add(app: FastAPI, pages: MemberPages) -> None:
    """Add the pages to an application."""
    _add_chat(app, pages)
    _add_documents(app, pages)
    _add_answers(app, pages)
    _add_statements(app, pages)


def _add_chat(app: FastAPI, pages: MemberPages) -> None:
    turns = Turns(AT_ONCE, WAITING)

    def shown(
        request: Request,
        status: int = 200,
        headers: Mapping[str, str] = NO_STORE,
        **values: Any,  # noqa: ANN401 - the template's
    ) -> HTMLResponse:
        words = pages.words(request)
        first = pages.chat.first(request.query_params, words.language)
        compact = request.scope["path"].rstrip("/") == WIDGET
        given = {**first, "compact": compact, **values}
        words = given.pop("words")
        return pages.page("chat.html", words, status=status, headers=headers, **given)

    @app.get("/")
    @app.get(WIDGET)
    @app.get(f"{WIDGET}/")
    def open_chat(request: Request) -> HTMLResponse:
        return shown(request)

    @app.post("/")
    @app.post(WIDGET)
    @app.post(f"{WIDGET}/")
    async def answer_form(request: Request) -> HTMLResponse:
        fields = _fields(await request.body())

        language, site = pages.words(request).language, request.query_params.get("site", "")
        address = request.client.host if request.client else ""
        asked = asked_by(fields, language, site, address)
        if turns.are_taken:
            headers = {**NO_STORE, **AGAIN}
            return await to_thread.run_sync(
                lambda: shown(request, 503, headers, **pages.chat.busy(asked))
            )
        return await turns.take(lambda: shown(request, **pages.chat.answered(asked)))


def _fields(body: bytes) -> Mapping[str, Sequence[str]]:
    """Return the fields of a form, none where the body is not a form."""
    try:
        return parse_qs(body.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        return {}


def _add_documents(app: FastAPI, pages: MemberPages) -> None:
    @app.get("/documents")
    def list_documents(request: Request, kind: str = "", page: str = "1") -> HTMLResponse:
        words = pages.words(request)
        known = kind if kind in set(Kind) else ""
        number = int(page) if page.isascii() and page.isdigit() and len(page) < 6 else 1  # noqa: PLR2004 - digits
        try:
            return _catalogue(pages, words, known, max(1, number))
        except AssistantError:
            return pages.page("message.html", words, status=503, text=words("error.unavailable"))

    @app.get("/documents/{path:path}")
    def show_document(path: str, request: Request, marks: str = "") -> HTMLResponse:
        words = pages.words(request)
        missing = words("reader.missing")
        try:
            with pages.library.generation() as generation:
                found = (
                    generation.document_at(f"/documents/{quote(path)}")
                    or generation.document_at(f"/documents/{path}")
                    or generation.document(DocumentId(path))
                )
        except AssistantError:
            return pages.page("message.html", words, status=503, text=words("error.unavailable"))
        if found is None:
            return pages.page("message.html", words, status=404, text=missing)
        # Kept nowhere: it may be hidden at any time.
        language = found.source.language
        return pages.page(
            "document.html",
            words,
            headers=NO_STORE,
            document=found,
            language=language,
            marks=marks_in(marks),
            carried=_carried(marks=marks),
        )


def _carried(**values: str | int) -> str:
    """Return what a link to the same page in another language has behind that."""
    told = {name: value for name, value in values.items() if value}
    return f"&{urlencode(told)}" if told else ""


def _catalogue(pages: MemberPages, words: Wording, kind: str, number: int) -> HTMLResponse:
    filters = Filters(kinds=frozenset({Kind(kind)})) if kind else Filters()
    with pages.library.generation() as generation:
        found = generation.documents(filters, words.language)
    published = pages.chat.announcement(words.language)
    first = (number - 1) * A_PAGE
    return pages.page(
        "catalogue.html",
        words,
        headers=NO_STORE,
        documents=found[first : first + A_PAGE],
        kinds=published.kinds if published else (),
        kind=kind,
        page=number,
        earlier=number > 1,
        later=len(found) > first + A_PAGE,
        today=pages.today(),
        page_of=page_of,
        carried=_carried(kind=kind, page=number),
    )


def _add_answers(app: FastAPI, pages: MemberPages) -> None:
    @app.get(PATH + "{token}")
    def show_answer(token: str, request: Request) -> HTMLResponse:
        words = pages.words(request)
        shared = pages.permalinks.read(token)
        status, headers = 404, KEPT_BY_NOBODY
        text = words("shared.missing")
        if shared is not None:
            try:
                values = _shown_again(shared, pages, words)
                return pages.page("shared.html", words, headers=headers, **values)
            except AssistantError as exc:
                log.error("an answer is not shown: %s", exc)  # noqa: TRY400 - expected
                status, text = 503, words("error.unavailable")
        return pages.page("message.html", words, status=status, headers=headers, text=text)


def _shown_again(shared: SharedAnswer, pages: MemberPages, words: Wording) -> dict[str, Any]:
    """Return what the page of an answer says; raises StoreError without knowing what is hidden."""
    hidden, today = pages.hidden(), pages.today()
    contact = pages.contacts.of(words.language)
    try:
        with pages.library.generation() as generation:
            told = shown_again(shared, generation, words, hidden=hidden)
    except AssistantError as exc:
        log.error("an answer is shown without its sources: %s", exc)  # noqa: TRY400 - expected
        told = shown_again(shared, None, words, hidden=hidden)
    return {**told, "contact": contact, "today": today}


def _add_statements(app: FastAPI, pages: MemberPages) -> None:
    @app.get(MISSING)
    def missing(request: Request) -> HTMLResponse:
        words = pages.words(request)
        text = words("page.missing")
        return pages.page("message.html", words, status=404, headers=NO_STORE, text=text)

    @app.get("/about")
    def about(request: Request) -> HTMLResponse:
        words, chat = pages.words(request), pages.chat
        contact = pages.contacts.of(words.language)
        return pages.page(
            "about.html",
            words,
            notice=chat.notice(words),
            corpus=chat.corpus(words),
            contact=contact,
        )

    @app.get("/accessibility")
    def statement(request: Request) -> HTMLResponse:
        words = pages.words(request)
        return pages.page("accessibility.html", words, contact=pages.contacts.of(words.language))
