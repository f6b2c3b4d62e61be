"""Ask every question of a set and note what happens; nothing is refused meanwhile.

A refusal is only a threshold on the support that is noted, so one run serves every threshold.
"""

import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace

from assistant.answering.assistant import Assistant
from assistant.answering.deciding import Decision
from assistant.domain.corpus import Filters
from assistant.domain.dialogue import Answer, Outcome, Question
from assistant.domain.errors import QuestionError
from assistant.evaluation.measures import Observation
from assistant.evaluation.report import Result
from assistant.evaluation.sets import Case, EvaluationSet

FOUND = 30  # passages, so that ten documents are among them
SHOWN = {Outcome.ANSWERED, Outcome.LISTED}
"""What is answered where nothing was decided; our own words (a courtesy) answer nothing."""

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
    open_minded = replace(assistant, minimum_support=0.0)
    observations = []
    for done, case in enumerate(cases):
        progress(done, len(cases))
        observations.append(_observe(open_minded, case, hide_relevant=hide_relevant))
    progress(len(cases), len(cases))
    return observations


def _observe(assistant: Assistant, case: Case, *, hide_relevant: bool) -> Observation:
    filters = Filters(excluded=case.relevant if hide_relevant else frozenset())
    question = Question(case.question, interface_language=case.language, filters=filters)
    started = time.perf_counter()
    asked = replace(case, is_answerable=False) if hide_relevant else case
    try:
        events = list(assistant.with_decision(question))
    except QuestionError:  # too long, or not a word: nobody gets an answer to it
        return Observation(asked, (), (), (), support=0.0, milliseconds=0.0)
    milliseconds = 1000 * (time.perf_counter() - started)
    (answer,) = (event for event in events if isinstance(event, Answer))
    decisions = [event for event in events if isinstance(event, Decision)]
    readings = [reading for decision in decisions for reading in decision.readings]
    as_read = dict.fromkeys(each.passage.chunk.source.document_id for each in readings)
    with assistant.library.generation() as generation:
        found = generation.search(
            case.question, limit=FOUND, filters=filters, language=answer.language
        )
    ranking = dict.fromkeys(passage.chunk.source.document_id for passage in found)
    return Observation(
        case=asked,
        ranking=tuple(ranking),
        excerpts=tuple(citation.excerpt.text for citation in answer.citations),
        quotes=tuple(citation.quote for citation in answer.citations),
        support=answer.support if decisions else float(answer.outcome in SHOWN),
        milliseconds=milliseconds,
        written=len(answer.statements),
        withheld=answer.withheld,
        as_read=tuple(as_read),
    )
