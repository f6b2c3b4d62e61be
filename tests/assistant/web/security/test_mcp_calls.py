"""Of what a model's program says, a few methods and declared arguments come to Gradio."""

import json
from typing import Any

import pytest

from assistant.web.security.gradio_calls import Flag, NumberField, Parameter, Text, Texts
from assistant.web.security.mcp_calls import INVALID_PARAMS, NO_METHOD, Arguments, McpReply, handled

TOOLS: Arguments = {
    "find": {
        "question": Parameter(Text(9)),
        "kinds": Parameter(Texts(2, 3), []),
        "limit": Parameter(NumberField(1, 5), 2),
        "whole": Parameter(Flag(), default=False),
    }
}
FILE = {"path": "/etc/passwd", "meta": {"_type": "gradio.FileData"}}


def a_message(method: str, params: object = None, **fields: object) -> bytes:
    told = {} if params is None else {"params": params}
    return json.dumps({"jsonrpc": "2.0", "id": 7, "method": method, **told, **fields}).encode()


def a_call(arguments: object, name: object = "find", **params: object) -> bytes:
    return a_message("tools/call", {"name": name, "arguments": arguments, **params})


def handed_on(body: bytes) -> dict[str, Any]:
    handed = handled(body, TOOLS)
    assert isinstance(handed, bytes)
    return dict(json.loads(handed))


def answered(body: bytes) -> dict[str, Any]:
    reply = handled(body, TOOLS)
    assert isinstance(reply, McpReply)
    assert reply.status == 200
    return dict(json.loads(reply.body))


@pytest.mark.parametrize(
    "arguments",
    [
        {"question": "lamps?"},
        {"question": "lamps?", "kinds": ["a", "b"], "limit": 5, "whole": True},
    ],
)
def test_a_call_in_the_declared_shape_is_handed_on(arguments: dict[str, object]) -> None:
    handed = handed_on(a_call(arguments))

    assert handed["params"] == {"name": "find", "arguments": arguments}
    assert (handed["id"], handed["method"]) == (7, "tools/call")


def test_null_stands_for_what_is_left_out() -> None:
    handed = handed_on(a_call({"question": "lamps?", "kinds": None, "limit": None}))

    assert handed["params"]["arguments"] == {"question": "lamps?"}


def test_what_we_have_no_use_for_is_not_handed_on() -> None:
    params = {"_meta": {"progressToken": FILE}, "task": FILE}

    assert handed_on(a_call({"question": "x"}, **params)) == handed_on(a_call({"question": "x"}))
    assert b"path" not in json.dumps(handed_on(a_message("tools/list", {"cursor": FILE}))).encode()


def test_a_client_may_introduce_itself() -> None:
    client = {"name": "assistant", "version": "1", "icons": [FILE]}
    params = {"protocolVersion": "2025-06-18", "capabilities": {"roots": FILE}}

    handed = handed_on(a_message("initialize", {**params, "clientInfo": client}))

    assert handed["params"] == {
        "protocolVersion": "2025-06-18",
        "capabilities": {},
        "clientInfo": {"name": "assistant", "version": "1"},
    }


@pytest.mark.parametrize(
    "body",
    [
        a_call({"question": FILE}),
        a_call({"question": "x", "kinds": [FILE]}),
        a_call({"question": "x", "kinds": [[FILE]]}),
        a_call({"question": "x", "other": FILE}),
        a_call([FILE]),
        a_call(FILE | {"question": "x"}),
        a_call({"question": "x", "limit": 1.5}),
        a_call({"question": "x"}, name=FILE),
        a_message("initialize", {"clientInfo": FILE}),
        a_message("ping", FILE, jsonrpc="1.0"),
        a_message("ping", [FILE]),
        a_message("ping", id=FILE),
        a_message("ping", id=1.5),
        b"[" + a_message("ping") + b"]",
        json.dumps({"jsonrpc": "2.0", "id": 1, "result": FILE}).encode(),
        b'{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "\\ud800"}}',
        *(b"", b"{", b"[]", b"null", b"[" * 10_000, b"\xff", b"{}"),
    ],
)
def test_what_no_client_says_is_refused(body: bytes) -> None:
    reply = handled(body, TOOLS)

    assert isinstance(reply, McpReply)
    assert reply.status == 422


def test_what_stands_twice_is_understood_once() -> None:
    body = b'{"jsonrpc": "2.0", "id": 1, "method": "ping", "method": "resources/list"}'

    assert answered(body)["error"]["code"] == NO_METHOD


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ({}, "question is missing: words of at most 9 characters."),
        ({"question": None}, "question is missing: words of at most 9 characters."),
        ({"question": "x" * 10}, "question has to be words of at most 9 characters."),
        ({"question": 4}, "question has to be words of at most 9 characters."),
        ({"question": "x", "limit": 9}, "limit has to be a whole number from 1 to 5."),
        ({"question": "x", "limit": True}, "limit has to be a whole number from 1 to 5."),
        ({"question": "x", "whole": "yes"}, "whole has to be true or false."),
        ({"question": "x", "kinds": "a"}, "kinds has to be a list of at most 2 words"),
        ({"question": "x", "kind": "a"}, "This tool takes nothing but question, kinds, limit"),
    ],
)
def test_a_model_is_told_what_a_tool_takes(arguments: dict[str, object], told: str) -> None:
    result = answered(a_call(arguments))["result"]

    assert result["isError"]
    assert result["content"][0]["text"].startswith(told)


def test_an_unknown_tool_is_told_with_those_there_are() -> None:
    error = answered(a_call({"question": "x"}, name="upload_file_to_gradio"))["error"]

    assert error["code"] == INVALID_PARAMS
    assert "find" in error["message"]


@pytest.mark.parametrize(
    "method",
    [
        *("resources/list", "resources/read", "resources/templates/list", "prompts/list"),
        *("prompts/get", "completion/complete", "logging/setLevel", "tasks/list", "tools/other"),
    ],
)
def test_there_are_tools_and_nothing_else(method: str) -> None:
    assert answered(a_message(method, {"uri": "file:///etc/passwd"}))["error"]["code"] == NO_METHOD


@pytest.mark.parametrize("method", ["notifications/initialized", "tools/call"])
def test_what_wants_no_answer_gets_none(method: str) -> None:
    body = json.dumps({"jsonrpc": "2.0", "method": method, "params": {"reason": "x"}}).encode()

    assert handled(body, TOOLS) == McpReply(202)
