"""The golden questions that what is published answers as it should."""

import logging
import threading
from collections.abc import Callable, Sequence

from assistant.answering import Assistant
from assistant.errors import AssistantError
from assistant.evaluation.acceptance import Fixed, is_right
from assistant.golden_questions import GoldenQuestion
from assistant.ports import Library

_log = logging.getLogger(__name__)


class AnsweredQuestions:
    """Asks them all once for each generation, in a thread where nobody should wait.

    Calling it returns what is known so far, at first nothing.
    """

    def __init__(
        self,
        golden_questions: Sequence[GoldenQuestion],
        library: Library,
        assistant_over: Callable[[Library], Assistant],
    ) -> None:
        self._all = golden_questions
        self._library = library
        self._assistant_over = assistant_over
        self._generation = ""
        self._right: Sequence[GoldenQuestion] = ()
        self._finding = threading.Lock()

    def find(self) -> None:
        """Ask them of what is published now. Raises StoreError where that cannot be searched."""
        with self._finding, self._library.generation() as generation:
            if self._generation != generation.name:
                assistant = self._assistant_over(Fixed(generation))
                self._right = [its for its in self._all if is_right(assistant, its)]
                self._generation = generation.name

    def __call__(self) -> Sequence[GoldenQuestion]:
        """Return those that were answered, of the generation before while the new one is asked."""
        if self._all and not self._finding.locked() and self._is_old():
            threading.Thread(target=self._find_beside, daemon=True).start()
        return self._right

    def _find_beside(self) -> None:
        try:
            self.find()
        except AssistantError as exc:
            _log.warning("the golden questions cannot be asked: %s", exc)

    def _is_old(self) -> bool:
        try:
            with self._library.generation() as generation:
                return generation.name != self._generation
        except AssistantError:
            return False
