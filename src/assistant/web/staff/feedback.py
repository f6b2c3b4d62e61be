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
        counts = {rating: sum(each.rating == rating for each in kept) for rating in ("up", "down")}
        return site.page(
            request,
            "feedback.html",
            counts=counts,
            causes=CAUSES,
            opinions=[
                failure
                for failure in reversed(kept)
                if failure.reason or failure.cause or failure.rating == "down"
            ][:MOST],
        )

    return router
