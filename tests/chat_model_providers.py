"""The providers of chat models, as their real HTTP APIs answer: paths, headers, streams, errors."""

import json
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Body = Mapping[str, Any]
SENT, RECEIVED = 31, 7  # the tokens that each of them tells


@dataclass(frozen=True, slots=True)
class Provider:
    """How one provider's API looks.

    Attributes:
        path: Where it is asked, without the base url; `?` and what follows included.
        key: The header that holds the key, and what stands there before it.
        first, piece, last: What is sent before the text, for a piece of it, and after it.
        failure: The body of an error, with what the provider says of it.
        system: Returns the system prompt of a request.
        limits: Returns the most tokens and the temperature of a request.
    """

    path: str
    key: tuple[str, str]
    first: Sequence[bytes]
    piece: Callable[[str], bytes]
    last: Sequence[bytes]
    failure: Callable[[str], Body]
    system: Callable[[Body], object]
    limits: Callable[[Body], tuple[object, object]]
    content_type: str = "text/event-stream; charset=utf-8"


@dataclass
class Served:
    """What the server does, and what it was asked.

    Attributes:
        goes_on: Is waited for after the first piece, so that it must have been heard by itself.
        cut: Whether the connection breaks after the pieces, without an end.
    """

    url: str
    pieces: tuple[str, ...] = ()
    status: int = 200
    cut: bool = False
    goes_on: threading.Event = field(default_factory=threading.Event)
    paths: list[str] = field(default_factory=list)
    headers: list[Mapping[str, str]] = field(default_factory=list)
    bodies: list[Body] = field(default_factory=list)


@contextmanager
def serving(provider: Provider) -> Iterator[Served]:
    """Serve a provider's API on a free port."""
    served = Served("")

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            served.paths.append(self.path)
            served.headers.append({name.lower(): value for name, value in self.headers.items()})
            served.bodies.append(body)
            try:
                _answer(self, provider, served, body)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    served.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield served
    finally:
        served.goes_on.set()
        server.shutdown()
        server.server_close()


def _answer(
    handler: BaseHTTPRequestHandler, provider: Provider, served: Served, body: Body
) -> None:
    handler.send_response(served.status)
    if served.status != 200:
        # As some do: what was sent is told back, the key with it.
        told = f"refused: {json.dumps(body)} {dict(handler.headers.items())}"
        whole = json.dumps(provider.failure(told)).encode()
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(len(whole)))
        handler.end_headers()
        handler.wfile.write(whole)
        return
    handler.send_header("Content-Type", provider.content_type)
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    for part in provider.first:
        _send(handler, part)
    for at, piece in enumerate(served.pieces):
        if at == 1:
            served.goes_on.wait(timeout=30)
        _send(handler, provider.piece(piece))
    if served.cut:
        handler.close_connection = True
        return
    for part in provider.last:
        _send(handler, part)
    handler.wfile.write(b"0\r\n\r\n")


def _send(handler: BaseHTTPRequestHandler, part: bytes) -> None:
    handler.wfile.write(f"{len(part):x}\r\n".encode() + part + b"\r\n")
    handler.wfile.flush()


def _data(value: Body) -> bytes:
    return f"data: {json.dumps(value)}\n\n".encode()


def _event(value: Body) -> bytes:
    return f"event: {value['type']}\n".encode() + _data(value)


def _line(value: Body) -> bytes:
    return f"{json.dumps(value)}\n".encode()


def _completion(choices: Sequence[Body], **more: object) -> bytes:
    head = {"id": "c-1", "object": "chat.completion.chunk", "created": 1, "model": "m"}
    return _data(head | {"choices": choices} | more)


def _delta(delta: Body, finish: str | None = None, **more: object) -> Body:
    return {"index": 0, "delta": delta, "finish_reason": finish, "logprobs": None} | more


def _content(text: str) -> bytes:
    return _completion([_delta({"content": text})], usage=None)


USAGE = {
    "prompt_tokens": SENT,
    "completion_tokens": RECEIVED,
    "total_tokens": SENT + RECEIVED,
}
DONE = b"data: [DONE]\n\n"
BEARER = ("authorization", "Bearer ")


def _message_of(role: str) -> Callable[[Body], object]:
    return lambda body: next(each["content"] for each in body["messages"] if each["role"] == role)


def _openai(path: str, last: Sequence[bytes] = ()) -> Provider:
    return Provider(
        path=path,
        key=BEARER,
        first=(_completion([_delta({"role": "assistant", "content": ""})], usage=None),),
        piece=_content,
        last=last or (_completion([_delta({}, "stop")]), _completion([], usage=USAGE), DONE),
        failure=lambda told: {"error": {"message": told, "type": "invalid_request_error"}},
        system=_message_of("system"),
        limits=lambda body: (body["max_completion_tokens"], body["temperature"]),
    )


_FILTERED: dict[str, Any] = {
    "content_filter_results": {"hate": {"filtered": False, "severity": "safe"}}
}
_AZURE = Provider(
    path="/openai/deployments/DEPLOYMENT/chat/completions?api-version=2024-10-21",
    key=("api-key", ""),
    first=(
        _data(
            {"choices": [], "created": 0, "id": "", "model": "", "object": ""}
            | {"prompt_filter_results": [{"prompt_index": 0, **_FILTERED}]}
        ),
        _completion([_delta({"role": "assistant", "content": ""}, **_FILTERED)]),
    ),
    piece=lambda text: _completion([_delta({"content": text}, **_FILTERED)]),
    last=(_completion([_delta({}, "stop")]), _completion([], usage=USAGE), DONE),
    failure=lambda told: {"error": {"code": "401", "message": told}},
    system=_message_of("system"),
    limits=lambda body: (body["max_completion_tokens"], body["temperature"]),
)
_MISTRAL = Provider(
    path="/chat/completions",
    key=BEARER,
    first=(_completion([_delta({"role": "assistant", "content": ""})]),),
    piece=lambda text: _completion([_delta({"content": text})]),
    last=(_completion([_delta({"content": ""}, "stop")], usage=USAGE), DONE),
    failure=lambda told: {"object": "error", "message": told, "type": "invalid_request_error"},
    system=_message_of("system"),
    limits=lambda body: (body["max_tokens"], body["temperature"]),
)
_STARTED: dict[str, Any] = {
    "id": "msg_1", "type": "message", "role": "assistant", "content": [], "model": "m",
    "stop_reason": None, "stop_sequence": None,
    "usage": {"input_tokens": SENT, "output_tokens": 1},
}  # fmt: skip
_ANTHROPIC = Provider(
    path="/v1/messages",
    key=BEARER,  # as its own library sends it
    first=(
        _event({"type": "message_start", "message": _STARTED}),
        _event(
            {
                "type": "content_block_start",
                "index": 0,
                "content_block": {"type": "text", "text": ""},
            }
        ),
        _event({"type": "ping"}),
    ),
    piece=lambda text: _event(
        {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": text}}
    ),
    last=(
        _event({"type": "content_block_stop", "index": 0}),
        _event(
            {"type": "message_delta", "delta": {"stop_reason": "end_turn", "stop_sequence": None}}
            | {"usage": {"input_tokens": SENT, "output_tokens": RECEIVED}}
        ),
        _event({"type": "message_stop"}),
    ),
    failure=lambda told: {"type": "error", "error": {"type": "api_error", "message": told}},
    system=lambda body: body["system"],
    limits=lambda body: (body["max_tokens"], body["temperature"]),
)


def _ollama_line(text: str, **more: object) -> bytes:
    message = {"role": "assistant", "content": text}
    head = {"model": "m", "created_at": "2026-01-01T00:00:00Z", "message": message, "done": False}
    return _line(head | more)


_OLLAMA = Provider(
    path="/api/chat",
    key=BEARER,
    first=(),
    piece=_ollama_line,
    last=(
        _ollama_line(
            "", done=True, done_reason="stop", total_duration=1, load_duration=1,
            prompt_eval_count=SENT, prompt_eval_duration=1, eval_count=RECEIVED, eval_duration=1,
        ),
    ),
    failure=lambda told: {"error": told},
    system=_message_of("system"),
    limits=lambda body: (body["options"]["num_predict"], body["options"]["temperature"]),
    content_type="application/x-ndjson",
)  # fmt: skip
_TIMINGS = {"prompt_n": SENT, "prompt_ms": 1.0, "predicted_n": RECEIVED, "predicted_ms": 1.0}

PROVIDERS = {
    "OpenAI": _openai("/chat/completions"),
    "Azure OpenAI": _AZURE,
    "Mistral": _MISTRAL,
    "Anthropic": _ANTHROPIC,
    "Ollama": _OLLAMA,
    "vLLM": _openai("/chat/completions"),
    "llama.cpp's `llama-server`": _openai(
        "/chat/completions",
        (
            _completion([_delta({}, "stop")]),
            _completion([], usage=USAGE, timings=_TIMINGS),
            DONE,
        ),
    ),
}
"""Each provider by its name in docs/operators.md."""
