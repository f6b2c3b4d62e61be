"""The accounts of staff: all of them, for whoever administers, and one's own."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from assistant.domain.errors import InputError
from assistant.domain.roles import Role
from assistant.language.languages import LANGUAGES
from assistant.records.accounts import Account, is_password
from assistant.web.staff.login import SIGN_ON, forget, keep, reason, token_of, wait_told
from assistant.web.staff.permissions import FORBIDDEN, HOME, LOGIN
from assistant.web.staff.site import Form, StaffSite, asked, go_to
from assistant.web.staff.speech import forget_choice

ALL = "/staff/accounts"


def routes(site: StaffSite) -> APIRouter:
    """Return the routes of the accounts."""
    router = site.router()
    for part in (_listing, _changing, _removing, _own, _own_language):
        router.include_router(part(site))

    @router.get(FORBIDDEN)
    def refuse(request: Request) -> Response:
        needs = request.state.needs
        account = site.account(request)
        if not isinstance(needs, Role) or account.role >= needs:
            return go_to(HOME)
        return site.page(
            request, "forbidden.html", status=403, role=needs, allowed=_allowed(account)
        )

    return router


def _listing(site: StaffSite) -> APIRouter:
    router = site.router()

    def listed(
        request: Request, faults: Mapping[str, str], sent: Mapping[str, str] | None = None
    ) -> Response:
        return site.page(
            request,
            "accounts.html",
            status=422 if faults else 200,
            accounts=site.accounts.all(),
            roles=list(Role),
            sign_on=SIGN_ON,
            faults=faults,
            sent=sent or {"name": "", "role": Role.EDIT.value},
        )

    @router.get(ALL)
    def list_accounts(request: Request) -> Response:
        return listed(request, {})

    @router.post("/staff/accounts/add")
    def add(request: Request, form: Form) -> Response:
        sent = {"name": form["name"], "role": form["role"]}
        role = _role(form["role"])
        if role is None:
            return listed(request, {"role": site.speech(request).words("accounts.no_role")}, sent)
        try:
            made = site.accounts.add(form["name"], role, password=form["password"])
        except InputError as exc:
            field = "password" if str(exc).startswith("the password") else "name"
            return listed(request, {field: reason(site, request, exc)}, sent)
        site.did(request, "account.add", made.name, role.value)
        return go_to(ALL, note="account-added")

    return router


def _changing(site: StaffSite) -> APIRouter:
    router = site.router()

    @router.get("/staff/accounts/change")
    def show(request: Request) -> Response:
        account = site.accounts.find(asked(request, "name"))
        return _one(site, request, account, {}) if account else go_to(ALL)

    @router.post("/staff/accounts/role")
    def change_role(request: Request, form: Form) -> Response:
        account, role = site.accounts.get(form["name"]), _role(form["role"])
        if role is None:
            fault = site.speech(request).words("accounts.no_role")
            return _one(site, request, account, {"role": fault})
        change = partial(site.accounts.set_role, account.name, role)
        return _changed(site, request, account, change, ("role", "account.role", role.value))

    @router.post("/staff/accounts/password")
    def set_password(request: Request, form: Form) -> Response:
        account = site.accounts.get(form["name"])
        change = partial(site.accounts.set_password, account.name, form["password"])
        return _changed(site, request, account, change, ("password", "account.password", ""))

    @router.post("/staff/accounts/disable")
    def disable(request: Request, form: Form) -> Response:
        account = site.accounts.get(form["name"])
        change = partial(site.accounts.set_disabled, account.name, disabled=True)
        return _changed(site, request, account, change, ("disabled", "account.disable", ""))

    @router.post("/staff/accounts/enable")
    def enable(request: Request, form: Form) -> Response:
        account = site.accounts.get(form["name"])
        change = partial(site.accounts.set_disabled, account.name, disabled=False)
        return _changed(site, request, account, change, ("disabled", "account.enable", ""))

    return router


def _removing(site: StaffSite) -> APIRouter:
    router = site.router()

    @router.post("/staff/accounts/remove")
    def remove(request: Request, form: Form) -> Response:
        account = site.accounts.get(form["name"])
        if not form["confirmed"]:
            fault = site.speech(request).words("account_change.unconfirmed")
            return _one(site, request, account, {"confirmed": fault})
        try:
            site.accounts.remove(account.name)
        except InputError as exc:
            return _one(site, request, account, {"confirmed": reason(site, request, exc)})
        site.did(request, "account.remove", account.name)
        return go_to(ALL, note="account-removed")

    return router


def _own(site: StaffSite) -> APIRouter:
    router = site.router()

    @router.get("/staff/account")
    def show(request: Request) -> Response:
        return _mine(site, request, {})

    @router.post("/staff/account/password")
    def change_password(request: Request, form: Form) -> Response:
        account, spoken = site.account(request), site.speech(request)
        address = request.client.host if request.client else ""
        if seconds := site.access.attempt(address, account.name):
            fault = spoken.words("login.too_many", wait=wait_told(seconds, spoken))
            return _mine(site, request, {"present": fault}, 429)
        if not is_password(account, form["present"]):
            return _mine(site, request, {"present": spoken.words("account.wrong")})
        site.access.succeeded(address, account.name)
        if form["password"] != form["again"]:
            return _mine(site, request, {"again": spoken.words("account.differ")})
        try:
            site.accounts.set_password(account.name, form["password"])
        except InputError as exc:
            return _mine(site, request, {"password": reason(site, request, exc)})
        site.did(request, "account.password", account.name)
        response = go_to("/staff/account", note="password-changed")
        fresh = site.accounts.get(account.name)
        keep(site, response, site.access.open(fresh, token_of(site, request)))
        return response

    @router.post("/staff/account/logout")
    def log_out_everywhere(request: Request) -> Response:
        account = site.account(request)
        site.accounts.end_sessions(account.name)
        site.did(request, "account.logout", account.name)
        response = go_to(LOGIN)
        forget(site, response)
        return response

    return router


def _own_language(site: StaffSite) -> APIRouter:
    router = site.router()

    @router.post("/staff/account/language")
    def choose_language(request: Request, form: Form) -> Response:
        account, language = site.account(request), form["language"]
        if language and language not in LANGUAGES:
            fault = site.speech(request).words("documents.choice_fault")
            return _mine(site, request, {"language": fault})
        site.accounts.set_language(account.name, language)
        site.did(request, "account.language", account.name, language)
        response = go_to("/staff/account", note="language-kept")
        # What was chosen last counts, so it is seen at once.
        forget_choice(response, secure=site.access.is_secure)
        return response

    return router


def _mine(
    site: StaffSite, request: Request, faults: Mapping[str, str], status: int = 422
) -> Response:
    return site.page(
        request,
        "account.html",
        status=status if faults else 200,
        faults=faults,
        allowed=_allowed(site.account(request)),
    )


def _one(
    site: StaffSite, request: Request, account: Account, faults: Mapping[str, str]
) -> Response:
    values: dict[str, Any] = {"shown": account, "roles": list(Role), "faults": faults}
    return site.page(request, "account_change.html", status=422 if faults else 200, **values)


def _changed(
    site: StaffSite,
    request: Request,
    account: Account,
    change: Callable[[], None],
    told: tuple[str, str, str],
) -> Response:
    """Make a change; `told` is the field for what is wrong with it, and what the history says."""
    field, what, details = told
    try:
        change()
    except InputError as exc:
        return _one(site, request, account, {field: reason(site, request, exc)})
    site.did(request, what, account.name, details)
    return go_to(ALL, note="account-changed")


def _role(text: str) -> Role | None:
    return next((role for role in Role if role.value == text), None)


def _allowed(account: Account) -> list[Role]:
    """Return the roles whose work an account may do."""
    return [role for role in Role if role <= account.role]
