"""What members asked, as files for a meeting or a spreadsheet. Pure."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from babel import Locale

from assistant.domain.dialogue import Cause, Outcome
from assistant.insights.grouping import Group
from assistant.insights.period import WEEKS, Insights
from assistant.language.wording import Wording

MOST_CITED = 20
MOST_UNCITED = 50
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""With these a spreadsheet begins a formula (https://owasp.org/www-community/attacks/CSV_Injection)."""


def markdown(found: Insights, words: Wording) -> str:
    """Return a report in the language of the words."""
    return "\n".join(_lines(found, words)).rstrip() + "\n"


def csv_of(found: Insights) -> str:
    """Return the questions asked in vain, a line a group: the same columns in every language."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(["question", "language", "times", "causes", "wordings", "weeks"])
    for group in found.vain.groups:
        causes = [f"{cause.value if cause else 'rated'} {n}" for cause, n in group.causes.items()]
        weeks = " ".join(map(str, group.weeks(found.until, WEEKS)))
        cells = [group.text, group.language, len(group.questions), "; ".join(causes)]
        writer.writerow([cell(each) for each in (*cells, " | ".join(group.wordings), weeks)])
    return file.getvalue()


def cell(value: object) -> object:
    """Return a value that no spreadsheet takes for a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _lines(found: Insights, words: Wording) -> Iterator[str]:
    yield f"# {words('questions.title')}"
    yield ""
    yield words("questions.between", since=words.day(found.since), until=words.day(found.until))
    yield ""
    for key, count in (
        ("asked", found.asked),
        ("answered", found.outcomes.get(Outcome.ANSWERED, 0)),
        ("by_hand", found.by_hand),
        ("refused", found.outcomes.get(Outcome.REFUSED, 0)),
    ):
        yield f"- {words(f'questions.{key}')}: {words.number(count)}"
    yield from _section(words("questions.vain"), list(_groups(found, words)))
    rows = [(_cause(cause, words), words.number(count)) for cause, count in found.causes.items()]
    yield from _table(words("questions.causes"), ("", words("questions.times")), rows)
    languages = [
        (language_name(code, words), words.number(count), words.number(refused))
        for code, (count, refused) in found.languages.items()
    ]
    heads = ("", words("questions.asked"), words("questions.refused"))
    yield from _table(words("questions.languages"), heads, languages)
    weeks = [
        (words.day(week.first), *map(words.number, (week.answered, week.refused, week.other)))
        for week in found.weeks
    ]
    counted = [words(f"questions.{key}") for key in ("answered", "refused", "other")]
    yield from _table(words("questions.weeks"), ("", *counted), weeks)
    cited = list(found.cited.items())[:MOST_CITED]
    rows = [(_escaped(document), words.number(count)) for document, count in cited]
    yield from _table(words("questions.cited"), ("", words("questions.times")), rows)
    titles = [f"- {_escaped(source.title)}" for source in found.uncited[:MOST_UNCITED]]
    yield from _section(words("questions.uncited"), titles)


def _groups(found: Insights, words: Wording) -> Iterator[str]:
    for group in found.vain.groups:
        yield f"- {_escaped(group.text)} ({_told(group, words)})"
        yield from (f"    - {_escaped(wording)}" for wording in group.wordings[1:])
    if found.vain.fewer:
        yield ""
        yield words("questions.fewer", count=words.number(found.vain.fewer))


def _told(group: Group, words: Wording) -> str:
    causes = ", ".join(_cause(cause, words) for cause in group.causes)
    times = words.counted("count.times", len(group.questions))
    return f"{times}, {language_name(group.language, words)}: {causes}"


def _cause(cause: Cause | None, words: Wording) -> str:
    return words(f"questions.cause.{cause.value if cause else 'rated'}")


def _section(heading: str, lines: Sequence[str]) -> Iterator[str]:
    if lines:
        yield from ("", f"## {heading}", "", *lines)


def _table(heading: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    body = [f"| {' | '.join(row)} |" for row in rows]
    if body:
        rule = f"|{' --- |' * len(heads)}"
        yield from _section(heading, [f"| {' | '.join(heads)} |", rule, *body])


def _escaped(text: str) -> str:
    """Return text as Markdown that means nothing but its words."""
    special = "\\`*_{}[]<>()#+-.!|~"
    shown = "".join(f"\\{char}" if char in special else char for char in text)
    return " ".join(shown.split())


def language_name(code: str, words: Wording) -> str:
    """Return the name of a language in that of the words."""
    return str(Locale.parse(words.language).languages.get(code, code))
