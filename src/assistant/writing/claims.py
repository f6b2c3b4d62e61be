"""Cut what a chat model writes into claims, as it comes. Pure.

A claim is the text up to and with the numbers of the passages it names. What ends a line without
a number is a claim without one.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

LONGEST = 1200  # characters of a claim; a model that writes on without a mark is cut off there
_END = re.compile(r"((?:\s*\[\d{1,3}\])+)([.!?…]?)(?=\s|$)|\n")
_NUMBER = re.compile(r"\[(\d{1,3})\]")
_UNSURE = re.compile(r"(?:\s*\[\d{1,3}\])*\s*(?:\[\d{0,3})?")
_MARKS = re.compile(r"\s*\[\d{1,3}\]")


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence that the model wrote, without its marks, and the passages it names, from 1."""

    text: str
    passages: tuple[int, ...]


def claims(pieces: Iterable[str]) -> Iterator[Claim]:
    """Yield the claims of a text that arrives in pieces, each as soon as it is whole."""
    held = ""
    for piece in pieces:
        held += piece
        while (end := _whole(held)) is not None:
            if claim := _claim(held[:end]):
                yield claim
            held = held[end:]
        if len(held) > LONGEST:
            yield Claim(" ".join(held.split()), ())
            held = ""
    if claim := _claim(held):
        yield claim


def _whole(text: str) -> int | None:
    """Return where the first claim ends; while what follows may be another mark, it does not."""
    match = _END.search(text)
    if match is None or _UNSURE.fullmatch(text, match.end()):
        return None
    return match.end()


def _claim(text: str) -> Claim | None:
    numbers = tuple(dict.fromkeys(int(each) for each in _NUMBER.findall(text)))
    words = " ".join(_MARKS.sub("", text).split())
    if not any(char.isalnum() for char in words):
        return None
    return Claim(words, numbers)
