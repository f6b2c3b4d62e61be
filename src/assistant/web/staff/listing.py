"""Which documents a list shows, as its form asks for them."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import date

from assistant.records.edits import edited_documents
from assistant.web.staff.site import StaffSite
from assistant.web.staff.speech import Speech
from vectorstore.publishing.contents import DocumentList, DocumentQuery


def asked_for(
    read: Callable[[str], str], spoken: Speech
) -> tuple[DocumentQuery, Mapping[str, str]]:
    """Return what to list, and what of it could not be understood, by field.

    `read` gives a field of the form, be it sent or a part of an address.
    """
    faults = {}
    days = {}
    for name in ("since", "until"):
        days[name] = read(name)
        try:
            days[name] = date.fromisoformat(days[name]).isoformat() if days[name] else ""
        except ValueError:
            faults[name] = spoken.words("documents.date_fault")
            days[name] = ""
    wanted = DocumentQuery(
        words=read("words"),
        kind=read("kind"),
        language=read("language"),
        origin=read("origin"),
        since=days["since"],
        until=days["until"],
        only_hidden=bool(read("only_hidden")),
        only_edited=bool(read("only_edited")),
        last_day=read("last_day"),
    )
    return wanted, faults


def listed(site: StaffSite, wanted: DocumentQuery, *, first: int, count: int) -> DocumentList:
    """Return the documents that pass, from the place `first` on."""
    edited = edited_documents(site.records.edits.all()) if wanted.only_edited else ()
    return site.contents.documents(wanted, first=first, count=count, edited=edited)


def fields_of(wanted: DocumentQuery) -> dict[str, str]:
    """Return the fields that ask for the same list."""
    return {name: "1" if each is True else each for name, each in asdict(wanted).items() if each}
