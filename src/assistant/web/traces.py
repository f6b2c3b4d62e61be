"""Traces of questions, sent by OTLP to where the operator wants them; the extra `telemetry`.

A question is a span, its stages are spans within. They hold words of closed sets, never those of a
visitor or a document. The library's settings by environment are left aside: what is sent, and
whereto, is decided here.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import metadata

from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.sampling import ALWAYS_ON
from opentelemetry.trace import Span, StatusCode, Tracer, set_span_in_context

from assistant.domain.dialogue import Answer
from assistant.domain.watching import AskedFrom, Stage, Unwatched
from assistant.isolation import traces_allowed
from assistant.web.outcomes import LEFT, Ended, ended, failed

SERVICE = "forum-assistant"
SECONDS = 3.0  # for a parcel of spans, also for the last one while the server ends


class Traces(Unwatched):
    """Sends a trace of each question; a `Watch` that leaves everything else to others."""

    def __init__(self, endpoint: str) -> None:
        with traces_allowed():
            self._provider = TracerProvider(
                sampler=ALWAYS_ON,
                resource=Resource(
                    {"service.name": SERVICE, "service.version": metadata.version(SERVICE)}
                ),
                shutdown_on_exit=False,
            )
        exporter = OTLPSpanExporter(
            endpoint, insecure=endpoint.startswith("http:"), timeout=SECONDS
        )
        self._provider.add_span_processor(BatchSpanProcessor(exporter))
        self._tracer = self._provider.get_tracer("assistant")

    @contextmanager
    def question(self, asked_from: AskedFrom) -> Iterator["_TracedQuestion"]:
        """Make a span of a question."""
        span = self._tracer.start_span("question", Context())
        span.set_attribute("forum.asked_from", asked_from)
        followed = _TracedQuestion(self._tracer, span)
        try:
            yield followed
        finally:
            followed.close()

    def close(self) -> None:
        """Send what is left, within a few seconds."""
        self._provider.shutdown()


class _TracedQuestion(Unwatched):
    """One question; a `QuestionWatch`."""

    def __init__(self, tracer: Tracer, span: Span) -> None:
        self._tracer = tracer
        self._span = span
        self._within = set_span_in_context(span, Context())
        self._ended: Ended = LEFT

    @contextmanager
    def stage(self, stage: Stage) -> Iterator[None]:
        """Make a span within, whichever thread the stage runs in."""
        span = self._tracer.start_span(stage, self._within)
        try:
            yield
        finally:
            span.end()

    def answered(self, answer: Answer) -> None:
        """Note how it ended, and what it was answered from."""
        self._ended = ended(answer)
        self._span.set_attribute("forum.generation", answer.generation)

    def failed(self, exc: Exception) -> None:
        """Note that there is no answer; the error itself is for the log."""
        self._ended = failed(exc)
        self._span.set_status(StatusCode.ERROR)

    def close(self) -> None:
        """End the span."""
        for name, value in self._ended._asdict().items():
            if value:
                self._span.set_attribute(f"forum.{name}", value)
        self._span.end()
