"""What public reports of wrong reading show is read as a person reads it."""

from pathlib import Path

import pytest

from ingest.readers.reading import read_file

READ = {
    "01-two-columns-rowwise.pdf": "trained forty-two volunteers who wait at the stops on Friday",
    "01b-two-columns-colwise.pdf": "trained forty-two volunteers who wait at the stops on Friday",
    "03-pdf-table.pdf": "| Sint-Odrik | 54 | 61 | police zone |",
    "04-running-header-two-pages.pdf": "The number of thefts reported to the police fell by 37",
    "06-docx-textbox-drawingml.docx": "45 euro per season",
    "08-docx-numbered-clauses.docx": "2.2 A member who is two years in arrears loses its vote.",
    "09-docx-merged-cells.docx": "| Marlenberg | Stadtwald | 4 |",
    "11-table-cells-br-lists.html": "fights; drink spiking",
    "12-akkordeon-de.html": "bezahlt der Landkreis zu zwei Dritteln, die Stadt zu einem Drittel.",
    "14-double-entities.html": "Le café des voisins a réuni 240 habitants –",
    "16-definition-list.html": "NSO: Night safety officer,",
    "25-odt-changes-frame-spans.odt": "| Line 4 | Botanic garden | 3 |",
    "26-elementor.html": "Reports a week: 310",
    "28-table-heads-in-first-column.html": "Person in charge: Inspector Noor Lambrechts",
}


@pytest.mark.parametrize("name", READ)
def test_a_document_of_a_public_report_is_read_as_it_looks(name: str, eval_data: Path) -> None:
    path = eval_data / "cases" / name
    if not path.exists():
        pytest.skip(f"{path} is not there")

    assert READ[name] in read_file(path, name=name).text
