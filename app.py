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
    GRADIO_ANALYTICS_CACHE_FREQUENCY=str(10**9),  # it would load pandas to count what nobody sees
    GRADIO_ANALYTICS_MAX_EVENTS="100",
    HF_HUB_DISABLE_TELEMETRY="1",
    HF_HUB_OFFLINE="1",
    LANGCHAIN_TRACING_V2="false",
    LANGSMITH_TRACING="false",
    LANGSMITH_TRACING_V2="false",
    OPENBLAS_NUM_THREADS="1",
    ORT_DISABLE_TELEMETRY="1",
    OTEL_SDK_DISABLED="true",
)

import errno
import functools
import logging
import signal
import subprocess
import tempfile
import threading
from argparse import Namespace
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

try:
    from assistant import command_line, settings
except ModuleNotFoundError:
    sys.exit("error: not installed yet; run `make install`, then `.venv/bin/python app.py`")

from assistant.errors import AssistantError
from assistant.settings import Settings
from assistant.terminal import progress_bar, warn

FIRST_SHOWN = 2.0  # seconds; what is done sooner needs no bar

if TYPE_CHECKING:
    from assistant import ports
    from assistant.answering import Assistant
    from assistant.evaluation.sets import EvaluationSet
    from assistant.golden_questions import GoldenQuestion
    from assistant.offering.offering import Finding, Offering
    from assistant.ports import LanguageDetector
    from assistant.web.readiness import Readiness
    from assistant.writing.writer import Writer
    from ingest.desk import Desk
    from ingest.ingestion import Crawler, Ingestion
    from ingest.pipeline import Examine, Index
    from ingest.plan import Crawl, StoredDocument
    from ingest.readings import Readings
    from ingest.sources.crawling import Access
    from ingest.sources.tables import Listed
    from vectorstore.embedding import Embedder
    from vectorstore.generation import Generation
    from vectorstore.library import Examine as LookAt
    from vectorstore.library import Library
    from vectorstore.reader_model import LateReader


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
        "staff-unlock": staff_unlock,
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
        if arguments.run is not prepare:  # what it makes is for every account of this machine
            _keep_to_ourselves(config.data_dir)
        done = int(arguments.run(arguments, config))
        sys.stdout.flush()
    except AssistantError as exc:
        warn(f"error: {exc}")
        return 1
    except BrokenPipeError:  # whoever read the output has seen enough
        _write_no_more()
        return 1
    except OSError as exc:
        if exc.errno != errno.ENOSPC:
            raise
        _write_no_more()
        warn("error: the disk is full; nothing more could be written")
        return 1
    except KeyboardInterrupt:
        warn("interrupted")
        return 130
    return done


def _keep_to_ourselves(data: Path) -> None:
    """Let no other account of this machine read what lies, or will lie, in the data directory."""
    os.umask(0o077)
    if (data / "generations").is_dir():  # a folder that holds something else is none of ours
        with suppress(OSError):
            data.chmod(0o700)


def _write_no_more() -> None:
    """Let what is still to be written to standard output go nowhere, so that its end is quiet."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


class _Terminated(BaseException):
    """Whoever supervises the server has sent SIGTERM."""


def serve(arguments: Namespace, config: Settings) -> int:
    """Open the web chat."""
    from assistant.offering.offering import Offering
    from assistant.web import assembly, server
    from assistant.web.readiness import Readiness
    from vectorstore.contents import Contents

    listener = server.bind(config.host, config.port)
    finding, warm = _finding(config), threading.Event()
    library = open_library(config, furnish=finding.before_publishing)
    offering, contents = Offering(library, finding, library.hidden), Contents(library)
    readiness = Readiness(library.published, _canary(config, library))
    parts = assembly.Parts(
        library=library,
        assistant=make_assistant(config, library),
        offered=offering,
        announcement=contents.announcement,
        contents=contents,
        desk=_desk(config),
        is_warm=warm.is_set,
        is_ready=lambda: warm.is_set() and readiness(),
    )
    site = assembly.site(config, parts)
    if arguments.sample and library.published() is None:
        from ingest.commands import tell
        from ingest.pipeline import Options

        tell(make_ingestion(config, library).ingest([arguments.sample], Options()))
    threading.Thread(
        target=_warm_up, args=(library, readiness, offering, warm), daemon=True
    ).start()
    application = server.application(site)
    _keep_time(config)
    signal.signal(signal.SIGTERM, _terminate)
    print(f"The assistant is at {config.site}  (stop it with Ctrl+C)", flush=True)
    with suppress(_Terminated):
        server.run(application, listener, config.proxy_networks)
    return 0


def ingest(arguments: Namespace, config: Settings) -> int:
    """Bring documents in and publish them."""
    from ingest import commands
    from vectorstore.salvage import Salvage

    library = _open_to_publish(config)
    if not arguments.rebuild:
        return commands.ingest(arguments, _desk(config), make_ingestion(config, library))
    found = Salvage(library)
    ingestion = make_ingestion(config, found)
    return commands.ingest(arguments, _desk(config), ingestion, is_lost=found.is_lost)


def sync(arguments: Namespace, config: Settings) -> int:
    """Read the configured sources and publish what changed."""
    from ingest import commands

    return commands.sync(arguments, _desk(config), make_ingestion(config, _open_to_publish(config)))


def publish(arguments: Namespace, config: Settings) -> int:
    """Publish what an earlier run read, its concerns confirmed."""
    from ingest import commands

    return commands.publish(
        arguments, _desk(config), make_ingestion(config, _open_to_publish(config))
    )


def hide(arguments: Namespace, config: Settings) -> int:
    """Take documents out of the answers at once, or bring them back."""
    from vectorstore import commands

    return commands.hide(arguments, open_library(config))


def ask(arguments: Namespace, config: Settings) -> int:
    """Answer questions."""
    from assistant import commands

    return commands.ask(arguments, make_assistant(config, open_library(config)))


def search(arguments: Namespace, config: Settings) -> int:
    """Find passages."""
    from assistant import commands
    from assistant.language_detection import LanguageDetection

    return commands.search(arguments, config, open_library(config), LanguageDetection())


def evaluate(arguments: Namespace, config: Settings) -> int:
    """Measure how well questions are answered, or whether conversations go as they should."""
    from assistant import commands
    from assistant.evaluation import panel
    from assistant.language_detection import LanguageDetection

    if commands.are_conversations(arguments):
        assistant = make_assistant(config, open_library(config))
        return commands.hold_conversations(arguments, assistant)
    if any(panel.is_panel(Path(path)) for path in arguments.paths):
        return commands.evaluate_panel(arguments, partial(assistant_over_files, config=config))
    over = partial(assistant_over, config=config)
    return commands.evaluate(arguments, config.minimum_support, LanguageDetection(), over)


def status(arguments: Namespace, config: Settings) -> int:
    """Tell what is published."""
    from vectorstore import commands

    return commands.status(arguments, open_library(config))


def runs(arguments: Namespace, config: Settings) -> int:
    """List the generations that are kept and the last runs, or show one run."""
    from ingest import commands
    from vectorstore.commands import kept

    return commands.runs(arguments, config.data_dir, kept(open_library(config)))


def rollback(arguments: Namespace, config: Settings) -> int:
    """Publish an older generation again."""
    from vectorstore import commands

    return commands.rollback(arguments, _open_to_publish(config))


def prepare(_: Namespace, config: Settings) -> int:
    """Make the models ready."""
    load_embedder(config)
    if reader := load_reader(config):
        reader.loaded()
    return 0


def staff_password(arguments: Namespace, config: Settings) -> int:
    """Set the password of the staff page, or switch the page off."""
    from assistant import commands

    return commands.staff_password(arguments, config)


def staff_unlock(_: Namespace, config: Settings) -> int:
    """Let staff log in again after too many wrong passwords."""
    from assistant import commands

    return commands.staff_unlock(config)


# --- wiring ---------------------------------------------------------------------------------------


def open_library(config: Settings, furnish: "LookAt | None" = None) -> "Library":
    """Return what is published in the data directory; nothing is opened before it is needed.

    `furnish` is given each generation that is to be published.
    """
    from vectorstore import builtin_model
    from vectorstore.library import Library

    model = config.embedding_model or builtin_model.NAME
    return Library(config.data_dir, lambda: load_embedder(config), model=model, furnish=furnish)


def _open_to_publish(config: Settings) -> "Library":
    """Return the library for a command that publishes: what members are offered is found first."""

    def furnish(draft: "Generation", published: "Generation | None") -> None:
        try:
            finding = _finding(config)
        except AssistantError as exc:  # going back must not wait for a faulty file of questions
            warn(f"warning: {exc}")
        else:
            finding.before_publishing(draft, published)

    return open_library(config, furnish)


def load_embedder(config: Settings) -> "Embedder":
    """Return the embedding model, made ready where it is not yet."""
    if config.embedding_model:
        from vectorstore.sentence_transformer import SentenceTransformerEmbedder

        return SentenceTransformerEmbedder(config.embedding_model)
    from vectorstore import builtin_model

    folder = config.model_dir or builtin_model.default_folder()
    builtin_model.prepare(folder, _announce)
    return builtin_model.load(folder)


def load_reader(config: Settings) -> "LateReader | None":
    """Return what reads passages, loaded when it first does; None where it is switched off."""
    from vectorstore import builtin_model

    return (
        _built_in_reader(config.model_dir or builtin_model.default_folder())
        if config.reader
        else None
    )


@functools.cache
def _built_in_reader(embedding_model: Path) -> "LateReader":
    from vectorstore import reader_model

    return reader_model.LateReader(reader_model.folder_beside(embedding_model), _announce)


def _announce(step: str) -> None:
    print(f"preparing the models, once: {step} ...", file=sys.stderr, flush=True)


def make_assistant(config: Settings, library: "ports.Library") -> "Assistant":
    """Return what answers over a library."""
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
        reader=load_reader(config),
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


def make_ingestion(config: Settings, library: "Index") -> "Ingestion":
    """Return what brings documents into a library."""
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
    from assistant.evaluation.acceptance import losses

    asked = _golden_questions(config)
    quoting = config.model_copy(update={"chat_model": ""})
    return lambda draft, published: losses(
        asked, lambda library: make_assistant(quoting, library), draft, published
    )


@contextmanager
def assistant_over(its: "EvaluationSet", config: Settings) -> "Iterator[Assistant]":
    """Open an assistant over a set's own documents; where it has none, over what is published."""
    with tempfile.TemporaryDirectory() as scratch:
        library = open_library(config)
        if its.documents:
            library = open_library(config.model_copy(update={"data_dir": Path(scratch) / "data"}))
            publish_set(library, its)
        yield make_assistant(config, library)
        library.close()


@contextmanager
def assistant_over_files(folder: Path, config: Settings) -> "Iterator[Assistant]":
    """Open an assistant over the files of a folder, read as `ingest` reads them."""
    from ingest.pipeline import Options

    with tempfile.TemporaryDirectory() as scratch:
        own = config.model_copy(update={"data_dir": Path(scratch) / "data"})
        library = open_library(own)
        make_ingestion(own, library).ingest([str(folder)], Options())
        yield make_assistant(own, library)
        library.close()


def publish_set(library: "Library", its: "EvaluationSet") -> None:
    """Publish the documents of a set."""
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


def _warm_up(
    library: "Library", readiness: "Readiness", offering: "Offering", warm: threading.Event
) -> None:
    """Verify what is published, and load the models, so that the first question is quick."""
    try:
        library.verify_published()
        readiness.check()
        warm.set()
        offering.find()
    except AssistantError as exc:
        warn(f"warning: {exc}")
    warm.set()


def _canary(config: Settings, library: "Library") -> Callable[[], None]:
    """Return what asks a question of what is published; no chat model is asked for it.

    Files that were damaged since they were opened are found first: SQLite may still answer some
    questions from memory. The last sound generation, if there is one, then serves.
    """
    from assistant.dialogue import Question
    from vectorstore import integrity
    from vectorstore.errors import StoreDamagedError

    assistant = make_assistant(config.model_copy(update={"chat_model": ""}), library)

    def look() -> None:
        with library.generation() as generation:
            integrity.check(generation.folder, generation.manifest.files)
        assistant.answer(Question("prevention"))

    def ask() -> None:
        try:
            look()
        except StoreDamagedError:
            library.verify_published()
            look()

    return ask


def _finding(config: Settings) -> "Finding":
    """Return what finds questions to offer; no chat model is asked for any."""
    from assistant.offering.offering import Finding, basis
    from vectorstore.offered import KeptQuestions

    quoting = config.model_copy(update={"chat_model": ""})
    golden = _golden_questions(config)
    decisive = (config.minimum_support, config.reader, config.question_limit)
    kept = KeptQuestions(basis(golden, decisive))
    return Finding(
        golden=golden,
        assistant_over=partial(make_assistant, quoting),
        read=kept.read,
        write=kept.write,
        watch=partial(progress_bar, delay=FIRST_SHOWN),
    )


def _golden_questions(config: Settings) -> "list[GoldenQuestion]":
    from assistant import golden_questions

    return golden_questions.load(config.golden_questions) if config.golden_questions else []


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
