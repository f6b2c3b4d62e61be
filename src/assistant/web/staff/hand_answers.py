"""Write, change and withdraw answers by hand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from fastapi import APIRouter, Request
from starlette.responses import Response

from assistant.domain.by_hand import Basis, HandAnswer, State, digest, state
from assistant.domain.corpus import Document, DocumentId
from assistant.domain.errors import InputError, RecordsError, StoreError
from assistant.domain.ports import Generation
from assistant.language.languages import LANGUAGES
from assistant.web.staff.site import Fields, Form, StaffSite, asked, go_to, number_in
from assistant.web.staff.speech import Speech

MOST_FROM = 40  # kept questions that a new answer is begun with


@dataclass(frozen=True, slots=True)
class Listed:
    """An answer in the list, and whether it is given."""

    answer: HandAnswer
    state: State


def routes(site: StaffSite) -> APIRouter:
    """Return the routes of the answers by hand."""
    router = site.router()

    @router.get("/staff/answers")
    def list_answers(request: Request) -> Response:
        with site.assistant.library.generation() as generation:
            listed = [
                Listed(answer, state(answer, generation.document, site.assistant.today()))
                for answer in site.records.hand_answers.all()
            ]
        return site.page(request, "answers.html", listed=listed)

    @router.get("/staff/answers/write")
    def ask_for_answer(request: Request) -> Response:
        number = number_in(asked(request, "number"))
        versions = site.records.hand_answers.versions(number) if number else ()
        sent = _as_sent(versions[0]) if versions else _begun(site, request)
        return _form(site, request, sent, versions)

    @router.post("/staff/answers/write")
    def write(request: Request, form: Form) -> Response:
        sent, spoken = _sent(form), site.speech(request)
        try:
            _check_fresh(site, sent, spoken)
            number = site.records.hand_answers.add(_answer(site, request, sent, spoken))
        except (InputError, StoreError, RecordsError) as exc:
            told = str(exc) if isinstance(exc, FieldError) else spoken.sentence(str(exc))
            return _form(site, request, sent, _versions(site, sent), fault=told)
        site.did(request, "answer.write", str(number))
        return go_to("/staff/answers", note="answer-kept")

    @router.post("/staff/answers/withdraw")
    def withdraw(request: Request, form: Form) -> Response:
        site.records.hand_answers.withdraw(number_in(form["number"]), by=site.by(request))
        site.did(request, "answer.withdraw", form["number"])
        return go_to("/staff/answers", note="answer-withdrawn")

    return router


def _check_fresh(site: StaffSite, sent: dict[str, str], spoken: Speech) -> None:
    """Raise FieldError where the answer was changed since the form was shown; once, not again."""
    known = site.records.hand_answers.versions(number_in(sent["number"]))
    now = str(known[0].version) if known else ""
    shown, sent["version"] = sent["version"] or now, now
    if shown != now:
        names = {each: spoken.words(f"answers.{each}") for each in ("versions", "keep")}
        raise FieldError(spoken.words("answers.changed_meanwhile", **names))


def _versions(site: StaffSite, sent: Mapping[str, str]) -> Sequence[HandAnswer]:
    """Return the versions of the answer; without them the form is shown all the same."""
    try:
        return site.records.hand_answers.versions(number_in(sent["number"]))
    except RecordsError:
        return ()


def _form(
    site: StaffSite,
    request: Request,
    sent: Mapping[str, str],
    versions: Sequence[HandAnswer],
    *,
    fault: str = "",
) -> Response:
    known = sent["language"] in LANGUAGES
    language = sent["language"] if known else site.assistant.default_language
    first = [code for code in LANGUAGES if sent[f"text-{code}"]] or [language]
    return site.page(
        request,
        "answer_write.html",
        status=422 if fault else 200,
        sent=sent,
        fault=fault,
        versions=versions,
        first=first,
        others=[code for code in LANGUAGES if code not in first],
    )


def _begun(site: StaffSite, request: Request) -> dict[str, str]:
    """Return the fields of a new answer: with the question that was tried, or those of a group."""
    parts = asked(request, "from").split(".")[:MOST_FROM]
    numbers = [number_in(part) for part in parts]
    kept = site.observer.to_show([number for number in numbers if number])
    texts = list(dict.fromkeys(question.text for question in kept)) or [asked(request, "question")]
    language = kept[0].language if kept else asked(request, "language")
    return {
        **_empty(),
        "questions": "\n".join(texts),
        "documents": asked(request, "document"),
        "language": language if language in LANGUAGES else "",
    }


def _empty() -> dict[str, str]:
    names = ("number", "version", "questions", "documents", "valid_until", "language")
    return {**dict.fromkeys(names, ""), **{f"text-{code}": "" for code in LANGUAGES}}


def _sent(form: Fields) -> dict[str, str]:
    return {name: form[name] for name in _empty()}


def _as_sent(answer: HandAnswer) -> dict[str, str]:
    return {
        **_empty(),
        "number": str(answer.number),
        "version": str(answer.version),
        "questions": "\n".join(answer.questions),
        "documents": "\n".join(basis.document_id for basis in answer.bases),
        "valid_until": answer.valid_until.isoformat() if answer.valid_until else "",
        **{f"text-{code}": text for code, text in answer.texts.items()},
    }


class FieldError(InputError):
    """A field of the form cannot be used; said in the language of who sent it."""


def _answer(
    site: StaffSite, request: Request, sent: Mapping[str, str], spoken: Speech
) -> HandAnswer:
    """Return the answer that a form describes. Raises FieldError."""
    with site.assistant.library.generation() as generation:
        named = [_document(line, generation, spoken) for line in _lines(sent["documents"])]
    return HandAnswer(
        number=number_in(sent["number"]),
        version=0,
        questions=tuple(dict.fromkeys(_lines(sent["questions"]))),
        texts={code: sent[f"text-{code}"] for code in LANGUAGES if sent[f"text-{code}"]},
        bases=tuple(Basis(document.id, digest(document)) for document in named),
        valid_until=_day(sent["valid_until"], spoken),
        written=site.now(),
        by=site.by(request),
    )


def _document(named: str, generation: Generation, spoken: Speech) -> Document:
    found = generation.document(DocumentId(named)) or generation.document_at(named)
    if found is None:
        raise FieldError(spoken.words("answers.no_document", named=named))
    return found


def _day(text: str, spoken: Speech) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as exc:
        raise FieldError(spoken.words("answers.no_date", text=text)) from exc


def _lines(text: str) -> list[str]:
    return [stripped for line in text.splitlines() if (stripped := " ".join(line.split()))]
