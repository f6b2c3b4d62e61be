"""The commands that ask: `ask` and `search`."""

import time
from collections.abc import Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant.cli.command import AsJson, Data, Kinds, Languages, Since, Until, command, configured
from assistant.domain.corpus import Filters, Kind, Passage
from assistant.domain.dialogue import Answer, Outcome, Question
from assistant.domain.errors import QuestionError
from assistant.forum import Forum
from assistant.terminal import given, json_lines, not_both, print_json

if TYPE_CHECKING:
    from assistant.answering.assistant import Assistant

MOST_PASSAGES = 1000  # that one search returns


@command("ask")
def ask(
    question: Annotated[str | None, typer.Argument(help="The question, in quotes.")] = None,
    questions: Annotated[
        Path | None, typer.Option(metavar="FILE", help="JSON lines with id and question.")
    ] = None,
    language: Languages = None,
    kind: Kinds = None,
    since: Since = None,
    until: Until = None,
    as_json: AsJson = False,
    data: Data = None,
) -> None:
    """Answer a question."""
    from assistant.answering import answer_json

    forum = Forum(configured(data))
    filters = _filters(language, kind, since, until)
    if questions:
        not_both(question, "question", "--questions FILE")
        for question_id, text in json_lines(questions, "question", "text"):
            print_json(answer_as_json(forum.assistant, question_id, text, filters))
        return
    text = given(question, "question", "--questions FILE")
    started = time.perf_counter()
    answer = forum.ask(text, filters=filters)
    if as_json:
        print_json(answer_json.answer(None, answer, 1000 * (time.perf_counter() - started)))
    else:
        _show_answer(answer)


def _show_answer(answer: Answer) -> None:
    print(answer.lead_in if answer.outcome is Outcome.LISTED else answer.text)
    for citation in answer.citations:
        print(f"\n[{citation.number}] {citation.source.title}\n    {citation.link}")
    for suggestion in answer.suggestions:
        print(f"  - {suggestion.source.title}: {suggestion.url}")


def answer_as_json(
    assistant: "Assistant", question_id: str, text: str, filters: Filters
) -> dict[str, Any]:
    """Return the answer to a question, or why it was not taken."""
    from assistant.answering import answer_json

    started = time.perf_counter()
    try:
        answer = assistant.answer(Question(text, filters=filters))
    except QuestionError as exc:
        return answer_json.failure(question_id, text, str(exc))
    return answer_json.answer(question_id, answer, 1000 * (time.perf_counter() - started))


@command("search")
def search(
    query: Annotated[str | None, typer.Argument(help="What to look for, in quotes.")] = None,
    queries: Annotated[
        Path | None, typer.Option(metavar="FILE", help="JSON lines with id and text.")
    ] = None,
    limit: Annotated[
        int, typer.Option(min=1, max=MOST_PASSAGES, metavar="N", help="At most N (default: 10).")
    ] = 10,
    language: Languages = None,
    kind: Kinds = None,
    since: Since = None,
    until: Until = None,
    as_json: AsJson = False,
    data: Data = None,
) -> None:
    """Find passages."""
    from assistant.answering import answer_json

    forum = Forum(configured(data))
    find = partial(forum.search, limit=limit, filters=_filters(language, kind, since, until))
    if queries:
        not_both(query, "query", "--queries FILE")
        for query_id, text in json_lines(queries, "text", "query"):
            try:
                print_json(answer_json.passages(query_id, find(text), forum.settings.site))
            except QuestionError as exc:
                print_json(answer_json.failure(query_id, text, str(exc)))
        return
    found = find(given(query, "query", "--queries FILE"))
    if as_json:
        print_json(answer_json.passages(None, found, forum.settings.site))
    else:
        _show_passages(found)


def _show_passages(found: Sequence[Passage]) -> None:
    for place, passage in enumerate(found, start=1):
        source = passage.chunk.source
        print(f"{place}. {source.title}  ({source.document_id}, {passage.score:.3f})")
        print(f"   {' '.join(passage.chunk.text.split())[:300]}\n")
    if not found:
        print("Nothing found.")


def _filters(
    languages: list[str] | None, kinds: list[Kind] | None, since: date | None, until: date | None
) -> Filters:
    return Filters(
        languages=frozenset(languages or ()),
        kinds=frozenset(kinds or ()),
        published_from=since,
        published_to=until,
    )
