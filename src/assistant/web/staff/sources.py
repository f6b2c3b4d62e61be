"""The sources of documents: try them, plan what reading them would change, add and remove them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from assistant.web.staff.site import Fields, Form, StaffSite, asked, go_to
from assistant.web.staff.speech import Speech
from ingest.operations import SourceInfo
from ingest.sources.crawling import Trial
from ingest.sources.uploads import NAME as UPLOADS

AT = "at"
PERIODS = ("1h", "6h", "12h", "1d", "7d")
WEB = {"wordpress", "feed", "sitemap"}


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the form for a new source.

    Attributes:
        is_list: Whether it takes several values, parted by commas or spaces.
        is_pairs: Whether these are pairs such as events=event.
        inputmode: What kind of keyboard a phone shows.
    """

    name: str
    is_list: bool = False
    is_pairs: bool = False
    is_required: bool = False
    inputmode: str = "text"


_NUMBER = re.compile(r"\d{1,2}(?:[.,]\d{1,3})?")
_NAME = Field("name", is_required=True)
_URL = Field("url", is_required=True, inputmode="url")
_HOSTS = Field("hosts", is_list=True)
_TYPES = Field("types", is_list=True)
_KINDS = Field("kinds", is_pairs=True)
_DELAY = Field("delay", inputmode="decimal")
_PATH = Field("path", is_required=True)
FIELDS: Mapping[str, Sequence[Field]] = {
    "wordpress": (_NAME, _URL, _TYPES, _KINDS, _HOSTS, _DELAY),
    "feed": (_NAME, _URL, _HOSTS, _DELAY),
    "sitemap": (_NAME, _URL, _HOSTS, _DELAY),
    "folder": (_NAME, _PATH),
    "wxr": (_NAME, _PATH, _KINDS),
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
        source, spoken = _source(type_, form), site.speech(request)
        missing = _missing(type_, form, spoken)
        faults = {**missing, **_placed(type_, site.operations.source_faults(source), spoken)}
        faults |= missing
        if faults:
            return _form(site, request, type_, _sent(type_, form), faults)
        if form["try"]:
            trial = site.operations.try_fields(source)
            return _form(site, request, type_, _sent(type_, form), {}, trial=trial)
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


def _form(  # noqa: PLR0913 - each is one thing that the page shows
    site: StaffSite,
    request: Request,
    type_: str,
    sent: Mapping[str, str],
    faults: Mapping[str, str],
    *,
    trial: Trial | None = None,
) -> Response:
    return site.page(
        request,
        "source_add.html",
        trial=trial,
        status=422 if faults else 200,
        type=type_,
        fields=FIELDS.get(type_, ()),
        schedules=("", *PERIODS, AT),
        sent=sent,
        faults=faults,
    )


def _source(type_: str, form: Fields) -> dict[str, object]:
    """Return the source that a form describes."""
    source: dict[str, object] = {"name": form["name"], "type": type_}
    for field in FIELDS[type_]:
        value = form[field.name]
        if field.is_list or field.is_pairs:
            words = [word for word in re.split(r"[\s,;]+", value) if word]
            listed = dict(map(_pair, words)) if field.is_pairs else words
            source |= {field.name: listed} if listed else {}
        elif field is _DELAY and _NUMBER.fullmatch(value):
            source[field.name] = float(value.replace(",", "."))
        elif value or field.is_required:
            source[field.name] = value
    if type_ == "wordpress" and not form["attachments"]:
        source["attachments"] = False
    schedule = form["schedule"]
    if schedule == AT:
        source["at"] = form["at"]
    elif schedule in PERIODS:
        source["every"] = schedule
    return source


def _missing(type_: str, form: Fields, spoken: Speech) -> dict[str, str]:
    """Return the faults of what a form lacks."""
    required = [field.name for field in FIELDS[type_] if field.is_required]
    found = {name: spoken.words("field.missing") for name in required if not form[name]}
    pairs = [word for word in re.split(r"[\s,;]+", form[_KINDS.name]) if word]
    if _KINDS in FIELDS[type_] and not all(all(_pair(word)) for word in pairs):
        found[_KINDS.name] = spoken.words("field.no_pair")
    return found


def _pair(word: str) -> tuple[str, str]:
    name, _, value = word.partition("=")
    return name, value


def _sent(type_: str, form: Fields) -> dict[str, str]:
    names = [*(field.name for field in FIELDS[type_]), "schedule", "at", "attachments"]
    return {name: form[name] for name in names}


def _placed(type_: str, faults: Mapping[str, str], spoken: Speech) -> dict[str, str]:
    """Return the faults by fields that are there; what concerns all of it, at the address."""
    main = "url" if type_ in WEB else "path"
    placed: dict[str, str] = {}
    known = {field.name for field in FIELDS[type_]} | {"at"}
    for key, message in faults.items():
        name = key.partition(".")[0]
        field = name if name in known else main
        placed.setdefault(field, spoken.sentence(message))
    return placed


def _named(site: StaffSite, name: str) -> SourceInfo | None:
    listed = site.operations.sources() if name != UPLOADS else ()
    return next((source for source in listed if source.name == name), None)
