"""A staff site for every test, quick enough to be made anew."""

from pathlib import Path

import pytest

from tests.assistant.web.staff.staffing import Staffed, a_staffed_site


@pytest.fixture
def staffed(tmp_path: Path) -> Staffed:
    return a_staffed_site(tmp_path)
