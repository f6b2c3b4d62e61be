"""Whether questions can be answered now: a question was, from what is published now.

That something is published says little: its files may have been damaged since, or the model may not
be the one they were made with. So a question is asked, in a thread, and never for each request.
"""

import logging
import threading
import time
from collections.abc import Callable

AGAIN = 60.0  # seconds for which a good answer counts
SOON = 5.0  # seconds after which a question that failed is asked again

Task = Callable[[], None]
log = logging.getLogger(__name__)


def in_thread(task: Task) -> None:
    """Do something while the caller goes on."""
    threading.Thread(target=task, daemon=True).start()


class Readiness:
    """Asks when another generation is published, and every now and then while somebody looks.

    `ask` raises whatever error the question meets; `published` names the generation that serves.
    """

    def __init__(
        self,
        published: Callable[[], str | None],
        ask: Task,
        *,
        clock: Callable[[], float] = time.monotonic,
        start: Callable[[Task], None] = in_thread,
    ) -> None:
        self._published = published
        self._ask = ask
        self._clock = clock
        self._start = start
        self._asking = threading.Lock()
        self._asked_of: str | None = None
        self._until = clock()
        self._was_answered = True  # so that a first failure is told

    def __call__(self) -> bool:
        """Return what the last question showed; where that is old, have another asked meanwhile."""
        name = self._published()
        if name is None:
            return False
        if (name != self._asked_of or self._clock() >= self._until) and not self._asking.locked():
            self._start(self.check)
        return self._was_answered and self._asked_of is not None

    def check(self) -> None:
        """Ask now; what is being asked already is not asked twice."""
        if not self._asking.acquire(blocking=False):
            return
        try:
            name, is_answered = self._published(), self._is_answered()
            self._asked_of, self._was_answered = name, is_answered
            self._until = self._clock() + (AGAIN if is_answered else SOON)
        finally:
            self._asking.release()

    def _is_answered(self) -> bool:
        try:
            self._ask()
        except Exception as exc:  # noqa: BLE001 - whatever it is, a member's question meets it too
            if self._was_answered:
                log.warning("not ready, as a question fails: %s", exc)
            return False
        return True
