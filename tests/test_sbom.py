"""The list of what the assistant is made of is whole, and the same for the same locks."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT
from tests.test_locks import TOGETHER, packages

RECIPE = re.search(
    r"^sbom: .*\n\t(.+)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE
)


def made(folder: Path) -> bytes:
    """Run what `make sbom` runs, with the file in a folder of ours."""
    assert RECIPE
    programs = Path(sys.executable).parent
    command = RECIPE[1].replace("$(BIN)", str(programs)).replace("$(SBOM)", str(folder / "s.json"))
    shell = shutil.which("sh")
    assert shell
    environment = {"PATH": os.environ["PATH"]}
    subprocess.run([shell, "-c", command], cwd=ROOT, env=environment, check=True)
    return (folder / "s.json").read_bytes()


@pytest.fixture(scope="module")
def listed(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return made(tmp_path_factory.mktemp("sbom"))


def components(text: bytes) -> dict[str, dict[str, Any]]:
    return {each["name"]: each for each in json.loads(text)["components"]}


def test_it_names_every_package_that_is_locked_with_its_version(listed: bytes) -> None:
    told = {name: each["version"] for name, each in components(listed).items()}
    locked = {
        name: part.partition("==")[2].split()[0]
        for lock in TOGETHER
        for name, part in packages(lock).items()
    }

    assert len(locked) > 100
    assert told == locked


def test_it_is_of_a_form_that_scanners_know(listed: bytes) -> None:
    content = json.loads(listed)

    assert content["bomFormat"] == "CycloneDX"
    assert content["metadata"]["component"]["name"] == "forum-assistant"
    purls = {name: each["purl"] for name, each in components(listed).items()}
    for name, purl in purls.items():
        assert purl.startswith(f"pkg:pypi/{name}@"), purl


def test_every_package_comes_with_the_digests_of_its_files(listed: bytes) -> None:
    for name, each in components(listed).items():
        hashes = [digest for at in each["externalReferences"] for digest in at.get("hashes", ())]
        assert hashes, name


def test_the_same_locks_make_the_same_file(listed: bytes, tmp_path: Path) -> None:
    assert made(tmp_path) == listed
