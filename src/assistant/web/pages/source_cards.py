"""What a reader weighs a document by: its languages, authors and age, as words. Pure."""

from datetime import date

from babel import Locale

from assistant.domain.corpus import Kind, Source
from assistant.language.wording import Wording

_FEW_NAMES = 3
OLD_YEARS = 5
"""An older document gets a badge: recommendations of a forum are revised about that often."""


def language_name(code: str, words: Wording) -> str:
    """Return the name of a language in the words' own language, the code where it has none."""
    try:
        return str(Locale.parse(words.language).languages.get(code, code))
    except ValueError:
        return code


def last_change(source: Source) -> date | None:
    """Return the day since which a document stands as it is, None where nobody says."""
    return source.changed or source.published


def is_old(source: Source, today: date) -> bool:
    """Whether a document has aged since its last change; a standing page is kept up in any case."""
    day = last_change(source)
    return source.kind is not Kind.PAGE and day is not None and day < _years_before(today)


def dated(source: Source, words: Wording) -> str:
    """Return the date that a document is weighed by, as text: when it changed, else appeared."""
    if source.changed:
        return words("answer.updated", month=words.month(source.changed))
    return words.day(source.published) if source.published else words("answer.undated")


def authors(source: Source, words: Wording) -> str:
    """Return who wrote a document, as text; empty where nobody is named."""
    if not source.authors:
        return ""
    names = ", ".join(source.authors[:_FEW_NAMES])
    return words("answer.by", names=names + "…" * (len(source.authors) > _FEW_NAMES))


def _years_before(today: date) -> date:
    return today.replace(year=today.year - OLD_YEARS, day=min(today.day, 28))
