"""A server in a thread, which is told to stop as by a signal."""

import threading
import time
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPResponse
from types import MappingProxyType
from typing import Self

from assistant.web.running import Server
from assistant.web.server import bind

NONE: Mapping[str, str] = MappingProxyType({})


class Serving:
    """Serves on a port of this machine, from the moment it is made."""

    def __init__(self, server: Server) -> None:
        listener = bind("127.0.0.1", 0)
        self.port = listener.getsockname()[1]
        self._server = server
        self._thread = threading.Thread(target=self._server.run, args=([listener],))
        self._thread.start()
        while not self._server.started:
            time.sleep(0.01)

    def ask(self, path: str, headers: Mapping[str, str] = NONE) -> HTTPResponse:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request("GET", path, headers=headers)
        return connection.getresponse()

    def stop(self) -> None:
        self._server.should_exit = True

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.join()

    def join(self) -> None:
        self.stop()
        self._thread.join()
