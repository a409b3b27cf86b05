"""Outgoing mail: SMTP where it is configured, else files that the development mailbox page shows."""

import email
import email.policy
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from pathlib import Path
from typing import Protocol, Self
from urllib.parse import unquote, urlsplit

import aiosmtplib

from codezest.kit.clock import now
from codezest.kit.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """A letter to one person: plain text, with links on lines of their own."""

    to: str
    subject: str
    text: str

    @classmethod
    def of_paragraphs(cls, to: str, subject: str, *paragraphs: str) -> Self:
        """A letter with an empty line between its paragraphs."""
        return cls(to=to, subject=subject, text="\n\n".join(paragraphs) + "\n")


class Mailer(Protocol):
    """Hands a letter to whoever delivers it. Raises OSError or SMTPException when that fails, to be tried again."""

    async def send(self, mail: Mail) -> None: ...


def _message(mail: Mail, sender: str) -> EmailMessage:
    message = EmailMessage(policy=email.policy.SMTP)
    message["From"] = sender
    message["To"] = mail.to
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(now())
    message["Message-ID"] = make_msgid(domain="codezest.invalid")
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text)
    return message


class SmtpMailer:
    """Delivers through a server; upgrades to TLS when the server offers it."""

    def __init__(self, url: str, sender: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
            raise ValueError("CODEZEST_SMTP_URL must look like smtp://host:587 or smtps://host:465")
        self._host = parts.hostname
        self._tls = parts.scheme == "smtps"
        self._port = parts.port or (465 if self._tls else 587)
        self._username = unquote(parts.username) if parts.username else None
        self._password = unquote(parts.password) if parts.password else None
        self._sender = sender

    async def send(self, mail: Mail) -> None:
        await aiosmtplib.send(
            _message(mail, self._sender),
            hostname=self._host,
            port=self._port,
            use_tls=self._tls,
            username=self._username,
            password=self._password,
            timeout=20,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptMail:
    """A letter in the development mailbox."""

    to: str
    subject: str
    text: str
    sent_at: datetime


class MailboxMailer:
    """Keeps letters as files, for development: the newest first in `letters()`."""

    def __init__(self, folder: Path, sender: str) -> None:
        self._folder = folder
        self._sender = sender

    async def send(self, mail: Mail) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        name = f"{now():%Y%m%dT%H%M%S.%f}-{secrets.token_hex(4)}"
        partial = self._folder / f"{name}.partial"
        partial.write_bytes(bytes(_message(mail, self._sender)))
        partial.rename(self._folder / f"{name}.eml")

    def letters(self, limit: int = 50) -> Iterator[KeptMail]:
        """The newest letters, at most `limit`."""
        if not self._folder.is_dir():
            return
        for path in sorted(self._folder.glob("*.eml"), reverse=True)[:limit]:
            message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            yield KeptMail(
                to=str(message["To"]),
                subject=str(message["Subject"]),
                text=message.get_content(),
                sent_at=message["Date"].datetime,
            )


def mailer_for(settings: Settings) -> Mailer:
    """The mailer the settings choose."""
    if settings.smtp_url:
        return SmtpMailer(settings.smtp_url, settings.mail_from)
    return mailbox_for(settings)


def mailbox_for(settings: Settings) -> MailboxMailer:
    """The development mailbox in the data directory."""
    return MailboxMailer(settings.data_dir / "mail", settings.mail_from)
