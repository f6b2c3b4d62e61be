import pytest

from ingest.readers.shared.encoding import decode

FRENCH = "Les élèves de l’école sont protégés dès l’été, à Liège comme à Écaussinnes."


@pytest.mark.parametrize("cut", [b"\xc3", b"\xe2\x80", b"\xff"])
@pytest.mark.parametrize("declared", ["", '<meta charset="utf-8">', '<meta charset="iso-8859-1">'])
def test_a_character_that_was_cut_in_two_costs_only_itself(declared: str, cut: bytes) -> None:
    text = f"{declared}{FRENCH}"

    assert decode(text.encode() + cut + b" " + text.encode()) == f"{text}\ufffd {text}"


def test_few_whole_characters_are_enough_where_a_page_declares_utf_8() -> None:
    assert decode(b'<meta charset="UTF-8">\xc3\xa9t\xc3') == '<meta charset="UTF-8">ét\ufffd'


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (FRENCH, "cp1252"),
        ("Ärger über Größe in Köln", "iso-8859-1"),
        ("Η ασφάλεια στην πόλη Ίλιον, Ώρα", "windows-1253"),
        ("Безопасность в городе", "koi8-r"),
        ("安全な街づくりのために", "shift_jis"),
        ("城市安全论坛会议", "gb18030"),
    ],
)
def test_other_encodings_are_read_as_declared(text: str, encoding: str) -> None:
    declared = f'<meta charset="{encoding}">'

    assert decode(f"{declared}{text}".encode(encoding)) == f"{declared}{text}"


def test_a_page_that_wrongly_declares_utf_8_is_read_as_windows_1252() -> None:
    page = f'<meta charset="utf-8">{FRENCH}'

    assert decode(page.encode("cp1252")) == page
