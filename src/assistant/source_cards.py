"""The sources of an answer as HTML: a card for each document, its quotes in their context. Pure."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from babel import Locale

from assistant.corpus import UNDETERMINED, Kind, Source, Successor
from assistant.dialogue import Citation
from assistant.document_rendering import piece
from assistant.links import page_of
from assistant.markup import address, escaped, href, in_language
from assistant.wording import Wording

_FEW_NAMES = 3
OLD_YEARS = 5
"""An older document gets a badge: recommendations of a forum are revised about that often."""


def language_name(code: str, words: Wording) -> str:
    """Return the name of a language in the words' own language, the code where it has none."""
    try:
        return str(Locale.parse(words.language).languages.get(code, code))
    except ValueError:
        return code


def sources(
    citations: Sequence[Citation], words: Wording, today: date | None, *, with_excerpts: bool
) -> str:
    """Return the sources: a card for each document, in the order in which they are first cited.

    Without `today`, nothing is called old. `with_excerpts`: the answer is not made of them, so that
    the cards show them, folded.
    """
    documents: dict[str, list[Citation]] = {}
    for citation in citations:
        documents.setdefault(citation.source.document_id, []).append(citation)
    cards = "".join(
        _card(its, words, today, with_excerpts=with_excerpts) for its in documents.values()
    )
    return (
        f'<div class="sources"><p class="label">{escaped(words("answer.sources"))}</p>'
        f'<ol class="cards">{cards}</ol></div>'
    )


def facts(source: Source, words: Wording, today: date | None, *, quoted: bool) -> str:
    """Return what a reader weighs a document by: kind, date, language, and whether it is old."""
    told = [f'<span class="badge">{escaped(words(f"kind.{source.kind.value}"))}</span>']
    # Lists are ordered, and asked for, by the day of publication: there, that is the one to see.
    its = source if quoted else replace(source, changed=None)
    day, date_told = last_change(its), escaped(dated(its, words))
    told.append(
        f'<time datetime="{day.isoformat()}">{date_told}</time>'
        if day
        else f"<span>{date_told}</span>"
    )
    if named := authors(source, words):
        told.append(f"<span>{escaped(named)}</span>")
    if source.language not in (words.language, UNDETERMINED):
        key = "answer.quoted_in" if quoted else "answer.in"
        named = words(key, language=language_name(source.language, words))
        told.append(f"<span>{escaped(named)}</span>")
    if source.successor:
        told.append(replacement(source.successor, words))
    if today and is_old(source, today):
        told.append(
            f'<span class="badge old">{escaped(words("answer.old", years=OLD_YEARS))}</span>'
        )
    return f'<span class="facts">{" ".join(told)}</span>'


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


def replacement(successor: Successor, words: Wording) -> str:
    """Return the badge of a document that another takes the place of; it opens that one here."""
    label, title = escaped(words("answer.replaced")), escaped(successor.title)
    link = f'href="{escaped(page_of(successor.document_id))}" target="_blank" rel="noopener"'
    return f'<span class="badge old">{label} <a {link}><bdi>{title}</bdi></a></span>'


def _card(
    citations: Sequence[Citation], words: Wording, today: date | None, *, with_excerpts: bool
) -> str:
    first = citations[0]
    source = first.source
    quotes = "".join(_quote(its, words) for its in citations) if with_excerpts else ""
    numbers = "".join(f"<span>[{its.number}]</span>" for its in citations)
    return (
        f'<li class="card"><p class="card-title"><span class="numbers">{numbers}</span> '
        f'<a class="title"{href(first.link)} title="{escaped(words("answer.open"))}">'
        f"<bdi{in_language(source.language)}>{escaped(source.title)}</bdi></a></p>"
        f"{facts(source, words, today, quoted=True)}{address(first.url)}{quotes}</li>"
    )


def _quote(citation: Citation, words: Wording) -> str:
    excerpt = citation.excerpt
    language = in_language(citation.source.language)
    told = [words("answer.context", number=citation.number)]
    if excerpt.kind is not citation.source.kind:  # a recommendation inside an article
        told.append(words(f"kind.{excerpt.kind.value}"))
    path = " › ".join(excerpt.headings)
    section = f'<p class="section"{language}>{escaped(path)}</p>' if path else ""
    return (
        f"<details><summary>{escaped(' · '.join(told))}</summary>{section}"
        f"<blockquote{language}>{piece(excerpt)}</blockquote>"
        f'<p><a class="open"{href(citation.link)}>{escaped(words("answer.open"))}</a></p></details>'
    )


def _years_before(today: date) -> date:
    return today.replace(year=today.year - OLD_YEARS, day=min(today.day, 28))
