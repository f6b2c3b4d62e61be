"""What a run did, for people and for programs. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ingest.plan import Plan


@dataclass(frozen=True, slots=True)
class Report:
    """What a run did, or with `dry_run` what it would have done.

    Attributes:
        generation: The name of what is published after the run, None where there is nothing.
        is_new: Whether this run published it.
    """

    plan: Plan
    skipped: tuple[str, ...]
    generation: str | None
    is_new: bool
    dry_run: bool

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
        if self.dry_run:
            yield "Nothing was published; this is what would change:"
            yield from (f"  + {document.id}" for _, document in self.plan.new)
            yield from (f"  ~ {document.id}" for _, document in self.plan.changed)
            yield from (f"  - {document_id}" for document_id in self.plan.removed)
        elif self.is_new:
            yield f"Published generation {self.generation}."
        else:
            yield f"Nothing changed; generation {self.generation or 'none'} stays."
        yield from (f"  {name:10} {count:6}" for name, count in self.counts.items())

    def warnings(self) -> Iterator[str]:
        """Yield what could not be read, and what was passed over."""
        yield from (f"not read: {its.name}: {its.reason}" for its in self.plan.failures)
        yield from (f"skipped, unknown form: {name}" for name in self.skipped)

    def as_json(self) -> dict[str, Any]:
        """Return the report for a program."""
        return {
            **self.counts,
            "generation": self.generation,
            "dry_run": self.dry_run,
            "documents": {
                "new": [document.id for _, document in self.plan.new],
                "changed": [document.id for _, document in self.plan.changed],
                "removed": list(self.plan.removed),
            },
            "failures": [
                {"document": its.name, "reason": its.reason} for its in self.plan.failures
            ],
            "skipped": list(self.skipped),
        }
