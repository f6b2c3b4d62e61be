"""From what was found and answered to figures. Pure.

The measures of retrieval are those of trec_eval.
"""

import math
import re
import statistics
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import pytrec_eval

from assistant.domain.corpus import DocumentId
from assistant.evaluation.sets import Case

RETRIEVAL = {
    "nDCG@10": "ndcg_cut_10",
    "recall@1": "recall_1",
    "recall@5": "recall_5",
    "recall@10": "recall_10",
    "MRR": "recip_rank",
}
REFUSAL_RATES = (0.01, 0.02, 0.05, 0.10, 0.20)


@dataclass(frozen=True, slots=True)
class Observation:
    """What happened with one question.

    Attributes:
        ranking: The documents that the search found, best first, each once.
        as_read: The same in the order in which the reader, with the search, has them.
        excerpts: What would be shown if nothing were refused, in its order.
        quotes: The marked words of each.
        support: The probability that decides about a refusal.
        written: How many sentences a chat model wrote that were shown.
        withheld: How many it wrote that could not be proved.
    """

    case: Case
    ranking: tuple[DocumentId, ...]
    excerpts: tuple[str, ...]
    quotes: tuple[str, ...]
    support: float
    milliseconds: float
    written: int = 0
    withheld: int = 0
    as_read: tuple[DocumentId, ...] = ()


AS_READ = "nDCG read"
"""What nDCG@10 is once the passages are in the reader's order."""

PLACES: Mapping[str, Callable[[Observation], Sequence[str]]] = {
    "in excerpt 1": lambda each: each.excerpts[:1],
    "in any": lambda each: each.excerpts,
    "in marks 1": lambda each: each.quotes[:1],
}


def writing(observations: Sequence[Observation]) -> dict[str, float]:
    """Return the share of sentences that were withheld; nothing where none was written."""
    withheld = sum(observation.withheld for observation in observations)
    written = sum(observation.written for observation in observations)
    return {"withheld": withheld / (withheld + written)} if withheld + written else {}


def retrieval(observations: Sequence[Observation]) -> dict[str, float]:
    """Return the measures of retrieval; nothing where no relevant documents are known."""
    judged = [observation for observation in observations if observation.case.relevant]
    if not judged:
        return {}
    relevant = {each.case.id: {str(one): 1 for one in each.case.relevant} for each in judged}
    found = _means(relevant, {each.case.id: each.ranking for each in judged})
    if any(observation.as_read for observation in judged):
        read = _means(relevant, {each.case.id: each.as_read or each.ranking for each in judged})
        found[AS_READ] = read["nDCG@10"]
    return found


def _means(
    relevant: Mapping[str, Mapping[str, int]], rankings: Mapping[str, Sequence[DocumentId]]
) -> dict[str, float]:
    run = {
        case: {str(document): -float(rank) for rank, document in enumerate(ranking)}
        for case, ranking in rankings.items()
    }
    evaluator = pytrec_eval.RelevanceEvaluator(relevant, set(RETRIEVAL.values()))
    results: Mapping[str, Mapping[str, float]] = evaluator.evaluate(run)
    return {
        name: sum(result[measure] for result in results.values()) / len(rankings)
        for name, measure in RETRIEVAL.items()
    }


def containment(observations: Sequence[Observation]) -> dict[str, float]:
    """Return how often the answer stands in what is shown, were nothing refused.

    In the first excerpt, in any of them, and in the marked words of the first or their sentence.
    """
    judged = [observation for observation in observations if observation.case.answers]
    if not judged:
        return {}
    return {
        name: sum(holds_answer(each.case, where(each)) for each in judged) / len(judged)
        for name, where in PLACES.items()
    }


def holds_answer(case: Case, texts: Sequence[str]) -> bool:
    """Whether one of the wordings stands in the texts, or one of them in it."""
    shown = [normal(text) for text in texts]
    together = " ".join(shown)
    wanted = [normal(answer) for answer in case.answers]
    return any(answer in together or any(s and s in answer for s in shown) for answer in wanted)


def normal(text: str) -> str:
    """Return the words alone, in lower case and composed form."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(re.findall(r"\w+", folded))


def refusals(observations: Sequence[Observation], threshold: float) -> dict[str, float]:
    """Return the share of answerable questions refused, and of unanswerable ones answered."""
    answerable = [
        observation.support for observation in observations if observation.case.is_answerable
    ]
    unanswerable = [
        observation.support for observation in observations if not observation.case.is_answerable
    ]
    found = {}
    if answerable:
        found["refused"] = sum(value < threshold for value in answerable) / len(answerable)
    if unanswerable:
        found["false answers"] = sum(v >= threshold for v in unanswerable) / len(unanswerable)
    return found


def curve(
    observations: Sequence[Observation],
) -> list[tuple[float, float, float]]:
    """Return, for each rate of refusing answerable questions, the threshold and false answers."""
    answerable = sorted(
        observation.support for observation in observations if observation.case.is_answerable
    )
    unanswerable = [
        observation.support for observation in observations if not observation.case.is_answerable
    ]
    if not answerable or not unanswerable:
        return []
    points = []
    for rate in REFUSAL_RATES:
        threshold = answerable[min(len(answerable) - 1, int(rate * len(answerable)))]
        answered = sum(value >= threshold for value in unanswerable) / len(unanswerable)
        points.append((rate, threshold, answered))
    return points


def percentiles(observations: Sequence[Observation]) -> dict[str, float]:
    """Return the median and the 95th percentile of the milliseconds of an answer.

    What could not be asked took no time, and says nothing of it.
    """
    times = sorted(each.milliseconds for each in observations if each.milliseconds)
    if not times:
        return {}
    return {
        "ms p50": statistics.median(times),
        "ms p95": times[math.ceil(0.95 * len(times)) - 1],
    }
