"""Who watches a server, by its settings: metrics, traces, both or nobody."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from assistant import extras
from assistant.domain.dialogue import Answer
from assistant.domain.ports import QuestionWatch, Watch
from assistant.domain.watching import UNWATCHED, AskedFrom, Refused, Stage
from assistant.settings import Settings
from assistant.web.metrics import Metrics


def _nothing() -> None:
    """End nothing."""


@dataclass(frozen=True, slots=True)
class Watching:
    """What watches a server.

    Attributes:
        metrics: What is measured, None where nobody may read it.
        close: To be called when the server ends.
    """

    watch: Watch = UNWATCHED
    metrics: Metrics | None = None
    close: Callable[[], None] = _nothing


NOBODY = Watching()


def watching_of(config: Settings) -> Watching:
    """Return what watches a server. Raises SettingsError where an extra is missing."""
    token = config.metrics.get_secret_value()
    metrics = Metrics(token) if token else None
    watches: list[Watch] = [metrics] if metrics else []
    if not config.otlp_endpoint:
        return Watching(Together(watches), metrics)
    extras.require("telemetry", "FORUM_OTLP_ENDPOINT")
    from assistant.web.traces import Traces  # noqa: PLC0415 - only where the extra is

    traces = Traces(config.otlp_endpoint)
    return Watching(Together([*watches, traces]), metrics, traces.close)


class Together:
    """Hands on to several all that is seen; a `Watch`."""

    def __init__(self, watches: Sequence[Watch]) -> None:
        self._watches = watches

    @contextmanager
    def question(self, asked_from: AskedFrom) -> Iterator[QuestionWatch]:
        """Have each follow a question."""
        with ExitStack() as all_of_them:
            yield _WatchedQuestion(
                [all_of_them.enter_context(each.question(asked_from)) for each in self._watches]
            )

    def withheld(self, reason: str) -> None:
        """Tell each."""
        for each in self._watches:
            each.withheld(reason)

    def gave_up(self, trouble: str) -> None:
        """Tell each."""
        for each in self._watches:
            each.gave_up(trouble)

    def used(self, sent: int, received: int) -> None:
        """Tell each."""
        for each in self._watches:
            each.used(sent, received)

    def refused(self, reason: Refused) -> None:
        """Tell each."""
        for each in self._watches:
            each.refused(reason)


class _WatchedQuestion:
    def __init__(self, watches: Sequence[QuestionWatch]) -> None:
        self._watches = watches

    @contextmanager
    def stage(self, stage: Stage) -> Iterator[None]:
        with ExitStack() as all_of_them:
            for each in self._watches:
                all_of_them.enter_context(each.stage(stage))
            yield

    def answered(self, answer: Answer) -> None:
        for each in self._watches:
            each.answered(answer)

    def failed(self, exc: Exception) -> None:
        for each in self._watches:
            each.failed(exc)
