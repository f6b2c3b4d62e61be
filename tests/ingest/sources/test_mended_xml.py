"""XML is rid of what it may not hold, and of nothing else."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.sources.mended_xml import Mended, mended

PARTS = st.sampled_from(
    [
        b"<a>",
        b"caf\xc3\xa9",
        b"\xc3",
        b"\x0b",
        b"\x00",
        b"&#x110000;",
        b"&#xE9;",
        b"&#",
        b"&amp;",
        b";",
        b"1",
    ]
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1", "iso-2022-jp"])
def test_what_is_sound_stays_as_it_is(encoding: str) -> None:
    text = (
        f'<?xml version="1.0" encoding="{encoding}"?>\r\n<a b="&#233;&#x1F600;&#9;">\tA &amp; B</a>'
    )
    data = text.encode(encoding)

    assert mended(data) == data


def test_escape_sequences_of_another_encoding_are_no_controls() -> None:
    data = '<?xml version="1.0" encoding="iso-2022-jp"?><a>安全</a>'.encode("iso-2022-jp")

    assert mended(data) == data


def test_controls_are_left_out_of_encodings_with_a_byte_a_character() -> None:
    head = b'<?xml version="1.0" encoding="windows-1252"?>'

    assert mended(head + b"<a>caf\xe9\x0b</a>") == head + b"<a>caf\xe9</a>"


@given(st.lists(PARTS, max_size=20).map(b"".join), st.integers(1, 9))
def test_a_file_is_mended_alike_however_it_is_read(data: bytes, size: int) -> None:
    file, parts = Mended(io.BytesIO(data)), []
    while part := file.read(size):
        parts.append(part)

    assert b"".join(parts) == mended(data)
