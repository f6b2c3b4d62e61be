"""Take the footnotes out of Markdown, which its common form does not know. No input or output."""

import re
from collections.abc import Iterator

_FENCE = re.compile(r" {0,3}(```|~~~)")
_NOTE = re.compile(r" {0,3}\[\^([^\]\s]{1,50})\]:[ \t]*(.*)")
_MARK = re.compile(r"\[\^([^\]\s]{1,50})\](?!:)")


def without_notes(source: str) -> tuple[str, list[str]]:
    """Return Markdown without footnotes and their marks, and the notes in the order of these.

    What is marked without a note stays, and so does all that stands in a block of code.
    """
    notes: dict[str, list[str]] = {}
    kept: list[tuple[str, bool]] = []
    words: list[str] | None = None  # of the note under way
    is_after_blank = False
    for line, is_code in _lines(source):
        own = None if is_code else _NOTE.match(line)
        is_more = line[:4].isspace() if is_after_blank else line[:1].isspace() or line[:1].isalpha()
        if own:
            words = notes.setdefault(own[1], [])
            words.append(own[2])
        elif words is not None and line.strip() and is_more and not is_code:
            words.append(line.strip())
        else:
            words = None if line.strip() else words
            kept.append((line, is_code))
        is_after_blank = not line.strip()
    return _without_marks(kept, notes)


def _lines(source: str) -> Iterator[tuple[str, bool]]:
    """Yield the lines, and whether each is part of a block of code between fences."""
    fence = ""
    for line in source.split("\n"):
        mark = _FENCE.match(line)
        yield line, bool(fence or mark)
        if mark and fence in {"", mark[1]}:
            fence = "" if fence else mark[1]


def _without_marks(
    lines: list[tuple[str, bool]], notes: dict[str, list[str]]
) -> tuple[str, list[str]]:
    named: dict[str, None] = {}

    def marked(mark: re.Match[str]) -> str:
        if mark[1] not in notes:
            return mark[0]
        named[mark[1]] = None
        return ""

    text = "\n".join(line if is_code else _MARK.sub(marked, line) for line, is_code in lines)
    return text, [" ".join(notes[name]) for name in (*named, *(n for n in notes if n not in named))]
