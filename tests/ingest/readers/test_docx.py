import io
import zipfile
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime

import docx
import mammoth
import pytest
from lxml import etree

from ingest.errors import ReadError
from ingest.readers.docx.markup import in_plain_form
from ingest.readers.docx.numbering import Numbers, styles_of
from ingest.readers.docx.reader import read_docx
from ingest.readers.extract import Extract
from ingest.readers.office.archive import xml
from tests.ingest.readers.archives import RELATIONS, R, packed, repacked


def a_docx(*, title: str = "Lamps in parks") -> bytes:
    document = docx.Document()
    document.core_properties.title = title
    document.core_properties.created = datetime(2022, 3, 14, tzinfo=UTC)
    document.core_properties.modified = datetime(2026, 1, 12, tzinfo=UTC)  # by whoever saved it
    document.core_properties.language = "fr-BE"
    document.add_heading("Lamps in parks", level=1)
    document.add_paragraph("Towns tried ").add_run("new lamps").bold = True
    document.add_heading("What was found", level=2)
    document.add_paragraph("warm light", style="List Bullet")
    document.add_paragraph("clear paths", style="List Bullet")
    document.add_paragraph("ask first", style="List Number")
    document.add_paragraph("I walk home again.", style="Quote")
    table = document.add_table(rows=2, cols=2)
    for cell, text in zip(table._cells, ("Town", "Lamps", "Ath", "120"), strict=True):
        cell.text = text
    return saved(document.save)


def saved(save: Callable[[io.BytesIO], None]) -> bytes:
    buffer = io.BytesIO()
    save(buffer)
    return buffer.getvalue()


def test_a_document_is_read_with_its_structure_and_properties() -> None:
    assert read_docx(a_docx(), name="x.docx") == Extract(
        title="Lamps in parks",
        text=(
            "Towns tried new lamps\n"
            "\n"
            "## What was found\n"
            "\n"
            "- warm light\n"
            "- clear paths\n"
            "\n"
            "1. ask first\n"
            "\n"
            "> I walk home again.\n"
            "\n"
            "| Town | Lamps |\n"
            "| --- | --- |\n"
            "| Ath | 120 |"
        ),
        published=date(2022, 3, 14),
        language="fr",
    )


@pytest.mark.parametrize("title", ["", "Document1", "Word Document"])
def test_a_title_no_person_wrote_gives_way_to_the_first_heading(title: str) -> None:
    assert read_docx(a_docx(title=title), name="x.docx").title == "Lamps in parks"


@pytest.mark.parametrize("part", ["word/document.xml", "docProps/core.xml", "customXml/item.xml"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_definition_is_refused(part: str, encoding: str) -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]><x>&a;</x>'.encode(encoding)

    with pytest.raises(ReadError, match="DOCTYPE"):
        read_docx(repacked(a_docx(), {part: bomb}), name="x.docx")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"word/media/image.bin": b"\x00" * 101_000_000}, "unpacks to 101 MB"),
        ({"word/media/image.bin": b"\x00" * 60_000_000}, "zip bomb"),
        ({f"word/{number}": b"" for number in range(2001)}, "parts, more than 2000"),
        ({"word/large.xml": bytes(range(32, 127)) * 320_000}, "zip bomb|more than 30 MB"),
    ],
)
def test_a_zip_bomb_is_refused_before_it_is_unpacked(
    changes: dict[str, bytes], reason: str
) -> None:
    with pytest.raises(ReadError, match=reason):
        read_docx(repacked(a_docx(), changes), name="x.docx")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"no zip at all", "damaged or not a Word document"),
        (b"\xd0\xcf\x11\xe0" + b"\x00" * 600, "is encrypted"),
        (a_docx()[:3000], "damaged"),
    ],
)
def test_a_file_that_is_no_word_document_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(ReadError, match=reason):
        read_docx(data, name="x.docx")


def test_broken_properties_do_not_matter() -> None:
    data = repacked(a_docx(), {"docProps/core.xml": b"<broken"})

    extract = read_docx(data, name="x.docx")

    assert extract.title == "Lamps in parks"
    assert extract.published is None


def a_level(at: int, label: str, form: str = "decimal", *, extra: str = "") -> str:
    return (
        f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>{extra}'
        f'<w:lvlText w:val="{label}"/></w:lvl>'
    )


def a_numbering(*levels: str, name: str = "7", overrides: str = "") -> str:
    return (
        f'<w:abstractNum w:abstractNumId="{name}">{"".join(levels)}</w:abstractNum>'
        f'<w:num w:numId="{name}"><w:abstractNumId w:val="{name}"/>{overrides}</w:num>'
    )


def a_line(words: str, level: int = 0, *, name: str = "7", style: str = "") -> str:
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    numbered = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{name}"/></w:numPr>'
    runs = f"<w:r><w:t>{words}</w:t></w:r>" if words else ""
    return f"<w:p><w:pPr>{named}{numbered if name else ''}</w:pPr>{runs}</w:p>"


def a_run(words: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{words}</w:t></w:r>'


def text(
    body: str,
    *,
    numbering: str = "",
    styles: str = "",
    notes: str = "",
    more: Mapping[str, str] | None = None,
) -> str:
    """Return what is read of a Word document whose body stands in XML."""
    names = " ".join(f'xmlns:{short}="{name}"' for short, name in NAMES.items())
    parts = {
        "word/document.xml": f"<w:document {names}><w:body>{body}</w:body></w:document>",
        "word/numbering.xml": f"<w:numbering {names}>{numbering}</w:numbering>",
        "word/styles.xml": f"<w:styles {names}>{styles}</w:styles>",
        "word/footnotes.xml": f"<w:footnotes {names}>{notes}</w:footnotes>",
        **(more or {}),
    }
    return read_docx(packed(parts), name="x.docx").text


NAMES = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
    "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "v": "urn:schemas-microsoft-com:vml",
    "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
}
HEADING = '<w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/>{}</w:style>'
LAW = a_numbering(a_level(0, "%1"), a_level(1, "%1.%2"), a_level(2, "(%3)", "lowerLetter"))


def test_the_numbers_of_clauses_and_of_headings_are_part_of_their_text() -> None:
    body = (
        a_line("Lamps", style="Heading1")
        + a_line("A town lights its parks.", 1)
        + a_line("Contributions", style="Heading1")
        + a_line("The fee is due in March.", 1)
        + a_line("Free of it is", 1)
        + a_line("a town with few inhabitants;", 2)
        + a_line("a school.", 2)
        + a_line("Others pay.", 1)
    )

    assert text(body, numbering=LAW, styles=HEADING.format("")) == (
        "## 1 Lamps\n\n1.1 A town lights its parks.\n\n## 2 Contributions\n\n"
        "2.1 The fee is due in March.\n\n2.2 Free of it is\n\n"
        "- (a) a town with few inhabitants;\n- (b) a school.\n\n2.3 Others pay."
    )


def test_a_style_gives_a_number_and_those_based_on_it_take_it_over() -> None:
    numbered = '<w:pPr><w:numPr><w:numId w:val="7"/></w:numPr></w:pPr>'
    styles = HEADING.format(numbered) + (
        '<w:style w:type="paragraph" w:styleId="Own"><w:name w:val="Own"/>'
        '<w:basedOn w:val="Heading1"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="Clause"><w:name w:val="Clause"/>'
        f"{numbered}</w:style>"
    )
    own = '<w:pStyle w:val="Clause"/>'
    numbering = a_numbering(a_level(0, "§ %1"), a_level(1, "%1.%2", extra=own))
    body = "".join(
        a_line(words, name="", style=style)
        for words, style in (("Lamps", "Heading1"), ("Paths", "Own"), ("They are wide.", "Clause"))
    )

    assert text(body, numbering=numbering, styles=styles) == (
        "## § 1 Lamps\n\n## § 2 Paths\n\n2.1 They are wide."
    )


def test_a_plain_list_stays_one_and_goes_on_counting_after_an_interruption() -> None:
    numbering = a_numbering(a_level(0, "%1.")) + (
        '<w:num w:numId="8"><w:abstractNumId w:val="7"/><w:lvlOverride w:ilvl="0">'
        '<w:startOverride w:val="1"/></w:lvlOverride></w:num>'
    )
    body = (
        a_line("ask")
        + a_line("plan")
        + a_line("This takes a year.", name="")
        + a_line("build")
        + a_line("another list", name="8")
        + a_line("goes on", name="8")
    )

    assert text(body, numbering=numbering) == (
        "1. ask\n2. plan\n\nThis takes a year.\n\n3. build\n\n1. another list\n2. goes on"
    )


@pytest.mark.parametrize(
    ("form", "label", "read"),
    [
        ("lowerLetter", "%1)", "- a) ask\n- b) plan"),
        ("upperRoman", "%1.", "- I. ask\n- II. plan"),
        ("decimal", "(%1)", "- (1) ask\n- (2) plan"),
        ("decimal", "Step %1:", "Step 1: ask\n\nStep 2: plan"),
        ("decimalZero", "%1", "- 01 ask\n- 02 plan"),
        ("bullet", "o", "- ask\n- plan"),
        ("none", "", "ask\n\nplan"),
        ("hebrew1", "%1.", "- ask\n- plan"),
    ],
)
def test_numbers_are_written_as_they_are_shown(form: str, label: str, read: str) -> None:
    numbering = a_numbering(a_level(0, label, form))

    assert text(a_line("ask") + a_line("plan"), numbering=numbering) == read


def test_deeper_levels_start_again_unless_they_are_to_go_on() -> None:
    restart = '<w:lvlRestart w:val="0"/>'
    numbering = a_numbering(
        a_level(0, "%1", "upperRoman"),
        a_level(1, "%1.%2", extra="<w:isLgl/>"),
        a_level(2, "%1.%2.%3"),
        a_level(3, "[%4] of %1", extra=restart),
    )
    levels = (0, 1, 2, 2, 1, 2, 3, 0, 1, 3)
    body = "".join(a_line("x", level) for level in levels)

    read = text(body, numbering=numbering).replace(" x", "").split("\n\n")

    shown = "I, 1.1, I.1.1, I.1.2, 1.2, I.2.1, [1] of I, II, 2.1, [2] of II"
    assert read == shown.split(", ")


def test_a_list_that_uses_only_the_first_of_its_levels_is_a_plain_one() -> None:
    numbering = a_numbering(a_level(0, "%1."), a_level(1, "%1.%2."))

    assert text(a_line("ask") + a_line("plan"), numbering=numbering) == "1. ask\n2. plan"
    assert text(a_line("ask") + a_line("plan", 1), numbering=numbering) == " 1. ask\n\n1.1. plan"


def test_a_clause_in_the_style_of_a_heading_is_read_as_a_clause() -> None:
    clause = "A member who has not paid for two years loses its vote until it has paid, and " * 2
    numbered = HEADING.format('<w:pPr><w:numPr><w:numId w:val="7"/></w:numPr></w:pPr>')

    read = text(a_line(f"{clause}so on.", style="Heading1"), numbering=LAW, styles=numbered)

    assert read == f"1. {clause}so on."


def test_the_numbers_in_a_cell_stay() -> None:
    cell = f"<w:tc>{a_line('ask')}{a_line('plan')}</w:tc>"
    body = f"<w:tbl><w:tr>{cell}{cell}</w:tr><w:tr>{cell}{cell}</w:tr></w:tbl>"

    assert "1. ask" in text(body, numbering=a_numbering(a_level(0, "%1.")))


def test_a_numbering_that_is_damaged_numbers_nothing() -> None:
    numbering = (
        '<w:num w:numId="7"><w:abstractNumId w:val="9"/></w:num><w:abstractNum/><w:num/>'
        '<w:num w:numId="8"/>'
    )
    loop = '<w:style w:type="paragraph" w:styleId="A"><w:basedOn w:val="A"/></w:style>'

    body = a_line("Some text.") + a_line("More.", name="8", style="A")
    assert text(body, numbering=numbering, styles=loop) == "Some text.\n\nMore."


BOX = f"<w:txbxContent><w:p>{a_run('In a box.')}</w:p></w:txbxContent>"
DRAWN = (
    "<w:drawing><wp:anchor><a:graphic><a:graphicData><wps:wsp><wps:txbx>"
    f"{BOX}</wps:txbx></wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing>"
)
OLD = f"<w:pict><v:shape><v:textbox>{BOX}</v:textbox></v:shape></w:pict>"


def alternatives(new: str, old: str) -> str:
    return (
        f'<mc:AlternateContent><mc:Choice Requires="wps">{new}</mc:Choice>'
        f"<mc:Fallback>{old}</mc:Fallback></mc:AlternateContent>"
    )


@pytest.mark.parametrize(
    "box",
    [DRAWN, OLD, alternatives(DRAWN, OLD), alternatives("<w:drawing/>", OLD)],
    ids=["drawn", "old", "both", "new without words"],
)
def test_a_text_box_is_read_once_after_its_paragraph(box: str) -> None:
    body = f"<w:p>{a_run('Towns ')}<w:r>{box}</w:r>{a_run('tried lamps.')}</w:p>"

    assert text(body + a_line("More.", name="")) == "Towns tried lamps.\n\nIn a box.\n\nMore."


def test_a_text_box_in_a_text_box_follows_it_and_a_hidden_one_is_left_out() -> None:
    inner = DRAWN.replace("In a box.", "Inside.")
    outer = DRAWN.replace("</w:r></w:p>", f"</w:r><w:r>{inner}</w:r></w:p>")
    hidden = DRAWN.replace("<a:graphic>", '<wp:docPr hidden="1"/><a:graphic>', 1)

    body = f"<w:p>{a_run('A')}<w:r>{outer}</w:r><w:r>{hidden}</w:r></w:p>"

    assert text(body) == "A\n\nIn a box.\n\nInside."


BEGIN, SEPARATE, END = (
    f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end")
)


def a_field(code: str, result: str) -> str:
    return f"{BEGIN}<w:r><w:instrText>{code}</w:instrText></w:r>{SEPARATE}{a_run(result)}{END}"


def a_box(marks: str) -> str:
    box = f"<w:ffData><w:checkBox>{marks}</w:checkBox></w:ffData>"
    begin = BEGIN.replace("/></w:r>", f">{box}</w:fldChar></w:r>")
    return f"{begin}<w:r><w:instrText>FORMCHECKBOX</w:instrText></w:r>{END}{a_run(' yes')}"


def a_control(words: str, properties: str = "") -> str:
    return f"<w:sdt><w:sdtPr>{properties}</w:sdtPr><w:sdtContent>{words}</w:sdtContent></w:sdt>"


PARTS = "<m:num><m:r><m:t>a+b</m:t></m:r></m:num><m:den><m:r><m:t>2</m:t></m:r></m:den>"


@pytest.mark.parametrize(
    ("runs", "read"),
    [
        (f"<w:ins>{a_run('new')}</w:ins>", "new"),
        ("<w:del><w:r><w:delText>old</w:delText></w:r></w:del>", ""),
        (f"<w:moveFrom>{a_run('a')}</w:moveFrom><w:moveTo>{a_run('b')}</w:moveTo>", "b"),
        (f'<w:fldSimple w:instr="AUTHOR">{a_run("Amélie")}</w:fldSimple>', "Amélie"),
        (a_field("AUTHOR", "Amélie"), "Amélie"),
        (f"{BEGIN}{a_field('X', 'code')}{SEPARATE}{a_run('result')}{END}", "result"),
        (f"{BEGIN}{a_run('never ended')}", "never ended"),
        (a_control(a_run("filled in")), "filled in"),
        (a_control(a_run("Click here"), "<w:showingPlcHdr/>"), ""),
        (f"<w:bdo>{a_run('left to right')}</w:bdo>", "left to right"),
        ("<w:r><w:t>e</w:t><w:noBreakHyphen/><w:t>mail</w:t></w:r>", "e-mail"),
        ("<w:r><w:t>ma</w:t><w:softHyphen/><w:t>il</w:t></w:r>", "mail"),
        ('<w:r><w:sym w:font="Symbol" w:char="F0B3"/><w:t> 3</w:t></w:r>', "≥ 3"),
        ('<w:r><w:t>one</w:t><w:br w:type="page"/><w:t>two</w:t></w:r>', "one two"),
        ("<w:r><w:t>one</w:t><w:cr/><w:t>two</w:t></w:r>", "one two"),
        ("<w:ruby><w:rt>{}</w:rt><w:rubyBase>{}</w:rubyBase></w:ruby>", "base"),
        (f"<m:oMath><m:r><m:t>n</m:t></m:r><m:f>{PARTS}</m:f></m:oMath>", "n(a+b)/2"),
        ('<w:r><w:commentReference w:id="0"/></w:r>', ""),
        (a_box("<w:checked/>"), "☒ yes"),
        (a_box('<w:default w:val="1"/>'), "☒ yes"),
        (a_box('<w:default w:val="1"/><w:checked w:val="0"/>'), "☐ yes"),
        (a_box(""), "☐ yes"),
    ],
)
def test_a_line_is_read_as_a_reader_sees_it(runs: str, read: str) -> None:
    body = f"<w:p>{a_run('Seen: ')}{runs.format(a_run('hint'), a_run('base'))}</w:p>"

    assert text(body) == f"Seen: {read}".strip()


@pytest.mark.parametrize(("own", "read"), [("", "Seen."), ('<w:vanish w:val="0"/>', "Seen. X")])
@pytest.mark.parametrize("kind", ["paragraph", "character"])
def test_what_its_style_hides_is_left_out_unless_it_shows_itself(
    kind: str, own: str, read: str
) -> None:
    styles = (
        f'<w:style w:type="{kind}" w:styleId="Base"><w:rPr><w:vanish/></w:rPr></w:style>'
        f'<w:style w:type="{kind}" w:styleId="Mine"><w:basedOn w:val="Base"/></w:style>'
    )
    shared, named = "", f'<w:rStyle w:val="Mine"/>{own}'
    if kind == "paragraph":
        shared, named = '<w:pPr><w:pStyle w:val="Mine"/></w:pPr>', own
    line = f"<w:p>{shared}<w:r><w:rPr>{named}</w:rPr><w:t>X</w:t></w:r></w:p>"

    assert text(f"<w:p>{a_run('Seen.')}</w:p>{line}", styles=styles).split() == read.split()


def test_a_paragraph_whose_end_was_deleted_goes_on_with_the_next() -> None:
    deleted = "<w:pPr><w:rPr><w:del/></w:rPr></w:pPr>"
    gone = f"<w:p>{deleted}<w:del><w:r><w:delText>Gone.</w:delText></w:r></w:del></w:p>"
    body = f"<w:p>{deleted}{a_run('Towns ')}</w:p><w:p>{a_run('tried lamps.')}</w:p>"
    row = "<w:tr><w:tc><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:tc></w:tr>"
    table = row.format("A") + row.format("B").replace("<w:tr>", "<w:tr><w:trPr><w:del/></w:trPr>")

    read = text(f"{body}{gone}<w:tbl>{table}</w:tbl>{gone}")

    assert read == "Towns tried lamps.\n\nA"


def test_a_table_of_contents_is_left_out() -> None:
    styles = '<w:style w:type="paragraph" w:styleId="Inhalt1"><w:name w:val="toc 1"/></w:style>'
    code = f"{BEGIN}<w:r><w:instrText> TOC \\o</w:instrText></w:r>{SEPARATE}"
    gallery = '<w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj>'
    line = f"<w:p>{a_run('HIDDEN')}</w:p>"
    body = (
        f"<w:p>{code}{a_run('HIDDEN')}</w:p>{line}<w:p>{END}</w:p>{a_control(line, gallery)}"
        f"{a_line('HIDDEN', name='', style='Inhalt1')}"
    )

    assert text(body + a_line("Some text.", name=""), styles=styles) == "Some text."


def a_cell(words: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr><w:p>{a_run(words)}</w:p></w:tc>"


def html(body: str, styles: str = "") -> str:
    """Return the table that mammoth makes of rows."""
    names = " ".join(f'xmlns:{short}="{name}"' for short, name in NAMES.items())
    root = xml(f"<w:document {names}><w:body><w:tbl>{body}</w:tbl></w:body></w:document>".encode())
    named = styles_of(xml(f"<w:styles {names}>{styles}</w:styles>".encode()))
    in_plain_form(root, named, Numbers(None, named))
    main = etree.tostring(root)
    made = mammoth.convert_to_html(io.BytesIO(packed({"word/document.xml": main}))).value
    return str(made).replace("<p>", "").replace("</p>", "")


def test_spans_and_rows_of_heads_survive() -> None:
    heads = "<w:trPr><w:tblHeader/></w:trPr>"
    no_heads = '<w:trPr><w:tblHeader w:val="0"/></w:trPr>'
    late = '<w:trPr><w:gridBefore w:val="1"/></w:trPr>'
    two, across = '<w:gridSpan w:val="2"/>', '<w:hMerge w:val="restart"/>'
    down, on = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    rows = (
        f"<w:tr>{heads}{a_cell('H', down)}{a_cell('I', two)}</w:tr>"
        f"<w:tr>{heads}{a_cell('', on)}{a_cell('J')}{a_cell('K')}</w:tr>"
        f"<w:tr>{no_heads}{a_cell('a')}{a_cell('b')}{a_control(a_cell('c'))}</w:tr>"
        f"<w:tr>{late}{a_cell('d')}{a_cell('e')}</w:tr>"
        f"<w:tr>{a_cell('f', across)}{a_cell('', '<w:hMerge/>')}{a_cell('g')}</w:tr>"
    )

    assert html(rows) == (
        '<table><thead><tr><th rowspan="2">H</th><th colspan="2">I</th></tr><tr><th>J</th>'
        "<th>K</th></tr></thead><tbody><tr><td>a</td><td>b</td><td>c</td></tr><tr><td></td>"
        '<td>d</td><td>e</td></tr><tr><td colspan="2">f</td><td>g</td></tr></tbody></table>'
    )


def test_rows_and_columns_that_the_style_of_a_table_sets_apart_are_heads() -> None:
    styles = (
        '<w:style w:type="table" w:styleId="G"><w:name w:val="Grid 4"/><w:basedOn w:val="B"/>'
        '</w:style><w:style w:type="table" w:styleId="B"><w:name w:val="Base"/>'
        '<w:tblStylePr w:type="firstRow"/><w:tblStylePr w:type="firstCol"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="H"><w:name w:val="Head"/><w:rPr><w:b/></w:rPr>'
        "</w:style>"
    )
    bold = a_cell("9").replace("<w:p>", '<w:p><w:pPr><w:pStyle w:val="H"/></w:pPr>')
    rows = (
        f"<w:tr>{a_cell('1')}{a_cell('2')}</w:tr><w:tr>{a_cell('3')}{a_cell('4')}</w:tr>"
        f"<w:tr>{a_cell('5')}{bold}</w:tr>"
    )
    row, column, old = (
        f'<w:tblPr><w:tblStyle w:val="G"/><w:tblLook {look}/></w:tblPr>'
        for look in ('w:firstRow="1"', 'w:firstColumn="1"', 'w:val="0020"')
    )

    assert html(row + rows, styles).count("<th>") == 2
    assert "<th>1</th><th>2</th>" in html(old + rows, styles)
    assert html(column + rows, styles).count("<td><strong>") == 4
    assert "<td><strong>9</strong></td>" in html(row + rows, styles)


def test_notes_are_read_once_at_the_end() -> None:
    body = (
        f"<w:p>{a_run('Towns')}<w:r><w:footnoteReference w:id='2'/></w:r>{a_run(' tried.')}</w:p>"
    )
    notes = f"<w:footnote w:id='2'><w:p>{a_run('Five of them.')}</w:p></w:footnote>"

    assert text(body, notes=notes) == "Towns tried.\n\n1. Five of them."


CHARTS = "http://schemas.openxmlformats.org/drawingml/2006/chart"


def a_series(name: str, *values: str) -> str:
    def points(texts: tuple[str, ...]) -> str:
        return "".join(
            f'<c:pt idx="{at}"><c:v>{each}</c:v></c:pt>' for at, each in enumerate(texts)
        )

    return (
        f"<c:ser><c:tx><c:strRef><c:strCache>{points((name,))}</c:strCache></c:strRef></c:tx>"
        f"<c:cat><c:strRef><c:strCache>{points(('2024', '2025'))}</c:strCache></c:strRef></c:cat>"
        f"<c:val><c:numRef><c:numCache>{points(values)}</c:numCache></c:numRef></c:val></c:ser>"
    )


@pytest.mark.parametrize(
    ("series", "read"),
    [
        (a_series("Ath", "25", "50"), "Ath\n\n- 2024: 25\n- 2025: 50"),
        (
            a_series("Ath", "25", "50") + a_series("Huy", "1", "2"),
            "|  | Ath | Huy |\n| --- | --- | --- |\n| 2024 | 25 | 1 |\n| 2025 | 50 | 2 |",
        ),
    ],
)
def test_a_chart_is_read_after_its_paragraph(series: str, read: str) -> None:
    plotted = f"<c:plotArea><c:barChart>{series}</c:barChart></c:plotArea>"
    relation = f'<Relationship Id="r9" Type="{R}/chart" Target="charts/chart1.xml"/>'
    more = {
        "word/_rels/document.xml.rels": (
            f'<Relationships xmlns="{RELATIONS}">{relation}</Relationships>'
        ),
        "word/charts/chart1.xml": (
            f'<c:chartSpace xmlns:c="{CHARTS}"><c:chart>{plotted}</c:chart></c:chartSpace>'
        ),
    }
    chart = (
        "<w:r><w:drawing><wp:inline><a:graphic><a:graphicData>"
        f'<c:chart xmlns:c="{CHARTS}" xmlns:r="{R}" r:id="r9"/>'
        "</a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
    )

    made = text(f"<w:p>{a_run('Thefts:')}{chart}</w:p><w:p>{a_run('End.')}</w:p>", more=more)

    assert made == f"Thefts:\n\n{read}\n\nEnd."


def test_a_link_a_picture_and_a_style_that_are_incomplete_cost_no_document() -> None:
    other = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    graphic = (
        '<a:graphic><a:graphicData><pic:pic xmlns:pic="http://schemas.openxmlformats.org/'
        f'drawingml/2006/picture"><pic:blipFill><a:blip {other} r:embed="r9"/></pic:blipFill>'
        "</pic:pic></a:graphicData></a:graphic>"
    )
    body = (
        f'<w:p><w:hyperlink {other} r:id="r9">{a_run("Seen.")}</w:hyperlink>'
        f"<w:r><w:drawing><wp:inline>{graphic}</wp:inline></w:drawing></w:r></w:p>"
    )

    assert text(body, styles='<w:style w:styleId="Q"/><w:style w:type="paragraph"/>') == "Seen."


@pytest.mark.parametrize(
    "inside",
    [
        '<w:footnoteReference w:id="9"/>',
        "<w:footnoteReference/>",
        '<w:endnoteReference w:id="1"/>',
        "<w:commentReference/>",
        "<w:sym/>",
        '<w:sym w:font="Wingdings"/>',
        '<w:sym w:font="Wingdings" w:char="box"/>',
    ],
)
def test_a_mark_without_its_note_or_character_costs_no_document(inside: str) -> None:
    notes = "".join(
        f"<w:footnote{name}><w:p>{a_run('Note.')}</w:p></w:footnote>" for name in ("", ' w:id="1"')
    )

    assert text(f"<w:p>{a_run('Seen.')}<w:r>{inside}</w:r></w:p>", notes=notes) == "Seen."


def test_a_damaged_comment_costs_no_document() -> None:
    body = f'<w:p>{a_run("Seen.")}<w:r><w:commentReference w:id="1"/></w:r></w:p>'
    comments = f'<w:comments xmlns:w="{NAMES["w"]}"><w:comment><w:p/></w:comment></w:comments>'

    assert text(body, more={"word/comments.xml": comments}) == "Seen."


def test_a_title_of_two_lines_is_one_and_does_not_come_twice() -> None:
    document = docx.Document()
    document.add_heading("Lamps in parks\nof five towns", level=1)
    document.add_paragraph("Warm light.")

    extract = read_docx(saved(document.save), name="x.docx")

    assert (extract.title, extract.text) == ("Lamps in parks of five towns", "Warm light.")


def test_a_section_stays_below_its_chapter() -> None:
    chapters = ("Spain", "Fees", "45 euros."), ("Italy", "Fees", "60 euros.")
    document = docx.Document()
    document.core_properties.title = "Stalls"
    for chapter, section, words in chapters:
        document.add_heading(chapter, level=1)
        document.add_heading(section, level=2)
        document.add_paragraph(words)

    extract = read_docx(saved(document.save), name="x.docx")

    assert extract.text == (
        "## Spain\n\n### Fees\n\n45 euros.\n\n## Italy\n\n### Fees\n\n60 euros."
    )


def test_a_numbered_heading_is_not_the_title() -> None:
    body = a_line("Lamps", style="Heading1") + a_line("Lamps for all", name="", style="Heading1")
    names = " ".join(f'xmlns:{short}="{name}"' for short, name in NAMES.items())
    parts = {
        "word/document.xml": f"<w:document {names}><w:body>{body}</w:body></w:document>",
        "word/numbering.xml": f"<w:numbering {names}>{LAW}</w:numbering>",
    }

    assert read_docx(packed(parts), name="x.docx").title == "Lamps for all"


def test_what_is_styled_as_the_title_is_it_whatever_chapters_follow() -> None:
    document = docx.Document()
    for words, level in (("Stalls", 0), ("Spain", 1), ("Italy", 1)):
        document.add_heading(words, level)
        document.add_paragraph(f"On {words}.")

    extract = read_docx(saved(document.save), name="x.docx")

    assert extract.title == "Stalls"
    assert extract.text == "On Stalls.\n\n## Spain\n\nOn Spain.\n\n## Italy\n\nOn Italy."


def test_a_paragraph_that_gives_itself_a_level_is_a_heading() -> None:
    line = '<w:p><w:pPr>{}<w:outlineLvl w:val="{}"/></w:pPr><w:r><w:t>{}</w:t></w:r></w:p>'
    styles = '<w:style w:type="paragraph" w:styleId="T"><w:name w:val="Subtitle"/></w:style>'
    body = (
        line.format("", 1, "Fees")
        + line.format("", 9, "45 euros.")
        + line.format("", 2, "All stalls pay. " * 10)
        + line.format('<w:pStyle w:val="T"/>', 0, "Below the title")
    )

    assert text(body, styles=styles) == (
        f"## Fees\n\n45 euros.\n\n{('All stalls pay. ' * 10).strip()}\n\nBelow the title"
    )


def test_a_newsletter_is_read_to_its_end() -> None:
    document = docx.Document()
    document.add_heading("Newsletter", 0)
    document.add_paragraph("Recommended: at least two lamps at each crossing.")
    document.add_heading("Other news", 1)
    document.add_paragraph("The pool opens on 3 May.")
    document.add_heading("Contact", 1)
    document.add_paragraph("Call 02 123 45 67.")

    assert read_docx(saved(document.save), name="x.docx").text == (
        "Recommended: at least two lamps at each crossing.\n\n"
        "## Other news\n\nThe pool opens on 3 May.\n\n## Contact\n\nCall 02 123 45 67."
    )


def with_chunk(path: str, content: bytes) -> bytes:
    """Return a document that shows a part with a format of its own between two paragraphs."""
    data = saved(docx.Document().save)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        main = archive.read("word/document.xml").decode()
        listed = archive.read("word/_rels/document.xml.rels").decode()
    shown = '<w:p><w:r><w:t>Above.</w:t></w:r></w:p><w:altChunk r:id="c1"/>'
    shown += "<w:p><w:r><w:t>Below.</w:t></w:r></w:p>"
    relation = f'<Relationship Id="c1" Type="{R}/aFChunk" Target="/word/{path}"/></Relationships>'
    changes = {
        "word/document.xml": main.replace("<w:body>", f"<w:body>{shown}").encode(),
        "word/_rels/document.xml.rels": listed.replace("</Relationships>", relation).encode(),
        f"word/{path}": content,
    }
    return repacked(data, changes)


PAGE = (
    b"<!DOCTYPE html><html><body><h2>Fees</h2><table><tr><th>Town<th>Fee<tr><td>Ath<td>400"
    b"</table><p hidden>Unseen.</p></body></html>"
)
READ_PAGE = "## Fees\n\n| Town | Fee |\n| --- | --- |\n| Ath | 400 |"


@pytest.mark.parametrize(
    ("path", "content", "shown"),
    [
        ("part1.html", PAGE, READ_PAGE),
        (
            "part1.mht",
            b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=part\n\n--part\n"
            b"Content-Type: text/html; charset=utf-8\n\n" + PAGE + b"\n--part--\n",
            READ_PAGE,
        ),
        ("part1.txt", b"Fees < 400\n\nAsk in Ath.", "Fees < 400\n\nAsk in Ath."),
    ],
)
def test_a_part_of_another_format_is_read_where_it_is_shown(
    path: str, content: bytes, shown: str
) -> None:
    extract = read_docx(with_chunk(path, content), name="x.docx")

    assert extract.text == f"Above.\n\n{shown}\n\nBelow."


def test_a_document_inside_another_is_read_once_and_none_inside_that() -> None:
    deepest = with_chunk("part1.txt", b"Too deep.")

    extract = read_docx(with_chunk("part1.docx", deepest), name="x.docx")

    assert extract.text == "Above.\n\nAbove.\n\nBelow.\n\nBelow."


def test_a_part_that_is_a_bomb_is_refused() -> None:
    with pytest.raises(ReadError, match="more than 60,000 tags"):
        read_docx(with_chunk("part1.html", b"<p>a" * 60_001), name="x.docx")
