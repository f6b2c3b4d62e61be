"""Log in and out: by a name and a password, or by whoever signs staff in besides."""

import logging
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from starlette.responses import Response

from assistant.domain.errors import AssistantError, RecordsError
from assistant.records.accounts import SIMPLE, Account
from assistant.records.history import NOBODY
from assistant.web.staff.access import Login, LoginFailure
from assistant.web.staff.permissions import CALLBACK, HOME, LOGIN, SSO
from assistant.web.staff.site import Form, StaffSite, asked, go_to
from assistant.web.staff.speech import Speech, forget_choice

if TYPE_CHECKING:  # the extra that it needs need not be there
    from assistant.web.staff.single_sign_on import SingleSignOn

MINUTE = 60
BROUGHT = 600  # seconds that a browser keeps what it brings back from a provider
SIGN_ON = "single sign-on"  # no name of an account: it has a space

_log = logging.getLogger(__name__)


def routes(site: StaffSite) -> APIRouter:
    """Return the routes of the login."""
    router = site.router()

    @router.get(LOGIN)
    def ask_password(request: Request) -> Response:
        if request.state.account:
            return go_to(HOME)
        return _form(site, request, 200)

    @router.post(LOGIN)
    def log_in(request: Request, form: Form) -> Response:
        login = site.access.log_in(
            form["name"], form["password"], _address(request), token_of(site, request)
        )
        if login.failure:
            if login.failure is LoginFailure.WRONG:
                _note(site, login.account, failed=True)
            status = 429 if login.failure is LoginFailure.WAIT else 403
            told = _trouble(login, site, site.speech(request))
            response = _form(site, request, status, trouble=told, given=form["name"])
            if login.seconds:
                response.headers["retry-after"] = str(login.seconds)
            return response
        _note(site, login.account, "password")
        response = go_to(HOME)
        keep(site, response, login.token)
        _speak_own(site, response, login.account)
        return response

    @router.post("/staff/logout")
    def log_out(request: Request) -> Response:
        site.access.log_out(token_of(site, request))
        response = go_to(LOGIN)
        forget(site, response)
        return response

    if site.single_sign_on:
        router.include_router(_signing_on(site, site.single_sign_on))
    return router


def _signing_on(site: StaffSite, sign_on: "SingleSignOn") -> APIRouter:
    router = site.router()

    @router.get(SSO)
    def go(request: Request) -> Response:
        if request.state.account:
            return go_to(HOME)
        try:
            begun = sign_on.begin()
        except AssistantError as exc:
            return _form(site, request, 502, sign_on_trouble=reason(site, request, exc))
        response = Response(status_code=303, headers={"location": begun.address})
        response.set_cookie(
            _brought(site),
            begun.cookie,
            max_age=BROUGHT,
            path="/",
            secure=site.access.is_secure,
            httponly=True,
            samesite="lax",  # it comes back from another site
        )
        return response

    @router.get(CALLBACK)
    def come_back(request: Request) -> Response:
        if seconds := site.access.attempt(_address(request), SIGN_ON):
            spoken = site.speech(request)
            words = spoken.words("login.too_many_sign_ins", wait=wait_told(seconds, spoken))
            return _form(site, request, 429, sign_on_trouble=words)
        response = _returned(site, sign_on, request)
        response.delete_cookie(
            _brought(site), path="/", secure=site.access.is_secure, httponly=True
        )
        return response

    return router


def _returned(site: StaffSite, sign_on: "SingleSignOn", request: Request) -> Response:
    """Return the page for somebody who comes back from the provider."""
    given = {name: asked(request, name) for name in ("state", "code", "error", "iss")}
    answer = {name: each for name, each in given.items() if each}
    try:
        claims = sign_on.claims(request.cookies.get(_brought(site), ""), answer)
        account = sign_on.account(claims, site.accounts, site.history)
    except AssistantError as exc:
        _note(site, "", failed=True)
        return _form(site, request, 403, sign_on_trouble=reason(site, request, exc))
    return _signed_in(site, request, account)


def _brought(site: StaffSite) -> str:
    """Return the name of the cookie that comes back from the provider."""
    return "__Host-staff-sso" if site.access.is_secure else "staff-sso"


def _signed_in(site: StaffSite, request: Request, account: Account) -> Response:
    """Return a page that goes on by itself: what another site leads to brings no strict cookie."""
    site.access.succeeded(_address(request), SIGN_ON)
    _note(site, account.name, SIGN_ON)
    response = site.page(request, "signed_in.html")
    keep(site, response, site.access.open(account, token_of(site, request)))
    _speak_own(site, response, account.name)
    return response


def _speak_own(site: StaffSite, response: Response, name: str) -> None:
    """Begin in the account's language: what was chosen in this browser may be somebody else's."""
    account = site.accounts.find(name)
    if account and account.language:
        forget_choice(response, secure=site.access.is_secure)


def keep(site: StaffSite, response: Response, token: str) -> None:
    """Have the browser keep the token of a session."""
    response.set_cookie(
        site.access.cookie,
        token,
        path="/",
        secure=site.access.is_secure,
        httponly=True,
        samesite="strict",
    )


def forget(site: StaffSite, response: Response) -> None:
    """Have the browser forget the token of its session."""
    response.delete_cookie(
        site.access.cookie,
        path="/",
        secure=site.access.is_secure,
        httponly=True,
        samesite="strict",
    )


def token_of(site: StaffSite, request: Request) -> str:
    """Return the token that a request brings."""
    return site.access.token(dict(request.scope["headers"]))


def _note(site: StaffSite, account: str, how: str = "", *, failed: bool = False) -> None:
    """Write a login to the history; a full disk must not keep those out who could clear it."""
    try:
        if failed:
            site.history.count_failure(account or NOBODY)
        else:
            site.history.add(account, "login", details=how)
    except RecordsError as exc:
        _log.error("a login is missing in the history: %s", exc)


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


def _form(  # noqa: PLR0913 - each is one thing that the page says
    site: StaffSite,
    request: Request,
    status: int,
    *,
    trouble: str = "",
    sign_on_trouble: str = "",
    given: str = "",
) -> Response:
    return site.page(
        request,
        "login.html",
        status=status,
        trouble=trouble,
        sign_on_trouble=sign_on_trouble,
        given=given,
        asks_name=_asks_name(site),
        asks_password=any(each.hash for each in site.accounts.all()),
        provider=site.single_sign_on.name if site.single_sign_on else "",
    )


def reason(site: StaffSite, request: Request, exc: AssistantError) -> str:
    """Return why something was refused."""
    return site.speech(request).sentence(str(exc))


def _asks_name(site: StaffSite) -> bool:
    """Whether there is anybody besides the account that staff share."""
    return any(each.hash and each.name != SIMPLE for each in site.accounts.all())


def wait_told(seconds: int, spoken: Speech) -> str:
    """Return how long to wait, in words."""
    if seconds >= MINUTE:
        return spoken.counted(-(-seconds // MINUTE), "count.minutes")
    return spoken.counted(seconds, "count.seconds")


def _trouble(login: Login, site: StaffSite, spoken: Speech) -> str:
    """Return what to tell somebody who was not logged in."""
    wait = wait_told(login.seconds, spoken) if login.seconds else ""
    if login.failure is LoginFailure.WAIT:
        return spoken.words("login.too_many", wait=wait)
    wrong = spoken.words("login.wrong_of_two" if _asks_name(site) else "login.wrong")
    return f"{wrong} {spoken.words('login.again', wait=wait)}" if wait else wrong
