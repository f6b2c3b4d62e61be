"""The questions that what is published answers: kept with it, found anew where they are not."""

import hashlib
import logging
import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, replace
from typing import Any

from assistant.answering.assistant import Assistant
from assistant.answering.overview import documents_about
from assistant.domain.corpus import EVERYTHING, DocumentId, Kind, Source
from assistant.domain.dialogue import Answer, Outcome, Question
from assistant.domain.errors import AssistantError, QuestionError
from assistant.domain.ports import Generation, Library
from assistant.domain.publication import OfferedQuestion, QuestionForm
from assistant.evaluation.acceptance import Fixed, is_right
from assistant.evaluation.golden_questions import GoldenQuestion
from assistant.language.languages import LANGUAGES
from assistant.language.wording import wording
from assistant.offering.candidates import Batch, Candidate, batches

SEVERAL = 2  # documents; a list of one is no topic
NEAR = 5  # documents on the subject of one, the nearest

Progress = Callable[[int, int], None]
AssistantOver = Callable[[Library], Assistant]


def answered(
    generation: Generation,
    golden: Sequence[GoldenQuestion],
    assistant_over: AssistantOver,
    before: Collection[OfferedQuestion],
    progress: Progress,
) -> tuple[OfferedQuestion, ...]:
    """Return what a generation answers of all that might be offered, in every language.

    What was answered `before`, by another generation, is asked first: mostly it still is, and
    then little else need be asked, and members see the same questions as yesterday.
    """
    verifying = _Verifying(assistant_over(Fixed(generation)), generation)
    known = {(each.language, each.text) for each in before}
    todo = [
        batch for language in LANGUAGES for batch in batches(generation, golden, wording(language))
    ]
    total, done = sum(len(batch.candidates) for batch in todo), 0
    found: list[OfferedQuestion] = []
    for batch in todo:
        for asked, each in enumerate(verifying.first_answered(batch, known), start=1):
            progress(done + asked, total)
            found += [each] if each else []
        done += len(batch.candidates)
    if total:
        progress(total, total)
    return tuple(found)


class _Verifying:
    """Asks of one generation."""

    def __init__(self, assistant: Assistant, generation: Generation) -> None:
        self._assistant = assistant
        self._generation = generation
        self._near: dict[DocumentId, tuple[DocumentId, ...]] = {}

    def first_answered(
        self, batch: Batch, known: Collection[tuple[str, str]]
    ) -> Iterator[OfferedQuestion | None]:
        """Yield what became of each that is asked, None where it is not answered as it should."""
        kept = 0
        in_order = sorted(
            batch.candidates,
            key=lambda candidate: (candidate.language, candidate.text) not in known,
        )
        for candidate in in_order:
            if kept == batch.enough:
                return
            verified = self._verified(candidate)
            kept += verified is not None
            yield verified

    def _verified(self, candidate: Candidate) -> OfferedQuestion | None:
        """Return a question with the documents that answer it, None where it is not offered."""
        documents = self._answering(candidate)
        if documents is None:
            return None
        near = self._near_to(documents[0]) if candidate.document or candidate.golden else ()
        return OfferedQuestion(candidate.text, candidate.language, candidate.form, documents, near)

    def _answering(self, candidate: Candidate) -> tuple[DocumentId, ...] | None:
        if candidate.golden is not None:
            right = candidate.golden.document and is_right(self._assistant, candidate.golden)
            return (
                (DocumentId(candidate.golden.document),)
                if right and candidate.golden.document
                else None
            )
        with suppress(QuestionError):  # a heading may be longer than a question may be
            answer = self._assistant.answer(
                Question(candidate.text, interface_language=candidate.language)
            )
            if answer.language == candidate.language:
                return _documents(candidate, answer)
        return None

    def _near_to(self, document_id: DocumentId) -> tuple[DocumentId, ...]:
        if document_id not in self._near:
            document = self._generation.document(document_id)
            self._near[document_id] = self._on_subject(document.source) if document else ()
        return self._near[document_id]

    def _on_subject(self, source: Source) -> tuple[DocumentId, ...]:
        found = documents_about(source.title, self._generation, source.language, EVERYTHING)
        return tuple(each for each in found if each != source.document_id)[:NEAR]


def _documents(asked: Candidate, answer: Answer) -> tuple[DocumentId, ...] | None:
    """Return the documents that answer, None where that is not what was asked for."""
    cited = tuple(dict.fromkeys(citation.source.document_id for citation in answer.citations))
    listed = tuple(
        dict.fromkeys(suggestion.source.document_id for suggestion in answer.suggestions)
    )
    is_listed = answer.outcome is Outcome.LISTED
    if asked.document is not None:
        wanted = asked.document.document_id
        is_answer = wanted in cited if asked.form is QuestionForm.FACT else cited == (wanted,)
        return (wanted,) if is_answer else None
    if asked.form is QuestionForm.TOPIC:
        return listed if is_listed and len(listed) >= SEVERAL else None
    if is_listed:  # all there is: about no document
        return ()
    recommended = any(citation.excerpt.kind is Kind.RECOMMENDATION for citation in answer.citations)
    return cited if recommended else None


Watch = Callable[[str, str], AbstractContextManager[Progress]]
OfferedQuestions = tuple[OfferedQuestion, ...]

RECIPE = 1
"""Change it when other questions are made of the same documents."""

_log = logging.getLogger(__name__)


def basis(golden: Sequence[GoldenQuestion], settings: Sequence[object]) -> str:
    """Return a digest of what decides beside the documents what is offered."""
    return hashlib.sha256(repr((RECIPE, list(golden), settings)).encode()).hexdigest()


@contextmanager
def unwatched(_what: str, _unit: str) -> Iterator[Progress]:
    """Show nobody how far it is."""
    yield lambda _done, _total: None


@dataclass(frozen=True, slots=True)
class QuestionFinder:
    """Finds what a generation answers, and keeps it there.

    Attributes:
        read: Returns what is kept with a generation; None where nothing is that still holds.
        write: Keeps it; raises StoreError where it cannot.
    """

    golden: Sequence[GoldenQuestion]
    assistant_over: AssistantOver
    read: Callable[[Any], OfferedQuestions | None]
    write: Callable[[Any, OfferedQuestions], None]
    watch: Watch = unwatched

    def before_publishing(self, draft: Generation, published: Generation | None) -> None:
        """Find what a draft answers, where that is not kept with it already.

        That it cannot be found speaks against nothing: a server finds it later.
        """
        try:
            if self.read(draft) is None:
                self.kept(draft, (self.read(published) if published else None) or ())
        except Exception as exc:  # noqa: BLE001 - whatever it is, the documents come first
            _log.warning("no questions to offer can be found: %s", exc)

    def kept(
        self, generation: Generation, before: Collection[OfferedQuestion] = ()
    ) -> OfferedQuestions:
        """Return what a generation answers: found, and kept if the disk lets it be."""
        with self.watch("finding questions to offer", "questions") as progress:
            found = answered(generation, self.golden, self.assistant_over, before, progress)
        try:
            self.write(generation, found)
        except AssistantError as exc:
            _log.warning("%s", exc)
        return found


class Offering:
    """What may be offered to members now; calling it makes nobody wait.

    What is kept with the published generation is there at once. Where nothing is, it is found in
    a thread, and until then nothing is known.
    """

    def __init__(
        self, library: Library, finder: QuestionFinder, hidden: Callable[[], frozenset[DocumentId]]
    ) -> None:
        self._library = library
        self._finder = replace(finder, watch=unwatched)
        self._hidden = hidden
        self._lock = threading.Lock()
        self._asking = threading.Lock()
        self._known: tuple[str, OfferedQuestions] = ("", ())
        self._asked = ""

    def __call__(self) -> OfferedQuestions:
        """Return them, without those about documents that were hidden since."""
        try:
            with self._library.generation() as generation:
                known = self._looked_up(generation)
            hidden = self._hidden()
        except AssistantError:
            return ()
        return tuple(each for each in known if hidden.isdisjoint(each.documents))

    def find(self) -> None:
        """Wait until it is known what is answered. Raises StoreError where nothing can be asked."""
        with self._asking, self._library.generation() as generation:
            if self._asked == generation.name:
                return
            found = self._finder.read(generation)
            if found is None:
                found = self._finder.kept(generation)
            with self._lock:
                self._known = (generation.name, found)
            self._asked = generation.name

    def _looked_up(self, generation: Generation) -> OfferedQuestions:
        with self._lock:
            name, known = self._known
            if name == generation.name:
                return known
            found = self._finder.read(generation)
            self._known = (generation.name, found or ())
        if found is None:
            threading.Thread(target=self._find_beside, daemon=True).start()
        return found or ()

    def _find_beside(self) -> None:
        try:
            self.find()
        except AssistantError as exc:
            _log.warning("no questions to offer can be found: %s", exc)
            with self._lock:
                self._known = ("", ())
