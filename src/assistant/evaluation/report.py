"""The figures of an evaluation, for people and for programs. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.evaluation import measures
from assistant.evaluation.measures import Observation

COLUMNS = (
    *measures.RETRIEVAL,
    measures.AS_READ,
    *measures.PLACES,
    "refused",
    "false answers",
    "withheld",
    "ms p50",
    "ms p95",
)


@dataclass(frozen=True, slots=True)
class Result:
    """What was observed on one set.

    Attributes:
        unanswerable: Questions that the corpus does not answer, by where they are from.
    """

    name: str
    observations: Sequence[Observation]
    unanswerable: Mapping[str, Sequence[Observation]]

    def figures(self, threshold: float) -> dict[str, float]:
        """Return every figure there is, by column."""
        return {
            **measures.retrieval(self.observations),
            **measures.containment(self.observations),
            **measures.refusals(self.observations, threshold),
            **measures.writing(self.observations),
            **measures.percentiles(self.observations),
        }

    def curves(self) -> dict[str, list[tuple[float, float, float]]]:
        """Return the refusal curve against each kind of unanswerable question."""
        own = [observation for observation in self.observations if observation.case.is_answerable]
        kinds = {"of the set": self.observations} | {
            name: [*own, *observations] for name, observations in self.unanswerable.items()
        }
        found = {name: measures.curve(observations) for name, observations in kinds.items()}
        return {name: points for name, points in found.items() if points}


def as_json(results: Sequence[Result], threshold: float) -> dict[str, Any]:
    """Return all figures for a program."""
    return {
        "minimum_support": threshold,
        "sets": [
            {
                "set": result.name,
                "questions": len(result.observations),
                **result.figures(threshold),
                "curves": {
                    name: [
                        {"refused": rate, "minimum_support": at, "false answers": answered}
                        for rate, at, answered in points
                    ]
                    for name, points in result.curves().items()
                },
            }
            for result in results
        ],
    }


def as_lines(results: Sequence[Result], threshold: float) -> Iterator[str]:
    """Yield the tables for a person."""
    width = max(12, *(len(result.name) for result in results))
    yield f"{'set':{width}} {'questions':>9} " + " ".join(f"{name:>9.13}" for name in COLUMNS)
    for result in results:
        figures = result.figures(threshold)
        cells = (_cell(name, figures.get(name)) for name in COLUMNS)
        yield f"{result.name:{width}} {len(result.observations):9} " + " ".join(cells)
    yield ""
    yield "in …: the answer stands there, were nothing refused"
    yield f"refused, false answers: at a minimum support of {threshold:g}"
    yield "withheld: sentences of the chat model that could not be proved; - where none is set"
    for result in results:
        for name, points in result.curves().items():
            yield f"\n{result.name}, unanswerable questions {name}"
            yield "  good ones refused  " + " ".join(f"{rate:7.0%}" for rate, *_ in points)
            yield "  at a support of    " + " ".join(f"{at:7.2f}" for _, at, _ in points)
            yield "  false answers      " + " ".join(f"{answered:7.1%}" for *_, answered in points)


def _cell(name: str, value: float | None) -> str:
    width = max(9, len(name))
    if value is None:
        return f"{'-':>{width}}"
    return f"{value:{width}.1f}" if name.startswith("ms") else f"{value:{width}.3f}"
