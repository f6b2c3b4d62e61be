"""Find a document, look at it, take it out of the answers."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.responses import Response

from assistant.domain.corpus import Kind
from assistant.domain.links import absolute
from assistant.web.staff.site import Form, StaffSite, asked, go_to
from assistant.web.staff.speech import Speech
from ingest.readers.quality import measure
from vectorstore.publishing.contents import DocumentQuery, Publication

ON_A_PAGE = 50
MOST_DIGITS = 6  # of a page's number
MOST_HIDDEN = 100_000  # more than a forum has documents


def routes(site: StaffSite) -> APIRouter:
    """Return the routes of the documents."""
    router = site.router()

    @router.get("/staff/documents")
    def list_documents(request: Request) -> Response:
        wanted, faults = _wanted(request, site.speech(request))
        number = page_number(asked(request, "page"))
        found = site.contents.documents(wanted, first=(number - 1) * ON_A_PAGE, count=ON_A_PAGE)
        pages = max(1, -(-found.total // ON_A_PAGE))
        return site.page(
            request,
            "documents.html",
            wanted=wanted,
            faults=faults,
            found=found,
            number=number,
            pages=pages,
            first=(number - 1) * ON_A_PAGE + 1,
            choices=_choices(site.contents.publication()),
            query=_query(wanted),
            gone=_gone(site) if wanted.only_hidden else (),
        )

    @router.get("/staff/document")
    def open_document(request: Request) -> Response:
        return _document(site, request)

    @router.post("/staff/document/hide")
    def hide(request: Request, form: Form) -> Response:
        site.contents.hide(form["id"])
        site.did(request, "document.hide", form["id"])
        return go_to("/staff/document", id=form["id"], note="hidden")

    @router.post("/staff/document/show")
    def show(request: Request, form: Form) -> Response:
        site.contents.show(form["id"])
        site.did(request, "document.show", form["id"])
        return go_to("/staff/documents", only_hidden="1", note="shown")

    return router


def _document(site: StaffSite, request: Request) -> Response:
    found = site.contents.document(asked(request, "id"))
    return site.page(
        request,
        "document.html",
        found=found,
        address=absolute(found.document.source.url, site.assistant.public_url),
        held=measure(found.document.text),
        notice=site.operations.notice(found.origin, found.document.id),
    )


def _wanted(request: Request, spoken: Speech) -> tuple[DocumentQuery, Mapping[str, str]]:
    """Return what to list, and what of it could not be understood, by field."""
    faults = {}
    days = {}
    for name in ("since", "until"):
        days[name] = asked(request, name)
        try:
            days[name] = date.fromisoformat(days[name]).isoformat() if days[name] else ""
        except ValueError:
            faults[name] = spoken.words("documents.date_fault")
            days[name] = ""
    wanted = DocumentQuery(
        words=asked(request, "words"),
        kind=asked(request, "kind"),
        language=asked(request, "language"),
        origin=asked(request, "origin"),
        since=days["since"],
        until=days["until"],
        only_hidden=bool(asked(request, "only_hidden")),
    )
    return wanted, faults


def _choices(published: Publication | None) -> Mapping[str, Sequence[str]]:
    """Return what the lists of the form offer."""
    return {
        "kinds": list(published.kinds) if published else list(Kind),
        "languages": list(published.languages) if published else [],
        "origins": list(published.origins) if published else [],
    }


def _query(wanted: DocumentQuery) -> str:
    """Return what the address of another page of the same list holds."""
    return urlencode({name: each for name, each in asdict(wanted).items() if each})


def _gone(site: StaffSite) -> list[str]:
    """Return what is hidden and no longer published."""
    listed = site.contents.documents(DocumentQuery(only_hidden=True), first=0, count=MOST_HIDDEN)
    there = {document.source.document_id for document in listed.documents}
    return [each for each in site.contents.hidden() if each not in there]


def page_number(text: str) -> int:
    """Return the number of a page that an address names, 1 where it names none."""
    return max(1, int(text)) if text.isdecimal() and len(text) <= MOST_DIGITS else 1
