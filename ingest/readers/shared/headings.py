"""Bring headings into the levels below the title of a document. No input or output happens here."""

from collections.abc import Sequence
from dataclasses import replace

from assistant.domain.light_markdown import Block, Heading, has_text, plain_text

_TITLE, _FIRST = 1, 2


def below_title(blocks: Sequence[Block]) -> list[Block]:
    """Return the blocks with headings that leave the first level to the title.

    Where others stand right below those of the first level, all go down, so that a section does
    not leave its chapter: "Fees" of Belgium and "Fees" of France stay apart.
    """
    levels = {block.level for block in blocks if isinstance(block, Heading)}
    down = int({_TITLE, _FIRST} <= levels)
    return [
        replace(block, level=max(block.level + down, _FIRST))
        if isinstance(block, Heading)
        else block
        for block in blocks
    ]


def title_among(blocks: Sequence[Block], *, level: int = _TITLE) -> str:
    """Return the first heading of a level where it is the title of the whole; else "".

    Of several, it is a chapter like the others, unless the next one follows at once.
    """
    told = list(filter(has_text, blocks))
    found = [
        at for at, each in enumerate(told) if isinstance(each, Heading) and each.level == level
    ]
    is_title = bool(found) and found[1:2] in ([], [found[0] + 1])
    return plain_text(told[found[0]]) if is_title else ""
