"""Which passage answers, where in it, and how probably."""

import math
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.reading import (
    MOST_READ,
    MUCH_EVIDENCE,
    READER_WEIGHT,
    Calibration,
    evidence,
    probability,
    read,
)
from assistant.domain.corpus import Chunk, Passage
from tests.builders import a_chunk, a_passage
from tests.fakes import FakeReader

scores = st.lists(st.floats(-30, 30), min_size=1, max_size=20)


def passages(count: int, text: str = "Lamps are new.") -> list[Passage]:
    return [a_passage(a_chunk(text, name=f"d{at}"), score=0.2 - at / 1000) for at in range(count)]


def test_the_order_of_the_search_stands_where_nothing_reads() -> None:
    found = passages(5)

    readings = read("Are lamps new?", "en", found, None)

    assert [reading.passage for reading in readings] == found
    assert not any(reading.is_read for reading in readings)


def test_a_passage_that_answers_comes_before_those_that_only_resemble() -> None:
    found = [*passages(3), a_passage(a_chunk("They cost nine.", name="x"), score=0.19)]

    readings = read("What do lamps cost?", "en", found, FakeReader("nine"))

    assert readings[0].passage.chunk.text == "They cost nine."
    assert readings[0].probability > max(reading.probability for reading in readings[1:])


def test_no_more_is_read_once_nothing_further_down_can_come_first() -> None:
    reader = FakeReader("Lamps", high=20.0)
    found = passages(15)

    readings = read("Are lamps new?", "en", found, reader)

    far = found[0].score + READER_WEIGHT * (20.0 - MUCH_EVIDENCE)
    assert far > found[1].score
    assert [reading.is_read for reading in readings] == [True] + [False] * 14


def test_what_may_still_come_first_is_read_up_to_a_limit() -> None:
    reader = FakeReader("Lamps", high=-6.0)

    readings = read("Are lamps new?", "en", passages(15), reader)

    assert [reading.is_read for reading in readings] == [True] * MOST_READ + [False] * 7


def test_what_comes_first_decides_how_probable_an_answer_is() -> None:
    readings = read("Are lamps new?", "en", passages(15), FakeReader())

    assert probability(readings) == readings[0].probability
    assert readings[0].is_read


def test_of_two_alike_the_one_in_the_questions_language_comes_first() -> None:
    foreign, own = (
        a_passage(a_chunk(name=each, language=each), score=0.4) for each in ("fr", "en")
    )

    readings = read("Are lamps new?", "en", [foreign, own], FakeReader())

    assert readings[0].passage == own
    assert readings[0].probability > readings[1].probability


def test_nothing_found_is_no_answer() -> None:
    assert probability(read("Are lamps new?", "en", [], FakeReader())) == 0.0


def test_passages_without_sentences_are_not_read() -> None:
    heading = a_passage(a_chunk("## Lamps", sentences=[]))

    assert read("Lamps?", "en", [heading], FakeReader()) == []


def test_the_best_sentence_is_marked_and_others_that_answer_as_well() -> None:
    chunk = a_chunk("One. Two. Six.", sentences=[(0, 4), (5, 9), (10, 14)])

    (its,) = read("Which?", "en", [a_passage(chunk)], FakeReader("One", "Six"))

    assert its.best == chunk.sentences[0]
    assert its.others == [chunk.sentences[0], chunk.sentences[2]]


@given(scores)
def test_evidence_is_at_least_that_of_the_best_sentence(units: list[float]) -> None:
    assert max(units) - 1e-9 <= evidence(units) <= max(units) + math.log(len(units)) + 1e-9


@given(st.floats(allow_nan=False, allow_infinity=False), st.floats(0, 5), st.floats(-9, 9))
def test_a_probability_is_one_whatever_the_readings(value: float, weight: float, at: float) -> None:
    found = Calibration(weight, weight, 1.0, at).probability(value, value, is_own_language=True)

    assert 0 <= found <= 1


def test_the_figure_of_another_year_is_no_answer() -> None:
    found = [
        a_passage(a_chunk(f"The budget of {year} is 9 million.", name=str(year)), score=0.2)
        for year in (2026, 2027)
    ]

    readings = read("What is the budget of 2027?", "en", found, FakeReader("budget", high=2.0))

    assert "2027" in readings[0].passage.chunk.text
    assert readings[1].probability < readings[0].probability / 2


def test_a_passage_that_names_no_year_may_answer_for_the_one_asked_about() -> None:
    found = [a_passage(a_chunk("The budget is 9 million."), score=0.2)]

    (dated,) = read("What is the budget of 2027?", "en", found, FakeReader("budget"))
    (undated,) = read("What is the budget?", "en", found, FakeReader("budget"))

    assert dated.probability == undated.probability


def test_a_clause_is_found_by_its_number() -> None:
    clauses = ("2.1 The fee is due in March.", "2.2 Who does not pay loses its vote.", "12.2 No.")
    found = [a_passage(a_chunk(text, name=text[:4].strip()), score=0.3) for text in clauses]

    readings = read("What does clause 2.2 say?", "en", found, FakeReader())

    assert readings[0].passage.chunk.text == clauses[1]
    assert readings[0].probability > 0.5 > readings[1].probability


def test_where_nothing_is_in_the_questions_language_nothing_counts_as_foreign() -> None:
    found = [a_passage(a_chunk(language="fr"), score=0.2)]

    (foreign,) = read("Are lamps new?", "en", found, FakeReader())
    (own,) = read("Les lampes ?", "fr", found, FakeReader())

    assert foreign.probability == own.probability


class TitlesRead:
    """A reader that notes above what it read."""

    def __init__(self) -> None:
        self.titles: list[str] = []

    def read(self, question: str, chunks: Sequence[Chunk]) -> Sequence[Sequence[float]]:
        del question
        self.titles += [chunk.source.title for chunk in chunks]
        return [[1.0] * len(chunk.sentences) for chunk in chunks]


def test_a_passage_is_read_with_the_names_that_only_the_rest_of_its_document_says() -> None:
    reader = TitlesRead()
    found = [a_passage(a_chunk("The new installation cost 410,000 euros."))]

    (reading,) = read(
        "What do the cameras of Harrowmere in Brussels cost?",
        "en",
        found,
        reader,
        lambda _: "Harrowmere has a charter. The new installation cost 410,000 euros.",
    )

    assert reader.titles == ["Harrowmere: Lighting"]
    assert reading.passage == found[0]
