"""What is measured of a running server, in the text form of Prometheus.

Only what may be known to whoever reads the figures: labels are words of closed sets, never those of
a visitor or a document. What other processes do, as runs, is read when the figures are.
"""

import hmac
import time
from collections import Counter as Counting
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from assistant.domain.dialogue import Answer
from assistant.domain.errors import AssistantError
from assistant.domain.runs import Run, RunState
from assistant.domain.watching import AskedFrom, Refused, Stage
from assistant.web.outcomes import LEFT, Ended, ended, failed
from vectorstore.publishing.contents import Publication

PREFIX = "forum_assistant"
BEARER = "Bearer "
ENDED = Ended._fields
SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 80)
"""Of the histograms: a search takes hundredths, a reader tenths, a chat model many."""


class Metrics:
    """Counts and times; a `Watch`. Safe to use from several threads.

    Attributes:
        media_type: Of its text.
    """

    media_type = CONTENT_TYPE_LATEST

    def __init__(self, token: str) -> None:
        # As many series again, which no panel asks for; the library has no other way, and no types.
        disable_created_metrics()  # type: ignore[no-untyped-call]
        self._token = f"{BEARER}{token}".encode()
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self._questions = self._counter(
            "questions", "Questions that were taken, by how they ended.", "asked_from", *ENDED
        )
        self._running = Gauge(
            f"{PREFIX}_questions_running", "Questions being answered now.", registry=self._registry
        )
        self._answers = self._histogram(
            "answer_duration_seconds", "The time from a question's turn to its end.", "outcome"
        )
        self._stages = self._histogram(
            "stage_duration_seconds", "The time that a stage of an answer took.", "stage"
        )
        self._withheld = self._counter(
            "sentences_withheld", "Sentences of the chat model that could not be proved.", "reason"
        )
        self._faults = self._counter(
            "chat_model_faults",
            "Texts that the chat model did not write, or not to their end.",
            "reason",
        )
        self._tokens = self._counter(
            "chat_model_tokens", "Tokens that the chat model told of.", "direction"
        )
        self._refused = self._counter(
            "refused", "Requests and questions that were not let through.", "reason"
        )
        for stage in Stage:
            self._stages.labels(stage)
        for reason in Refused:
            self._refused.labels(reason)

    def _counter(self, name: str, told: str, *labels: str) -> Counter:
        return Counter(f"{PREFIX}_{name}", told, labels, registry=self._registry)

    def _histogram(self, name: str, told: str, label: str) -> Histogram:
        return Histogram(
            f"{PREFIX}_{name}", told, [label], buckets=SECONDS, registry=self._registry
        )

    @contextmanager
    def question(self, asked_from: AskedFrom) -> Iterator["_CountedQuestion"]:
        """Count and time a question."""
        followed, began = _CountedQuestion(self._stages), time.perf_counter()
        with self._running.track_inprogress():
            try:
                yield followed
            finally:
                spent = time.perf_counter() - began
                self._questions.labels(asked_from, *followed.ended).inc()
                self._answers.labels(followed.ended.outcome).observe(spent)

    def withheld(self, reason: str) -> None:
        """Count a sentence that could not be proved."""
        self._withheld.labels(reason).inc()

    def gave_up(self, trouble: str) -> None:
        """Count a text that was not written, or not to its end."""
        self._faults.labels(trouble).inc()

    def used(self, sent: int, received: int) -> None:
        """Count tokens."""
        self._tokens.labels("sent").inc(sent)
        self._tokens.labels("received").inc(received)

    def refused(self, reason: Refused) -> None:
        """Count a visitor who was not let through."""
        self._refused.labels(reason).inc()

    def watch_queue(self, queued: Callable[[], int]) -> None:
        """Tell from now on how many questions wait."""
        waiting = Gauge(
            f"{PREFIX}_questions_waiting",
            "Calls of pages and programs that wait for their turn now.",
            registry=self._registry,
        )
        waiting.set_function(queued)

    def watch_contents(
        self, publication: Callable[[], Publication | None], runs: Callable[[], Sequence[Run]]
    ) -> None:
        """Tell from now on what is published, and how runs ended."""
        self._registry.register(_Contents(publication, runs))

    def may_read(self, authorization: str) -> bool:
        """Whether a header names the token."""
        return hmac.compare_digest(authorization.encode("utf-8", "replace"), self._token)

    def text(self) -> bytes:
        """Return all figures as they are now."""
        return generate_latest(self._registry)


class _CountedQuestion:
    """One question; a `QuestionWatch`."""

    def __init__(self, stages: Histogram) -> None:
        self._stages = stages
        self.ended = LEFT

    @contextmanager
    def stage(self, stage: Stage) -> Iterator[None]:
        with self._stages.labels(stage).time():
            yield

    def answered(self, answer: Answer) -> None:
        self.ended = ended(answer)

    def failed(self, exc: Exception) -> None:
        self.ended = failed(exc)


class _Contents(Collector):
    """What is published and what runs did, looked at when somebody asks."""

    def __init__(
        self, publication: Callable[[], Publication | None], runs: Callable[[], Sequence[Run]]
    ) -> None:
        self._publication = publication
        self._runs = runs

    def describe(self) -> Iterable[Metric]:
        return []  # so that nothing is looked at before somebody asks

    def collect(self) -> Iterator[Metric]:
        yield from _of_runs(self._runs())
        try:
            published = self._publication()
        except AssistantError:  # `/readyz` and the log say that it cannot be opened
            return
        if published is not None:
            yield from _of_what_is_published(published)


def _of_what_is_published(published: Publication) -> Iterator[Metric]:
    named = InfoMetricFamily(f"{PREFIX}_generation", "The published content that serves.")
    named.add_metric([], {"generation": published.generation})
    yield named
    figures = (
        (
            "generation_published_timestamp_seconds",
            "When it was published.",
            datetime.fromisoformat(published.built).timestamp(),
        ),
        ("documents", "The documents in it.", published.documents),
        ("passages", "The passages that they are cut into.", published.passages),
    )
    for name, told, value in figures:
        yield GaugeMetricFamily(f"{PREFIX}_{name}", told, value)


def _of_runs(runs: Sequence[Run]) -> Iterator[Metric]:
    counts = Counting(run.state for run in runs)
    kept = GaugeMetricFamily(
        f"{PREFIX}_ingest_runs", "The runs on record, by how they ended.", labels=["result"]
    )
    for state in RunState:
        kept.add_metric([state], counts[state])
    lasted = GaugeMetricFamily(
        f"{PREFIX}_ingest_last_duration_seconds",
        "How long the last run took that ended so.",
        labels=["result"],
    )
    ended_at = GaugeMetricFamily(
        f"{PREFIX}_ingest_last_finished_timestamp_seconds",
        "When the last run ended that ended so.",
        labels=["result"],
    )
    newest_last = reversed(runs)
    last = {run.state: (run.started, run.finished) for run in newest_last if run.finished}
    for state, (started, finished) in last.items():
        lasted.add_metric([state], (finished - started).total_seconds())
        ended_at.add_metric([state], finished.timestamp())
    yield from (kept, lasted, ended_at)
