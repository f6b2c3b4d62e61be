"""The log of a real server holds nothing that a visitor sent and no secret, whatever fails."""

import http.client
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from os import environ
from pathlib import Path
from shutil import copytree
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest

from tests.conftest import ROOT
from tests.end_to_end.conftest import a_free_port, wait_for

WORD = "zanzibarine"
E_MAIL = "canary.bird@forum.test"
QUESTION = f"How do we become a member, asks {E_MAIL}, and what of {WORD}?"
KEY, TOKEN = "canary-key-0123456789", "canary-token-0123456789"
PASSWORD = "canary-password-0123"  # noqa: S105 - nobody's
ADDRESS = "203.0.113.77"
CANARIES = (WORD, E_MAIL, "canary", ADDRESS, "become a member")
PATIENCE = 120  # seconds for the end of a server on a busy machine


@contextmanager
def a_chat_model_that_tells_all() -> Iterator[str]:
    """One that fails, and repeats the question and the key in its error, as some do."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            sent = self.rfile.read(int(self.headers["Content-Length"])).decode()
            told = f"{QUESTION} {self.headers['Authorization']} {sent}"
            body = json.dumps({"error": {"message": told, "type": "test"}}).encode()
            self.send_response(401)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/v1"
        server.shutdown()


def visit(port: int) -> list[int]:
    """Send what must not be told, in every way that there is; the statuses that come back."""
    form = {"content-type": "application/x-www-form-urlencoded", "x-forwarded-for": ADDRESS}
    sent = {"x-forwarded-for": ADDRESS, "content-type": "application/json"}
    login = urlencode({"name": "", "password": PASSWORD})
    requests = [
        ("POST", "/", urlencode({"question": QUESTION}), form),
        ("POST", "/gradio_api/call/ask", json.dumps({"data": [QUESTION]}), sent),
        ("POST", "/gradio_api/call/ask", json.dumps({"data": {WORD: E_MAIL}}), sent),
        ("POST", "/feedback", json.dumps({"answer": WORD, "rating": "down"}), sent),
        ("POST", "/staff/login", login, form),
        ("GET", f"/?{urlencode({'lang': WORD, 'topic': E_MAIL})}", "", sent),
        ("GET", f"/answer/{WORD}", "", sent),
        ("GET", f"/gradio_api/queue/data?session_hash={WORD}", "", sent),
        ("GET", "/metrics", "", {"authorization": f"Bearer {TOKEN}", "x-forwarded-for": ADDRESS}),
        ("GET", "/metrics", "", {"authorization": f"Bearer {WORD}", "x-forwarded-for": ADDRESS}),
    ]
    return [status_of(port, *request) for request in requests]


def status_of(port: int, method: str, path: str, body: str, headers: dict[str, str]) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    connection.request(method, path, body, headers)
    response = connection.getresponse()
    if "queue/data" not in path:  # that one has no end
        response.read()
    connection.close()
    return response.status


def metrics_of(port: int) -> str:
    request = Request(
        f"http://127.0.0.1:{port}/metrics", headers={"Authorization": f"Bearer {TOKEN}"}
    )
    with urlopen(request, timeout=PATIENCE) as response:  # noqa: S310 - likewise
        return str(response.read().decode())


def with_a_password(data: Path) -> None:
    command = [sys.executable, "app.py", "staff-account", "add", "staff", "--data", str(data)]
    subprocess.run(
        [*command, "--role", "administer"],
        cwd=ROOT,
        input="tangerine wombat ladder\n",
        text=True,
        check=True,
        capture_output=True,
    )


@pytest.mark.parametrize("form", ["text", "json"])
def test_neither_words_nor_addresses_nor_secrets_come_into_the_log_of_a_server(
    sample_data: Path, tmp_path: Path, form: str
) -> None:
    data, port = Path(copytree(sample_data, tmp_path / "data")), a_free_port()
    with_a_password(data)
    command = [sys.executable, "app.py", "serve", "--data", str(data), "--port", str(port)]
    log = tmp_path / "log"
    with a_chat_model_that_tells_all() as model, log.open("w", encoding="utf-8") as written:
        ours = {
            "FORUM_LOG_FORMAT": form,
            "FORUM_CHAT_MODEL": "openai:fake",
            "FORUM_CHAT_BASE_URL": model,
            "FORUM_CHAT_API_KEY": KEY,
            "FORUM_METRICS": TOKEN,
            "FORUM_PROXIES": "127.0.0.1",
        }
        with subprocess.Popen(
            command,
            cwd=ROOT,
            env={**environ, **ours},
            stdout=written,
            stderr=subprocess.STDOUT,
        ) as server:
            wait_for(f"http://127.0.0.1:{port}/readyz", server)
            statuses = visit(port)
            metrics = metrics_of(port)
            server.terminate()
            server.wait(PATIENCE)
    told = log.read_text(encoding="utf-8")

    assert statuses == [200, 200, 422, 422, 403, 200, 404, 200, 200, 401]
    assert "the chat model wrote no answer" in told  # it failed, and that is in the log
    assert 'forum_assistant_chat_model_faults_total{reason="failed"}' in metrics
    assert 'forum_assistant_generation_info{generation="000001"} 1.0' in metrics
    assert 'forum_assistant_ingest_runs{result="published"} 1.0' in metrics
    for canary in CANARIES:
        assert canary not in told
        assert canary not in metrics
    if form == "json":
        lines = [json.loads(line) for line in told.splitlines()]
        assert all({"time", "level", "logger", "message", "place"} <= set(line) for line in lines)
        assert any("The assistant is at" in line["message"] for line in lines)


SERVE = """
import sys, tempfile
from pathlib import Path
from assistant.web import monitoring, server
from tests.builders import a_site
from tests.fakes import FakeGeneration, FakeLibrary
class Failing(FakeGeneration):
    def search(self, query, **_):
        raise ValueError(query)
monitoring.keep_log(sys.argv[1])
listener = server.bind("127.0.0.1", 0)
app = server.application(a_site(FakeLibrary(Failing()), Path(tempfile.mkdtemp())))
print(listener.getsockname()[1], file=sys.__stdout__, flush=True)
server.run(app, listener)
"""


@pytest.mark.parametrize("form", ["text", "json"])
def test_an_assistant_that_fails_with_the_question_in_its_hands_does_not_tell_it(
    tmp_path: Path, form: str
) -> None:
    log = tmp_path / "log"
    with (
        log.open("w", encoding="utf-8") as written,
        subprocess.Popen(
            [sys.executable, "-c", SERVE, form],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=written,
            text=True,
        ) as server,
    ):
        assert server.stdout
        visit(int(server.stdout.readline()))
        server.terminate()
        printed = server.stdout.read()
    told = printed + log.read_text(encoding="utf-8")

    assert "ValueError" in told
    for canary in CANARIES:
        assert canary not in told
    if form == "json":
        assert all("level" in json.loads(line) for line in told.splitlines())
