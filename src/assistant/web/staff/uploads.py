"""Files that staff put in: a few at a time, each with what became of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated, Any, BinaryIO

from fastapi import APIRouter, Depends, Request
from starlette.datastructures import UploadFile
from starlette.responses import Response

from assistant.domain.errors import AssistantError
from assistant.web.staff.permissions import UPLOADS
from assistant.web.staff.site import Form, StaffSite, cleaned, go_to
from ingest.sources.uploads import NAME

AT_ONCE = 100  # files in one request
PIECE = 2**16  # bytes


@dataclass(frozen=True, slots=True)
class Received:
    """What became of a file that was sent; `reason` says why it was not taken."""

    name: str
    reason: str = ""


async def _read_files(request: Request) -> list[UploadFile]:
    form = await request.form(max_files=AT_ONCE, max_fields=1)
    files = [each for each in form.getlist("files") if isinstance(each, UploadFile)]
    return [file for file in files if file.filename]


Files = Annotated[list[UploadFile], Depends(_read_files)]


def routes(site: StaffSite) -> APIRouter:
    """Return the routes of the uploads."""
    router = site.router()

    @router.get(UPLOADS)
    def list_uploads(request: Request) -> Response:
        return site.page(request, "uploads.html", **_listed(site), received=())

    @router.post(UPLOADS)
    def upload(request: Request, files: Files) -> Response:
        received = [_keep(site, file) for file in files]
        for file in received:
            if not file.reason:
                site.did(request, "upload.add", file.name)
        return site.page(
            request,
            "uploads.html",
            status=422 if any(file.reason for file in received) else 200,
            **_listed(site),
            received=received,
        )

    @router.post("/staff/uploads/remove")
    def remove(request: Request, form: Form) -> Response:
        site.operations.remove_upload(form["name"])
        site.did(request, "upload.remove", form["name"])
        return go_to(UPLOADS, note="file-removed")

    return router


def _listed(site: StaffSite) -> dict[str, Any]:
    files, published = site.operations.uploads(), site.contents.publication()
    origins = published.origins if published else ()
    return {
        "files": files,
        "forms": site.operations.upload_forms(),
        "can_plan": bool(files) or any(Path(each).name == NAME for each in origins),
    }


def _keep(site: StaffSite, sent: UploadFile) -> Received:
    name = cleaned(sent.filename or "")
    try:
        kept = site.operations.upload(name, _pieces(sent.file))
    except AssistantError as exc:
        return Received(name, str(exc))
    return Received(kept.name, "")


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    return iter(partial(file.read, PIECE), b"")
