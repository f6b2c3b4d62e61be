"""All staff pages together."""

from fastapi import APIRouter

from assistant.web.staff import documents, entrance, overview, runs, sources, trying, uploads
from assistant.web.staff.site import StaffSite


def router(site: StaffSite) -> APIRouter:
    """Return the routes; they must be behind the site's door."""
    made = APIRouter()
    for part in (entrance, overview, documents, sources, uploads, runs, trying):
        made.include_router(part.routes(site))
    return made
