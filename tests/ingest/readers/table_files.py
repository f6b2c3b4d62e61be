"""Files of every format around one written table, with some words above and below it."""

import io
from collections.abc import Callable, Iterator, Mapping
from html import escape

import docx
from docx.oxml import OxmlElement
from fpdf import FPDF
from fpdf.fonts import FontFace

from ingest.readers.shared.grid import Cell
from tests.ingest.readers.archives import a_pptx, a_shape, an_epub, an_odt, an_xlsx
from tests.ingest.readers.written_tables import Marks, Written

ABOVE = (
    "The forum wrote down what its members had told in autumn, when they met for two days in the"
    " town hall of Arlen and spoke of streets and parks that are dark, of trams that are empty at"
    " night and of the people who wait for them. Each of them had brought a paper, of which one"
    " page at most was read aloud, and all of them were printed in the yearly book."
)
BELOW = "That is all there was to say about it, and more will follow next year."

_WIDE = 180.0  # millimetres between the margins
_LEFT, _GAP = 15.0, 6.0
_LINE, _APART = 5.0, 3.0  # from line to line in a cell, and more from row to row
_LOWEST = 265.0
_LEAST_HEAD = 26.0  # a head is not set narrower


def is_bold(written: Written, cell: Cell, row: int) -> bool:
    """Whether a format that marks rows of heads, and nothing else, has a cell in bold."""
    if not cell.is_head or written.marks is Marks.NONE:
        return False
    return written.marks is Marks.BOLD or row >= written.head_rows


def told_rows(written: Written) -> int:
    """How many rows of heads a file marks."""
    return written.head_rows if written.marks is Marks.TOLD else 0


def a_html_table(written: Written) -> str:
    rows = []
    for cells in written.cells:
        made = []
        for cell in cells:
            name = "th" if cell.is_head and written.marks is Marks.TOLD else "td"
            words = _html_words(cell.text)
            if cell.is_head and written.marks is Marks.BOLD:
                words = f"<strong>{words}</strong>"
            spans = f'rowspan="{cell.rows}" colspan="{cell.columns}"'
            made.append(f"<{name} {spans}>{words}</{name}>")
        rows.append(f"<tr>{''.join(made)}</tr>")
    above = told_rows(written)
    caption = f"<caption>{escape(written.caption)}</caption>" if written.caption else ""
    head = f"<thead>{''.join(rows[:above])}</thead>" if above else ""
    table = f"<table>{caption}{head}<tbody>{''.join(rows[above:])}</tbody></table>"
    return f"<p>{ABOVE}</p>{table}<p>{BELOW}</p>"


def _html_words(text: str) -> str:
    lines = text.split("\n")
    if text.startswith("•"):
        return f"<ul>{''.join(f'<li>{escape(line[1:])}</li>' for line in lines)}</ul>"
    return "<br/>".join(map(escape, lines))


def a_html(written: Written) -> bytes:
    body = f"<main><article>{a_html_table(written)}</article></main>"
    return f"<!DOCTYPE html><html><body>{body}</body></html>".encode()


def a_book(written: Written) -> bytes:
    return an_epub(a_html_table(written))


def placed(written: Written) -> Iterator[tuple[int, int, Cell]]:
    """Yield each cell with the row and the column where it begins."""
    for row, (places, cells) in enumerate(zip(written.grid, written.cells, strict=True)):
        columns = [at for at, place in enumerate(places) if place not in {"<", "^"}]
        for column, cell in zip(columns, cells, strict=True):
            yield row, column, cell


def a_word_file(written: Written) -> bytes:
    document = docx.Document()
    document.add_paragraph(ABOVE)
    if written.caption:
        document.add_paragraph(written.caption, style="Caption")
    grid = written.grid
    table = document.add_table(len(grid), len(grid[0]))
    for row, column, cell in placed(written):
        own = table.cell(row, column)
        if cell.rows > 1 or cell.columns > 1:
            own = own.merge(table.cell(row + cell.rows - 1, column + cell.columns - 1))
        for at, line in enumerate(cell.text.split("\n")):
            paragraph = own.paragraphs[0] if at == 0 else own.add_paragraph()
            if line.startswith("•"):
                paragraph.style = "List Bullet"
            paragraph.add_run(line.removeprefix("•")).bold = is_bold(written, cell, row) or None
    for at in range(told_rows(written)):
        table.rows[at]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    document.add_paragraph(BELOW)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def a_writer_file(written: Written) -> bytes:
    rows = ["" for _ in written.grid]
    begun = {(row, column): cell for row, column, cell in placed(written)}
    for row, places in enumerate(written.grid):
        for column in range(len(places)):
            cell = begun.get((row, column))
            if cell is None:
                rows[row] += "<table:covered-table-cell/>"
                continue
            spans = (
                f'table:number-rows-spanned="{cell.rows}"'
                f' table:number-columns-spanned="{cell.columns}"'
            )
            named = ' text:style-name="B"' if is_bold(written, cell, row) else ""
            words = _writer_words(cell.text, named)
            rows[row] += f"<table:table-cell {spans}>{words}</table:table-cell>"
    made = [f"<table:table-row>{row}</table:table-row>" for row in rows]
    above = told_rows(written)
    head = "".join(made[:above])
    head = f"<table:table-header-rows>{head}</table:table-header-rows>" if above else ""
    caption = f"<text:p>{escape(written.caption)}</text:p>" if written.caption else ""
    return an_odt(
        f"<text:p>{ABOVE}</text:p>{caption}<table:table>{head}{''.join(made[above:])}"
        f"</table:table><text:p>{BELOW}</text:p>",
        styles='<style:style style:name="B"><style:text-properties fo:font-weight="bold"/>'
        "</style:style>",
    )


def _writer_words(text: str, named: str) -> str:
    lines = [
        f"<text:p{named}>{escape(line.removeprefix('•'))}</text:p>" for line in text.split("\n")
    ]
    if text.startswith("•"):
        items = "".join(f"<text:list-item>{line}</text:list-item>" for line in lines)
        return f"<text:list>{items}</text:list>"
    return "".join(lines)


def a_presentation(written: Written) -> bytes:
    rows = ["" for _ in written.grid]
    told = written.marks is Marks.TOLD
    left = told and all(
        cell.is_head
        for row, column, cell in placed(written)
        if not column and row >= written.head_rows
    )
    taken: dict[tuple[int, int], str] = {}
    for row, column, cell in placed(written):
        for down in range(cell.rows):
            for across in range(cell.columns):
                merged = f'{"hMerge" if across else "vMerge"}="1"' if down or across else ""
                taken[row + down, column + across] = merged
        spans = f'rowSpan="{cell.rows}" gridSpan="{cell.columns}"'
        by_flag = left and not column
        weight = '<a:rPr b="1"/>' if is_bold(written, cell, row) and not by_flag else ""
        lines = "".join(
            f"<a:p><a:r>{weight}<a:t>{escape(line)}</a:t></a:r></a:p>"
            for line in cell.text.split("\n")
        )
        taken[row, column] = f"{spans}>{lines}"
    for (row, _), content in sorted(taken.items()):
        attributes, _, lines = content.partition(">")
        rows[row] += f"<a:tc {attributes}><a:txBody>{lines or '<a:p/>'}</a:txBody></a:tc>"
    flags = f'firstRow="{int(told_rows(written) > 0)}" firstCol="{int(left)}"'
    table = "".join(f"<a:tr>{row}</a:tr>" for row in rows)
    frame = (
        '<p:graphicFrame><p:nvGraphicFramePr><p:cNvPr id="9" name="t"/></p:nvGraphicFramePr>'
        f"<a:graphic><a:graphicData><a:tbl><a:tblPr {flags}/>{table}</a:tbl></a:graphicData>"
        "</a:graphic></p:graphicFrame>"
    )
    caption = a_shape(escape(written.caption)) if written.caption else ""
    title = a_shape("What members told", placeholder="title")
    return a_pptx(f"{title}{a_shape(ABOVE)}{caption}{frame}{a_shape(BELOW)}")


def a_workbook(written: Written) -> bytes:
    first = 2 if written.caption else 1
    rows: dict[int, str] = {}
    if written.caption:
        rows[1] = f'<c r="A1" t="str"><v>{escape(written.caption)}</v></c>'
    merged = ""
    for row, column, cell in placed(written):
        place = f"{chr(ord('A') + column)}{first + row}"
        style = int(cell.is_head and written.marks is not Marks.NONE)
        made = f'<c r="{place}" s="{style}" t="str"><v>{escape(cell.text)}</v></c>'
        rows[first + row] = rows.get(first + row, "") + (made if cell.text else "")
        if cell.rows > 1 or cell.columns > 1:
            last = f"{chr(ord('A') + column + cell.columns - 1)}{first + row + cell.rows - 1}"
            merged += f'<mergeCell ref="{place}:{last}"/>'
    data = "".join(f'<row r="{number}">{cells}</row>' for number, cells in sorted(rows.items()))
    return an_xlsx(
        f"<sheetData>{data}</sheetData><mergeCells>{merged}</mergeCells>",
        styles='<fonts><font/><font><b/></font></fonts><cellXfs><xf fontId="0"/>'
        '<xf fontId="1"/></cellXfs>',
    )


def _a_page(written: Written) -> FPDF:
    pdf = FPDF()
    pdf.set_margin(_LEFT)
    pdf.add_page()
    pdf.set_font("Helvetica", size=10)
    pdf.multi_cell(0, _LINE, ABOVE, new_x="LMARGIN", new_y="NEXT")
    pdf.ln(4)
    if written.caption:
        pdf.multi_cell(0, _LINE, written.caption, new_x="LMARGIN", new_y="NEXT")
        pdf.ln(2)
    return pdf


def a_ruled_pdf(written: Written) -> bytes:
    pdf = _a_page(written)
    bold = FontFace(emphasis="BOLD" if written.marks is not Marks.NONE else None)
    aligned = ("LEFT", *(["RIGHT" if written.right else "LEFT"] * (len(written.grid[0]) - 1)))
    with pdf.table(
        headings_style=bold,
        first_row_as_headings=written.head_rows > 0,
        num_heading_rows=written.head_rows,
        text_align=aligned,
        line_height=_LINE,
        padding=1,
    ) as table:
        for cells in written.cells:
            row = table.row()
            for cell in cells:
                row.cell(
                    cell.text,
                    rowspan=cell.rows,
                    colspan=cell.columns,
                    style=bold if cell.is_head else None,
                )
    pdf.ln(8)
    pdf.multi_cell(0, _LINE, BELOW)
    return bytes(pdf.output())


def an_unruled_pdf(written: Written) -> bytes:
    """Return a PDF with nothing but words, the heads half way up."""
    return _Unruled(written, head_at=0.5).made()


def a_pdf_with_lines_across(written: Written) -> bytes:
    """Return a PDF as of books: a line above, below the heads and at the end; heads on top."""
    return _Unruled(written, head_at=0.0, lines=True).made()


def a_striped_pdf(written: Written) -> bytes:
    """Return a PDF in which every second row stands on grey, the heads at the foot."""
    return _Unruled(written, head_at=1.0, stripes=True).made()


class _Unruled:
    """A PDF whose words are put in their places."""

    def __init__(
        self, written: Written, *, head_at: float, lines: bool = False, stripes: bool = False
    ) -> None:
        self._written, self._head_at = written, head_at
        self._lines, self._stripes = lines, stripes
        self._pdf = _a_page(written)
        self._pdf.set_auto_page_break(auto=False)
        self._cells = list(placed(written))
        self._widths = self._fitted()

    def made(self) -> bytes:
        y = self._pdf.get_y() + 2
        above = self._written.head_rows
        y = self._rows(range(above), y)
        for row in range(above, len(self._written.grid)):
            if y > _LOWEST:
                self._line(y)
                self._pdf.add_page()
                y = self._rows(range(above), 20.0)
            y = self._rows(range(row, row + 1), y)
        self._line(y)
        self._pdf.set_xy(_LEFT, y + 10)
        self._pdf.set_font("Helvetica")
        self._pdf.multi_cell(0, _LINE, BELOW)
        return bytes(self._pdf.output())

    def _fitted(self) -> list[float]:
        """Return widths of columns that fit between the margins, the widest cut first."""
        columns = len(self._written.grid[0])
        widths = [0.0] * columns
        for row, column, cell in self._cells:
            if cell.columns == 1:
                self._weigh(cell)
                words = cell.text.split() if row < self._written.head_rows else [cell.text]
                widest = max(map(self._pdf.get_string_width, words), default=0.0)
                whole = self._pdf.get_string_width(cell.text)
                is_head = row < self._written.head_rows
                least = max(widest, min(_LEAST_HEAD, whole)) if is_head else whole
                widths[column] = max(widths[column], least)
        gap = min(_GAP, (_WIDE - sum(widths)) / columns) if columns > 8 else _GAP
        while sum(widths) + gap * (columns - 1) > _WIDE:
            widths[widths.index(max(widths))] -= 1.0
        self._gap = gap
        return [width + 0.1 for width in widths]

    def _weigh(self, cell: Cell) -> None:
        is_bold = cell.is_head and self._written.marks is not Marks.NONE
        self._pdf.set_font("Helvetica", style="B" if is_bold else "")

    def _rows(self, rows: range, y: float) -> float:
        """Write rows that belong together, and return where the next one begins."""
        texts = {
            (row, column): self._wrapped(column, cell)
            for row, column, cell in self._cells
            if row in rows
        }
        heights = [
            max(
                [len(texts[r, c]) for r, c, cell in self._cells if r == row and cell.rows == 1],
                default=1,
            )
            * _LINE
            + _APART
            for row in rows
        ]
        tops = [y + sum(heights[:at]) for at in range(len(heights) + 1)]
        if self._stripes and rows and rows[0] % 2:
            self._pdf.set_fill_color(225)
            self._pdf.rect(_LEFT - 2, y - _LINE, _WIDE + 4, heights[0], style="F")
        if rows and rows[0] == 0 and self._written.head_rows:
            self._line(y)
        for row, column, cell in self._cells:
            if row in rows:
                at = row - rows[0]
                room = tops[at + cell.rows] - tops[at] - _APART - _LINE * len(texts[row, column])
                share = self._head_at if row < self._written.head_rows else 0.0
                self._write(row, column, cell, texts[row, column], tops[at] + share * room)
        if rows and rows[0] == 0 and self._written.head_rows:
            self._line(tops[-1])
        return tops[-1]

    def _span(self, column: int, cell: Cell) -> tuple[float, float]:
        left = _LEFT + sum(self._widths[:column]) + self._gap * column
        wide = sum(self._widths[column : column + cell.columns]) + self._gap * (cell.columns - 1)
        return left, wide

    def _wrapped(self, column: int, cell: Cell) -> list[str]:
        self._weigh(cell)
        _, wide = self._span(column, cell)
        lines = [""]
        for word in cell.text.split():
            longer = f"{lines[-1]} {word}".strip()
            if lines[-1] and self._pdf.get_string_width(longer) > wide + 0.2:
                lines.append(word)
            else:
                lines[-1] = longer
        return lines

    def _write(self, row: int, column: int, cell: Cell, lines: list[str], y: float) -> None:
        self._weigh(cell)
        left, wide = self._span(column, cell)
        for at, line in enumerate(lines):
            room = wide - self._pdf.get_string_width(line)
            is_centred = cell.columns > 1 and row < self._written.head_rows
            shift = room / 2 if is_centred else room if self._written.right and column else 0.0
            self._pdf.text(left + shift, y + _LINE * at, line)

    def _line(self, y: float) -> None:
        if self._lines:
            self._pdf.line(_LEFT, y - _LINE, _LEFT + _WIDE, y - _LINE)


Maker = Callable[[Written], bytes]
FORMATS: Mapping[str, tuple[str, Maker]] = {
    "html": (".html", a_html),
    "docx": (".docx", a_word_file),
    "odt": (".odt", a_writer_file),
    "pptx": (".pptx", a_presentation),
    "epub": (".epub", a_book),
    "xlsx": (".xlsx", a_workbook),
    "ruled": (".pdf", a_ruled_pdf),
    "unruled": (".pdf", an_unruled_pdf),
    "booktabs": (".pdf", a_pdf_with_lines_across),
    "striped": (".pdf", a_striped_pdf),
}
"""What writes a table, by format; the last four are PDFs."""

WITHOUT_LINES_UP = ("unruled", "booktabs", "striped")


def can_say(name: str, written: Written) -> bool:
    """Whether a format can say all of a table; nothing on a page without lines shows a span."""
    if name in WITHOUT_LINES_UP and written.spans_in_body:
        return False
    return name not in written.without


def table_of(text: str) -> str:
    """Return what stands between the words above and below the table."""
    for frame in (f"{ABOVE}\n\n", "## Sheet1\n\n"):
        text = text.removeprefix(frame)
    return text.removesuffix(f"\n\n{BELOW}")
