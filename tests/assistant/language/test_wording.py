import re
from collections.abc import Mapping
from datetime import date, datetime
from string import Formatter

import pytest

from assistant.domain.corpus import Kind
from assistant.language.languages import LANGUAGES, languages
from assistant.language.wording import DEFAULT, staff_wording, wording


def placeholders(message: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(message) if name is not None}


def of(language: str, part: str) -> Mapping[str, str]:
    """Return the words of members' pages, or those of the staff pages."""
    words: Mapping[str, str] = getattr(languages()[language], part)
    return words


PARTS = pytest.mark.parametrize("part", ["wording", "staff"])


@PARTS
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_same_messages(language: str, part: str) -> None:
    assert list(of(language, part)) == list(of(DEFAULT, part))


@PARTS
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_fills_in_the_same_values(language: str, part: str) -> None:
    ours, english = of(language, part), of(DEFAULT, part)

    assert {key: placeholders(each) for key, each in ours.items()} == {
        key: placeholders(each) for key, each in english.items()
    }


@PARTS
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_message_is_empty_or_holds_markup(language: str, part: str) -> None:
    for key, message in of(language, part).items():
        assert message.strip() == message != "", key
        assert not set(message) & set("<>&\n"), key


@PARTS
@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != DEFAULT])
def test_no_sentence_is_left_in_english(language: str, part: str) -> None:
    english = of(DEFAULT, part)
    sentences = {key: text for key, text in of(language, part).items() if len(text.split()) > 3}

    assert [key for key, each in sentences.items() if each == english[key]] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_of_document_has_a_name(language: str) -> None:
    words = wording(language)

    assert len({words(f"kind.{kind}") for kind in Kind}) == len(Kind)


def test_a_language_without_messages_speaks_english() -> None:
    assert wording("sv").language == "en"
    assert wording("und")("button.ask") == wording("en")("button.ask")
    assert wording("../../secret").language == "en"


def test_values_are_filled_in_to_the_letter() -> None:
    assert "{limit} <b>" in wording("en")("refusal.contact", contact="{limit} <b>")


def test_an_unknown_message_is_a_mistake_of_ours() -> None:
    with pytest.raises(KeyError):
        wording("en")("no.such.message")


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("en", "5 March 2021"),
        ("fr", "5 mars 2021"),
        ("nl", "5 maart 2021"),
        ("de", "5. März 2021"),
        ("es", "5 de marzo de 2021"),
        ("it", "5 marzo 2021"),
        ("pt", "5 de março de 2021"),
    ],
)
def test_a_date_is_written_as_its_readers_write_it(language: str, written: str) -> None:
    assert wording(language).day(date(2021, 3, 5)) == written


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("en", "updated January 2026"),
        ("fr", "mis à jour en janvier 2026"),
        ("nl", "bijgewerkt in januari 2026"),
        ("de", "aktualisiert im Januar 2026"),
        ("es", "actualizado en enero de 2026"),
        ("it", "ultimo aggiornamento: gennaio 2026"),
        ("pt", "atualizado em janeiro de 2026"),
    ],
)
def test_a_month_stands_in_its_sentence_as_its_readers_write_it(
    language: str, written: str
) -> None:
    words = wording(language)

    assert words("answer.updated", month=words.month(date(2026, 1, 12))) == written


@pytest.mark.parametrize(
    ("language", "none", "one", "many"),
    [
        ("en", "0 documents", "1 document", "2,500 documents"),
        ("fr", "0 document", "1 document", "2\u202f500 documents"),
        ("nl", "0 documenten", "1 document", "2.500 documenten"),
        ("de", "0 Dokumente", "1 Dokument", "2.500 Dokumente"),
        ("es", "0 documentos", "1 documento", "2.500 documentos"),
        ("it", "0 documenti", "1 documento", "2.500 documenti"),
        ("pt", "0 documentos", "1 documento", "2\u00a0500 documentos"),
    ],
)
def test_what_is_counted_is_written_as_its_readers_write_it(
    language: str, none: str, one: str, many: str
) -> None:
    words = staff_wording(language)

    assert [words.counted("count.documents", count) for count in (0, 1, 2500)] == [none, one, many]


@pytest.mark.parametrize(("language", "written"), [("en", "1,234.50"), ("de", "1.234,50")])
def test_a_number_is_written_as_its_readers_write_it(language: str, written: str) -> None:
    assert staff_wording(language).number(1234.5, 2) == written


def test_a_moment_is_told_in_the_time_zone_that_it_is_given_in() -> None:
    when = datetime.fromisoformat("2026-11-03T23:05:00+02:00")

    assert staff_wording("de").moment(when) == "3. November 2026, 23:05"


@pytest.mark.parametrize(
    ("language", "first"),
    [
        ("en", "1 May 2026"),
        ("fr", "1er mai 2026"),
        ("de", "1. Mai 2026"),
        ("it", "1º maggio 2026"),
        ("pt", "1 de maio de 2026"),
    ],
)
def test_the_first_of_a_month_is_written_as_its_readers_do(language: str, first: str) -> None:
    assert wording(language).day(date(2026, 5, 1)) == first
    assert wording(language).day(date(2011, 5, 11)).startswith("11")


@PARTS
def test_no_article_that_a_number_would_change_stands_before_an_italian_day(part: str) -> None:
    days = ("{day}", "{since}", "{until}")
    articles = tuple(f" {each} " for each in ("il", "al", "del", "dal", "nel"))
    before = [
        f" {message.split(day)[0].casefold()}"
        for message in of("it", part).values()
        for day in days
        if day in message
    ]

    assert [each for each in before if each.endswith(articles)] == []


@PARTS
def test_no_french_line_begins_with_a_mark_of_punctuation(part: str) -> None:
    parted = re.compile(r" [?!:;»]|« ")

    assert [key for key, each in of("fr", part).items() if parted.search(each)] == []


@pytest.mark.parametrize(
    ("code", "language", "name"),
    [
        ("fr", "en", "French"),
        ("fr", "de", "Französisch"),
        ("en", "pt", "inglês"),
        ("zz-unknown", "en", "zz-unknown"),
    ],
)
def test_a_language_is_named_in_the_language_of_the_page(
    code: str, language: str, name: str
) -> None:
    assert wording(language).language_name(code) == name
