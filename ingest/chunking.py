"""Cut a document into chunks along its structure. Pure: the same document, the same chunks.

A chunk never crosses a heading. Paragraphs of a section are taken together up to a size; a list is
cut between its items, never inside one, and each recommendation of a list is a chunk of its own.
Every character that is not white space belongs to exactly one chunk.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from langchain_text_splitters import RecursiveCharacterTextSplitter

from assistant.domain.blocks import Form, Line, lines
from assistant.domain.corpus import Chunk, Document, Kind, Span, recommends
from assistant.language.sentences import sentence_spans

RECIPE = "structure-2"
"""Change it when documents are cut differently: stored chunks of another recipe are made anew."""

TARGET = 320
"""Tokens a chunk is filled up to; what one question asks for is rarely spread further."""

LONGEST_LEAD_IN = 300  # characters; a longer sentence before a list tells more than it introduces
CountTokens = Callable[[str], int]


@dataclass(frozen=True, slots=True)
class _Unit:
    """What is never cut, unless it alone is too long: a paragraph, an item with all below it."""

    form: Form
    start: int
    end: int
    headings: tuple[str, ...]
    sentences: tuple[Span, ...]
    lead_in: str = ""

    @property
    def is_recommendation(self) -> bool:
        """Whether it is an item of a list of recommendations."""
        about = (self.lead_in, *self.headings)
        return self.form is Form.ITEM and any(recommends(text) for text in about)


def chunk(document: Document, *, count_tokens: CountTokens, limit: int) -> list[Chunk]:
    """Return the chunks of `document`, none longer than `limit` tokens with its context."""
    chunks: list[Chunk] = []
    for group in _groups(_units(document), document.text, count_tokens):
        whole = _chunk(document, group, len(chunks))
        room = limit - count_tokens(whole.context) - 1
        for piece in _fitting(whole, count_tokens, room):
            chunks.append(replace(piece, ordinal=len(chunks)))
    return chunks


def _units(document: Document) -> Iterator[_Unit]:
    """Yield headings, paragraphs, items, tables and quotations as units, in order."""
    path: list[tuple[int, str]] = []
    block: list[Line] = []
    before: _Unit | None = None
    lead_in = ""
    for line in [*lines(document.text), None]:
        if block and (line is None or _starts_unit(line, block[-1], block[0])):
            headings = tuple(text for _, text in path)
            first_item = block[0].form is Form.ITEM and block[0].level == 0
            if first_item and (before is None or before.form is not Form.ITEM):
                lead_in = _lead_in(before, document.text)
            unit = _unit(document, block, headings, lead_in if first_item else "")
            yield unit
            before, block = unit, []
        if line is None:
            return
        if line.form is Form.HEADING:
            path = [step for step in path if step[0] < line.level]
            path.append((line.level, document.text[line.content : line.end]))
        block.append(line)


def _starts_unit(line: Line, last: Line, first: Line) -> bool:
    if line.form is Form.ITEM:
        return line.level == 0 or first.form is not Form.ITEM
    if line.form in (Form.ROW, Form.RULE):
        return last.form not in (Form.ROW, Form.RULE) or line.after_blank
    if line.form is Form.QUOTATION:
        return last.form is not Form.QUOTATION or line.after_blank
    return True


def _unit(
    document: Document, block: Sequence[Line], headings: tuple[str, ...], lead_in: str
) -> _Unit:
    sentences = tuple(span for line in block for span in _quotable(document, line, block))
    return _Unit(block[0].form, block[0].start, block[-1].end, headings, sentences, lead_in)


def _quotable(document: Document, line: Line, block: Sequence[Line]) -> list[Span]:
    """Return the sentences of one line; headings and the head of a table are never quoted."""
    text = document.text[line.content : line.end]
    if line.form in (Form.HEADING, Form.RULE):
        return []
    if line.form is Form.ROW:
        is_head = line is block[0] and len(block) > 1 and block[1].form is Form.RULE
        inner = text.rstrip(" |").lstrip()  # an empty first cell leaves its bar, and its place
        start = line.content + text.find(inner)
        return [] if is_head or not inner else [Span(start, start + len(inner))]
    return sentence_spans(text, document.source.language, offset=line.content)


def _lead_in(before: _Unit | None, text: str) -> str:
    if before is None or before.form is not Form.PARAGRAPH or not before.sentences:
        return ""
    last = before.sentences[-1]
    sentence = text[last.start : last.end]
    return sentence if len(sentence) <= LONGEST_LEAD_IN else ""


def _groups(units: Iterator[_Unit], text: str, count_tokens: CountTokens) -> Iterator[list[_Unit]]:
    """Yield the units of each chunk to be."""
    group: list[_Unit] = []
    sizes: list[int] = []  # Counting takes longer than all else here: only where it decides.
    for unit in units:
        if _must_part(group, unit):
            yield group
            group, sizes = [], []
        elif not _is_heading(group):
            uncounted = [*group, unit][len(sizes) :]
            sizes += [count_tokens(text[span.start : span.end]) for span in uncounted]
            if sum(sizes) > TARGET:
                yield group
                group, sizes = [], sizes[-1:]
        group.append(unit)
    if group:
        yield group


def _must_part(group: Sequence[_Unit], unit: _Unit) -> bool:
    """Whether a unit begins a chunk, however small the group before it is."""
    if _is_heading(group):
        return False
    if unit.form is Form.HEADING:
        return True
    return unit.is_recommendation or group[-1].is_recommendation


def _is_heading(group: Sequence[_Unit]) -> bool:
    """Whether a group has nothing under its headings yet."""
    return all(member.form is Form.HEADING for member in group)


def _chunk(document: Document, group: Sequence[_Unit], ordinal: int) -> Chunk:
    start, end = group[0].start, group[-1].end
    contents = [unit for unit in group if unit.form is not Form.HEADING]
    first = contents[0] if contents else group[0]
    recommends = any(unit.is_recommendation for unit in contents)
    starts_with_item = first.form is Form.ITEM
    return Chunk(
        source=document.source,
        ordinal=ordinal,
        text=document.text[start:end],
        start=start,
        end=end,
        kind=Kind.RECOMMENDATION if recommends else document.source.kind,
        headings=group[-1].headings,
        lead_in=first.lead_in if starts_with_item else "",
        sentences=tuple(span for unit in group for span in unit.sentences),
    )


def _fitting(whole: Chunk, count_tokens: CountTokens, room: int) -> Iterator[Chunk]:
    """Yield the chunk, or where it is too long, pieces cut between its sentences."""
    if count_tokens(whole.text) <= room or room <= 0:
        yield whole
        return
    cuts = [whole.start]
    size = 0
    for start, end in _atoms(whole, count_tokens, room):
        tokens = count_tokens(whole.text[start - whole.start : end - whole.start])
        if size and size + tokens > room:
            cuts.append(start)
            size = 0
        size += tokens
    for start, end in zip(cuts, [*cuts[1:], whole.end], strict=True):
        yield _slice(whole, start, end)


def _atoms(whole: Chunk, count_tokens: CountTokens, room: int) -> Iterator[tuple[int, int]]:
    """Yield what a piece is made of: sentences, and where one alone is too long, parts of it."""
    starts = [whole.start, *(span.start for span in whole.sentences[1:])]
    splitter = RecursiveCharacterTextSplitter(
        # At least one character a token: a part of that many characters always fits.
        chunk_size=max(1, room),
        chunk_overlap=0,
        add_start_index=True,
        strip_whitespace=False,
        separators=["\n", "; ", ", ", " ", ""],
    )
    for start, end in zip(starts, [*starts[1:], whole.end], strict=True):
        text = whole.text[start - whole.start : end - whole.start]
        if count_tokens(text) <= room:
            yield start, end
            continue
        parts = [part.metadata["start_index"] for part in splitter.create_documents([text])]
        yield from zip(
            [start + at for at in parts], [*(start + at for at in parts[1:]), end], strict=True
        )


def _slice(whole: Chunk, start: int, end: int) -> Chunk:
    text = whole.text[start - whole.start : end - whole.start]
    begin = start + len(text) - len(text.lstrip())
    finish = begin + len(text.strip())
    inside = [
        Span(max(span.start, begin), min(span.end, finish))
        for span in whole.sentences
        if span.start < finish and span.end > begin
    ]
    return replace(
        whole,
        text=whole.text[begin - whole.start : finish - whole.start],
        start=begin,
        end=finish,
        sentences=tuple(inside),
    )
