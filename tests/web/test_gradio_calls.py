"""Nothing but words in a declared shape comes to Gradio, which would read files for anybody."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from assistant.web import chat_parts, server
from assistant.web.gradio_calls import JOIN, Nothing, Shapes, Text, Texts, admitted
from assistant.web.protection import WRITING
from tests.builders import a_chat_page, a_chunk, a_passage, a_site
from tests.fakes import FakeGeneration, FakeLibrary

SHAPES: Shapes = {(JOIN, 2): (Text(9), Nothing(), Texts(2, 3))}
SESSION = "k3jd92ls0a"
FILE = {"path": "/etc/passwd", "meta": {"_type": "gradio.FileData"}}


def a_join(data: object, **changes: object) -> bytes:
    return json.dumps({"data": data, "fn_index": 2, "session_hash": SESSION, **changes}).encode()


def test_words_in_the_shape_of_a_function_are_handed_on() -> None:
    sent = a_join(["lamps?", None, ["a", "b"]], trigger_id=4)

    handed = admitted(JOIN, sent, SHAPES)

    assert handed is not None
    assert json.loads(handed) == json.loads(sent)


@pytest.mark.parametrize("told", [None, "lamps?"])
def test_what_a_box_tells_of_its_change_is_not_handed_on(told: object) -> None:
    handed = admitted(JOIN, a_join(["lamps?", None, []], event_data=told), SHAPES)

    assert handed == admitted(JOIN, a_join(["lamps?", None, []]), SHAPES) is not None


@pytest.mark.parametrize(
    "data",
    [
        [FILE, None, []],
        ["x", FILE, []],
        ["x", None, [FILE]],
        ["x", None, [[FILE]]],
        ["x", None, FILE],
        ["x", None, []] * 2,
        ["x", None],
        [],
        FILE,
        ["x" * 10, None, []],
        ["x", None, ["a", "b", "c"]],
        ["x", None, ["abcd"]],
        ["x", "kept", []],
        [None, None, []],
        [7, None, []],
        [True, None, []],
        "x",
        None,
    ],
)
def test_what_is_not_in_the_shape_is_refused(data: object) -> None:
    assert admitted(JOIN, a_join(data), SHAPES) is None


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
    assert admitted(JOIN, a_join(["x", None, []], **changes), SHAPES) is None


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"[" * 10_000, b"\xff", b"{}"])
def test_what_says_nothing_is_refused(body: bytes) -> None:
    assert admitted(JOIN, body, SHAPES) is None


def test_gradio_understands_what_was_understood_before_it() -> None:
    good, bad = '["x", null, []]', json.dumps([FILE, None, []])
    twice = f'{{"fn_index": 2, "session_hash": "{SESSION}", "data": %s, "data": %s}}'

    for first, last in ((good, bad), (bad, good)):
        handed = admitted(JOIN, (twice % (first, last)).encode(), SHAPES)

        assert handed is None or b"path" not in handed


@pytest.mark.parametrize("path", ["/gradio_api/cancel", "/gradio_api/reset"])
@pytest.mark.parametrize("event", [FILE, [FILE], None, 4, "../x"])
def test_what_ends_an_answer_names_it(path: str, event: object) -> None:
    sent = {"event_id": event, "fn_index": 2, "session_hash": SESSION}
    named = sent if path.endswith("cancel") else {"event_id": event}

    assert admitted(path, json.dumps(named).encode(), SHAPES) is None


@pytest.mark.parametrize(
    "path", ["call/_respond", "run/predict", "api/predict", "component_server"]
)
def test_a_route_that_nobody_declared_takes_nothing(path: str) -> None:
    assert admitted(f"/gradio_api/{path}", a_join(["x", None, []]), SHAPES) is None


def test_all_that_may_be_sent_to_gradio_is_declared() -> None:
    for path in (JOIN, "/gradio_api/cancel", "/gradio_api/reset"):
        assert WRITING.fullmatch(path)


def test_every_function_of_the_page_says_what_it_takes() -> None:
    page = a_chat_page(FakeLibrary(FakeGeneration())).build()
    called = {number: its for number, its in page.fns.items() if its.fn is not None}

    shapes = chat_parts.shapes(page)

    assert {number for _, number in shapes} == set(called)
    for (_, number), shape in shapes.items():
        assert len(shape) == len(called[number].inputs)


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


def functions(client: TestClient) -> dict[int, list[int]]:
    dependencies: list[dict[str, Any]] = client.get("/config").json()["dependencies"]
    return {its["id"]: its["inputs"] for its in dependencies}


@pytest.mark.parametrize(
    "path", ["/dev/zero", "/etc/passwd", "/proc/self/environ", "http://127.0.0.1:1/", "app.py"]
)
def test_no_file_and_no_address_is_read_for_a_visitor(
    client: TestClient, gradio_folder: Path, path: str
) -> None:
    file = {"path": path, "url": path, "meta": {"_type": "gradio.FileData"}}
    for number, inputs in functions(client).items():
        rest: list[object] = [None] * len(inputs[1:])
        tries: list[list[object]] = [[file, *rest], [[file], *rest]]
        for data in tries:
            asked = {"data": data, "fn_index": number, "session_hash": SESSION}

            assert client.post(JOIN, json=asked).status_code == 422
    assert list(gradio_folder.rglob("*")) == []


def test_an_answer_leaves_nothing_in_a_folder_of_gradio(
    client: TestClient, gradio_folder: Path
) -> None:
    asking = next(number for number, its in functions(client).items() if len(its) == 6)
    data: list[object] = ["When were the lamps renewed?", None, None, [], [], "any"]
    asked = {"data": data, "fn_index": asking, "session_hash": SESSION}

    assert client.post(JOIN, json=asked).status_code == 200
    with client.stream("GET", "/gradio_api/queue/data", params={"session_hash": SESSION}) as told:
        text = "".join(told.iter_text())

    assert "In 2019." in text
    assert list(gradio_folder.rglob("*")) == []
