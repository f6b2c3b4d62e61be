"""The staff pages together, and the two that only show: the overview, and what members say."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from assistant.domain.runs import RunState, pending
from assistant.web.staff import (
    accounts,
    asked_questions,
    chosen,
    corrections,
    documents,
    doings,
    hand_answers,
    login,
    question_trial,
    runs,
    sources,
    uploads,
    widget,
)
from assistant.web.staff.permissions import HOME
from assistant.web.staff.site import StaffSite, asked

MOST = 200  # pieces of feedback shown; the file has all


PARTS = (
    *(login, documents, chosen, corrections, sources, uploads, runs, question_trial),
    *(asked_questions, hand_answers, widget, accounts, doings),
)


def router(site: StaffSite) -> APIRouter:
    """Return the routes; they must be behind the site's `access`."""
    made = APIRouter()
    for routes in (_overview, _feedback):
        made.include_router(routes(site))
    for part in PARTS:
        made.include_router(part.routes(site))
    return made


def _overview(site: StaffSite) -> APIRouter:
    router = site.router()

    @router.get(HOME)
    def overview(request: Request) -> Response:
        known = site.operations.runs()
        return site.page(
            request,
            "overview.html",
            faults=site.contents.faults(),
            published=site.contents.publication(),
            sources=site.sources_by_origin(),
            hidden=site.contents.hidden(),
            running=[run for run in known if run.state is RunState.RUNNING],
            waiting=pending(known),
            last=next((run for run in known if run.state is not RunState.RUNNING), None),
        )

    return router


def _feedback(site: StaffSite) -> APIRouter:
    router = site.router()

    @router.get("/staff/feedback")
    def show(request: Request) -> Response:
        document = asked(request, "document")
        kept = site.records.feedback.all()
        if document:
            kept = [rating for rating in kept if document in rating.documents]
        counts = {rating: sum(each.rating == rating for each in kept) for rating in ("up", "down")}
        return site.page(
            request,
            "feedback.html",
            counts=counts,
            document=document,
            days_kept=site.records.questions.days,
            ratings=[
                rating
                for rating in reversed(kept)
                if rating.reason or rating.cause or rating.rating == "down"
            ][:MOST],
        )

    return router
