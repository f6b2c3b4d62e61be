"""Answers that nobody comes for are dropped, and one visitor holds only so many streams."""

import asyncio
import json
import tempfile
from collections.abc import Awaitable
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from assistant.web import server, streams
from assistant.web.engine import engine, forget, session_of
from assistant.web.security.gradio_calls import JOIN
from assistant.web.security.headers import Message, Receive, Send
from assistant.web.security.protection import Scope
from assistant.web.streams import ALIVE, ANSWERED, HEARING, MOST_CALLS, MOST_STREAMS, Streams
from tests.builders import a_chat_page, a_chunk, a_passage, a_site
from tests.fakes import FakeGeneration, FakeLibrary

SESSION = "k3jd92ls0a"
EVENT = "0123456789abcdef" * 2
HEARD = f"/gradio_api/call/ask/{EVENT}"
CALL = "/gradio_api/call/ask"


class Inner:
    """Takes calls; streams last until they are ended, and tell of answers when told to."""

    def __init__(self) -> None:
        self.sent: list[dict[str, object]] = []
        self.over = asyncio.Event()
        self.answers: asyncio.Queue[bytes] = asyncio.Queue()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        if scope["path"] in {HEARING, HEARD}:
            while not self.over.is_set():
                await send({"type": "http.response.body", "body": await self.answers.get()})
                self.answers.task_done()
        elif scope["path"].startswith(ALIVE):
            await self.over.wait()
        else:
            self.sent.append(json.loads((await receive())["body"]))


class Visit:
    """Requests to the application, one after the other or at once."""

    def __init__(self) -> None:
        self.inner = Inner()
        self.forgotten: list[str] = []
        self.dropped = asyncio.Event()
        self.app = Streams(self.inner, self._forget, lambda event: {EVENT: SESSION}.get(event, ""))

    async def _forget(self, session: str) -> None:
        self.forgotten.append(session)
        self.dropped.set()

    async def status(self, path: str, address: str = "192.0.2.1") -> int:
        """Return the status of a request, once it is ended."""
        begun = await self.begin(path, address)
        await begun[1]
        return begun[0]

    async def begin(
        self, path: str, address: str = "192.0.2.1", session: str = SESSION
    ) -> tuple[int, Awaitable[None]]:
        """Return the status of a request as soon as it is known, and its end."""
        statuses: asyncio.Queue[int] = asyncio.Queue()

        async def send(message: Message) -> None:
            if "status" in message:
                statuses.put_nowait(message["status"])

        async def receive() -> Message:
            sent: dict[str, object] = {"data": []} | (
                {"session_hash": session} if path != CALL else {}
            )
            return {"type": "http.request", "body": json.dumps(sent).encode()}

        query = f"session_hash={session}".encode()
        scope = {
            "type": "http",
            "path": path,
            "headers": [],
            "query_string": query,
            "client": (address, 1),
        }
        end = asyncio.ensure_future(self.app(scope, receive, send))
        return await statuses.get(), end


@pytest.fixture
async def visit() -> Visit:
    return Visit()


async def test_a_page_that_fetches_nothing_may_ask_so_often(visit: Visit) -> None:
    asked = [await visit.status(JOIN) for _ in range(MOST_CALLS + 2)]

    assert asked == [200] * MOST_CALLS + [429] * 2


async def test_a_page_that_fetches_its_answers_may_go_on_asking(visit: Visit) -> None:
    _, end = await visit.begin(HEARING)

    for _ in range(3 * MOST_CALLS):
        assert await visit.status(JOIN) == 200
        visit.inner.answers.put_nowait(b"data: {" + ANSWERED + b"}\n\n")
        await visit.inner.answers.join()
    visit.inner.over.set()
    visit.inner.answers.put_nowait(b"")
    await end


async def test_what_nobody_fetches_is_dropped_after_a_while(
    visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "PATIENCE", 0.05)
    for _ in range(MOST_CALLS):
        await visit.status(JOIN)

    await asyncio.wait_for(visit.dropped.wait(), 60)
    assert visit.forgotten == [SESSION]
    assert await visit.status(JOIN) == 200


async def test_what_somebody_listens_for_is_kept(visit: Visit) -> None:
    _, end = await visit.begin(HEARING)
    await visit.status(JOIN)
    visit.app._end(SESSION)

    assert visit.forgotten == []
    visit.inner.over.set()
    visit.inner.answers.put_nowait(b"")
    await end
    visit.app._end(SESSION)
    await asyncio.wait_for(visit.dropped.wait(), 60)
    assert not visit.app._calls


@pytest.mark.parametrize("path", [HEARING, HEARD, f"{ALIVE}{SESSION}"])
async def test_one_visitor_holds_so_many_streams(visit: Visit, path: str) -> None:
    begun = [await visit.begin(path) for _ in range(MOST_STREAMS)]

    assert {status for status, _ in begun} == {200}
    assert await visit.status(path) == 429
    elsewhere, _ = await visit.begin(path, "198.51.100.1")
    assert elsewhere == 200
    visit.inner.over.set()
    for _ in range(MOST_STREAMS + 1):
        visit.inner.answers.put_nowait(b"")
    for _, end in begun:
        await end
    assert visit.app._held["192.0.2.1"] == 0


async def test_a_call_by_name_is_of_a_session_of_its_own(visit: Visit) -> None:
    for _ in range(MOST_CALLS + 2):
        assert await visit.status(CALL) == 200

    sessions = {str(sent["session_hash"]) for sent in visit.inner.sent}
    assert len(sessions) == MOST_CALLS + 2


async def test_gradio_keeps_nothing_of_a_caller_that_is_forgotten() -> None:
    blocks = engine(a_chat_page(FakeLibrary(FakeGeneration()))).blocks
    queue = blocks._queue
    queue.pending_messages_per_session[SESSION] = asyncio.Queue()
    queue.pending_event_ids_session[SESSION] = {"e1"}
    assert session_of(blocks, "e1") == SESSION

    await forget(blocks, SESSION)

    assert SESSION not in queue.pending_messages_per_session
    assert session_of(blocks, "e1") == ""


def test_calls_of_one_session_have_an_end_in_the_whole_application() -> None:
    library = FakeLibrary(FakeGeneration(a_passage(a_chunk("In 2019."), score=0.9)))
    site = a_site(library, Path(tempfile.mkdtemp()))
    asked = {"data": ["When were the lamps renewed?"], "fn_index": 0, "session_hash": SESSION}

    with TestClient(server.application(site)) as client:
        statuses = [client.post(JOIN, json=asked).status_code for _ in range(2 * MOST_CALLS)]

    assert statuses[0] == 200
    assert statuses[-1] == 429
