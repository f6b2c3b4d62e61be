"""What all staff pages share: what they are made of, their layout, their forms, their errors."""

import logging
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, PlainTextResponse, RedirectResponse
from fastapi.routing import APIRoute
from starlette.responses import Response

from assistant.answering.assistant import Assistant
from assistant.domain.errors import AssistantError, RecordsError
from assistant.domain.roles import Role
from assistant.insights.period import Observer
from assistant.language.contacts import Contacts
from assistant.records.accounts import Account, Accounts
from assistant.records.history import History
from assistant.records.records import Records
from assistant.web.staff import views
from assistant.web.staff.access import BROKEN, StaffAccess
from assistant.web.staff.permissions import HOME, needed
from assistant.web.staff.speech import CHOICE, Speech, remember, speech_of
from ingest.operations import Operations
from vectorstore.publishing.contents import Contents

if TYPE_CHECKING:  # the extra that it needs need not be there
    from assistant.web.staff.single_sign_on import SingleSignOn

_log = logging.getLogger(__name__)

MOST_DIGITS = 9  # of a number in an address or a form
MOST_FIELDS = 100  # of a form: a page of the list has fifty boxes, the others a dozen fields
_OTHER_SPACES = re.compile(r"[^\S \t\n\r\v\f\x1c-\x1f\x85]")
"""Those that are no control characters: the no-break ones of French pages and of Word, and more."""
MENU = (
    ("/staff", "menu.overview"),
    ("/staff/documents", "menu.documents"),
    ("/staff/sources", "menu.sources"),
    ("/staff/uploads", "menu.uploads"),
    ("/staff/runs", "menu.runs"),
    ("/staff/try", "menu.try"),
    ("/staff/questions", "menu.questions"),
    ("/staff/answers", "menu.answers"),
    ("/staff/feedback", "menu.feedback"),
)
ADMINISTRATION = (
    ("/staff/widget", "menu.widget"),
    ("/staff/history", "menu.history"),
    ("/staff/accounts", "menu.accounts"),
)
ONE_THING = {
    "/staff/document",
    "/staff/document/edit",
    "/staff/runs/{run_id}",
    "/staff/runs/{run_id}/progress",
    "/staff/runs/{run_id}/report",
}
"""Pages of one thing; where it is not there, neither is the page."""


@dataclass(frozen=True, slots=True)
class StaffSite:
    """What the staff pages need.

    Attributes:
        base: The path below which the site is served.
        records: What staff and members leave behind.
        observer: Tells what members ask.
        single_sign_on: Who signs staff in besides; None: nobody does.
        embed_origins: The sites that may show the assistant.
        now: Returns the time, for what is fresh.
    """

    access: StaffAccess
    operations: Operations
    contents: Contents
    assistant: Assistant
    name: str
    contacts: Contacts
    records: Records
    observer: Observer
    single_sign_on: "SingleSignOn | None" = None
    base: str = ""
    embed_origins: tuple[str, ...] = ()
    now: Callable[[], datetime] = lambda: datetime.now(UTC)

    def page(
        self,
        request: Request,
        template: str,
        *,
        status: int = 200,
        **values: Any,  # noqa: ANN401 - whatever the template names
    ) -> HTMLResponse:
        """Return a page with the layout around it."""
        spoken, account = self.speech(request), request.state.account
        note = f"note.{request.query_params.get('note')}"
        response = views.render(
            template,
            spoken,
            status=status,
            base=self.base,
            name=self.name,
            path=request.scope["path"],
            here=_here(request),
            menu=_open_pages(MENU, account),
            administration=_open_pages(ADMINISTRATION, account),
            account=account,
            may=lambda role: account is not None and account.role >= Role(role),
            note=spoken.words(note) if note in spoken.words else "",
            **values,
        )
        remember(request, response, secure=self.access.is_secure)
        return response

    def sources_by_origin(self) -> Mapping[str, str]:
        """Return how the sources are called, by what their documents are published under."""
        try:
            return {source.origin: source.name for source in self.operations.sources()}
        except AssistantError:  # a faulty list of them is told on their own page
            return {}

    @property
    def accounts(self) -> Accounts:
        """The accounts of staff."""
        return self.records.accounts

    @property
    def history(self) -> History:
        """What staff did."""
        return self.records.history

    def by(self, request: Request) -> str:
        """Return who asks, as others are told."""
        return self.account(request).name

    def speech(self, request: Request) -> Speech:
        """Return how to speak to the member of staff who asks."""
        account: Account | None = request.state.account
        own = account.language if account else ""
        return speech_of(request, own, self.assistant.default_language)

    def account(self, request: Request) -> Account:
        """Return whose request it is; its route must be one for which somebody is logged in."""
        found = request.state.account
        if not isinstance(found, Account):
            msg = f"{request.scope['path']} is open to everybody, so it is nobody's"
            raise TypeError(msg)
        return found

    def did(self, request: Request, what: str, about: str = "", details: str = "") -> None:
        """Write to the history what somebody has done. Raises UnrecordedError."""
        try:
            self.history.add(self.account(request).name, what, about, details)
        except RecordsError as exc:
            msg = f"it was done, but is missing in the history: {exc}"
            raise UnrecordedError(msg) from exc

    def router(self) -> APIRouter:
        """Return an empty router; its routes show expected errors as a page."""
        site = self

        class Route(APIRoute):
            def get_route_handler(self) -> Callable[[Request], Any]:
                handle = super().get_route_handler()

                async def handle_errors(request: Request) -> Response:
                    try:
                        response: Response = await handle(request)
                    except AssistantError as exc:
                        if request.state.account is None:  # there is nobody to show a page to
                            _log.error("a login could not be answered: %s", exc)
                            return PlainTextResponse(BROKEN, 503)
                        is_missing = request.method == "GET" and self.path in ONE_THING
                        status = 404 if is_missing else 409
                        done, reasons = isinstance(exc, UnrecordedError), str(exc).splitlines()
                        return site.page(
                            request, "error.html", status=status, reasons=reasons, is_done=done
                        )
                    return response

                return handle_errors

        return APIRouter(route_class=Route)


class UnrecordedError(RecordsError):
    """Something was done, and could not be written to the history."""


def _open_pages(pages: Sequence[tuple[str, str]], account: Account | None) -> list[tuple[str, str]]:
    """Return the pages that an account may open."""
    needs = {path: needed("GET", path) for path, _ in pages}
    return [
        (path, label)
        for path, label in pages
        if account and isinstance(needs[path], Role) and account.role >= needs[path]
    ]


async def _read_fields(request: Request) -> Mapping[str, Sequence[str]]:
    form = await request.form(max_fields=MOST_FIELDS, max_files=0)
    return {
        name: [cleaned(each) for each in form.getlist(name) if isinstance(each, str)]
        for name in form
    }


class Fields:
    """The fields of a form that was sent, as clean text."""

    def __init__(self, sent: Annotated[Mapping[str, Sequence[str]], Depends(_read_fields)]) -> None:
        self._sent = sent

    def __getitem__(self, name: str) -> str:
        """Return a field, empty where it was not sent."""
        return next(iter(self._sent.get(name, ())), "")

    def all(self, name: str) -> list[str]:
        """Return all fields of a name."""
        return list(self._sent.get(name, ()))


Form = Annotated[Fields, Depends()]


def cleaned(text: str) -> str:
    """Return a text without control characters and unpaired surrogates, each space a plain one."""
    whole = _OTHER_SPACES.sub(" ", text.encode(errors="ignore").decode())
    return "".join(each for each in whole if each.isprintable() or each in "\n\t").strip()


def _here(request: Request) -> str:
    """Return the address to come back to in another language, up to the choice of one."""
    path, is_read = request.scope["path"], request.method == "GET"
    query = [pair for pair in request.query_params.multi_items() if pair[0] != CHOICE]
    if not is_read:
        return f"{path if isinstance(needed('GET', path), Role) else HOME}?"
    return f"{path}?{urlencode(query)}&" if query else f"{path}?"


def number_in(text: str) -> int:
    """Return the number that a form or an address gives, 0 where it gives none of ours."""
    return int(text) if text.isdecimal() and len(text) <= MOST_DIGITS else 0


def asked(request: Request, name: str) -> str:
    """Return a parameter of the address as clean text, empty where there is none."""
    return cleaned(request.query_params.get(name, ""))


def go_to(path: str, **parameters: str) -> RedirectResponse:
    """Return a redirect to another page after a change."""
    query = f"?{urlencode(parameters)}" if parameters else ""
    return RedirectResponse(f"{path}{query}", 303)
