"""Traces reach a collector that speaks OTLP over gRPC, with closed words and nobody else's."""

import queue
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from importlib import metadata
from pathlib import Path
from shutil import copytree
from typing import Any
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest

from assistant.domain.errors import SettingsError
from assistant.settings import load
from assistant.web.pages.chat import Asked
from assistant.web.watching import Watching, watching_of
from tests.builders import a_chat_page, a_chunk, a_passage, an_assistant
from tests.end_to_end.conftest import served_from
from tests.fakes import BrokenLibrary, FakeGeneration, FakeLibrary, FakeReader

grpc = pytest.importorskip("grpc", reason="the extra `telemetry` is not installed")
service = pytest.importorskip("opentelemetry.proto.collector.trace.v1.trace_service_pb2")
calls = pytest.importorskip("opentelemetry.proto.collector.trace.v1.trace_service_pb2_grpc")

CANARY = "When did canary@forum.test renew the lamps?"


Base: Any = calls.TraceServiceServicer


class Collector(Base):  # type: ignore[misc] # made by a generator, untyped
    """Takes what is exported."""

    def __init__(self) -> None:
        self.requests: queue.Queue[Any] = queue.Queue()

    def Export(self, request: Any, context: object) -> Any:  # noqa: ANN401, N802 - as gRPC has it
        del context
        self.requests.put(request)
        return service.ExportTraceServiceResponse()

    def spans(self) -> list[Any]:
        """Return the spans that have come, those that began first before others."""
        exported = [self.requests.get_nowait() for _ in range(self.requests.qsize())]
        found = [
            span
            for request in exported
            for resource in request.resource_spans
            for scope in resource.scope_spans
            for span in scope.spans
        ]
        return sorted(found, key=lambda span: span.start_time_unix_nano)


@pytest.fixture
def collector() -> Iterator[tuple[Collector, str]]:
    """One that listens on this machine, and where."""
    server, ours = grpc.server(ThreadPoolExecutor(2)), Collector()
    calls.add_TraceServiceServicer_to_server(ours, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    yield ours, f"http://127.0.0.1:{port}"
    server.stop(None).wait()


def watched(endpoint: str) -> Watching:
    return watching_of(load(otlp_endpoint=endpoint))


def said_of(span: Any) -> dict[str, str]:  # noqa: ANN401 - made by a generator
    return {pair.key: pair.value.string_value for pair in span.attributes}


LIBRARY = FakeLibrary(FakeGeneration(a_passage(a_chunk("The lamps were renewed in 2019."))))


def test_a_question_is_a_span_with_its_stages_within(
    collector: tuple[Collector, str],
) -> None:
    received, endpoint = collector
    watching = watched(endpoint)
    assistant = an_assistant(LIBRARY, reader=FakeReader("renewed"))
    page = a_chat_page(LIBRARY, assistant=assistant, watch=watching.watch)

    list(page.respond(Asked(CANARY, address="203.0.113.77")))
    watching.close()

    question, *stages = received.spans()
    assert question.name == "question"
    assert [stage.name for stage in stages] == ["searching", "reading"]
    assert {stage.parent_span_id for stage in stages} == {question.span_id}
    assert {stage.trace_id for stage in stages} == {question.trace_id}
    assert said_of(question) == {
        "forum.asked_from": "page",
        "forum.outcome": "answered",
        "forum.language": "en",
        "forum.mode": "quoting",
        "forum.generation": "000007",
    }
    assert not any(said_of(stage) for stage in stages)


def test_no_words_of_visitors_and_documents_are_sent(collector: tuple[Collector, str]) -> None:
    received, endpoint = collector
    watching = watched(endpoint)
    for library in (LIBRARY, BrokenLibrary()):
        page = a_chat_page(library, watch=watching.watch)
        list(page.respond(Asked(CANARY, site="https://canary.example", address="203.0.113.77")))
    watching.close()

    requests = [received.requests.get_nowait() for _ in range(received.requests.qsize())]
    sent = "".join(map(str, requests))

    assert "question" in sent
    for word in ("canary", "lamps", "203.0.113.77", "secret", "articles/"):
        assert word not in sent


def test_a_question_that_fails_is_a_span_that_says_so_without_the_error(
    collector: tuple[Collector, str],
) -> None:
    received, endpoint = collector
    watching = watched(endpoint)
    list(a_chat_page(BrokenLibrary(), watch=watching.watch).respond(Asked(CANARY)))
    watching.close()

    (question,) = received.spans()
    assert said_of(question)["forum.outcome"] == "failed"
    assert question.status.code == question.status.STATUS_CODE_ERROR
    assert question.status.message == ""
    assert not question.events


def test_one_question_is_seen_by_metrics_and_traces_alike(collector: tuple[Collector, str]) -> None:
    received, endpoint = collector
    watching = watching_of(load(otlp_endpoint=endpoint, metrics="sesame-sesame-sesame"))
    list(a_chat_page(LIBRARY, watch=watching.watch).respond(Asked(CANARY)))
    watching.close()

    assert [span.name for span in received.spans()] == ["question", "searching", "reading"]
    assert watching.metrics
    told = watching.metrics.text().decode()
    assert 'forum_assistant_stage_duration_seconds_count{stage="searching"} 1.0' in told


def test_questions_are_answered_and_a_server_ends_where_no_collector_listens(
    collector: tuple[Collector, str],
) -> None:
    _, endpoint = collector
    gone = watched(endpoint.rpartition(":")[0] + ":9")

    *_, last = a_chat_page(LIBRARY, watch=gone.watch).respond(Asked(CANARY))
    gone.close()

    assert last.result


def test_what_was_asked_of_a_real_server_is_sent_before_it_ends(
    collector: tuple[Collector, str], sample_data: Path, tmp_path: Path
) -> None:
    received, endpoint = collector
    data = Path(copytree(sample_data, tmp_path / "data"))

    with served_from(data, FORUM_OTLP_ENDPOINT=endpoint) as site:
        asked = urlencode({"question": "Who pays for the cameras?"}).encode()
        with urlopen(site, asked, timeout=120) as response:  # noqa: S310 - the address is our own
            response.read()

    question, *stages = received.spans()
    assert said_of(question)["forum.generation"] == "000001"
    assert {"searching", "reading"} <= {stage.name for stage in stages}


def test_without_an_address_nothing_is_made_that_could_send() -> None:
    watching = watching_of(load())

    assert watching.metrics is None
    assert replace(watching, watch=watching.watch) == watching
    assert list(a_chat_page(LIBRARY, watch=watching.watch).respond(Asked(CANARY)))[-1].result


def test_an_address_without_the_extra_is_told_with_what_would_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(metadata, "version", lambda _: "0.9")

    with pytest.raises(SettingsError, match=r"FORUM_OTLP_ENDPOINT.*\[telemetry\]"):
        watched("http://127.0.0.1:4317")
