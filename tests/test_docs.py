"""The documents of the project say what is so."""

import re
from pathlib import Path

import pytest

from assistant import cli
from assistant.settings import PREFIX, Settings
from ingest.sources import configuration
from tests.conftest import ROOT


def test_every_setting_stands_in_the_table_with_its_default() -> None:
    table = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `(FORUM_\w+)` \| (.*?) \|", table, re.MULTILINE))

    expected = {}
    for name, field in Settings.model_fields.items():
        default = "" if str(field.default) in {"None", ""} else f"`{field.default}`"
        expected[f"{PREFIX}{name.upper()}"] = default
    assert rows == expected


def test_every_setting_is_explained_as_the_code_explains_it() -> None:
    table = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")

    for field in Settings.model_fields.values():
        assert str(field.description) in table


@pytest.mark.parametrize("path", sorted((ROOT / "docs").glob("*.md")), ids=lambda path: path.name)
def test_links_between_documents_lead_somewhere(path: object) -> None:
    text = path.read_text(encoding="utf-8")  # type: ignore[attr-defined] # a Path

    for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", text):
        assert (ROOT / "docs" / target).exists(), target


def test_links_of_the_readme_lead_somewhere() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")

    for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", text):
        assert (ROOT / target).exists(), target


def test_every_command_of_the_documents_exists(capsys: pytest.CaptureFixture[str]) -> None:
    cli.main([])
    known = set(re.findall(r"^  ([a-z-]+)\s", capsys.readouterr().out, re.MULTILINE))
    texts = [(ROOT / "README.md"), *(ROOT / "docs").glob("*.md")]

    for path in texts:
        named = re.findall(r"app\.py ([a-z-]+)", path.read_text(encoding="utf-8"))
        assert set(named) <= known, path.name


def test_the_example_of_a_file_of_sources_is_one_and_every_key_is_explained(tmp_path: Path) -> None:
    text = (ROOT / "docs" / "staff.md").read_text(encoding="utf-8")
    example = re.search(r"```toml\n(.*?)```", text, re.DOTALL)
    assert example
    (tmp_path / "forum.toml").write_text(example[1], encoding="utf-8")

    configured = configuration.load(tmp_path / "forum.toml")

    assert {source.type for source in configured.sources} == {*configuration.MODELS}
    keys = {key for model in configuration.MODELS.values() for key in model.model_fields}
    explained = set(
        re.findall(r"`(\w+)`", "".join(re.findall(r"^\| (`.*?) \|", text, re.MULTILINE)))
    )
    assert keys <= explained
