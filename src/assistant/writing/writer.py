"""Have a chat model write an answer, and let through what is proved."""

import logging
import queue
import re
import secrets
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from assistant.domain.corpus import Chunk
from assistant.domain.errors import ChatModelError
from assistant.domain.ports import Entailment, LanguageDetector, ModelWatch
from assistant.domain.watching import UNWATCHED
from assistant.writing import prompting
from assistant.writing.budget import CHARACTERS, Budget, tokens
from assistant.writing.chat_model import Breaker, ChatModel
from assistant.writing.checking import Evidence, Fault, check
from assistant.writing.claims import Claim, claims

AT_ONCE = 4  # answers written at the same time; further questions are quoted
LONGEST = 6000  # characters that are read of one answer
FEWEST = 3  # words of a sentence; fewer say nothing that could be proved
LONG_ENOUGH = 40  # characters whose language can be told for certain
LONGEST_QUESTION = 300  # characters of a rewritten question
PATIENCE = 0.25  # the share of the time for an answer that rewriting a question may take

SHORT, STEM = (
    3,
    5,
)  # letters: of words that a rewritten question may add, and that make a word the same
_ANY_WORD = re.compile(r"\w+")
_WORD = re.compile(r"[^\W\d_]{2,}")

log = logging.getLogger(__name__)


class Trouble(StrEnum):
    """Why nothing, or nothing more, was written."""

    NONE = "none"
    FAILED = "failed"
    SLOW = "slow"
    BUSY = "busy"
    PAUSED = "paused"
    SPENT = "spent"


@dataclass(frozen=True, slots=True)
class Written:
    """A sentence that passed, and the place that says the same."""

    text: str
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Finished:
    """The end of what was written."""

    withheld: tuple[Fault, ...]
    trouble: Trouble


class _TooSlowError(Exception):
    """The time for an answer is over."""


@dataclass(frozen=True, slots=True)
class Writer:
    """Asks the model within its limits. Safe to use from several threads.

    Attributes:
        seconds: The time a whole answer may take.
        token: Returns 16 random hexadecimal digits; a new fence for every prompt.
    """

    model: ChatModel
    detect_language: LanguageDetector
    budget: Budget
    seconds: float
    entailment: Entailment
    breaker: Breaker = field(default_factory=Breaker)
    token: Callable[[], str] = lambda: secrets.token_hex(8)
    clock: Callable[[], float] = time.monotonic
    places: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(AT_ONCE))
    watch: ModelWatch = UNWATCHED

    def write(
        self, question: str, language: str, chunks: Sequence[Chunk]
    ) -> Iterator[Written | Finished]:
        """Yield each sentence that passed its checks, then exactly one `Finished`.

        Never raises for what the model does.
        """
        given = chunks[: prompting.PASSAGES]
        messages = prompting.answer_prompt(question, language, given, self.token())
        withheld: list[Fault] = []
        said: set[str] = set()
        trouble = Trouble.NONE
        try:
            for claim in claims(self._pieces(messages, self.seconds), language):
                if claim.text.rstrip(".") == prompting.NOTHING:
                    continue
                if claim.text in said:
                    break  # a small model may go round in a circle
                said.add(claim.text)
                found = self._checked(claim, language, given)
                if isinstance(found, Fault):
                    withheld.append(found)
                    self.watch.withheld(found.name.lower())
                    log.info("withheld a sentence: %s", found)
                else:
                    yield Written(claim.text, found)
        except _TroubleError as exc:
            trouble = exc.trouble
            self.watch.gave_up(trouble)
            log.warning("the chat model wrote no answer, or not to its end: %s", exc)
        yield Finished(tuple(withheld), trouble)

    def standalone(self, question: str, history: Sequence[str]) -> str | None:
        """Return a question that needs no history, None where the model gives none to be used."""
        messages = prompting.standalone_prompt(question, history)
        try:
            text = "".join(self._pieces(messages, self.seconds * PATIENCE)).strip()
        except _TroubleError as exc:
            self.watch.gave_up(exc.trouble)
            log.warning("the chat model rewrote no question: %s", exc)
            return None
        whole = text and "\n" not in text and len(text) <= LONGEST_QUESTION
        return text if whole and _adds_nothing(text, [question, *history]) else None

    def _checked(self, claim: Claim, language: str, given: Sequence[Chunk]) -> Evidence | Fault:
        """Check a claim against the passages that it names, then against the others.

        Whatever a model says of where a sentence comes from, the place is found here.
        """
        if len(_WORD.findall(claim.text)) < FEWEST:
            return Fault.MEANING
        if len(claim.text) >= LONG_ENOUGH:
            spoken = self.detect_language(claim.text, fallback=language)
            if spoken != language:
                return Fault.LANGUAGE
        named = [given[number - 1] for number in claim.passages if 1 <= number <= len(given)]
        others = [chunk for chunk in given if chunk not in named]
        found: Evidence | Fault = Fault.MEANING
        for chunks in (named, others):
            if chunks:
                found = check(claim.text, language, chunks, self.entailment)
            if isinstance(found, Evidence):
                return found
        return found

    def _pieces(self, messages: Sequence[prompting.Message], seconds: float) -> Iterator[str]:
        """Yield what the model writes, as long as there is time, money and patience."""
        if self.breaker.is_open():
            raise _TroubleError(Trouble.PAUSED, "it failed lately and is left alone for a while")
        expected = sum(tokens(message.text) for message in messages)
        if not self.budget.spend(expected):
            raise _TroubleError(Trouble.SPENT, "the tokens of the day are spent")
        if not self.places.acquire(blocking=False):
            raise _TroubleError(Trouble.BUSY, "it is writing as many answers as it may")
        written = 0
        try:
            for piece in _in_time(
                self.model, messages, self.clock() + seconds, self.clock, self.places.release
            ):
                written += len(piece)
                yield piece
                if written > LONGEST:
                    break
            self.breaker.succeeded()
        except ChatModelError as exc:
            self.breaker.failed()
            raise _TroubleError(Trouble.FAILED, str(exc)) from exc
        except _TooSlowError as exc:
            self.breaker.failed()
            raise _TroubleError(Trouble.SLOW, f"it took longer than {seconds:g} s") from exc
        finally:
            self.budget.spend(written // CHARACTERS)


def _adds_nothing(text: str, said: Sequence[str]) -> bool:
    """Whether every word that says something, and every number, was said before.

    A member is shown the rewritten question, so a model must not be able to say anything in it.
    """
    known = {_stem(word) for each in said for word in _ANY_WORD.findall(each)}
    words = [word for word in _ANY_WORD.findall(text) if len(word) > SHORT or word.isdigit()]
    return all(_stem(word) in known for word in words)


def _stem(word: str) -> str:
    return word.casefold()[:STEM]


class _TroubleError(Exception):
    """What keeps the model from writing."""

    def __init__(self, trouble: Trouble, message: str) -> None:
        super().__init__(message)
        self.trouble = trouble


def _in_time(
    model: ChatModel,
    messages: Sequence[prompting.Message],
    deadline: float,
    clock: Callable[[], float],
    done: Callable[[], None],
) -> Iterator[str]:
    """Yield what the model writes until the deadline, even where it hangs between two pieces.

    The model runs in a thread of its own, which ends with its own timeout when it is left behind;
    `done` is called then.
    """
    pieces: queue.Queue[str | Exception | None] = queue.Queue()
    stopped = threading.Event()

    def run() -> None:
        try:
            for piece in model.stream(messages):
                pieces.put(piece)
                if stopped.is_set():
                    break
            pieces.put(None)
        except Exception as exc:  # noqa: BLE001 - it is handed to the thread that waits
            # What a library says may hold the question: only the kind of its error is told.
            known = exc if isinstance(exc, ChatModelError) else ChatModelError(type(exc).__name__)
            pieces.put(known)
        finally:
            done()

    threading.Thread(target=run, daemon=True, name="chat model").start()
    try:
        while True:
            try:
                piece = pieces.get(timeout=max(0.0, deadline - clock()))
            except queue.Empty as exc:
                raise _TooSlowError from exc
            if isinstance(piece, Exception):
                raise piece
            if piece is None:
                return
            yield piece
    finally:
        stopped.set()
