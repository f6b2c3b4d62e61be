"""What the document on security promises is held by tests that are there."""

import re

import pytest

from tests.conftest import ROOT

SECURITY = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
PROMISES = SECURITY.partition("## Promises")[2].partition("\n## ")[0]
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in PROMISES.splitlines()
    if line.startswith("| ")
][1:]
PROOFS = re.compile(r"`(tests/[\w/]+\.py)`[:,]((?:\s*`test_\w+`,?)*)")
"""A file of tests, and the names that follow it."""


def functions(path: str) -> set[str]:
    text = (ROOT / path).read_text(encoding="utf-8")
    return set(re.findall(r"^(?:async )?def (test_\w+)\(", text, re.MULTILINE))


def test_every_file_of_tests_that_is_named_exists_with_the_tests_that_are_named() -> None:
    told = PROOFS.findall(SECURITY)

    assert len(told) > len(ROWS)
    for path, names in told:
        assert (ROOT / path).is_file(), path
        assert set(re.findall(r"test_\w+", names)) <= functions(path), path


def test_no_test_is_named_without_its_file() -> None:
    files = re.findall(r"`(tests/[\w/]+\.py)`", SECURITY)
    known = {name for path in files for name in functions(path)}

    assert set(re.findall(r"`(test_\w+)`", SECURITY)) <= known


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0][:60])
def test_every_promise_names_what_keeps_it_and_a_test(row: list[str]) -> None:
    promise, keeper, proof = row

    assert promise
    assert any(names for _, names in PROOFS.findall(proof)), "no test is named"
    for name in re.findall(r"`([\w/.]+)`", keeper):
        is_a_room = name.startswith(("ingest/", "vectorstore/"))
        assert (ROOT / ("" if is_a_room else "src/assistant") / name).exists(), name
