import io

import docx
import pytest

from ingest.readers.docx.reader import read_docx
from ingest.readers.epub import read_epub
from ingest.readers.extract import Extract
from ingest.readers.markdown import read_markdown
from ingest.readers.opendocument.odt import read_odt
from tests.ingest.readers.archives import an_epub, an_odt


def read(source: str, suffix: str) -> Extract:
    """Return what is read of lines, of which those that begin with "# " are headings."""
    lines = [(line.removeprefix("# "), line.startswith("# ")) for line in source.split("\n\n")]
    if suffix == ".docx":
        document, buffer = docx.Document(), io.BytesIO()
        for words, is_heading in lines:
            document.add_heading(words, 1) if is_heading else document.add_paragraph(words)
        document.save(buffer)
        return read_docx(buffer.getvalue(), name="x.docx")
    if suffix == ".epub":
        names = {True: "h1", False: "p"}
        html = (f"<{names[head]}>{words}</{names[head]}>" for words, head in lines)
        return read_epub(an_epub("".join(html)), name="x.epub")
    if suffix == ".odt":
        heading = '<text:h text:outline-level="1">{}</text:h>'
        xml = ((heading if head else "<text:p>{}</text:p>").format(words) for words, head in lines)
        return read_odt(an_odt("".join(xml)), name="x.odt")
    return read_markdown(source.encode(), name="x.md")


@pytest.mark.parametrize("suffix", [".docx", ".epub", ".odt", ".md"])
@pytest.mark.parametrize(
    ("source", "title", "text"),
    [
        ("# Fees\n\n45 euros.", "Fees", "45 euros."),
        ("# Fees\n\n45 euros.\n\n# Rules\n\nAsk.", "", "## Fees\n\n45 euros.\n\n## Rules\n\nAsk."),
        ("# Guide\n\n# Fees\n\n45 euros.", "Guide", "## Fees\n\n45 euros."),
        ("45 euros.", "", "45 euros."),
    ],
)
def test_a_chapter_like_others_is_not_the_title(
    source: str, title: str, text: str, suffix: str
) -> None:
    extract = read(source, suffix)

    assert (extract.title, extract.text) == (title, text)
