"""Documents made to do harm: each costs at most itself, in time and memory that have an end."""

import io
import re
import stat
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from fpdf import FPDF
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.errors import ReadError
from ingest.readers.confined.frames import ReadingLimits
from ingest.readers.confined.process import ReadingProcess
from ingest.readers.extract import Extract
from ingest.readers.reading import READERS
from tests.ingest.readers.archives import a_docx, a_pptx, an_epub, an_ods, an_odt, an_xlsx, repacked

# The same as in a run, but that nothing here may take long.
LIMITS = ReadingLimits(cpu=8.0, wall=12.0)
HTML_LIMIT = 5_000_000
RATIO = 3.0  # of the computing for twice as much; 2 is linear, 4 quadratic
ATTEMPTS = 8
COMPUTED = Path("/proc/self/schedstat")
MAIN = {
    ".docx": "word/document.xml",
    ".odt": "content.xml",
    ".pptx": "ppt/slides/slide0.xml",
    ".xlsx": "xl/worksheets/sheet0.xml",
    ".ods": "content.xml",
    ".epub": "book/content.opf",
}
CANARY = "secret-of-this-machine"


def a_pdf() -> bytes:
    pdf = FPDF()
    pdf.add_page()
    pdf.set_font("Helvetica", size=11)
    pdf.cell(text="Some text.")
    return bytes(pdf.output())


ARCHIVES = {
    ".docx": a_docx(),
    ".odt": an_odt(),
    ".pptx": a_pptx(),
    ".xlsx": an_xlsx(),
    ".ods": an_ods(),
    ".epub": an_epub(),
}
SEEDS = {
    **ARCHIVES,
    ".pdf": a_pdf(),
    ".html": b"<html><body><h1>Lamps</h1><p>Some text.</p></body></html>",
    ".xhtml": b'<?xml version="1.0"?><html><body><p>Some text.</p></body></html>',
    ".md": b"---\ntitle: Lamps\n---\nSome text.\n\n| a | b |\n|---|---|\n| c | d |\n",
    ".txt": b"Lamps\n\nSome text.\n",
}


@pytest.fixture(scope="module")
def process() -> Iterator[ReadingProcess]:
    own = ReadingProcess(LIMITS)
    yield own
    own.close()


def tried(process: ReadingProcess, data: bytes, suffix: str) -> Extract | str:
    """Return what came of a document: what it holds, or why it was refused."""
    try:
        return process.read(data, suffix, name=f"x{suffix}")
    except ReadError as exc:
        return exc.reason


def nanoseconds(process: ReadingProcess) -> int:
    """Return how long the process that reads has computed, waiting left out."""
    its = COMPUTED.parent.with_name(str(process.pid or "self")) / COMPUTED.name
    return int(its.read_text().split()[0])


def test_every_seed_is_read(process: ReadingProcess) -> None:
    assert set(MAIN) < set(SEEDS)
    for suffix, data in SEEDS.items():
        extract = tried(process, data, suffix)
        assert isinstance(extract, Extract), (suffix, extract)
        assert "Some text." in extract.text


@pytest.mark.parametrize("suffix", READERS)
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=400))
def test_any_bytes_give_a_text_or_a_reason(
    process: ReadingProcess, suffix: str, data: bytes
) -> None:
    found = tried(process, data, suffix)

    assert isinstance(found, str) or any(map(str.isalnum, found.text))


@pytest.mark.parametrize("suffix", SEEDS)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.floats(0, 1), st.binary(max_size=12), st.integers(0, 12))
def test_a_document_that_was_tampered_with_gives_a_text_or_a_reason(
    process: ReadingProcess, suffix: str, place: float, wrong: bytes, cut: int
) -> None:
    data = SEEDS[suffix]
    at = int(place * len(data))

    found = tried(process, data[:at] + wrong + data[at + cut :], suffix)

    assert isinstance(found, str) or any(map(str.isalnum, found.text))


@pytest.mark.parametrize("suffix", MAIN)
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.floats(0, 1), st.sampled_from(["<", ">", "&", '"', "<a>", "</a>", "&x;", "\x00", "é"]))
def test_a_part_that_was_tampered_with_gives_a_text_or_a_reason(
    process: ReadingProcess, suffix: str, place: float, wrong: str
) -> None:
    with zipfile.ZipFile(io.BytesIO(ARCHIVES[suffix])) as archive:
        content = archive.read(MAIN[suffix])
    at = int(place * len(content))
    spoilt = content[:at] + wrong.encode() + content[at:]

    found = tried(process, repacked(ARCHIVES[suffix], {MAIN[suffix]: spoilt}), suffix)

    assert isinstance(found, str) or any(map(str.isalnum, found.text))


def vectors(canary: Path) -> Mapping[str, str]:
    """Return documents in XML that reach out, grow, or nest without end."""
    laughs = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    return {
        "file": f'<!DOCTYPE x [<!ENTITY a SYSTEM "file://{canary}">]><x>&a;</x>',
        "http": '<!DOCTYPE x [<!ENTITY a SYSTEM "http://forum.example/">]><x>&a;</x>',
        "parameter": f'<!DOCTYPE x [<!ENTITY % a SYSTEM "file://{canary}">%a;]><x>b</x>',
        "laughs": f'<!DOCTYPE x [<!ENTITY a0 "ha">{laughs}]><x>&a9;</x>',
        "quadratic": f'<!DOCTYPE x [<!ENTITY a "{"a" * 50_000}">]><x>{"&a;" * 10_000}</x>',
        "attributes": '<!DOCTYPE x [<!ATTLIST x b CDATA "c">]><x/>',
        "external": f'<!DOCTYPE x SYSTEM "file://{canary}"><x>b</x>',
        "xinclude": (
            '<x xmlns:i="http://www.w3.org/2001/XInclude">'
            f'<i:include parse="text" href="file://{canary}"/></x>'
        ),
        "stylesheet": f'<?xml-stylesheet type="text/xsl" href="file://{canary}"?><x>b</x>',
        "nested": "<x>" * 100_000 + "b" + "</x>" * 100_000,
        "unclosed": "<x>" * 20_000,
        "cut": "<x><y",
    }


@pytest.mark.parametrize("suffix", [*MAIN, ".xhtml"])
@pytest.mark.parametrize("vector", vectors(Path("/")))
def test_xml_that_reaches_out_grows_or_nests_gives_nothing_away(
    process: ReadingProcess, tmp_path: Path, suffix: str, vector: str
) -> None:
    canary = tmp_path / "canary"
    canary.write_text(CANARY)
    hostile = vectors(canary)[vector]
    is_archive = suffix in MAIN
    data = repacked(SEEDS[suffix], {MAIN[suffix]: hostile}) if is_archive else hostile.encode()

    found = tried(process, data, suffix)

    assert CANARY not in str(found)
    assert len(str(found)) < 1_000_000
    assert isinstance(found, str) or not is_archive
    if is_archive and "<!ENTITY" in hostile:
        assert re.search(r"definitions of its own \(DOCTYPE\)|zip bomb", str(found))


@pytest.mark.parametrize("encoding", ["utf-16", "utf-7", "cp037"])
def test_no_encoding_hides_a_definition(process: ReadingProcess, encoding: str) -> None:
    bomb = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'
    # UTF-7 may write any character in letters, its declaration in plain ones.
    hidden = bomb.replace("<!D", "+ADw-!D").encode() if encoding == "utf-7" else None

    for suffix, data in ARCHIVES.items():
        changed = {MAIN[suffix]: hidden or bomb.encode(encoding)}
        assert isinstance(tried(process, repacked(data, changed), suffix), str)


def spoilt(data: bytes, what: str) -> bytes:
    """Return an archive that is dangerous to unpack."""
    if what == "forged size":
        bomb = repacked(data, {"large.xml": b" " * 50_000_000})
        with zipfile.ZipFile(io.BytesIO(bomb)) as archive:
            header = archive.getinfo("large.xml")
            size = header.file_size.to_bytes(4, "little")
        return bomb.replace(size, (1000).to_bytes(4, "little"))
    if what == "encrypted":
        directory = data.rindex(b"PK\x01\x02")
        return data[: directory + 8] + b"\x01" + data[directory + 9 :]
    if what == "a million entries":
        return (
            data[: data.index(b"PK\x01\x02")]
            + b"PK\x01\x02"
            + (b"\x00" * 42 + b"PK\x01\x02") * 10**6
        )
    if what == "link":
        buffer = io.BytesIO(data)
        with zipfile.ZipFile(buffer, "a") as archive:
            member = zipfile.ZipInfo("link")
            member.external_attr = (stat.S_IFLNK | 0o777) << 16
            archive.writestr(member, "/etc/passwd")
        return buffer.getvalue()
    changes: dict[str, dict[str, bytes | str]] = {
        "bomb": {"a.bin": bytes(99_000_000)},
        "large": {f"{n}.bin": bytes(40_000_000) for n in range(3)},
        "many": {f"{n}": b"" for n in range(2001)},
        "nested": {"inner.zip": data},
        "two of one name": {"A.txt": b"", "a.TXT": b""},
        "absolute": {"/etc/x": b""},
        "upwards": {"a/../../x": b""},
        "drive": {"C:x": b""},
        "backslash": {"a\\x": b""},
    }
    return repacked(data, changes[what])


@pytest.mark.parametrize("suffix", ARCHIVES)
@pytest.mark.parametrize(
    ("what", "reason"),
    [
        ("bomb", "times its size, like a zip bomb"),
        ("large", "unpacks to 120 MB"),
        ("many", "parts, more than 2000"),
        ("nested", "holds another archive"),
        ("two of one name", "two parts of one name"),
        ("absolute", "whose name leads out of it"),
        ("upwards", "whose name leads out of it"),
        ("drive", "whose name leads out of it"),
        ("backslash", "whose name leads out of it"),
        ("link", "holds a link"),
        ("encrypted", "is encrypted"),
        ("forged size", "damaged|zip bomb"),
        ("a million entries", "holds more than 20000 parts"),
    ],
)
def test_an_archive_that_is_dangerous_to_unpack_is_refused(
    process: ReadingProcess, suffix: str, what: str, reason: str
) -> None:
    with pytest.raises(ReadError, match=reason):
        process.read(spoilt(ARCHIVES[suffix], what), suffix, name=f"x{suffix}")


@pytest.mark.parametrize("suffix", ARCHIVES)
def test_the_old_container_is_said_to_be_encrypted_or_old(
    process: ReadingProcess, suffix: str
) -> None:
    found = tried(process, b"\xd0\xcf\x11\xe0" + bytes(600), suffix)

    assert "is encrypted, or in the format of Office 97" in str(found)


FRAGMENTS = (
    "<a ", "<p>", "<div>", "<ul><li>", "<![", "<!--", "&amp;", "<table><tr><td>", "<b><i>",
    '<a href="', "<dl><dt>", "<p style='color:white'>",
)  # fmt: skip


@pytest.mark.skipif(not COMPUTED.exists(), reason="this system does not tell what a process took")
@pytest.mark.parametrize("fragment", FRAGMENTS)
def test_twice_the_markup_takes_twice_the_computing(process: ReadingProcess, fragment: str) -> None:
    def computed(times: int) -> int:
        before = nanoseconds(process)
        tried(process, (fragment * times).encode(), ".html")
        return nanoseconds(process) - before

    once = 20_000 // len(fragment)
    computed(once)
    single, twice = [], []
    for _ in range(ATTEMPTS):  # what else the machine does makes a few of them dearer, not all
        single.append(computed(once))
        twice.append(computed(2 * once))
        if min(twice) / min(single) <= RATIO:
            return

    pytest.fail(f"twice the markup took {min(twice) / min(single):.1f} times the computing")


@pytest.mark.parametrize("fragment", FRAGMENTS)
def test_five_megabytes_of_one_fragment_cost_only_themselves(fragment: str) -> None:
    strict = ReadingProcess(ReadingLimits(cpu=0.5, wall=5.0, memory=500_000_000))
    try:
        found = tried(strict, (fragment * (HTML_LIMIT // len(fragment))).encode(), ".html")
        after = tried(strict, SEEDS[".html"], ".html")
    finally:
        strict.close()

    assert isinstance(found, Extract | str)
    assert isinstance(after, Extract)


@pytest.mark.parametrize("suffix", [".html", ".md", ".txt"])
def test_too_much_text_is_refused(process: ReadingProcess, suffix: str) -> None:
    found = tried(process, b"word " * 1_000_001, suffix)

    assert "is larger than 5 MB" in str(found)


@pytest.mark.parametrize(
    ("markup", "encoding"),
    [
        ("<meta charset=utf-8><p>Liège, 12 °C</p>", "latin-1"),
        ("<meta charset=iso-8859-1><p>Liège, 12 °C</p>", "utf-8"),
        ("<meta charset=utf-7><p>Liège, 12 °C</p>", "cp1252"),
        ("<meta charset=no-such><p>Liège, 12 °C</p>", "utf-8"),
        ("<meta charset=utf-8><p>Liège, 12 °C</p>", "utf-16"),
        ("<meta charset=iso-8859-2><p>Liège, 12 °C</p>", "utf-8"),
    ],
)
def test_a_wrong_encoding_does_no_harm(process: ReadingProcess, markup: str, encoding: str) -> None:
    found = tried(process, markup.encode(encoding), ".html")

    assert isinstance(found, Extract)
    assert found.text == "Liège, 12 °C"
