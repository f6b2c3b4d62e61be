"""The history: what staff did, newest first."""

from collections.abc import Mapping
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.responses import Response

from assistant.records.history import FAILED, KEPT
from assistant.web.staff.documents import page_number
from assistant.web.staff.site import StaffSite, asked

ON_A_PAGE = 100
WORDS: Mapping[str, str] = {
    "login": "logged in",
    FAILED: "failed to log in",
    "document.hide": "hid a document",
    "document.show": "showed a document again",
    "source.add": "added a source",
    "source.remove": "removed a source",
    "upload.add": "uploaded a file",
    "upload.remove": "removed a file",
    "run.plan": "planned a run",
    "run.publish": "published a run",
    "generation.publish": "went back to a generation",
    "account.add": "added an account",
    "account.role": "changed a role",
    "account.password": "set a password",
    "account.disable": "disabled an account",
    "account.enable": "enabled an account",
    "account.remove": "removed an account",
    "account.link": "linked an account to single sign-on",
    "account.logout": "logged out everywhere",
}
"""What is done, in words; what is not listed is shown as it is."""
WAYS: Mapping[str, str] = {
    "document": "/staff/document?id=",
    "run": "/staff/runs/",
}
"""Where the pages of things begin, by the first part of what was done."""


def routes(site: StaffSite) -> APIRouter:
    """Return the route of the history."""
    router = site.router()

    @router.get("/staff/history")
    def show(request: Request) -> Response:
        who, what = asked(request, "who"), asked(request, "what")
        number = page_number(asked(request, "page"))
        first = (number - 1) * ON_A_PAGE
        found = site.history.entries(who=who, what=what, first=first, count=ON_A_PAGE)
        wanted = {name: each for name, each in (("who", who), ("what", what)) if each}
        return site.page(
            request,
            "history.html",
            found=found,
            who=who,
            what=what,
            number=number,
            pages=max(1, -(-found.total // ON_A_PAGE)),
            query=urlencode(wanted),
            doers=site.history.doers(),
            kinds=site.history.kinds(),
            words=WORDS,
            ways=WAYS,
            counted_only=FAILED,
            days=KEPT.days,
        )

    return router
