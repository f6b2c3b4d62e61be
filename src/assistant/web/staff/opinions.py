"""What members say of answers: how many, of which documents, and in their own words."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from assistant.web.staff.site import StaffSite

MOST = 200  # shown; the file has all
CAUSES = {
    "": "",
    "wrong": "wrong",
    "incomplete": "something is missing",
    "old": "out of date",
    "other": "something else",
}


def routes(site: StaffSite) -> APIRouter:
    """Return the route of the page."""
    router = site.router()

    @router.get("/staff/feedback")
    def show(request: Request) -> Response:
        kept = site.feedback.all() if site.feedback else []
        counts = {rating: sum(its.rating == rating for its in kept) for rating in ("up", "down")}
        return site.page(
            request,
            "feedback.html",
            counts=counts,
            causes=CAUSES,
            opinions=[
                its for its in reversed(kept) if its.reason or its.cause or its.rating == "down"
            ][:MOST],
        )

    return router
