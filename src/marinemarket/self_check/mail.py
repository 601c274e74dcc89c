"""Mail: does the server accept us, and can a test email be sent?"""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from urllib.parse import urlsplit

import aiosmtplib

from ..clock import Clock
from ..config.settings import PREFIX, Settings
from ..errors import Invalid
from ..mail.transports import FolderTransport, PermanentFailure, SmtpTransport, TemporaryFailure
from .finding import Finding, bad, good
from .machine import is_local

SECONDS = 10
"""How long the server may take to respond."""


async def check_mail(settings: Settings) -> Finding:
    """Connect to the mail server, and sign in if a password is set."""
    if not settings.smtp_url:
        return _without_server(settings)
    try:
        server = SmtpTransport.of(settings.smtp_url)
    except Invalid as error:
        return bad("mail", str(error), f"correct {PREFIX}SMTP_URL")
    try:
        async with server.connection(SECONDS) as connection:
            by = "over TLS" if connection.get_transport_info("sslcontext") else "without TLS"
    except (aiosmtplib.SMTPException, OSError, ValueError) as error:
        why, todo = _why_not(error)
        return bad("mail", f"cannot use {server.host}:{server.port}: {why}", todo)
    signed_in = f", signed in as {server.user}" if server.user else ""
    return good("mail", f"{server.host}:{server.port} answers {by}{signed_in}")


def _without_server(settings: Settings) -> Finding:
    message = f"emails are written to files in {settings.emails_folder}"
    if is_local(settings):
        return good("mail", message)
    return bad(
        "mail",
        f"{message}: nobody can confirm an address or reset a password",
        f"set {PREFIX}SMTP_URL, such as smtp://user:password@mail.example:587",
    )


def _why_not(error: BaseException) -> tuple[str, str]:
    """Why the server did not accept us, and what to do about it."""
    causes = [*_causes(error)]
    if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes):
        return (
            "this machine does not trust its certificate",
            "for a server on this machine, append ?starttls=never to the address; for a private "
            "authority, put its certificate into /usr/local/share/ca-certificates and run "
            "update-ca-certificates; otherwise use the host name in the certificate",
        )
    if any(isinstance(cause, aiosmtplib.SMTPAuthenticationError) for cause in causes):
        todo = f"check user and password in {PREFIX}SMTP_URL; write @ in them as %40"
        return "it rejects the password", todo
    why = str(error) or type(error).__name__
    return why, f"check host and port in {PREFIX}SMTP_URL, and whether a firewall blocks the server"


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


async def send_test(settings: Settings, to: str, clock: Clock) -> Finding:
    """Send a test email the way the market sends its own, and report where it went."""
    message = _message(settings, clock)
    try:
        message["To"] = Address(addr_spec=to)
    except (ValueError, IndexError):
        return bad(
            "test email", f"{to} is not an address", "give an address such as you@boats.example"
        )
    folder = settings.emails_folder
    try:
        if settings.smtp_url:
            server = SmtpTransport.of(settings.smtp_url)
            await server.send(message)
            return good(
                "test email", f"{server.host}:{server.port} accepted it; check {to}'s inbox"
            )
        await FolderTransport(folder).send(message)
    except (PermanentFailure, TemporaryFailure) as error:
        todo = "see the mail check; SPF, DKIM and the sender are in docs/first-server.md"
        return bad("test email", f"it could not be sent to {to}: {error}", todo)
    return good("test email", f"written to a file in {folder}")


def _message(settings: Settings, clock: Clock) -> EmailMessage:
    name, address = settings.sender
    message = EmailMessage()
    message["Subject"] = f"Test of {settings.market_name}"
    message["From"] = Address(name, addr_spec=address)
    message["Date"] = format_datetime(datetime.fromtimestamp(clock() // 1000, UTC))
    message["Message-ID"] = make_msgid(domain=urlsplit(settings.public_url).hostname or "localhost")
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(
        f"This is a test email from `marinemarket check`. It shows that emails from "
        f"{settings.market_name} ({settings.public_url}) reach you.\n"
    )
    return message
