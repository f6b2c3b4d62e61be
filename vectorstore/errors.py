"""Errors of the store and of the embedding models.

assistant.domain.errors.StoreError
├── NothingPublishedError        there is no generation yet
├── StoreUnavailableError        it cannot be opened, read or written
│   └── StoreDamagedError        a generation is not what was published (.reason)
├── StoreBusyError               another process is publishing
├── DiskFullError                there is no room for a new generation
└── ManifestMismatchError        it was built with something else (.built, .asked)
assistant.domain.errors.ModelError
└── ModelUnavailableError        the embedding model cannot be found, prepared or loaded
"""

from pathlib import Path

from assistant.domain.errors import ModelError, StoreError

GO_BACK = (
    "run `python app.py rollback` to publish the generation before it, "
    "or `python app.py ingest --rebuild` to build it anew"
)
"""What helps where a published generation is damaged."""


class NothingPublishedError(StoreError):
    """There is no generation to answer from yet."""


class StoreUnavailableError(StoreError):
    """The store could not be opened, read or written."""


class StoreDamagedError(StoreUnavailableError):
    """A generation is not what was published; another one may serve in its place."""

    def __init__(self, folder: Path, reason: str) -> None:
        super().__init__(f"the generation {folder} is damaged: {reason}; {GO_BACK}")
        self.reason = reason


class StoreBusyError(StoreError):
    """Another process holds the lock of the data directory."""


class DiskFullError(StoreError):
    """The disk has no room for a new generation; the published one is untouched."""


class ManifestMismatchError(StoreError):
    """The store was built with something else than what is asked for."""

    def __init__(self, *, what: str, built: str, asked: str, remedy: str) -> None:
        super().__init__(f"{what} does not fit: built with {built}, asked for {asked}; {remedy}")
        self.built = built
        self.asked = asked


class ModelUnavailableError(ModelError):
    """An embedding model could not be found, prepared or loaded."""
