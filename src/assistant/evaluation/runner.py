"""Ask every question of a set and note what happens; nothing is refused meanwhile.

A refusal is only a threshold on the support that is noted, so one run serves every threshold.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace

from assistant.answering.assistant import Assistant
from assistant.answering.deciding import Decision
from assistant.domain.corpus import (
    EVERYTHING,
    Chunk,
    Document,
    DocumentId,
    Filters,
    Passage,
    Source,
    Span,
)
from assistant.domain.dialogue import Answer, Question
from assistant.domain.ports import Generation, Library, Vocabulary
from assistant.evaluation.measures import Observation
from assistant.evaluation.report import Result
from assistant.evaluation.sets import Case, EvaluationSet

FOUND = 30  # passages, so that ten documents are among them

Progress = Callable[[int, int], None]
Watch = Callable[[str, str], AbstractContextManager[Progress]]
"""Shows how far something is: given what is done, and the unit that is counted."""


def measured(
    assistant: Assistant, evaluation_set: EvaluationSet, sets: Sequence[EvaluationSet], watch: Watch
) -> Result:
    """Ask the questions of a set, then the same without their documents, then those of others."""
    plan = {"asking": (evaluation_set.cases, False)}
    if known := tuple(case for case in evaluation_set.cases if case.relevant):
        plan["with their documents taken out"] = (known, True)
    for other in sets:
        if evaluation_set.documents and other.documents and other.topic != evaluation_set.topic:
            foreign = tuple(replace(case, is_answerable=False) for case in other.cases)
            plan[f"of {other.name}"] = (foreign, False)
    observed = {}
    for what, (cases, hide_relevant) in plan.items():
        with watch(f"{evaluation_set.name}, {what}", "questions") as progress:
            observed[what] = observe(
                assistant, cases, hide_relevant=hide_relevant, progress=progress
            )
    return Result(evaluation_set.name, observed.pop("asking"), observed)


def observe(
    assistant: Assistant, cases: Sequence[Case], *, hide_relevant: bool, progress: Progress
) -> list[Observation]:
    """Return one observation a case.

    With `hide_relevant`, each question is asked as if its documents were not in the corpus.
    """
    hiding = _Hiding(assistant.library)
    open_minded = replace(assistant, library=hiding, minimum_support=0.0)
    observations = []
    for done, case in enumerate(cases):
        progress(done, len(cases))
        hiding.hidden = case.relevant if hide_relevant else frozenset()
        observations.append(_observe(open_minded, case, is_answerable=not hide_relevant))
    progress(len(cases), len(cases))
    return observations


def _observe(assistant: Assistant, case: Case, *, is_answerable: bool) -> Observation:
    started = time.perf_counter()
    question = Question(case.question, interface_language=case.language)
    events = list(assistant.with_decision(question))
    milliseconds = 1000 * (time.perf_counter() - started)
    (answer,) = (event for event in events if isinstance(event, Answer))
    readings = [
        reading for event in events if isinstance(event, Decision) for reading in event.readings
    ]
    as_read = dict.fromkeys(each.passage.chunk.source.document_id for each in readings)
    with assistant.library.generation() as generation:
        found = generation.search(case.question, limit=FOUND, language=answer.language)
    ranking = dict.fromkeys(passage.chunk.source.document_id for passage in found)
    return Observation(
        case=case if is_answerable else replace(case, is_answerable=False),
        ranking=tuple(ranking),
        excerpts=tuple(citation.excerpt.text for citation in answer.citations),
        quotes=tuple(citation.quote for citation in answer.citations),
        support=answer.support,
        milliseconds=milliseconds,
        written=len(answer.statements),
        withheld=answer.withheld,
        as_read=tuple(as_read),
    )


class _Hiding:
    """A library in which some documents cannot be found."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self.hidden: frozenset[DocumentId] = frozenset()

    @contextmanager
    def generation(self) -> Iterator[Generation]:
        with self._library.generation() as generation:
            yield _Without(generation, self.hidden) if self.hidden else generation


class _Without:
    """A generation without some documents."""

    def __init__(self, generation: Generation, hidden: frozenset[DocumentId]) -> None:
        self._generation = generation
        self._hidden = hidden

    @property
    def name(self) -> str:
        return self._generation.name

    def search(
        self,
        query: str,
        *,
        limit: int,
        filters: Filters = EVERYTHING,
        language: str | None = None,
    ) -> Sequence[Passage]:
        found = self._generation.search(
            query, limit=limit + FOUND, filters=filters, language=language
        )
        return [
            passage for passage in found if passage.chunk.source.document_id not in self._hidden
        ][:limit]

    def vocabulary(self, language: str) -> Vocabulary:
        return self._generation.vocabulary(language)

    def chunks_of(self, document_id: DocumentId) -> Sequence[Chunk]:
        return self._generation.chunks_of(document_id)

    def document(self, document_id: DocumentId) -> Document | None:
        return self._generation.document(document_id)

    def documents(
        self,
        filters: Filters = EVERYTHING,
        language: str | None = None,
        *,
        every_version: bool = False,
    ) -> Sequence[Source]:
        found = self._generation.documents(filters, language, every_version=every_version)
        return [source for source in found if source.document_id not in self._hidden]

    def central_sentences(
        self, document_id: DocumentId, limit: int
    ) -> Sequence[tuple[Chunk, Span]]:
        return self._generation.central_sentences(document_id, limit)

    def likeness(self, text: str, chunk: Chunk) -> float:
        return self._generation.likeness(text, chunk)

    def alike(self, text: str, others: Sequence[str]) -> Sequence[float]:
        return self._generation.alike(text, others)

    def document_at(self, url: str) -> Document | None:
        return self._generation.document_at(url)
