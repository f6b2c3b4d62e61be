"""The sources of documents: try them, plan what reading them would change, add and remove them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from assistant.web.staff.site import Fields, Form, StaffSite, asked, go_to
from ingest.operations import SourceInfo
from ingest.sources.uploads import NAME as UPLOADS

AT = "at"
SCHEDULES = (
    ("", "Only when somebody asks for it"),
    ("1h", "Every hour"),
    ("6h", "Every 6 hours"),
    ("12h", "Every 12 hours"),
    ("1d", "Every day"),
    ("7d", "Every week"),
    (AT, "Every day at the time below"),
)
WEB = {"wordpress", "feed", "sitemap"}


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the form for a new source.

    Attributes:
        is_list: Whether it takes several values, parted by commas or spaces.
        inputmode: What kind of keyboard a phone shows.
    """

    name: str
    label: str
    hint: str
    is_list: bool = False
    is_required: bool = False
    inputmode: str = "text"


_NAME = Field(
    "name", "Name", "Small letters, digits and hyphens, such as our-site.", is_required=True
)
_URL = Field("url", "Address", "", is_required=True, inputmode="url")
_HOSTS = Field(
    "hosts", "Other hosts", "Hosts that may be read besides that of the address.", is_list=True
)
_TYPES = Field(
    "types",
    "Types of content",
    "REST names such as posts or pages; none means all that hold content.",
    is_list=True,
)
_PATH = Field("path", "Path", "", is_required=True)
FIELDS: Mapping[str, Sequence[tuple[Field, str]]] = {
    "wordpress": (
        (_NAME, ""),
        (_URL, "The address of the site, such as https://www.example.org."),
        (_TYPES, ""),
        (_HOSTS, ""),
    ),
    "feed": (
        (_NAME, ""),
        (_URL, "The address of the feed, such as https://www.example.org/feed."),
        (_HOSTS, ""),
    ),
    "sitemap": (
        (_NAME, ""),
        (_URL, "The address of the site, or of its sitemap."),
        (_HOSTS, ""),
    ),
    "folder": ((_NAME, ""), (_PATH, "A folder or a file on the server itself.")),
    "wxr": ((_NAME, ""), (_PATH, "An export file, .xml or .xml.gz, on the server itself.")),
}


def routes(site: StaffSite) -> APIRouter:
    """Return the routes of the sources."""
    router = site.router()

    def listing(request: Request, **more: Any) -> Response:  # noqa: ANN401 - for the template
        sources = site.operations.sources()
        values: dict[str, Any] = {"sources": sources, "tried": "", "trial": None, **more}
        return site.page(request, "sources.html", uploads=UPLOADS, **values)

    @router.get("/staff/sources")
    def list_sources(request: Request) -> Response:
        return listing(request)

    @router.post("/staff/sources/try")
    def try_source(request: Request, form: Form) -> Response:
        name = form["name"]
        return listing(request, tried=name, trial=site.operations.try_source(name))

    @router.post("/staff/sources/plan")
    def plan(request: Request, form: Form) -> Response:
        names = form.all("name") or [source.name for source in site.operations.sources()]
        run_id = site.operations.sync(names, by=site.account(request).name, dry_run=True)
        site.did(request, "run.plan", run_id, ", ".join(names))
        return go_to(f"/staff/runs/{run_id}")

    router.include_router(_changing(site))
    return router


def _changing(site: StaffSite) -> APIRouter:
    router = site.router()

    @router.get("/staff/sources/add")
    def ask_source(request: Request) -> Response:
        type_ = asked(request, "type")
        return _form(site, request, type_ if type_ in FIELDS else "", {}, {})

    @router.post("/staff/sources/add")
    def add_source(request: Request, form: Form) -> Response:
        type_ = form["type"]
        if type_ not in FIELDS:
            return _form(site, request, "", {}, {})
        source, missing = _source(type_, form)
        faults = {**missing, **site.operations.source_faults(source), **missing}  # in this order
        if faults:
            return _form(site, request, type_, _sent(type_, form), _placed(type_, faults))
        site.operations.add_source(source)
        site.did(request, "source.add", form["name"], type_)
        return go_to("/staff/sources", note="added")

    @router.get("/staff/sources/remove")
    def ask_removal(request: Request) -> Response:
        found = _named(site, asked(request, "name"))
        if found is None:
            return go_to("/staff/sources")
        return site.page(request, "source_remove.html", source=found)

    @router.post("/staff/sources/remove")
    def remove_source(request: Request, form: Form) -> Response:
        site.operations.remove_source(form["name"])
        site.did(request, "source.remove", form["name"])
        return go_to("/staff/sources", note="removed")

    return router


def _form(
    site: StaffSite,
    request: Request,
    type_: str,
    sent: Mapping[str, str],
    faults: Mapping[str, str],
) -> Response:
    return site.page(
        request,
        "source_add.html",
        status=422 if faults else 200,
        type=type_,
        fields=FIELDS.get(type_, ()),
        schedules=SCHEDULES,
        sent=sent,
        faults=faults,
    )


def _source(type_: str, form: Fields) -> tuple[dict[str, object], dict[str, str]]:
    """Return the source that a form describes, and what it lacks."""
    source: dict[str, object] = {"name": form["name"], "type": type_}
    for field, _ in FIELDS[type_]:
        value = form[field.name]
        if field.is_list:
            value_list = [word for word in re.split(r"[\s,;]+", value) if word]
            source |= {field.name: value_list} if value_list else {}
        elif value or field.is_required:
            source[field.name] = value
    if type_ == "wordpress" and not form["attachments"]:
        source["attachments"] = False
    schedule = form["schedule"]
    if schedule == AT:
        source["at"] = form["at"]
    elif schedule in dict(SCHEDULES) and schedule:
        source["every"] = schedule
    required = [field.name for field, _ in FIELDS[type_] if field.is_required]
    return source, {name: "is missing" for name in required if not form[name]}


def _sent(type_: str, form: Fields) -> dict[str, str]:
    names = [*(field.name for field, _ in FIELDS[type_]), "schedule", "at", "attachments"]
    return {name: form[name] for name in names}


def _placed(type_: str, faults: Mapping[str, str]) -> dict[str, str]:
    """Return the faults by fields that are there; what concerns all of it, at the address."""
    main = "url" if type_ in WEB else "path"
    placed: dict[str, str] = {}
    known = {field.name for field, _ in FIELDS[type_]} | {"at"}
    for key, message in faults.items():
        name = key.partition(".")[0]
        field = name if name in known else main
        placed.setdefault(field, f"{message[:1].upper()}{message[1:]}.")
    return placed


def _named(site: StaffSite, name: str) -> SourceInfo | None:
    listed = site.operations.sources() if name != UPLOADS else ()
    return next((source for source in listed if source.name == name), None)
