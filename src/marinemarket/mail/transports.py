"""Sends emails by SMTP, or saves them in a folder on a machine without a mail server."""

from __future__ import annotations

import asyncio
import os
import secrets
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol
from urllib.parse import parse_qs, unquote

import aiosmtplib

from ..config.types import mail_server_in
from ..errors import FieldError, Invalid
from .failures import Refusal, refusal_at_once

SECONDS = 30


class TemporaryFailure(Exception):
    """The email was not accepted, but may be later."""


class PermanentFailure(Exception):
    """The email will never be accepted: the address does not exist, or we may not send to it.

    `refusal` is what this says about the address.
    """

    def __init__(self, message: str, refusal: Refusal = Refusal.OTHER) -> None:
        super().__init__(message)
        self.refusal = refusal


class Transport(Protocol):
    """Sends emails. Raises TemporaryFailure or PermanentFailure, neither of which names an address."""

    async def send(self, message: EmailMessage, *, return_path: str | None = None) -> None:
        """Send an email. What cannot be delivered returns to `return_path`, by default the sender."""


@dataclass(frozen=True, slots=True)
class FolderTransport:
    """Saves emails as files named after their Message-ID: an email sent twice is one file.

    They hold links that sign people in, so only the market itself may read them.
    """

    path: Path

    async def send(self, message: EmailMessage, *, return_path: str | None = None) -> None:
        try:
            await asyncio.to_thread(self._write, message)
        except OSError as error:
            raise TemporaryFailure(f"the folder takes nothing: {error.strerror}") from None

    def _write(self, message: EmailMessage) -> None:
        self.path.mkdir(parents=True, exist_ok=True)
        name = str(message["Message-ID"]).strip("<>").partition("@")[0]
        part = self.path / f".{name}-{secrets.token_hex(4)}"
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(message.as_bytes())
            file.flush()
            os.fsync(file.fileno())
        part.replace(self.path / f"{name}.eml")
        folder = os.open(self.path, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


@dataclass(frozen=True, slots=True)
class SmtpTransport:
    """A mail server: ``smtp://user:password@host:587``, or ``smtps://host`` for TLS from the start.

    With a user and password, or with ``?starttls=always``, nothing is sent before TLS is on. With
    ``?starttls=never`` the connection stays unencrypted, for a server on this machine.
    """

    host: str
    port: int
    user: str | None
    password: str | None = field(repr=False)
    from_the_start: bool
    starttls: bool | None

    @classmethod
    def of(cls, url: str) -> SmtpTransport:
        """Raises Invalid for a malformed address."""
        try:
            parts = mail_server_in(url)
        except ValueError as error:
            raise Invalid([FieldError("SMTP_URL", str(error))]) from None
        wish = parse_qs(parts.query).get("starttls", [""])[0]
        port = parts.port
        from_the_start = parts.scheme == "smtps"
        must = wish == "always" or (parts.username is not None and wish != "never")
        return cls(
            host=parts.hostname or "",
            port=port or (465 if from_the_start else 587 if parts.username else 25),
            user=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password) if parts.password else None,
            from_the_start=from_the_start,
            starttls=False if from_the_start or wish == "never" else True if must else None,
        )

    def connection(self, seconds: float = SECONDS) -> aiosmtplib.SMTP:
        """A connection for ``async with``, which greets, starts TLS and signs in on entering.

        `seconds` is how long the server may take for each answer.
        """
        return aiosmtplib.SMTP(
            hostname=self.host,
            port=self.port,
            username=self.user,
            password=self.password,
            use_tls=self.from_the_start,
            start_tls=self.starttls,
            timeout=seconds,
            tls_context=ssl.create_default_context(),
        )

    async def send(self, message: EmailMessage, *, return_path: str | None = None) -> None:
        try:
            async with self.connection() as connection:
                await connection.send_message(message, sender=return_path)
        except aiosmtplib.SMTPRecipientsRefused as error:
            codes = [refusal.code for refusal in error.recipients]
            why = f"the server refuses the recipient ({codes})"
            if any(code < 500 for code in codes):
                raise TemporaryFailure(why) from None
            first = error.recipients[0]
            refusal = refusal_at_once(first.code, first.message)
            raise PermanentFailure(why, refusal) from None
        except aiosmtplib.SMTPDataError as error:
            kind = PermanentFailure if error.code >= 500 else TemporaryFailure
            raise kind(f"the server refuses the letter ({error.code})") from None
        except aiosmtplib.SMTPResponseException as error:
            # Its greeting, our name, or who we say we are: nothing that is the letter's fault.
            raise TemporaryFailure(f"the server does not deal with us ({error.code})") from None
        except (aiosmtplib.SMTPException, OSError, ssl.SSLError) as error:
            raise TemporaryFailure(
                f"the server cannot be reached ({type(error).__name__})"
            ) from None
