"""What commands read from files."""

from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

import pytest

from assistant.domain.errors import AssistantError
from assistant.evaluation import conversations, golden_questions
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


@pytest.mark.parametrize(
    ("content", "why"),
    [(None, "no such file or directory"), (b"\xff\xfe", "it is no UTF-8 text; save it as UTF-8")],
)
def test_a_file_that_cannot_be_read_is_named_once_with_the_reason(
    content: bytes | None, why: str, tmp_path: Path
) -> None:
    path = tmp_path / "questions"
    if content:
        path.write_bytes(content)

    for read in (golden_questions.load, conversations.load, lambda file: list(json_lines(file))):
        with pytest.raises(AssistantError) as told:
            read(path)
        assert str(told.value).endswith(f"{path}: {why}")


def test_a_line_of_json_is_printed_to_a_stream_that_has_no_encoding() -> None:
    with redirect_stdout(StringIO()) as printed:
        print_json({"title": "Sécurité"})

    assert printed.getvalue() == '{"title": "Sécurité"}\n'
