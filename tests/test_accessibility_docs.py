"""What the document on accessibility says is checked is checked."""

import re

from tests.conftest import ROOT
from tests.end_to_end.accessibility import TAGS

DOCUMENT = (ROOT / "docs" / "accessibility.md").read_text(encoding="utf-8")


def test_every_file_of_tests_that_is_named_exists() -> None:
    named = re.findall(r"`(?:tests/end_to_end/)?(\w+\.py)`", DOCUMENT)

    assert len(named) > 4
    assert [name for name in named if not (ROOT / "tests/end_to_end" / name).is_file()] == []


def test_axe_is_asked_for_all_that_is_promised() -> None:
    assert {"wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"} <= {*TAGS}
