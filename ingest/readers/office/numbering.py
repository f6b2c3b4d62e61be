"""Count the numbers that office programs write themselves: "2.2", "(a)", "Article 3". Pure.

A numbering says of each level what its numbers look like ("%1;.%2;" shows those of the first two
levels), where they start and when they start again. Levels are counted from 0, as Word does.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from ingest.readers.shared.numerals import in_form

PART = re.compile(r"%([0-9]+);")
_LONGEST_LABEL = 60  # characters; a label is a number with a word or two


@dataclass(frozen=True, slots=True)
class ListLevel:
    """What a numbering says about one of its levels.

    Attributes:
        restart: By which level and those above it this one starts again; None for the next above.
        is_legal: Whether the numbers of all levels are written in digits.
        style: The style of paragraphs that stand on it.
    """

    form: str = "decimal"
    label: str = ""
    start: int = 1
    restart: int | None = None
    is_legal: bool = False
    style: str = ""


Levels = Mapping[int, ListLevel]


@dataclass(slots=True)
class Counted:
    """How far a list has counted, by level."""

    values: dict[int, int] = field(default_factory=dict)

    def count(self, levels: Levels, level: int, *, start: int | None = None) -> None:
        """Count an item; `start` is the number that it gives itself."""
        following = self.values.get(level, start_of(levels, level) - 1) + 1
        self.values[level] = following if start is None else start
        for below in [each for each in self.values if each > level]:
            restart = levels.get(below, ListLevel()).restart
            if restart is None or level < restart:
                del self.values[below]

    def label(self, levels: Levels, level: int) -> str:
        """Return the number of the last item as it is shown."""
        own = levels[level]

        def shown(part: re.Match[str]) -> str:
            at = int(part[1]) - 1
            form = levels.get(at, ListLevel()).form
            value = self.values.get(at, start_of(levels, at))
            return in_form(value, "decimal" if own.is_legal and form != "none" else form)

        return PART.sub(shown, own.label).strip()[:_LONGEST_LABEL]


def start_of(levels: Levels, level: int) -> int:
    """Return the first number of a level."""
    return levels.get(level, ListLevel()).start


def is_plain(levels: Levels, level: int) -> bool:
    """Whether a level shows "1." and the like, as any list does."""
    own = levels[level]
    is_bare = re.fullmatch(rf"%{level + 1};[.)]{{0,2}}", own.label.strip()) is not None
    return own.form == "decimal" and is_bare


def is_clause(levels: Levels, level: int, used: Collection[int]) -> bool:
    """Whether a level is numbered like a law: "2.2", the "2" above it, or "Article 2".

    Lists tell of nine levels or more; only those that are `used` say how a list is meant.
    """
    label = levels[level].label
    if len(PART.findall(label)) > 1 or re.search(r"[^\W\d_]{2}|§", PART.sub("", label)):
        return True
    compound = (PART.findall(levels[at].label) for at in used if at > level and at in levels)
    return any(str(level + 1) in parts and len(parts) > 1 for parts in compound)
