"""Yield the places of a passage that a sentence may be taken from; rows read as sentences. Pure."""

import re
from collections.abc import Iterator

from assistant.domain.blocks import cells
from assistant.domain.corpus import Chunk, Span

LONGEST = 3
"""The most sentences that follow each other and are told in one."""

_RULE = re.compile(r"\|(?:\s*:?-+:?\s*\|)+\s*$")
_MARKER = re.compile(r"(?:^|\n)\s*(?:-|\d+\.) $")


def runs(chunk: Chunk, clauses: int) -> Iterator[tuple[Span, ...]]:
    """Yield each sentence, then each few that follow each other, as many as the clauses told.

    One more may be needed to know who "she" is, but not to read a row of a table.
    """
    for many in range(1, min(LONGEST, clauses + 1) + 1):
        for first in range(len(chunk.sentences) - many + 1):
            run = chunk.sentences[first : first + many]
            rows = sum(is_row(chunk.sentence(each)) for each in run)
            if not rows or many == 1 or many <= clauses:
                yield run


def is_listed(chunk: Chunk, spans: tuple[Span, ...]) -> bool:
    """Whether a sentence is an item of a list or a row of a table."""
    return any(
        is_row(chunk.sentence(span)) or _MARKER.search(chunk.text[: span.start - chunk.start])
        for span in spans
    )


def is_row(sentence: str) -> bool:
    """Tell a row of a table, which is quoted with its inner bars only."""
    return " | " in sentence


def lead_ins(chunk: Chunk) -> Iterator[str]:
    """Yield the sentences that introduce what follows them."""
    for span in chunk.sentences:
        if chunk.sentence(span).endswith(":"):
            yield chunk.sentence(span)


def headers_of(text: str) -> list[str]:
    """Return the heads of the columns of a chunk's table, if it has one."""
    lines = text.split("\n")
    at = next((at for at, line in enumerate(lines) if _RULE.match(line)), 0)
    return list(cells(lines[at - 1])) if at else []


def told(sentence: str, headers: list[str]) -> str:
    """Return a row of a table as a sentence that names its row and column at each cell."""
    if not is_row(sentence) or not headers:
        return sentence
    first, *rest = cells(sentence)
    heads = [*headers[1:], *([""] * len(rest))]
    return "; ".join(
        f"{headers[0]} {first} {head} {cell}" for head, cell in zip(heads, rest, strict=False)
    )
