"""Mail: does the server take us, and does a test email leave?"""

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
"""How long a server may take to greet us."""


async def check_mail(settings: Settings) -> Finding:
    """Connect to the mail server, and sign in where a password is set."""
    if not settings.smtp_url:
        return _without_server(settings)
    try:
        server = SmtpTransport.of(settings.smtp_url)
    except Invalid as error:
        return bad("mail", str(error), f"see {PREFIX}SMTP_URL in docs/reference/settings.md")
    try:
        async with server.connection(SECONDS) as connection:
            by = "by TLS" if connection.get_transport_info("sslcontext") else "without TLS"
    except (aiosmtplib.SMTPException, OSError, ValueError) as error:
        why, told = _why_not(error)
        return bad("mail", f"{server.host}:{server.port} does not take us: {why}", told)
    signed_in = f", signed in as {server.user}" if server.user else ""
    return good("mail", f"{server.host}:{server.port} answers {by}{signed_in}")


def _without_server(settings: Settings) -> Finding:
    told = f"emails are files in {settings.letters_folder}"
    if is_local(settings):
        return good("mail", told)
    return bad(
        "mail",
        f"{told}: nobody can confirm an address or reset a password",
        f"set {PREFIX}SMTP_URL, such as smtp://user:password@mail.example:587",
    )


def _why_not(error: BaseException) -> tuple[str, str]:
    """Why a server did not take us, and what to do about it."""
    causes = [*_causes(error)]
    if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes):
        return (
            "its certificate is signed by nobody whom this machine trusts",
            "for a server on this machine end the address with ?starttls=never; for a private "
            "authority put its certificate into /usr/local/share/ca-certificates and run "
            "update-ca-certificates; else use the name that the certificate is for",
        )
    if any(isinstance(cause, aiosmtplib.SMTPAuthenticationError) for cause in causes):
        told = f"check user and password in {PREFIX}SMTP_URL; write @ in them as %40"
        return "it refuses the password", told
    why = str(error) or type(error).__name__
    return why, f"check host and port in {PREFIX}SMTP_URL, and whether the server may be reached"


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


async def send_test(settings: Settings, to: str, clock: Clock) -> Finding:
    """Send a test email by the market's own way; where it went."""
    message = _message(settings, clock)
    try:
        message["To"] = Address(addr_spec=to)
    except (ValueError, IndexError):
        return bad("test email", f"{to} is no address", "give an address such as you@boats.example")
    folder = settings.letters_folder
    try:
        if settings.smtp_url:
            server = SmtpTransport.of(settings.smtp_url)
            await server.send(message)
            return good("test email", f"{server.host}:{server.port} took it for {to}; look there")
        await FolderTransport(folder).send(message)
    except (PermanentFailure, TemporaryFailure) as error:
        told = "see what is said of mail; SPF, DKIM and the sender are in docs/first-server.md"
        return bad("test email", f"it did not leave for {to}: {error}", told)
    return good("test email", f"it is a file in {folder}")


def _message(settings: Settings, clock: Clock) -> EmailMessage:
    name, address = settings.sender
    message = EmailMessage()
    message["Subject"] = f"Test of {settings.market_name}"
    message["From"] = Address(name, addr_spec=address)
    message["Date"] = format_datetime(datetime.fromtimestamp(clock() // 1000, UTC))
    message["Message-ID"] = make_msgid(domain=urlsplit(settings.public_url).hostname or "localhost")
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(
        f"This is a test by `marinemarket check`. Emails of {settings.market_name} "
        f"({settings.public_url}) reach you.\n"
    )
    return message
