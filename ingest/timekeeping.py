"""Start what is due, for as long as the server runs."""

import logging
import threading
from collections.abc import Callable
from datetime import datetime

EVERY = 30.0  # seconds between two looks

_log = logging.getLogger(__name__)


def keep_time(
    start_what_is_due: Callable[[datetime], object],
    stop: threading.Event,
    *,
    every: float = EVERY,
) -> None:
    """Call `start_what_is_due` with the local time, again and again, until `stop` is set.

    What goes wrong is logged once, until it goes well or wrong in another way, and ends nothing.
    """
    trouble = ""
    while not stop.is_set():
        try:
            start_what_is_due(datetime.now().astimezone())
            found = ""
        except Exception as exc:  # noqa: BLE001 - a schedule that ended silently would be worse
            found = f"{type(exc).__name__}: {exc}"
        if found and found != trouble:
            _log.error("the schedule could not start what is due: %s", found)
        trouble = found
        stop.wait(every)
