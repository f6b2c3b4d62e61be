"""What members asked, and what they asked in vain; as a page and as files."""

from datetime import date, timedelta

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse
from starlette.responses import Response

from assistant.insights import report
from assistant.insights.period import Insights
from assistant.web.staff.site import Form, StaffSite, asked, go_to, number_in

PERIODS = (7, 30, 90, 365)  # days
USUAL = 30
MOST_CITED = 20
MOST_UNCITED = 100
FORMS = {"md": "text/markdown", "csv": "text/csv"}


def routes(site: StaffSite) -> APIRouter:
    """Return the routes of what members asked."""
    router = site.router()

    @router.get("/staff/questions")
    def show(request: Request) -> Response:
        days = _days(request)
        found = _insights(site, days)
        return site.page(
            request,
            "questions.html",
            found=found,
            days=days,
            periods=PERIODS,
            cited=list(found.cited.items())[:MOST_CITED],
            uncited=found.uncited[:MOST_UNCITED],
            busiest=max(found.hours),
            golden=site.records.golden.all(),
        )

    @router.get("/staff/questions/report")
    def download(request: Request) -> Response:
        form = asked(request, "form")
        form = form if form in FORMS else "md"
        found, words = _insights(site, _days(request)), site.speech(request).words
        text = report.csv_of(found) if form == "csv" else report.markdown(found, words)
        name = f"questions-{found.since}-{found.until}.{form}"
        headers = {"content-disposition": f'attachment; filename="{name}"'}
        return PlainTextResponse(text, media_type=FORMS[form], headers=headers)

    router.include_router(_golden(site))
    return router


def _golden(site: StaffSite) -> APIRouter:
    router = site.router()

    @router.post("/staff/questions/golden")
    def make_golden(request: Request, form: Form) -> Response:
        site.records.golden.add(
            form["question"], form["language"], form["document"], by=site.by(request)
        )
        site.did(request, "golden.add", form["document"])
        return go_to("/staff/questions", note="golden-made")

    @router.post("/staff/questions/golden/remove")
    def remove_golden(request: Request, form: Form) -> Response:
        site.records.golden.remove(number_in(form["number"]))
        site.did(request, "golden.remove")
        return go_to("/staff/questions", note="golden-removed")

    return router


def _days(request: Request) -> int:
    days = number_in(asked(request, "days"))
    return days if days in PERIODS else USUAL


def _insights(site: StaffSite, days: int) -> Insights:
    today = date.today()  # noqa: DTZ011 - the server's own day, as questions are counted by
    return site.observer.insights(today - timedelta(days=days - 1), today)
