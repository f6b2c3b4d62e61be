"""The extras: what pyproject.toml and the settings say of them fits."""

import re
import tomllib
from importlib import metadata
from pathlib import Path

import pytest

from assistant import extras
from assistant.domain.errors import SettingsError

PROJECT = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))
OPTIONAL: dict[str, list[str]] = PROJECT["project"]["optional-dependencies"]


def test_each_extra_is_told_by_a_package_that_it_brings() -> None:
    names = {
        extra: [re.split(r"[\[<>=]", wanted)[0] for wanted in brought]
        for extra, brought in OPTIONAL.items()
    }

    assert set(extras.PACKAGES) == set(names)
    assert all(package in names[extra] for extra, (package, _) in extras.PACKAGES.items())


@pytest.mark.parametrize("installed", [None, "0.9", "12.0"])
@pytest.mark.parametrize("extra", OPTIONAL)
def test_a_missing_extra_is_told_with_the_setting_and_the_remedy(
    monkeypatch: pytest.MonkeyPatch, extra: str, installed: str | None
) -> None:
    def version(name: str) -> str:
        if installed is None:
            raise metadata.PackageNotFoundError(name)
        return installed

    monkeypatch.setattr(metadata, "version", version)

    with pytest.raises(SettingsError) as caught:
        extras.require(extra, "FORUM_X=1")

    assert str(caught.value) == (
        f'FORUM_X=1 needs an extra: run `.venv/bin/pip install -e ".[{extra}]"`, or unset it'
    )


def test_an_extra_that_is_there_is_passed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metadata, "version", lambda _: "3.2")

    extras.require("postgresql", "FORUM_DATABASE_URL")
