"""Errors of fetching.

ingest: IngestError
└── FetchError (.url, .reason, .status)   one address could not be fetched
    ├── RefusedError                      it is not one that this source may fetch
    ├── BusyError (.retry_after)          the site is busy or slow; another try may succeed
    ├── WrongTypeError (.content_type)    what came is of another form than was asked for
    └── BudgetError                       this crawl has fetched as much as it may
"""

from assistant.domain.errors import IngestError


class FetchError(IngestError):
    """An address could not be fetched; the reason is fit for the staff of the forum."""

    def __init__(self, url: str, reason: str, *, status: int | None = None) -> None:
        super().__init__(f"{url}: {reason}")
        self.url = url
        self.reason = reason
        self.status = status


class RefusedError(FetchError):
    """The address is not one that this source may fetch; nothing was sent to it."""


class BusyError(FetchError):
    """The site is busy or slow; another try may succeed."""

    def __init__(
        self, url: str, reason: str, *, status: int | None = None, retry_after: float | None = None
    ) -> None:
        super().__init__(url, reason, status=status)
        self.retry_after = retry_after


class WrongTypeError(FetchError):
    """What came is of another form than was asked for; `url` is where it came from in the end."""

    def __init__(self, url: str, reason: str, content_type: str) -> None:
        super().__init__(url, reason)
        self.content_type = content_type


class BudgetError(FetchError):
    """This crawl has fetched as much as it may; what is left waits for the next one."""
