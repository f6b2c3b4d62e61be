"""What a run did, for people and for programs. Pure."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from ingest.differences import Change
from ingest.plan import IngestionPlan, Notice

_SIGNS = {"new": "+", "changed": "~", "removed": "-"}


@dataclass(frozen=True, slots=True)
class Report:
    """What a run did, or with `dry_run` what it would have done.

    Attributes:
        generation: The name of what is published after the run, None where there is nothing.
        notices: What somebody should know of documents that were read.
        is_new: Whether this run published it.
        concerns: What a person should confirm.
        is_held: Whether nothing was published because of them.
        is_examined: Whether they are what the golden questions would lose.
        is_partial: Whether there is a source of which nothing could be read.
    """

    plan: IngestionPlan
    changes: tuple[Change, ...]
    skipped: tuple[str, ...]
    generation: str | None
    notices: tuple[Notice, ...] = ()
    is_new: bool = False
    dry_run: bool = False
    concerns: tuple[str, ...] = ()
    is_held: bool = False
    is_examined: bool = False
    is_partial: bool = False

    @property
    def counts(self) -> dict[str, int]:
        """How many documents are new, changed, unchanged, removed and not read."""
        return {
            "new": len(self.plan.new),
            "changed": len(self.plan.changed),
            "unchanged": len(self.plan.unchanged),
            "removed": len(self.plan.removed),
            "failed": len(self.plan.failures),
        }

    def lines(self) -> Iterator[str]:
        """Yield the report as a person reads it, without what went wrong."""
        if self.dry_run or self.is_held:
            yield "Nothing was published; this is what would change:"
            yield from self._changes()
        elif self.is_new:
            yield f"Published generation {self.generation}."
        else:
            yield f"Nothing changed; generation {self.generation or 'none'} stays."
        yield from (f"  {name:10} {count:6}" for name, count in self.counts.items())

    def _changes(self) -> Iterator[str]:
        for change in self.changes:
            name = "" if change.title == change.document else f"  ({change.title})"
            yield f"  {_SIGNS[change.what]} {change.document}{name}"
            if change.what == "new":
                yield f"        {change.kind}, {change.language}, {change.published or 'no date'}"
            yield from (f"        {line}" for line in change.difference)

    def warnings(self) -> Iterator[str]:
        """Yield what could not be read, and what was passed over."""
        yield from (f"not read: {failure.name}: {failure.reason}" for failure in self.plan.failures)
        yield from (f"left out: {name}" for name in self.skipped)
        yield from (f"worth a look: {notice.document}: {notice.text}" for notice in self.notices)
        yield from (f"to be confirmed: {concern}" for concern in self.concerns)

    def as_json(self) -> dict[str, Any]:
        """Return the report for a program."""
        return {
            **self.counts,
            "generation": self.generation,
            "dry_run": self.dry_run,
            "held": self.is_held,
            "examined": self.is_examined,
            "partial": self.is_partial,
            "concerns": list(self.concerns),
            "documents": {
                what: [change.document for change in self.changes if change.what == what]
                for what in _SIGNS
            },
            "changes": [asdict(change) for change in self.changes],
            "failures": [
                {"document": failure.name, "reason": failure.reason}
                for failure in self.plan.failures
            ],
            "skipped": list(self.skipped),
            "notices": [asdict(notice) for notice in self.notices],
        }
