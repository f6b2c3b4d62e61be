"""The runs: follow one, see what it would change, publish it; and go back to an older state."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from pydantic import TypeAdapter
from starlette.responses import Response

from assistant.domain.errors import AssistantError
from assistant.domain.runs import Run, RunState, pending
from assistant.web.staff.site import Form, StaffSite, go_to
from assistant.web.staff.speech import Speech

SHOWN = 200  # changes on the page; the report has them all
A_MOMENT_AGO = timedelta(seconds=-1)  # clocks are read in another order than they tick
STARTS_WITHIN = timedelta(seconds=90)  # a process takes some seconds to come up on a busy machine
MINUTE = 60  # seconds
COUNTS = ("new", "changed", "removed", "unchanged", "failed")

_ID = re.compile(r"(\d{8}-\d{6})-[0-9a-f]{4}")
_RUN = TypeAdapter(Run)


@dataclass(frozen=True, slots=True)
class Shown:
    """A run as the page shows it."""

    run: Run
    is_starting: bool = False

    @property
    def goes_on(self) -> bool:
        """Whether it is worth looking again."""
        return self.is_starting or self.run.state is RunState.RUNNING


def routes(site: StaffSite) -> APIRouter:
    """Return the routes of the runs and of the generations."""
    router = site.router()

    @router.get("/staff/runs")
    def list_runs(request: Request) -> Response:
        return site.page(
            request,
            "runs.html",
            runs=site.operations.runs(),
            counts=COUNTS,
            generations=site.contents.generations(),
            serving=site.contents.serving(),
        )

    @router.get("/staff/runs/{run_id}")
    def show(request: Request, run_id: str) -> Response:
        shown = _shown(site, run_id)
        return site.page(request, "run.html", **_told(site, shown, site.speech(request)))

    @router.get("/staff/runs/{run_id}/progress")
    def progress(request: Request, run_id: str) -> Response:
        shown = _shown(site, run_id)
        run = shown.run
        return JSONResponse(
            {
                "goes_on": shown.goes_on,
                "text": _stage(shown, site.speech(request), site.now()),
                "done": run.done,
                "total": run.total,
            }
        )

    @router.get("/staff/runs/{run_id}/report")
    def report(run_id: str) -> Response:
        fields = _RUN.dump_python(site.operations.run(run_id), mode="json")
        headers = {"content-disposition": f'attachment; filename="run-{run_id}.json"'}
        return JSONResponse(fields, headers=headers)

    router.include_router(_changing(site))
    return router


def _changing(site: StaffSite) -> APIRouter:
    router = site.router()

    @router.post("/staff/runs/{run_id}/publish")
    def publish(request: Request, run_id: str, form: Form) -> Response:
        shown = _shown(site, run_id)
        if shown.run.state is RunState.WAITING and not form["confirmed"]:
            told = _told(site, shown, site.speech(request))
            return site.page(request, "run.html", status=422, **{**told, "is_unconfirmed": True})
        published = site.operations.publish(run_id, by=site.account(request).name)
        site.did(request, "run.publish", published, f"publishes {run_id}")
        return go_to(f"/staff/runs/{published}")

    @router.post("/staff/runs/{run_id}/again")
    def again(request: Request, run_id: str) -> Response:
        names = site.operations.run(run_id).sources
        planned = site.operations.sync(names, by=site.account(request).name, dry_run=True)
        site.did(request, "run.plan", planned, ", ".join(names))
        return go_to(f"/staff/runs/{planned}")

    @router.post("/staff/generations/publish")
    def roll_back(request: Request, form: Form) -> Response:
        name = form["generation"]
        kept = {each.name: each for each in site.contents.generations()}
        if name in kept and not kept[name].fault and not form["confirmed"]:
            serving = kept.get(site.contents.serving() or "")
            now = serving.documents if serving else 0
            return site.page(request, "generation_publish.html", generation=kept[name], serving=now)
        site.contents.roll_back(name, by=site.account(request).name)
        site.did(request, "generation.publish", name)
        return go_to("/staff/runs", note="rolled-back")

    return router


def _shown(site: StaffSite, run_id: str) -> Shown:
    """Return a run; one that was just started and has no record yet is starting."""
    try:
        return Shown(site.operations.run(run_id))
    except AssistantError:
        begun = _begun(run_id)
        if begun is None or not A_MOMENT_AGO <= site.now() - begun <= STARTS_WITHIN:
            raise
        return Shown(Run(run_id, "", (), begun), is_starting=True)


def _begun(run_id: str) -> datetime | None:
    """Return the time that the id of a run tells."""
    match = _ID.fullmatch(run_id)
    try:
        return datetime.strptime(match[1], "%Y%m%d-%H%M%S").replace(tzinfo=UTC) if match else None
    except ValueError:
        return None


def _stage(shown: Shown, spoken: Speech, now: datetime) -> str:
    """Return in words what a run does now, and how long it goes on with that."""
    run, words = shown.run, spoken.words
    if not shown.goes_on:
        return words(f"state.{run.state}")
    if shown.is_starting or not run.stage:
        return words("stage.starting")
    stage = spoken.stage(run.stage)
    done, total = spoken.number(run.done), spoken.number(run.total)
    told = words("stage.progress", stage=stage, done=done, total=total) if run.total else stage
    seconds = run.seconds_left(now)
    if seconds is None:
        return told
    minutes = round(seconds / MINUTE)
    left = spoken.counted(minutes, "stage.minutes") if minutes else words("stage.soon")
    return words("stage.left", told=told, left=left)


def _told(site: StaffSite, shown: Shown, spoken: Speech) -> dict[str, Any]:
    """Return what the page of a run shows."""
    run, runs = shown.run, site.operations.runs()
    report = run.report
    changes: Sequence[Mapping[str, Any]] = report.get("changes", ())
    known = {source.name for source in site.operations.sources()} if not shown.goes_on else set()
    return {
        "run": run,
        "goes_on": shown.goes_on,
        "stage": _stage(shown, spoken, site.now()),
        "report": report,
        "counts": COUNTS,
        "changes": changes[:SHOWN],
        "more": max(0, len(changes) - SHOWN),
        "is_publishable": any(each.id == run.id for each in pending(runs)),
        "is_plan": run.state in (RunState.PLANNED, RunState.WAITING),
        "can_repeat": bool(run.sources) and set(run.sources) <= known,
        "followed_by": next((each.id for each in runs if each.follows == run.id), ""),
        "is_unconfirmed": False,
    }
