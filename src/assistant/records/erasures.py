"""Which records were erased, by their numbers alone: nothing of what they held.

A backup that was made before still holds them; where it is restored, they are erased in it again. A
number is never given to another record that such a backup could hold.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

from pydantic import AwareDatetime, TypeAdapter, ValidationError

from assistant.domain.errors import RecordsError
from assistant.files import write_whole

FILE = "erasures.json"
KEPT = timedelta(days=800)  # as the counts: no backup should be older

Range = tuple[int, int]
"""The first and the last of numbers that follow each other."""


@dataclass(frozen=True, slots=True)
class Erasure:
    """What was erased at one time."""

    at: AwareDatetime
    questions: tuple[Range, ...] = ()
    ratings: tuple[Range, ...] = ()


_ERASURES = TypeAdapter(tuple[Erasure, ...])


@dataclass(frozen=True, slots=True)
class Erasures:
    """Keeps them in a file of the data directory."""

    data: Path
    now: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))

    def all(self) -> Sequence[Erasure]:
        """Return what was erased, oldest first. Raises RecordsError where it cannot be read."""
        path = self.data / FILE
        try:
            return _ERASURES.validate_json(path.read_bytes())
        except FileNotFoundError:
            return ()
        except (OSError, ValidationError) as exc:
            msg = f"cannot read what was erased in {path}; mend the file, or put it aside"
            raise RecordsError(msg) from exc

    def note(self, questions: Iterable[int], ratings: Iterable[int]) -> None:
        """Note what is about to be erased. Raises RecordsError where that cannot be kept."""
        erasure = Erasure(self.now(), ranges(questions), ranges(ratings))
        if erasure.questions or erasure.ratings:
            self.save([*self.all(), erasure])

    def save(self, erasures: Iterable[Erasure]) -> None:
        """Write the whole list, without what is too old. Raises RecordsError."""
        kept = sorted(set(erasures), key=lambda erasure: erasure.at)
        kept = [erasure for erasure in kept if self.now() - erasure.at < KEPT]
        try:
            write_whole(self.data / FILE, _ERASURES.dump_json(tuple(kept)), durable=True)
        except OSError as exc:
            msg = f"cannot write {self.data / FILE} ({exc.strerror}); nothing was erased"
            raise RecordsError(msg) from exc


def ranges(numbers: Iterable[int]) -> tuple[Range, ...]:
    """Return numbers as the ranges they make up. Pure."""
    ordered = sorted(set(numbers))
    breaks = [at for at, (one, next_one) in enumerate(pairwise(ordered), 1) if next_one != one + 1]
    starts, ends = [0, *breaks], [*breaks, len(ordered)]
    return tuple(
        (ordered[start], ordered[end - 1])
        for start, end in zip(starts, ends, strict=True)
        if start < end
    )
