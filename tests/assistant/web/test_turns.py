"""Where too many wait already, whoever comes is told so at once."""

import threading
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

import anyio
import pytest

from assistant.web import running, server
from assistant.web.pages import member_posts, routes
from assistant.web.turns import Turns
from tests.assistant.web.serving import Serving
from tests.assistant.web.test_staying_alive import CONVERSATION, Gate, a_gated_site, ask
from tests.builders import a_chunk, a_passage, a_site
from tests.fakes import FakeGeneration, FakeLibrary


def test_so_many_run_so_many_wait_and_all_of_these_have_their_turn() -> None:
    opened, began, done = threading.Event(), list[int](), list[int]()

    async def several() -> None:
        turns = Turns(at_once=2, waiting=3)

        async def one(number: int) -> None:
            def task() -> int:
                began.append(number)
                assert opened.wait(60)
                return number

            done.append(await turns.take(task))

        async with anyio.create_task_group() as group:
            for number in range(5):
                assert not turns.are_taken
                group.start_soon(one, number)
                await anyio.wait_all_tasks_blocked()
            assert turns.are_taken
            assert sorted(began) == [0, 1]
            opened.set()
        assert not turns.are_taken

    anyio.run(several)
    assert sorted(done) == [0, 1, 2, 3, 4]


def test_of_many_who_come_in_the_same_moment_no_more_are_let_in_than_have_room() -> None:
    opened, refused = threading.Event(), list[int]()

    async def several() -> None:
        turns = Turns(at_once=1, waiting=1)

        async def one(number: int) -> None:
            if turns.are_taken:
                refused.append(number)
            else:
                await turns.take(lambda: opened.wait(60))

        async with anyio.create_task_group() as group:
            for number in range(5):
                group.start_soon(one, number)
            await anyio.wait_all_tasks_blocked()
            opened.set()

    anyio.run(several)
    assert refused == [2, 3, 4]


def post(port: int, fields: dict[str, str]) -> tuple[int, str, str]:
    """Post a form; return the status, when to come again, and the page."""
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"content-type": "application/x-www-form-urlencoded"}
    connection.request("POST", "/?lang=fr", urlencode(fields), headers)
    response = connection.getresponse()
    page = response.read().decode()
    connection.close()
    return response.status, response.getheader("retry-after") or "", page


class HeldLibrary(FakeLibrary):
    """Hands out its generation once the gate is open."""

    def __init__(self, gate: Gate) -> None:
        super().__init__(FakeGeneration(a_passage(a_chunk("In 2019."), score=0.9)))
        self.generation = gate.before(super().generation)  # type: ignore[method-assign] # the gate


def test_a_form_that_finds_too_many_waiting_keeps_what_was_typed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(routes, "AT_ONCE", 1)
    monkeypatch.setattr(routes, "WAITING", 1)
    gate = Gate()
    library = HeldLibrary(gate)
    site = a_site(library, tmp_path)
    with Serving(running.Server(server.application(site))) as served, ThreadPoolExecutor(3) as many:
        asked = [many.submit(post, served.port, {"question": "Et les lampes ?"}) for _ in range(3)]
        try:
            refused, waiting = wait(asked, timeout=60, return_when=FIRST_COMPLETED)
            assert ask(served.port, "GET", "/livez") == 200
        finally:
            gate.opened.set()
        assert [each.result()[0] for each in waiting] == [200, 200]
    status, again, page = refused.pop().result()
    assert (status, again) == (503, "5")
    assert "Et les lampes ?" in page
    assert "Beaucoup de personnes posent des questions" in page


def test_a_file_that_finds_too_many_waiting_is_not_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(member_posts, "EXPORTS_WAITING", 0)
    gate = Gate()
    site, _ = a_gated_site(gate, tmp_path, monkeypatch)
    with Serving(running.Server(server.application(site))) as served, ThreadPoolExecutor(1) as one:
        first = one.submit(ask, served.port, "POST", "/export/docx", CONVERSATION)
        try:
            assert gate.reached.wait(60)
            assert ask(served.port, "POST", "/export/docx", CONVERSATION) == 503
        finally:
            gate.opened.set()
        assert first.result() == 200
