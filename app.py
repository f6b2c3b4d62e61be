"""The composition root and the command line: everything is wired here, and only here.

Exit status: 0 done, 1 an error with a message, 2 a senseless command line, 130 interrupted.
"""

import os
import sys

# Set before any library could read them: nothing here talks to anybody outside.
os.environ.update(
    ANONYMIZED_TELEMETRY="False",
    DO_NOT_TRACK="1",
    GRADIO_ANALYTICS_ENABLED="False",
    HF_HUB_DISABLE_TELEMETRY="1",
    HF_HUB_OFFLINE="1",
    LANGSMITH_TRACING="false",
)

import argparse
import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

try:
    from assistant import exchange, settings
except ModuleNotFoundError:
    sys.exit("error: not installed yet; run `make install`, then `.venv/bin/python app.py`")

from assistant.dialogue import Question
from assistant.errors import AssistantError, InputError, QuestionError

if TYPE_CHECKING:
    from assistant.answering import Assistant
    from assistant.corpus import Passage
    from assistant.golden_questions import GoldenQuestion
    from assistant.settings import Settings
    from assistant.web.chat import Publication
    from ingest.pipeline import Report
    from vectorstore.embedding import Embedder
    from vectorstore.library import Library

MOST_PASSAGES = 1000  # that one search returns


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    parser = _parser()
    arguments = parser.parse_args(argv)
    if arguments.command is None:
        parser.print_help()
        return 0
    try:
        config = settings.load(
            data_dir=arguments.data,
            host=getattr(arguments, "host", None),
            port=getattr(arguments, "port", None),
        )
        run: Callable[[argparse.Namespace, Settings], int] = arguments.run
        return run(arguments, config)
    except AssistantError as exc:
        print(f"error: {exc}", file=sys.stderr)
        return 1
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return 130


def prepare(_: argparse.Namespace, config: "Settings") -> int:
    """Make the embedding model ready."""
    _embedder(config)
    return 0


def ingest(arguments: argparse.Namespace, config: "Settings") -> int:
    """Bring documents in and publish them."""
    if not arguments.paths and not arguments.rebuild:
        msg = "give a folder or a file to ingest"
        raise InputError(msg)
    report = _ingest(arguments.paths, config, arguments)
    if arguments.json:
        _print_json(_report_as_json(report))
        return 0
    _print_report(report)
    return 0


def search(arguments: argparse.Namespace, config: "Settings") -> int:
    """Find passages."""
    from assistant.language_detection import LanguageDetection

    detect_language = LanguageDetection()
    with _library(config).generation() as generation:

        def find(query: str) -> "Sequence[Passage]":
            language = detect_language(query, fallback=config.default_language)
            return generation.search(query, limit=arguments.limit, language=language)

        if arguments.queries:
            for line in _json_lines(arguments.queries, "text", "query"):
                found = find(line["text"])
                _print_json(exchange.passages(line["id"], found, config.site))
            return 0
        query = _given(arguments.query, "query", "--queries FILE")
        result = exchange.passages(None, find(query), config.site)
    if arguments.json:
        _print_json(result)
        return 0
    for place, passage in enumerate(result["passages"], start=1):
        print(f"{place}. {passage['title']}  ({passage['document']}, {passage['score']:.3f})")
        print(f"   {' '.join(passage['text'].split())[:300]}\n")
    if not result["passages"]:
        print("Nothing found.")
    return 0


def ask(arguments: argparse.Namespace, config: "Settings") -> int:
    """Answer questions."""
    assistant = _assistant(config, _library(config))
    if arguments.questions:
        for line in _json_lines(arguments.questions, "question", "text"):
            _print_json(_answer_as_json(assistant, line["id"], line["text"]))
        return 0
    text = _given(arguments.question, "question", "--questions FILE")
    started = time.perf_counter()
    result = assistant.answer(Question(text))
    if arguments.json:
        _print_json(exchange.answer(None, result, 1000 * (time.perf_counter() - started)))
        return 0
    print(result.text)
    for citation in result.citations:
        print(f"\n[{citation.number}] {citation.source.title}\n    {citation.link}")
    for suggestion in result.suggestions:
        print(f"  - {suggestion.source.title}: {suggestion.url}")
    return 0


def serve(arguments: argparse.Namespace, config: "Settings") -> int:
    """Open the web chat."""
    from assistant.web import server
    from assistant.web.chat import ChatPage

    listener = server.bind(config.host, config.port)
    library = _library(config)
    if arguments.sample and library.published() is None:
        _print_report(_ingest([arguments.sample], config, arguments, library))
    assistant = _assistant(config, library)
    warm = threading.Event()
    threading.Thread(target=_warm_up, args=(library, warm), daemon=True).start()
    page = ChatPage(
        assistant=assistant,
        name=config.name,
        contact=config.contact,
        default_language=config.default_language,
        golden_questions=_golden_questions(config, library),
        publication=lambda: _publication(library),
        is_warm=warm.is_set,
    )
    site = server.Site(page, library, lambda: warm.is_set() and library.published() is not None)
    application = server.application(site)
    print(f"The assistant is at {config.site}  (stop it with Ctrl+C)", flush=True)
    server.run(application, listener)
    return 0


def status(arguments: argparse.Namespace, config: "Settings") -> int:
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
        _print_json(facts)
        return 0
    if facts["generation"] is None:
        print(f"Nothing is published in {config.data_dir} yet; run `python app.py ingest FOLDER`.")
        return 0
    for name, value in facts.items():
        shown = (
            ", ".join(f"{k} {v}" for k, v in value.items()) if isinstance(value, dict) else value
        )
        print(f"{name.replace('_', ' '):16} {shown}")
    return 0


# --- wiring ---------------------------------------------------------------------------------------


def _library(config: "Settings") -> "Library":
    from vectorstore import builtin_model
    from vectorstore.library import Library

    model = config.embedding_model or builtin_model.NAME
    return Library(config.data_dir, lambda: _embedder(config), model=model)


def _embedder(config: "Settings") -> "Embedder":
    if config.embedding_model:
        from vectorstore.sentence_transformer import SentenceTransformerEmbedder

        return SentenceTransformerEmbedder(config.embedding_model)
    from vectorstore import builtin_model

    folder = config.model_dir or builtin_model.default_folder()
    builtin_model.prepare(folder, _announce)
    return builtin_model.load(folder)


def _announce(step: str) -> None:
    print(f"preparing the embedding model, once: {step} ...", file=sys.stderr, flush=True)


def _assistant(config: "Settings", library: "Library") -> "Assistant":
    from assistant.answering import Assistant
    from assistant.language_detection import LanguageDetection

    return Assistant(
        library=library,
        detect_language=LanguageDetection(),
        public_url=config.site,
        minimum_support=config.minimum_support,
        question_limit=config.question_limit,
        default_language=config.default_language,
    )


def _warm_up(library: "Library", warm: threading.Event) -> None:
    """Load the models and touch the index, so that the first question is as quick as the rest."""
    try:
        with library.generation() as generation:
            generation.search("prevention", limit=1)
    except AssistantError as exc:
        print(f"warning: {exc}", file=sys.stderr)
    warm.set()


def _publication(library: "Library") -> "Publication | None":
    from assistant.web.chat import Publication

    if library.published() is None:
        return None
    with library.generation() as generation:
        built = datetime.fromisoformat(generation.manifest.built)
        return Publication(generation.manifest.documents, built.date())


def _golden_questions(config: "Settings", library: "Library") -> "list[GoldenQuestion]":
    """Return the golden questions whose documents are published."""
    from assistant import golden_questions

    if config.golden_questions is None:
        return []
    published = {its.id for its in library.stored()}
    return [
        its for its in golden_questions.load(config.golden_questions) if its.document in published
    ]


# --- ingestion ------------------------------------------------------------------------------------


def _ingest(
    paths: Sequence[str],
    config: "Settings",
    arguments: argparse.Namespace,
    library: "Library | None" = None,
) -> "Report":
    from assistant.language_detection import LanguageDetection
    from ingest import folder, pipeline

    crawls = []
    for path in paths:
        with _progress_bar("reading", "documents") as progress:
            crawls.append(
                folder.crawl(Path(path), detect_language=LanguageDetection(), progress=progress)
            )
    with _progress_bar("embedding", "passages") as progress:
        return pipeline.run(
            crawls,
            library or _library(config),
            replace=getattr(arguments, "replace", False),
            rebuild=getattr(arguments, "rebuild", False),
            dry_run=getattr(arguments, "dry_run", False),
            origin_exists=lambda origin: Path(origin).exists(),
            progress=progress,
        )


@contextmanager
def _progress_bar(what: str, unit: str) -> Iterator[Callable[[int, int], None]]:
    """Show a bar on a terminal from the first report on, and nothing anywhere else."""
    from tqdm import tqdm

    bar: Any = None

    def report(done: int, total: int) -> None:
        nonlocal bar
        if bar is None:
            bar = tqdm(desc=what, unit=f" {unit}", disable=None, delay=0.5)
        bar.total = total
        bar.update(done - bar.n)

    try:
        yield report
    finally:
        if bar is not None:
            bar.close()


def _print_report(report: "Report") -> None:
    plan = report.plan
    if report.dry_run:
        print("Nothing was published; this is what would change:")
        for sign, ids in (
            ("+", [document.id for _, document in plan.new]),
            ("~", [document.id for _, document in plan.changed]),
            ("-", list(plan.removed)),
        ):
            for document_id in ids:
                print(f"  {sign} {document_id}")
    elif report.is_new:
        print(f"Published generation {report.generation}.")
    else:
        print(f"Nothing changed; generation {report.generation or 'none'} stays.")
    for name, count in report.counts.items():
        print(f"  {name:10} {count:6}")
    for failure in plan.failures:
        print(f"not read: {failure.name}: {failure.reason}", file=sys.stderr)
    for name in report.skipped:
        print(f"skipped, unknown form: {name}", file=sys.stderr)


def _report_as_json(report: "Report") -> dict[str, Any]:
    plan = report.plan
    return {
        **report.counts,
        "generation": report.generation,
        "dry_run": report.dry_run,
        "documents": {
            "new": [document.id for _, document in plan.new],
            "changed": [document.id for _, document in plan.changed],
            "removed": list(plan.removed),
        },
        "failures": [{"document": its.name, "reason": its.reason} for its in plan.failures],
        "skipped": list(report.skipped),
    }


# --- input and output -----------------------------------------------------------------------------


def _answer_as_json(assistant: "Assistant", question_id: str, text: str) -> dict[str, Any]:
    started = time.perf_counter()
    try:
        result = assistant.answer(Question(text))
    except QuestionError as exc:
        return exchange.failure(question_id, text, str(exc))
    return exchange.answer(question_id, result, 1000 * (time.perf_counter() - started))


def _given(value: str | None, what: str, otherwise: str) -> str:
    if value is None or not value.strip():
        msg = f"give a {what} in quotes, or {otherwise}"
        raise InputError(msg)
    return value


def _json_lines(path: str, *names: str) -> Iterator[dict[str, str]]:
    """Yield `id` and `text` of each line; the text may be under any of `names`."""
    try:
        lines = Path(path).read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as exc:
        msg = f"cannot read {path}: {exc}"
        raise InputError(msg) from exc
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            fields = json.loads(line)
            text = next(fields[name] for name in (*names, "text") if name in fields)
            # Half a surrogate pair is legal in JSON, but is no text.
            whole = str(text).encode("utf-8", "replace").decode("utf-8")
            yield {"id": fields["id"], "text": whole}
        except (ValueError, KeyError, TypeError, StopIteration, AttributeError) as exc:
            msg = f'{path}, line {number}: expected {{"id": "...", "{names[0]}": "..."}}'
            raise InputError(msg) from exc


def _print_json(value: dict[str, Any]) -> None:
    print(json.dumps(value, ensure_ascii=False), flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="app.py",
        description="A chat assistant that answers from a forum's documents, by quoting them.",
        epilog="Settings: FORUM_* variables or a .env file, see docs/configuration.md.",
    )
    parser.set_defaults(data=None)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")

    def command(name: str, run: Callable[..., int], help_text: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=help_text, description=help_text)
        sub.add_argument(
            "--data", metavar="DIR", default=None, help="where everything lives (default: data)"
        )
        sub.set_defaults(run=run)
        return sub

    def with_json(sub: argparse.ArgumentParser) -> None:
        sub.add_argument("--json", action="store_true", help="print JSON for other programs")

    sub = command("serve", serve, "Open the web chat.")
    sub.add_argument("--host", help="address to listen on (default: 127.0.0.1)")
    sub.add_argument("--port", help="port to listen on (default: 7860)")
    sub.add_argument(
        "--sample", metavar="PATH", help="ingest this folder first if nothing is published yet"
    )
    sub = command("ingest", ingest, "Bring documents in from folders or files, and publish them.")
    sub.add_argument("paths", nargs="*", metavar="PATH", help="a folder or a file")
    sub.add_argument("--dry-run", action="store_true", help="only show what would change")
    sub.add_argument(
        "--replace", action="store_true", help="remove all documents of other paths than these"
    )
    sub.add_argument("--rebuild", action="store_true", help="embed every document anew")
    with_json(sub)
    sub = command("ask", ask, "Answer a question.")
    sub.add_argument("question", nargs="?")
    sub.add_argument("--questions", metavar="FILE", help="JSON lines with id and question")
    with_json(sub)
    sub = command("search", search, "Find passages.")
    sub.add_argument("query", nargs="?")
    sub.add_argument("--queries", metavar="FILE", help="JSON lines with id and text")
    sub.add_argument("--limit", type=_limit, default=10, metavar="N", help="at most N (default 10)")
    with_json(sub)
    with_json(command("status", status, "Tell what is published."))
    command("prepare", prepare, "Make the embedding model ready; ingest and serve do it as well.")
    return parser


def _limit(text: str) -> int:
    number = int(text) if text.isdecimal() else 0
    if not 1 <= number <= MOST_PASSAGES:
        msg = f"{text!r} is not a number from 1 to {MOST_PASSAGES}"
        raise argparse.ArgumentTypeError(msg)
    return number


if __name__ == "__main__":
    sys.exit(main())
