"""Run a real Chroma server on this machine, for as long as a block runs."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import chromadb
from chromadb.config import Settings

_PATIENCE = 60  # seconds for the server to come up on a busy machine


class Server:
    """The server; it can be taken away and brought back."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Its address, as operators give it."""
        return f"http://127.0.0.1:{self.port}"

    def collections(self) -> set[str]:
        """Return the names of all that it holds."""
        return {collection.name for collection in self._client().list_collections()}

    def start(self) -> None:
        """Start it over what it held before."""
        program = Path(sys.executable).with_name("chroma")
        command = [str(program), "run", "--path", str(self._folder / "chroma")]
        command += ["--host", "127.0.0.1", "--port", str(self.port)]
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log, cwd=self._folder)
        until = time.monotonic() + _PATIENCE
        while True:
            try:
                self.collections()
            except ValueError as exc:
                if self._process.poll() is not None or time.monotonic() > until:
                    log_text = (self._folder / "log").read_text(errors="replace")[-2000:]
                    msg = f"Chroma does not answer: {log_text}"
                    raise AssertionError(msg) from exc
                time.sleep(0.1)
            else:
                return

    def stop(self) -> None:
        """Take it away."""
        assert self._process
        self._process.terminate()
        self._process.wait(_PATIENCE)

    def _client(self) -> Any:  # noqa: ANN401 - untyped in Chroma
        return chromadb.HttpClient(
            "127.0.0.1", self.port, settings=Settings(anonymized_telemetry=False)
        )


@contextmanager
def running(folder: Path) -> Iterator[Server]:
    """Hold a server that keeps its files in a folder."""
    server = Server(folder)
    server.start()
    try:
        yield server
    finally:
        server.stop()
