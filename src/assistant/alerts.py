"""Tells staff by e-mail or webhook what cannot wait until somebody looks at the pages.

The only module that sends anything of its own accord, and only where the operator said whom to.
"""

import json
import smtplib
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from http import HTTPStatus
from urllib.parse import unquote, urlsplit

import certifi
import httpcore

from assistant.domain.errors import AssistantError

SECONDS = 15  # for a server to answer
SMTP_PORT, SMTPS_PORT = 587, 465
MAIL, WEB, LOCAL = "mailto", {"https"}, {"127.0.0.1", "localhost", "::1"}


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
            except (httpcore.TimeoutException, httpcore.ProtocolError, UnicodeError) as exc:
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
    parts = urlsplit(target)
    return target if parts.scheme == MAIL else f"{parts.scheme}://{parts.netloc}/…"


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


def fault_of(target: str, mail_server: str) -> str:
    """Return what is wrong with a target, empty where it can be used."""
    parts = urlsplit(target)
    if parts.scheme == MAIL:
        if "@" not in parts.path:
            return f"{target} is no address; write mailto:name@example.org"
        return "" if mail_server else f"{target} needs FORUM_MAIL_SERVER"
    if parts.scheme in WEB or (parts.scheme == "http" and parts.hostname in LOCAL):
        return "" if parts.hostname else f"{_shown(target)} names no host"
    return f"{_shown(target)} is neither mailto:name@example.org nor an https:// address"
