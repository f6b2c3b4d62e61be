"""Nothing but words in a declared shape comes to Gradio, which would read files for anybody."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from assistant.web import server
from assistant.web.engine import engine
from assistant.web.security.gradio_calls import (
    JOIN,
    Endpoints,
    Flag,
    Parameter,
    Text,
    Texts,
    admitted,
)
from assistant.web.security.protection import WRITING
from tests.builders import a_chat_page, a_chunk, a_passage, a_site
from tests.fakes import FakeGeneration, FakeLibrary

ENDPOINTS = Endpoints(
    {"ask": (Parameter(Text(9)), Parameter(Flag(), default=False), Parameter(Texts(2, 3), []))},
    {2: "ask"},
)
CALL = "/gradio_api/call/ask"
SESSION = "k3jd92ls0a"
FILE = {"path": "/etc/passwd", "meta": {"_type": "gradio.FileData"}}


def a_join(data: object, **changes: object) -> bytes:
    return json.dumps({"data": data, "fn_index": 2, "session_hash": SESSION, **changes}).encode()


def test_words_in_the_shape_of_a_function_are_handed_on() -> None:
    sent = a_join(["lamps?", True, ["a", "b"]], trigger_id=4)

    handed = admitted(JOIN, sent, ENDPOINTS)

    assert handed is not None
    assert json.loads(handed) == json.loads(sent)


@pytest.mark.parametrize("told", [None, "lamps?"])
def test_what_a_box_tells_of_its_change_is_not_handed_on(told: object) -> None:
    handed = admitted(JOIN, a_join(["lamps?", True, []], event_data=told), ENDPOINTS)

    assert handed == admitted(JOIN, a_join(["lamps?", True, []]), ENDPOINTS) is not None


def test_what_is_left_out_of_the_last_parameters_gets_its_default() -> None:
    handed = admitted(CALL, json.dumps({"data": ["lamps?"]}).encode(), ENDPOINTS)

    assert handed is not None
    assert json.loads(handed) == {"data": ["lamps?", False, []]}


WRONG: list[object] = [
    [FILE, False, []],
    ["x", FILE, []],
    ["x", False, [FILE]],
    ["x", False, [[FILE]]],
    ["x", False, FILE],
    ["x", False, []] * 2,
    [],
    FILE,
    ["x" * 10, False, []],
    ["x", False, ["a", "b", "c"]],
    ["x", False, ["abcd"]],
    ["x", "yes", []],
    ["x", None, []],
    [None, False, []],
    [7, False, []],
    [True, False, []],
    "x",
    None,
]


@pytest.mark.parametrize("data", WRONG)
def test_what_is_not_in_the_shape_is_refused_by_name_too(data: object) -> None:
    assert admitted(CALL, json.dumps({"data": data}).encode(), ENDPOINTS) is None


@pytest.mark.parametrize("data", WRONG)
def test_what_is_not_in_the_shape_is_refused(data: object) -> None:
    assert admitted(JOIN, a_join(data), ENDPOINTS) is None


@pytest.mark.parametrize(
    "changes",
    [
        {"fn_index": 3},
        {"fn_index": -1},
        {"fn_index": None},
        {"fn_index": "2"},
        {"fn_index": True},
        {"session_hash": None},
        {"session_hash": ""},
        {"session_hash": "../x"},
        {"session_hash": "a" * 65},
        {"session_hash": "a\n"},
        {"event_data": FILE},
        {"event_data": [FILE]},
        {"trigger_id": FILE},
        {"batched": True},
        {"oauth_token": "x"},
        {"simple_format": True},
        {"request": FILE},
    ],
)
def test_what_no_page_says_beside_it_is_refused(changes: dict[str, object]) -> None:
    assert admitted(JOIN, a_join(["x", False, []], **changes), ENDPOINTS) is None


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"[" * 10_000, b"\xff", b"{}"])
def test_what_says_nothing_is_refused(body: bytes) -> None:
    assert admitted(JOIN, body, ENDPOINTS) is None


def test_gradio_understands_what_was_understood_before_it() -> None:
    good, bad = '["x", null, []]', json.dumps([FILE, None, []])
    twice = f'{{"fn_index": 2, "session_hash": "{SESSION}", "data": %s, "data": %s}}'

    for first, last in ((good, bad), (bad, good)):
        handed = admitted(JOIN, (twice % (first, last)).encode(), ENDPOINTS)

        assert handed is None or b"path" not in handed


@pytest.mark.parametrize("event", [FILE, [FILE], None, 4, "../x"])
def test_what_ends_an_answer_names_it(event: object) -> None:
    sent = {"event_id": event, "fn_index": 2, "session_hash": SESSION}

    assert admitted("/gradio_api/cancel", json.dumps(sent).encode(), ENDPOINTS) is None


@pytest.mark.parametrize("path", ["call/other", "run/predict", "api/predict", "component_server"])
def test_a_route_that_nobody_declared_takes_nothing(path: str) -> None:
    assert admitted(f"/gradio_api/{path}", a_join(["x", False, []]), ENDPOINTS) is None


def test_all_that_may_be_sent_to_gradio_is_declared() -> None:
    for path in (JOIN, CALL, "/gradio_api/cancel"):
        assert WRITING.fullmatch(path)


def test_every_endpoint_says_what_it_takes() -> None:
    made = engine(a_chat_page(FakeLibrary(FakeGeneration())))
    called = {number: each for number, each in made.blocks.fns.items() if each.fn is not None}

    assert set(made.endpoints.names) == set(called)
    for number, name in made.endpoints.names.items():
        assert len(made.endpoints.shapes[name]) == len(called[number].inputs)


@pytest.fixture(scope="module")
def gradio_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("gradio")


@pytest.fixture(scope="module")
def client(gradio_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    library = FakeLibrary(FakeGeneration(a_passage(a_chunk("In 2019."), score=0.9)))
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("GRADIO_TEMP_DIR", str(gradio_folder))
        site = a_site(library, tmp_path_factory.mktemp("data"))
        with TestClient(server.application(site), base_url="http://ask.test") as opened:
            yield opened


@pytest.mark.parametrize(
    "path", ["/dev/zero", "/etc/passwd", "/proc/self/environ", "http://127.0.0.1:1/", "app.py"]
)
def test_no_file_and_no_address_is_read_for_a_visitor(
    client: TestClient, gradio_folder: Path, path: str
) -> None:
    file = {"path": path, "url": path, "meta": {"_type": "gradio.FileData"}}
    for number in range(4):
        for data in ([file], [[file]], ["x", "", [file]], ["x", "", file]):
            asked = {"data": data, "fn_index": number, "session_hash": SESSION}

            assert client.post(JOIN, json=asked).status_code == 422
            assert client.post(CALL, json={"data": data}).status_code == 422
    assert list(gradio_folder.rglob("*")) == []


def test_an_answer_leaves_nothing_in_a_folder_of_gradio(
    client: TestClient, gradio_folder: Path
) -> None:
    called = client.post(CALL, json={"data": ["When were the lamps renewed?"]})
    assert called.status_code == 200
    with client.stream("GET", f"{CALL}/{called.json()['event_id']}") as told:
        text = "".join(told.iter_text())

    assert "In 2019." in text
    assert "event: complete" in text
    assert list(gradio_folder.rglob("*")) == []
