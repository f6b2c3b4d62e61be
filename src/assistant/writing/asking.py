"""Ask a chat model as long as there is time, money and patience, and say why where it fails."""

import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum
from typing import Protocol

from assistant.domain.errors import ChatModelError
from assistant.domain.ports import ModelWatch
from assistant.writing.budget import CHARACTERS, Budget, tokens
from assistant.writing.chat_model import Breaker, ChatModel, Usage
from assistant.writing.prompting import Message

LONGEST = 6000  # characters that are read of what a model writes


class Trouble(StrEnum):
    """Why nothing, or nothing more, was written."""

    NONE = "none"
    FAILED = "failed"
    SLOW = "slow"
    BUSY = "busy"
    PAUSED = "paused"
    SPENT = "spent"


class TroubleError(Exception):
    """What keeps the model from writing."""

    def __init__(self, trouble: Trouble, message: str) -> None:
        super().__init__(message)
        self.trouble = trouble


class Asker(Protocol):
    """A model and its limits, which all that is asked of it shares."""

    @property
    def model(self) -> ChatModel:
        """Return what writes."""
        ...

    @property
    def budget(self) -> Budget:
        """Return what may be spent in a day."""
        ...

    @property
    def breaker(self) -> Breaker:
        """Return what leaves a model that fails alone."""
        ...

    @property
    def places(self) -> threading.Semaphore:
        """Return how many may be written for at the same time."""
        ...

    @property
    def clock(self) -> Callable[[], float]:
        """Return what tells the seconds."""
        ...

    @property
    def watch(self) -> ModelWatch:
        """Return who counts the tokens that the model tells."""
        ...


def pieces(asker: Asker, messages: Sequence[Message], seconds: float) -> Iterator[str]:
    """Yield what the model writes, piece by piece. Raises TroubleError, also between two pieces."""
    if asker.breaker.is_open():
        raise TroubleError(Trouble.PAUSED, "it failed lately and is left alone for a while")
    expected = sum(tokens(message.text) for message in messages)
    if not asker.budget.spend(expected):
        raise TroubleError(Trouble.SPENT, "the tokens of the day are spent")
    if not asker.places.acquire(blocking=False):
        asker.budget.settle(expected, 0)
        raise TroubleError(Trouble.BUSY, "it is writing as much as it may")
    written = 0
    told: Usage | None = None
    try:
        for piece in _in_time(
            asker.model, messages, asker.clock() + seconds, asker.clock, asker.places.release
        ):
            if isinstance(piece, Usage):
                told = piece
                continue
            written += len(piece)
            yield piece
            if written > LONGEST:
                break
        asker.breaker.succeeded()
    except ChatModelError as exc:
        asker.breaker.failed()
        raise TroubleError(Trouble.FAILED, str(exc)) from exc
    except _TooSlowError as exc:
        asker.breaker.failed()
        raise TroubleError(Trouble.SLOW, f"it took longer than {seconds:g} s") from exc
    finally:
        if told:
            asker.watch.used(told.sent, told.received)
        used = told or Usage(0, 0)  # some tell one of the two alone
        sent, received = used.sent or expected, used.received or written // CHARACTERS
        asker.budget.settle(expected, sent + received)


class _TooSlowError(Exception):
    """The time for a text is over."""


def _in_time(
    model: ChatModel,
    messages: Sequence[Message],
    deadline: float,
    clock: Callable[[], float],
    done: Callable[[], None],
) -> Iterator[str | Usage]:
    """Yield what the model writes until the deadline, even where it hangs between two pieces.

    The model runs in a thread of its own, which ends with its own timeout when it is left behind;
    `done` is called then.
    """
    heard: queue.Queue[str | Usage | Exception | None] = queue.Queue()
    stopped = threading.Event()

    def run() -> None:
        try:
            for piece in model.stream(messages):
                heard.put(piece)
                if stopped.is_set():
                    break
            heard.put(None)
        except Exception as exc:  # noqa: BLE001 - it is handed to the thread that waits
            # What a library says may hold the question: only the kind of its error is told.
            known = exc if isinstance(exc, ChatModelError) else ChatModelError(type(exc).__name__)
            heard.put(known)
        finally:
            done()

    threading.Thread(target=run, daemon=True, name="chat model").start()
    try:
        while True:
            try:
                piece = heard.get(timeout=max(0.0, deadline - clock()))
            except queue.Empty as exc:
                raise _TooSlowError from exc
            if isinstance(piece, Exception):
                raise piece
            if piece is None:
                return
            yield piece
    finally:
        stopped.set()
