"""Questions of like meaning together. Pure."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from assistant.domain.dialogue import Cause
from assistant.records.questions import KeptQuestion

Embed = Callable[[Sequence[str]], NDArray[np.float32]]
"""Returns a vector of unit length for each text."""

ALIKE = 0.88
"""The mean cosine above which questions are one group: rewordings of a question lie above it, other
questions on the same document below (`answering.by_hand`)."""

MOST = 2000
"""Of the questions in one language: all are compared with all. The newest count."""


@dataclass(frozen=True, slots=True)
class Group:
    """Questions of one language that mean much the same.

    Attributes:
        questions: The one that says it best first.
    """

    language: str
    questions: tuple[KeptQuestion, ...]

    @property
    def text(self) -> str:
        """The question that says it best."""
        return self.questions[0].text

    @property
    def wordings(self) -> tuple[str, ...]:
        """The different wordings, the best first."""
        return tuple(dict.fromkeys(question.text for question in self.questions))

    @property
    def causes(self) -> Mapping[Cause | None, int]:
        """Why they were in vain, the commonest first; None where the answer was rated badly."""
        return dict(Counter(question.cause for question in self.questions).most_common())

    def weeks(self, until: date, count: int) -> tuple[int, ...]:
        """Return how many were asked in each of the last weeks, the oldest first."""
        asked = Counter(monday(question.day) for question in self.questions)
        last = monday(until)
        return tuple(asked[last - timedelta(weeks=back)] for back in range(count - 1, -1, -1))


@dataclass(frozen=True, slots=True)
class Grouping:
    """The groups that may be shown, the largest first.

    Attributes:
        fewer: How many questions are in groups too small to be shown.
    """

    groups: tuple[Group, ...]
    fewer: int


def grouped(questions: Sequence[KeptQuestion], embed: Embed, *, at_least: int) -> Grouping:
    """Return the groups of at least so many questions; what fewer asked is only counted."""
    found = list[Group]()
    for language in sorted({question.language for question in questions}):
        mine = [question for question in questions if question.language == language][-MOST:]
        found += _groups(language, mine, embed)
    shown = [group for group in found if len(group.questions) >= at_least]
    shown.sort(key=lambda group: (-len(group.questions), group.language, group.text))
    return Grouping(tuple(shown), len(questions) - sum(len(group.questions) for group in shown))


def _groups(language: str, questions: Sequence[KeptQuestion], embed: Embed) -> list[Group]:
    texts = list(dict.fromkeys(question.text for question in questions))
    vectors = embed(texts)
    labels = _labels(vectors)
    found = list[Group]()
    for label in dict.fromkeys(labels):
        places = [place for place, other in enumerate(labels) if other == label]
        middle = vectors[places].mean(axis=0)
        best = sorted(places, key=lambda place: -float(vectors[place] @ middle))
        order = {texts[place]: rank for rank, place in enumerate(best)}
        mine = [question for question in questions if question.text in order]
        mine.sort(key=lambda question: (order[question.text], question.number))
        found.append(Group(language, tuple(mine)))
    return found


def _labels(vectors: NDArray[np.float32]) -> list[int]:
    """Return the group of each text: groups are joined while their mean cosine is high enough."""
    if len(vectors) == 1:
        return [0]
    from sklearn.cluster import AgglomerativeClustering  # noqa: PLC0415 - it loads for a second

    distances = np.clip(1 - vectors @ vectors.T, 0, 2)
    np.fill_diagonal(distances, 0)
    clustering = AgglomerativeClustering(
        n_clusters=None, metric="precomputed", linkage="average", distance_threshold=1 - ALIKE
    )
    labels: list[int] = clustering.fit_predict(distances).tolist()
    return labels


def monday(day: date) -> date:
    """Return the first day of a week."""
    return day - timedelta(days=day.weekday())
