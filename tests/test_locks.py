"""Nothing is installed but the very files that the locks were made from."""

import re
import tomllib

import pytest

from tests.conftest import ROOT

LOCKS = (
    "requirements.lock",
    "requirements-torch.lock",
    "requirements-cuda.lock",
    "requirements-dev.lock",
)
TOGETHER = ("requirements.lock", "requirements-torch.lock")  # what runs on every machine


def packages(lock: str) -> dict[str, str]:
    """Return what stands below each package of a lock, by its name."""
    text = (ROOT / lock).read_text(encoding="utf-8")
    parts = re.split(r"^(?=[a-z])", text, flags=re.MULTILINE)[1:]
    return {part.partition("==")[0].partition("[")[0]: part for part in parts}


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_has_a_version_and_the_digests_of_its_files(lock: str) -> None:
    found = packages(lock)

    assert found
    for name, part in found.items():
        assert re.match(r"[\w.-]+(\[[\w,-]+\])?==\S+ ", part), name
        assert "--hash=sha256:" in part, name


def test_every_package_that_is_asked_for_is_locked() -> None:
    asked = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    runtime = [*asked["project"]["dependencies"], *asked["dependency-groups"]["build"]]
    locked = {name for lock in TOGETHER for name in packages(lock)}

    names = {_normal(each) for each in runtime}
    assert names <= locked
    dev = {_normal(each) for each in asked["dependency-groups"]["dev"]}
    assert dev <= locked | set(packages("requirements-dev.lock"))


def _normal(requirement: str) -> str:
    found = re.match(r"[\w.-]+", requirement)
    assert found
    return re.sub(r"[-_.]+", "-", found[0]).lower()


def test_whatever_the_makefile_installs_is_checked_against_them() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8").partition("\nlock:")[0]
    installs = [line for line in makefile.splitlines() if line.lstrip("\t ").startswith("$(PIP)")]

    assert len(installs) > 4
    for line in installs:
        ours = "--no-deps --no-build-isolation --editable ." in line
        assert ours or "--require-hashes" in line, line
