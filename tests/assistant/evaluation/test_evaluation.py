"""Measuring: reading sets, computing figures, telling them."""

import gzip
import json
import math
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.domain.corpus import DocumentId
from assistant.domain.errors import InputError
from assistant.evaluation import formats, measures
from assistant.evaluation.measures import Observation
from assistant.evaluation.panel import earlier_answers
from assistant.evaluation.report import Result, as_json, as_lines
from assistant.evaluation.runner import observe
from assistant.evaluation.sets import Case
from tests.builders import a_chunk, a_document, a_passage, an_assistant, unheard
from tests.fakes import FakeGeneration, FakeLibrary

A, B, C = DocumentId("a"), DocumentId("b"), DocumentId("c")


def observed(  # noqa: PLR0913 - a builder names every field
    text: str = "1",
    *,
    ranking: tuple[DocumentId, ...] = (A, B),
    relevant: tuple[DocumentId, ...] = (A,),
    answers: tuple[str, ...] = (),
    excerpts: tuple[str, ...] = (),
    quotes: tuple[str, ...] = (),
    support: float = 0.9,
    is_answerable: bool = True,
) -> Observation:
    case = Case(text, "Q?", "en", frozenset(relevant), answers, is_answerable)
    return Observation(case, ranking, excerpts, quotes, support, milliseconds=10.0)


def test_retrieval_is_measured_as_trec_does() -> None:
    first = observed("1", ranking=(A, B))
    second = observed("2", ranking=(B, A))
    missed = observed("3", ranking=(B, C))

    figures = measures.retrieval([first, second, missed])

    assert figures["nDCG@10"] == pytest.approx((1 + 1 / math.log2(3)) / 3)
    assert figures["recall@1"] == pytest.approx(1 / 3)
    assert figures["recall@5"] == pytest.approx(2 / 3)
    assert figures["MRR"] == pytest.approx(0.5)


def test_the_order_of_the_reader_is_measured_beside_that_of_the_search() -> None:
    first = replace(observed("1", ranking=(B, A)), as_read=(A, B))
    not_read = observed("2", ranking=(A, B))

    figures = measures.retrieval([first, not_read])

    assert figures["nDCG@10"] == pytest.approx((1 + 1 / math.log2(3)) / 2)
    assert figures[measures.AS_READ] == 1.0
    assert measures.AS_READ not in measures.retrieval([not_read])


def test_equal_positions_keep_their_order() -> None:
    many = tuple(DocumentId(f"d{number}") for number in range(9, -1, -1))

    assert measures.retrieval([observed(ranking=many, relevant=(many[0],))])["recall@1"] == 1.0


def test_a_question_asked_without_its_documents_finds_the_others_and_has_no_answer() -> None:
    here, there = a_passage(a_chunk(name="here")), a_passage(a_chunk(name="there"))
    assistant = an_assistant(FakeLibrary(FakeGeneration(here, there)))
    ids = tuple(passage.chunk.source.document_id for passage in (here, there))
    case = Case("1", "When were the lamps renewed?", "en", frozenset(ids[:1]))

    (whole,) = observe(assistant, [case], hide_relevant=False, progress=unheard)
    (rest,) = observe(assistant, [case], hide_relevant=True, progress=unheard)

    assert (whole.ranking, whole.case.is_answerable) == (ids, True)
    assert (rest.ranking, rest.case.is_answerable) == (ids[1:], False)


@pytest.mark.parametrize(
    ("question", "answered"),
    [
        ("Summarise “Lighting”", 1.0),
        ("What are your latest articles?", 1.0),
        ("Which articles were published in 1999?", 0.0),
        ("Thank you!", 0.0),
    ],
)
def test_what_is_answered_without_a_decision_is_no_refusal(question: str, answered: float) -> None:
    generation = FakeGeneration(a_passage(), documents=[a_document()])

    (seen,) = observe(
        an_assistant(FakeLibrary(generation)),
        [Case("1", question, "en")],
        hide_relevant=False,
        progress=unheard,
    )

    assert seen.support == answered


@pytest.mark.parametrize("question", ["???", "Who pays? " * 20])
def test_a_question_that_cannot_be_taken_counts_as_refused(question: str) -> None:
    assistant = an_assistant(FakeLibrary(FakeGeneration(a_passage())))

    cases = [Case("1", question, "en"), Case("2", "When were the lamps renewed?", "en")]
    seen = observe(assistant, cases, hide_relevant=False, progress=unheard)

    assert measures.refusals(seen, 0.2)["refused"] == 0.5


def test_a_summary_of_a_document_that_is_taken_out_is_no_answer() -> None:
    document = a_document()
    generation = FakeGeneration(a_passage(), documents=[document])
    case = Case("1", "Summarise “Lighting”", "en", frozenset({document.id}))

    (seen,) = observe(
        an_assistant(FakeLibrary(generation)), [case], hide_relevant=True, progress=unheard
    )

    assert seen.support == 0.0


def test_without_known_documents_there_is_no_retrieval_figure() -> None:
    assert measures.retrieval([observed(relevant=())]) == {}


@pytest.mark.parametrize(
    ("excerpts", "expected"),
    [
        (("Rain. It opened on 4 March 2022.", "Later."), [1.0, 1.0, 0.0]),
        (("Later.", "It opened on 4 MARCH, 2022!"), [0.0, 1.0, 0.0]),
        (("4 March 2022",), [1.0, 1.0, 1.0]),
        (("No.", "No.", "No."), [0.0, 0.0, 0.0]),
        ((), [0.0, 0.0, 0.0]),
    ],
)
def test_an_answer_is_looked_for_in_what_is_shown_and_in_what_is_marked(
    excerpts: tuple[str, ...], expected: list[float]
) -> None:
    quotes = tuple(excerpt[:12] for excerpt in excerpts)
    shown = observed(answers=("4 March 2022",), excerpts=excerpts, quotes=quotes)
    figures = measures.containment([shown])

    assert list(figures.values()) == expected


def test_refusals_are_counted_on_either_side_of_the_threshold() -> None:
    observations = [
        observed(support=0.9),
        observed(support=0.1),
        observed(support=0.6, is_answerable=False),
        observed(support=0.2, is_answerable=False),
    ]

    assert measures.refusals(observations, 0.5) == {"refused": 0.5, "false answers": 0.5}


def test_a_curve_refuses_no_more_good_questions_than_it_says() -> None:
    good = [observed(support=number / 100) for number in range(100)]
    bad = [observed(support=0.5, is_answerable=False)]

    for rate, threshold, _ in measures.curve([*good, *bad]):
        refused = sum(each.support < threshold for each in good) / len(good)
        assert refused <= rate


def test_times_are_of_what_could_be_asked_and_one_of_twenty_takes_longer_than_the_second() -> None:
    asked = [replace(observed(str(each)), milliseconds=float(each)) for each in range(1, 21)]
    refused = [replace(observed(), milliseconds=0.0)] * 9

    assert measures.percentiles([*refused, *asked]) == {"ms p50": 10.5, "ms p95": 19.0}
    assert measures.percentiles(refused) == {}


def test_a_report_has_every_figure_for_people_and_for_programs() -> None:
    bad = [observed("9", support=0.1, is_answerable=False)]
    result = Result("tiny", [observed(answers=("x",), excerpts=("x",))], {"of another": bad})

    text = "\n".join(as_lines([result], 0.5))
    fields = as_json([result], 0.5)

    assert "tiny" in text
    assert "unanswerable questions of another" in text
    (first,) = fields["sets"]
    assert first["nDCG@10"] == 1.0
    assert first["in excerpt 1"] == 1.0
    assert first["curves"]["of another"][0]["false answers"] == 0.0
    json.dumps(fields)


def detect(text: str) -> str:
    return "fr" if "é" in text else "en"


def test_a_beir_folder_is_recognised(tmp_path: Path) -> None:
    with gzip.open(tmp_path / "corpus.jsonl.gz", "wt") as file:
        file.write('{"_id": "d1", "title": "T", "text": "The bus."}\n')
    (tmp_path / "queries.jsonl").write_text(
        '{"_id": "q1", "text": "Which bus?"}\n{"_id": "q2", "text": "Unjudged?"}\n'
    )
    (tmp_path / "qrels").mkdir()
    (tmp_path / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\nq1\td1\t1\n")

    (its,) = formats.read(tmp_path, detect)

    assert [document.text for document in its.documents] == ["The bus."]
    assert [(case.id, case.relevant) for case in its.cases] == [("q1", frozenset({"d1"}))]


def a_beir_folder(folder: Path, *splits: str) -> Path:
    """Return a folder with a document; each split judges a question of its own name."""
    (folder / "corpus.jsonl").write_text('{"_id": "d1", "title": "T", "text": "The bus."}\n')
    lines = [json.dumps({"_id": split, "text": f"{split}?"}) for split in ("dev", "test", "train")]
    (folder / "queries.jsonl").write_text("\n".join(lines))
    (folder / "qrels").mkdir()
    for split in splits:
        (folder / "qrels" / f"{split}.tsv").write_text(f"q\tc\tscore\n{split}\td1\t1\n")
    return folder


@pytest.mark.parametrize(
    ("splits", "asked"),
    [(("dev", "test", "train"), "test"), (("dev", "train"), "dev"), (("train",), "train")],
)
def test_the_test_split_is_measured_where_there_is_one(
    splits: tuple[str, ...], asked: str, tmp_path: Path
) -> None:
    (its,) = formats.read(a_beir_folder(tmp_path, *splits), detect)

    assert [case.id for case in its.cases] == [asked]


def test_a_set_without_judgements_is_refused_with_the_file_that_is_missing(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no judgements in qrels\.tsv or qrels/test\.tsv"):
        formats.read(a_beir_folder(tmp_path), detect)


def test_a_set_without_a_question_is_refused(tmp_path: Path) -> None:
    folder = a_beir_folder(tmp_path, "test")
    (folder / "qrels" / "test.tsv").write_text("q\tc\tscore\nunknown\td1\t1\n")
    (tmp_path / "golden.yaml").write_text("[]")

    for path in (folder, tmp_path / "golden.yaml"):
        with pytest.raises(InputError, match="there is no question in"):
            formats.read(path, detect)


def test_a_squad_file_is_recognised_with_its_unanswerable_questions(tmp_path: Path) -> None:
    path = tmp_path / "dev.json"
    good = {"id": "1", "question": "Où ?", "answers": [{"text": "à Liège", "answer_start": 0}]}
    bad = {"id": "2", "question": "Who?", "answers": [], "is_impossible": True}
    paragraph = {"context": "Fait à Liège.", "qas": [good, bad]}
    path.write_text(json.dumps({"data": [{"title": "Li_ege", "paragraphs": [paragraph]}]}))

    (its,) = formats.read(path, detect)

    assert [case.is_answerable for case in its.cases] == [True, False]
    assert its.cases[0].answers == ("à Liège",)
    assert its.cases[0].relevant == {its.documents[0].id}
    assert its.documents[0].source.title == "Li ege"


def test_a_nomiracl_file_is_recognised(tmp_path: Path) -> None:
    path = tmp_path / "en.relevant.jsonl"
    passage = {"docid": "7#1", "title": "T", "text": "Words."}
    entry = {"query_id": "q", "query": "Who?", "answerable": False, "passages": [passage, passage]}
    path.write_text(json.dumps(entry) + "\n")

    (its,) = formats.read(path, detect)

    assert len(its.documents) == 1
    assert not its.cases[0].is_answerable


def test_lines_of_a_set_may_hold_what_parts_lines_elsewhere(tmp_path: Path) -> None:
    path = tmp_path / "en.relevant.jsonl"
    passage = {"docid": "7#1", "title": "T", "text": "Two\u2028words."}
    entry = {"query_id": "q", "query": "Who\x85pays?", "answerable": True, "passages": [passage]}
    path.write_text(json.dumps(entry, ensure_ascii=False) + "\n", encoding="utf-8")

    (its,) = formats.read(path, detect)

    assert its.cases[0].question == "Who\x85pays?"
    assert [entry] == list(earlier_answers(path).values())


def test_golden_questions_are_recognised_and_have_no_documents_of_their_own(
    tmp_path: Path,
) -> None:
    path = tmp_path / "golden.yaml"
    path.write_text(
        "- {question: 'Who pays?', language: en, document: a.md, quote: The region pays.}\n"
        "- {question: 'Who won?', language: en, refuse: true}\n"
    )

    (its,) = formats.read(path, detect)

    assert its.documents == ()
    assert [case.is_answerable for case in its.cases] == [True, False]


@pytest.mark.parametrize("name", ["nothing.json", "list.json", "folder", "missing"])
def test_anything_else_says_what_can_be_measured_on(tmp_path: Path, name: str) -> None:
    (tmp_path / "nothing.json").write_text("not json")
    (tmp_path / "list.json").write_text("[1]")
    (tmp_path / "folder").mkdir()

    with pytest.raises(InputError, match="no BEIR folder"):
        formats.read(tmp_path / name, detect)


def test_a_sample_is_taken_evenly(tmp_path: Path) -> None:
    path = tmp_path / "golden.yaml"
    path.write_text(
        "".join(f"- {{question: 'Q{at}?', language: en, refuse: true}}\n" for at in range(10))
    )
    (its,) = formats.read(path, detect)

    assert [case.question for case in its.sampled(4).cases] == ["Q0?", "Q2?", "Q5?", "Q7?"]
    assert [len(its.sampled(count).cases) for count in (1, 6, 9, 10, 100)] == [1, 6, 9, 10, 10]
