"""What all staff pages share: what they are made of, their layout, their forms, their errors."""

import logging
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
from assistant.language.contacts import Contacts
from assistant.records.accounts import Account, Accounts
from assistant.records.history import History
from assistant.web.feedback import Feedback
from assistant.web.staff import views
from assistant.web.staff.access import BROKEN, StaffAccess
from assistant.web.staff.permissions import needed
from ingest.operations import Operations
from vectorstore.publishing.contents import Contents

if TYPE_CHECKING:  # the extra that it needs need not be there
    from assistant.web.staff.single_sign_on import SingleSignOn

_log = logging.getLogger(__name__)

MOST_FIELDS = 50  # of a form; ours have a dozen
MENU = (
    ("/staff", "Overview"),
    ("/staff/documents", "Documents"),
    ("/staff/sources", "Sources"),
    ("/staff/uploads", "Uploads"),
    ("/staff/runs", "Runs"),
    ("/staff/try", "Try a question"),
    ("/staff/feedback", "Feedback"),
    ("/staff/widget", "Widget"),
    ("/staff/history", "History"),
    ("/staff/accounts", "Accounts"),
)
ONE_THING = {
    "/staff/document",
    "/staff/runs/{run_id}",
    "/staff/runs/{run_id}/progress",
    "/staff/runs/{run_id}/report",
}
"""Pages of one thing; where it is not there, neither is the page."""
NOTES = {
    "hidden": "The document is out of the answers now.",
    "shown": "The document may be used in answers again. If a run has removed it meanwhile, it "
    "comes back with the next run that reads it.",
    "added": "The source is added. If it has a schedule, it is read and published within a minute; "
    "if not, plan it to see what it would bring.",
    "removed": "The source is no longer listed. Its documents stay published.",
    "file-removed": "The file is removed. Plan the uploads to take its document out of the "
    "answers.",
    "rolled-back": "That generation is published again; the next question is answered from it.",
    "account-added": "The account is added. Tell its password to whoever it is for.",
    "account-changed": "The account is changed. Whoever was logged in with it is logged out.",
    "account-removed": "The account is removed. What it did stays in the history.",
    "password-changed": "Your password is changed. Everywhere else you are logged out.",
}


@dataclass(frozen=True, slots=True)
class StaffSite:
    """What the staff pages need.

    Attributes:
        base: The path below which the site is served.
        feedback: What members say of answers.
        history: What staff did.
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
    feedback: Feedback
    accounts: Accounts
    history: History
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
        path, account = request.scope["path"], self.account(request)
        note = NOTES.get(request.query_params.get("note", ""), "")
        return views.render(
            template,
            status=status,
            base=self.base,
            name=self.name,
            path=path,
            menu=[each for each in MENU if _is_open(account, each[0])],
            account=account,
            may=lambda role: account.role >= Role(role),
            note=note,
            **values,
        )

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


def _is_open(account: Account, path: str) -> bool:
    """Whether an account may open a page."""
    needs = needed("GET", path)
    return isinstance(needs, Role) and account.role >= needs


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
    """Return a text without control characters and unpaired surrogates."""
    whole = text.encode(errors="ignore").decode()
    return "".join(each for each in whole if each.isprintable() or each in "\n\t").strip()


def asked(request: Request, name: str) -> str:
    """Return a parameter of the address as clean text, empty where there is none."""
    return cleaned(request.query_params.get(name, ""))


def go_to(path: str, **parameters: str) -> RedirectResponse:
    """Return a redirect to another page after a change."""
    query = f"?{urlencode(parameters)}" if parameters else ""
    return RedirectResponse(f"{path}{query}", 303)
