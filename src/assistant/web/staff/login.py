"""Log in and out."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from assistant.web.staff.access import HOME, LOGIN, Login, LoginFailure
from assistant.web.staff.site import Form, StaffSite, go_to
from assistant.web.staff.speech import Speech

MINUTE = 60


def routes(site: StaffSite) -> APIRouter:
    """Return the routes of the login."""
    router = site.router()

    @router.get(LOGIN)
    def ask_password(request: Request) -> Response:
        if site.access.is_open(_token(site, request)):
            return go_to(HOME)
        return site.page(request, "login.html", trouble="")

    @router.post(LOGIN)
    def log_in(request: Request, form: Form) -> Response:
        address = request.client.host if request.client else ""
        login = site.access.log_in(form["password"], address, _token(site, request))
        if trouble := _trouble(login, site.speech(request)):
            status = 429 if login.failure is LoginFailure.WAIT else 403
            refused = site.page(request, "login.html", status=status, trouble=trouble)
            if login.seconds:
                refused.headers["retry-after"] = str(login.seconds)
            return refused
        response = go_to(HOME)
        response.set_cookie(
            site.access.cookie,
            login.token,
            path="/",
            secure=site.access.is_secure,
            httponly=True,
            samesite="strict",
        )
        return response

    @router.post("/staff/logout")
    def log_out(request: Request) -> Response:
        site.access.log_out(_token(site, request))
        response = go_to(LOGIN)
        response.delete_cookie(
            site.access.cookie,
            path="/",
            secure=site.access.is_secure,
            httponly=True,
            samesite="strict",
        )
        return response

    return router


def _token(site: StaffSite, request: Request) -> str:
    return site.access.token(dict(request.scope["headers"]))


def _trouble(login: Login, spoken: Speech) -> str:
    """Return what to tell somebody who was not logged in, nothing to who was."""
    if login.failure is None:
        return ""
    wait = ""
    if login.seconds >= MINUTE:
        wait = spoken.counted(-(-login.seconds // MINUTE), "count.minutes")
    elif login.seconds:
        wait = spoken.counted(login.seconds, "count.seconds")
    if login.failure is LoginFailure.WAIT:
        return spoken.words("login.too_many", wait=wait)
    wrong = spoken.words("login.wrong")
    return f"{wrong} {spoken.words('login.again', wait=wait)}" if wait else wrong
