"""Log in and out."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from assistant.web.staff import views
from assistant.web.staff.access import HOME, LOGIN, Login, LoginFailure
from assistant.web.staff.site import Form, StaffSite, go_to

MINUTE = 60


def routes(site: StaffSite) -> APIRouter:
    """Return the routes of the login."""
    router = site.router()

    @router.get(LOGIN)
    def ask_password(request: Request) -> Response:
        if site.access.is_open(_token(site, request)):
            return go_to(HOME)
        return _form(site, "", 200)

    @router.post(LOGIN)
    def log_in(request: Request, form: Form) -> Response:
        address = request.client.host if request.client else ""
        login = site.access.log_in(form["password"], address, _token(site, request))
        if login.failure:
            status = 429 if login.failure is LoginFailure.WAIT else 403
            response = _form(site, _words(login), status)
            if login.seconds:
                response.headers["retry-after"] = str(login.seconds)
            return response
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


def _form(site: StaffSite, trouble: str, status: int) -> Response:
    return views.render(
        "login.html", status=status, base=site.base, name=site.name, trouble=trouble, note=""
    )


def _words(login: Login) -> str:
    """Return what to tell somebody who was not logged in."""
    wait = ""
    if login.seconds >= MINUTE:
        wait = views.counted(-(-login.seconds // MINUTE), "minute")
    elif login.seconds:
        wait = views.counted(login.seconds, "second")
    if login.failure is LoginFailure.WAIT:
        return f"There were too many wrong passwords. Try again in {wait}."
    again = f" You may try again in {wait}." if wait else ""
    return f"That is not the password.{again}"
