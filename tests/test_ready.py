"""When the server says that it is ready: over a sound store, a damaged one, one damaged since."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from assistant import cli, wiring
from assistant.cli import serving
from assistant.settings import Settings, load
from assistant.web.monitoring import Readiness
from tests.conftest import ROOT
from tests.end_to_end.conftest import a_free_port, wait_for
from tests.fakes import HashEmbedder
from vectorstore.errors import ManifestMismatchError, StoreDamagedError
from vectorstore.generation import CATALOGUE_FILE
from vectorstore.publishing.generations_folder import GENERATIONS
from vectorstore.publishing.library import Library


@pytest.fixture
def config(sample_data: Path, tmp_path: Path) -> Settings:
    """Settings with a sample forum of its own."""
    return load(data_dir=Path(shutil.copytree(sample_data, tmp_path / "data")))


@contextmanager
def opened(config: Settings) -> Iterator[Library]:
    library = wiring.open_library(config)
    yield library
    library.close()


def cut(config: Settings, generation: str = "000001") -> None:
    """Cut the catalogue short, where it lies: whoever has it open has the cut one open."""
    path = config.data_dir / GENERATIONS / generation / CATALOGUE_FILE
    os.truncate(path, path.stat().st_size // 2)


def test_a_sound_store_is_ready(config: Settings) -> None:
    with opened(config) as library:
        ready = Readiness(library.published, serving.canary(config, library))

        ready.check()

        assert ready()


def test_the_only_generation_damaged_under_a_running_server_is_not_ready(
    config: Settings,
) -> None:
    with opened(config) as library:
        ask = serving.canary(config, library)
        ask()

        cut(config)

        with pytest.raises(StoreDamagedError, match="ingest --rebuild"):
            ask()


def test_where_the_one_before_is_sound_it_serves_on(config: Settings) -> None:
    generations = config.data_dir / GENERATIONS
    assert cli.main(["ingest", "--rebuild", "--data", str(config.data_dir)]) == 0
    assert len(list(generations.iterdir())) == 2
    with opened(config) as library:
        ask = serving.canary(config, library)
        ask()

        cut(config, "000002")
        ask()

        assert library.published() == "000001"


def test_a_store_of_another_model_is_not_ready(config: Settings) -> None:
    library = Library(config.data_dir, HashEmbedder, model="hash-64")

    with pytest.raises(ManifestMismatchError):
        serving.canary(config, library)()
    library.close()


def test_a_server_over_a_damaged_store_lives_and_is_not_ready(config: Settings) -> None:
    cut(config)
    port = a_free_port()
    command = [sys.executable, "app.py", "serve", "--port", str(port)]
    command += ["--data", str(config.data_dir)]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) as server:
        try:
            wait_for(f"http://127.0.0.1:{port}/livez", server)
            assert server.stderr is not None
            told = next(line for line in server.stderr if "is damaged" in line)

            with pytest.raises(HTTPError) as refused:
                urlopen(f"http://127.0.0.1:{port}/readyz")
        finally:
            server.terminate()
    assert "ingest --rebuild" in told
    assert refused.value.code == 503
