"""Tells staff by e-mail or webhook what cannot wait until somebody looks at the pages.

The only module that sends anything of its own accord, and only where the operator said whom to.
"""

import json
import re
import smtplib
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import parseaddr
from http import HTTPStatus
from urllib.parse import SplitResult, unquote, urlsplit

import certifi
import httpcore

from assistant.domain.errors import AssistantError

SECONDS = 15  # for a server to answer
SMTP_PORT, SMTPS_PORT = 587, 465
MAIL, WEB, LOCAL = "mailto", {"https"}, {"127.0.0.1", "localhost", "::1"}
ADDRESS = re.compile(
    r"[\w!#$&'*+/=^`{|}~-]+(?:\.[\w!#$&'*+/=^`{|}~-]+)*@(?:localhost|[\w-]+(?:\.[\w-]+)+)"
)
"""A mail address that every server takes: one, without a name, without quotes."""


class AlertError(AssistantError):
    """An alert could not be delivered."""


@dataclass(frozen=True, slots=True)
class Alerts:
    """Sends alerts.

    Attributes:
        targets: Where to: `mailto:NAME@HOST`, or the https address of a webhook.
        mail_server: `smtp://USER:PASSWORD@HOST:PORT`, or `smtps`.
        sender: The address that mails come from; empty: the one they go to.
    """

    targets: Sequence[str] = ()
    mail_server: str = ""
    sender: str = ""

    def send(self, subject: str, text: str) -> None:
        """Send to every target. Raises AlertError that names those that could not be reached."""
        failed = list[str]()
        for target in self.targets:
            try:
                if urlsplit(target).scheme == MAIL:
                    self._mail(target.partition(":")[2], subject, text)
                else:
                    _post(target, subject, text)
            except (OSError, smtplib.SMTPException, httpcore.NetworkError, AlertError) as exc:
                failed.append(f"{_shown(target)} ({str(exc) or type(exc).__name__})")
            except (
                httpcore.TimeoutException,
                httpcore.ProtocolError,
                httpcore.UnsupportedProtocol,
                ValueError,
            ) as exc:
                failed.append(f"{_shown(target)} ({type(exc).__name__})")
        if failed:
            msg = f"no alert could be sent to {', '.join(failed)}; check FORUM_ALERTS"
            raise AlertError(msg)

    def _mail(self, address: str, subject: str, text: str) -> None:
        message = EmailMessage()
        message["From"], message["To"] = self.sender or address, address
        message["Subject"] = " ".join(subject.split())
        message.set_content(text)
        with signed_in(self.mail_server) as connection:
            connection.send_message(message)


@contextmanager
def signed_in(mail_server: str) -> Iterator[smtplib.SMTP]:
    """Hold a connection to a mail server; nothing is said in the clear but to this machine.

    Raises OSError and SMTPException.
    """
    server = urlsplit(mail_server)
    context = ssl.create_default_context(cafile=certifi.where())
    host = server.hostname or ""
    if server.scheme == "smtps":
        connection: smtplib.SMTP = smtplib.SMTP_SSL(
            host, server.port or SMTPS_PORT, timeout=SECONDS, context=context
        )
    else:
        connection = smtplib.SMTP(host, server.port or SMTP_PORT, timeout=SECONDS)
    with connection:
        if server.scheme != "smtps" and host not in LOCAL:
            connection.starttls(context=context)
        if server.username:
            connection.login(unquote(server.username), unquote(server.password or ""))
        yield connection


def _shown(target: str) -> str:
    """Return a target without what only its owner should read: a webhook's path is its key."""
    parts = _parts(target)
    if parts is None or not (parts.netloc or parts.scheme == MAIL):
        return "what is written there"  # and may hold a password anywhere
    host = parts.netloc.rpartition("@")[2]
    return target if parts.scheme == MAIL else f"{parts.scheme}://{host}/…"


def _parts(target: str) -> SplitResult | None:
    """Return the parts of a target, None where it has none that there can be."""
    try:
        parts = urlsplit(target)
        is_one = parts.port != 0
    except ValueError:
        return None
    return parts if is_one else None


def _post(address: str, subject: str, text: str) -> None:
    """Post an alert in the form that Slack, Mattermost and Teams take: an object with `text`."""
    body = json.dumps({"text": f"{subject}\n{text}"}).encode()
    times = dict.fromkeys(("connect", "read", "write", "pool"), SECONDS)
    response = httpcore.request(
        "POST",
        address,
        headers={"content-type": "application/json", "user-agent": "forum-assistant"},
        content=body,
        extensions={"timeout": times},
    )
    if response.status >= HTTPStatus.MULTIPLE_CHOICES:
        msg = f"it answered {response.status}"
        raise AlertError(msg)


def is_sender(text: str) -> bool:
    """Whether mails can come from it: one address, or `NAME <ADDRESS>`."""
    address = parseaddr(text)[1]
    return bool(ADDRESS.fullmatch(address)) and text.endswith((f"<{address}>", address))


def fault_of(target: str, mail_server: str) -> str:
    """Return what is wrong with a target, empty where it can be used."""
    parts = _parts(target)
    if parts is None:
        return "an address is none; write https://, a host and a port that there can be"
    if parts.scheme == MAIL:
        if not ADDRESS.fullmatch(target.partition(":")[2]):
            return f"{target} is no address; write mailto:name@example.org"
        return "" if mail_server else f"{target} needs FORUM_MAIL_SERVER"
    return _webhook_fault(parts, _shown(target))


def _webhook_fault(parts: SplitResult, shown: str) -> str:
    if parts.scheme not in WEB and not (parts.scheme == "http" and parts.hostname in LOCAL):
        return f"{shown} is neither mailto:name@example.org nor an https:// address"
    if not parts.hostname:
        return f"{shown} names no host"
    return f"{shown} holds a user, which no webhook takes" if "@" in parts.netloc else ""
