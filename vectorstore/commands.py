"""What the commands do that look at what is published, or change which of it is answered."""

from argparse import Namespace
from typing import Any

from assistant.errors import InputError
from assistant.terminal import print_json, show_facts, warn
from vectorstore.library import Library


def status(arguments: Namespace, library: Library) -> int:
    """Tell what is published."""
    facts: dict[str, Any] = {"data": str(library.data), "generation": library.published()}
    if facts["generation"] is not None:
        with library.generation() as generation:
            manifest = generation.manifest
            facts |= {
                "published": manifest.built,
                "documents": manifest.documents,
                "passages": manifest.chunks,
                "languages": generation.catalogue.counts_by("language"),
                "kinds": generation.catalogue.counts_by("kind"),
                "embedding_model": manifest.embedding.model,
            }
    if arguments.json:
        print_json(facts)
        return 0
    for fault in library.faults():
        warn(f"warning: {fault}")
    if facts["generation"] is None:
        print(f"Nothing is published in {library.data} yet; run `python app.py ingest FOLDER`.")
        return 0
    show_facts(facts)
    return 0


def kept(library: Library) -> list[dict[str, Any]]:
    """Return the generations that can be rolled back to, and the one that serves."""
    published = library.published()
    return [
        {
            "generation": its.name,
            "published": its.built,
            "documents": its.documents,
            "passages": its.chunks,
            "fault": its.fault,
            "current": its.name == published,
        }
        for its in library.kept()
    ]


def rollback(arguments: Namespace, library: Library) -> int:
    """Publish an older generation again."""
    with library.writing():
        name = library.roll_back(arguments.generation)
    print(f"Generation {name} is published again; a running server follows at its next question.")
    return 0


def hide(arguments: Namespace, library: Library) -> int:
    """Take documents out of the answers at once, or bring them back."""
    known = {its.id for its in library.stored()} | library.hidden()
    for document in arguments.documents:
        if document not in known:
            msg = (
                f"there is no document {document!r}; `search` and `runs` show what they are called"
            )
            raise InputError(msg)
        library.hide(document, hidden=not arguments.undo)
    if arguments.undo:
        print("They come back with the next run that reads them.")
    else:
        print("They are out of the answers now; the next run removes them from what is kept.")
    return 0
