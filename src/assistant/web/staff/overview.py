"""The first page: what is published, what goes on, what waits."""

from collections.abc import Sequence

from fastapi import APIRouter, Request
from starlette.responses import Response

from assistant.domain.runs import Run, RunState
from assistant.web.staff.access import HOME
from assistant.web.staff.site import StaffSite


def routes(site: StaffSite) -> APIRouter:
    """Return the route of the overview."""
    router = site.router()

    @router.get(HOME)
    def overview(request: Request) -> Response:
        runs = site.operations.runs()
        return site.page(
            request,
            "overview.html",
            faults=site.contents.faults(),
            published=site.contents.publication(),
            hidden=site.contents.hidden(),
            running=[run for run in runs if run.state is RunState.RUNNING],
            waiting=pending(runs),
            last=next((run for run in runs if run.state is not RunState.RUNNING), None),
        )

    return router


def pending(runs: Sequence[Run]) -> list[Run]:
    """Return the runs that somebody may still publish, newest first.

    A plan is done with when it was published, or when its sources were read anew.
    """
    found: list[Run] = []
    followed: set[str] = set()
    covered: list[set[str]] = []
    for run in runs:
        can_be_published = run.state in (RunState.PLANNED, RunState.WAITING)
        is_overtaken = any(set(run.sources) <= each for each in covered)
        if can_be_published and run.id not in followed and not is_overtaken:
            found.append(run)
        if run.state not in (RunState.FAILED, RunState.INTERRUPTED):
            followed.add(run.follows)
            covered.append(set(run.sources))
    return found
