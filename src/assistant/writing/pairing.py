"""Whether what stands together in a sentence stands together in its passage. Pure."""

from collections.abc import Iterator, Sequence

from assistant.writing.statements import CheckedText, Clause, Number

SAME = 0.7
"""The share of a denied clause's words that an undenied one has that says the contrary; 0.6 to 0.9
make no difference in `benchmarks/writing.py`."""

ALIKE_WORDS = 2
"""One alone may stand beside any number: at 1, one more faithful sentence in 100 is withheld."""

ALIKE_CLAUSES = 0.5
"""The share of a clause's words that another must have to speak of the same: at 0.7, 93.3
instead of 95.1 % of the altered sentences are stopped."""


def is_stitched(
    said: CheckedText, each: Sequence[CheckedText], context: CheckedText, chunk: CheckedText | None
) -> bool:
    """Whether a sentence says of one thing what its place says of another.

    `each` are the sentences of the place, `context` what stands above them, `chunk` all of the
    passage, where the place is of a list: there each item speaks of something else.
    """
    if chunk is not None and is_misplaced(said, each, context, chunk):
        return True
    above = frozenset(context.words)
    sources = [clause for claim in each for clause in claim.clauses]
    numbers = [number for source in sources for number in source.numbers]
    for clause in said.clauses:
        if any(_counts_other(number, numbers) for number in clause.numbers):
            return True
        if any(_is_taken(number, numbers, above) for number in clause.numbers):
            return True
        if _borrows(clause, sources, above):
            return True
        if not _is_together(clause, each, context):
            return True
    return False


def is_misplaced(
    said: CheckedText, each: Sequence[CheckedText], context: CheckedText, chunk: CheckedText
) -> bool:
    """Whether a clause has words of the passage that no one sentence of the place has."""
    here = [set(one.words) | set(context.words) for one in each]
    known = set(chunk.words)
    return any(not any(clause.words & known <= words for words in here) for clause in said.clauses)


def _counts_other(number: Number, numbers: Sequence[Number]) -> bool:
    """Whether a number counts what only another number counts: "nine social workers"."""
    own = {each.thing for each in numbers if each.value == number.value and each.thing}
    others = {each.thing for each in numbers if each.value != number.value and each.thing}
    return bool(own) and number.thing in others - own


def _is_taken(number: Number, numbers: Sequence[Number], above: frozenset[str]) -> bool:
    """Whether a number stands beside words that stand beside another number only."""
    own = frozenset().union(*(each.words for each in numbers if each.value == number.value))
    if not own - above:
        return False
    for other in numbers:
        if other.value == number.value or (other.unit == "percent") != (number.unit == "percent"):
            continue
        theirs = other.words - own
        ours = own - other.words
        shared = number.words & theirs
        if shared and ours and not number.words & ours:
            return True
        if not ours and len(shared) >= ALIKE_WORDS and 2 * len(shared) >= len(theirs):
            return True
    return False


def _borrows(clause: Clause, sources: Sequence[Clause], above: frozenset[str]) -> bool:
    """Whether most of a clause's words stand in clauses of other numbers than its own."""
    values = {number.value for number in clause.numbers}
    if not values:
        return False
    homes = [source for source in sources if values & {number.value for number in source.numbers}]
    if not homes:
        return False
    own = frozenset().union(*(home.words for home in homes))
    rivals = [source for source in sources if source.numbers]
    others = frozenset().union(*(rival.words for rival in rivals)) - own - above
    return len(clause.words & others) > len(clause.words & (own | above))


def _is_together(clause: Clause, each: Sequence[CheckedText], context: CheckedText) -> bool:
    """Whether one sentence has all numbers and names; a name may come from before it."""
    values = {number.value for number in clause.numbers} - context.numbers
    names = clause.names
    if not names and len(values) < 2:  # noqa: PLR2004 - one alone is together
        return True
    for at, claim in enumerate(each):
        if not values <= claim.numbers:
            continue
        others = names - claim.names
        homes = [one for one in claim.clauses if values & {number.value for number in one.numbers}]
        own = frozenset().union(*(one.names for one in homes or claim.clauses))
        if not others or not own - clause.names:
            before = context.names.union(*(one.names for one in each[:at]))
            if others <= before | {one for one in others if not _stands(one, each)}:
                return True
    return not names and all(_is_anchored(number, each) for number in clause.numbers)


def _is_anchored(number: Number, each: Sequence[CheckedText]) -> bool:
    """Whether a number has words beside it that stand beside it in its place, too."""
    found = [one for claim in each for clause in claim.clauses for one in clause.numbers]
    own = frozenset().union(*(each.words for each in found if each.value == number.value))
    rest = frozenset().union(*(each.words for each in found if each.value != number.value))
    return bool(number.words & (own - rest))


def _stands(name: str, each: Sequence[CheckedText]) -> bool:
    return any(name in one.names for one in each)


def denies_otherwise(said: CheckedText, there: CheckedText) -> bool:
    """Whether a clause is denied on one side only; half denials go with both."""
    if any(
        _is_undone(clause, said)
        for clause in there.clauses
        if clause.denials % 2 and not clause.soft
    ):
        return True
    for ours in said.clauses:
        alike = list(_alike(ours, there))
        if alike and all(_differ(ours, theirs) for theirs in alike):
            return True
    return False


def _is_undone(theirs: Clause, said: CheckedText) -> bool:
    """Whether a clause says all that a denied one says, and nothing is denied."""
    if any(clause.denials or clause.soft for clause in said.clauses):
        return False
    return any(
        theirs.words and len(theirs.words & clause.words) / len(theirs.words) >= SAME
        for clause in said.clauses
    )


def turns_clause(said: CheckedText, there: CheckedText) -> bool:
    """Whether a clause goes up where the one that it is taken from goes down."""
    for ours in said.clauses:
        alike = list(_alike(ours, there))
        if alike and all(_turns(ours, each) for each in alike):
            return True
    return False


def _turns(ours: Clause, theirs: Clause) -> bool:
    """Whether one goes the other way; "not allowed" and "forbidden" do not."""
    return are_opposite(ours.sides, theirs.sides) and ours.denials % 2 == theirs.denials % 2


def are_opposite(said: frozenset[int], there: frozenset[int]) -> bool:
    """Whether one has the other side only of a pair; sides 2n and 2n + 1 are one."""
    return any(side ^ 1 in there and side not in there and side ^ 1 not in said for side in said)


def _differ(ours: Clause, theirs: Clause) -> bool:
    if ours.soft != theirs.soft:
        return False
    return ours.denials % 2 != theirs.denials % 2 or (not ours.denials) != (not theirs.denials)


def _alike(ours: Clause, there: CheckedText) -> Iterator[Clause]:
    """Yield the clauses that a clause has most in common with, if that is enough."""
    near = [
        (len(ours.words & clause.words) / (len(ours.words | clause.words) or 1), clause)
        for clause in there.clauses
    ]
    most = max((share for share, _ in near), default=0.0)
    for share, theirs in near:
        fewer = min(len(ours.words), len(theirs.words)) or 1
        if share and share == most and len(ours.words & theirs.words) / fewer >= ALIKE_CLAUSES:
            yield theirs


def is_reordered(said: CheckedText, there: CheckedText) -> bool:
    """Whether two numbers that almost touch on both sides stand the other way round."""
    return any(
        (second, first) in there.ranges and (first, second) not in there.ranges
        for first, second in said.ranges
        if first != second
    )
