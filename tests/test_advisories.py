"""Nothing is locked in a version that is known to be vulnerable, but for what is waived by name.

Nobody is asked: what is known stands here, and grows when the locks are made anew.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.version import Version

from tests.conftest import ROOT
from tests.test_locks import LOCKS, packages

FIXED = {
    "aiohttp": ("3.12.14", "CVE-2025-53643"),
    "gradio": ("6.25.0", "CVE-2026-49119, CVE-2026-48545 and answering any origin"),
    "h11": ("0.16.0", "CVE-2025-43859"),
    "jinja2": ("3.1.6", "CVE-2025-27516"),
    "langchain-core": ("1.3.3", "CVE-2026-44843, CVE-2026-40087, CVE-2026-34070"),
    "langchain-openai": ("1.1.14", "CVE-2026-41488"),
    "langchain-text-splitters": ("1.1.2", "CVE-2026-41481"),
    "lxml": ("6.1.0", "CVE-2026-41066"),
    "python-multipart": ("0.0.31", "CVE-2026-24486, CVE-2026-42561"),
    "setuptools": ("78.1.1", "CVE-2025-47273"),
    "starlette": ("1.3.1", "CVE-2026-48710, CVE-2026-54282"),
    "torch": ("2.10.1", "CVE-2026-24747, CVE-2026-4538"),
    "transformers": ("5.3.0", "CVE-2026-4372"),
}
"""The first sound version of each package that has been vulnerable, and by which advisory."""
UNUSED = {
    "langchain-community": "CVE-2025-6984 and others",
    "markdown": "CVE-2025-69534",
    "pdfminer-six": "CVE-2025-64512",
    "pdfplumber": "brings pdfminer-six along",
    "pypdf": "documents that take minutes of computing",
}
"""What was left aside for its advisories; whoever locks it looks at them first."""
WAIVED = {"chromadb": ("1.5.9", ("CVE-2026-45829", "CVE-2026-45833"))}
PRODUCT = [ROOT / "app.py", *(ROOT / "src").rglob("*.py")]
PRODUCT += [path for room in ("ingest", "vectorstore") for path in (ROOT / room).rglob("*.py")]


def locked() -> dict[str, Version]:
    """Return the version of each package that any lock names."""
    return {
        name: Version(part.partition("==")[2].split()[0])
        for lock in LOCKS
        for name, part in packages(lock).items()
    }


@pytest.mark.parametrize("name", sorted(FIXED))
def test_what_has_been_vulnerable_is_locked_in_a_sound_version(name: str) -> None:
    version, advisories = FIXED[name]

    assert locked()[name] >= Version(version), advisories


@pytest.mark.parametrize("name", sorted(UNUSED))
def test_what_was_left_aside_for_its_advisories_is_not_locked(name: str) -> None:
    assert name not in locked(), UNUSED[name]


def test_the_waiver_is_for_the_chroma_that_is_locked() -> None:
    version, advisories = WAIVED["chromadb"]
    told = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")

    assert str(locked()["chromadb"]) == version, "look whether the waiver is still needed"
    assert [each for each in advisories if each not in told] == []
    assert f"Chroma {version}" in told


def calls(path: Path) -> Iterator[ast.Call]:
    """Yield every call that a file makes."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def test_chroma_makes_no_embedding_and_its_python_server_is_never_started() -> None:
    opening = re.compile(r"(?:create|get|get_or_create)_collection")
    opened = []
    for path in PRODUCT:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"chromadb\.(?:server|app)\b|query_texts", text), path
        opened += [call for call in calls(path) if opening.search(ast.unparse(call.func))]

    assert len(opened) > 2
    for call in opened:
        given = {word.arg: ast.unparse(word.value) for word in call.keywords}
        assert given.get("embedding_function") == "None", ast.unparse(call)


def test_what_starts_a_server_of_chroma_starts_the_one_in_rust() -> None:
    files = [*(ROOT / "deploy").iterdir(), *(ROOT / "docs").glob("*.md")]

    for path in files:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"uvicorn\s+chromadb|chromadb\.app", text), path
