"""The first start of all, as `make run` does it: nothing is published yet."""

from pathlib import Path
from urllib.request import urlopen

from tests.end_to_end.conftest import served_from


def test_a_server_brings_the_sample_in_where_it_has_no_documents_and_then_keeps_them(
    tmp_path: Path,
) -> None:
    for name in ("lamps", "trees"):
        sample = tmp_path / name
        sample.mkdir()
        (sample / f"{name}.md").write_text(f"# {name}\n\nThey are new.\n", "utf-8")
        # It waits until the server says that it can answer, which takes something published.
        with (
            served_from(tmp_path / "data", sample=sample) as site,
            urlopen(f"{site}/documents/lamps.md") as page,  # noqa: S310 - the address is our own
        ):
            assert "They are new" in page.read().decode()
