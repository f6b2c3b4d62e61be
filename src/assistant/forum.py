"""A forum that can be asked: what `assistant.open` returns."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Self

from assistant import wiring
from assistant.domain.corpus import EVERYTHING, Filters, Passage
from assistant.domain.dialogue import Answer, Event, Question, Turn
from assistant.domain.errors import InputError, QuestionError
from assistant.domain.watching import UNWATCHED
from assistant.settings import Settings

if TYPE_CHECKING:
    from assistant.answering.assistant import Assistant
    from assistant.domain.ports import ModelWatch
    from assistant.langchain import ForumRetriever, ForumRunnable
    from ingest.report import Report
    from vectorstore.publishing.library import Examine, Library


class Forum:
    """The published content of one data directory, and the assistant that answers from it.

    It may be used from several threads. What another process publishes is answered from at the
    next question. Close it, or use it as a context manager.

    Attributes:
        library: The generations on disk.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        furnish: "Examine | None" = None,
        watch: "ModelWatch" = UNWATCHED,
    ) -> None:
        self.settings = settings
        self._watch = watch
        self.library: Library = wiring.open_library(settings, furnish)

    @cached_property
    def assistant(self) -> "Assistant":
        """What answers, with what staff have written by hand."""
        made = wiring.make_assistant(self.settings, self.library, self._watch)
        return replace(made, by_hand=wiring.open_records(self.settings).hand_answers)

    def ask(
        self,
        question: str,
        *,
        language: str | None = None,
        filters: Filters = EVERYTHING,
        history: Sequence[Turn] = (),
    ) -> Answer:
        """Return the answer, which may be a refusal: see its `outcome`.

        Args:
            question: In any language.
            language: Of whoever asks, where the question does not tell it (ISO 639-1).
            filters: Which documents may answer.
            history: The `turn` of each answer so far, oldest first; a forum remembers nothing.

        Raises QuestionError for a question that cannot be taken, and StoreError where nothing is
        published or it cannot be read.
        """
        return self.assistant.answer(Question(question, language, filters, tuple(history)))

    def stream(
        self,
        question: str,
        *,
        language: str | None = None,
        filters: Filters = EVERYTHING,
        history: Sequence[Turn] = (),
    ) -> Iterator[Event]:
        """Yield the `Answer` last; where a chat model writes, what answers and its sentences first.

        They are the events of `assistant.domain.dialogue`; takes and raises what `ask` does.
        """
        return self.assistant.ask(Question(question, language, filters, tuple(history)))

    def search(
        self,
        query: str,
        *,
        limit: int = 10,
        filters: Filters = EVERYTHING,
        language: str | None = None,
    ) -> Sequence[Passage]:
        """Return the passages that match best, by meaning and words; the best first.

        `language` is the query's; it is told from the query where it is not given. Raises as `ask`,
        and InputError for a limit below 1.
        """
        if limit < 1:
            msg = f"the limit is {limit}; give 1 or more"
            raise InputError(msg)
        if not any(map(str.isalnum, query)):
            msg = "there is nothing to look for; give a word or more"
            raise QuestionError(msg)
        told = language or self._language_of(query)
        with self.library.generation() as generation:
            return generation.search(query, limit=limit, filters=filters, language=told)

    def ingest(self, *paths: str | Path) -> "Report":
        """Bring documents in from folders or files, publish them, and return what was done.

        What is gone from a folder that was brought in before is removed. Raises InputError where no
        path is given, and IngestError where nothing can be read; what was published then stays.
        """
        if not paths:
            msg = "give a folder or a file to ingest"
            raise InputError(msg)
        from ingest.pipeline import Options

        ingestion = wiring.make_ingestion(self.settings, self.library)
        return ingestion.ingest([str(path) for path in paths], Options(by="a program"))

    def as_retriever(self, *, k: int = 4) -> "ForumRetriever":
        """Return the search as a retriever of LangChain, which gives `k` documents."""
        from assistant.langchain import ForumRetriever

        return ForumRetriever(library=self.library, k=k, language_of=self._language_of)

    def as_runnable(self) -> "ForumRunnable":
        """Return the assistant as a runnable of LangChain: a question or messages in, one out.

        The message that comes out carries the answer as `ask --json` has it in its
        `response_metadata`; messages that went in before it are the conversation so far.
        """
        from assistant.langchain import ForumRunnable

        return ForumRunnable(self.assistant)

    def _language_of(self, query: str) -> str:
        default = self.settings.default_language
        return self.assistant.detect_language(query, fallback=default)

    def close(self) -> None:
        """Release what is open; the forum must not be used afterwards."""
        self.library.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
