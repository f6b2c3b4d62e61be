"""Tables as people of a forum write them, each with the right reading.

A table is written as a picture of its grid: a line is a row, `|` parts the places, `*` begins a
head, `<` and `^` go on with the cell on the left or above, `~` breaks the line within a cell and
`•` begins an item of a list in it. The reading is light Markdown, of which tables lack the bars
and the rule below the heads; without one, a table reads as it is written.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from ingest.readers.shared.grid import Cell


class Marks(Enum):
    """How a file says what is a head."""

    TOLD = "told"  # as its format has it
    BOLD = "bold"  # by the weight of the type alone
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Written:
    """A table with its right reading.

    Attributes:
        name: What is particular about it.
        right: Whether all columns but the first are aligned to the right.
        without: Formats that cannot say it, with the reason.
    """

    name: str
    rows: str
    reading: str = ""
    caption: str = ""
    marks: Marks = Marks.TOLD
    right: bool = False
    without: Mapping[str, str] = field(default_factory=dict)

    @property
    def grid(self) -> list[list[str]]:
        """The places by rows, as they are written."""
        lines = self.rows.strip("\n ").splitlines()
        return [[place.strip() for place in line.split("|")] for line in lines]

    @property
    def cells(self) -> list[list[Cell]]:
        """The cells by rows, each where it begins."""
        grid = self.grid
        return [
            [
                _cell(grid, row, column)
                for column in range(len(grid[row]))
                if _begins(grid[row][column])
            ]
            for row in range(len(grid))
        ]

    @property
    def head_rows(self) -> int:
        """How many rows above hold heads alone."""
        grid = self.grid
        rows = [all(place[:1] in {"*", "<", "^", ""} for place in row) for row in grid]
        return rows.index(False) if False in rows else len(rows)

    @property
    def spans_in_body(self) -> bool:
        """Whether a cell of the body spans others; one as wide as the table is no such cell."""
        body = self.grid[self.head_rows :]
        return any("^" in row or ("<" in row and set(row[1:]) != {"<"}) for row in body)

    @property
    def text(self) -> str:
        """The right reading, as light Markdown."""
        blocks = self.reading or self.rows.replace("*", "")
        shown = "\n\n".join(map(_rendered, blocks.strip("\n ").split("\n\n")))
        return f"{self.caption}\n\n{shown}" if self.caption else shown


def _begins(place: str) -> bool:
    return place not in {"<", "^"}


def _cell(grid: list[list[str]], row: int, column: int) -> Cell:
    wide = tall = 1
    while column + wide < len(grid[row]) and grid[row][column + wide] == "<":
        wide += 1
    while row + tall < len(grid) and grid[row + tall][column] == "^":
        tall += 1
    place = grid[row][column]
    lines = [line.strip() for line in place.removeprefix("*").split("~")]
    return Cell("\n".join(lines), tall, wide, is_head=place.startswith("*"))


def _rendered(block: str) -> str:
    lines = [line.strip() for line in block.splitlines()]
    if "|" not in block:
        return "\n".join(lines)
    rows = [[place.strip() for place in line.split("|")] for line in lines]
    rows.insert(1, ["---"] * len(rows[0]))
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


_PDF = ("ruled", "unruled", "booktabs", "striped")
_LINES = dict.fromkeys(_PDF, "a line that is broken on purpose looks like one that was full")
_ONE_TEXT = {"xlsx": "a cell of a sheet holds one text"}
_PARTED = {"booktabs": "its lines part the first row from the others as heads"}
_STREETS = "\n".join(
    f"{('North', 'South', 'East', 'West', 'Mill')[at // 12]} street {at + 1}"
    f" | {at * 7 % 23 + 1} | {at * 5 % 11 + 2} | {('May', 'June', 'July')[at % 3]} 2024"
    for at in range(60)
)

TABLES = (
    Written(
        "one row of heads",
        """
        *City | *Cameras | *Operators
        Arlen | 112 | 14
        Odrik | 54 | 6
        Valmont | 203 | 31
        """,
    ),
    Written(
        "a caption",
        """
        *Mitglied | *Beitrag in Euro | *Fällig
        Städte unter 50.000 Einwohnern | 1.200 | März
        Städte über 50.000 Einwohnern | 2.400 | März
        Verbände | 800 | April
        """,
        caption="Jahresbeiträge der Mitglieder",
    ),
    Written(
        "figures aligned to the right",
        """
        *Ville | *Budget 2023 | *Budget 2024 | *Agents
        Liège | 1.250.000 | 1.310.500 | 48
        Namur | 98.000 | 102.000 | 9
        Mons | 456.700 | 460.100 | 17
        """,
        right=True,
    ),
    Written(
        "two rows of heads",
        """
        *Gemeente | *Diefstallen | < | *Lampen | <
        ^ | *2023 | *2024 | *2023 | *2024
        Gent | 340 | 312 | 9000 | 9400
        Brugge | 120 | 131 | 4100 | 4150
        Aalst | 88 | 79 | 3000 | 3020
        """,
        """
        Gemeente | Diefstallen: 2023 | Diefstallen: 2024 | Lampen: 2023 | Lampen: 2024
        Gent | 340 | 312 | 9000 | 9400
        Brugge | 120 | 131 | 4100 | 4150
        Aalst | 88 | 79 | 3000 | 3020
        """,
    ),
    Written(
        "three rows of heads",
        """
        *City | *Reports by residents | < | < | <
        ^ | *Day | < | *Night | <
        ^ | *2023 | *2024 | *2023 | *2024
        Arlen | 12 | 15 | 31 | 28
        Odrik | 4 | 6 | 9 | 11
        Valmont | 22 | 20 | 41 | 39
        """,
        """
        City | Reports by residents: Day: 2023 | Reports by residents: Day: 2024 | Reports by residents: Night: 2023 | Reports by residents: Night: 2024
        Arlen | 12 | 15 | 31 | 28
        Odrik | 4 | 6 | 9 | 11
        Valmont | 22 | 20 | 41 | 39
        """,  # noqa: E501 - a row is a line
    ),
    Written(
        "a span above one pair of columns only",
        """
        *Comune | *Agenti | *Telecamere | <
        ^ | ^ | *fisse | *mobili
        Torino | 210 | 400 | 22
        Asti | 35 | 61 | 4
        Cuneo | 28 | 44 | 3
        """,
        """
        Comune | Agenti | Telecamere: fisse | Telecamere: mobili
        Torino | 210 | 400 | 22
        Asti | 35 | 61 | 4
        Cuneo | 28 | 44 | 3
        """,
    ),
    Written(
        "heads in the first of many columns",
        """
        *Ciudad | Sevilla | Bilbao | Vigo
        *Cámaras | 95 | 61 | 40
        *Agentes | 300 | 210 | 120
        """,
        """
        Ciudad | Cámaras | Agentes
        Sevilla | 95 | 300
        Bilbao | 61 | 210
        Vigo | 40 | 120
        """,
        without={
            "unruled": "bold names beside names read as a table with heads on the left by luck",
            "booktabs": "its lines part the first row from the others as heads",
        },
    ),
    Written(
        "heads above and on the left",
        """
        *Dienst | *Maandag | *Dinsdag | *Woensdag
        *Loket | 9.00-12.00 | 9.00-16.00 | gesloten
        *Telefoon | 8.30-17.00 | 8.30-17.00 | 8.30-12.00
        *Meldpunt | dag en nacht | dag en nacht | dag en nacht
        """,
        """
        Dienst | Maandag | Dinsdag | Woensdag
        Loket | 9.00-12.00 | 9.00-16.00 | gesloten
        Telefoon | 8.30-17.00 | 8.30-17.00 | 8.30-12.00
        Meldpunt | dag en nacht | dag en nacht | dag en nacht
        """,
    ),
    Written(
        "heads above and on the left, the corner empty",
        """
        | *Norte | *Centro | *Sul
        *Câmaras | 40 | 95 | 31
        *Agentes | 12 | 33 | 9
        *Queixas | 7 | 58 | 6
        """,
        """
        | Norte | Centro | Sul
        Câmaras | 40 | 95 | 31
        Agentes | 12 | 33 | 9
        Queixas | 7 | 58 | 6
        """,
    ),
    Written(
        "a name that spans rows",
        """
        *Region | *City | *Members since
        Flanders | Ghent | 1999
        ^ | Antwerp | 2003
        ^ | Bruges | 2011
        Wallonia | Liège | 1987
        ^ | Mons | 2009
        """,
        """
        Region | City | Members since
        Flanders | Ghent | 1999
        Flanders | Antwerp | 2003
        Flanders | Bruges | 2011
        Wallonia | Liège | 1987
        Wallonia | Mons | 2009
        """,
    ),
    Written(
        "a value that spans rows",
        """
        *Stadt | *Projekt | *Leitung
        Köln | Nachtlicht | Frau Adams
        Bonn | Sichere Wege | ^
        Essen | Parkwacht | Herr Yilmaz
        """,
        """
        Stadt | Projekt | Leitung
        Köln | Nachtlicht | Frau Adams
        Bonn | Sichere Wege | Frau Adams
        Essen | Parkwacht | Herr Yilmaz
        """,
    ),
    Written(
        "a value that spans columns",
        """
        *Commune | *2022 | *2023 | *2024
        Ixelles | 14 | 18 | 21
        Forest | pas de données | < | 9
        Uccle | 11 | 10 | 12
        """,
        """
        Commune | 2022 | 2023 | 2024
        Ixelles | 14 | 18 | 21
        Forest | pas de données | pas de données | 9
        Uccle | 11 | 10 | 12
        """,
    ),
    Written(
        "a value that spans rows and columns",
        """
        *Tag | *Vormittag | *Nachmittag | *Abend
        Montag | Schulung | < | frei
        Dienstag | ^ | ^ | Empfang
        Mittwoch | Rundgang | Bericht | frei
        """,
        """
        Tag | Vormittag | Nachmittag | Abend
        Montag | Schulung | Schulung | frei
        Dienstag | Schulung | Schulung | Empfang
        Mittwoch | Rundgang | Bericht | frei
        """,
    ),
    Written(
        "names of groups over the whole width",
        """
        *Stad | *Camera's | *Beheer
        Vlaanderen | < | <
        Gent | 210 | politie
        Brugge | 95 | stad
        Wallonië | < | <
        Luik | 180 | politie
        Bergen | 60 | stad
        """,
        """
        Vlaanderen

        Stad | Camera's | Beheer
        Gent | 210 | politie
        Brugge | 95 | stad

        Wallonië

        Stad | Camera's | Beheer
        Luik | 180 | politie
        Bergen | 60 | stad
        """,
    ),
    Written(
        "a total whose name spans columns",
        """
        *City | *Park | *Lamps
        Arlen | North | 70
        Arlen | South | 41
        Odrik | Lake | 12
        Total | < | 123
        """,
        """
        City | Park | Lamps
        Arlen | North | 70
        Arlen | South | 41
        Odrik | Lake | 12
        Total |  | 123
        """,
    ),
    Written(
        "a total in bold",
        """
        *Poste | *Dépenses en euro
        Personnel | 120.000
        Matériel | 34.500
        Formation | 9.800
        *Total | *164.300
        """,
    ),
    Written(
        "empty cells",
        """
        *Stadt | *2022 | *2023 | *2024
        Trier | 4 | | 7
        Mainz | | 12 |
        Worms | 3 | 5 | 6
        """,
        """
        Stadt | 2022 | 2023 | 2024
        Trier | 4 |  | 7
        Mainz |  | 12 |
        Worms | 3 | 5 | 6
        """,
    ),
    Written(
        "a last column that is mostly empty",
        """
        *Membro | *Quota | *Nota
        Lisboa | 2.400 |
        Braga | 1.200 | paga em junho
        Faro | 1.200 |
        """,
        """
        Membro | Quota | Nota
        Lisboa | 2.400 |
        Braga | 1.200 | paga em junho
        Faro | 1.200 |
        """,
    ),
    Written(
        "long cells with sentences",
        """
        *Measure | *What it does | *Cost
        Night guards | They walk with people from the last tram to their door and call the desk when somebody needs help. | 4,000
        Warm light | Lamps in side streets are replaced by warm ones, which residents had asked for since 2019. | 9,500
        Shop alarm | A button under the counter calls the police at once; no sound is heard in the shop. | 1,250
        """,  # noqa: E501 - a row is a line
    ),
    Written(
        "several long columns",
        """
        *Maatregel | *Wie het doet | *Wat bewoners merken
        Buurtwacht | vrijwilligers uit de straat, samen met de wijkagent | er loopt elke avond iemand rond tot na middernacht
        Betere verlichting | de dienst openbare werken van de stad | lampen worden binnen twee weken hersteld
        Meldpunt | het secretariaat van het forum | een antwoord op elke melding binnen drie dagen
        """,  # noqa: E501 - a row is a line
    ),
    Written(
        "lines in a cell",
        """
        *Büro | *Anschrift | *Telefon
        Lüttich | Rue du Pont 4~4000 Lüttich | 04 221 00 01
        Gent | Korenmarkt 9~9000 Gent | 09 266 00 02
        """,
        """
        Büro | Anschrift | Telefon
        Lüttich | Rue du Pont 4; 4000 Lüttich | 04 221 00 01
        Gent | Korenmarkt 9; 9000 Gent | 09 266 00 02
        """,
        without=_LINES | _ONE_TEXT,
    ),
    Written(
        "lists in a cell",
        """
        *Rôle | *Tâches
        Coordinatrice | •accueillir les villes~•tenir le calendrier
        Trésorier | •payer~•rendre compte~•préparer le budget
        """,
        """
        Rôle | Tâches
        Coordinatrice | accueillir les villes; tenir le calendrier
        Trésorier | payer; rendre compte; préparer le budget
        """,
        without=_LINES | _ONE_TEXT | {"pptx": "items of a list are lines with a sign"},
    ),
    Written(
        "names and values, the names marked",
        """
        *Sede | Via Roma 12, Torino
        *Telefono | 011 555 01 02
        *Orario | lunedì e giovedì, 9.00-12.30
        *Presidente | Anna Conti
        """,
        """
        - Sede: Via Roma 12, Torino
        - Telefono: 011 555 01 02
        - Orario: lunedì e giovedì, 9.00-12.30
        - Presidente: Anna Conti
        """,
    ),
    Written(
        "names and values, nothing marked",
        """
        Opening hours | Tuesday, 10:00 to 12:00
        Place | Mill Street 4
        Phone | 02 555 10 20
        Contact | Ann Peeters
        """,
        """
        - Opening hours: Tuesday, 10:00 to 12:00
        - Place: Mill Street 4
        - Phone: 02 555 10 20
        - Contact: Ann Peeters
        """,
        marks=Marks.NONE,
    ),
    Written(
        "names and values, nothing marked and no figure in the first row",
        """
        Voorzitter | Els Maes
        Penningmeester | Tom Claes
        Secretariaat | Kerkstraat 7, Gent
        Leden | 41 steden
        """,
        """
        - Voorzitter: Els Maes
        - Penningmeester: Tom Claes
        - Secretariaat: Kerkstraat 7, Gent
        - Leden: 41 steden
        """,
        marks=Marks.NONE,
        without=_PARTED,
    ),
    Written(
        "names that end with a colon",
        """
        Kontakt: | Nadia Berger
        E-Mail: | berger@forum.example
        Sprechstunde: | freitags ab 14 Uhr
        """,
        """
        - Kontakt: Nadia Berger
        - E-Mail: berger@forum.example
        - Sprechstunde: freitags ab 14 Uhr
        """,
        marks=Marks.NONE,
        without=_PARTED,
    ),
    Written(
        "no head marked, figures below",
        """
        Municipio | Robos en 2023 | Robos en 2024
        Getafe | 120 | 111
        Parla | 98 | 102
        Pinto | 31 | 29
        """,
        marks=Marks.NONE,
    ),
    Written(
        "no head marked, words below",
        """
        Name | Role | City
        Ann Peeters | chair | Ghent
        Luc Simon | treasurer | Liège
        Mia Roth | secretary | Trier
        """,
        marks=Marks.NONE,
    ),
    Written(
        "two columns, no head marked, figures below",
        """
        Cidade | Câmaras
        Porto | 140
        Évora | 22
        Viseu | 18
        """,
        marks=Marks.NONE,
    ),
    Written(
        "no head at all",
        """
        Gent | 4 maart 2024 | 31 deelnemers
        Luik | 12 mei 2024 | 27 deelnemers
        Trier | 9 september 2024 | 44 deelnemers
        """,
        """
        | |
        Gent | 4 maart 2024 | 31 deelnemers
        Luik | 12 mei 2024 | 27 deelnemers
        Trier | 9 september 2024 | 44 deelnemers
        """,
        marks=Marks.NONE,
        without=_PARTED,
    ),
    Written(
        "heads in bold",
        """
        *Datum | *Ort | *Thema
        4. März | Köln | Bahnhöfe
        6. Juni | Bonn | Parks bei Nacht
        9. September | Trier | Schulwege
        """,
        marks=Marks.BOLD,
    ),
    Written(
        "years in bold as heads",
        """
        *Ville | *2021 | *2022 | *2023
        Lille | 312 | 298 | 301
        Arras | 41 | 44 | 39
        Lens | 57 | 60 | 52
        """,
        marks=Marks.BOLD,
        right=True,
    ),
    Written(
        "two rows of heads in bold",
        """
        *Città | *Reati | <
        ^ | *giorno | *notte
        Pisa | 41 | 77
        Lucca | 20 | 35
        Siena | 12 | 19
        """,
        """
        Città | Reati: giorno | Reati: notte
        Pisa | 41 | 77
        Lucca | 20 | 35
        Siena | 12 | 19
        """,
        marks=Marks.BOLD,
    ),
    Written(
        "names in bold on the left",
        """
        *Bureau | rue Haute 3, Mons
        *Permanence | mardi, 14 h à 17 h
        *Directrice | Claire Dubois
        """,
        """
        - Bureau: rue Haute 3, Mons
        - Permanence: mardi, 14 h à 17 h
        - Directrice: Claire Dubois
        """,
        marks=Marks.BOLD,
    ),
    Written(
        "a calendar",
        """
        *Mes | *Encuentro | *Lugar | *Inscripción hasta
        Febrero | Transporte nocturno | Sevilla | 20 de enero
        Mayo | Mercados y plazas | Bilbao | 15 de abril
        Octubre | Asamblea general | Vigo | 1 de septiembre
        """,
    ),
    Written(
        "contacts",
        """
        *Nome | *Telefone | *Correio
        Rita Sousa | 21 555 01 10 | rita@forum.example
        João Pinto | 22 555 02 20 | joao@forum.example
        Ana Melo | 25 555 03 30 | ana@forum.example
        """,
    ),
    Written(
        "a budget with amounts below zero and without",
        """
        *Item | *Planned | *Spent | *Left
        Staff | 120,000 | 118,400 | 1,600
        Travel | 9,000 | 11,250 | -2,250
        Print | 3,500 | 0 | 3,500
        """,
        right=True,
    ),
    Written(
        "yes and no",
        """
        *Stadt | *Kameras | *Nachtbus | *Notruf
        Aachen | ja | nein | ja
        Düren | nein | nein | ja
        Eupen | ja | ja | ja
        """,
    ),
    Written(
        "twelve columns",
        """
        *Jaar | *jan | *feb | *mrt | *apr | *mei | *jun | *jul | *aug | *sep | *okt | *nov
        2022 | 12 | 14 | 9 | 11 | 13 | 17 | 21 | 19 | 15 | 12 | 10
        2023 | 11 | 15 | 8 | 10 | 14 | 16 | 20 | 22 | 14 | 13 | 9
        2024 | 10 | 13 | 7 | 12 | 12 | 18 | 19 | 20 | 16 | 11 | 8
        """,
    ),
    Written(
        "sixty rows",
        f"*Street | *Lamps | *Guards | *Counted in\n{_STREETS}",
    ),
    Written(
        "names beside long heads",
        """
        *Città | *Telecamere installate nel centro storico | *Chiamate al numero verde ogni mese
        Parma | 84 | 310
        Modena | 66 | 275
        Ferrara | 41 | 190
        """,
    ),
    Written(
        "short heads beside heads of several lines",
        """
        *Commune | *Caméras dans les parcs et aux abords des écoles | *Coût
        Ath | 12 | 3.400
        Huy | 9 | 2.100
        Spa | 4 | 950
        """,
    ),
    Written(
        "a row of two words only",
        """
        *Wer | *Was
        Polizei | 110
        Feuerwehr | 112
        """,
    ),
    Written(
        "a single row below the heads",
        """
        *City | *Desk | *Hours
        Arlen | Town hall, room 4 | Monday to Friday, 9:00-17:00
        """,
        without=dict.fromkeys(_PDF[1:], "one row above another shows no column"),
    ),
    Written(
        "a note in brackets and a percentage",
        """
        *Quartier | *Feel safe by day | *Feel safe by night
        Centre | 91 % | 64 % (2023: 58 %)
        Station | 80 % | 41 % (2023: 44 %)
        Lake | 95 % | 72 % (2023: 70 %)
        """,
    ),
)
