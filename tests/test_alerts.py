"""Alerts: sent where the operator says, once, and never a secret in what is said of a failure."""

import json
import os
import socketserver
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from assistant import wiring
from assistant.alerts import AlertError, Alerts
from assistant.domain.errors import SettingsError
from assistant.domain.runs import Run, RunState
from assistant.settings import load
from ingest.worries import worries

BEGIN = datetime(2026, 11, 29, tzinfo=UTC)
AWAY = {"failures": [{"document": "site", "reason": "it is away"}]}


@contextmanager
def serving(server: socketserver.TCPServer) -> Iterator[int]:
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield int(server.server_address[1])
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class Webhook(BaseHTTPRequestHandler):
    """Keeps what is posted, and answers as it is told."""

    heard: list[dict[str, Any]]
    status: int

    def do_POST(self) -> None:
        length = int(self.headers["content-length"])
        self.heard.append(json.loads(self.rfile.read(length)))
        self.send_response(self.status)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def a_webhook(status: int = 200) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    heard: list[dict[str, Any]] = []
    handler = type("Handler", (Webhook,), {"heard": heard, "status": status})
    with serving(HTTPServer(("127.0.0.1", 0), handler)) as port:
        yield f"http://127.0.0.1:{port}/hooks/secret-key", heard


class Mailbox(socketserver.StreamRequestHandler):
    """As much of SMTP as a message takes."""

    heard: list[str]

    def handle(self) -> None:
        self.wfile.write(b"220 here\r\n")
        while line := self.rfile.readline():
            if line.upper().startswith(b"DATA"):
                self.wfile.write(b"354 go on\r\n")
                text = b"".join(iter(self.rfile.readline, b".\r\n"))
                self.heard.append(text.decode())
            self.wfile.write(b"221 bye\r\n" if line.upper().startswith(b"QUIT") else b"250 ok\r\n")
            if line.upper().startswith(b"QUIT"):
                return


def test_a_webhook_gets_the_text() -> None:
    with a_webhook() as (address, heard):
        Alerts([address]).send("Forum: away", "the site is away")
    assert heard == [{"text": "Forum: away\nthe site is away"}]


def test_a_mail_goes_to_whom_it_should() -> None:
    heard: list[str] = []
    handler = type("Handler", (Mailbox,), {"heard": heard})
    with serving(socketserver.TCPServer(("127.0.0.1", 0), handler)) as port:
        server = f"smtp://127.0.0.1:{port}"
        Alerts(["mailto:staff@forum.test"], server, "bot@forum.test").send("Away:\nyes", "It is.")
    (mail,) = heard
    assert "To: staff@forum.test" in mail
    assert "From: bot@forum.test" in mail
    assert "Subject: Away: yes" in mail
    assert "It is." in mail


def test_what_cannot_be_reached_is_named_without_its_key_and_holds_up_no_other() -> None:
    with a_webhook(500) as (broken, _), a_webhook() as (well, heard):
        alerts = Alerts([broken, "http://127.0.0.1:1/other-key", well])
        with pytest.raises(AlertError) as told:
            alerts.send("a", "b")
    assert len(heard) == 1
    assert "it answered 500" in str(told.value)
    assert "key" not in str(told.value)


@pytest.mark.parametrize(
    ("alerts", "told"),
    [
        ("mailto:staff@forum.test", "needs FORUM_MAIL_SERVER"),
        ("mailto:staff", "is no address"),
        ("http://hooks.example.org/key-1234", "neither mailto"),
        ("staff@forum.test", "neither mailto"),
        ("https:///x", "names no host"),
        ("mailto:staff@", "is no address"),
        ("mailto:@forum.test", "is no address"),
        ("mailto:staff@other@forum.test", "is no address"),
        ("mailto:staff@[forum", "is no address"),
        ("mailto:staff@forum.test?cc=other@forum.test", "is no address"),
        ("https://bot:key-1234@hooks.example.org/x", "holds a user"),
        ("http://bot:key-1234@hooks.example.org/x", "neither mailto"),
        ("bot:key-1234@hooks.example.org", "neither mailto"),
        ("https://bot:key-1234@hooks.example.org:99999/x", "a port that there can be"),
        ("https://bot:key-1234@[hooks", "a port that there can be"),
    ],
)
def test_a_target_that_cannot_be_used_is_told_at_once(
    alerts: str, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORUM_ALERTS", alerts)
    with pytest.raises(SettingsError, match=told) as fault:
        load()
    assert "key-1234" not in str(fault.value)


@pytest.mark.parametrize(
    "sender", ["nonsense", "@forum.test", "bot@", "a@b@forum.test", "a@forum.test, b@forum.test"]
)
def test_a_sender_that_no_mail_could_come_from_is_told_at_once(
    sender: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORUM_MAIL_SENDER", sender)
    with pytest.raises(SettingsError, match=r"FORUM_MAIL_SENDER=.*must be one mail address"):
        load()


@pytest.mark.parametrize("sender", ["bot@forum.test", "Forum <bot@forum.test>", "bot@localhost"])
def test_a_sender_may_have_a_name(sender: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORUM_MAIL_SENDER", sender)
    assert load().mail_sender == sender


def test_the_credentials_of_a_webhook_stay_out_of_what_is_said_of_it() -> None:
    with pytest.raises(AlertError) as told:
        Alerts(["http://bot:hush@127.0.0.1:1/other-key"]).send("a", "b")
    assert "http://127.0.0.1:1/…" in str(told.value)
    assert "hush" not in str(told.value)


def test_a_run_that_a_server_starts_knows_where_that_listens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told, python = tmp_path / "told", tmp_path / "python"
    os.mkfifo(told)
    python.write_text(f'#!/bin/sh\necho "$FORUM_HOST $FORUM_PORT" > {told}\n')
    python.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(python))
    config = load(data_dir=tmp_path / "data", host="127.0.0.2", port="9123")

    wiring.make_operations(config).start_process(["sync", "site", "--by", "the schedule"])

    assert told.read_text() == "127.0.0.2 9123\n"


def a_run(number: int, state: RunState = RunState.UNCHANGED, **changes: object) -> Run:
    fields: dict[str, Any] = {
        "sources": ("site",),
        "started": BEGIN + timedelta(hours=number),
        "state": state,
    }
    return Run(f"run-{number}", "the schedule", **{**fields, **changes})


@pytest.mark.parametrize(
    ("runs", "expected"),
    [
        ([], 0),
        ([a_run(1)], 0),
        ([a_run(1, report=AWAY)], 0),
        ([a_run(2, report=AWAY), a_run(1, report=AWAY)], 1),
        ([a_run(3, report=AWAY), a_run(2, report=AWAY), a_run(1, report=AWAY)], 0),
        ([a_run(3, report=AWAY), a_run(2), a_run(1, report=AWAY)], 0),
        ([a_run(3, report=AWAY), a_run(2, sources=("other",)), a_run(1, report=AWAY)], 1),
        ([a_run(2, RunState.FAILED, error="full"), a_run(1, RunState.FAILED, error="full")], 1),
        ([a_run(2, RunState.WAITING, report={"concerns": ["9 of 10 go"]}), a_run(1)], 1),
        ([a_run(n, RunState.WAITING, report={"concerns": ["9 of 10 go"]}) for n in (2, 1)], 0),
    ],
)
def test_staff_hear_once_of_what_cannot_wait(runs: list[Run], expected: int) -> None:
    assert len(worries(runs)) == expected


def test_staff_hear_of_the_run_that_ended_though_another_has_begun_since() -> None:
    goes_on = a_run(3, RunState.RUNNING, sources=("other",))
    runs = [goes_on, a_run(2, report=AWAY), a_run(1, report=AWAY)]

    assert worries(runs, "run-2") == worries(runs[1:]) != []


def test_a_run_that_could_not_be_recorded_does_not_tell_anew_of_the_one_before() -> None:
    runs = [a_run(2, report=AWAY), a_run(1, report=AWAY)]

    assert worries(runs, "run-3") == []
