import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.light_markdown import (
    Block,
    Heading,
    ListBlock,
    ListItem,
    Paragraph,
    Quotation,
    Table,
    clean,
    render,
)

INVISIBLE = [
    *range(0x09),
    *range(0x7F, 0x85),
    *range(0x86, 0xA0),
    0xAD,
    0x200B,
    0x200C,
    0x200E,
    0x200F,
    *range(0x202A, 0x202F),
    *range(0x2060, 0x2070),
    *range(0xFDD0, 0xFDF0),
    *range(0xFE00, 0xFE0E),
    0xFEFF,
    *range(0xE0000, 0xE0080),
]

JOINING = "\u200d\ufe0e\ufe0f\u20e3"  # these stay within an emoji
texts = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from([chr(code) for code in INVISIBLE]),
        st.sampled_from(f"{JOINING}👩❤☎#5⃣→\u0338\u2329"),
    ),
    max_size=60,
)


@pytest.mark.parametrize(
    ("raw", "cleaned"),
    [
        ("two  spaces\tand\n a line", "two spaces and a line"),
        ("no\u00a0break\u202fspaces\u2003here", "no break spaces here"),
        ("soft\u00adhyphen zero\u200bwidth \ufeffmark", "softhyphen zerowidth mark"),
        ("right\u202eleft\u2066isolate", "rightleftisolate"),
        ("tag\U000e0041\U000e007fs", "tags"),
        ("bell\x07 and next\x85line", "bell and next line"),
        ("e\u0301te\u0301", "été"),
        ("  “quotes”, – dashes – and … stay  ", "“quotes”, – dashes – and … stay"),
        ("*stars*, _underscores_ and `ticks` stay", "*stars*, _underscores_ and `ticks` stay"),
        ("half a pair \ud83d", "half a pair"),
        ("a\u200dspy in\ufe0f wo\ufe01rds 5\ufe0f", "aspy in words 5"),
        ("joined 👧\u200d x and x\u200d👧", "joined 👧 x and x👧"),
    ],
)
def test_cleaning_removes_what_cannot_be_seen_and_nothing_else(raw: str, cleaned: str) -> None:
    assert clean(raw) == cleaned


@pytest.mark.parametrize(
    "text",
    [
        "Příliš žluťoučký kůň úpěl ďábelské ódy",
        "Η πόλη φωτίζεται καλύτερα τη νύχτα",
        "الإنارة الجيّدة تجعل الشوارع أكثر أمانًا",
        "Łódź, Győr, İzmir, Tîrgu Mureș, Reykjavík",
        "安全な街 안전한 도시 सुरक्षित शहर",
        "family 👨‍👩‍👧‍👦, doctor 👩🏽‍⚕️, rainbow 🏳️‍🌈, heart ❤️, key 1️⃣ #️⃣, flag 🇧🇪, sign ☎︎",
    ],
)
def test_text_of_any_language_stays_as_it_is(text: str) -> None:
    assert clean(text) == unicodedata.normalize("NFC", text)


@given(texts)
def test_joiners_and_selectors_stay_only_within_an_emoji(text: str) -> None:
    cleaned = clean(text)

    for before, character, after in zip(f" {cleaned}", cleaned, f"{cleaned}  "[1:], strict=False):
        if character == "\u200d":
            assert not before.isalnum()
            assert not after.isalnum()
        if character in "\ufe0e\ufe0f":
            assert not before.isalpha()


@given(texts)
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    once = clean(text)

    assert clean(once) == once


@given(texts)
def test_clean_text_is_one_normal_line_without_invisible_characters(text: str) -> None:
    cleaned = clean(text)

    assert not {ord(character) for character in cleaned} & set(INVISIBLE)
    assert unicodedata.is_normalized("NFC", cleaned)
    assert len(cleaned.splitlines()) <= 1
    assert cleaned.encode("utf-8").strip() == cleaned.encode("utf-8")


def test_every_block_has_its_form() -> None:
    blocks: list[Block] = [
        Heading(2, "Prevention"),
        Paragraph("Cities met\nin March."),
        ListBlock(
            (
                ListItem("light", (ListBlock((ListItem("lamps"), ListItem("trees"))),)),
                ListItem("transport"),
            )
        ),
        ListBlock((ListItem("plan"), ListItem("act")), ordered=True, start=3),
        Table(("City", "People"), (("Ghent", "260,000"), ("Liège",))),
        Quotation("We feel safe."),
    ]

    assert render(blocks) == (
        "## Prevention\n"
        "\n"
        "Cities met in March.\n"
        "\n"
        "- light\n"
        "  - lamps\n"
        "  - trees\n"
        "- transport\n"
        "\n"
        "3. plan\n"
        "4. act\n"
        "\n"
        "| City | People |\n"
        "| --- | --- |\n"
        "| Ghent | 260,000 |\n"
        "| Liège |  |\n"
        "\n"
        "> We feel safe."
    )


@pytest.mark.parametrize(
    "text",
    [
        "# 1 in Europe",
        "- 5 degrees",
        "1. January 2020 was cold",
        "> 60 %",
        "| x | is a norm",
        "12)",
    ],
)
def test_a_paragraph_like_a_marker_is_set_off_by_one_space(text: str) -> None:
    assert render([Paragraph(text)]) == f" {text}"


@pytest.mark.parametrize("text", ["#hashtag", "-5 degrees", "1.5 million", "+32 2 555", "2020."])
def test_a_paragraph_that_is_no_marker_is_left_alone(text: str) -> None:
    assert render([Paragraph(text)]).strip() == text


def test_a_bar_in_a_cell_does_not_part_it() -> None:
    assert render([Table(("a|b",), ())]) == "| a¦b |\n| --- |"


def test_blocks_without_text_are_left_out() -> None:
    empty: list[Block] = [
        Heading(2, "\u200b"),
        Paragraph(" "),
        Quotation(""),
        ListBlock((ListItem(" "),)),
        Table(("",), (("",),)),
    ]

    assert render([*empty, Paragraph("Text."), *empty]) == "Text."


def test_a_list_below_a_wordless_item_takes_its_place() -> None:
    nested = ListBlock((ListItem("", (ListBlock((ListItem("inner"),)),)), ListItem("outer")))

    assert render([nested]) == "- inner\n- outer"


@given(st.lists(st.builds(Paragraph, texts), max_size=5))
def test_paragraphs_stay_on_one_line_each(paragraphs: list[Paragraph]) -> None:
    kept = [clean(paragraph.text) for paragraph in paragraphs if clean(paragraph.text)]

    rendered = render(paragraphs)

    assert [line.strip() for line in rendered.split("\n\n") if line] == kept
