"""What staff took away after a backup was made is taken out of it again, as it is restored.

Only the directory that it replaces knows of that: on another machine, nobody does.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from assistant.domain.corpus import DocumentId
from assistant.domain.errors import RecordsError, StoreError
from assistant.records.accounts import Account
from assistant.records.database import Database
from assistant.records.records import Records
from vectorstore.publishing.hidden import HiddenDocuments, LastDays

AT_ONCE = timedelta(minutes=1)
"""An erasure is noted before it is done: one just before the backup may not be done in it."""


@dataclass(frozen=True, slots=True)
class Reapplied:
    """What was taken out of a backup.

    Attributes:
        erased: How many texts that members had typed.
        hidden: How many documents are out of the answers that were not so in the backup.
        accounts: The names of accounts that were removed, disabled or changed since, and are as
            before again.
        faults: Why something could not be told from the directory that is replaced.
    """

    erased: int = 0
    hidden: int = 0
    accounts: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()


def reapply(old: Path, new: Path, made: datetime) -> Reapplied:
    """Take out of `new`, which was made at that time, what was taken out of `old` since.

    Raises RecordsError or StoreError where it cannot be done in `new`.
    """
    theirs, ours = Records.of(Database(old)), Records.of(Database(new))
    erased, accounts, faults = 0, tuple[str, ...](), list[str]()
    try:
        known, before = theirs.erasures.all(), set(ours.erasures.all())
    except RecordsError as exc:
        faults.append(str(exc))
    else:
        # The clock alone may have been wrong; the list alone may be ahead of what was done.
        since = [each for each in known if each not in before or each.at >= made - AT_ONCE]
        erased = sum(map(ours.erase_again, since))
        if known:
            ours.erasures.save([*before, *known])
    try:
        accounts = changed(theirs.accounts.all(), ours.accounts.all())
    except RecordsError as exc:
        faults.append(str(exc))
    try:
        hidden = _hide(old, new)
    except StoreError as exc:
        hidden = 0
        faults.append(str(exc))
    return Reapplied(erased, hidden, accounts, tuple(faults))


def changed(now: Sequence[Account], before: Sequence[Account]) -> tuple[str, ...]:
    """Return the names of those of before that are others now, or none. Pure."""
    stamps = {account.name: account.stamp for account in now}
    return tuple(each.name for each in before if stamps.get(each.name) != each.stamp)


def _hide(old: Path, new: Path) -> int:
    theirs, ours = HiddenDocuments(old).ids(), HiddenDocuments(new)
    more = theirs - ours.ids()
    if more:
        ours.save(ours.ids() | theirs)
    days = LastDays(new)
    earliest = shorter(LastDays(old).days(), days.days())
    if earliest != days.days():
        days.save(earliest)
    return len(more)


def shorter(
    one: Mapping[DocumentId, date], other: Mapping[DocumentId, date]
) -> Mapping[DocumentId, date]:
    """Return for each document the earlier of its last days. Pure."""
    last = {**one, **other}
    return {each: min(one.get(each, day), day) for each, day in last.items()}
