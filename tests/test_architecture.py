"""Rules that the import linter cannot state."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

HEAVY = {
    "bs4", "chromadb", "gradio", "langchain_core", "mammoth", "onnxruntime", "pypdfium2",
    "sentence_transformers", "torch",
}  # fmt: skip
LONGEST_FUNCTION = 45
CODE = [
    path
    for folder in ("src/assistant", "ingest", "vectorstore")
    for path in sorted((ROOT / folder).rglob("*.py"))
]


@pytest.mark.parametrize(
    "module",
    [
        "assistant.answering.answer_json", "assistant.answering.assistant",
        "assistant.web.pages.answers", "ingest.plan", "ingest.readers.reading",
        "ingest.sources.folder", "vectorstore.manifest", "vectorstore.search.ranking",
    ],
)  # fmt: skip
def test_importing_logic_loads_no_heavy_library(module: str) -> None:
    code = f"import sys, {module}; print(*sys.modules)"

    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert HEAVY.isdisjoint(run.stdout.split())


@pytest.mark.parametrize("path", CODE, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_functions_fit_on_a_screen(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            assert lines <= LONGEST_FUNCTION, f"{node.name} has {lines} lines"


@pytest.mark.parametrize("path", CODE, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_html_is_never_parsed_by_the_slow_parser(path: Path) -> None:
    assert "html.parser" not in path.read_text(encoding="utf-8")


def test_only_settings_read_the_environment() -> None:
    readers = {
        path.relative_to(ROOT).as_posix()
        for path in CODE
        if "os.environ" in path.read_text(encoding="utf-8")
    }

    assert readers <= {
        "src/assistant/isolation.py",
        "src/assistant/settings.py",
        "src/assistant/wiring.py",
        "vectorstore/embedding/sentence_transformer.py",
    }
