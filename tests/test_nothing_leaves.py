"""Nothing leaves the machine, also not from native code, which no hook of Python's sees."""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.conftest import ROOT, SAMPLE_FORUM
from tests.end_to_end.conftest import a_free_port, wait_for

SENDING = re.compile(r"\b(?:connect|sendto|sendmsg|sendmmsg)\(.*")
ADDRESS = re.compile(r'sin6?_port=htons\((\d+)\).*?inet_(?:addr\(|pton\(AF_INET6, )"([^"]+)"')
LOOPBACK = re.compile(r"127\.|::1$|::ffff:127\.")
NAMES = 53  # a question to a resolver on this machine is passed on by it
RESOLVER = "io.systemd.Resolve"
TELLTALE = ("Microsoft", "gradio", "huggingface", "chroma", "langsmith")
"""Folders below a home in which libraries keep who they think we are."""


@dataclass(frozen=True)
class Traced:
    """Runs commands under strace, in a home and a temporary folder of their own."""

    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        home, scratch = self.folder / "home", self.folder / "tmp"
        for made in (home, scratch):
            made.mkdir(exist_ok=True)
        ours = {"HOME": str(home), "TMPDIR": str(scratch), "PYTHONDONTWRITEBYTECODE": "1"}
        # The tests have imported app.py: what it switches off must not be inherited from them.
        return {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ} | ours

    def command(self, name: str, *arguments: str) -> list[str]:
        watched = ["strace", "-f", "-qq", "--seccomp-bpf", "-e", "trace=network"]
        program = [sys.executable, "app.py", name, *arguments]
        return [*watched, "-s", "200", "-o", str(self.folder / f"{name}.trace"), *program]

    def run(self, name: str, *arguments: str, **settings: str) -> None:
        run = subprocess.run(
            self.command(name, *arguments),
            cwd=ROOT,
            env={**self.environment, **settings},
            capture_output=True,
            text=True,
            check=False,
        )
        assert run.returncode == 0, run.stderr

    def sent_out(self, name: str) -> list[str]:
        """Return what a command sent beyond this machine, or asked a resolver to."""
        text = (self.folder / f"{name}.trace").read_text(encoding="utf-8", errors="replace")
        return [call for call in SENDING.findall(text) if _leaves(call)]

    def left_behind(self) -> list[str]:
        """Return what libraries left in the home, and any file in the temporary folder."""
        home = (path.relative_to(self.folder) for path in (self.folder / "home").rglob("*"))
        told = [str(each) for each in home if any(name in str(each) for name in TELLTALE)]
        return told + [str(path) for path in (self.folder / "tmp").rglob("*") if path.is_file()]


def _leaves(call: str) -> bool:
    found = ADDRESS.search(call)
    if found is None:
        return RESOLVER in call
    return int(found[1]) == NAMES or not LOOPBACK.match(found[2])


def a_call(port: int, address: str) -> str:
    """Return what strace writes of a connection."""
    if ":" in address:
        told = f'inet_pton(AF_INET6, "{address}", &sin6_addr), sin6_scope_id=0'
        return f"connect(3, {{sa_family=AF_INET6, sin6_port=htons({port}), {told}}}, 28) = 0"
    told = f'sin_addr=inet_addr("{address}")'
    return f"connect(3, {{sa_family=AF_INET, sin_port=htons({port}), {told}}}, 16) = 0"


@pytest.mark.parametrize(
    ("port", "address", "leaves"),
    [
        (443, "192.0.2.7", True),
        (53, "127.0.0.1", True),
        (80, "127.0.0.1", False),
        (443, "2001:db8::1", True),
        (80, "::1", False),
    ],
)
def test_what_leaves_is_told_from_what_stays(port: int, address: str, *, leaves: bool) -> None:
    assert _leaves(a_call(port, address)) is leaves


def test_a_question_to_the_resolver_of_the_machine_leaves_it() -> None:
    socket = 'connect(3, {{sa_family=AF_UNIX, sun_path="/run/{}"}}, 42) = 0'

    assert _leaves(socket.format("systemd/resolve/io.systemd.Resolve"))
    assert not _leaves(socket.format("nscd/socket"))


@pytest.fixture(scope="module")
def traced(tmp_path_factory: pytest.TempPathFactory) -> Traced:
    """Where commands can be watched; where that is promised, that they cannot is a failure."""
    strace = shutil.which("strace")
    can = strace and subprocess.run([strace, "-o", os.devnull, "true"], check=False).returncode == 0
    if not can:
        reason = "strace is not installed, or may not watch: native code is not looked at"
        if os.environ.get("REQUIRE_STRACE"):
            pytest.fail(reason)
        pytest.skip(reason)
    return Traced(tmp_path_factory.mktemp("traced"))


@pytest.fixture(scope="module")
def published(traced: Traced) -> str:
    """A data directory that was filled under watch."""
    data = str(traced.folder / "data")
    traced.run("ingest", str(SAMPLE_FORUM / "en" / "pages"), "--data", data)
    return data


def nothing_left(traced: Traced, names: Sequence[str]) -> None:
    for name in names:
        assert traced.sent_out(name) == [], name
    assert traced.left_behind() == []


def test_making_the_model_tells_nobody(traced: Traced) -> None:
    traced.run("prepare", FORUM_MODEL_DIR=str(traced.folder / "model"))

    nothing_left(traced, ["prepare"])


def test_bringing_documents_in_and_asking_tells_nobody(traced: Traced, published: str) -> None:
    traced.run("ask", "How do I become a member?", "--data", published)

    nothing_left(traced, ["ingest", "ask"])


def test_serving_tells_nobody(traced: Traced, published: str) -> None:
    port = a_free_port()
    command = traced.command("serve", "--data", published, "--port", str(port))
    with subprocess.Popen(command, cwd=ROOT, env=traced.environment) as watcher:
        try:
            wait_for(f"http://127.0.0.1:{port}/readyz", watcher)
            with urlopen(f"http://127.0.0.1:{port}/") as page:
                assert page.status == 200
        finally:
            (server,) = _children(watcher.pid)
            os.kill(server, signal.SIGTERM)

    assert watcher.returncode == 0
    nothing_left(traced, ["serve"])


def _children(process: int) -> list[int]:
    listed = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii")
    return [int(word) for word in listed.split()]
