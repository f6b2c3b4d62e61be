"""The records of runs: what staff see while a run goes on, and afterwards."""

import os
import subprocess
import sys
from contextlib import ExitStack, suppress
from itertools import count
from pathlib import Path

import pytest

from assistant.domain.errors import InputError
from assistant.domain.runs import Run, RunState
from ingest.errors import SourceError
from ingest.plan import Crawl, Failure, make_plan
from ingest.report import Report
from ingest.runs import FOLDER, KEPT, Runs
from tests.builders import a_document

A = a_document("a", text="Gebühren – «élevées».")


def a_report(**flags: bool) -> Report:
    plan = make_plan([], [Crawl("/forum", (A,))], replace=False, origin_exists=lambda _: True)
    is_new, is_held = flags.get("is_new", False), flags.get("is_held", False)
    dry_run = flags.get("dry_run", False)
    return Report(plan, (), (), "000001", is_new=is_new, is_held=is_held, dry_run=dry_run)


def test_a_run_is_recorded_while_it_goes_on(tmp_path: Path) -> None:
    runs = Runs(tmp_path)

    with runs.start("the staff page", ["befus"], run_id="r1") as active:
        active.progress("reading befus")(3, 9)
        seen = runs.get("r1")
        active.finish(a_report(is_new=True))

    assert (seen.state, seen.by, seen.sources) == (RunState.RUNNING, "the staff page", ("befus",))
    ended = runs.get("r1")
    assert ended.state is RunState.PUBLISHED
    assert ended.report["new"] == 1
    assert ended.finished is not None


@pytest.mark.parametrize(
    ("flags", "state"),
    [
        ({"is_new": True}, RunState.PUBLISHED),
        ({}, RunState.UNCHANGED),
        ({"dry_run": True}, RunState.PLANNED),
        ({"is_held": True}, RunState.WAITING),
        ({"is_held": True, "dry_run": True}, RunState.WAITING),
    ],
)
def test_how_a_run_ended_is_told(tmp_path: Path, flags: dict[str, bool], state: RunState) -> None:
    with Runs(tmp_path).start("x", []) as active:
        active.finish(a_report(**flags))

    assert Runs(tmp_path).all()[0].state is state


def test_an_error_is_recorded_in_its_own_words_and_goes_on_its_way(tmp_path: Path) -> None:
    runs = Runs(tmp_path)

    def fail() -> None:
        msg = "the folder is not there"
        raise InputError(msg)

    with pytest.raises(InputError), runs.start("x", []):
        fail()

    assert (runs.all()[0].state, runs.all()[0].error) == (
        RunState.FAILED,
        "the folder is not there",
    )


def test_what_a_run_read_comes_back_as_it_was(tmp_path: Path) -> None:
    crawls = (
        Crawl("source:befus", (A,), (Failure("b", "is broken"),), ("c.xlsx",), complete=False),
        Crawl("/forum", (), unchanged=((A.id, A.fingerprint()),)),
    )
    with Runs(tmp_path).start("x", [], run_id="r1") as active:
        active.keep(crawls)
        active.finish(a_report(dry_run=True))

    assert Runs(tmp_path).crawls("r1") == crawls


def test_what_was_published_is_not_kept_twice(tmp_path: Path) -> None:
    with Runs(tmp_path).start("x", [], run_id="r1") as active:
        active.keep([Crawl("/forum", (A,))])
        active.finish(a_report(is_new=True))

    with pytest.raises(SourceError, match="start the run again"):
        Runs(tmp_path).crawls("r1")


KILLED = """
import os, signal, sys
from pathlib import Path
from ingest.runs import Runs

with Runs(Path(sys.argv[1])).start("x", [], run_id="r1"):
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_killed_run_is_told_from_one_that_goes_on(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-c", KILLED, str(tmp_path)], check=False)

    assert Runs(tmp_path).get("r1").state is RunState.INTERRUPTED


def test_who_looks_again_and_again_reads_the_record_of_what_has_ended_once(
    tmp_path: Path,
) -> None:
    runs, known = Runs(tmp_path), dict[str, tuple[int, Run]]()
    with runs.start("x", ["a"], run_id="1") as active:
        assert [run.state for run in runs.heads(known)] == [RunState.RUNNING]
        active.finish(a_report())
    record = tmp_path / "runs" / "1" / "run.json"
    [ended] = runs.heads(known)
    when = record.stat()
    record.write_text("this is not read again")
    os.utime(record, ns=(when.st_atime_ns, when.st_mtime_ns))
    with runs.start("x", ["b"], run_id="2"):
        seen = runs.heads(known)

    assert [(run.id, run.state) for run in seen] == [("2", RunState.RUNNING), ("1", ended.state)]
    assert ended.state is RunState.UNCHANGED
    assert ended.sources == ("a",)


@pytest.mark.parametrize("run_id", ["../runs/r1", "", "r2", "*", "r1/"])
def test_an_id_names_a_run_that_is_listed_or_none(tmp_path: Path, run_id: str) -> None:
    with Runs(tmp_path).start("x", [], run_id="r1") as active:
        active.finish(a_report())

    with pytest.raises(SourceError, match="there is no run"):
        Runs(tmp_path).get(run_id)


@pytest.mark.parametrize("content", ["", "[]", '{"id": 3}', "\x00"])
def test_a_damaged_record_is_left_out(tmp_path: Path, content: str) -> None:
    runs = Runs(tmp_path)
    for run_id in ("r1", "r2"):
        with runs.start("x", [], run_id=run_id) as active:
            active.finish(a_report())
    (tmp_path / FOLDER / "r1" / "run.json").write_text(content)

    assert [each.id for each in runs.all()] == ["r2"]


def test_only_the_last_runs_are_kept(tmp_path: Path) -> None:
    runs = Runs(tmp_path)
    for number in range(KEPT + 3):
        with runs.start("x", [], run_id=f"r{number:03}") as active:
            active.finish(a_report())

    kept: list[Run] = runs.all()
    assert (len(kept), kept[0].id, kept[-1].id) == (KEPT, f"r{KEPT + 2:03}", "r003")


def test_runs_that_fail_one_after_the_other_fill_no_disk(tmp_path: Path) -> None:
    runs = Runs(tmp_path)
    for number in range(KEPT + 3):
        with suppress(InputError), runs.start("x", ["site"], run_id=f"r{number:03}") as active:
            active.keep([Crawl("/forum", (A,))])
            msg = "the store is of another model"
            raise InputError(msg)

    assert len(list((tmp_path / FOLDER).iterdir())) == KEPT
    assert list((tmp_path / FOLDER).glob("*/crawls.json")) == []


def test_the_last_runs_of_each_source_are_kept_however_many_others_follow(tmp_path: Path) -> None:
    runs = Runs(tmp_path)
    sources = (["rare", "news"], ["rare"], ["/exports/monday"], *[["news"]] * KEPT)
    for number, names in enumerate(sources):
        with suppress(InputError), runs.start("x", names, run_id=f"r{number:03}") as active:
            if number == 1:
                msg = "the site is away"
                raise InputError(msg)
            active.finish(a_report())

    assert [run.id for run in runs.all()[KEPT:]] == ["r001", "r000"]


def test_what_can_still_be_published_is_kept_until_its_sources_are_read_anew(
    tmp_path: Path,
) -> None:
    runs, numbers = Runs(tmp_path), count()

    def read(names: list[str], times: int, **flags: bool) -> None:
        for _ in range(times):
            with runs.start("x", names, run_id=f"r{next(numbers):03}") as active:
                active.keep([Crawl("/forum", (A,))])
                active.finish(a_report(**flags))

    read(["rare"], 1, is_held=True)
    read(["rare"], 1, dry_run=True)
    read(["often"], 1, is_held=True)
    read(["often"], KEPT)

    assert [(run.id, run.state) for run in runs.all()[KEPT:]] == [("r001", RunState.PLANNED)]
    assert runs.crawls("r001") == (Crawl("/forum", (A,)),)


def test_a_run_that_ends_while_it_is_looked_at_is_not_called_interrupted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = Runs(tmp_path)
    with ExitStack() as running:
        active = running.enter_context(runs.start("x", [], run_id="r1"))

        def end_before_the_lock_is_looked_at(_: Path) -> bool:
            active.finish(a_report(is_new=True))
            running.close()
            return False

        monkeypatch.setattr("ingest.runs._is_held", end_before_the_lock_is_looked_at)

        assert runs.get("r1").state is RunState.PUBLISHED
