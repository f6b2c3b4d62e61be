"""Errors of ingestion.

assistant.domain.errors.IngestError
├── SourceError                  a path given to ingest cannot be used at all
├── HeldError (.concerns)        a person should confirm before anything is published
└── ReadError (.name, .reason)   one document cannot be read; the run goes on without it
"""

from collections.abc import Sequence

from assistant.domain.errors import IngestError


class SourceError(IngestError):
    """A source does not exist or holds nothing to read."""


class HeldError(IngestError):
    """A person should confirm before anything is published; what is published stays."""

    def __init__(self, concerns: Sequence[str]) -> None:
        super().__init__("; ".join(concerns))
        self.concerns = tuple(concerns)


class ReadError(IngestError):
    """One document cannot be read; it is reported, and the run goes on."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name}: {reason}")
        self.name = name
        self.reason = reason
