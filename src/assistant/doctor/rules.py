"""What is right and what is not. Pure: no input or output happens here."""

import stat
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from assistant.doctor.finding import Finding, error, ok, warning
from assistant.domain.networks import LOCAL
from assistant.settings import PREFIX, Settings

MEGABYTE = 2**20
INSTALL = "run `make install`"
WRITTEN = datetime(2026, 11, 1, tzinfo=UTC)
"""No release is older: a clock that says so is wrong."""
SLACK = timedelta(minutes=10)  # two clocks may differ by that
OF_USE_WITH = {
    "chat_base_url": "chat_model",
    "chat_api_version": "chat_model",
    "chat_api_key": "chat_model",
    "chat_seconds": "chat_model",
    "chat_daily_tokens": "chat_model",
    "embed_daily_questions": "embed_origins",
    "mail_server": "alerts",
    "mail_sender": "mail_server",
}
"""Settings that do nothing without another one, which nothing else would tell."""


def python(version: str, wanted: str) -> Finding:
    """Look at the version of Python."""
    if SpecifierSet(wanted).contains(version, prereleases=True):
        return ok("python", f"{version}, and {wanted} is wanted")
    return error("python", f"{version}, but {wanted} is wanted", f"{INSTALL} with such a Python")


def packages(wanted: Iterable[str], installed: Callable[[str], str | None]) -> Finding:
    """Look at the versions of packages; `installed` tells that of one, None where it is missing."""
    asked = [Requirement(each) for each in wanted]
    asked = [each for each in asked if each.marker is None or each.marker.evaluate({"extra": ""})]
    faults = []
    for each in asked:
        version = installed(each.name)
        if version is None:
            faults.append(f"{each.name} is missing")
        elif not each.specifier.contains(version, prereleases=True):
            faults.append(f"{each.name} is {version}, but {each.specifier} is wanted")
    if faults:
        return error("packages", "; ".join(faults), INSTALL)
    return ok("packages", f"{len(asked)} in the versions that are wanted")


def space(free: int, needed: int, data: Path) -> Finding:
    """Look at the room on the disk, of which the next generation needs so much."""
    told = f"{free // MEGABYTE} MB are free, the next generation needs {needed // MEGABYTE} MB"
    remedy = f"free some space where {data} is, or move it to another disk"
    if free < needed:
        return error("disk", told, remedy)
    return warning("disk", told, remedy) if free < 2 * needed else ok("disk", told)


def rights(owner: int, mode: int, ours: int, *, is_writable: bool, data: Path) -> Finding:
    """Look at whose the data directory is, and who else may read it."""
    name = "data directory"
    if owner != ours:
        remedy = f"run everything as the account it belongs to, or `chown -R {ours} {data}`"
        return error(name, f"{data} belongs to account {owner}, this is {ours}", remedy)
    if not is_writable:
        remedy = "mount its disk to be written, unless it is only to be served from"
        return warning(name, f"{data} cannot be written", remedy)
    if others := stat.S_IMODE(mode) & 0o077:
        told = f"others may get at {data} ({stat.S_IMODE(mode):03o}, of which {others:03o})"
        return error(name, told, f"run `chmod 700 {data}`")
    return ok(name, f"{data}, for its account alone")


def clock(now: datetime, built: datetime | None) -> Finding:
    """Look at the clock; schedules and days of validity go by it."""
    remedy = "set the clock of this machine, by NTP"
    if now < WRITTEN:
        return error("clock", f"it says {now:%Y-%m-%d}, before this release was written", remedy)
    if built is not None and now < built - SLACK:
        told = f"it says {now:%Y-%m-%d %H:%M}, before what is published was built"
        return error("clock", told, remedy)
    return ok("clock", f"{now:%Y-%m-%d %H:%M} UTC")


def address(config: Settings) -> Finding:
    """Look at whether public address, host and proxies fit together."""
    name, parts = "public address", urlsplit(config.public_url)
    is_local = config.host in LOCAL
    if not config.public_url:
        if is_local:
            return ok(name, f"none; the pages are for this machine, at {config.site}")
        told = f"the server listens on {config.host}, and nobody has said what it is called"
        return error(name, told, "set FORUM_PUBLIC_URL to the address that members see")
    if parts.scheme == "https" and not config.proxies:
        told = f"{config.public_url} needs a proxy that speaks https, and none is believed"
        remedy = "set FORUM_PROXIES to its address, else all visitors count as one"
        return error(name, told, remedy)
    if parts.scheme != "https" and parts.hostname not in LOCAL:
        told = f"{config.public_url} lets anybody on the way read questions and passwords"
        return warning(name, told, "put a proxy with TLS in front, and name an https address")
    if not is_local and parts.scheme == "https":
        told = f"{config.host} can be reached without the proxy of {config.public_url}"
        return warning(name, told, "let only the proxy reach it: FORUM_HOST=127.0.0.1, or a wall")
    return ok(name, config.public_url)


def unused_settings(config: Settings) -> Finding:
    """Look for settings that do nothing: whoever made them expects something of them."""
    name = "unused settings"
    made = [
        field
        for field in OF_USE_WITH
        if getattr(config, field) != Settings.model_fields[field].default
    ]
    idle = [
        f"{_variable(field)} does nothing without {_variable(OF_USE_WITH[field])}"
        for field in made
        if not getattr(config, OF_USE_WITH[field])
    ]
    if idle:
        return warning(name, "; ".join(idle), "set what they need, or unset them")
    return ok(name, "none")


def _variable(field: str) -> str:
    return f"{PREFIX}{field.upper()}"


def accounts(administrators: int, others: int) -> Finding:
    """Look at whether somebody may administer."""
    name = "staff accounts"
    if administrators:
        return ok(name, f"{administrators} may administer, {others} others may come in")
    remedy = "run `python app.py staff-password`, or `staff-account add NAME --role administer`"
    return warning(name, "nobody may administer, and the staff page is off", remedy)


def recognition(installed: Sequence[str] | None, wanted: Sequence[str]) -> Finding:
    """Look at the languages in which scanned pages are read; None: Tesseract is not there.

    It is not needed: pages that nobody reads are told of by the run.
    """
    name = "tesseract"
    if installed is None:
        return ok(name, "not installed: scanned pages are told of, not read")
    missing = [each for each in wanted if each not in installed]
    told = f"reads {', '.join(each for each in wanted if each in installed)}"
    if missing:
        packages = " ".join(f"tesseract-ocr-{each}" for each in missing)
        return ok(name, f"{told}; others come with Debian's {packages}")
    return ok(name, told)


def server(
    alive: int | None, ready: int | None, where: str, *, is_expected: bool, is_used: bool
) -> Finding:
    """Look at what a server answers: a status of HTTP, None where nobody answers."""
    name = "server"
    if alive is None:
        if is_expected:
            remedy = "start it with `python app.py serve`, and look at its log"
            return error(name, f"nobody answers at {where}", remedy)
        if is_used:
            told = f"somebody uses the data directory, and nobody answers at {where}"
            return warning(
                name, told, "if that is a server, set FORUM_HOST and FORUM_PORT as it has"
            )
        return ok(name, f"none runs at {where}")
    if alive != OK:
        told = f"{where}/livez answers {alive}"
        return error(name, told, "look whether another program listens there, and start it anew")
    if ready != OK:
        told = f"{where} lives and cannot answer questions"
        return error(name, told, "look at its log; while it starts, wait a minute")
    return ok(name, f"{where} answers questions")


OK = 200
