"""The questions that what is published answers: kept with it, found anew where they are not."""

import hashlib
import logging
import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from typing import Any

from assistant.domain.corpus import DocumentId
from assistant.domain.errors import AssistantError
from assistant.domain.ports import Generation, Library
from assistant.domain.publication import OfferedQuestion
from assistant.evaluation.golden_questions import GoldenQuestion
from assistant.offering.verifying import AssistantOver, Progress, answered

Watch = Callable[[str, str], AbstractContextManager[Progress]]
OfferedQuestions = tuple[OfferedQuestion, ...]

RECIPE = 1
"""Change it when other questions are made of the same documents."""

_log = logging.getLogger(__name__)


def basis(golden: Sequence[GoldenQuestion], settings: Sequence[object]) -> str:
    """Return a digest of what decides beside the documents what is offered."""
    return hashlib.sha256(repr((RECIPE, list(golden), settings)).encode()).hexdigest()


@contextmanager
def unwatched(_what: str, _unit: str) -> Iterator[Progress]:
    """Show nobody how far it is."""
    yield lambda _done, _total: None


@dataclass(frozen=True, slots=True)
class Finding:
    """Finds what a generation answers, and keeps it there.

    Attributes:
        read: Returns what is kept with a generation; None where nothing is that still holds.
        write: Keeps it; raises StoreError where it cannot.
    """

    golden: Sequence[GoldenQuestion]
    assistant_over: AssistantOver
    read: Callable[[Any], OfferedQuestions | None]
    write: Callable[[Any, OfferedQuestions], None]
    watch: Watch = unwatched

    def before_publishing(self, draft: Generation, published: Generation | None) -> None:
        """Find what a draft answers, where that is not kept with it already.

        That it cannot be found speaks against nothing: a server finds it later.
        """
        try:
            if self.read(draft) is None:
                self.kept(draft, (self.read(published) if published else None) or ())
        except Exception as exc:  # noqa: BLE001 - whatever it is, the documents come first
            _log.warning("no questions to offer can be found: %s", exc)

    def kept(
        self, generation: Generation, before: Collection[OfferedQuestion] = ()
    ) -> OfferedQuestions:
        """Return what a generation answers: found, and kept if the disk lets it be."""
        with self.watch("finding questions to offer", "questions") as progress:
            found = answered(generation, self.golden, self.assistant_over, before, progress)
        try:
            self.write(generation, found)
        except AssistantError as exc:
            _log.warning("%s", exc)
        return found


class Offering:
    """What may be offered to members now; calling it makes nobody wait.

    What is kept with the published generation is there at once. Where nothing is, it is found in
    a thread, and until then nothing is known.
    """

    def __init__(
        self, library: Library, finding: Finding, hidden: Callable[[], frozenset[DocumentId]]
    ) -> None:
        self._library = library
        self._finding = replace(finding, watch=unwatched)
        self._hidden = hidden
        self._lock = threading.Lock()
        self._asking = threading.Lock()
        self._known: tuple[str, OfferedQuestions] = ("", ())
        self._asked = ""

    def __call__(self) -> OfferedQuestions:
        """Return them, without those about documents that were hidden since."""
        try:
            with self._library.generation() as generation:
                known = self._looked_up(generation)
            hidden = self._hidden()
        except AssistantError:
            return ()
        return tuple(each for each in known if hidden.isdisjoint(each.documents))

    def find(self) -> None:
        """Wait until it is known what is answered. Raises StoreError where nothing can be asked."""
        with self._asking, self._library.generation() as generation:
            if self._asked == generation.name:
                return
            found = self._finding.read(generation)
            if found is None:
                found = self._finding.kept(generation)
            with self._lock:
                self._known = (generation.name, found)
            self._asked = generation.name

    def _looked_up(self, generation: Generation) -> OfferedQuestions:
        with self._lock:
            name, known = self._known
            if name == generation.name:
                return known
            found = self._finding.read(generation)
            self._known = (generation.name, found or ())
        if found is None:
            threading.Thread(target=self._find_beside, daemon=True).start()
        return found or ()

    def _find_beside(self) -> None:
        try:
            self.find()
        except AssistantError as exc:
            _log.warning("no questions to offer can be found: %s", exc)
            with self._lock:
                self._known = ("", ())
