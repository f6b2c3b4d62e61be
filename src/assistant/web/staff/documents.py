"""Find a document, look at it, take it out of the answers."""

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.responses import Response

from assistant.domain.corpus import DocumentId, Kind
from assistant.domain.dialogue import Outcome
from assistant.domain.links import absolute, page_of
from assistant.records.edits import edited_documents
from assistant.records.questions import KeptQuestion
from assistant.web.staff.corrections import documents_waiting, standing
from assistant.web.staff.listing import asked_for, fields_of, listed
from assistant.web.staff.site import Form, StaffSite, asked, go_to, number_in
from ingest.readers.quality import measure
from vectorstore.publishing.contents import SOON, DocumentQuery, LastDay, Publication

ON_A_PAGE = 50
FEWEST_ASKED = 2  # times, before a wording is shown
MOST_QUESTIONS = 20
MOST_HIDDEN = 100_000  # more than a forum has documents


def routes(site: StaffSite) -> APIRouter:
    """Return the routes of the documents."""
    router = site.router()
    for part in (_reading, _hiding):
        router.include_router(part(site))
    return router


def _reading(site: StaffSite) -> APIRouter:
    router = site.router()

    @router.get("/staff/documents")
    def list_documents(request: Request) -> Response:
        wanted, faults = asked_for(lambda name: asked(request, name), site.speech(request))
        number = page_number(asked(request, "page"))
        found = listed(site, wanted, first=(number - 1) * ON_A_PAGE, count=ON_A_PAGE)
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
            sources=site.sources_by_origin(),
            soon=SOON.days,
            query=urlencode(fields_of(wanted)),
            fields=fields_of(wanted),
            days=site.contents.last_days(),
            edited=edited_documents(site.records.edits.all()),
            waiting=len(documents_waiting(site)),
            gone=_gone(site) if wanted.only_hidden else (),
        )

    @router.get("/staff/document")
    def open_document(request: Request) -> Response:
        return _document(site, request)

    return router


def _hiding(site: StaffSite) -> APIRouter:
    router = site.router()

    @router.post("/staff/document/hide")
    def hide(request: Request, form: Form) -> Response:
        if not form["confirmed"]:
            found = site.contents.document(form["id"])
            return site.page(request, "document_hide.html", found=found)
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
        sources=site.sources_by_origin(),
        address=absolute(found.document.source.url, site.assistant.public_url),
        held=measure(found.document.text),
        notice=site.operations.notice(found.origin, found.document.id),
        stands=standing(site, found),
        waiting=len(documents_waiting(site)),
        members_page=page_of(found.document.id),
        questions=_answered(site, found.document.id),
        ratings=sum(found.document.id in each.documents for each in site.records.feedback.all()),
    )


def _answered(site: StaffSite, document: DocumentId) -> list[tuple[KeptQuestion, int]]:
    """Return the questions that a document answered, the most often asked first.

    What one member alone has asked in these words is nobody else's business.
    """
    log = site.records.questions
    alike: dict[tuple[str, str], list[KeptQuestion]] = {}
    for question in log.questions_on(document) if log.days else ():
        if question.outcome is Outcome.ANSWERED:
            key = (question.language, " ".join(question.text.casefold().split()))
            alike.setdefault(key, []).append(question)
    found = [(each[0], len(each)) for each in alike.values() if len(each) >= FEWEST_ASKED]
    return sorted(found, key=lambda each: -each[1])[:MOST_QUESTIONS]


def _choices(published: Publication | None) -> Mapping[str, Sequence[str]]:
    """Return what the lists of the form offer."""
    return {
        "kinds": list(published.kinds) if published else list(Kind),
        "languages": list(published.languages) if published else [],
        "origins": list(published.origins) if published else [],
        "last_days": list(LastDay),
    }


def _gone(site: StaffSite) -> list[str]:
    """Return what is hidden and no longer published."""
    found = listed(site, DocumentQuery(only_hidden=True), first=0, count=MOST_HIDDEN)
    there = {document.source.document_id for document in found.documents}
    return [each for each in site.contents.hidden() if each not in there]


def page_number(text: str) -> int:
    """Return the number of a page that an address names, 1 where it names none."""
    return max(1, number_in(text))
