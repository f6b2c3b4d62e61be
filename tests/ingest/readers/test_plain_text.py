from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import ReadError
from ingest.readers.extract import Extract
from ingest.readers.plain_text import read_text

ARTICLE = """\
Five towns meet to talk about night life

March 2022 – The regional network of towns held a meeting on bars, noise and safe ways home.

Working with owners

The meeting had three parts: 1) noise, 2) transport, 3) the hours of bars, each led by a mayor.

The towns agreed on several recommendations:\u00a0

●\u00a0 Owners of bars should be trained before summer.

●  Buses should run until three in the morning.
"""


def read(text: str) -> Extract:
    return read_text(text.encode(), name="note.txt")


def test_a_pasted_article_gets_its_structure_back() -> None:
    ending = "\n> The network's website\n\nLeave a Reply"

    assert read(ARTICLE + ending) == Extract(
        title="Five towns meet to talk about night life",
        text=(
            "March 2022 – The regional network of towns held a meeting on bars, noise and safe"
            " ways home.\n"
            "\n"
            "## Working with owners\n"
            "\n"
            "The meeting had three parts: 1) noise, 2) transport, 3) the hours of bars, each led"
            " by a mayor.\n"
            "\n"
            "The towns agreed on several recommendations:\n"
            "\n"
            "- Owners of bars should be trained before summer.\n"
            "- Buses should run until three in the morning."
        ),
        published=date(2022, 3, 1),
    )


@pytest.mark.parametrize(
    "line",
    [
        "Leave a Reply",
        "Laisser un commentaire",
        "Geef een reactie",
        "Schreiben Sie einen Kommentar",
        "Share this:",
        "Partager cet article",
        "Deel dit artikel",
        "Teilen mit:",
        "> Our website",
        "> Le site de l'association",
    ],
)
def test_furniture_at_the_end_is_dropped(line: str) -> None:
    assert read(f"Title\n\nA sentence.\n\n{line}\n").text == "A sentence."


@pytest.mark.parametrize(
    "body",
    [
        "Must read: the rules for tents apply to all markets.\n\nMore.",
        "## Other news\n\nThe pool opens on 3 May.",
        "Share it with your neighbours.",
    ],
)
def test_of_what_somebody_typed_no_sentence_is_dropped(body: str) -> None:
    typed = f"Title\n\nA sentence.\n\n{body.replace('## ', '')}\n"

    assert read(typed).text == f"A sentence.\n\n{body}"


def test_furniture_in_the_middle_stays() -> None:
    assert read("Title\n\nOne.\n\n> Our website\n\nTwo.").text == "One.\n\n> Our website\n\nTwo."


@pytest.mark.parametrize("bullet", ["●", "•", "-", "*", "–", "▪", "\uf0b7"])
def test_bullets_of_any_shape_make_one_list(bullet: str) -> None:
    text = f"Title\n\nTake:\n{bullet} lamps\n{bullet} trees\n\n{bullet} paths\n"

    assert read(text).text == "Take:\n\n- lamps\n- trees\n- paths"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("- light\n  goes on\n- dark", "- light goes on\n- dark"),
        ("- a\n  - b\n  - c\n- d", "- a\n  - b\n  - c\n- d"),
        ("1. plan\n2. act\n3. ask", "1. plan\n2. act\n3. ask"),
        ("4) plan\n\n5) act", "4. plan\n5. act"),
        ("-5 degrees were measured.", "-5 degrees were measured."),
        ("All agreed.\n- One.\nAfter.", "All agreed.\n\n- One.\n\nAfter."),
        ("Heading\n\nA sentence.", "## Heading\n\nA sentence."),
        ("1. Introduction\n\nA sentence.", "## 1. Introduction\n\nA sentence."),
        ("Heading\n\n- item", "## Heading\n\n- item"),
        ("One.\n\nNo sentence follows", "One.\n\nNo sentence follows"),
        ("A, b and\n\nc go on.", "A, b and\n\nc go on."),
        ("12 March 2022\n\nA sentence.", "12 March 2022\n\nA sentence."),
        ("One.\nTwo.", "One.\n\nTwo."),
    ],
)
def test_lines_become_blocks(body: str, expected: str) -> None:
    assert read(f"Title\n\n{body}\n").text == expected


def test_a_lone_number_opens_a_paragraph_not_a_list() -> None:
    assert read("Title\n\n1. January 2020 was a cold month.").text == (
        " 1. January 2020 was a cold month."
    )


def test_hard_wrapped_paragraphs_are_joined() -> None:
    wrapped = (
        "The municipalities that took part in the project have been asked\n"
        "to describe what they did in order to make their parks, stations\n"
        "and schools safer.\n"
        "\n"
        "They answered.\n"
    )

    assert read(f"Title\n\n{wrapped}").text == (
        "The municipalities that took part in the project have been asked to describe what they"
        " did in order to make their parks, stations and schools safer.\n\nThey answered."
    )


@pytest.mark.parametrize(
    ("start", "published"),
    [
        ("February 2021 – The", date(2021, 2, 1)),
        ("12 mars 2022 - La", date(2022, 3, 12)),
        ("1er août 2022 – La", date(2022, 8, 1)),
        ("3 maart 2020: De", date(2020, 3, 3)),
        ("5. Oktober 2019 – Die", date(2019, 10, 5)),
        ("12 de marzo de 2022 – La", date(2022, 3, 12)),
        ("7 luglio 2018 – La", date(2018, 7, 7)),
        ("March 12, 2022 – The", date(2022, 3, 12)),
        ("Brussels, 12 March 2022 – The", date(2022, 3, 12)),
        ("2021-02-21 The", None),
        ("2021-02-21 – The", date(2021, 2, 21)),
        ("2021-02-21\n\nThe", date(2021, 2, 21)),
        ("31 February 2021 – The", None),
        ("February 2021 was cold. The", None),
        ("Smarch 2021 – The", None),
    ],
)
def test_the_dateline_dates_the_text(start: str, published: date | None) -> None:
    assert read(f"Title\n\n{start} towns met to talk.").published == published


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("What is safe?\n\nA sentence.", "What is safe?"),
        ("A sentence.\n\nAnother.", ""),
        ("Two lines\nmake no title\n\nText.", ""),
        ("- item\n\nText.", ""),
        ("Only one line", ""),
    ],
)
def test_only_a_line_of_its_own_is_a_title(text: str, title: str) -> None:
    assert read(text).title == title


@pytest.mark.parametrize(
    "data",
    [
        "Été à Liège.".encode(),
        "\ufeffÉté à Liège.".encode(),
        "\ufeffÉté à Liège.".encode("utf-16-le"),
        "\ufeffÉté à Liège.".encode("utf-16-be"),
        "Été à Liège.".encode("cp1252"),
    ],
)
def test_any_usual_encoding_is_read(data: bytes) -> None:
    assert read_text(data, name="x.txt").text == "Été à Liège."


def test_too_much_text_is_refused() -> None:
    with pytest.raises(ReadError, match="larger than 5 MB"):
        read_text(b"a" * 5_000_001, name="x.txt")


@given(st.text(st.sampled_from("a .-*•1)\n\t>#|é"), max_size=200))
def test_no_word_is_lost(text: str) -> None:
    extract = read_text(f"Title\n\nIntro.\n\n{text}\n\nThe very last sentence.".encode(), name="x")

    assert extract.text.count("a") == f"{text}The very last sentence.".count("a")


def test_a_line_above_a_line_of_one_sign_is_a_heading() -> None:
    source = "Lamps\n=====\n\nIn parks.\n\nFees\n====\n45 euros.\n\nFor stalls\n----------\nNone."

    extract = read(source)

    assert extract.title == "Lamps"
    assert extract.text == "In parks.\n\n## Fees\n\n45 euros.\n\n### For stalls\n\nNone."


def test_a_line_between_paragraphs_is_no_heading() -> None:
    assert "#" not in read("Title\n\nIt costs 45 euros,\nall in all.\n-----\nMore words.").text


def test_lines_whose_cells_tabs_part_are_a_table() -> None:
    table = "Town\tDay\tNight\nAth\t120\t60\nMons\t\t45"

    assert read(f"Lamps\n\nThese are on.\n\n{table}\n\nThe end of it.").text == (
        "These are on.\n\n| Town | Day | Night |\n| --- | --- | --- |\n| Ath | 120 | 60 |\n"
        "| Mons |  | 45 |\n\nThe end of it."
    )


@pytest.mark.parametrize("lines", ["1.\tAsk\n2.\tPlan", "•\tAsk\n•\tPlan", "\tAsk\n\tPlan"])
def test_a_tab_in_a_list_or_before_a_line_makes_no_table(lines: str) -> None:
    assert ":" not in read(f"Lamps\n\nSome words.\n\n{lines}").text
