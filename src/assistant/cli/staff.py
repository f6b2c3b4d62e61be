"""The commands for the accounts of staff."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from assistant import wiring
from assistant.cli.command import Data, command, commands, configured, note, of_a_forum
from assistant.domain.errors import InputError
from assistant.domain.roles import Role
from assistant.settings import Settings
from assistant.terminal import new_password

if TYPE_CHECKING:
    from assistant.records.accounts import Accounts

accounts_of_staff = typer.Typer(
    help="Add, change and remove the accounts of the staff pages.",
    no_args_is_help=True,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
commands.add_typer(accounts_of_staff, name="staff-account")

OFF = "The staff page is off; a running server follows at once."
Name = Annotated[str, typer.Argument(metavar="NAME", help="A short name, or an e-mail address.")]
ROLES = ", ".join(role.value for role in Role)


@command("staff-password")
def staff_password(
    remove: Annotated[
        bool, typer.Option("--remove", help="Remove the account `staff` instead.")
    ] = False,
    data: Data = None,
) -> None:
    """Set the password of the account `staff`.

    It may do everything. The password is asked for twice, or is one line of the input.
    """
    from assistant.records.accounts import SIMPLE

    config = configured(data)
    accounts = _accounts(config)
    if remove:
        if accounts.find(SIMPLE):
            accounts.remove(SIMPLE, may_be_last=True)
            note(config, "account.remove", SIMPLE)
        print("The account `staff` is removed." if accounts.all() else OFF)
        return
    accounts.set_staff_password(new_password())
    note(config, "account.password", SIMPLE)
    print(f"The staff page is at {config.site}/staff; whoever was logged in is logged out.")


@command("staff-unlock")
def staff_unlock(data: Data = None) -> None:
    """Let staff log in again.

    After too many wrong passwords, whoever gave them.
    """
    from assistant.web.staff.access import Unlocking
    from assistant.web.staff.failures import RELIEF

    config = configured(data)
    if not _accounts(config).all():
        msg = "no staff password is set; set one with `python app.py staff-password`"
        raise InputError(msg)
    Unlocking(config.data_dir).unlock()
    print(
        f"For {RELIEF // 60} minutes nobody waits after a wrong password, at {config.site}/staff."
    )


@command("add", accounts_of_staff)
def add(
    name: Name,
    role: Annotated[Role, typer.Option(help=f"What it may do: {ROLES}.")],
    data: Data = None,
) -> None:
    """Add an account.

    Its password is asked for twice, or is one line of the input.
    """
    config = configured(data)
    made = _accounts(config).add(name, role, password=new_password())
    note(config, "account.add", made.name, role.value)
    print(f"{made.name} may {role.value}, at {config.site}/staff.")


@command("list", accounts_of_staff)
def show(data: Data = None) -> None:
    """List the accounts."""
    listed = _accounts(of_a_forum(data)).all()
    for account in listed:
        comes_by = "password" if account.hash else "single sign-on"
        state = "disabled" if account.disabled else "enabled"
        print(f"{account.name:30}  {account.role.value:10}  {state:8}  {comes_by}")
    if not listed:
        print("There is no account; add one with `python app.py staff-password`.")


@command("role", accounts_of_staff)
def set_role(
    name: Name,
    role: Annotated[Role, typer.Argument(metavar="ROLE", help=f"One of {ROLES}.")],
    data: Data = None,
) -> None:
    """Give an account another role."""
    _change(data, name, "role", lambda accounts: accounts.set_role(name, role), role.value)


@command("password", accounts_of_staff)
def set_password(name: Name, data: Data = None) -> None:
    """Give an account a new password.

    It is asked for twice, or is one line of the input.
    """
    _accounts(configured(data)).get(name)  # before anybody types a password for nobody
    password = new_password()
    _change(data, name, "password", lambda accounts: accounts.set_password(name, password))


@command("disable", accounts_of_staff)
def disable(name: Name, data: Data = None) -> None:
    """Let an account in no more."""
    _change(data, name, "disable", lambda accounts: accounts.set_disabled(name, disabled=True))


@command("enable", accounts_of_staff)
def enable(name: Name, data: Data = None) -> None:
    """Let an account in again."""
    _change(data, name, "enable", lambda accounts: accounts.set_disabled(name, disabled=False))


@command("remove", accounts_of_staff)
def remove(name: Name, data: Data = None) -> None:
    """Remove an account; with the last one, the staff page is off."""
    config = configured(data)
    accounts = _accounts(config)
    found = accounts.get(name)
    accounts.remove(name, may_be_last=True)
    note(config, "account.remove", found.name)
    print(f"{found.name} is removed and logged out.")
    if not accounts.all():
        print(OFF if not config.oidc_issuer else "It was the last account.")


def _accounts(config: Settings) -> "Accounts":
    from assistant.records.accounts import Accounts

    return Accounts(wiring.open_database(config))


def _change(
    data: "Data",
    name: str,
    what: str,
    change: "Callable[[Accounts], None]",
    details: str = "",
) -> None:
    config = configured(data)
    accounts = _accounts(config)
    change(accounts)
    found = accounts.get(name)
    note(config, f"account.{what}", found.name, details)
    state = "disabled" if found.disabled else f"enabled, and may {found.role.value}"
    print(f"{found.name} is {state}; whoever was logged in with it is logged out.")
