"""The command that measures: `evaluate`."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant.cli.asking import answer_as_json
from assistant.cli.command import AsJson, Data, command, configured
from assistant.domain.corpus import EVERYTHING
from assistant.domain.errors import InputError
from assistant.forum import Forum
from assistant.settings import Settings
from assistant.terminal import print_json, progress_bar, warn

if TYPE_CHECKING:
    from assistant.evaluation.panel import PanelQuestion

OF_A_PANEL = "--answers and --beside are of a panel; leave them out, or name a panel's folder"
OF_SETS = "--sample is of sets of questions; a panel and conversations are asked whole"


@command("evaluate")
def evaluate(
    paths: Annotated[
        list[Path],
        typer.Argument(
            help="A BEIR folder, a panel's folder, a SQuAD or NoMIRACL file, a YAML file of golden "
            "questions or of conversations.",
        ),
    ],
    answers: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Of a panel: write the answers as JSON lines."),
    ] = None,
    beside: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Of a panel: show the scores of answers that an earlier run wrote beside these.",
        ),
    ] = None,
    sample: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Ask only N questions of each set.")
    ] = None,
    as_json: AsJson = False,
    data: Data = None,
) -> int:
    """Measure how well questions are answered."""
    from assistant.evaluation import conversations, panel

    is_of_panel = any(panel.is_panel(path) for path in paths)
    is_held = all(conversations.is_conversations(path) for path in paths)
    if (answers or beside) and not is_of_panel:  # else hours of asking would write nothing
        raise InputError(OF_A_PANEL)
    if sample and (is_of_panel or is_held):
        raise InputError(OF_SETS)
    config = configured(data)
    if is_held:
        return _hold_conversations(paths, config, as_json=as_json)
    if is_of_panel:
        if len(paths) > 1:
            msg = "a panel brings its own corpora: measure it alone"
            raise InputError(msg)
        _ask_panel(paths[0], config, answers, beside, as_json=as_json)
    else:
        _ask_sets(paths, config, sample, as_json=as_json)
    return 0


def _ask_sets(
    paths: Sequence[Path], config: Settings, sample: int | None, *, as_json: bool
) -> None:
    from assistant import wiring
    from assistant.evaluation import formats, report
    from assistant.evaluation.golden_questions import fault_of
    from assistant.evaluation.runner import measured
    from assistant.language.detection import LanguageDetection

    detection = LanguageDetection()
    sets = [found for path in paths for found in formats.read(path, detection)]
    if sample:
        sets = [found.sampled(sample) for found in sets]
    for each in sets:
        for case in each.cases:
            if fault := fault_of(case.question, config.question_limit):
                warn(f"warning: {each.name}: {fault}; it counts as refused")
    results = []
    for each in sets:
        with wiring.assistant_over(each, config) as assistant:
            results.append(measured(assistant, each, sets, progress_bar))
    if as_json:
        print_json(report.as_json(results, config.minimum_support))
        return
    for line in report.as_lines(results, config.minimum_support):
        print(line)


def _ask_panel(
    folder: Path, config: Settings, write_to: Path | None, beside: Path | None, *, as_json: bool
) -> None:
    from assistant.evaluation import panel

    questions = panel.load(folder)
    runs: dict[str, panel.Answers] = {}
    if beside:
        runs[beside.name] = panel.earlier_answers(beside)
    if write_to:
        write_to.open("a").close()  # what cannot be written is told before hours of asking
    answers = dict(_answers_to(questions, folder, config))
    runs["now"] = answers
    if write_to:
        lines = [json.dumps(answer, ensure_ascii=False) for answer in answers.values()]
        write_to.write_text("\n".join(lines) + "\n", encoding="utf-8")
    if as_json:
        print_json(panel.as_json(questions, answers))
        return
    for line in panel.as_lines(questions, runs):
        print(line)


def _answers_to(
    questions: "Sequence[PanelQuestion]", folder: Path, config: Settings
) -> Iterator[tuple[str, dict[str, Any]]]:
    from assistant import wiring
    from assistant.evaluation import panel

    with panel.corpora(folder) as corpora:
        for corpus in sorted({question.corpus for question in questions}):
            chosen = [question for question in questions if question.corpus == corpus]
            with (
                wiring.assistant_over_files(corpora / corpus, config) as assistant,
                progress_bar(f"corpus {corpus}", "questions") as progress,
            ):
                for done, question in enumerate(chosen, start=1):
                    answer = answer_as_json(assistant, question.id, question.text, EVERYTHING)
                    yield question.id, answer
                    progress(done, len(chosen))


def _hold_conversations(paths: Sequence[Path], config: Settings, *, as_json: bool) -> int:
    """Hold scripted conversations over what is published; 1 where a turn is not as expected."""
    from assistant.evaluation import conversations

    assistant = Forum(config).assistant
    is_good = True
    for path in paths:
        turns = list(conversations.hold(assistant, conversations.load(path)))
        is_good = is_good and all(turn.is_as_expected for turn in turns)
        if as_json:
            print_json(conversations.as_json(str(path), turns))
            continue
        for line in conversations.as_lines(str(path), turns):
            print(line)
    return 0 if is_good else 1
