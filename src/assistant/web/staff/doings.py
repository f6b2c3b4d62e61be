"""The history: what staff did, newest first."""

import re
from collections.abc import Mapping, Sequence
from functools import partial, reduce
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.responses import Response

from assistant.domain.roles import Role
from assistant.records.accounts import Account
from assistant.records.history import FAILED, KEPT, HistoryEntry
from assistant.web.staff.documents import page_number
from assistant.web.staff.site import StaffSite, asked
from assistant.web.staff.speech import Speech

ON_A_PAGE = 100
WAYS: Mapping[str, str] = {
    "document": "/staff/document?id=",
    "run": "/staff/runs/",
}
"""Where the pages of things begin, by the first part of what was done."""
WAY_TO_ANSWERS = "/staff/answers/write?number="
PUBLISHES = re.compile("publishes (.+)")
GROUPS: Mapping[str, Sequence[str]] = {
    "login": ("way_in",),
    "account.add": ("way_in", "role"),
    "account.role": ("way_in", "role"),
    "source.add": ("type",),
}
"""The groups of words of what the details of something hold, parted by commas."""

FACTS: Mapping[str, str] = {
    "title": "documents.title",
    "published": "label.date",
    "kind": "label.kind",
    "language": "label.language",
    "url": "document.address",
    "replaced_by": "document.replaced",
    "valid_until": "documents.valid_until",
}
"""What the pages call each field of a document."""


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
            ways=_ways(site.account(request)),
            details_of=partial(_details, spoken=site.speech(request)),
            counted_only=FAILED,
            days=KEPT.days,
        )

    return router


def _ways(account: Account) -> Mapping[str, str]:
    """Return where the pages of things begin that an account may open."""
    may_edit = account.role >= Role.EDIT
    return {**WAYS, "answer": WAY_TO_ANSWERS} if may_edit else WAYS


def _details(entry: HistoryEntry, spoken: Speech) -> str:
    """Return the details of something that was done; names stay as they are."""
    if entry.what == "run.publish" and (found := PUBLISHES.fullmatch(entry.details)):
        return spoken.words("history.publishes", run=found[1])
    if entry.what == "account.language":
        code = entry.details
        return spoken.language(code) if code else spoken.words("account.language_browser")
    if entry.what == "document.edit":
        return ", ".join(_fact(each, spoken) for each in entry.details.split(", "))
    groups = GROUPS.get(entry.what, ())
    parts = entry.details.split(", ") if groups else [entry.details]
    return ", ".join(reduce(spoken.named, groups, part) for part in parts)


def _fact(field: str, spoken: Speech) -> str:
    """Return what a field of a document is called; what is none, as it is."""
    return spoken.words(FACTS[field]) if field in FACTS else field
