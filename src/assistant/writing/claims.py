"""Cut what a chat model writes into claims, as it comes. Pure.

A claim is one sentence or one item of a list, with the numbers of the passages that are named at
its end. Many models name none, or only those of a whole paragraph: a number is a hint.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from assistant.language.sentences import sentence_spans

LONGEST = 1200  # characters of a claim; a model that never ends a sentence is cut off there

BEGUN = 2
"""Words of the next sentence that must be there before one is taken for ended: "am 3." may go on
with "Mai"."""

_STOPS = ".!?…;"
_MARKS = re.compile(r"(?:\s*\[\d{1,3}\])+[.!?…;]?(?=\s|$)")
_MARK = re.compile(r"\s*\[\d{1,3}\]")
_NUMBER = re.compile(r"\[(\d{1,3})\]")
_ITEM = re.compile(r"(?:[-*•–]|\d{1,2}[.)])\s+(?=\S)")


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence that the model wrote, without its marks, and the passages it names, from 1."""

    text: str
    passages: tuple[int, ...]
    is_item: bool = False


def claims(pieces: Iterable[str], language: str) -> Iterator[Claim]:
    """Yield the claims of a text that arrives in pieces, each as soon as it is whole."""
    held, begins_line = "", True
    for word in _words(pieces):
        held += word
        while (end := _whole(held, language)) is not None:
            if claim := _claim(held[:end], begins_line=begins_line):
                yield claim
            begins_line = held[:end].endswith("\n")
            held = held[end:]
        if len(held) > LONGEST:
            yield Claim(" ".join(held.split()), ())
            held, begins_line = "", False


def _words(pieces: Iterable[str]) -> Iterator[str]:
    """Yield the text word by word, and a line's end at last, however it was cut."""
    held = ""
    for piece in pieces:
        held += piece
        *whole, held = re.split(r"(?<=\s)", held)
        yield from whole
    yield f"{held}\n"


def _whole(text: str, language: str) -> int | None:
    """Return where the first claim ends, with its marks; None while that cannot be told."""
    line, line_end, _ = text.partition("\n")
    ends = []
    for sentence, _ in pairwise(sentence_spans(line, language)):
        marks = _MARKS.match(line, sentence.end)
        end = marks.end() if marks else sentence.end
        if line_end or len(line[end:].split()) >= BEGUN:
            ends.append(end)
        break
    for marks in _MARKS.finditer(line):
        behind = line[marks.end() :]
        is_stopped = marks.group()[-1] in _STOPS and behind
        if is_stopped or behind.lstrip()[:1].isupper():
            ends.append(marks.end())
            break
    if ends:
        return min(ends)
    return len(line) + 1 if line_end else None


def _claim(text: str, *, begins_line: bool) -> Claim | None:
    numbers = tuple(dict.fromkeys(int(each) for each in _NUMBER.findall(text)))
    words = " ".join(_MARK.sub("", text).split()).lstrip(".;, ")
    item = _ITEM.match(words) if begins_line else None
    if item:
        words = words[item.end() :]
    if not any(char.isalnum() for char in words):
        return None
    return Claim(words, numbers, is_item=bool(item))
