"""What may be sent to Gradio's MCP server: a few methods, and arguments in a declared shape.

As with `gradio_calls`, a message is written anew from what was understood here, so that nothing
else comes to Gradio. The Model Context Protocol: https://modelcontextprotocol.io/specification.
Pure.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant.web.security.gradio_calls import PREFIX, Parameter, Value

PATHS = frozenset({f"{PREFIX}mcp", f"{PREFIX}mcp/"})
"""Where models are answered: Gradio's address of its streamable HTTP transport."""

Arguments = Mapping[str, Mapping[str, Parameter]]
"""What each tool takes, by its name and by the name of what it takes."""

INVALID_REQUEST, NO_METHOD, INVALID_PARAMS = -32600, -32601, -32602
"""JSON-RPC 2.0, section 5.1."""

Short = Annotated[str, Field(max_length=200)]


@dataclass(frozen=True, slots=True)
class McpReply:
    """What is answered without asking Gradio; a notification gets no words."""

    status: int
    body: bytes = b""


class _SentMessage(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True, extra="ignore")


class _Client(_SentMessage):
    name: Short
    version: Short


class _Params(_SentMessage):
    """What is read of all that clients say; the rest, which we have no use for, is left out."""

    protocol: Short = Field(default="", alias="protocolVersion")
    client: _Client = Field(default=_Client(name="", version=""), alias="clientInfo")
    name: Short = ""
    arguments: Mapping[Short, Value] | None = None


class _Message(_SentMessage):
    jsonrpc: Literal["2.0"]
    method: Short
    id: Short | int | None = None
    params: _Params = _Params()


def handled(body: bytes, tools: Arguments) -> bytes | McpReply:
    """Return what to hand to Gradio, or what to answer at once."""
    try:
        message = _Message.model_validate_json(body)
    except ValidationError:
        return McpReply(
            422, _error(None, INVALID_REQUEST, "This is no message that is taken here.")
        )
    match message.method:
        case _ if message.id is None:
            return McpReply(202)  # no session is kept that a notification could change
        case "initialize":
            client = message.params.client.model_dump()
            params = {"protocolVersion": message.params.protocol, "capabilities": {}}
            return _written(message, {**params, "clientInfo": client})
        case "ping" | "tools/list":
            return _written(message, None)
        case "tools/call":
            return _call(message, tools)
        case _:
            return McpReply(
                200, _error(message.id, NO_METHOD, "There are tools here, nothing else.")
            )


def _call(message: _Message, tools: Arguments) -> bytes | McpReply:
    name, sent = message.params.name, message.params.arguments or {}
    if name not in tools:
        text = f"There is no such tool; there are {', '.join(tools)}."
        return McpReply(200, _error(message.id, INVALID_PARAMS, text))
    # Some clients send null for what they leave out.
    said = {key: value for key, value in sent.items() if value is not None}
    if fault := _fault(said, tools[name]):
        # As the result of a tool, it is read by the model, which can mend it.
        told = {"content": [{"type": "text", "text": fault}], "isError": True}
        return McpReply(200, _answer(message.id, result=told))
    return _written(message, {"name": name, "arguments": said})


def _fault(said: Mapping[str, Value], takes: Mapping[str, Parameter]) -> str:
    """Return why a tool does not take this, empty where it does."""
    if not said.keys() <= takes.keys():
        return f"This tool takes nothing but {', '.join(takes)}."
    for key, parameter in takes.items():
        if key not in said and parameter.default is None:
            return f"{key} is missing: {parameter.shape}."
        if key in said and not parameter.shape.fits(said[key]):
            return f"{key} has to be {parameter.shape}."
    return ""


def _written(message: _Message, params: Mapping[str, Any] | None) -> bytes:
    told = {} if params is None else {"params": params}
    return _answer(message.id, method=message.method, **told)


def _error(identity: str | int | None, code: int, text: str) -> bytes:
    return _answer(identity, error={"code": code, "message": text})


def _answer(identity: str | int | None, **fields: object) -> bytes:
    return json.dumps({"jsonrpc": "2.0", "id": identity, **fields}).encode()
