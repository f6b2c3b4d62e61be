"""The files that operators copy from deploy/ fit the assistant that is in this repository."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

from assistant import cli
from assistant.settings import Settings
from tests.conftest import ROOT

DEPLOY = ROOT / "deploy"
CONTAINERFILE = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
OPERATORS = (ROOT / "docs" / "operators.md").read_text(encoding="utf-8")
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", sorted(DEPLOY.iterdir()), ids=lambda path: path.name)
def test_every_setting_that_a_file_names_is_one(path: Path) -> None:
    named = set(re.findall(r"FORUM_[A-Z_]+", path.read_text(encoding="utf-8")))
    assert named <= {f"FORUM_{name.upper()}" for name in Settings.model_fields}


def test_all_that_is_copied_into_the_container_is_there() -> None:
    copied = [
        name
        for line in re.findall(r"^COPY --chown=\S+ (.+)$", CONTAINERFILE, re.MULTILINE)
        for name in line.split()[:-1]
    ]
    assert copied
    assert [name for name in copied if not (ROOT / name).exists()] == []


def test_all_that_the_package_is_made_of_is_copied_into_the_container() -> None:
    packages = PYPROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    needed = {package.split("/")[0] for package in packages}
    needed |= {"README.md", *PYPROJECT["project"]["license-files"]}
    needed |= set(re.findall(r"requirements[\w-]*\.lock", _rule_of("$(VENV)/.runtime")))
    assert [
        each
        for each in needed
        if not re.search(rf"^COPY .*\b{each}\b", CONTAINERFILE, re.MULTILINE)
    ] == []


def _rule_of(target: str) -> str:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    return makefile.partition(f"{target}:")[2].partition("\n\n")[0]


def test_the_container_starts_with_a_command_that_the_assistant_has(
    capsys: pytest.CaptureFixture[str],
) -> None:
    command = re.findall(r'^CMD \["(\w+)"', CONTAINERFILE, re.MULTILINE)
    assert command == ["serve"]
    assert cli.main([*command, "--help"]) == 0
    assert "--sample" in capsys.readouterr().out


def test_the_services_run_in_the_versions_that_the_tests_run_against() -> None:
    (pin,) = [each for each in PYPROJECT["project"]["dependencies"] if "chromadb==" in each]
    images = {name: service.get("image", "") for name, service in COMPOSE["services"].items()}
    assert images["chroma"].endswith(f":{pin.partition('==')[2]}")
    assert re.search(r":\d+-", images["database"])
    used = {
        volume.partition(":")[0]
        for service in COMPOSE["services"].values()
        for volume in service["volumes"]
    }
    assert used == set(COMPOSE["volumes"])


def test_what_a_stop_of_the_service_does_to_runs_is_said() -> None:
    unit = (DEPLOY / "forum-assistant.service").read_text(encoding="utf-8")
    assert "KillMode=control-group\n" in unit
    assert "Stopping or restarting the service or the container ends it too" in OPERATORS


def _environment(text: str) -> dict[str, str]:
    return dict(re.findall(r"\b(FORUM_\w+)=(/\S+)", text))


def test_what_restore_swaps_and_staff_write_lies_in_a_folder_that_may_be_written() -> None:
    unit = (DEPLOY / "forum-assistant.service").read_text(encoding="utf-8")
    (state,) = re.findall(r"^StateDirectory=(\S+)$", unit, re.MULTILINE)
    (volume,) = re.findall(r"^VOLUME (\S+)$", CONTAINERFILE, re.MULTILINE)
    (served,) = re.findall(r"^Environment=(.+)$", unit, re.MULTILINE)
    (contained,) = re.findall(r"^ENV (FORUM_.+)$", CONTAINERFILE, re.MULTILINE)

    for text, writable in ((contained, volume), (served, f"/var/lib/{state}")):
        found = _environment(text)
        assert Path(found["FORUM_DATA_DIR"]).parent == Path(writable)
        assert Path(found["FORUM_SOURCES"]).parent == Path(writable)


def test_the_commands_beside_the_service_have_its_layout_and_are_commands(
    capsys: pytest.CaptureFixture[str],
) -> None:
    part = OPERATORS.partition("## Commands beside the service")[2].partition("\n## ")[0]
    unit = (DEPLOY / "forum-assistant.service").read_text(encoding="utf-8")

    assert _environment(part) == _environment(unit)
    calls = r"^(?:forum|podman .* app\.py|podman .* --tmpfs /tmp forum-assistant) ([a-z-]+)"
    named = set(re.findall(calls, part, re.MULTILINE))
    assert named == {"staff-password", "ingest", "backup", "restore"}
    for command in named:
        assert cli.main([command, "--help"]) == 0
    capsys.readouterr()


def test_every_setting_of_the_file_beside_compose_reaches_the_assistant() -> None:
    assistant = COMPOSE["services"]["assistant"]

    assert assistant["env_file"] == [{"path": ".env", "required": False}]
    assert "environment" not in assistant, "it would win over the file"


def test_metrics_are_gathered_where_the_proxies_do_not_hide_them() -> None:
    example = OPERATORS.partition("```yaml\n")[2].partition("```")[0]
    (job,) = yaml.safe_load(example)["scrape_configs"]
    port = Settings.model_fields["port"].default

    assert job["static_configs"] == [{"targets": [f"127.0.0.1:{port}"]}]
    assert job.get("scheme", "http") == "http"


@pytest.mark.parametrize("path", sorted(DEPLOY.iterdir()), ids=lambda path: path.name)
def test_what_a_file_points_to_in_the_documents_is_there(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for document, section in re.findall(r'(docs/\w+\.md), "([^"]+)"', text):
        assert f"\n## {section}\n" in (ROOT / document).read_text(encoding="utf-8")


def test_the_service_is_one_that_systemd_understands(tmp_path: Path) -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("systemd-analyze is not installed")
    text = (DEPLOY / "forum-assistant.service").read_text(encoding="utf-8")
    text = text.replace("/opt/forum-assistant/.venv/bin/python", sys.executable)
    text = text.replace("/opt/forum-assistant", str(ROOT))
    unit = tmp_path / "forum-assistant.service"
    unit.write_text(text, encoding="utf-8")
    done = subprocess.run(
        [analyze, "verify", "--man=no", str(unit)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "SYSTEMD_LOG_LEVEL": "warning"},
    )
    assert [line for line in done.stderr.splitlines() if unit.name in line] == []
