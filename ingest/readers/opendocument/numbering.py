"""Count the numbers that LibreOffice writes itself, of lists and headings. No input or output.

OpenDocument 1.3, part 3, 5.3 and 16.30: a list names a style; the style says of each level what
its numbers look like and how many of the levels above stand before them.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from lxml import etree

from ingest.readers.office.parts import attribute
from ingest.readers.shared.numerals import as_number, in_form

_MOST_LEVELS = 10
_FORMS = {
    "1": "decimal", "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ListLevel:
    """What a style says about one level; without a form it shows no number.

    Attributes:
        shown: How many levels its numbers show, itself included.
    """

    form: str = ""
    before: str = ""
    after: str = ""
    shown: int = 1
    start: int = 1


Levels = dict[int, ListLevel]


@dataclass(slots=True)
class Counted:
    """How far a list has counted, by level."""

    values: dict[int, int] = field(default_factory=dict)

    def count(self, levels: Levels, level: int, *, start: int | None = None) -> None:
        """Count an item; `start` is the number that it gives itself."""
        first = levels.get(level, ListLevel()).start
        if start is not None:
            self.values[level] = start
        else:
            self.values[level] = self.values.get(level, first - 1) + 1
        for below in [each for each in self.values if each > level]:
            del self.values[below]

    def label(self, levels: Levels, level: int) -> str:
        """Return the number of the last item as it is shown."""
        own = levels.get(level, ListLevel())
        if not own.form:
            return ""
        shown = (levels.get(at, ListLevel()) for at in range(level - own.shown + 1, level + 1))
        numbers = (
            in_form(self.values.get(at, each.start), each.form)
            for at, each in enumerate(shown, level - own.shown + 1)
            if each.form
        )
        return f"{own.before}{'.'.join(numbers)}{own.after}".strip()


def is_clause(levels: Levels, level: int, used: Collection[int]) -> bool:
    """Whether a level is numbered like a law: "2.2", the "2" above it, or "Article 2".

    Styles tell of all levels; only those that are `used` say how a list is meant.
    """
    own = levels.get(level, ListLevel())
    words = f"{own.before}{own.after}"
    if not own.form:
        return False
    if own.shown > 1 or "§" in words or sum(map(str.isalpha, words)) > 1:
        return True
    return any(
        at - each.shown < level < at for at, each in levels.items() if each.form and at in used
    )


def is_plain(level: ListLevel) -> bool:
    """Whether a level shows "1." and the like, as any list does."""
    return level.form == "decimal" and not level.before.strip() and level.after.strip() in ".)"


def levels_of(style: etree._Element) -> Levels:
    """Return what a style of lists or outlines says about its levels."""
    return dict(_levels(style))


def _levels(style: etree._Element) -> Iterator[tuple[int, ListLevel]]:
    for tag in style:
        at = as_number(attribute(tag, "level") or "1")
        if at is None or not 1 <= at <= _MOST_LEVELS:
            continue
        is_number = etree.QName(tag).localname == "list-level-style-number"
        form = next((v for k, v in tag.attrib.items() if str(k).endswith("}num-format")), None)
        shown = as_number(attribute(tag, "display-levels")) or 1
        start = as_number(attribute(tag, "start-value"))
        yield (
            at,
            ListLevel(
                form="decimal" if is_number and form is None else _FORMS.get(str(form), ""),
                before=attribute(tag, "num-prefix"),
                after=attribute(tag, "num-suffix"),
                shown=min(shown, at),
                start=1 if start is None else start,
            ),
        )
