"""Passages and answers as JSON: the form that other tools build on. Pure.

Fields are only ever added; the names and meanings of those here stay.
"""

from collections.abc import Sequence
from typing import Any

from assistant.domain.corpus import Document, Passage, Source
from assistant.domain.dialogue import Answer, Citation
from assistant.domain.links import absolute


def passages(query_id: str | None, found: Sequence[Passage], public_url: str) -> dict[str, Any]:
    """Return the result of one search, best first."""
    return _identified(query_id) | {
        "passages": [
            {
                "document": passage.chunk.source.document_id,
                "title": passage.chunk.source.title,
                "url": absolute(passage.chunk.source.url, public_url),
                "text": passage.chunk.text,
                "start": passage.chunk.start,
                "end": passage.chunk.end,
                "score": round(passage.score, 6),
            }
            for passage in found
        ]
    }


def document(known: Document, start: int, end: int, public_url: str) -> dict[str, Any]:
    """Return a document with the characters `start` to `end` of its text."""
    source, text = known.source, known.text[start:end]
    return {
        "document": source.document_id,
        "title": source.title,
        "url": absolute(source.url, public_url),
        **_dates(source),
        "language": source.language,
        "kind": source.kind.value,
        "text": text,
        "start": start,
        "end": start + len(text),
        "length": len(known.text),
    }


def answer(question_id: str | None, result: Answer, milliseconds: float) -> dict[str, Any]:
    """Return one answer."""
    return _identified(question_id) | {
        "question": result.question,
        "language": result.language,
        "outcome": result.outcome.value,
        "mode": result.mode.value,
        "answer": result.text,
        "citations": [_citation(citation) for citation in result.citations],
        "suggestions": [
            {
                "document": suggestion.source.document_id,
                "title": suggestion.source.title,
                "url": suggestion.url,
            }
            for suggestion in result.suggestions
        ],
        "generation": result.generation,
        "milliseconds": round(milliseconds, 1),
        **_besides(result),
    }


def _besides(result: Answer) -> dict[str, Any]:
    """Return what most answers have not: another reading of the question, a notice, prose."""
    named = {
        "understood": result.understood,
        "notice": result.notice,
        "statements": [
            {"text": statement.text, "citation": statement.citation}
            for statement in result.statements
        ],
    }
    return {name: told for name, told in named.items() if told}


def failure(question_id: str | None, text: str, error: str) -> dict[str, Any]:
    """Return what stands for an answer to a question that could not be taken."""
    return _identified(question_id) | {"question": text, "error": error}


def _identified(asked_id: str | None) -> dict[str, Any]:
    return {} if asked_id is None else {"id": asked_id}


def _citation(citation: Citation) -> dict[str, Any]:
    source, excerpt = citation.source, citation.excerpt
    return {
        "number": citation.number,
        "document": source.document_id,
        "title": source.title,
        "url": citation.url,
        "link": citation.link,
        **_dates(source),
        "language": source.language,
        "kind": excerpt.kind.value,
        "headings": list(excerpt.headings),
        "quote": citation.quote,
        "excerpt": excerpt.text,
        "start": excerpt.start,
        "end": excerpt.end,
        "marks": [{"start": mark.start, "end": mark.end} for mark in excerpt.marks],
    }


def _dates(source: Source) -> dict[str, str | None]:
    return {
        "date": source.published.isoformat() if source.published else None,
        "changed": source.changed.isoformat() if source.changed else None,
    }
