from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.links import absolute, at_quote

PAGE = "https://forum.test/page"
LONG = (
    "The working group that met in the spring of that year asked every town of the region to walk "
    "through its streets at night before it plans a single new lamp."
)


@pytest.mark.parametrize(
    ("text", "fragment"),
    [
        ("Dim the lamps.", "Dim%20the%20lamps."),
        ("Walk, then plan.", "Walk%2C%20then%20plan."),
        ("a well-lit street", "a%20well%2Dlit%20street"),
        ("2019–2021", "2019%E2%80%932021"),
        ("light & shade", "light%20%26%20shade"),
        ("100 % sûr", "100%20%25%20s%C3%BBr"),
        ("this/that #1?", "this%2Fthat%20%231%3F"),
        ("two\n  lines", "two%20lines"),
        (" spaces around ", "spaces%20around"),
    ],
)
def test_a_short_quote_is_named_whole_and_encoded(text: str, fragment: str) -> None:
    assert at_quote(PAGE, text) == f"{PAGE}#:~:text={fragment}"


def test_a_long_quote_is_named_by_its_first_and_last_words() -> None:
    link = at_quote(PAGE, LONG)

    first, last = "The%20working%20group%20that%20met%20in", "it%20plans%20a%20single%20new%20lamp."
    assert link == f"{PAGE}#:~:text={first},{last}"


def test_a_long_quote_of_few_words_is_named_whole() -> None:
    text = " ".join(["Straßenbeleuchtungserneuerungsprogramm"] * 5)

    link = at_quote(PAGE, text)

    assert unquote(link.partition("text=")[2]) == text
    assert "," not in link


@pytest.mark.parametrize(
    ("row", "fragment"),
    [
        ("Ghent | 2019 | 4,000", "Ghent,4%2C000"),
        ("Ghent | 2019", "Ghent,2019"),
        ("Ghent |  | 2019", "Ghent,2019"),
        ("Sint-Niklaas | twenty two", "Sint%2DNiklaas,twenty%20two"),
    ],
)
def test_a_table_row_is_named_by_its_first_and_last_cell(row: str, fragment: str) -> None:
    assert at_quote(PAGE, row) == f"{PAGE}#:~:text={fragment}"


def test_a_fragment_of_the_page_is_kept() -> None:
    assert at_quote(f"{PAGE}#lamps", "Dim.") == f"{PAGE}#lamps:~:text=Dim."


@pytest.mark.parametrize("text", ["", "  \n ", " | "])
def test_a_quote_without_words_leaves_the_address_as_it_is(text: str) -> None:
    assert at_quote(PAGE, text) == PAGE


@given(st.text(max_size=400))
def test_a_link_names_words_of_the_quote_in_their_order(text: str) -> None:
    link = at_quote(PAGE, text)

    parts = [unquote(part) for part in link.removeprefix(PAGE).partition("text=")[2].split(",")]
    position = 0
    plain = " ".join(text.split())
    assert len(parts) <= 2
    for part in parts:
        position = plain.index(part, position) + len(part)


@given(st.text(max_size=400))
def test_a_link_holds_no_character_with_a_meaning_of_its_own(text: str) -> None:
    fragment = at_quote(PAGE, text).removeprefix(PAGE).removeprefix("#:~:text=")

    assert not set(fragment) & set(' \n\t"<>&#?-|')
    assert fragment.isascii()


@pytest.mark.parametrize(
    ("url", "public_url", "expected"),
    [
        ("https://other.test/a", "https://ask.test", "https://other.test/a"),
        ("/documents/a.md", "https://ask.test", "https://ask.test/documents/a.md"),
        ("/documents/a.md", "https://ask.test/", "https://ask.test/documents/a.md"),
        (
            "/documents/a%20b.md",
            "http://127.0.0.1:7860",
            "http://127.0.0.1:7860/documents/a%20b.md",
        ),
    ],
)
def test_a_relative_address_belongs_to_the_public_one(
    url: str, public_url: str, expected: str
) -> None:
    assert absolute(url, public_url) == expected


@pytest.mark.parametrize(
    "url",
    [
        *("/staff", "/staff/logout", "/", "/export/docx", "/documents/../staff", "/documentsx"),
        *("/documents/%2e%2E/staff", "/documents/./../staff", "https://ask.test/staff"),
        *("https://ASK.test/staff", "https://ask.test/documents/%2e%2e/staff"),
    ],
)
def test_a_document_does_not_lead_into_pages_of_ours(url: str) -> None:
    assert absolute(url, "https://ask.test") == ""


@pytest.mark.parametrize(
    ("url", "whole"),
    [
        ("/documents/a%20b.md", "https://ask.test/documents/a%20b.md"),
        ("https://forum.test/staff", "https://forum.test/staff"),
        ("https://ask.test/documents/a.md?b#c", "https://ask.test/documents/a.md?b#c"),
    ],
)
def test_a_document_leads_to_its_page(url: str, whole: str) -> None:
    assert absolute(url, "https://ask.test") == whole
