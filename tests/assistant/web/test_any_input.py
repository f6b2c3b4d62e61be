"""Whatever is sent to whichever address, the answer is a page or a refusal, never a crash."""

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from assistant.web import server
from assistant.web.security.headers import FRAMED_HEADERS
from tests.assistant.web.staff.staffing import a_staffed_site
from tests.assistant.web.staff.test_access import READ as STAFF_READ
from tests.assistant.web.staff.test_access import WRITTEN as STAFF_WRITTEN
from tests.assistant.web.test_server import OPEN
from tests.builders import a_document, a_site
from tests.fakes import FakeGeneration, FakeLibrary


class Answered(Protocol):
    """A response, of whichever library the test client is made of."""

    @property
    def status_code(self) -> int: ...
    @property
    def headers(self) -> Any: ...  # noqa: ANN401 - likewise


STREAMS = {
    "/gradio_api/call/{api_name}/{event_id}",
    "/gradio_api/heartbeat/{session_hash}",
    "/gradio_api/queue/data",
}
"""These stay open as long as somebody listens."""
READ = sorted({path for method, path in OPEN if method == "GET"} - STREAMS)
WRITTEN = sorted(path for method, path in OPEN if method == "POST")
NAMES = (
    *("at", "attachments", "confirmed", "files", "generation", "id", "kind", "kinds", "lang"),
    *("language", "last_day", "name", "next", "note", "only_edited", "only_hidden", "origin"),
    *("page", "password", "path"),
    *("question", "run", "schedule", "since", "type", "until", "url", "v", "what", "words"),
    *("answer", "rating", "reason", "title", "turns", "data", "fn_index", "session_hash"),
)
NAUGHTY = (
    *("", "0", "-1", "9" * 30, "1e999", "NaN", "null", "../../etc/passwd", "..%2f..", "%00", "%"),
    *("\x00", "\u202e", "\ud800", "2021-13-45", "en", "<script>", "'; DROP TABLE x", "{{7*7}}"),
    *("a" * 5000, "[" * 2000, "é" * 300, "\r\nX-Evil: 1", "a@b", "https://user@[::1", "on"),
)
texts = st.one_of(st.sampled_from(NAUGHTY), st.text(max_size=40))
fields = st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=8), texts, max_size=6)
json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | texts,
    lambda each: st.lists(each, max_size=4) | st.dictionaries(st.sampled_from(NAMES), each),
    max_leaves=8,
)


def as_json(value: object) -> bytes:
    return json.dumps(value).encode()


conversations = st.fixed_dictionaries(
    {
        "title": texts | st.text(min_size=250, max_size=300),
        "language": st.sampled_from(["en", "xx"]),
        "turns": st.lists(
            st.fixed_dictionaries(
                {
                    "question": texts,
                    "answer": st.lists(texts, max_size=3),
                    "sources": st.lists(
                        st.fixed_dictionaries({"title": texts, "url": texts, "facts": texts}),
                        max_size=2,
                    ),
                }
            ),
            max_size=3,
        ),
    }
)
ratings = st.fixed_dictionaries(
    {"answer": texts, "rating": st.sampled_from(["up", "down"]), "reason": texts}
)
joins = st.fixed_dictionaries(
    {
        "data": st.lists(json_values, max_size=8),
        "fn_index": st.integers(-1, 12),
        "session_hash": texts,
    }
)
ours = conversations | ratings | joins

unhurried = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture(scope="module")
def public() -> Iterator[TestClient]:
    library = FakeLibrary(FakeGeneration(documents=[a_document("lighting")]))
    with tempfile.TemporaryDirectory() as folder:
        application = server.application(a_site(library, Path(folder)))
        with TestClient(application, base_url="http://ask.test") as client:
            client.headers["origin"] = "http://ask.test"
            yield client


@pytest.fixture(scope="module")
def staff() -> Iterator[TestClient]:
    with tempfile.TemporaryDirectory() as folder:
        yield a_staffed_site(Path(folder), [a_document(), a_document("old")]).client()


def filled_in(path: str, text: str) -> str:
    before, brace, rest = path.partition("{")
    return before + (
        quote(text.encode(errors="replace"), safe="/%") + rest.partition("}")[2]
    ) * bool(brace)


def encodable(given_fields: dict[str, str]) -> dict[str, str]:
    return {
        name.encode(errors="replace").decode(): text.encode(errors="replace").decode()
        for name, text in given_fields.items()
    }


def is_well(response: Answered) -> bool:
    return response.status_code < 500 and all(
        name.decode() in response.headers for name in FRAMED_HEADERS
    )


@pytest.mark.parametrize("path", READ)
@unhurried
@given(text=texts, query=fields)
def test_whatever_is_asked_for_in_public(
    public: TestClient, path: str, text: str, query: dict[str, str]
) -> None:
    response = public.get(filled_in(path, text), params=encodable(query))

    assert is_well(response), (response.status_code, response.text[:300])


@pytest.mark.parametrize("path", WRITTEN)
@unhurried
@given(body=json_values.map(as_json) | ours.map(as_json) | st.binary(max_size=200))
def test_whatever_is_sent_in_public(public: TestClient, path: str, body: bytes) -> None:
    response = public.post(path, content=body, headers={"content-type": "application/json"})

    assert is_well(response), (response.status_code, response.text[:300])


@pytest.mark.parametrize("path", sorted(STAFF_READ))
@unhurried
@given(text=texts, query=fields)
def test_whatever_staff_ask_for(
    staff: TestClient, path: str, text: str, query: dict[str, str]
) -> None:
    response = staff.get(filled_in(path, text), params=encodable(query))

    assert is_well(response), (response.status_code, response.text[:300])


@pytest.mark.parametrize("path", sorted(STAFF_WRITTEN - {"/staff/login", "/staff/logout"}))
@unhurried
@given(text=texts, form=fields)
def test_whatever_staff_send(staff: TestClient, path: str, text: str, form: dict[str, str]) -> None:
    response = staff.post(filled_in(path, text), data=encodable(form))

    assert is_well(response), (response.status_code, response.text[:300])
