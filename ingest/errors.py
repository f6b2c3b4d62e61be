"""Errors of ingestion.

assistant.errors.IngestError
├── SourceError                  a path given to ingest cannot be used at all
└── ReadError (.name, .reason)   one document cannot be read; the run goes on without it
"""

from assistant.errors import IngestError


class SourceError(IngestError):
    """A source does not exist or holds nothing to read."""


class ReadError(IngestError):
    """One document cannot be read; it is reported, and the run goes on."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name}: {reason}")
        self.name = name
        self.reason = reason
