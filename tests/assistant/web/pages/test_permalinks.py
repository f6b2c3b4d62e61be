"""Links that show an answer again."""

import stat
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.assistant import Assistant
from assistant.domain.corpus import DocumentId, Source, Successor
from assistant.domain.dialogue import (
    Answer,
    Mode,
    Outcome,
    Question,
    Statement,
    Suggestion,
)
from assistant.language.languages import LANGUAGES
from assistant.language.wording import wording
from assistant.web.pages import answers, permalinks
from assistant.web.pages.permalinks import KEY_BYTES, PATH, Permalinks, SharedAnswer, key_of
from assistant.web.pages.templating import render
from tests.builders import a_chunk, a_passage, a_source, an_assistant
from tests.fakes import FakeGeneration, FakeLibrary

LINKS = Permalinks(b"key")
GIVEN, PUBLISHED = date(2021, 3, 1), date(2021, 2, 1)
FACT = "The lamps were renewed in 2019."


def an_assistant_that_knows(text: str) -> Assistant:
    return an_assistant(FakeLibrary(FakeGeneration(a_passage(a_chunk(text), score=0.9))))


def an_answer(text: str = FACT) -> Answer:
    answer = an_assistant_that_knows(text).answer(Question("When were the lamps renewed?"))
    assert answer.citations
    return answer


def shared(answer: Answer | None = None) -> SharedAnswer:
    return SharedAnswer(answer or an_answer(), GIVEN, PUBLISHED)


def token(its: SharedAnswer) -> str:
    return LINKS.path(its).removeprefix(PATH)


def test_an_answer_comes_back_as_it_was_given() -> None:
    read = LINKS.read(token(shared()))

    assert read is not None
    assert (read.given, read.published) == (GIVEN, PUBLISHED)
    assert read.answer.text == an_answer().text
    assert read.answer.question == "When were the lamps renewed?"
    (citation,) = read.answer.citations
    assert (citation.quote, citation.source) == (FACT, an_answer().citations[0].source)


def test_an_answer_keeps_what_its_sources_were_replaced_by_when_it_was_given() -> None:
    successor = Successor(DocumentId("new.md"), "New lamps")
    found = FakeGeneration(a_passage(a_chunk(FACT, successor=successor), score=0.9))
    answer = an_assistant(FakeLibrary(found)).answer(Question("When were the lamps renewed?"))

    read = LINKS.read(token(shared(answer)))

    assert read is not None
    assert [citation.source.successor for citation in read.answer.citations] == [successor]


@pytest.mark.parametrize("successor", [None, Successor(DocumentId("new.md"), "New lamps")])
def test_an_answer_keeps_when_its_sources_were_last_changed(successor: Successor | None) -> None:
    chunk = a_chunk(FACT, changed=date(2026, 1, 12), successor=successor)
    found = FakeGeneration(a_passage(chunk, score=0.9))
    answer = an_assistant(FakeLibrary(found)).answer(Question("When were the lamps renewed?"))

    read = LINKS.read(token(shared(answer)))

    assert read is not None
    assert [citation.source for citation in read.answer.citations] == [chunk.source]


def test_a_link_from_before_changes_were_told_still_shows_its_answer() -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(permalinks, "_VERSION", 3)
        old = token(shared())

    read = LINKS.read(old)

    assert read is not None
    assert [citation.source.changed for citation in read.answer.citations] == [None]


def test_a_link_to_what_a_model_wrote_shows_it_also_where_each_sentence_has_an_excerpt() -> None:
    (proof,) = an_answer().citations  # Such links were made when a model wrote instead of quoting.
    statements = (Statement("Lamps are new.", 1), Statement("They are of 2019.", 2))
    answer = replace(
        an_answer(),
        mode=Mode.WRITING,
        statements=statements,
        citations=(proof, replace(proof, number=2)),
    )

    read = LINKS.read(token(shared(answer)))

    assert read is not None
    assert read.answer.statements == statements
    page = answers.answer(read.answer, wording("en"), "")
    assert page.count('href="#excerpt-2"') == page.count('id="excerpt-2"') == 1
    assert FACT in page


@given(st.text(max_size=300))
def test_any_words_come_back(words: str) -> None:
    clean = words.encode(errors="replace").decode()
    answer = replace(an_answer(), question=clean, notice=clean)

    read = LINKS.read(token(shared(answer)))

    assert read is not None
    assert (read.answer.question, read.answer.notice) == (clean, clean)


@pytest.mark.parametrize("wrong", ["", "abc", "abc.def", "." * 50, "\x00", "x" * 40_000])
def test_what_we_did_not_sign_is_no_answer(wrong: str) -> None:
    assert LINKS.read(wrong) is None


def test_a_link_that_was_altered_is_no_answer() -> None:
    good = token(shared())

    for at in range(0, len(good), 7):
        other = "A" if good[at] != "A" else "B"
        assert LINKS.read(good[:at] + other + good[at + 1 :]) is None


def test_a_link_of_another_server_is_no_answer() -> None:
    assert Permalinks(b"another").read(token(shared())) is None


def test_an_answer_too_long_for_a_link_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(permalinks, "LONGEST", 10)

    assert LINKS.path(shared()) == ""


def test_the_key_is_kept_for_its_owner_only(tmp_path: Path) -> None:
    first = key_of(tmp_path / "data")

    assert key_of(tmp_path / "data") == first
    assert len(first) == KEY_BYTES
    assert stat.S_IMODE((tmp_path / "data" / "link_key").stat().st_mode) == 0o600


@pytest.mark.parametrize("left", [b"", b"half of a key"])
def test_a_key_that_was_cut_off_is_replaced_and_told(
    left: bytes, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "link_key").write_bytes(left)

    first = key_of(tmp_path)

    assert len(first) == KEY_BYTES
    assert key_of(tmp_path) == first
    assert "was no whole key" in caplog.text


def test_servers_that_start_together_sign_with_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as servers:
        keys = set(servers.map(key_of, [tmp_path / "data"] * 8))

    assert keys == {(tmp_path / "data" / "link_key").read_bytes()}


def test_where_no_key_can_be_kept_links_last_as_long_as_the_server(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("in the way")

    assert len(key_of(tmp_path / "data")) == KEY_BYTES


def page(text: str | None, language: str = "en") -> str:
    """Return the page of an answer, after the document has become `text`; None: unknown."""
    read = LINKS.read(token(shared()))
    assert read is not None
    generation = FakeGeneration(a_passage(a_chunk(text))) if text is not None else None
    words = wording(language)
    told = permalinks.shown_again(read, generation, words)
    return render(
        "shared.html",
        words=words,
        contact="",
        today=date(2021, 4, 1),
        base="",
        version="1",
        name="Safe towns",
        **told,
    )


def test_the_page_shows_the_answer_and_when_it_was_given() -> None:
    html = page(FACT)

    assert "An answer given on 1 March 2021" in html
    assert "as they were published on 1 February 2021" in html
    assert FACT in html
    assert "Since then" not in html


@pytest.mark.parametrize("text", ["", "The lamps were renewed in 2020."])
def test_the_page_says_what_has_changed_since(text: str) -> None:
    html = page(text)

    assert FACT in html
    assert "Since then, what is quoted here has changed" in html


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_is_shown_where_the_sources_cannot_be_looked_at(language: str) -> None:
    assert FACT in page(None, language)


def a_listing(*sources: Source, by_hand: str = "") -> Answer:
    suggestions = tuple(Suggestion(source, source.url) for source in sources)
    mode = Mode.BY_HAND if by_hand else Mode.QUOTING
    outcome = Outcome.ANSWERED if by_hand else Outcome.LISTED
    return replace(
        an_answer(),
        citations=(),
        suggestions=suggestions,
        by_hand=by_hand,
        mode=mode,
        outcome=outcome,
    )


def test_of_an_answer_by_hand_nothing_is_left_once_one_of_its_documents_is_hidden() -> None:
    given = a_listing(a_source("fees"), a_source("statutes"), by_hand="It costs 4,711 euros.")

    assert permalinks.without(given, {"other.md"}) == given
    left = permalinks.without(given, {given.suggestions[0].source.document_id})
    assert (left.by_hand, left.lead_in, left.suggestions) == ("", "", ())


def test_what_replaced_a_listed_document_is_not_named_once_it_is_hidden() -> None:
    newer = Successor(DocumentId("new.md"), "The new lamps")
    given = a_listing(replace(a_source("old"), successor=newer))

    (left,) = permalinks.without(given, {"new.md"}).suggestions
    assert left.source.successor is None
