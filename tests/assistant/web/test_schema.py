"""What the routes declare is asked for in every way that schemathesis thinks of.

The server publishes no description of its routes; FastAPI makes one for the test. What routes read
themselves, a form or JSON, is added as their models say.
"""

import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given, settings
from pydantic import BaseModel
from schemathesis import APIOperation, Case
from schemathesis.core.result import Ok
from starlette.testclient import TestClient

from assistant.web import server
from assistant.web.pages.member_posts import ExportedConversation, PostedRating
from assistant.web.security.headers import FRAMED_HEADERS, HEADERS, STAFF_HEADERS
from assistant.web.security.protection import Protection
from assistant.web.streams import Streams
from tests.assistant.web.staff.staffing import SITE, a_staffed_site
from tests.assistant.web.test_any_input import NAMES
from tests.builders import a_document, a_site
from tests.fakes import FakeGeneration, FakeLibrary

FRAMED = {"/widget", "/widget/"}
"""What other sites may show in a frame says so by its policy alone."""
CHAT = ("question", "offered", "everything", "period", "conversation")
"""What the chat sends without script."""
JSON, URLENCODED = "application/json", "application/x-www-form-urlencoded"
MODELS: dict[str, type[BaseModel]] = {
    "/feedback": PostedRating,
    "/export/docx": ExportedConversation,
}
TRACES = ("Traceback", "most recent call last", 'File "/', "site-packages")
ENDING = re.compile(r"/staff/(?:login|logout|account/.*|accounts/.*)")
"""These would end the session that the test goes on with, or the account."""


@dataclass(frozen=True)
class Described:
    """A client of an application, and what its routes take."""

    client: TestClient
    operations: tuple[APIOperation[Any, Any, Any, Any], ...]
    headers: dict[bytes, bytes]


def description(app: FastAPI) -> dict[str, Any]:
    """Return what FastAPI says of the routes, with the bodies that it does not know."""
    made = app.openapi()
    for path, ways in made["paths"].items():
        if "post" not in ways:
            continue
        if model := MODELS.get(path):
            schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
            made.setdefault("components", {}).setdefault("schemas", {}).update(
                schema.pop("$defs", {})
            )
            body = {JSON: {"schema": schema}}
        else:
            names = NAMES if path.startswith("/staff") else CHAT
            fields = {name: {"type": "string"} for name in names}
            body = {URLENCODED: {"schema": {"type": "object", "properties": fields}}}
        ways["post"].setdefault("requestBody", {"content": body})
    return made


def operations(app: FastAPI) -> tuple[APIOperation[Any, Any, Any, Any], ...]:
    schema = schemathesis.openapi.from_dict(description(app))
    all_of_them = list(schema.get_all_operations())
    sound = tuple(each.ok() for each in all_of_them if isinstance(each, Ok))
    assert len(sound) == len(all_of_them)
    return sound


def behind(protected: object) -> FastAPI:
    """Return the application of the routes, behind what stands before it."""
    assert isinstance(protected, Protection)
    app = protected._app._app if isinstance(protected._app, Streams) else protected._app
    assert isinstance(app, FastAPI)
    return app


@pytest.fixture(scope="module")
def public() -> Iterator[Described]:
    library = FakeLibrary(FakeGeneration(documents=[a_document("lighting")]))
    with tempfile.TemporaryDirectory() as folder:
        application = server.application(a_site(library, Path(folder)))
        with TestClient(application, base_url=SITE, raise_server_exceptions=False) as client:
            yield Described(client, operations(behind(application)), dict(HEADERS))


@pytest.fixture(scope="module")
def staff() -> Iterator[Described]:
    with tempfile.TemporaryDirectory() as folder:
        staffed = a_staffed_site(Path(folder), [a_document(), a_document("old")])
        client = staffed.client()
        of_staff = tuple(
            each
            for each in operations(behind(staffed.application))
            if each.path.startswith("/staff") and not ENDING.fullmatch(each.path)
        )
        yield Described(client, of_staff, dict(STAFF_HEADERS))


def ask(described: Described, case: Case[Any]) -> int:
    """Ask for one case, look at what comes, and return its status."""
    told = case.as_transport_kwargs(base_url=SITE)
    response = described.client.request(
        told["method"],
        told["url"],
        params=told.get("params"),
        headers={**dict(told["headers"] or {}), "origin": SITE},
        json=told.get("json"),
        data=told.get("data"),
    )
    what = (case.operation.label, response.status_code, response.text[:300])
    assert response.status_code < 500, what
    assert not [trace for trace in TRACES if trace in response.text], what
    ours = FRAMED_HEADERS if case.operation.path in FRAMED else described.headers
    for name, value in ours.items():
        assert response.headers.get(name.decode()) == value.decode(), (name, what)
    assert "default-src 'none'" in response.headers["content-security-policy"]
    return int(response.status_code)


def drive(described: Described, ways: int) -> dict[str, set[int]]:
    """Ask for every operation in so many ways; return which statuses came of each."""
    came: dict[str, set[int]] = {}
    for operation in described.operations:

        @settings(
            max_examples=ways,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def of_one(case: Case[Any]) -> None:
            came.setdefault(case.operation.label, set()).add(ask(described, case))

        of_one()
    return came


def test_nothing_that_the_routes_declare_makes_them_fail(public: Described) -> None:
    came = drive(public, ways=20)

    for asked in ("GET /", "POST /", "POST /widget", "GET /documents", "POST /export/docx"):
        assert 200 in came[asked], asked  # it came to the route itself
    assert came["GET /answer/{token}"] == {404}
    assert came["POST /feedback"] == {422}


def test_nothing_that_the_routes_of_staff_declare_makes_them_fail(staff: Described) -> None:
    came = drive(staff, ways=12)

    assert 200 in came["GET /staff/documents"]
    assert came.keys() >= {"POST /staff/sources/add", "POST /staff/document/edit"}
    assert staff.client.get("/staff").status_code == 200  # nobody was logged out meanwhile


def test_an_answer_by_hand_in_an_unknown_language_is_refused(staff: Described) -> None:
    response = staff.client.post(
        "/staff/answers/write", data={"language": "xx"}, headers={"origin": SITE}
    )

    assert response.status_code == 422


def test_the_description_is_for_nobody_outside(public: Described) -> None:
    for path in ("/openapi.json", "/docs", "/redoc", "/gradio_api/openapi.json"):
        assert public.client.get(path).status_code == 404
