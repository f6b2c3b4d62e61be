"""All staff pages together."""

from fastapi import APIRouter

from assistant.web.staff import (
    documents,
    feedback,
    login,
    overview,
    question_trial,
    runs,
    sources,
    uploads,
    widget,
)
from assistant.web.staff.site import StaffSite


def router(site: StaffSite) -> APIRouter:
    """Return the routes; they must be behind the site's door."""
    made = APIRouter()
    parts = (login, overview, documents, sources, uploads, runs, question_trial, feedback, widget)
    for part in parts:
        made.include_router(part.routes(site))
    return made
