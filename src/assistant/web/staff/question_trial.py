"""Ask a question as a member would, and see why it is answered so."""

from typing import Any

from fastapi import APIRouter, Request
from markupsafe import Markup
from starlette.responses import Response

from assistant.answering import explaining
from assistant.domain.dialogue import Question
from assistant.domain.errors import QuestionError
from assistant.language.languages import LANGUAGES
from assistant.language.wording import wording
from assistant.web.pages import answers
from assistant.web.staff.site import Form, StaffSite, asked


def routes(site: StaffSite) -> APIRouter:
    """Return the routes for trying a question."""
    router = site.router()

    @router.get("/staff/try")
    def ask(request: Request) -> Response:
        language = asked(request, "language")
        known = language if language in LANGUAGES else site.assistant.default_language
        return site.page(request, "try.html", **_given(asked(request, "question"), known))

    @router.post("/staff/try")
    def answer(request: Request, form: Form) -> Response:
        language = form["language"] if form["language"] in LANGUAGES else ""
        given = _given(form["question"], language)
        try:
            explained = explaining.explain(
                site.assistant, Question(form["question"], interface_language=language or None)
            )
        except QuestionError as exc:
            spoken = language or site.assistant.default_language
            told = {"fault": str(exc), "fault_language": spoken}
            return site.page(request, "try.html", status=422, **{**given, **told})
        return site.page(
            request,
            "try.html",
            **{**given, "explained": explained},
            answer=_answer(explained, site),
            versions=_versions(explained, site),
        )

    return router


def _given(question: str, language: str) -> dict[str, Any]:
    """Return what the form shows before there is an answer."""
    return {
        "question": question,
        "language": language,
        "explained": None,
        "fault": "",
    }


def _answer(explained: explaining.Explanation, site: StaffSite) -> Markup:
    """Return the answer as a member sees it."""
    answer, language = explained.answer, explained.answer.language
    html = answers.answer(answer, wording(language), site.contacts.of(language), base=site.base)
    return Markup(html)  # noqa: S704 - escaped by our own rendering


def _versions(explained: explaining.Explanation, site: StaffSite) -> dict[str, list[str]]:
    """Return the versions in other languages that each document found stands for, by its id."""
    ids = dict.fromkeys(
        candidate.reading.passage.chunk.source.document_id for candidate in explained.candidates
    )
    return {each: others for each in ids if (others := site.contents.versions(each))}
