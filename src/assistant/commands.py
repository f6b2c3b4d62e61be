"""What the commands do that ask questions, measure the answers, or guard the staff page."""

import json
import time
from argparse import Namespace
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from assistant import command_line, exchange
from assistant.answering import Assistant
from assistant.corpus import EVERYTHING, Filters, Passage
from assistant.dialogue import Outcome, Question
from assistant.errors import InputError, QuestionError
from assistant.evaluation import conversations, formats, panel, report
from assistant.evaluation.formats import DetectLanguage
from assistant.evaluation.panel import PanelQuestion
from assistant.evaluation.runner import measured
from assistant.evaluation.sets import EvaluationSet
from assistant.ports import LanguageDetector, Library
from assistant.settings import Settings
from assistant.terminal import given, json_lines, new_password, print_json, progress_bar
from assistant.web.staff.failures import RELIEF
from assistant.web.staff.passwords import StaffPassword

AssistantOver = Callable[[EvaluationSet], AbstractContextManager[Assistant]]
"""Opens an assistant over the documents that a set is asked of."""


def ask(arguments: Namespace, assistant: Assistant) -> int:
    """Answer questions."""
    filters = command_line.filters(arguments)
    if arguments.questions:
        for its, text in json_lines(arguments.questions, "question", "text"):
            print_json(answer_as_json(assistant, its, text, filters))
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


def answer_as_json(
    assistant: Assistant, question_id: str, text: str, filters: Filters
) -> dict[str, Any]:
    """Return the answer to a question, or why it was not taken."""
    started = time.perf_counter()
    try:
        result = assistant.answer(Question(text, filters=filters))
    except QuestionError as exc:
        return exchange.failure(question_id, text, str(exc))
    return exchange.answer(question_id, result, 1000 * (time.perf_counter() - started))


def search(
    arguments: Namespace, config: Settings, library: Library, detect_language: LanguageDetector
) -> int:
    """Find passages."""
    filters = command_line.filters(arguments)
    with library.generation() as generation:

        def find(query: str) -> Sequence[Passage]:
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


def evaluate(
    arguments: Namespace,
    minimum_support: float,
    detect_language: DetectLanguage,
    assistant_over: AssistantOver,
) -> int:
    """Measure how well questions are answered."""
    sets = [its for path in arguments.paths for its in formats.read(Path(path), detect_language)]
    if arguments.sample:
        sets = [its.sampled(arguments.sample) for its in sets]
    results = []
    for its in sets:
        with assistant_over(its) as assistant:
            results.append(measured(assistant, its, sets))
    if arguments.json:
        print_json(report.as_json(results, minimum_support))
        return 0
    for line in report.as_lines(results, minimum_support):
        print(line)
    return 0


def evaluate_panel(
    arguments: Namespace, assistant_over_files: Callable[[Path], AbstractContextManager[Assistant]]
) -> int:
    """Ask a panel's questions over its own corpora, and print what the answers are worth."""
    path, *others = map(Path, arguments.paths)
    if others:
        msg = "a panel brings its own corpora: measure it alone"
        raise InputError(msg)
    questions = panel.load(path)
    runs: dict[str, panel.Answers] = {}
    if arguments.beside:
        runs[arguments.beside.name] = panel.earlier_answers(arguments.beside)
    answers = dict(_answers_to(questions, path, assistant_over_files))
    runs["now"] = answers
    if arguments.answers:
        lines = [json.dumps(its, ensure_ascii=False) for its in answers.values()]
        arguments.answers.write_text("\n".join(lines) + "\n", encoding="utf-8")
    if arguments.json:
        print_json(panel.as_json(questions, answers))
        return 0
    for line in panel.as_lines(questions, runs):
        print(line)
    return 0


def _answers_to(
    questions: Sequence[PanelQuestion],
    path: Path,
    assistant_over_files: Callable[[Path], AbstractContextManager[Assistant]],
) -> Iterator[tuple[str, dict[str, Any]]]:
    with panel.corpora(path) as folder:
        for corpus in sorted({its.corpus for its in questions}):
            chosen = [its for its in questions if its.corpus == corpus]
            with (
                assistant_over_files(folder / corpus) as assistant,
                progress_bar(f"corpus {corpus}", "questions") as progress,
            ):
                for done, its in enumerate(chosen, start=1):
                    yield its.id, answer_as_json(assistant, its.id, its.text, EVERYTHING)
                    progress(done, len(chosen))


def are_conversations(arguments: Namespace) -> bool:
    """Whether all that is to be measured are scripted conversations."""
    return all(conversations.is_conversations(Path(path)) for path in arguments.paths)


def hold_conversations(arguments: Namespace, assistant: Assistant) -> int:
    """Hold scripted conversations over what is published; 1 where a turn is not as expected."""
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


def staff_password(arguments: Namespace, config: Settings) -> int:
    """Set the password of the staff page, or switch the page off."""
    password = StaffPassword(config.data_dir)
    if arguments.remove:
        password.remove()
        print("The staff page is off; a running server follows at once.")
        return 0
    password.set(new_password())
    print(f"The staff page is at {config.site}/staff; whoever was logged in is logged out.")
    return 0


def staff_unlock(config: Settings) -> int:
    """Let staff try their password without waiting, whoever gave wrong ones."""
    StaffPassword(config.data_dir).unlock()
    minutes = RELIEF // 60
    print(f"For {minutes} minutes nobody waits after a wrong password, at {config.site}/staff.")
    return 0
