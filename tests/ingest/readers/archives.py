"""Small documents of office programs and e-books, made by hand, and ways to spoil them."""

import io
import zipfile
from collections.abc import Mapping

import docx

OFFICE = "urn:oasis:names:tc:opendocument:xmlns"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
P = "http://schemas.openxmlformats.org/presentationml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
S = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_CHART_NAMES = ("office", "text", "table", "chart")
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"


def packed(parts: Mapping[str, bytes | str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def repacked(data: bytes, changes: Mapping[str, bytes | str]) -> bytes:
    """Return an archive with parts replaced or added."""
    with zipfile.ZipFile(io.BytesIO(data)) as old:
        parts: dict[str, bytes | str] = {name: old.read(name) for name in old.namelist()}
    return packed({**parts, **changes})


def a_docx(*runs: str) -> bytes:
    """Return a Word document of one line, with runs as they stand in the XML."""
    document = docx.Document()
    document.add_paragraph("Some text.")
    buffer = io.BytesIO()
    document.save(buffer)
    with zipfile.ZipFile(buffer) as archive:
        main = archive.read("word/document.xml").decode()
    added = main.replace("</w:p>", f"{''.join(runs)}</w:p>", 1)
    return repacked(buffer.getvalue(), {"word/document.xml": added})


def an_odt(body: str = "<text:p>Some text.</text:p>", *, styles: str = "", meta: str = "") -> bytes:
    names = " ".join(
        f'xmlns:{each}="{OFFICE}:{each}:1.0"'
        for each in ("office", "text", "table", "style", "meta")
    )
    names += f' xmlns:draw="{OFFICE}:drawing:1.0" xmlns:fo="{OFFICE}:xsl-fo-compatible:1.0"'
    names += ' xmlns:dc="http://purl.org/dc/elements/1.1/"'
    content = (
        f"<office:document-content {names}><office:automatic-styles>{styles}"
        f"</office:automatic-styles><office:body><office:text>{body}</office:text></office:body>"
        "</office:document-content>"
    )
    told = f"<office:document-meta {names}><office:meta>{meta}</office:meta></office:document-meta>"
    return packed(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "content.xml": content,
            "meta.xml": told,
        }
    )


def with_chart(document: bytes, title: str, *rows: str) -> bytes:
    """Return a document of LibreOffice with a chart that `<draw:object>` refers to by "./C"."""
    names = " ".join(f'xmlns:{each}="{OFFICE}:{each}:1.0"' for each in _CHART_NAMES)
    lines = "".join(f"<table:table-row>{row}</table:table-row>" for row in rows[1:])
    heads = f"<table:table-header-rows><table:table-row>{rows[0]}</table:table-row>"
    table = f"<table:table>{heads}</table:table-header-rows><table:table-rows>{lines}"
    chart = (
        f"<office:document-content {names}><office:body><office:chart><chart:chart>"
        f"<chart:title><text:p>{title}</text:p></chart:title>{table}</table:table-rows>"
        "</table:table></chart:chart></office:chart></office:body></office:document-content>"
    )
    return repacked(document, {"C/content.xml": chart})


def an_ods(
    tables: str = (
        '<table:table table:name="Lamps"><table:table-row><table:table-cell>'
        "<text:p>Some text.</text:p></table:table-cell></table:table-row></table:table>"
    ),
    **more: str,
) -> bytes:
    """Return a spreadsheet that holds tables as they stand in the XML."""
    text = an_odt(f"</office:text><office:spreadsheet>{tables}</office:spreadsheet>", **more)
    with zipfile.ZipFile(io.BytesIO(text)) as archive:
        content = archive.read("content.xml").decode()
    whole = content.replace("<office:text></office:text>", "").replace("</office:text>", "")
    return repacked(text, {"content.xml": whole})


def a_shape(*paragraphs: str, placeholder: str | None = None, properties: str = "") -> str:
    """Return a shape; a line that begins with "- " is one level deeper for each two blanks."""
    kind = "" if placeholder is None else f'<p:ph type="{placeholder}"/>'
    words = "".join(
        f'<a:p><a:pPr lvl="{(len(line) - len(line.lstrip())) // 2}"/><a:r><a:t>{line.strip()}</a:t>'
        "</a:r></a:p>"
        for line in paragraphs
    )
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="1" name="x" {properties}/><p:nvPr>{kind}</p:nvPr></p:nvSpPr>'
        f"<p:txBody>{words}</p:txBody></p:sp>"
    )


def a_pptx(*slides: str, shown: tuple[bool, ...] = ()) -> bytes:
    """Return a presentation; a slide is the shapes on it."""
    names = f'xmlns:a="{A}" xmlns:p="{P}" xmlns:r="{R}"'
    made = slides or (a_shape("Lamps", placeholder="title") + a_shape("Some text."),)
    listed = "".join(f'<p:sldId id="{n}" r:id="r{n}"/>' for n in range(len(made)))
    related = "".join(
        f'<Relationship Id="r{n}" Target="slides/slide{n}.xml"/>' for n in range(len(made))
    )
    parts = {
        f"ppt/slides/slide{n}.xml": (
            f'<p:sld {names} show="{int(shown[n] if shown else True)}"><p:cSld><p:spTree>{shapes}'
            "</p:spTree></p:cSld></p:sld>"
        )
        for n, shapes in enumerate(made)
    }
    main = f"<p:presentation {names}><p:sldIdLst>{listed}</p:sldIdLst></p:presentation>"
    relations = f'<Relationships xmlns="{RELATIONS}">{related}</Relationships>'
    return packed(
        {"ppt/presentation.xml": main, "ppt/_rels/presentation.xml.rels": relations, **parts}
    )


def an_xlsx(
    *sheets: str,
    names: tuple[str, ...] = (),
    states: tuple[str, ...] = (),
    styles: str = "",
    strings: tuple[str, ...] = (),
    more: Mapping[str, str] | None = None,
) -> bytes:
    """Return a workbook; a sheet is what its part holds."""
    made = sheets or ('<sheetData><row><c t="str"><v>Some text.</v></c></row></sheetData>',)
    listed = "".join(
        f'<sheet name="{names[n] if names else f"Sheet{n + 1}"}" sheetId="{n + 1}" r:id="r{n}"'
        f' state="{states[n] if states else "visible"}"/>'
        for n in range(len(made))
    )
    kind = f"{R}/worksheet"
    related = "".join(
        f'<Relationship Id="r{n}" Type="{kind}" Target="worksheets/sheet{n}.xml"/>'
        for n in range(len(made))
    )
    shared = "".join(f"<si><t>{each}</t></si>" for each in strings)
    return packed(
        {
            "xl/workbook.xml": (
                f'<workbook xmlns="{S}" xmlns:r="{R}"><sheets>{listed}</sheets></workbook>'
            ),
            "xl/_rels/workbook.xml.rels": (
                f'<Relationships xmlns="{RELATIONS}">{related}</Relationships>'
            ),
            "xl/styles.xml": f'<styleSheet xmlns="{S}">{styles}</styleSheet>',
            "xl/sharedStrings.xml": f'<sst xmlns="{S}">{shared}</sst>',
            **{
                f"xl/worksheets/sheet{n}.xml": f'<worksheet xmlns="{S}">{each}</worksheet>'
                for n, each in enumerate(made)
            },
            **(more or {}),
        }
    )


def an_epub(*chapters: str, metadata: str = "", spine: str = "") -> bytes:
    """Return a book; a chapter is the body of a page. The last one stands first in the archive."""
    made = chapters or ("<h1>Lamps</h1><p>Some text.</p>",)
    items = "".join(
        f'<item id="c{n}" href="c%20{n}.xhtml" media-type="application/xhtml+xml"/>'
        for n in range(len(made))
    )
    order = spine or "".join(f'<itemref idref="c{n}"/>' for n in range(len(made)))
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<metadata>{metadata}</metadata><manifest>{items}</manifest><spine>{order}</spine></package>"
    )
    container = (
        '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
        '<rootfile full-path="book/content.opf"/></rootfiles></container>'
    )
    pages = {
        f"book/c {n}.xhtml": (
            '<?xml version="1.0" encoding="utf-8"?>'
            '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.1//EN"'
            f' "http://www.w3.org/TR/xhtml11/DTD/xhtml11.dtd"><html><body>{body}</body></html>'
        )
        for n, body in enumerate(made)
    }
    return packed(
        {**dict(reversed(pages.items())), "META-INF/container.xml": container}
        | {"book/content.opf": package}
    )
