"""Correct what is known of a document: its title, date and the like, and how long it is valid."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from fastapi import APIRouter, Request
from starlette.responses import Response

from assistant.domain.corpus import UNDETERMINED, DocumentId, Kind
from assistant.domain.edits import PUBLISHED, VALID_UNTIL, Edit, by_document, waiting
from assistant.domain.links import DOCUMENTS, absolute
from assistant.language.languages import LANGUAGES
from assistant.web.staff.site import Fields, Form, StaffSite, asked, go_to
from assistant.web.staff.speech import Speech
from ingest.edits import facts
from vectorstore.publishing.contents import OpenedDocument

FIELDS = (*PUBLISHED, VALID_UNTIL)
LONGEST = {"title": 300, "url": 2000, "replaced_by": 2000}  # characters


@dataclass(frozen=True, slots=True)
class Standing:
    """What is said of a document, each field as text.

    Attributes:
        said: By its source.
        wanted: By staff, else by its source.
        waiting: The fields that are not published as they are wanted.
    """

    said: Mapping[str, str]
    wanted: Mapping[str, str]
    edits: Mapping[str, Edit]
    waiting: tuple[str, ...]

    @property
    def is_edited(self) -> bool:
        """Whether staff say otherwise than the source."""
        return any(not edit.is_undone for edit in self.edits.values())


def routes(site: StaffSite) -> APIRouter:
    """Return the routes of the corrections."""
    router = site.router()

    @router.get("/staff/document/edit")
    def ask_corrections(request: Request) -> Response:
        found = site.contents.document(asked(request, "id"))
        return _form(site, request, found, standing(site, found).wanted, {})

    @router.post("/staff/document/edit")
    def keep(request: Request, form: Form) -> Response:
        found = site.contents.document(form["id"])
        stands = standing(site, found)
        sent, stale = _meant(form, stands.wanted)
        changed = {field: text for field, text in sent.items() if text != stands.wanted[field]}
        spoken = site.speech(request)
        faults = {
            **{field: _stale_fault(field, stands.wanted[field], spoken) for field in stale},
            **_faults(site, spoken, found.document.id, changed),
        }
        if faults:
            return _form(site, request, found, sent, faults)
        # Kept first: where that fails, the document stays as it is, and the page says so.
        site.records.edits.keep(_edits(site, request, found.document.id, stands, changed))
        if VALID_UNTIL in changed:
            site.contents.limit(found.document.id, _day(changed[VALID_UNTIL]))
        site.did(request, "document.edit", found.document.id, ", ".join(changed))
        return go_to("/staff/document", id=found.document.id, note="edited")

    @router.post("/staff/document/undo")
    def undo(request: Request, form: Form) -> Response:
        site.records.edits.undo(form["id"], by=site.by(request))
        site.contents.limit(form["id"], None)
        site.did(request, "document.undo", form["id"])
        return go_to("/staff/document", id=form["id"], note="edits-undone")

    @router.post("/staff/documents/publish-edits")
    def publish(request: Request) -> Response:
        run_id = site.operations.apply_edits(by=site.by(request))
        site.did(request, "run.publish", run_id)
        return go_to(f"/staff/runs/{run_id}")

    return router


def standing(site: StaffSite, found: OpenedDocument) -> Standing:
    """Return what is said of a document, and by whom."""
    edits = site.records.edits.of(found.document.id)
    published = facts(found.document)
    said = {field: edits[field].said if field in edits else published[field] for field in PUBLISHED}
    active = {field: edit.value for field, edit in edits.items() if not edit.is_undone}
    last = found.valid_until.isoformat() if found.valid_until else ""
    wanted = {**said, **active, VALID_UNTIL: last}
    return Standing({**said, VALID_UNTIL: ""}, wanted, edits, tuple(waiting(published, edits)))


def documents_waiting(site: StaffSite) -> list[DocumentId]:
    """Return the published documents that are not yet as staff want them."""
    edits = by_document(site.records.edits.all())
    published = site.contents.published(list(edits))
    return [each for each, found in published.items() if waiting(facts(found), edits[each])]


def _form(
    site: StaffSite,
    request: Request,
    found: OpenedDocument,
    sent: Mapping[str, str],
    faults: Mapping[str, str],
) -> Response:
    stands = standing(site, found)
    return site.page(
        request,
        "document_edit.html",
        status=422 if faults else 200,
        found=found,
        sent=sent,
        faults=faults,
        said=stands.said,
        wanted=stands.wanted,
        kinds=_choices(Kind, stands, sent, "kind"),
        codes=_choices(_languages(site), stands, sent, "language"),
    )


def _meant(form: Fields, wanted: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """Return the fields as they are meant, and those that changed since the form was shown as well.

    What nobody touched in the form is meant as it is wanted now, whatever the form showed.
    """
    meant, stale = {}, []
    for field in FIELDS:
        now, sent = wanted[field], _line(form[field])
        shown = _line(next(iter(form.all(f"shown-{field}")), now))
        meant[field] = now if sent == shown else sent
        if meant[field] != now and shown != _line(now):
            stale.append(field)
    return meant, stale


def _line(text: str) -> str:
    return " ".join(text.split())


def _choices(
    known: type[Kind] | list[str], stands: Standing, sent: Mapping[str, str], field: str
) -> list[str]:
    """Return what a list offers; what was sent stands in it as well, so that it is kept."""
    return list(dict.fromkeys([*map(str, known), stands.said[field], sent[field]]))


def _languages(site: StaffSite) -> list[str]:
    published = site.contents.publication()
    return [*LANGUAGES, *(published.languages if published else ()), UNDETERMINED]


def _edits(
    site: StaffSite,
    request: Request,
    document: DocumentId,
    stands: Standing,
    changed: Mapping[str, str],
) -> list[Edit]:
    """Return what is to be kept; what is again as the source says is undone."""
    by, now = site.by(request), site.now()
    edits = []
    for field, value in changed.items():
        said = stands.said[field]
        before = stands.edits.get(field)
        is_undone = field != VALID_UNTIL and value == said and before is not None
        kept = before.value if is_undone and before else value
        edits.append(Edit(document, field, kept, said, by, now, is_undone))
    return edits


def _faults(
    site: StaffSite, spoken: Speech, document: DocumentId, changed: Mapping[str, str]
) -> dict[str, str]:
    """Return what is wrong with the fields that were changed, and how to mend it."""
    told = {
        "title": lambda text: "" if text else spoken.words("documents.no_title"),
        "published": lambda text: _date_fault(text, spoken),
        "kind": lambda text: _choice_fault(text in [*Kind], spoken),
        "language": lambda text: _choice_fault(text in _languages(site), spoken),
        "url": lambda text: _address_fault(site, text, document, spoken),
        "replaced_by": lambda text: _successor_fault(site, text, document, spoken),
        VALID_UNTIL: lambda text: _date_fault(text, spoken),
    }
    found = {
        field: _length_fault(field, text, spoken) or told[field](text)
        for field, text in changed.items()
    }
    return {field: fault for field, fault in found.items() if fault}


def _stale_fault(field: str, now: str, spoken: Speech) -> str:
    named = {"kind": spoken.kind, "language": spoken.language}.get(field, spoken.iso_day)
    shown = named(now) if now else spoken.words("documents.nothing")
    return spoken.words("documents.changed_meanwhile", value=shown)


def _length_fault(field: str, text: str, spoken: Speech) -> str:
    most = LONGEST.get(field, LONGEST["url"])
    if len(text) <= most:
        return ""
    count, shown = spoken.number(len(text)), spoken.number(most)
    return spoken.words("documents.too_long", count=count, most=shown)


def _date_fault(text: str, spoken: Speech) -> str:
    try:
        _day(text)
    except ValueError:
        return spoken.words("documents.date_fault")
    return ""


def _choice_fault(is_known: bool, spoken: Speech) -> str:  # noqa: FBT001 - what was found
    return "" if is_known else spoken.words("documents.choice_fault")


def _address_fault(site: StaffSite, text: str, document: DocumentId, spoken: Speech) -> str:
    try:
        parts = urlsplit(text)
    except ValueError:
        return spoken.words("documents.address_fault")
    is_web = parts.scheme in ("http", "https") and bool(parts.netloc) and " " not in text
    if not (is_web or text.startswith(DOCUMENTS)) or not absolute(text, site.assistant.public_url):
        return spoken.words("documents.address_fault")
    other = site.contents.named(text)
    if other and other.document_id != document:
        return spoken.words("documents.address_taken", title=other.title or other.document_id)
    return ""


def _successor_fault(site: StaffSite, text: str, document: DocumentId, spoken: Speech) -> str:
    other = site.contents.named(text) if text else None
    if text and other is None:
        return spoken.words("documents.no_successor", named=text)
    is_itself = other is not None and other.document_id == document
    return spoken.words("documents.successor_itself") if is_itself else ""


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
