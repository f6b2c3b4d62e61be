"""What commands read from files."""

from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

import pytest

from assistant.terminal import json_lines, print_json


@pytest.mark.parametrize("separator", ["\u2028", "\u2029", "\x85"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_line_of_json_may_hold_what_parts_lines_elsewhere(
    separator: str, end: str, tmp_path: Path
) -> None:
    path = tmp_path / "questions.jsonl"
    path.write_text(
        f'{{"id": "1", "question": "Who{separator}pays?"}}{end}{end}{{"id": "2", "text": "Why?"}}',
        encoding="utf-8",
    )

    found = list(json_lines(path, "question", "text"))

    assert found == [("1", f"Who{separator}pays?"), ("2", "Why?")]


def test_a_line_of_json_is_printed_to_a_stream_that_has_no_encoding() -> None:
    with redirect_stdout(StringIO()) as printed:
        print_json({"title": "Sécurité"})

    assert printed.getvalue() == '{"title": "Sécurité"}\n'
