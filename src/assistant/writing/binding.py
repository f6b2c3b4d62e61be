"""Tell whether what stands together in a sentence stands together in its passage. Pure."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from assistant.writing.statements import Clause, Number, Statement

ALIKE_CLAUSES = 0.5
"""The share of a clause's words that another must have to speak of the same."""


def is_stitched(said: Statement, each: Sequence[Statement], context: Statement) -> bool:
    """Tell whether a sentence says of one thing what its place says of another.

    `each` are the sentences of the place, `context` what stands above them.
    """
    above = frozenset(context.words)
    sources = [clause for its in each for clause in its.clauses]
    numbers = [number for its in sources for number in its.numbers]
    for clause in said.clauses:
        if any(_is_taken(its, numbers, above) for its in clause.numbers):
            return True
        if _borrows(clause, sources, above):
            return True
        if not _is_together(clause, each, context):
            return True
    return False


def _is_taken(number: Number, numbers: Sequence[Number], above: frozenset[str]) -> bool:
    """Tell whether a number stands beside words that stand beside another number only."""
    own = frozenset().union(*(its.words for its in numbers if its.value == number.value))
    if not own - above:
        return False
    for other in numbers:
        if other.value == number.value or (other.unit == "percent") != (number.unit == "percent"):
            continue
        theirs = other.words - own
        ours = own - other.words
        if number.words & theirs and ours and not number.words & ours:
            return True
    return False


def _borrows(clause: Clause, sources: Sequence[Clause], above: frozenset[str]) -> bool:
    """Tell whether most of a clause's words stand in other clauses than its numbers do."""
    values = {its.value for its in clause.numbers}
    if not values:
        return False
    homes = [its for its in sources if values & {number.value for number in its.numbers}]
    if not homes:
        return False
    own = frozenset().union(*(its.words for its in homes))
    others = frozenset().union(*(its.words for its in sources)) - own - above
    return len(clause.words & others) > len(clause.words & (own | above))


def _is_together(clause: Clause, each: Sequence[Statement], context: Statement) -> bool:
    """Tell whether one sentence has all numbers and names; a name may come from before it."""
    values = {its.value for its in clause.numbers} - context.numbers
    names = clause.names - context.names
    if not names and len(values) < 2:  # noqa: PLR2004 - one alone is together
        return True
    for at, its in enumerate(each):
        if not values <= its.numbers:
            continue
        others = names - its.names
        if not others or not its.names - context.names - clause.names:
            before = frozenset().union(*(one.names for one in each[:at]))
            if others <= before | {one for one in others if not _stands(one, each)}:
                return True
    return False


def _stands(name: str, each: Sequence[Statement]) -> bool:
    return any(name in its.names for its in each)


def denies_otherwise(said: Statement, there: Statement) -> bool:
    """Tell whether a clause is denied on one side only; half denials go with both."""
    for ours, theirs in _pairs(said, there):
        if ours.is_soft or theirs.is_soft:
            continue
        if ours.denials % 2 != theirs.denials % 2 or (not ours.denials) != (not theirs.denials):
            return True
    return False


def _pairs(said: Statement, there: Statement) -> Iterator[tuple[Clause, Clause]]:
    """Yield the clauses that speak of the same, each of ours with the one most like it."""
    for ours in said.clauses:
        near = [(len(ours.words & its.words), its) for its in there.clauses]
        most = max((shared for shared, _ in near), default=0)
        for shared, theirs in near:
            fewer = min(len(ours.words), len(theirs.words)) or 1
            if shared and shared == most and shared / fewer >= ALIKE_CLAUSES:
                yield ours, theirs
                break


def is_reordered(said: Sequence[str], there: Sequence[str]) -> bool:
    """Tell whether two numbers that follow each other on both sides stand the other way round."""
    theirs = set(pairwise(there))
    return any(
        (second, first) in theirs and (first, second) not in theirs
        for first, second in pairwise(said)
        if first != second
    )
