"""Have a chat model write an answer, and let through what is proved."""

import logging
import re
import secrets
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from assistant.domain.corpus import Chunk
from assistant.domain.ports import LanguageDetector, ModelWatch
from assistant.domain.watching import UNWATCHED
from assistant.writing import asking, prompting
from assistant.writing.asking import Trouble
from assistant.writing.budget import Budget
from assistant.writing.chat_model import Breaker, ChatModel
from assistant.writing.checking import Evidence, Fault, Likeness, check
from assistant.writing.claims import Claim, claims

AT_ONCE = 4  # answers written at the same time; further questions are quoted
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


@dataclass(frozen=True, slots=True)
class Written:
    """A sentence that passed, and the place that says the same."""

    text: str
    evidence: Evidence
    is_item: bool = False


@dataclass(frozen=True, slots=True)
class Finished:
    """The end of what was written.

    Attributes:
        left_open: What of the question the passages do not say, in the words of the question.
    """

    withheld: tuple[Fault, ...]
    trouble: Trouble
    left_open: str = ""


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
    breaker: Breaker = field(default_factory=Breaker)
    token: Callable[[], str] = lambda: secrets.token_hex(8)
    clock: Callable[[], float] = time.monotonic
    places: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(AT_ONCE))
    watch: ModelWatch = UNWATCHED

    def write(
        self, question: str, language: str, chunks: Sequence[Chunk], likeness: Likeness
    ) -> Iterator[Written | Finished]:
        """Yield each sentence that passed its checks, then exactly one `Finished`.

        Never raises for what the model does.
        """
        given = chunks[: prompting.PASSAGES]
        messages = prompting.answer_prompt(question, language, given, self.token())
        withheld: list[Fault] = []
        said: set[str] = set()
        trouble, left_open = Trouble.NONE, ""
        try:
            for claim in claims(asking.pieces(self, messages, self.seconds), language):
                if claim.text.rstrip(".") == prompting.NOTHING or _leads_to_list(claim):
                    continue
                if claim.text.startswith(prompting.NOT_SAID):
                    left_open = _left_open(claim.text, question)
                    continue
                if claim.text in said:
                    break  # a small model may go round in a circle
                said.add(claim.text)
                found = self._checked(claim, language, given, likeness)
                if isinstance(found, Fault):
                    withheld.append(found)
                    self.watch.withheld(found.name.lower())
                    log.info("withheld a sentence: %s", found)
                else:
                    yield Written(claim.text, found, is_item=claim.is_item)
        except asking.TroubleError as exc:
            trouble = exc.trouble
            self.watch.gave_up(trouble)
            log.warning("the chat model wrote no answer, or not to its end: %s", exc)
        yield Finished(tuple(withheld), trouble, left_open)

    def standalone(self, question: str, history: Sequence[str]) -> str | None:
        """Return a question that needs no history, None where the model gives none to be used."""
        messages = prompting.standalone_prompt(question, history)
        try:
            text = "".join(asking.pieces(self, messages, self.seconds * PATIENCE)).strip()
        except asking.TroubleError as exc:
            self.watch.gave_up(exc.trouble)
            log.warning("the chat model rewrote no question: %s", exc)
            return None
        whole = text and "\n" not in text and len(text) <= LONGEST_QUESTION
        return text if whole and _adds_nothing(text, [question, *history]) else None

    def _checked(
        self, claim: Claim, language: str, given: Sequence[Chunk], likeness: Likeness
    ) -> Evidence | Fault:
        """Check a claim against all passages, those that it names first.

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
        return check(claim.text, language, [*named, *others], likeness)


def _leads_to_list(claim: Claim) -> bool:
    """Whether a line only says that a list follows; it names no passage and says nothing."""
    return claim.text.endswith(":") and not claim.passages


def _left_open(text: str, question: str) -> str:
    """Return what a model says is not said, nothing where that is more than what was asked."""
    told = text.removeprefix(prompting.NOT_SAID).strip()
    return told if len(told) <= LONGEST_QUESTION and _adds_nothing(told, [question]) else ""


def _adds_nothing(text: str, said: Sequence[str]) -> bool:
    """Whether every word that says something, and every number, was said before.

    A member is shown the rewritten question, so a model must not be able to say anything in it.
    """
    known = {_stem(word) for each in said for word in _ANY_WORD.findall(each)}
    words = [word for word in _ANY_WORD.findall(text) if len(word) > SHORT or word.isdigit()]
    return all(_stem(word) in known for word in words)


def _stem(word: str) -> str:
    return word.casefold()[:STEM]
