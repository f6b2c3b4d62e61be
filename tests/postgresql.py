"""Run a real PostgreSQL on this machine, in a temporary folder, for as long as a block runs."""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

USER, PASSWORD = "assistant", "a secret of the tests"
_DEBIAN = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
_PATH = os.pathsep.join([os.environ.get("PATH", ""), *map(str, _DEBIAN)])
_PATIENCE = 60  # seconds for the server to come up on a busy machine


def missing() -> list[str]:
    """Return what is needed and this machine lacks."""
    return [name for name in ("initdb", "postgres") if shutil.which(name, path=_PATH) is None]


@contextmanager
def running(folder: Path) -> Iterator["Server"]:
    """Hold a server whose files lie in a folder; it listens to this machine alone."""
    account: dict[str, Any] = {}
    if os.geteuid() == 0:  # PostgreSQL refuses to run as the administrator
        account = {"user": "postgres", "group": "postgres", "extra_groups": []}
        shutil.chown(folder, "postgres", "postgres")
    _make(folder, account)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    settings = {
        "listen_addresses": "127.0.0.1",
        "port": port,
        "unix_socket_directories": "",
        "fsync": "off",  # nothing of it need survive
        "timezone": "Europe/Brussels",
    }
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    command = [_program("postgres"), "-D", str(folder / "database"), *options]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder, **account)
    try:
        server = Server(folder, port)
        server.await_start(process)
        yield server
    finally:
        process.send_signal(signal.SIGINT)  # unlike SIGTERM, without waiting for who is connected
        process.wait(_PATIENCE)


class Server:
    """The server, and what its administrator does."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.port = folder, port
        self._count = 0

    def url(self, database: str) -> str:
        """Return the address of a database, as operators give it."""
        password = PASSWORD.replace(" ", "%20")
        return f"postgresql://{USER}:{password}@127.0.0.1:{self.port}/{database}"

    def new_database(self) -> str:
        """Make an empty database; return its address."""
        self._count += 1
        name = f"forum{self._count}"
        self.do(f"CREATE DATABASE {name}")
        return self.url(name)

    def do(self, statement: str, database: str = "postgres") -> None:
        """Carry out a statement outside of any transaction."""
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            connection.execute(statement.encode())

    def await_start(self, process: "subprocess.Popen[bytes]") -> None:
        """Wait until it answers."""
        until = time.monotonic() + _PATIENCE
        while True:
            try:
                self.do("SELECT 1")
            except psycopg.OperationalError as exc:
                if process.poll() is not None or time.monotonic() > until:
                    log = (self.folder / "log").read_text(encoding="utf-8", errors="replace")
                    msg = f"PostgreSQL does not answer: {log[-2000:]}"
                    raise AssertionError(msg) from exc
                time.sleep(0.05)
            else:
                return


def _make(folder: Path, account: dict[str, Any]) -> None:
    secret = folder / "password"
    secret.write_text(PASSWORD, encoding="utf-8")
    if account:
        shutil.chown(secret, account["user"], account["group"])
    command = [_program("initdb"), "-D", str(folder / "database"), "-U", USER]
    command += ["--auth=scram-sha-256", f"--pwfile={secret}", "--encoding=UTF8", "--locale=C.UTF-8"]
    subprocess.run([*command, "--no-sync"], check=True, capture_output=True, cwd=folder, **account)


def _program(name: str) -> str:
    found = shutil.which(name, path=_PATH)
    assert found, name
    return found
