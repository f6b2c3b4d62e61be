"""A server that speaks OpenAI's chat protocol as badly as it is told to."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Behaviour:
    """What the server does with the next requests, and what it was asked.

    Attributes:
        pieces: What is written, piece by piece; `{passages}` echoes what it was sent.
        status: The HTTP status; the body is an error unless it is 200.
        pause: Seconds before each piece.
        cut: Whether the connection breaks after the pieces, without an end.
        raw: Sent instead of a stream, as it is.
    """

    pieces: tuple[str, ...] = ()
    status: int = 200
    pause: float = 0.0
    cut: bool = False
    raw: bytes = b""
    calls_tool: bool = False
    requests: list[dict[str, Any]] = field(default_factory=list)

    @property
    def prompts(self) -> list[str]:
        """All that was sent, one text a request."""
        return ["\n".join(m["content"] for m in request["messages"]) for request in self.requests]


@contextmanager
def chat_model_server() -> Iterator[tuple[str, Behaviour]]:
    """Serve on a free port; yields the base url and the behaviour to be changed."""
    behaviour = Behaviour()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            behaviour.requests.append(json.loads(self.rfile.read(length)))
            try:
                _respond(self, behaviour)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1", behaviour
    finally:
        server.shutdown()
        server.server_close()


def _respond(handler: BaseHTTPRequestHandler, behaviour: Behaviour) -> None:
    handler.send_response(behaviour.status)
    if behaviour.status != 200:
        body = json.dumps({"error": {"message": "told to fail", "type": "test"}}).encode()
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)
        return
    handler.send_header("Content-Type", "text/event-stream")
    handler.end_headers()
    if behaviour.raw:
        handler.wfile.write(behaviour.raw)
        return
    if behaviour.calls_tool:
        call = {"index": 0, "id": "1", "type": "function"}
        call["function"] = {"name": "delete_documents", "arguments": "{}"}
        _send(handler, {"role": "assistant", "tool_calls": [call]}, None)
    for piece in behaviour.pieces:
        time.sleep(behaviour.pause)
        _send(handler, {"role": "assistant", "content": piece}, None)
    if behaviour.cut:
        handler.connection.close()
        return
    _send(handler, {}, "stop")
    handler.wfile.write(b"data: [DONE]\n\n")


def _send(handler: BaseHTTPRequestHandler, delta: dict[str, Any], finish: str | None) -> None:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    chunk = {
        "id": "1",
        "object": "chat.completion.chunk",
        "created": 1,
        "model": "fake",
        "choices": [choice],
    }
    handler.wfile.write(f"data: {json.dumps(chunk)}\n\n".encode())
    handler.wfile.flush()
