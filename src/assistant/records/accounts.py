"""The accounts of staff: who may come in, and what each may do.

An earlier release kept one password in a file; where that file lies, it is taken over as the
account `staff`, whatever that account was before, and removed.
"""

import logging
import secrets
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Row,
    Table,
    delete,
    func,
    insert,
    select,
    update,
)

from assistant.domain.errors import InputError, RecordsError
from assistant.domain.roles import Role
from assistant.records.database import METADATA, Database, SafeText
from assistant.records.passwords import hashed, is_hash, is_right

SIMPLE = "staff"
"""The account of a forum whose staff share one password."""
OLD_FILE = "staff_password"
SHORTEST, LONGEST = 2, 100  # characters of a name
LAST = (
    "{name!r} is the last account that is enabled and may administer; give another one that role "
    "first"
)

FIRST = "nobody may administer yet; give the first account the role administer"

_ACCOUNTS = Table(
    "accounts",
    METADATA,
    Column("name", SafeText, primary_key=True),
    Column("hash", SafeText, nullable=False),
    Column("role", SafeText, nullable=False),
    Column("created", SafeText, nullable=False),
    Column("changed", SafeText, nullable=False),
    Column("disabled", Boolean, nullable=False),
    Column("language", SafeText, nullable=False),
    Column("subject", SafeText, nullable=False),
    Column("stamp", SafeText, nullable=False),
)

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Account:
    """An account of staff.

    Attributes:
        hash: Of its password; empty where it has none, and comes in by single sign-on alone.
        language: Of its pages; empty means that of the browser.
        subject: Whom a sign-in provider knows it as; empty where none does.
        stamp: Changes with all that ends its sessions.
    """

    name: str
    hash: str = field(repr=False)
    role: Role
    created: datetime
    changed: datetime
    disabled: bool
    language: str
    subject: str
    stamp: str = field(repr=False)


class Accounts:
    """Keeps the accounts. Safe to use from several threads and processes.

    There is always one that is enabled and may administer, unless there is none at all. Whatever
    cannot be done raises InputError that says why; RecordsError where the records fail.
    """

    def __init__(
        self, database: Database, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._database = database
        self._now = now

    def all(self) -> Sequence[Account]:
        """Return all accounts by name."""
        self._take_over()
        wanted = select(_ACCOUNTS).order_by(_ACCOUNTS.c.name)
        return [_account(row) for row in self._database.rows(wanted)]

    def find(self, name: str) -> Account | None:
        """Return an account, None where there is none of that name."""
        name = folded(name)
        return next((each for each in self.all() if each.name == name), None)

    def get(self, name: str) -> Account:
        """Return an account; raises InputError where there is none of that name."""
        found = self.find(name)
        if found is None:
            raise _unknown(name)
        return found

    def of_subject(self, subject: str) -> Account | None:
        """Return the account that a sign-in provider knows by this subject, if any."""
        return next((each for each in self.all() if subject and each.subject == subject), None)

    def add(self, name: str, role: Role, *, password: str = "", subject: str = "") -> Account:
        """Add an account; one with a `subject` comes in by single sign-on, and has no password."""
        name = _checked(name)
        kept = "" if subject and not password else hashed(password, name)
        self._take_over()
        with self._database.writing() as connection:
            if _one(connection, name):
                msg = f"there is an account {name!r} already; choose another name"
                raise InputError(msg)
            connection.execute(insert(_ACCOUNTS).values(**self._new(name, kept, role, subject)))
            if not subject and not _administrators(connection):
                raise InputError(FIRST)
        return self.get(name)

    def set_password(self, name: str, password: str) -> None:
        """Give an account a new password; its sessions end."""
        self._change(name, hash=hashed(password, folded(name)))

    def set_staff_password(self, password: str) -> None:
        """Give the account `staff` this password, making it where it is missing."""
        kept = hashed(password, SIMPLE)
        self._take_over()
        self._put_simple(kept)
        self._discard_old()

    def set_role(self, name: str, role: Role) -> None:
        """Give an account another role; its sessions end."""
        self._change(name, role=role.value)

    def set_disabled(self, name: str, *, disabled: bool) -> None:
        """Let an account in no more, or again; its sessions end."""
        self._change(name, disabled=disabled)

    def set_language(self, name: str, language: str) -> None:
        """Give the pages of an account a language, empty: the browser's; its sessions go on."""
        self._take_over()
        of_it = _ACCOUNTS.c.name == folded(name)
        with self._database.writing() as connection:
            wanted = update(_ACCOUNTS).where(of_it).values(language=language)
            if not connection.execute(wanted.returning(_ACCOUNTS.c.name)).all():
                raise _unknown(name)

    def link(self, name: str, subject: str) -> None:
        """Remember whom a sign-in provider knows an account as."""
        self._change(name, subject=subject)

    def end_sessions(self, name: str) -> None:
        """Log an account out everywhere."""
        self._change(name)

    def remove(self, name: str, *, may_be_last: bool = False) -> None:
        """Remove an account; only where it `may_be_last`, the last of all."""
        self._take_over()
        of_it = _ACCOUNTS.c.name == folded(name)
        with self._database.writing() as connection:
            removed = connection.execute(delete(_ACCOUNTS).where(of_it).returning(_ACCOUNTS)).all()
            if not removed:
                raise _unknown(name)
            many = connection.execute(select(func.count()).select_from(_ACCOUNTS)).scalar_one()
            if many or not may_be_last:
                _demand_administrator_after(connection, _account(removed[0]))

    def _change(self, name: str, **values: Any) -> None:  # noqa: ANN401 - what the columns hold
        self._take_over()
        of_it = _ACCOUNTS.c.name == folded(name)
        fresh = {"changed": self._now().isoformat(), "stamp": _stamp()}
        with self._database.writing() as connection:
            # Written first: from here on no other process changes anything.
            connection.execute(update(_ACCOUNTS).where(of_it).values(**fresh))
            before = _one(connection, name)
            if before is None:
                raise _unknown(name)
            if values:
                connection.execute(update(_ACCOUNTS).where(of_it).values(**values))
            _demand_administrator_after(connection, before)

    def _new(self, name: str, kept: str, role: Role, subject: str = "") -> dict[str, Any]:
        now = self._now().isoformat()
        return {
            "name": name,
            "hash": kept,
            "role": role.value,
            "created": now,
            "changed": now,
            "disabled": False,
            "language": "",
            "subject": subject,
            "stamp": _stamp(),
        }

    def _put_simple(self, kept: str) -> None:
        values = self._new(SIMPLE, kept, Role.ADMINISTER)
        with self._database.writing() as connection:
            found = _one(connection, SIMPLE)
            if found is None:
                connection.execute(insert(_ACCOUNTS).values(**values))
            else:
                of_old = ("name", "created", "language", "subject")
                fresh = {key: value for key, value in values.items() if key not in of_old}
                where = _ACCOUNTS.c.name == SIMPLE
                connection.execute(update(_ACCOUNTS).where(where).values(**fresh))

    def _take_over(self) -> None:
        """Make the password of an earlier release that of the account `staff`."""
        path = self._database.folder / OLD_FILE
        try:
            kept = path.read_text(encoding="ascii").strip()
        except FileNotFoundError:
            return
        except (OSError, ValueError) as exc:
            _log.warning("the password of an earlier release is not used: %s (%s)", path, exc)
            return
        if not is_hash(kept):
            _log.warning("the password of an earlier release is not used: %s holds none", path)
            return
        self._put_simple(kept)
        self._discard_old()

    def _discard_old(self) -> None:
        path = self._database.folder / OLD_FILE
        try:
            path.unlink(missing_ok=True)
        except OSError as exc:
            msg = f"cannot remove {path}: {exc.strerror}; check its permissions"
            raise RecordsError(msg) from exc


def folded(name: str) -> str:
    """Return a name as it is kept: however it was written, it is the same account."""
    encodable = name.encode(errors="ignore").decode()
    return unicodedata.normalize(
        "NFKC", unicodedata.normalize("NFKC", encodable).casefold()
    ).strip()


def is_password(account: Account | None, password: str) -> bool:
    """Whether an account may come in with a password; without an account it takes as long."""
    kept = account.hash if account and not account.disabled else ""
    return is_right(kept, password)


def _checked(name: str) -> str:
    name = folded(name)
    if not SHORTEST <= len(name) <= LONGEST:
        msg = f"the name has {len(name)} characters; give one of {SHORTEST} to {LONGEST}"
        raise InputError(msg)
    if not name.isprintable() or " " in name or name.startswith("-"):
        msg = "a name has no spaces and no signs that cannot be seen, and begins with no hyphen"
        raise InputError(msg)
    return name


def _unknown(name: str) -> InputError:
    return InputError(f"there is no account {folded(name)!r}; `staff-account list` shows them")


def _stamp() -> str:
    return secrets.token_hex(16)


def _account(row: Row[Any]) -> Account:
    return Account(
        name=row.name,
        hash=row.hash,
        role=Role(row.role),
        created=datetime.fromisoformat(row.created),
        changed=datetime.fromisoformat(row.changed),
        disabled=row.disabled,
        language=row.language,
        subject=row.subject,
        stamp=row.stamp,
    )


def _one(connection: Connection, name: str) -> Account | None:
    wanted = select(_ACCOUNTS).where(_ACCOUNTS.c.name == folded(name))
    row = connection.execute(wanted).one_or_none()
    return _account(row) if row else None


def _demand_administrator_after(connection: Connection, before: Account) -> None:
    """Raise InputError, and so undo the change, where none is left that can administer."""
    could = before.role is Role.ADMINISTER and not before.disabled
    if could and not _administrators(connection):
        raise InputError(LAST.format(name=before.name))


def _administrators(connection: Connection) -> int:
    able = select(func.count()).select_from(_ACCOUNTS)
    able = able.where(_ACCOUNTS.c.role == Role.ADMINISTER.value, ~_ACCOUNTS.c.disabled)
    return connection.execute(able).scalar_one()
