"""What staff do with several documents at once, and the list of documents as a file."""

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse
from starlette.responses import Response

from assistant.insights.report import cell
from assistant.records.edits import edited_documents
from assistant.web.staff.listing import asked_for, fields_of, listed
from assistant.web.staff.site import Fields, Form, StaffSite, asked, go_to
from vectorstore.publishing.contents import DocumentQuery, ListedDocument

MOST = 1_000_000  # more than a forum has documents
UNASKED = 50  # documents; more of them at once have to be confirmed
SHOWN = 20  # titles on the page that asks
COLUMNS = (
    *("id", "title", "address", "date", "changed", "kind", "language", "source"),
    *("hidden", "edited", "valid_until", "passages"),
)


class Deed(StrEnum):
    """What can be done with several documents."""

    HIDE = "hide"
    SHOW = "show"
    PLAN = "plan"


def routes(site: StaffSite) -> APIRouter:
    """Return the routes of several documents."""
    router = site.router()

    @router.post("/staff/documents/chosen")
    def act(request: Request, form: Form) -> Response:
        wanted, _ = asked_for(form.__getitem__, site.speech(request))
        chosen = _chosen(site, form, wanted)
        deed = form["deed"]
        if not chosen or deed not in [*Deed]:
            return go_to("/staff/documents", **fields_of(wanted), note="none-chosen")
        is_many = bool(form["everything"]) and len(chosen) > UNASKED
        is_other = form["confirmed"] not in ("", str(len(chosen)))
        if (deed == Deed.HIDE or is_many) and (not form["confirmed"] or is_other):
            return _ask(site, request, form, wanted, chosen, is_other=is_other)
        return _done(site, request, Deed(deed), wanted, chosen)

    @router.get("/staff/documents/export")
    def export(request: Request) -> Response:
        wanted, _ = asked_for(lambda name: asked(request, name), site.speech(request))
        found = listed(site, wanted, first=0, count=MOST).documents
        today = date.today()  # noqa: DTZ011 - the server's own day
        headers = {"content-disposition": f'attachment; filename="documents-{today}.csv"'}
        return PlainTextResponse(_table(site, found), media_type="text/csv", headers=headers)

    return router


def _chosen(site: StaffSite, form: Fields, wanted: DocumentQuery) -> list[ListedDocument]:
    """Return the documents that are meant: all that are found, or those with a tick."""
    everything = bool(form["everything"])
    ids = set(form.all("id"))
    query = wanted if everything else DocumentQuery()
    found = listed(site, query, first=0, count=MOST).documents
    return [each for each in found if everything or each.source.document_id in ids]


def _ask(  # noqa: PLR0913 - what the page shows
    site: StaffSite,
    request: Request,
    form: Fields,
    wanted: DocumentQuery,
    chosen: Sequence[ListedDocument],
    *,
    is_other: bool,
) -> Response:
    return site.page(
        request,
        "documents_chosen.html",
        deed=form["deed"],
        chosen=chosen,
        shown=chosen[:SHOWN],
        everything=form["everything"],
        fields=fields_of(wanted),
        is_other=is_other,
    )


def _done(
    site: StaffSite,
    request: Request,
    deed: Deed,
    wanted: DocumentQuery,
    chosen: Sequence[ListedDocument],
) -> Response:
    ids = [each.source.document_id for each in chosen]
    if deed is Deed.PLAN:
        return _planned(site, request, wanted, {each.origin for each in chosen})
    if deed is Deed.HIDE:
        site.contents.hide_all(ids)
    else:
        site.contents.show_all(ids)
    site.did(request, f"documents.{deed}", details=", ".join(ids))
    note = "chosen-hidden" if deed is Deed.HIDE else "chosen-shown"
    return go_to("/staff/documents", **fields_of(wanted), note=note)


def _planned(
    site: StaffSite, request: Request, wanted: DocumentQuery, origins: set[str]
) -> Response:
    """Have the sources of these origins read; others are told of."""
    sources = {source.origin: source.name for source in site.operations.sources()}
    names = sorted(sources[origin] for origin in origins if origin in sources)
    if not names:
        return go_to("/staff/documents", **fields_of(wanted), note="no-source")
    run_id = site.operations.sync(names, by=site.by(request), dry_run=True)
    site.did(request, "run.plan", run_id, ", ".join(names))
    note = {"note": "some-without-source"} if len(names) < len(origins) else {}
    return go_to(f"/staff/runs/{run_id}", **note)


def _table(site: StaffSite, found: Sequence[ListedDocument]) -> str:
    """Return the list as a table: the same columns in every language."""
    passages, days = site.contents.passages(), site.contents.last_days()
    edited = edited_documents(site.records.edits.all())
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    for each in found:
        source = each.source
        facts: Mapping[str, object] = {
            "id": source.document_id,
            "title": source.title,
            "address": source.url,
            "date": source.published or "",
            "changed": source.changed or "",
            "kind": source.kind.value,
            "language": source.language,
            "source": each.origin,
            "hidden": "yes" if each.is_hidden else "no",
            "edited": "yes" if source.document_id in edited else "no",
            "valid_until": days.get(source.document_id, ""),
            "passages": passages.get(source.document_id, 0),
        }
        writer.writerow([cell(facts[column]) for column in COLUMNS])
    return file.getvalue()
