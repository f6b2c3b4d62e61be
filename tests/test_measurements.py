"""The figures in the documents are those that were measured: docs/measurements.json."""

import re
from collections.abc import Iterator

import pytest

from benchmarks import figures
from tests.conftest import ROOT

README = (
    ("right paragraph", "retrieval", "XQuAD, English", "nDCG@10", ".3f"),
    ("right paragraph", "retrieval", "XQuAD, German", "nDCG@10", ".3f"),
    ("right paragraph", "published on XQuAD", "best of 136 models", "en", ".3f"),
    ("right paragraph", "published on XQuAD", "best of 136 models", "de", ".3f"),
    ("graded by a strict reader", "panel", "with the reader", "of the answerable", ".2f"),
    ("graded by a strict reader", "panel", "without the reader", "of the answerable", ".2f"),
    ("the same, and 15", "panel", "with the reader", "score", ".2f"),
    ("the same, and 15", "panel", "without the reader", "score", ".2f"),
    (
        "the same, and 15",
        "panel",
        "a large language model, given the same passages",
        "score",
        ".2f",
    ),
    ("are complete", "panel", "with the reader", "complete", ".0%"),
    ("are complete", "panel", "with the reader", "something wrong first", ".0%"),
    ("are complete", "panel", "without the reader", "complete", ".0%"),
    ("are complete", "panel", "without the reader", "something wrong first", ".0%"),
    ("how-to", "panel by kind", "score", "facts", ".2f"),
    ("how-to", "panel by kind", "score", "how-to", ".2f"),
    ("how-to", "panel by kind", "score", "lists", ".2f"),
    ("how-to", "panel by kind", "score", "yes or no", ".2f"),
    ("refused", "panel", "with the reader", "good ones refused", ""),
    ("refused", "panel", "with the reader", "bad ones answered", ""),
    ("refused", "panel", "without the reader", "good ones refused", ""),
    ("refused", "panel", "without the reader", "bad ones answered", ""),
    ("written sentences", "written sentences", "faithful, withheld", "held out", ""),
    ("written sentences", "written sentences", "altered, stopped", "held out", ""),
)
"""What the README claims: words of the line, section, row, column, and how the value is shown."""

FIGURE = re.compile(r"\d+ of \d+|\d+\.\d+|\d+ ?%")


def readme_lines() -> list[str]:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    (section,) = re.findall(r"## How good is it\n(.*?)\n## ", text, re.DOTALL)
    return [line for line in str(section).splitlines() if line.strip()]


def claims(words: str) -> Iterator[str]:
    sections = figures.load()
    for line, section, row, column, form in README:
        if line == words:
            value = sections[section]["rows"][row][column]
            whole = {**sections[section], "formats": {"all": form}}
            assert value is not None
            yield figures.cell(whole, row, column)


@pytest.mark.parametrize("words", dict.fromkeys(words for words, *_ in README))
def test_the_figures_of_the_readme_are_those_measured(words: str) -> None:
    (line,) = [line for line in readme_lines() if words in line]

    _, *cells = line.strip("|").split("|")

    assert sorted(FIGURE.findall(" ".join(cells))) == sorted(claims(words))


def test_no_line_of_the_readme_has_figures_that_nobody_measured() -> None:
    known = {words for words, *_ in README}

    for line in readme_lines():
        assert any(words in line for words in known) or not FIGURE.search(line), line


@pytest.mark.parametrize("path", figures.DOCUMENTS, ids=lambda path: path.name)
def test_tables_are_those_that_were_measured(path: object) -> None:
    text = path.read_text(encoding="utf-8")  # type: ignore[attr-defined] # a Path

    assert figures.with_tables(text, figures.load()) == text, "run benchmarks/figures.py"


def test_the_document_has_no_table_by_hand_and_no_figure_in_its_prose() -> None:
    text = (ROOT / "docs" / "measurements.md").read_text(encoding="utf-8")

    prose = re.sub(r"```.*?```", "", figures.MARKER.sub("", text), flags=re.DOTALL)

    assert not [line for line in prose.splitlines() if line.startswith("|")]
    assert not FIGURE.findall(prose)


def test_every_section_says_when_and_by_what_it_was_measured() -> None:
    for name, section in figures.load().items():
        assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", section["measured"]), name
        script, *_ = str(section["command"]).split()
        assert (ROOT / script).is_file(), f"{name}: {script}"


def test_a_table_shows_each_kind_of_value() -> None:
    section = {
        "head": "what",
        "formats": {"share": ".0%"},
        "rows": {
            "ours": {"share": 0.5, "right": [3, 1200], "ms": {"median": 1.5, "95th": 20}},
            "theirs": {"share": None, "ms": 1430},
        },
    }

    assert [*figures.table(section)] == [
        "| what | share | right | ms |",
        "|---|---|---|---|",
        "| ours | 50% | 3 of 1,200 | 1.5 / 20 |",
        "| theirs | – | – | 1,430 |",
    ]
    assert len([*figures.table(section, ["theirs"])]) == 3
