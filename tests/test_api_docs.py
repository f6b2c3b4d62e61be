"""Every example of docs/api.md is run, as it stands there, against a server."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from assistant.domain.corpus import Kind
from assistant.language.wording import wording
from assistant.web import engine, lookups, server
from assistant.web.running import Server
from tests.assistant.web.serving import Serving
from tests.builders import a_chunk, a_document, a_passage, a_site, translating
from tests.conftest import ROOT
from tests.fakes import FakeGeneration, FakeLibrary

TEXT = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
ADDRESS = "http://127.0.0.1:7860"
LEADS = "The network is led by Ada Peeters, its president since 2025."
IN_FRENCH = "Le réseau est dirigé par Ada Peeters, sa présidente depuis 2025."
PAGE = {"name": "board", "kind": Kind.PAGE}
HAS_MCP = find_spec("mcp") is not None
without_mcp = pytest.mark.skipif(not HAS_MCP, reason="the extra `mcp` is not installed")


def examples(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)


SHELL = [text for text in examples("sh") if "curl" in text]
OPENED = [text for text in examples("python") if "assistant.open" in text]
PYTHON = [text for text in examples("python") if "mcp" not in text and text not in OPENED]
BY_MCP = [text for text in examples("python") if "mcp" in text]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    passage = a_passage(a_chunk(LEADS, **PAGE), score=0.9)  # type: ignore[arg-type] # one for all
    library = FakeLibrary(FakeGeneration(passage, documents=[a_document(text=LEADS, **PAGE)]))
    data = tmp_path_factory.mktemp("data")
    site = translating(a_site(library, data, answers_models=HAS_MCP), IN_FRENCH, data)
    with Serving(Server(server.application(site))) as serving:
        yield f"http://127.0.0.1:{serving.port}"


def run(example: str, address: str, known: dict[str, object]) -> None:
    assert example.count(ADDRESS) <= 1
    exec(compile(example.replace(ADDRESS, address), "api.md", "exec"), known)  # noqa: S102 - ours


def test_there_is_an_example_of_every_way_to_ask() -> None:
    found = (len(SHELL), len(PYTHON), len(BY_MCP), len(OPENED), len(examples("json")))

    assert found == (1, 4, 1, 1, 1)


@pytest.mark.skipif(not shutil.which("curl"), reason="curl is not installed")
@pytest.mark.parametrize("example", SHELL)
def test_the_examples_for_curl_are_answered(example: str, address: str) -> None:
    asked = ["sh", "-c", example.replace(ADDRESS, address)]

    heard = subprocess.run(asked, capture_output=True, text=True, check=True, timeout=60).stdout

    *_, last = [line for line in heard.splitlines() if line.startswith("data: ")]
    (said,) = json.loads(last.removeprefix("data: "))
    assert LEADS in said["answer"]["answer"]


def test_the_example_without_a_server_is_answered(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (example,) = OPENED
    (tmp_path / "board.md").write_text(f"# The board\n\n{LEADS}\n", encoding="utf-8")
    here = example.replace("path/to/documents", str(tmp_path / "board.md"))

    exec(compile(here.replace("my-forum", str(tmp_path / "data")), "api.md", "exec"), {})  # noqa: S102

    said = capsys.readouterr().out
    assert LEADS in said
    assert "['The board']" in said


def test_the_examples_for_python_are_answered(
    address: str, capsys: pytest.CaptureFixture[str]
) -> None:
    known: dict[str, object] = {}

    for example in PYTHON:
        run(example, address, known)

    shown = capsys.readouterr().out
    assert f"{LEADS} [1]\n1 Board https://forum.test/board#:~:text=" in shown
    assert f"Board {LEADS}\nBoard 2021-02-01 {len(LEADS)} of {len(LEADS)} characters" in shown
    assert f"{wording('fr')('translation.notice')} {IN_FRENCH}\n" in shown
    assert "\ndone quoting 0\n" in shown


@without_mcp
@pytest.mark.parametrize("example", BY_MCP)
def test_the_example_for_a_model_is_answered(
    example: str, address: str, capsys: pytest.CaptureFixture[str]
) -> None:
    run(example, address, {})

    assert LEADS in json.loads(capsys.readouterr().out)["answer"]["answer"]


@without_mcp
def test_the_address_that_programs_are_told_of_is_that_of_the_example() -> None:
    (configured,) = examples("json")
    (example,) = BY_MCP

    for told in json.loads(configured)["mcpServers"].values():
        assert told["url"] in example


def test_the_table_names_what_the_endpoints_take_in_their_order(tmp_path: Path) -> None:
    rows = dict(re.findall(r"^\| `(\w+)` \| (.*?) \|", TEXT, re.MULTILINE))
    site = translating(a_site(FakeLibrary(FakeGeneration()), tmp_path), "", tmp_path)

    for name, endpoint in engine.endpoints(site.pages.chat).items():
        taken = [one for one in endpoint.__annotations__ if one not in {"request", "return"}]
        assert re.findall(r"`(\w+)`", rows[name]) == taken


def test_the_limits_are_those_of_the_code() -> None:
    assert f"1 to {lookups.MOST_PASSAGES};" in TEXT
    assert f"at most {lookups.LONGEST_TEXT:,} characters" in TEXT
    assert engine.AT_ONCE == 4
