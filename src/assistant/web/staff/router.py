"""All staff pages together."""

from fastapi import APIRouter

from assistant.web.staff import (
    documents,
    entrance,
    opinions,
    overview,
    runs,
    sources,
    trying,
    uploads,
    widget,
)
from assistant.web.staff.site import StaffSite


def router(site: StaffSite) -> APIRouter:
    """Return the routes; they must be behind the site's door."""
    made = APIRouter()
    parts = (entrance, overview, documents, sources, uploads, runs, trying, opinions, widget)
    for part in parts:
        made.include_router(part.routes(site))
    return made
