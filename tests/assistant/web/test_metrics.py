"""What may be gathered of a server: by whom, what it counts, and that nobody's words are in it."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from assistant.answering.assistant import Assistant
from assistant.domain.corpus import EVERYTHING, Filters, Passage
from assistant.domain.dialogue import Question
from assistant.domain.errors import IngestError, StoreError
from assistant.domain.ports import Library
from assistant.domain.runs import Run, RunState
from assistant.domain.watching import AskedFrom, Refused, Stage
from assistant.language.languages import LANGUAGES
from assistant.web import server
from assistant.web.engine import AT_ONCE
from assistant.web.metrics import Metrics
from assistant.web.pages.chat import Asked
from assistant.web.security.protection import App
from assistant.web.security.visitors import Visitors
from assistant.writing import chat_model
from assistant.writing.budget import Budget
from assistant.writing.writer import Writer
from ingest.runs import Runs
from tests.assistant.web.test_engine import called
from tests.builders import a_chunk, a_passage, a_site, an_assistant
from tests.chat_model_server import Behaviour, chat_model_server
from tests.fakes import (
    BrokenLibrary,
    FakeGeneration,
    FakeLibrary,
    FakeReader,
    detect,
)
from vectorstore.publishing.contents import Publication

TOKEN = "sesame-sesame-sesame"  # noqa: S105 - only the tests have it
WITH_TOKEN = {"authorization": f"Bearer {TOKEN}"}
ASKED = "When were the lamps renewed?"
LAMPS = "The lamps were renewed in 2019."
ALL_LABELS = ("outcome", "reason", "language", "mode", "asked_from")


@dataclass(frozen=True)
class Gathered:
    """A server's application, and the metrics it keeps."""

    metrics: Metrics
    app: App

    def client(self, address: str = "192.0.2.7") -> TestClient:
        return TestClient(self.app, base_url="http://ask.test", client=(address, 50000))

    def figures(self, name: str, *labels: str) -> dict[tuple[str, ...], float]:
        """Return the values of a metric that are not 0, by these labels."""
        return figures(self.metrics, name, *labels)


def figures(metrics: Metrics, name: str, *labels: str) -> dict[tuple[str, ...], float]:
    return {
        tuple(sample.labels[label] for label in labels): sample.value
        for family in text_string_to_metric_families(metrics.text().decode())
        for sample in family.samples
        if sample.name == f"forum_assistant_{name}" and sample.value
    }


def answering(text: str = LAMPS) -> FakeLibrary:
    return FakeLibrary(FakeGeneration(a_passage(a_chunk(text), score=0.9)))


def a_watched_site(
    library: Library, data: Path, *, models: bool = False, **changes: object
) -> Gathered:
    """Return a server of fakes that is watched; `changes` are those of its chat."""
    metrics = Metrics(TOKEN)
    site = a_site(library, data, metrics=metrics, refused=metrics.refused, answers_models=models)
    visitors = Visitors(questions=1000, requests=9000, refused=metrics.refused)
    chat = replace(
        site.pages.chat,
        **{"watch": metrics, "visitors": visitors, **changes},  # type: ignore[arg-type] # fields by name
    )
    posts = replace(site.posts, visitors=chat.visitors)
    pages = replace(site.pages, chat=chat)
    return Gathered(metrics, server.application(replace(site, pages=pages, posts=posts)))


@pytest.fixture(scope="module")
def gathered(tmp_path_factory: pytest.TempPathFactory) -> Gathered:
    return a_watched_site(answering(), tmp_path_factory.mktemp("data"))


def test_nothing_is_there_to_be_gathered_unless_the_operator_says_so(tmp_path: Path) -> None:
    client = TestClient(server.application(a_site(answering(), tmp_path)))

    for method in ("GET", "HEAD", "POST"):
        hidden = client.request(method, "/metrics", headers=WITH_TOKEN)
        unknown = client.request(method, "/nothing", headers=WITH_TOKEN)
        assert (hidden.status_code, hidden.text) == (404, unknown.text)
        assert hidden.headers == unknown.headers


@pytest.mark.parametrize(
    "sent",
    ["", "Bearer", f"Bearer {TOKEN[:-1]}", f"Bearer {TOKEN}x", f"bearer{TOKEN}", TOKEN, "Bearer é"],
)
def test_who_brings_another_token_or_none_reads_why_and_no_figure(
    gathered: Gathered, sent: str
) -> None:
    headers: dict[bytes, bytes] = {b"authorization": sent.encode()} if sent else {}
    before = gathered.figures("refused_total", "reason").get(("token",), 0)

    response = gathered.client().get("/metrics", headers=headers)

    assert response.status_code == 401
    assert response.headers["www-authenticate"] == "Bearer"
    assert "FORUM_METRICS" in response.text
    assert "forum_assistant" not in response.text
    assert gathered.figures("refused_total", "reason")["token",] == before + 1


def test_who_brings_the_token_reads_figures_that_no_cache_keeps(gathered: Gathered) -> None:
    response = gathered.client().get("/metrics", headers=WITH_TOKEN)

    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/plain")
    assert response.headers["cache-control"] == "no-store"
    names = {family.name for family in text_string_to_metric_families(response.text)}
    assert {"forum_assistant_questions", "process_resident_memory_bytes"} <= names


def test_guessing_at_the_token_is_slowed_like_any_request(tmp_path: Path) -> None:
    site = a_site(answering(), tmp_path, metrics=Metrics(TOKEN))
    visitors = Visitors(questions=1, requests=3)
    posts = replace(site.posts, visitors=visitors)
    client = TestClient(server.application(replace(site, posts=posts)))

    assert [client.get("/metrics").status_code for _ in range(4)] == [401, 401, 401, 429]


def test_questions_are_counted_by_where_they_come_from(tmp_path: Path) -> None:
    pytest.importorskip("mcp", reason="the extra `mcp` is not installed")
    gathered = a_watched_site(answering(), tmp_path, models=True)
    in_a_frame = [ASKED, "en", [], [], "any", "", "https://town.example", True]
    message = {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "tools/call",
        "params": {"name": "ask", "arguments": {"question": ASKED}},
    }

    with gathered.client() as client:
        client.post("/", data={"question": ASKED})
        client.post("/widget?site=https://town.example", data={"question": ASKED})
        called(client, "ask", *in_a_frame)
        called(client, "ask", ASKED)
        client.post(
            "/gradio_api/mcp/",
            json=message,
            headers={"accept": "application/json, text/event-stream"},
        )

    quoted = ("answered", "", "en", "quoting")
    assert gathered.figures("questions_total", *ALL_LABELS) == {
        (*quoted, "page"): 1,
        (*quoted, "widget"): 2,
        (*quoted, "api"): 1,
        (*quoted, "mcp"): 1,
    }
    assert gathered.figures("answer_duration_seconds_count", "outcome") == {("answered",): 5.0}


def ended(
    library: Library, question: str = ASKED, **changes: object
) -> dict[tuple[str, ...], float]:
    """Return how a question is counted that is asked of a page over a library."""
    metrics = Metrics(TOKEN)
    chat = a_site(library, Path("data")).pages.chat
    asked = replace(chat, watch=metrics, **changes)  # type: ignore[arg-type] # fields by name
    list(asked.respond(Asked(question)))
    return figures(metrics, "questions_total", *ALL_LABELS[:-1])


def test_a_refusal_is_counted_with_its_reason() -> None:
    nothing = FakeLibrary(FakeGeneration())

    assert ended(nothing) == {("refused", "nothing", "en", "quoting"): 1.0}


def test_what_cannot_be_taken_and_what_fails_are_counted_apart() -> None:
    assert ended(answering(), "x" * 101) == {("unusable", "", "", ""): 1.0}
    assert ended(BrokenLibrary()) == {("failed", "", "", ""): 1.0}


def test_a_question_in_any_language_counts_for_one_that_the_assistant_speaks() -> None:
    def finnish(text: str, *, fallback: str) -> str:
        del text, fallback
        return "fi"

    library = answering()
    counted = ended(library, assistant=an_assistant(library, detect_language=finnish))

    ((_, _, language, _),) = counted
    assert language in LANGUAGES


def test_a_question_that_nobody_waits_for_counts_as_left(tmp_path: Path) -> None:
    metrics = Metrics(TOKEN)
    with chat_model_server() as (url, behaviour):
        behaviour.pieces = ("The lamps were renewed in 2019 [1].", " And then. " * 5)
        writing = a_writing_assistant(url, tmp_path, metrics)
        chat = replace(a_site(answering(), tmp_path).pages.chat, assistant=writing, watch=metrics)
        replies = chat.respond(Asked(ASKED))
        next(replies)

        assert figures(metrics, "questions_running") == {(): 1.0}
        replies.close()  # type: ignore[attr-defined] # a generator

    assert figures(metrics, "questions_running") == {}
    assert figures(metrics, "questions_total", "outcome") == {("left",): 1.0}


def test_each_stage_is_timed_and_told_apart(tmp_path: Path) -> None:
    metrics = Metrics(TOKEN)
    with chat_model_server() as (url, behaviour):
        behaviour.pieces = ("The lamps were renewed in 2019 [1].",)
        assistant = replace(
            a_writing_assistant(url, tmp_path, metrics), reader=FakeReader("renewed")
        )
        with metrics.question(AskedFrom.PAGE) as watch:
            first = assistant.watched_by(watch).answer(Question(ASKED))
            again = Question("And why?", history=(first.turn,))
            assistant.watched_by(watch).answer(again)

    timed = figures(metrics, "stage_duration_seconds_count", "stage")
    assert set(timed) == {(stage,) for stage in Stage}
    assert timed["rewriting",] == 1


class Held(FakeGeneration):
    """Searches no further until it is let."""

    def __init__(self) -> None:
        super().__init__(a_passage(a_chunk(LAMPS), score=0.9))
        self.goes_on = threading.Event()

    def search(
        self, query: str, *, limit: int, filters: Filters = EVERYTHING, language: str | None = None
    ) -> Sequence[Passage]:
        self.goes_on.wait()
        return super().search(query, limit=limit, filters=filters, language=language)


def until(is_so: Callable[[], bool]) -> None:
    for _ in range(3000):
        if is_so():
            return
        time.sleep(0.02)
    pytest.fail("it never was so")


def test_questions_that_run_and_wait_are_told_while_they_do(tmp_path: Path) -> None:
    generation, more = Held(), 2
    gathered = a_watched_site(FakeLibrary(generation), tmp_path)
    try:
        with gathered.client() as client:
            for _ in range(AT_ONCE + more):
                client.post("/gradio_api/call/ask", json={"data": [ASKED]})
            until(lambda: gathered.figures("questions_running") == {(): AT_ONCE})
            until(lambda: gathered.figures("questions_waiting") == {(): more})
            generation.goes_on.set()
            every = {("answered",): AT_ONCE + more}
            until(lambda: gathered.figures("questions_total", "outcome") == every)
    finally:
        generation.goes_on.set()

    assert gathered.figures("questions_waiting") == {}
    assert gathered.figures("questions_running") == {}


def test_who_is_not_let_through_is_counted_by_the_reason(tmp_path: Path) -> None:
    gathered = a_watched_site(answering(), tmp_path)
    visitors = Visitors(questions=1, requests=8, refused=gathered.metrics.refused)
    gathered = a_watched_site(answering(), tmp_path, visitors=visitors)
    client = gathered.client()

    client.get("/upload")
    client.get("/feedback")
    client.delete("/")
    client.post("/", headers={"origin": "https://elsewhere.example"})
    client.post("/", headers={"content-length": "99999999"})
    client.post("/gradio_api/queue/join", content=b"rubbish")
    client.get("/", headers={"host": "a b"})

    counted = gathered.figures("refused_total", "reason")
    assert counted == {
        ("path",): 2,
        ("method",): 1,
        ("origin",): 1,
        ("size",): 1,
        ("shape",): 1,
        ("host",): 1,
    }


def test_visitors_who_must_wait_are_counted(tmp_path: Path) -> None:
    metrics = Metrics(TOKEN)
    visitors = Visitors(questions=1, requests=1, refused=metrics.refused)
    chat = replace(a_site(answering(), tmp_path).pages.chat, visitors=visitors, watch=metrics)

    for _ in range(3):
        list(chat.respond(Asked(ASKED)))
        visitors.wait("192.0.2.7", "request")

    assert figures(metrics, "refused_total", "reason") == {("questions",): 2, ("requests",): 2}
    assert figures(metrics, "questions_total", "outcome") == {("answered",): 1}


def a_writing_assistant(url: str, folder: Path, metrics: Metrics) -> Assistant:
    chat = chat_model.load("openai:fake", base_url=url, api_key="k", timeout=9)
    budget = Budget(folder / "budget.json", 0)
    writer = Writer(chat, detect, budget, 9, watch=metrics)
    return an_assistant(answering(), writer=writer)


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[str, Behaviour]]:
    with chat_model_server() as its:
        yield its


def test_sentences_that_are_withheld_and_faults_of_the_chat_model_are_counted(
    served: tuple[str, Behaviour], tmp_path: Path
) -> None:
    (url, behaviour), metrics = served, Metrics(TOKEN)
    assistant = a_writing_assistant(url, tmp_path, metrics)
    behaviour.pieces = ("The lamps were renewed in 1999 [1].", " They were all renewed again.")

    assistant.answer(Question(ASKED))
    behaviour.status = 500
    assistant.answer(Question(ASKED))
    behaviour.status = 200

    withheld = figures(metrics, "sentences_withheld_total", "reason")
    assert sum(withheld.values()) == 2
    assert set(withheld) == {("addition",), ("number",)}
    assert figures(metrics, "chat_model_faults_total", "reason") == {("failed",): 1}


USAGE = b"""\
data: {"id":"1","object":"chat.completion.chunk","created":1,"model":"fake","choices":[{"index":0,\
"delta":{"role":"assistant","content":"The lamps were renewed in 2019 [1]."},"finish_reason":null}]}

data: {"id":"1","object":"chat.completion.chunk","created":1,"model":"fake","choices":[],\
"usage":{"prompt_tokens":310,"completion_tokens":12,"total_tokens":322}}

data: [DONE]

"""


def test_tokens_are_counted_where_the_model_tells_them(
    served: tuple[str, Behaviour], tmp_path: Path
) -> None:
    (url, behaviour), metrics = served, Metrics(TOKEN)
    behaviour.raw = USAGE

    a_writing_assistant(url, tmp_path, metrics).answer(Question(ASKED))
    behaviour.raw = b""

    told = figures(metrics, "chat_model_tokens_total", "direction")
    assert told == {("sent",): 310, ("received",): 12}


def a_publication() -> Publication:
    return Publication("000007", "2026-05-01T10:00:00+00:00", 12, 340, {}, {}, {}, "e5")


def test_what_serves_is_told_with_its_size_and_its_day() -> None:
    metrics = Metrics(TOKEN)
    metrics.watch_contents(a_publication, list)

    day = datetime(2026, 5, 1, 10, tzinfo=UTC).timestamp()
    assert figures(metrics, "generation_info", "generation") == {("000007",): 1}
    assert figures(metrics, "generation_published_timestamp_seconds") == {(): day}
    assert figures(metrics, "documents") == {(): 12}
    assert figures(metrics, "passages") == {(): 340}


def test_what_is_published_and_cannot_be_opened_leaves_the_other_figures() -> None:
    def broken() -> Publication:
        msg = "it is damaged"
        raise StoreError(msg)

    metrics = Metrics(TOKEN)
    metrics.watch_contents(broken, list)

    assert figures(metrics, "documents") == {}
    assert b"forum_assistant_ingest_runs" in metrics.text()


def test_runs_of_any_process_are_told_from_their_records(tmp_path: Path) -> None:
    metrics, runs = Metrics(TOKEN), Runs(tmp_path)
    metrics.watch_contents(lambda: None, runs.all)
    fault = "the site cannot be read"
    with pytest.raises(IngestError), runs.start("the schedule", ["news"]):
        raise IngestError(fault)

    with runs.start("Ana", ["news"]):
        assert figures(metrics, "ingest_runs", "result") == {("failed",): 1, ("running",): 1}

    failed = next(run for run in runs.all() if run.error == fault)
    assert failed.finished
    assert figures(metrics, "ingest_last_finished_timestamp_seconds", "result")[
        ("failed",)
    ] == pytest.approx(failed.finished.timestamp())


def test_the_last_run_of_a_kind_is_the_one_that_is_timed() -> None:
    began = datetime(2026, 5, 1, tzinfo=UTC)

    def a_run(hour: int, minutes: int) -> Run:
        started = began + timedelta(hours=hour)
        return Run(
            f"{hour}",
            "Ana",
            ("news",),
            started,
            RunState.PUBLISHED,
            finished=started + timedelta(minutes=minutes),
        )

    metrics = Metrics(TOKEN)
    metrics.watch_contents(lambda: None, lambda: [a_run(5, 2), a_run(1, 9)])

    assert figures(metrics, "ingest_last_duration_seconds", "result") == {("published",): 120}


def test_no_words_of_visitors_and_documents_are_in_the_figures(tmp_path: Path) -> None:
    gathered = a_watched_site(answering("Canarium renewed its lamps in 2019."), tmp_path)

    with gathered.client("203.0.113.77") as client:
        client.post("/", data={"question": "When did canary@forum.test renew lamps?"})
        client.post("/?site=https://canary.example", data={"question": "Canarium"})
        client.get("/canary/canary@forum.test")
    told = gathered.metrics.text().decode().lower()

    for word in ("canar", "203.0.113.77", "lighting", "forum.test"):
        assert word not in told


def test_every_reason_is_there_from_the_start_so_that_its_growth_can_be_seen() -> None:
    refused = Metrics(TOKEN).text().decode()

    for reason in Refused:
        assert f'forum_assistant_refused_total{{reason="{reason}"}} 0.0' in refused
