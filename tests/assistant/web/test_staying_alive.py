"""However long a request takes, the server answers others meanwhile."""

import json
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest

from assistant.domain.dialogue import Question
from assistant.domain.publication import Announcement
from assistant.web import running, server
from assistant.web.pages import member_posts
from assistant.web.pages.permalinks import SharedAnswer
from assistant.web.server import Site
from assistant.web.staff.access import StaffAccess
from tests.assistant.web.serving import Serving
from tests.assistant.web.staff.staffing import a_staffed_site
from tests.builders import a_chat_page, a_chunk, a_document, a_passage, a_site
from tests.fakes import FakeGeneration, FakeLibrary

MANY = 50  # more than there are threads for requests


class Gate:
    """Holds up whoever comes to it until it opens."""

    def __init__(self) -> None:
        self.reached = threading.Event()
        self.opened = threading.Event()

    def before(self, work: Callable[..., Any]) -> Callable[..., Any]:
        def held(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - whatever the work takes
            self.reached.set()
            assert self.opened.wait(60)
            return work(*args, **kwargs)

        return held


class GatedLibrary(FakeLibrary):
    """Hands out a generation once the gate is open."""

    def __init__(self, generation: FakeGeneration, gate: Gate) -> None:
        super().__init__(generation)
        self.generation = gate.before(super().generation)  # type: ignore[method-assign] # the gate


def ask(port: int, method: str, path: str, body: object = None) -> int:
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    sent = None if body is None else json.dumps(body)
    headers = {} if body is None else {"content-type": "application/json"}
    connection.request(method, path, sent, headers)
    response = connection.getresponse()
    response.read()
    connection.close()
    return response.status


CONVERSATION = {"title": "x", "language": "en", "turns": [{"question": "q", "answer": ["a"]}]}


def a_gated_site(gate: Gate, folder: Path, patched: pytest.MonkeyPatch) -> tuple[Site, str]:
    """Return a site whose heavy work waits at the gate, and the link of an answer."""
    library = FakeLibrary(FakeGeneration(a_passage(a_chunk("In 2019."), score=0.9)))
    announced = Announcement(1, date(2021, 2, 1), ("en",))
    page = a_chat_page(library, announcement=gate.before(lambda _: announced))
    answer = page.assistant.answer(Question("When were the lamps renewed?"))
    link = page.permalinks.path(SharedAnswer(answer, date(2021, 2, 1), date(2021, 2, 1)))
    gated = GatedLibrary(FakeGeneration(documents=[a_document("lighting")]), gate)
    site = a_site(gated, folder, is_ready=gate.before(lambda: True))
    patched.setattr(member_posts, "word_file", gate.before(member_posts.word_file))
    kept = type(site.posts.records.feedback)
    patched.setattr(kept, "keep", gate.before(kept.keep))
    return site, link


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/readyz", None),
        ("GET", "/documents/articles/lighting.md", None),
        ("GET", "/documents", None),
        ("GET", "LINK", None),
        ("POST", "/export/docx", CONVERSATION),
        ("POST", "/feedback", {"answer": "LINK", "rating": "up"}),
    ],
)
def test_the_server_answers_while_heavy_work_goes_on(
    method: str, path: str, body: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = Gate()
    gate.opened.set()
    site, link = a_gated_site(gate, tmp_path, monkeypatch)
    app = server.application(site)
    gate.opened.clear()
    told = json.loads(json.dumps(body).replace("LINK", link))
    with Serving(running.Server(app)) as served, ThreadPoolExecutor(MANY) as many:
        port = served.port
        heavy: list[Future[int]] = [
            many.submit(ask, port, method, path.replace("LINK", link), told) for _ in range(MANY)
        ]
        try:
            assert gate.reached.wait(60)
            assert ask(port, "GET", "/livez") == 200
            assert not any(each.done() and each.result() == 200 for each in heavy)
        finally:
            gate.opened.set()
    statuses = {each.result() for each in heavy}
    assert 200 in statuses
    assert statuses <= {200, 503}  # of what takes long, only so much may wait


def test_the_server_answers_while_questions_are_searched_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = Gate()
    gate.opened.set()
    site, _ = a_gated_site(gate, tmp_path, monkeypatch)
    app = server.application(site)
    gate.opened.clear()
    with Serving(running.Server(app)) as served:
        port = served.port
        try:
            for _ in range(20):
                assert ask(port, "POST", "/gradio_api/call/ask", {"data": ["Lamps?"]}) == 200
            assert gate.reached.wait(60)
            assert ask(port, "GET", "/livez") == 200
        finally:
            gate.opened.set()


def test_the_server_answers_while_it_waits_to_know_who_staff_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = Gate()
    staff = a_staffed_site(tmp_path / "staff").site
    site = a_site(FakeLibrary(FakeGeneration()), tmp_path, staff=staff)
    monkeypatch.setattr(StaffAccess, "refusal", gate.before(StaffAccess.refusal))
    app = server.application(site)
    with Serving(running.Server(app)) as served, ThreadPoolExecutor(MANY) as many:
        for _ in range(MANY):
            many.submit(ask, served.port, "GET", "/staff/login")
        try:
            assert gate.reached.wait(60)
            assert ask(served.port, "GET", "/livez") == 200
            assert ask(served.port, "GET", "/") == 200
        finally:
            gate.opened.set()
