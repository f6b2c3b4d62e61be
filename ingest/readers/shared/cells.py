"""Write what stands in a cell on one line. No input or output happens here."""

from collections.abc import Iterable, Iterator

from assistant.domain.light_markdown import Block, ListBlock, clean, plain_text

_MARKS = ".,;:!?-–/(|"  # after which a new line in a cell needs no other sign


def in_one_line(lines: Iterable[str]) -> str:
    """Return the lines of a cell as one, apart from each other as they were."""
    text = ""
    for line in filter(None, map(clean, lines)):
        apart = " " if not text or text[-1] in _MARKS or line[0] in "(–" else "; "
        text = f"{text}{apart}{line}" if text else line
    return text


def lines_of(blocks: Iterable[Block]) -> Iterator[str]:
    """Yield the lines that blocks make in a cell; an ordered list keeps its numbers."""
    for block in blocks:
        if not isinstance(block, ListBlock):
            yield plain_text(block)
            continue
        for number, item in enumerate(block.items, block.start):
            yield f"{number}. {item.text}" if block.ordered and item.text else item.text
            yield from lines_of(item.children)
