import io
import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.corpus import Kind, Translation
from assistant.domain.light_markdown import clean
from ingest.readers.confined.frames import (
    FrameError,
    ReadAnswer,
    packed,
    read_frame,
    unpacked,
    write_frame,
)
from ingest.readers.extract import Extract

FULL = Extract(
    "Lamps in parks",
    "## Lamps\n\nWarm light.",
    published=date(2022, 3, 14),
    language="fr",
    url="https://forum.example/lamps/",
    kind=Kind.RECOMMENDATION,
    translations=(Translation("nl", "/nl/lampen/"),),
    replaced_by="lamps-2025.md",
    unseen=12,
    changed=date(2026, 1, 12),
    pictures=3,
    blank_pages=(2, 5),
    recognised_pages=(3,),
)


@pytest.mark.parametrize(
    "answer",
    [
        ReadAnswer(FULL),
        ReadAnswer(Extract("", "Some text."), is_last=True),
        ReadAnswer(reason="is damaged", fault="'ValueError: x' at docx.py:3"),
    ],
)
def test_an_answer_comes_back_as_it_was(answer: ReadAnswer) -> None:
    assert unpacked(packed(answer)) == answer


@given(st.text().map(clean), st.text().map(clean))
def test_any_clean_text_comes_back_as_it_was(title: str, text: str) -> None:
    answer = ReadAnswer(Extract(title[:500].strip(), text))

    assert unpacked(packed(answer)) == answer


@given(st.binary())
def test_any_bytes_are_an_answer_or_an_error(frame: bytes) -> None:
    with pytest.raises(FrameError, match="no answer that can be believed"):
        unpacked(frame)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("text", 3),
        ("text", "seen\u202enees"),
        ("title", None),
        ("published", "tomorrow"),
        ("changed", "tomorrow"),
        ("kind", "command"),
        ("translations", "nl"),
        ("unseen", "many"),
        ("pictures", "many"),
        ("blank_pages", ["two"]),
        ("translations", [["nl", "/"]] * 2000),
        ("translations", [["nl"]]),
    ],
)
def test_an_answer_with_a_field_that_no_reader_gives_is_not_believed(
    field: str, value: object
) -> None:
    fields = json.loads(packed(ReadAnswer(FULL)))
    fields["extract"][field] = value

    with pytest.raises(FrameError):
        unpacked(json.dumps(fields).encode())


@pytest.mark.parametrize("url", ["javascript:alert(1)", "//evil.example", 7, "https://a@b.example"])
def test_an_address_that_is_not_safe_to_show_is_dropped(url: object) -> None:
    fields = json.loads(packed(ReadAnswer(FULL)))
    fields["extract"]["url"] = url

    extract = unpacked(json.dumps(fields).encode()).extract

    assert extract is not None
    assert extract.url is None


@pytest.mark.parametrize(
    "place", ["javascript:alert(1)", "//evil.example", 7, "a\nb", "a?b", "x" * 3000]
)
def test_a_successor_at_no_place_that_can_be_is_dropped(place: object) -> None:
    fields = json.loads(packed(ReadAnswer(FULL)))
    fields["extract"]["replaced_by"] = place

    extract = unpacked(json.dumps(fields).encode()).extract

    assert extract is not None
    assert extract.replaced_by == ""


def test_nesting_without_end_is_not_believed() -> None:
    with pytest.raises(FrameError):
        unpacked(b"[" * 1_000_000)


@pytest.mark.parametrize("stream", [b"", b"\x00", b"\x00\x00\x00\x05four", b"\xff\xff\xff\xff"])
def test_a_frame_that_is_cut_short_or_too_long_is_an_error(stream: bytes) -> None:
    with pytest.raises(FrameError):
        read_frame(io.BytesIO(stream), longest=10)


def test_frames_follow_each_other() -> None:
    stream = io.BytesIO()
    for content in (b"one", b"", b"three"):
        write_frame(stream, content)
    stream.seek(0)

    assert [read_frame(stream, longest=5) for _ in range(3)] == [b"one", b"", b"three"]
