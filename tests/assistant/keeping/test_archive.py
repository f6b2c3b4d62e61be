"""Names in an archive: nothing is written anywhere but below the data directory."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.keeping.archive import DATA, SOURCES, name_fault, names_fault

PARTS = st.sampled_from(["..", ".", "", "a", "data", "b.txt", "/", "\\", "C:", "~", "\0", "x\ny"])


@given(st.lists(PARTS | st.text(), max_size=6).map("/".join))
def test_what_is_let_through_stays_below_the_data_directory(name: str) -> None:
    if name != SOURCES and not name_fault(name):
        path = Path("/place").joinpath(*name.split("/")[1:])
        assert path.resolve().is_relative_to("/place")
        assert path != Path("/place")
        assert name.startswith(f"{DATA}/")


@given(st.lists(st.lists(st.sampled_from("ab"), min_size=1, max_size=3), max_size=6))
def test_what_is_let_through_can_all_be_written(names: list[list[str]]) -> None:
    listed = ["/".join([DATA, *parts]) for parts in names]

    if not names_fault(listed):
        assert len(set(listed)) == len(listed)
        assert not [name for name in listed for other in listed if other.startswith(f"{name}/")]


@pytest.mark.parametrize(
    ("names", "told"),
    [
        (["data/../x"], "leads out"),
        (["/etc/passwd"], "belongs to no backup"),
        (["data"], "belongs to no backup"),
        (["data//x"], "leads out"),
        (["data/a\\..\\b"], "signs"),
        ([f"data/{'x' * 300}"], "too long"),
        (["data/a", "data/a"], "twice"),
        (["data/a", "data/a/b"], "a file and a folder"),
    ],
)
def test_what_is_wrong_with_a_name_is_told(names: list[str], told: str) -> None:
    assert told in names_fault(names)
