import json
from dataclasses import replace
from datetime import date

from assistant.answering import answer_json
from assistant.domain.corpus import Kind
from assistant.domain.dialogue import Answer, Citation, Mode, Outcome, Suggestion
from tests.builders import a_chunk, a_passage, a_source, an_excerpt

SITE = "https://ask.test"
SENTENCE = "The town renewed its street lighting in 2019."


def an_answer() -> Answer:
    excerpt = an_excerpt(
        f"Before it, lamps were gas. {SENTENCE}",
        SENTENCE,
        start=40,
        headings=("Light",),
        kind=Kind.RECOMMENDATION,
    )
    citation = Citation(
        number=1,
        excerpt=excerpt,
        url="https://forum.test/lighting",
        link="https://forum.test/lighting#:~:text=The",
    )
    return Answer(
        question="When were the lamps renewed?",
        language="en",
        outcome=Outcome.ANSWERED,
        mode=Mode.QUOTING,
        lead_in="The documents say:",
        citations=(citation,),
        suggestions=(),
        generation="000007",
    )


def a_refusal() -> Answer:
    suggestion = Suggestion(a_source(url="/documents/a.md"), f"{SITE}/documents/a.md")
    return replace(
        an_answer(),
        outcome=Outcome.REFUSED,
        lead_in="Nothing.",
        citations=(),
        suggestions=(suggestion,),
    )


def test_passages_have_exactly_the_promised_fields() -> None:
    found = [a_passage(a_chunk(SENTENCE, start=7, url="/documents/a.md"), score=0.12345678)]

    assert answer_json.passages("q1", found, SITE) == {
        "id": "q1",
        "passages": [
            {
                "document": "articles/lighting.md",
                "title": "Lighting",
                "url": f"{SITE}/documents/a.md",
                "text": SENTENCE,
                "start": 7,
                "end": 7 + len(SENTENCE),
                "score": 0.123457,
            }
        ],
    }


def test_passages_keep_the_order_in_which_they_were_found() -> None:
    found = [a_passage(a_chunk(name=name)) for name in ("b", "a", "c")]

    result = answer_json.passages(None, found, SITE)

    assert [fields["title"] for fields in result["passages"]] == ["B", "A", "C"]


def test_no_passages_are_an_empty_list() -> None:
    assert answer_json.passages("q1", [], SITE) == {"id": "q1", "passages": []}


def test_an_answer_has_exactly_the_promised_fields() -> None:
    assert answer_json.answer("q1", an_answer(), 12.3456) == {
        "id": "q1",
        "question": "When were the lamps renewed?",
        "language": "en",
        "outcome": "answered",
        "mode": "quoting",
        "answer": (
            f"The documents say:\nLighting › Light\nBefore it, lamps were gas. {SENTENCE} [1]"
        ),
        "citations": [
            {
                "number": 1,
                "document": "articles/lighting.md",
                "title": "Lighting",
                "url": "https://forum.test/lighting",
                "link": "https://forum.test/lighting#:~:text=The",
                "date": "2021-02-01",
                "changed": None,
                "language": "en",
                "kind": "recommendation",
                "headings": ["Light"],
                "quote": SENTENCE,
                "excerpt": f"Before it, lamps were gas. {SENTENCE}",
                "start": 40,
                "end": 67 + len(SENTENCE),
                "marks": [{"start": 67, "end": 67 + len(SENTENCE)}],
            }
        ],
        "suggestions": [],
        "generation": "000007",
        "milliseconds": 12.3,
    }


def test_a_citation_tells_when_its_document_was_last_changed() -> None:
    source = a_source(published=date(2016, 5, 1), changed=date(2026, 1, 12))
    citation = replace(an_answer().citations[0], excerpt=an_excerpt(source=source))

    result = answer_json.answer(None, replace(an_answer(), citations=(citation,)), 0)

    (told,) = result["citations"]
    assert (told["date"], told["changed"]) == ("2016-05-01", "2026-01-12")


def test_the_fields_of_an_answer_stand_in_the_promised_order() -> None:
    result = answer_json.answer("q1", an_answer(), 0)

    assert list(result) == [
        "id",
        "question",
        "language",
        "outcome",
        "mode",
        "answer",
        "citations",
        "suggestions",
        "generation",
        "milliseconds",
    ]


def test_a_refusal_has_the_same_fields_and_names_the_closest_documents() -> None:
    result = answer_json.answer("q1", a_refusal(), 1)

    assert result.keys() == answer_json.answer("q1", an_answer(), 1).keys()
    assert result["outcome"] == "refused"
    assert result["citations"] == []
    assert result["suggestions"] == [
        {
            "document": "articles/lighting.md",
            "title": "Lighting",
            "url": f"{SITE}/documents/a.md",
        }
    ]


def test_a_question_without_id_has_no_such_field() -> None:
    assert "id" not in answer_json.answer(None, an_answer(), 1)
    assert "id" not in answer_json.passages(None, [], SITE)
    assert answer_json.failure(None, "?", "empty") == {"question": "?", "error": "empty"}


def test_an_undated_source_has_a_date_of_null() -> None:
    result = an_answer()
    citation = result.citations[0]
    undated = replace(citation, excerpt=an_excerpt(source=a_source(published=None)))

    fields = answer_json.answer(None, replace(result, citations=(undated,)), 1)["citations"][0]

    assert fields["date"] is None


def test_every_form_survives_json() -> None:
    for form in (
        answer_json.answer("q1", an_answer(), 1),
        answer_json.answer("q1", a_refusal(), 1),
        answer_json.passages("q1", [a_passage()], SITE),
        answer_json.failure("q1", "?", "empty"),
    ):
        assert json.loads(json.dumps(form)) == form


def test_how_a_follow_up_was_understood_is_added() -> None:
    asked = replace(an_answer(), understood="And lamps? (park)")

    assert answer_json.answer("7", asked, 1.0)["understood"] == "And lamps? (park)"
