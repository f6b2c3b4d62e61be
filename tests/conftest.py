"""What every test starts from: no network beyond this machine, and an environment of its own."""

import functools
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from hypothesis import settings

from assistant import cli, wiring
from assistant.records import engines
from assistant.settings import load
from tests import chroma_server, postgresql
from vectorstore.embedding import builtin_model
from vectorstore.embedding.onnx_embedder import OnnxEmbedder
from vectorstore.publishing.generations_folder import CURRENT_FILE
from vectorstore.publishing.library import Library

ROOT = Path(__file__).parent.parent
SAMPLE_FORUM = ROOT / "examples" / "sample-forum"
LOOPBACK = ("127.", "localhost", "::1", "0.0.0.0")  # noqa: S104 - an address to allow, not to bind

settings.register_profile("unhurried", deadline=None)  # a busy machine is no failure
settings.load_profile("unhurried")


def _refuse_the_network(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "socket.connect":
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) else ""
    elif event == "socket.getaddrinfo":
        host = str(arguments[0] or "localhost")
    else:
        return
    if host and not str(host).startswith(LOOPBACK):
        msg = f"a test reached out to {host}"
        raise PermissionError(msg)


sys.addaudithook(_refuse_the_network)


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No setting of the person who runs the tests, and no .env file, reaches a test."""
    for name in [name for name in os.environ if name.startswith("FORUM_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="session", autouse=True)
def _model_loaded_once() -> Iterator[None]:
    """Commands that run in this process share the model; each would load it anew."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(builtin_model, "load", functools.cache(builtin_model.load))
        yield


@pytest.fixture(scope="session")
def builtin_embedder() -> OnnxEmbedder:
    """The built-in model, loaded once."""
    return builtin_model.load(builtin_model.default_folder())


@pytest.fixture(scope="session")
def sample_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with the sample forum published: made once for all workers."""
    ours = tmp_path_factory.getbasetemp()
    shared = (ours.parent if "PYTEST_XDIST_WORKER" in os.environ else ours) / "sample"
    with FileLock(f"{shared}.lock"):
        if not (shared / CURRENT_FILE).exists():
            assert cli.main(["ingest", str(SAMPLE_FORUM), "--data", str(shared)]) == 0
    return Path(shutil.copytree(shared, tmp_path_factory.mktemp("data") / "sample"))


@pytest.fixture(scope="module")
def sample_library(sample_data: Path) -> Iterator[Library]:
    """The sample forum, opened."""
    opened = wiring.open_library(load(data_dir=sample_data))
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[postgresql.Server]:
    """PostgreSQL, where it is installed; where it is promised, its absence is a failure."""
    if missing := postgresql.missing():
        reason = f"PostgreSQL cannot be run: {', '.join(missing)} not installed"
        if os.environ.get("REQUIRE_POSTGRESQL"):
            pytest.fail(reason)
        pytest.skip(reason)
    with (
        tempfile.TemporaryDirectory(prefix="postgresql-") as folder,
        postgresql.running(Path(folder)) as server,
    ):
        yield server


@pytest.fixture
def postgresql_url(postgresql_server: postgresql.Server) -> Iterator[str]:
    """The address of an empty database."""
    url = postgresql_server.new_database()
    yield url
    engines.server(url).engine.dispose()


@pytest.fixture(scope="session")
def chroma(tmp_path_factory: pytest.TempPathFactory) -> Iterator[chroma_server.Server]:
    """A Chroma server; it comes with the library."""
    with chroma_server.running(tmp_path_factory.mktemp("chroma")) as server:
        yield server


EVAL_DATA = os.environ.get("FORUM_EVAL_DATA")


@pytest.fixture(scope="session")
def eval_data() -> Path:
    """The data sets for measurements, where they are to be had."""
    if EVAL_DATA is None:
        pytest.skip("FORUM_EVAL_DATA is not set: it names the folder with the data sets")
    return Path(EVAL_DATA)
