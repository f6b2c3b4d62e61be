"""What stands before a server in public: a proxy that speaks TLS, with a certificate of its own."""

import asyncio
import shutil
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

NAMES = "subjectAltName=DNS:localhost,DNS:*.test"


def certificate(folder: Path) -> Path:
    """Make a certificate that nobody signed; the file holds its key too."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl is not installed: there is no certificate to speak TLS with")
    path = folder / "certificate.pem"
    kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=test"]
    files = ["-keyout", str(path), "-out", f"{path}.crt"]
    command = [openssl, "req", "-x509", *kind, "-addext", NAMES, *files]
    subprocess.run(command, check=True, capture_output=True)
    path.write_text(path.read_text() + Path(f"{path}.crt").read_text())
    return path


@contextmanager
def tls_before(port: int, certificate: Path) -> Iterator[int]:
    """Put a proxy before a server on this machine while it lasts; the port it listens on."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    starting = asyncio.start_server(lambda *ends: _carry(port, *ends), "127.0.0.1", 0, ssl=context)
    server = asyncio.run_coroutine_threadsafe(starting, loop).result()
    yield server.sockets[0].getsockname()[1]
    server.close()
    loop.call_soon_threadsafe(loop.stop)
    thread.join()


async def _carry(
    port: int, visitor: asyncio.StreamReader, to_visitor: asyncio.StreamWriter
) -> None:
    """Carry what comes from either side to the other."""
    server, to_server = await asyncio.open_connection("127.0.0.1", port)
    await asyncio.gather(_pour(visitor, to_server), _pour(server, to_visitor))


async def _pour(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    with suppress(OSError, ssl.SSLError):
        while data := await source.read(65536):
            target.write(data)
            await target.drain()
    with suppress(OSError, ssl.SSLError):
        target.close()
