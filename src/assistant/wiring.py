"""The composition root: makes the parts of the assistant from the settings, and joins them.

Heavy libraries are loaded by the functions that need them, never by importing this module.
"""

import functools
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.domain.errors import AssistantError, RecordsError
from assistant.domain.watching import UNWATCHED
from assistant.settings import Settings
from assistant.terminal import progress_bar, warn

FIRST_SHOWN = 2.0  # seconds; what is done sooner needs no bar

if TYPE_CHECKING:
    from assistant.alerts import Alerts
    from assistant.answering.assistant import Assistant
    from assistant.domain import ports
    from assistant.domain.ports import LanguageDetector
    from assistant.evaluation.golden_questions import GoldenQuestion
    from assistant.evaluation.sets import EvaluationSet
    from assistant.insights.period import Observer
    from assistant.offering.offering import QuestionFinder
    from assistant.records.database import Database
    from assistant.records.records import Records
    from assistant.writing.writer import Writer
    from ingest.ingestion import Crawler, Ingestion
    from ingest.operations import Operations
    from ingest.pipeline import Examine, Index
    from ingest.plan import Crawl, KnownDocument
    from ingest.reading_cache import Readings
    from ingest.sources.crawling import Access
    from ingest.sources.tables import Listed
    from vectorstore.embedding.embedder import Embedder, Vectors
    from vectorstore.generation import Generation
    from vectorstore.publishing.library import Examine as LookAt
    from vectorstore.publishing.library import Library
    from vectorstore.reader.model import LateReader


def open_library(config: Settings, furnish: "LookAt | None" = None) -> "Library":
    """Return what is published in the data directory; nothing is opened before it is needed.

    `furnish` is given each generation that is to be published.
    """
    from vectorstore.embedding import builtin_model
    from vectorstore.publishing import verification
    from vectorstore.publishing.library import Library
    from vectorstore.search.indexes import indexes

    server = config.chroma_url.get_secret_value()
    return Library(
        config.data_dir,
        lambda: load_embedder(config),
        model=config.embedding_model or builtin_model.NAME,
        indexes=indexes(server),
        verify=partial(verification.in_child, chroma_url=server),
        furnish=furnish,
    )


def open_to_publish(config: Settings) -> "Library":
    """Return the library for a command that publishes: what members are offered is found first."""

    def furnish(draft: "Generation", published: "Generation | None") -> None:
        try:
            finder = make_question_finder(config)
        except AssistantError as exc:  # going back must not wait for a faulty file of questions
            warn(f"warning: {exc}")
        else:
            finder.before_publishing(draft, published)

    return open_library(config, furnish)


def load_embedder(config: Settings) -> "Embedder":
    """Return the embedding model, made ready where it is not yet."""
    if config.embedding_model:
        from vectorstore.embedding.sentence_transformer import SentenceTransformerEmbedder

        return SentenceTransformerEmbedder(config.embedding_model)
    from vectorstore.embedding import builtin_model

    folder = config.model_dir or builtin_model.default_folder()
    builtin_model.prepare(folder, _announce)
    return builtin_model.load(folder)


def load_reader(config: Settings) -> "LateReader | None":
    """Return what reads passages, loaded when it first does; None where it is switched off."""
    from vectorstore.embedding import builtin_model

    return (
        _built_in_reader(config.model_dir or builtin_model.default_folder())
        if config.reader
        else None
    )


@functools.cache
def _built_in_reader(embedding_model: Path) -> "LateReader":
    from vectorstore.reader import model as reader_model

    return reader_model.LateReader(reader_model.folder_beside(embedding_model), _announce)


def _announce(step: str) -> None:
    print(f"preparing the models, once: {step} ...", file=sys.stderr, flush=True)


def make_assistant(
    config: Settings, library: "ports.Library", watch: "ports.ModelWatch" = UNWATCHED
) -> "Assistant":
    """Return what answers over a library; `watch` counts what a chat model does for it."""
    from assistant.answering.assistant import Assistant
    from assistant.language.detection import LanguageDetection

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
        writer=_writer(config, detection, watch),
    )


def _writer(
    config: Settings, detection: "LanguageDetector", watch: "ports.ModelWatch"
) -> "Writer | None":
    """Return what has a chat model write, None where none is configured."""
    if not config.chat_model:
        return None
    from assistant.writing import chat_model
    from assistant.writing.budget import Budget
    from assistant.writing.writer import Writer

    model = chat_model.load(
        config.chat_model,
        base_url=config.chat_base_url,
        api_key=config.chat_api_key.get_secret_value(),
        timeout=config.chat_seconds,
        api_version=config.chat_api_version,
    )
    config.data_dir.mkdir(parents=True, exist_ok=True)
    budget = Budget(config.data_dir / "chat_budget.json", config.chat_daily_tokens)
    return Writer(model, detection, budget, config.chat_seconds, watch=watch)


def open_database(config: Settings) -> "Database":
    """Return what keeps the records. Raises SettingsError for an address of none."""
    from assistant.records.database import Database

    return Database(config.data_dir, config.database_url.get_secret_value())


def open_records(config: Settings) -> "Records":
    """Return what staff and members leave behind."""
    from assistant.records.records import Records

    return Records.of(open_database(config), config.keep_questions)


def make_observer(config: Settings, library: "Library") -> "Observer":
    """Return what tells what members ask."""
    from assistant.insights.period import Observer

    def embed(texts: Sequence[str]) -> "Vectors":
        return library.embedder().embed_texts(texts)

    return Observer(open_records(config), embed, library.sources)


def make_alerts(config: Settings) -> "Alerts":
    """Return what tells staff what cannot wait."""
    from assistant.alerts import Alerts

    server = config.mail_server.get_secret_value()
    return Alerts(config.alerts.split(), server, config.mail_sender)


def make_ingestion(config: Settings, library: "Index") -> "Ingestion":
    """Return what brings documents into a library."""
    from assistant.language.detection import LanguageDetection
    from assistant.records.edits import EditStore
    from ingest.ingestion import Ingestion

    return Ingestion(
        data=config.data_dir,
        index=library,
        edited=EditStore(open_database(config)),
        detect_language=LanguageDetection(),
        crawl=_crawler(config),
        examine=_examine(config) if golden_questions(config) else None,
        watch=progress_bar,
    )


def _crawler(config: Settings) -> "Crawler":
    """Return what reads a configured source."""
    from assistant.language.detection import LanguageDetection
    from ingest.sources import crawling, gathering
    from ingest.sources.uploads import NAME, Uploads

    detect_language = LanguageDetection()
    uploads = Uploads(config.data_dir)

    def crawl(
        source: "Listed",
        stored: "Sequence[KnownDocument]",
        known: "Readings",
        progress: Callable[[int, int], None],
    ) -> "Crawl":
        run = gathering.CrawlRun(detect_language, progress=progress, stored=stored, readings=known)
        if source.name != NAME:
            return crawling.crawl(source, make_access(config), run)
        found = uploads.crawl_of_nothing() or crawling.crawl(source, make_access(config), run)
        return replace(found, formerly=uploads.former(each.origin for each in stored))

    return crawl


def make_access(config: Settings) -> "Access":
    """Return how sites are reached; what was fetched before lies in the data directory."""
    from ingest.sources.crawling import Access

    return Access(config.data_dir / "fetched", os.environ, config.contacts.general)


def make_operations(config: Settings) -> "Operations":
    """Return what staff do with sources and runs; each run is a process of its own."""
    from ingest.operations import Operations

    # What a run prints comes out where the server's log does.
    program = "assistant.cli.logged" if config.log_format == "json" else "assistant"

    # Alerts of a run name this server, which options may have put elsewhere than the settings do.
    place = {"FORUM_HOST": config.host, "FORUM_PORT": str(config.port)}

    def start(arguments: Sequence[str]) -> None:
        command = [sys.executable, "-m", program, *arguments, "--data", str(config.data_dir)]
        # Of a session of its own: it must outlive its page, and Ctrl+C at this server.
        subprocess.Popen(  # noqa: S603 - our own program, and names that were looked up
            command,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            env={**os.environ, **place},
        )

    return Operations(config.data_dir, config.sources, make_access(config), start)


def _examine(config: Settings) -> "Examine":
    """Return what asks the golden questions of a draft and of what is published."""
    from assistant.evaluation.acceptance import losses

    asked = golden_questions(config)
    quoting = config.model_copy(update={"chat_model": ""})
    return lambda draft, published: losses(
        asked, lambda library: make_assistant(quoting, library), draft, published
    )


@contextmanager
def assistant_over(evaluation_set: "EvaluationSet", config: Settings) -> "Iterator[Assistant]":
    """Open an assistant over a set's own documents; where it has none, over what is published."""
    with tempfile.TemporaryDirectory() as scratch:
        library = open_library(config)
        if evaluation_set.documents:
            library = open_library(config.model_copy(update={"data_dir": Path(scratch) / "data"}))
            publish_set(library, evaluation_set)
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


def publish_set(library: "Library", evaluation_set: "EvaluationSet") -> None:
    """Publish the documents of a set."""
    from ingest import pipeline
    from ingest.plan import Crawl

    with progress_bar(f"{evaluation_set.name}, embedding", "passages") as progress:
        pipeline.run(
            [Crawl(evaluation_set.name, evaluation_set.documents)],
            library,
            pipeline.Options(),
            origin_exists=lambda _: True,
            progress=progress,
        )


def make_question_finder(config: Settings) -> "QuestionFinder":
    """Return what finds questions to offer; no chat model is asked for any."""
    from assistant.offering.offering import QuestionFinder, basis
    from vectorstore.publishing.offered import KeptQuestions

    quoting = config.model_copy(update={"chat_model": ""})
    try:
        golden = golden_questions(config)
    except RecordsError as exc:  # a server that starts must not wait for its records
        warn(f"warning: the questions that staff made golden are not offered: {exc}")
        golden = _golden_questions_of_the_file(config)
    _warn_of_what_nobody_can_ask(golden, config)
    decisive = (config.minimum_support, config.reader, config.question_limit)
    kept = KeptQuestions(basis(golden, decisive))
    return QuestionFinder(
        golden=golden,
        assistant_over=partial(make_assistant, quoting),
        read=kept.read,
        write=kept.write,
        watch=partial(progress_bar, delay=FIRST_SHOWN),
    )


def _warn_of_what_nobody_can_ask(golden: "Sequence[GoldenQuestion]", config: Settings) -> None:
    from assistant.evaluation.golden_questions import fault_of

    in_file = _golden_questions_of_the_file(config)
    for each in golden:
        if fault := fault_of(each.question, config.question_limit):
            where = config.golden_questions if each in in_file else "golden questions of staff"
            warn(f"warning: {where}: {fault}")


def golden_questions(config: Settings) -> "list[GoldenQuestion]":
    """Return the golden questions of the file, if one is configured, and those that staff made."""
    from assistant.evaluation.golden_questions import GoldenQuestion

    made = open_records(config).golden.all()
    return _golden_questions_of_the_file(config) + [
        GoldenQuestion(each.question, each.language, each.document or None, None) for each in made
    ]


def _golden_questions_of_the_file(config: Settings) -> "list[GoldenQuestion]":
    from assistant.evaluation import golden_questions

    return golden_questions.load(config.golden_questions) if config.golden_questions else []
