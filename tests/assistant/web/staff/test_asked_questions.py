"""What members ask, as staff see it, and what they can do about it from the same row."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest
from lxml import html

from assistant.domain.by_hand import HandAnswer
from assistant.domain.dialogue import Cause, Mode, Outcome, Question
from assistant.domain.errors import RecordsError
from assistant.insights import report
from assistant.language.languages import LANGUAGES
from assistant.records.hand_answers import HandAnswerStore
from tests.assistant.records.test_questions import CITED, an_answer
from tests.assistant.web.staff.staffing import Staffed, a_staffed_site, publish
from tests.builders import a_document

KIT, REWORDED = "can we borrow the kit?", "can we borrow the kit please?"
EVIL = "<script>alert('x')</script> | =cmd"


@pytest.fixture
def keeping(tmp_path: Path) -> Staffed:
    return a_staffed_site(tmp_path, [a_document()], keep_questions=30)


def _parsed(text: str) -> html.HtmlElement:
    return cast("html.HtmlElement", html.document_fromstring(text))


def page(staffed: Staffed, address: str) -> html.HtmlElement:
    response = staffed.client().get(address)
    assert response.status_code == 200, response.text
    return _parsed(response.text)


def ask(staffed: Staffed, *questions: str, cause: Cause = Cause.NOTHING) -> None:
    for question in questions:
        staffed.site.records.questions.add(an_answer(question, cause=cause))


def numbers(shown: html.HtmlElement) -> dict[str, str]:
    pairs = shown.xpath("//dl[@class='numbers']/div")
    return {pair.findtext("dt"): pair.findtext("dd") for pair in pairs}


def test_questions_asked_in_vain_are_shown_in_groups_with_their_cause(keeping: Staffed) -> None:
    ask(keeping, KIT, REWORDED, "who sings at the festival?")
    shown = page(keeping, "/staff/questions")
    (card,) = shown.xpath("//article")
    assert card.findtext("h3") == KIT
    assert "2 times · English · no document on it" in card.text_content()
    assert REWORDED in card.text_content()
    assert "Asked only once, and therefore not shown: 1." in shown.text_content()
    assert "festival" not in shown.text_content()
    assert numbers(shown)["Refused"] == "3"


def test_while_none_is_kept_they_are_counted_and_it_is_said_how_to_keep_them(
    tmp_path: Path,
) -> None:
    staffed = a_staffed_site(tmp_path, [a_document()])
    ask(staffed, KIT, KIT)
    shown = page(staffed, "/staff/questions")
    assert numbers(shown)["Refused"] == "2"
    assert "FORUM_KEEP_QUESTIONS" in shown.text_content()
    assert not shown.xpath("//article")


def test_what_members_typed_is_text_in_the_page_the_report_and_the_table(keeping: Staffed) -> None:
    ask(keeping, EVIL, EVIL)
    client = keeping.client()
    assert "<script>alert" not in client.get("/staff/questions").text
    told = client.get("/staff/questions/report?form=md")
    assert "\\<script\\>" in told.text
    assert told.headers["content-disposition"].startswith("attachment")
    ask(keeping, "=1+1 formula", "=1+1 formula")
    table = client.get("/staff/questions/report?form=csv").text
    assert "'=1+1 formula" in table


def test_cited_and_uncited_documents_are_told_apart(keeping: Staffed) -> None:
    assert "Lighting" in page(keeping, "/staff/questions").xpath(
        "string(//section[@aria-labelledby='uncited'])"
    )
    cited = an_answer("who?", Outcome.ANSWERED, citations=(CITED,))
    keeping.site.records.questions.add(cited)
    shown = page(keeping, "/staff/questions")
    assert "articles/lighting.md" in shown.xpath("string(//section[@aria-labelledby='cited'])")
    assert not shown.xpath("//section[@aria-labelledby='uncited']")


@pytest.mark.parametrize(
    "query", ["days=7", "days=0", "days=abc", "days=99999999999999", "form=exe"]
)
def test_any_period_and_form_gives_a_page(keeping: Staffed, query: str) -> None:
    client = keeping.client()
    assert client.get(f"/staff/questions?{query}").status_code == 200
    assert client.get(f"/staff/questions/report?{query}").status_code == 200


def test_a_group_is_answered_by_hand_from_its_own_row(keeping: Staffed) -> None:
    ask(keeping, KIT, REWORDED)
    (link,) = page(keeping, "/staff/questions").xpath("//article//a[contains(@href, '/answers/')]")
    form = page(keeping, link.get("href")).forms[1]
    assert form.fields["questions"].splitlines() == [KIT, REWORDED]
    fields = dict(form.fields) | {
        "text-en": "Yes, for a week.",
        "documents": "articles/lighting.md",
    }
    written = keeping.client().post("/staff/answers/write", data=fields)
    assert written.headers["location"] == "/staff/answers?note=answer-kept"
    answer = keeping.site.assistant.answer(Question(KIT))
    assert (answer.mode, answer.by_hand) == (Mode.BY_HAND, "Yes, for a week.")
    assert "wordings" in page(keeping, "/staff/answers").text_content()


def test_what_only_one_member_asked_is_read_by_its_number_no_more_than_in_the_list(
    keeping: Staffed,
) -> None:
    ask(keeping, "my neighbour beats his dog", KIT, REWORDED)
    begun = page(keeping, "/staff/answers/write?from=" + ".".join(map(str, range(1, 9))))
    assert begun.forms[1].fields["questions"].splitlines() == [KIT, REWORDED]


def test_an_answer_as_long_as_it_may_be_in_every_language_is_taken(keeping: Staffed) -> None:
    text = "é" * 7_900
    fields = {"questions": KIT, "documents": "articles/lighting.md"}
    texts = {f"text-{language}": text for language in LANGUAGES}
    written = keeping.client().post("/staff/answers/write", data=fields | texts)
    assert written.headers["location"] == "/staff/answers?note=answer-kept"


def test_words_stay_apart_where_other_spaces_than_plain_ones_part_them(keeping: Staffed) -> None:
    text = "Le 5\u00a0mai,\r\n10\u202f000\u2009euros\u3000\x07!"
    keeping.client().post("/staff/answers/write", data={"questions": KIT, "text-fr": text})
    (kept,) = keeping.site.records.hand_answers.all()
    assert kept.texts["fr"] == "Le 5 mai,\n10 000 euros !"


@pytest.mark.parametrize("number", ["9" * 20, "9" * 5_000, "²", "-1"])
def test_a_number_that_is_none_of_ours_finds_nothing(keeping: Staffed, number: str) -> None:
    client = keeping.client()
    assert client.get(f"/staff/questions?days={number}").status_code == 200
    removed = client.post("/staff/questions/golden/remove", data={"number": number})
    assert removed.status_code == 303


def test_a_changed_source_takes_the_answer_back_and_staff_see_why(keeping: Staffed) -> None:
    fields = {"questions": KIT, "text-en": "Yes.", "documents": "https://forum.test/lighting"}
    keeping.client().post("/staff/answers/write", data=fields)
    assert keeping.site.assistant.answer(Question(KIT)).mode is Mode.BY_HAND
    publish(keeping.library, [a_document(text="The lamps are gone.")])
    assert keeping.site.assistant.answer(Question(KIT)).mode is not Mode.BY_HAND
    assert "a source has changed" in page(keeping, "/staff/answers").text_content()


def test_an_answer_is_changed_and_withdrawn_and_its_versions_stay(keeping: Staffed) -> None:
    client = keeping.client()
    client.post("/staff/answers/write", data={"questions": KIT, "text-en": "First."})
    client.post("/staff/answers/write", data={"number": "1", "questions": KIT, "text-en": "Next."})
    assert keeping.site.assistant.answer(Question(KIT)).by_hand == "Next."
    client.post("/staff/answers/withdraw", data={"number": "1"})
    assert keeping.site.assistant.answer(Question(KIT)).mode is not Mode.BY_HAND
    told = page(keeping, "/staff/answers/write?number=1").text_content()
    assert "First." in told
    assert "withdrawn" in told


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"documents": "nowhere.md"}, "There is no document “nowhere.md”; give its id"),
        ({"valid_until": "soon"}, "“soon” is no date; give one such as 2027-01-31"),
        ({"questions": ""}, "No question is named"),
        ({"text-en": "", "text-fr": ""}, "There is no answer; write one"),
    ],
)
def test_a_form_with_a_fault_says_what_to_do_and_loses_nothing(
    keeping: Staffed, wrong: dict[str, str], told: str
) -> None:
    fields = {"questions": KIT, "text-en": "Yes.", "text-fr": "Oui.", **wrong}
    response = keeping.client().post("/staff/answers/write", data=fields)
    assert response.status_code == 422
    shown = _parsed(response.text)
    assert told in str(shown.xpath("string(//*[@role='alert'])"))
    kept = shown.forms[1].fields
    assert all(kept[name].strip() == each for name, each in fields.items())
    assert keeping.site.records.hand_answers.all() == []


def test_a_form_of_before_somebody_changed_the_answer_asks_whose_is_to_stand(
    keeping: Staffed,
) -> None:
    client = keeping.client()
    client.post("/staff/answers/write", data={"questions": KIT, "text-en": "First."})
    stale = dict(page(keeping, "/staff/answers/write?number=1").forms[1].fields)
    client.post("/staff/answers/write", data=stale | {"text-en": "Theirs."})

    asked = client.post("/staff/answers/write", data=stale | {"text-en": "Mine."})

    assert asked.status_code == 422
    shown = _parsed(asked.text)
    assert "was changed meanwhile" in str(shown.xpath("string(//*[@role='alert'])"))
    assert keeping.site.assistant.answer(Question(KIT)).by_hand == "Theirs."
    assert "Theirs." in shown.text_content()
    again = client.post("/staff/answers/write", data=dict(shown.forms[1].fields))
    assert again.headers["location"] == "/staff/answers?note=answer-kept"
    assert keeping.site.assistant.answer(Question(KIT)).by_hand == "Mine."


class FullHandAnswers(HandAnswerStore):
    """One whose disk is full."""

    def add(self, answer: HandAnswer) -> int:
        msg = f"the disk is full at answer {answer.number}"
        raise RecordsError(msg)


class LostHandAnswers(FullHandAnswers):
    """One whose disk is gone."""

    def versions(self, number: int) -> Sequence[HandAnswer]:
        msg = f"cannot read answer {number}"
        raise RecordsError(msg)


@pytest.mark.parametrize(
    ("store", "told"),
    [(FullHandAnswers, "the disk is full"), (LostHandAnswers, "cannot read answer 7")],
)
def test_what_was_typed_is_kept_in_the_form_where_the_records_fail(
    keeping: Staffed, store: type[HandAnswerStore], told: str
) -> None:
    records = keeping.site.records
    broken = replace(records, hand_answers=store(records.hand_answers.database))
    site = replace(keeping.site, records=broken)
    client = Staffed(site, keeping.library, keeping.data, keeping.clock).client()
    fields = {"number": "7", "questions": KIT, "text-en": "Yes.", "text-fr": "Oui."}

    response = client.post("/staff/answers/write", data=fields)

    shown = _parsed(response.text)
    assert told in str(shown.xpath("string(//*[@role='alert'])")).lower()
    kept = shown.forms[1].fields
    assert all(kept[name].strip() == each for name, each in fields.items())


def test_a_tried_question_is_made_golden_and_taken_back(keeping: Staffed) -> None:
    client = keeping.client()
    tried = client.post("/staff/try", data={"question": "Is there a tram?", "language": "en"})
    (form,) = [one for one in _parsed(tried.text).forms if "golden" in str(one.action)]
    client.post("/staff/questions/golden", data=dict(form.fields))
    (made,) = keeping.site.records.golden.all()
    assert made.question == "Is there a tram?"
    assert "Is there a tram?" in client.get("/staff/questions").text
    client.post("/staff/questions/golden/remove", data={"number": str(made.number)})
    assert keeping.site.records.golden.all() == []


def test_a_phone_tells_what_each_count_is_of(keeping: Staffed) -> None:
    page = keeping.client().get("/staff/questions").text

    assert "data-label" in page
    assert "terse" not in page  # rows without labels are for words that tell by themselves


def test_the_report_of_nothing_is_a_report(keeping: Staffed) -> None:
    for form in ("md", "csv"):
        response = keeping.client().get(f"/staff/questions/report?form={form}")
        assert response.text.strip()


def test_no_cell_is_a_formula() -> None:
    assert report.cell("=1") == "'=1"
    assert report.cell(3) == 3
