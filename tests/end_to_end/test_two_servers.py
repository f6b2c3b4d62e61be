"""Two servers over one forum behind nginx, as deploy/nginx.conf has it; one of them dies."""

import http.client
import os
import shutil
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest

from assistant import wiring
from assistant.domain.roles import Role
from assistant.records.database import FILE
from assistant.settings import load
from tests import chroma_server, postgresql
from tests.conftest import ROOT
from tests.end_to_end.conftest import a_free_port, served_from, wait_for
from tests.end_to_end.nginx import nginx_file, nginx_or_skip
from tests.end_to_end.tls import certificate

QUESTION, ANSWER = "How long does membership run?", "runs for a calendar year"
PASSWORD = "tangerine wombat ladder"  # noqa: S105 - only this test has it


def the_file_for_two(port: int, plain: int, servers: tuple[int, int], pem: Path) -> str:
    """Return nginx's file as an operator adapts it: names, ports, certificate, a second server."""
    text = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    for before, after in {
        "server 127.0.0.1:7860": f"server 127.0.0.1:{servers[0]}",
        "# server 10.0.0.2:7860": f"server 127.0.0.1:{servers[1]}",
        "listen 80;": f"listen 127.0.0.1:{plain};",
        "listen 443 ssl": f"listen 127.0.0.1:{port} ssl",
        "/etc/ssl/assistant.pem": str(pem),
        "/etc/ssl/assistant.key": str(pem),
        "Host $host": "Host $http_host",  # a port that is not the usual
        "assistant.example.org": "assistant.test",
    }.items():
        assert before in text, before
        text = text.replace(before, after)
    return text


@dataclass(frozen=True)
class Replicas:
    """The two servers by their ports, and the proxy before them."""

    folder: Path
    port: int
    servers: dict[int, "subprocess.Popen[bytes]"]
    settings: dict[str, str]

    def ask(self) -> tuple[int, str, int]:
        """Ask as a page without script does.

        Return the status (0: none came), the page, and the port of the server that answered.
        """
        connection = http.client.HTTPSConnection(
            "127.0.0.1",
            self.port,
            timeout=120,
            context=ssl._create_unverified_context(),  # noqa: S323 - a certificate of our own
        )
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Host": f"assistant.test:{self.port}",
        }
        try:
            connection.request("POST", "/?lang=en", urlencode({"question": QUESTION}), headers)
            answer = connection.getresponse()
            whom = (answer.getheader("X-Answered-By") or "").rpartition(":")[2]
            return answer.status, answer.read().decode(), int(whom or 0)
        except (OSError, http.client.HTTPException) as exc:
            return 0, str(exc), 0
        finally:
            connection.close()


@pytest.fixture
def replicas(
    sample_data: Path,
    tmp_path: Path,
    postgresql_server: postgresql.Server,
    chroma: chroma_server.Server,
) -> Iterator[Replicas]:
    nginx = nginx_or_skip()
    data = Path(shutil.copytree(sample_data, tmp_path / "data"))
    (data / FILE).unlink()  # of the run that brought the documents in
    port, plain = a_free_port(), a_free_port()
    ports = (a_free_port(), a_free_port())
    settings = {
        "FORUM_DATA_DIR": str(data),
        "FORUM_PUBLIC_URL": f"https://assistant.test:{port}",
        "FORUM_PROXIES": "127.0.0.1",
        "FORUM_DATABASE_URL": postgresql_server.new_database(),
        "FORUM_CHROMA_URL": chroma.url,
        "FORUM_QUESTIONS_PER_MINUTE": "9999",
    }
    conf = tmp_path / "nginx.conf"
    site = the_file_for_two(port, plain, ports, certificate(tmp_path))
    conf.write_text(nginx_file(tmp_path, site), encoding="utf-8")
    with (
        serving(ports[0], settings) as one,
        serving(ports[1], settings) as other,
        subprocess.Popen([nginx, "-c", str(conf), "-e", str(tmp_path / "error.log")]) as proxy,
    ):
        servers = {ports[0]: one, ports[1]: other}
        for inner, server in servers.items():
            wait_for(f"http://127.0.0.1:{inner}/readyz", server)
        yield Replicas(tmp_path, port, servers, settings)
        for each in (proxy, one, other):
            each.terminate()


def serving(port: int, settings: dict[str, str]) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "app.py", "serve", "--port", str(port)]
    return subprocess.Popen(command, cwd=ROOT, env={**os.environ, **settings})


def test_where_one_of_two_servers_is_killed_under_load_members_are_answered_by_the_other(
    replicas: Replicas,
) -> None:
    status, page, first = replicas.ask()
    assert (status, ANSWER in page) == (200, True)
    started, killed = threading.Semaphore(0), threading.Event()

    def asks(_: int) -> list[tuple[bool, int]]:
        """Ask ten times; whether each began after the death, and how it ended."""
        ends = []
        for _ in range(10):
            is_after = killed.is_set()
            started.release()
            ends.append((is_after, replicas.ask()[0]))
        return ends

    with ThreadPoolExecutor(4) as pool:
        asking = [pool.submit(asks, number) for number in range(4)]
        for _ in range(8):  # two of each are under way or done
            started.acquire()
        replicas.servers[first].kill()
        replicas.servers[first].wait()
        killed.set()
        ends = [end for each in asking for end in each.result()]

    afterwards = [status for is_after, status in ends if is_after]
    assert afterwards == [200] * len(afterwards)
    assert len(afterwards) >= 16
    # Of those that were under way at that moment at most one of each visitor was lost.
    assert sum(status != 200 for _, status in ends) <= 4
    assert replicas.ask()[2] not in {0, first}


def test_what_one_server_keeps_the_other_knows(
    replicas: Replicas, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in replicas.settings.items():
        monkeypatch.setenv(name, value)
    records = wiring.open_records(load())
    records.accounts.add("anna@forum.test", Role.ADMINISTER, password=PASSWORD)
    assert not list(replicas.folder.rglob(FILE))
    for port in replicas.servers:
        assert log_in(port, replicas) == 303
    replicas.ask()
    counted = records.questions.counts(*[wiring.open_records(load()).questions.now().date()] * 2)
    assert sum(each.count for each in counted) == 1


def test_where_database_and_chroma_server_are_away_members_are_answered_all_the_same(
    sample_data: Path, tmp_path: Path
) -> None:
    data = Path(shutil.copytree(sample_data, tmp_path / "data"))
    database, chroma = "postgresql://anna:hush@127.0.0.1:1/forum", "http://127.0.0.1:1"
    with served_from(data, FORUM_DATABASE_URL=database, FORUM_CHROMA_URL=chroma) as address:
        fields = urlencode({"question": QUESTION}).encode()
        with urlopen(f"{address}/?lang=en", fields, timeout=120) as answer:  # noqa: S310 - our own
            assert ANSWER in answer.read().decode()
        with pytest.raises(HTTPError, match="503"):
            urlopen(f"{address}/staff", timeout=120)  # noqa: S310 - likewise


def log_in(port: int, replicas: Replicas) -> int:
    """Log in at one server, as if from its page; return the status."""
    origin = replicas.settings["FORUM_PUBLIC_URL"]
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Host": origin.partition("://")[2],
        "Origin": origin,
        "X-Forwarded-Proto": "https",
    }
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    fields = {"name": "anna@forum.test", "password": PASSWORD}
    connection.request("POST", "/staff/login", urlencode(fields), headers)
    status = connection.getresponse().status
    connection.close()
    return status
