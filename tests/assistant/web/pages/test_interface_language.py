import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.language.languages import LANGUAGES
from assistant.web.pages.options import page_language


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("fr", "fr"),
        ("FR-be", "fr"),
        ("pt_BR", "pt"),
        ("nl-BE,nl;q=0.9,en;q=0.8", "nl"),
        ("sv,de;q=0.7,en;q=0.3", "de"),
        ("en;q=0.3,de;q=0.7", "de"),
        ("en; q=0.3, de; q=0.7", "de"),
        ("en;q=0.5,de;q=0.5", "en"),
        ("fr;q=0, it;q=0.1", "it"),
        ("fr;q=0", "en"),
        ("sv,fi", "en"),
        ("*", "en"),
        ("", "en"),
        (",,;q=,;;", "en"),
        ("de;q=nan,it", "it"),
        ("de;q=high,it;q=0.1", "it"),
        ("deutsch", "en"),
        (",".join(["sv"] * 1000) + ",fr", "en"),
    ],
)
def test_the_browser_gets_the_first_of_its_languages_that_we_have(
    header: str, language: str
) -> None:
    assert page_language(None, header, "en") == language


@pytest.mark.parametrize(
    ("asked", "language"),
    [("de", "de"), ("DE", "de"), ("de-AT", "de"), ("sv", "fr"), ("", "fr"), ("item", "fr")],
)
def test_a_language_asked_for_in_the_address_wins(asked: str, language: str) -> None:
    assert page_language(asked, "fr", "en") == language


def test_without_any_wish_the_default_is_spoken() -> None:
    assert page_language(None, None, "nl") == "nl"


@given(st.one_of(st.none(), st.text()), st.one_of(st.none(), st.text()))
def test_whatever_is_sent_the_language_is_one_of_ours(
    asked: str | None, header: str | None
) -> None:
    assert page_language(asked, header, "en") in LANGUAGES
