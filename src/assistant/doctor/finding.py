"""What was found of one thing, and how many such looks are taken: one that fails ends no other."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from assistant.domain.errors import AssistantError


class Level(StrEnum):
    """How well a thing is."""

    OK = "ok"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found of one thing.

    Attributes:
        name: Of the thing, in a word or two.
        remedy: What to do, empty where all is well.
    """

    name: str
    level: Level
    message: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """A look at one thing. It may raise what it meets: that is a finding, too."""

    name: str
    look: Callable[[], Finding]


def ok(name: str, message: str) -> Finding:
    """Return that a thing is well."""
    return Finding(name, Level.OK, message)


def warning(name: str, message: str, remedy: str) -> Finding:
    """Return that a thing works, and had better be changed."""
    return Finding(name, Level.WARNING, message, remedy)


def error(name: str, message: str, remedy: str) -> Finding:
    """Return that a thing is wrong."""
    return Finding(name, Level.ERROR, message, remedy)


def findings(checks: Iterable[Check]) -> Iterator[Finding]:
    """Look at one thing after the other."""
    for check in checks:
        try:
            yield check.look()
        except AssistantError as exc:
            yield of_error(check.name, exc)
        except OSError as exc:
            reason = exc.strerror or type(exc).__name__
            where = f" ({exc.filename})" if exc.filename else ""
            yield error(
                check.name, f"{reason.lower()}{where}", "check the disk and its permissions"
            )
        except Exception as exc:  # noqa: BLE001 - whatever it is, the other things are looked at
            message = f"could not be looked at: {type(exc).__name__}: {str(exc)[:200]}"
            yield error(check.name, message, "tell the developers what this line says")


def of_error(name: str, exc: AssistantError) -> Finding:
    """Return the finding of an error, whose message ends with the remedy."""
    message, _, remedy = str(exc).partition("; ")
    return error(name, message, remedy or "mend what the message names")
