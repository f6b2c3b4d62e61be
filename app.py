"""The composition root and the command line: everything is wired here, and only here.

Exit status: 0 done (`serve`: ended by SIGTERM), 1 an error with a message, 2 a senseless command
line, 130 interrupted.
"""

import os
import sys

# Set before any library could read them: nothing here talks to anybody outside, and numpy, which
# multiplies little, does not divide it between threads that wait for each other.
os.environ.update(
    ANONYMIZED_TELEMETRY="False",
    DO_NOT_TRACK="1",
    GRADIO_ANALYTICS_ENABLED="False",
    HF_HUB_DISABLE_TELEMETRY="1",
    HF_HUB_OFFLINE="1",
    LANGSMITH_TRACING="false",
    OPENBLAS_NUM_THREADS="1",
)

import errno
import logging
import signal
import subprocess
import tempfile
import threading
import time
from argparse import Namespace
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

try:
    from assistant import command_line, exchange, settings
except ModuleNotFoundError:
    sys.exit("error: not installed yet; run `make install`, then `.venv/bin/python app.py`")

from assistant.dialogue import Outcome, Question
from assistant.errors import AssistantError, InputError, QuestionError
from assistant.settings import Settings
from assistant.terminal import (
    given,
    json_lines,
    new_password,
    print_json,
    progress_bar,
    show_facts,
    show_generations,
    show_runs,
)

if TYPE_CHECKING:
    from assistant import ports
    from assistant.answering import Assistant
    from assistant.corpus import Filters, Passage
    from assistant.evaluation.answered_questions import AnsweredQuestions
    from assistant.evaluation.sets import EvaluationSet
    from assistant.ports import LanguageDetector
    from assistant.writing.writer import Writer
    from ingest.desk import Desk
    from ingest.ingestion import Crawler, Ingestion
    from ingest.pipeline import Examine, Options
    from ingest.plan import Crawl, StoredDocument
    from ingest.readings import Readings
    from ingest.report import Report
    from ingest.sources.crawling import Access
    from ingest.sources.tables import Listed
    from vectorstore.embedding import Embedder
    from vectorstore.library import Library

MOST_RUNS = 10  # listed on a terminal; `--json` has all that are kept


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    commands = {
        "serve": serve,
        "ingest": ingest,
        "sync": sync,
        "publish": publish,
        "hide": hide,
        "ask": ask,
        "search": search,
        "evaluate": evaluate,
        "status": status,
        "runs": runs,
        "rollback": rollback,
        "prepare": prepare,
        "staff-password": staff_password,
    }
    parser = command_line.parser(commands)
    arguments = parser.parse_args(argv)
    if arguments.run is None:
        parser.print_help()
        return 0
    try:
        config = settings.load(
            data_dir=arguments.data,
            host=getattr(arguments, "host", None),
            port=getattr(arguments, "port", None),
        )
        done = int(arguments.run(arguments, config))
        sys.stdout.flush()
    except AssistantError as exc:
        print(f"error: {exc}", file=sys.stderr)
        return 1
    except BrokenPipeError:  # whoever read the output has seen enough
        _write_no_more()
        return 1
    except OSError as exc:
        if exc.errno != errno.ENOSPC:
            raise
        _write_no_more()
        print("error: the disk is full; nothing more could be written", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return 130
    return done


def _write_no_more() -> None:
    """Let what is still to be written to standard output go nowhere, so that its end is quiet."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


class _Terminated(BaseException):
    """Whoever supervises the server has sent SIGTERM."""


def serve(arguments: Namespace, config: Settings) -> int:
    """Open the web chat."""
    from assistant.web import assembly, server
    from vectorstore.contents import Contents

    listener = server.bind(config.host, config.port)
    library, warm = _library(config), threading.Event()
    golden, contents = _answered_questions(config, library), Contents(library)
    parts = assembly.Parts(
        library=library,
        assistant=_assistant(config, library),
        golden_questions=golden,
        announcement=contents.announcement,
        contents=contents,
        desk=_desk(config),
        is_warm=warm.is_set,
        is_ready=lambda: warm.is_set() and library.published() is not None,
    )
    site = assembly.site(config, parts)
    if arguments.sample and library.published() is None:
        from ingest.pipeline import Options

        report = _ingestion(config, library).ingest([arguments.sample], Options())
        _tell(report)
    threading.Thread(target=_warm_up, args=(library, golden, warm), daemon=True).start()
    application = server.application(site)
    _keep_time(config)
    signal.signal(signal.SIGTERM, _terminate)
    print(f"The assistant is at {config.site}  (stop it with Ctrl+C)", flush=True)
    with suppress(_Terminated):
        server.run(application, listener)
    return 0


def ingest(arguments: Namespace, config: Settings) -> int:
    """Bring documents in and publish them."""
    if not arguments.paths and not arguments.rebuild:
        msg = "give a folder or a file to ingest"
        raise InputError(msg)
    ingestion = _ingestion(config, _library(config))
    report = ingestion.ingest(arguments.paths, _options(arguments, config))
    return _reported(report, arguments, "run it again with --yes")


def sync(arguments: Namespace, config: Settings) -> int:
    """Read the configured sources and publish what changed."""
    desk = _desk(config)
    names = arguments.names or [its.name for its in desk.configured().sources]
    sources = [desk.source(name) for name in names]
    if not sources:
        msg = f"{config.sources} lists no sources; docs/staff.md shows how to write one"
        raise InputError(msg)
    ingestion = _ingestion(config, _library(config))
    options = _options(arguments, config)
    run, report = ingestion.sync(sources, options, run_id=arguments.run_id)
    if report.dry_run and not arguments.json and not report.plan.changes_nothing:
        print(f"Publish exactly this with `python app.py publish {run}`.")
    return _reported(report, arguments, f"publish it with `python app.py publish {run}`")


def publish(arguments: Namespace, config: Settings) -> int:
    """Publish what an earlier run read, its concerns confirmed."""
    ingestion = _ingestion(config, _library(config))
    options = _options(arguments, config)
    report = ingestion.publish(arguments.planned, options, run_id=arguments.run_id)
    return _reported(report, arguments, "")


def hide(arguments: Namespace, config: Settings) -> int:
    """Take documents out of the answers at once, or bring them back."""
    library = _library(config)
    known = {its.id for its in library.stored()} | library.hidden()
    for document in arguments.documents:
        if document not in known:
            msg = (
                f"there is no document {document!r}; `search` and `runs` show what they are called"
            )
            raise InputError(msg)
        library.hide(document, hidden=not arguments.undo)
    if arguments.undo:
        print("They come back with the next run that reads them.")
    else:
        print("They are out of the answers now; the next run removes them from what is kept.")
    return 0


def ask(arguments: Namespace, config: Settings) -> int:
    """Answer questions."""
    assistant = _assistant(config, _library(config))
    filters = command_line.filters(arguments)
    if arguments.questions:
        for its, text in json_lines(arguments.questions, "question", "text"):
            print_json(_answer_as_json(assistant, its, text, filters))
        return 0
    text = given(arguments.question, "question", "--questions FILE")
    started = time.perf_counter()
    result = assistant.answer(Question(text, filters=filters))
    if arguments.json:
        print_json(exchange.answer(None, result, 1000 * (time.perf_counter() - started)))
        return 0
    print(result.lead_in if result.outcome is Outcome.LISTED else result.text)
    for citation in result.citations:
        print(f"\n[{citation.number}] {citation.source.title}\n    {citation.link}")
    for suggestion in result.suggestions:
        print(f"  - {suggestion.source.title}: {suggestion.url}")
    return 0


def search(arguments: Namespace, config: Settings) -> int:
    """Find passages."""
    from assistant.language_detection import LanguageDetection

    detect_language = LanguageDetection()
    filters = command_line.filters(arguments)
    with _library(config).generation() as generation:

        def find(query: str) -> "Sequence[Passage]":
            language = detect_language(query, fallback=config.default_language)
            return generation.search(
                query, limit=arguments.limit, filters=filters, language=language
            )

        if arguments.queries:
            for its, text in json_lines(arguments.queries, "text", "query"):
                print_json(exchange.passages(its, find(text), config.site))
            return 0
        found = find(given(arguments.query, "query", "--queries FILE"))
    if arguments.json:
        print_json(exchange.passages(None, found, config.site))
        return 0
    for place, passage in enumerate(found, start=1):
        source = passage.chunk.source
        print(f"{place}. {source.title}  ({source.document_id}, {passage.score:.3f})")
        print(f"   {' '.join(passage.chunk.text.split())[:300]}\n")
    if not found:
        print("Nothing found.")
    return 0


def evaluate(arguments: Namespace, config: Settings) -> int:
    """Measure how well questions are answered."""
    from assistant.evaluation import conversations, formats, report
    from assistant.evaluation.runner import measured
    from assistant.language_detection import LanguageDetection

    if all(conversations.is_conversations(Path(path)) for path in arguments.paths):
        return _hold_conversations(arguments, config)
    sets = [
        its for path in arguments.paths for its in formats.read(Path(path), LanguageDetection())
    ]
    if arguments.sample:
        sets = [its.sampled(arguments.sample) for its in sets]
    results = []
    for its in sets:
        with _assistant_over(its, config) as assistant:
            results.append(measured(assistant, its, sets))
    if arguments.json:
        print_json(report.as_json(results, config.minimum_support))
        return 0
    for line in report.as_lines(results, config.minimum_support):
        print(line)
    return 0


def _hold_conversations(arguments: Namespace, config: Settings) -> int:
    """Hold scripted conversations over what is published; 1 where a turn is not as expected."""
    from assistant.evaluation import conversations

    assistant = _assistant(config, _library(config))
    is_good = True
    for path in arguments.paths:
        turns = list(conversations.hold(assistant, conversations.load(Path(path))))
        is_good = is_good and all(its.is_as_expected for its in turns)
        if arguments.json:
            print_json(conversations.as_json(path, turns))
        else:
            for line in conversations.as_lines(path, turns):
                print(line)
    return 0 if is_good else 1


def status(arguments: Namespace, config: Settings) -> int:
    """Tell what is published."""
    library = _library(config)
    facts: dict[str, Any] = {"data": str(config.data_dir), "generation": library.published()}
    if facts["generation"] is not None:
        with library.generation() as generation:
            manifest = generation.manifest
            facts |= {
                "published": manifest.built,
                "documents": manifest.documents,
                "passages": manifest.chunks,
                "languages": generation.catalogue.counts_by("language"),
                "kinds": generation.catalogue.counts_by("kind"),
                "embedding_model": manifest.embedding.model,
            }
    if arguments.json:
        print_json(facts)
        return 0
    for fault in library.faults():
        print(f"warning: {fault}", file=sys.stderr)
    if facts["generation"] is None:
        print(f"Nothing is published in {config.data_dir} yet; run `python app.py ingest FOLDER`.")
        return 0
    show_facts(facts)
    return 0


def runs(arguments: Namespace, config: Settings) -> int:
    """List the generations that are kept and the last runs, or show one run."""
    from ingest.runs import Runs, as_json

    records = Runs(config.data_dir)
    if arguments.run_id:
        print_json(as_json(records.get(arguments.run_id)))
        return 0
    library = _library(config)
    published = library.published()
    kept = [
        {
            "generation": its.name,
            "published": its.built,
            "documents": its.documents,
            "passages": its.chunks,
            "fault": its.fault,
            "current": its.name == published,
        }
        for its in library.kept()
    ]
    recorded = records.all()
    if arguments.json:
        print_json({"generations": kept, "runs": [as_json(its) for its in recorded]})
        return 0
    show_generations(kept)
    show_runs(recorded[:MOST_RUNS])
    if not kept:
        print(f"Nothing is published in {config.data_dir} yet; run `python app.py ingest FOLDER`.")
    return 0


def rollback(arguments: Namespace, config: Settings) -> int:
    """Publish an older generation again."""
    library = _library(config)
    with library.writing():
        name = library.roll_back(arguments.generation)
    print(f"Generation {name} is published again; a running server follows at its next question.")
    return 0


def prepare(_: Namespace, config: Settings) -> int:
    """Make the embedding model ready."""
    _embedder(config)
    return 0


def staff_password(arguments: Namespace, config: Settings) -> int:
    """Set the password of the staff page, or switch the page off."""
    from assistant.web.staff.passwords import StaffPassword

    password = StaffPassword(config.data_dir)
    if arguments.remove:
        password.remove()
        print("The staff page is off; a running server follows at once.")
        return 0
    password.set(new_password())
    print(f"The staff page is at {config.site}/staff; whoever was logged in is logged out.")
    return 0


# --- evaluation -----------------------------------------------------------------------------------


@contextmanager
def _assistant_over(its: "EvaluationSet", config: Settings) -> "Iterator[Assistant]":
    """Open an assistant over a set's own documents; where it has none, over what is published."""
    with tempfile.TemporaryDirectory() as scratch:
        library = _library(config)
        if its.documents:
            library = _library(config.model_copy(update={"data_dir": Path(scratch) / "data"}))
            _publish(library, its)
        yield _assistant(config, library)
        library.close()


def _publish(library: "Library", its: "EvaluationSet") -> None:
    from ingest import pipeline
    from ingest.plan import Crawl

    with progress_bar(f"{its.name}, embedding", "passages") as progress:
        pipeline.run(
            [Crawl(its.name, its.documents)],
            library,
            pipeline.Options(),
            origin_exists=lambda _: True,
            progress=progress,
        )


# --- wiring ---------------------------------------------------------------------------------------


def _library(config: Settings) -> "Library":
    from vectorstore import builtin_model
    from vectorstore.library import Library

    model = config.embedding_model or builtin_model.NAME
    return Library(config.data_dir, lambda: _embedder(config), model=model)


def _embedder(config: Settings) -> "Embedder":
    if config.embedding_model:
        from vectorstore.sentence_transformer import SentenceTransformerEmbedder

        return SentenceTransformerEmbedder(config.embedding_model)
    from vectorstore import builtin_model

    folder = config.model_dir or builtin_model.default_folder()
    builtin_model.prepare(folder, _announce)
    return builtin_model.load(folder)


def _announce(step: str) -> None:
    print(f"preparing the embedding model, once: {step} ...", file=sys.stderr, flush=True)


def _assistant(config: Settings, library: "ports.Library") -> "Assistant":
    from assistant.answering import Assistant
    from assistant.language_detection import LanguageDetection

    detection = LanguageDetection()
    return Assistant(
        library=library,
        detect_language=detection,
        public_url=config.site,
        minimum_support=config.minimum_support,
        question_limit=config.question_limit,
        default_language=config.default_language,
        contacts=config.contacts,
        writer=_writer(config, detection),
    )


def _writer(config: Settings, detection: "LanguageDetector") -> "Writer | None":
    """Return what has a chat model write, None where none is configured."""
    if not config.chat_model:
        return None
    from assistant.writing import langchain_model
    from assistant.writing.budget import Budget
    from assistant.writing.writer import Writer

    model = langchain_model.load(
        config.chat_model,
        base_url=config.chat_base_url,
        api_key=config.chat_api_key.get_secret_value(),
        timeout=config.chat_seconds,
    )
    config.data_dir.mkdir(parents=True, exist_ok=True)
    budget = Budget(config.data_dir / "chat_budget.json", config.chat_daily_tokens)
    return Writer(model, detection, budget, config.chat_seconds)


def _answer_as_json(
    assistant: "Assistant", question_id: str, text: str, filters: "Filters"
) -> dict[str, Any]:
    started = time.perf_counter()
    try:
        result = assistant.answer(Question(text, filters=filters))
    except QuestionError as exc:
        return exchange.failure(question_id, text, str(exc))
    return exchange.answer(question_id, result, 1000 * (time.perf_counter() - started))


def _ingestion(config: Settings, library: "Library") -> "Ingestion":
    from assistant.language_detection import LanguageDetection
    from ingest.ingestion import Ingestion

    return Ingestion(
        data=config.data_dir,
        index=library,
        detect_language=LanguageDetection(),
        crawl=_crawler(config),
        examine=_examine(config) if config.golden_questions else None,
        watch=progress_bar,
    )


def _crawler(config: Settings) -> "Crawler":
    """Return what reads a configured source."""
    from assistant.language_detection import LanguageDetection
    from ingest.sources import crawling, gathering
    from ingest.uploads import NAME, Uploads

    detect_language = LanguageDetection()
    uploads = Uploads(config.data_dir)

    def crawl(
        source: "Listed",
        stored: "Sequence[StoredDocument]",
        known: "Readings",
        progress: Callable[[int, int], None],
    ) -> "Crawl":
        if source.name == NAME and (nothing := uploads.crawl_of_nothing()):
            return nothing
        run = gathering.Run(detect_language, progress=progress, stored=stored, readings=known)
        return crawling.crawl(source, _access(config), run)

    return crawl


def _access(config: Settings) -> "Access":
    """Return how sites are reached; what was fetched before lies in the data directory."""
    from ingest.sources.crawling import Access

    return Access(config.data_dir / "fetched", os.environ, config.contacts.general)


def _desk(config: Settings) -> "Desk":
    from ingest.desk import Desk

    def start(arguments: Sequence[str]) -> None:
        command = [sys.executable, __file__, *arguments, "--data", str(config.data_dir)]
        # Of a session of its own: it must outlive this server, and its page.
        subprocess.Popen(  # noqa: S603 - our own program, and names that were looked up
            command, stdin=subprocess.DEVNULL, start_new_session=True
        )

    return Desk(config.data_dir, config.sources, _access(config), start)


def _keep_time(config: Settings) -> None:
    """Start sources by their schedule, for as long as the server runs."""
    from ingest.timekeeping import keep_time

    due, never = _desk(config).sync_what_is_due, threading.Event()
    threading.Thread(target=keep_time, args=(due, never), daemon=True).start()


def _examine(config: Settings) -> "Examine":
    """Return what asks the golden questions of a draft and of what is published."""
    from assistant import golden_questions
    from assistant.evaluation.acceptance import losses

    assert config.golden_questions is not None  # noqa: S101 - the caller looked
    asked = golden_questions.load(config.golden_questions)
    quoting = config.model_copy(update={"chat_model": ""})
    return lambda draft, published: losses(
        asked, lambda library: _assistant(quoting, library), draft, published
    )


def _options(arguments: Namespace, config: Settings) -> "Options":
    """Return what the command line decides about a run; a command has some of the flags."""
    from ingest.pipeline import Options

    flags = vars(arguments)
    return Options(
        replace=flags.get("replace", False),
        rebuild=flags.get("rebuild", False),
        dry_run=flags.get("dry_run", False),
        accepted=flags.get("yes", False),
        removal_share=_desk(config).configured().publishing.removal_share,
        by=flags.get("by") or "the command line",
    )


def _reported(report: "Report", arguments: Namespace, remedy: str) -> int:
    """Print what a run did; 1 where it waits for somebody to confirm it."""
    if arguments.json:
        print_json(report.as_json())
    else:
        _tell(report)
    if report.is_held:
        print(f"error: nothing was published; if that is right, {remedy}", file=sys.stderr)
    return int(report.is_held)


def _tell(report: "Report") -> None:
    for line in report.lines():
        print(line)
    for line in report.warnings():
        print(line, file=sys.stderr)


def _warm_up(library: "Library", golden: "AnsweredQuestions", warm: threading.Event) -> None:
    """Verify what is published, and load the models, so that the first question is quick."""
    try:
        library.verify_published()
        with library.generation() as generation:
            generation.search("prevention", limit=1)
        warm.set()
        golden.find()
    except AssistantError as exc:
        print(f"warning: {exc}", file=sys.stderr)
    warm.set()


def _answered_questions(config: Settings, library: "Library") -> "AnsweredQuestions":
    from assistant import golden_questions
    from assistant.evaluation.answered_questions import AnsweredQuestions

    quoting = config.model_copy(update={"chat_model": ""})
    known = golden_questions.load(config.golden_questions) if config.golden_questions else []
    return AnsweredQuestions(known, library, lambda over: _assistant(quoting, over))


def _terminate(*_: object) -> NoReturn:
    raise _Terminated


def _end(status: int) -> NoReturn:
    """Leave at once: a thread inside of a library crashes a Python that is taken down around it."""
    from vectorstore import private_copy

    private_copy.close_all()
    logging.shutdown()
    with suppress(OSError):
        sys.stdout.flush()
    os._exit(status)


if __name__ == "__main__":
    _end(main())
