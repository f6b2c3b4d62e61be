"""The commands that serve the pages, and set up what they need."""

import gc
import signal
import threading
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from assistant import settings, wiring
from assistant.cli.command import Data, command, configured, hold
from assistant.domain.errors import AssistantError
from assistant.forum import Forum
from assistant.settings import Settings
from assistant.terminal import warn

if TYPE_CHECKING:
    from assistant.offering.offering import Offering
    from assistant.web.assembly import Parts
    from assistant.web.monitoring import Readiness
    from assistant.web.watching import Watching
    from vectorstore.publishing.library import Library


class _Terminated(BaseException):
    """Whoever supervises the server has sent SIGTERM."""


@command("serve")
def serve(
    host: Annotated[
        str | None, typer.Option(metavar="HOST", help="Address to listen on (default: 127.0.0.1).")
    ] = None,
    port: Annotated[
        str | None, typer.Option(metavar="PORT", help="Port to listen on (default: 7860).")
    ] = None,
    sample: Annotated[
        str | None,
        typer.Option(metavar="PATH", help="Ingest this folder first if nothing is published yet."),
    ] = None,
    data: Data = None,
) -> None:
    """Open the web chat."""
    from assistant.offering.offering import Offering
    from assistant.web import assembly, monitoring, server
    from assistant.web.monitoring import Readiness
    from assistant.web.watching import watching_of

    config = configured(data, host=host, port=port)
    monitoring.keep_log(config.log_format)
    watching = watching_of(config)
    listener = server.bind(config.host, config.port)
    finder, warm = wiring.make_question_finder(config), threading.Event()
    forum = Forum(config, furnish=finder.before_publishing, watch=watching.watch)
    library = forum.library
    offering = Offering(library, finder, library.withheld)
    readiness = Readiness(library.published, canary(config, library))
    site = assembly.site(config, _parts(forum, offering, readiness, warm, watching))
    hold(config)  # a first start has made it only now
    if sample and library.published() is None:
        _ingest_sample(config, library, sample)
    warm_up = threading.Thread(target=_warm_up, args=(library, readiness, offering, warm))
    warm_up.daemon = True
    warm_up.start()
    application = server.application(site)
    _keep_time(config)
    signal.signal(signal.SIGTERM, _terminate)
    print(f"The assistant is at {config.site}  (stop it with Ctrl+C)", flush=True)
    with closing(watching), suppress(_Terminated):
        server.run(application, listener, config.proxy_networks)


def _parts(
    forum: Forum,
    offering: "Offering",
    readiness: "Readiness",
    warm: threading.Event,
    watching: "Watching",
) -> "Parts":
    from assistant.web.assembly import Parts
    from vectorstore.publishing.contents import Contents

    contents = Contents(forum.library)
    return Parts(
        library=forum.library,
        assistant=forum.assistant,
        offered=offering,
        announcement=contents.announcement,
        contents=contents,
        operations=wiring.make_operations(forum.settings),
        records=wiring.open_records(forum.settings),
        observer=wiring.make_observer(forum.settings, forum.library),
        is_warm=warm.is_set,
        is_ready=lambda: warm.is_set() and readiness(),
        watching=watching,
    )


def _ingest_sample(config: Settings, library: "Library", folder: str) -> None:
    from assistant.cli.content import tell
    from ingest.pipeline import Options

    tell(wiring.make_ingestion(config, library).ingest([folder], Options()))


def _terminate(*_: object) -> NoReturn:
    raise _Terminated


def _keep_time(config: Settings) -> None:
    """Start sources by their schedule and erase what is old, for as long as the server runs."""
    from ingest.schedule import Timekeeper, keep_time

    operations, records = wiring.make_operations(config), wiring.open_records(config)
    never, keeper = threading.Event(), Timekeeper(config.data_dir)

    def erase(_: datetime) -> None:
        records.erase_what_is_old()

    def sync(now: datetime) -> None:
        operations.sync_what_is_due(now, keeper.is_ours)

    threading.Thread(target=keep_time, args=((erase, sync), never), daemon=True).start()


def _warm_up(
    library: "Library", readiness: "Readiness", offering: "Offering", warm: threading.Event
) -> None:
    """Verify what is published, and load the models, so that the first question is quick.

    The dictionaries follow once members are let in: only a question with a slip needs them. What is
    loaded then stays, so the garbage collector need not look through it: that took 0.2 s each time,
    in which nobody was answered.
    """
    from assistant.language.spelling import load_dictionaries

    try:
        library.verify_published()
        readiness.check()
        warm.set()
        offering.find()
        with library.generation() as generation:
            spoken = {source.language for source in generation.documents(every_version=True)}
        for language in sorted(spoken):
            load_dictionaries(language)
        gc.collect()
        gc.freeze()
    except AssistantError as exc:
        warn(f"warning: {exc}")
    warm.set()


def canary(config: Settings, library: "Library") -> Callable[[], None]:
    """Return what asks a question of what is published; no chat model is asked for it.

    Files that were damaged since they were opened are found first: SQLite may still answer some
    questions from memory. The last sound generation, if there is one, then serves.
    """
    from assistant.domain.dialogue import Question
    from vectorstore import integrity
    from vectorstore.errors import StoreDamagedError

    assistant = wiring.make_assistant(config.model_copy(update={"chat_model": ""}), library)

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


@command("prepare")
def prepare(data: Data = None) -> None:
    """Make the models ready.

    `ingest` and `serve` do it as well.
    """
    config = settings.load(data_dir=data)  # what it makes is for every account of this machine
    wiring.load_embedder(config)
    if reader := wiring.load_reader(config):
        reader.loaded()
