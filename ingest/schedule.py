"""Decide which sources are due. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from ingest.sources.tables import AnySource


def due(
    sources: Sequence[AnySource], last: Mapping[str, datetime], now: datetime
) -> list[AnySource]:
    """Return the sources whose time has come; one that was never read is due at once.

    `last` says when each was last begun; all times are aware, `now` in the zone of `at`.
    """
    return [source for source in sources if _is_due(source, last.get(source.name), now)]


def _is_due(source: AnySource, last: datetime | None, now: datetime) -> bool:
    if source.every is not None:
        return last is None or now - last >= source.every
    if source.at is None:
        return False
    # A day that was slept through is caught up on, once.
    today = now.replace(hour=source.at.hour, minute=source.at.minute, second=0, microsecond=0)
    return now >= today and (last is None or last < today)
