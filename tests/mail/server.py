"""A real mail server on the loopback address that refuses or disconnects on request."""

from __future__ import annotations

import asyncio
import ssl
import warnings
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult


@dataclass
class Server:
    """What arrived, and what is answered: to each recipient, and to each letter's end."""

    arrived: list[EmailMessage] = field(default_factory=list)
    recipients: list[list[str]] = field(default_factory=list)
    senders: list[str] = field(default_factory=list)
    """The envelope senders: where an email returns to."""
    raw: list[bytes] = field(default_factory=list)
    to_recipients: list[str] = field(default_factory=list)
    to_letters: list[str] = field(default_factory=list)
    url: str = ""

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name - the server's name for it
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        text = self.to_recipients.pop(0) if self.to_recipients else "250 OK"
        if text.startswith("250"):
            envelope.rcpt_tos.append(address)
        return text

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        text = self.to_letters.pop(0) if self.to_letters else "250 OK"
        if text.startswith("250") or text == "die":
            message = message_from_bytes(envelope.content, EmailMessage, policy=policy.default)
            assert isinstance(message, EmailMessage)
            self.arrived.append(message)
            self.raw.append(envelope.content)
            self.senders.append(envelope.mail_from)
            self.recipients.append(list(envelope.rcpt_tos))
        if text == "die":
            server.transport.close()
        return text


@asynccontextmanager
async def mail_server(
    *, asks_for: tuple[str, str] | None = None, certificate: tuple[Path, Path] | None = None
) -> AsyncIterator[Server]:
    """A server, until the end of the block; one that asks for a name and a password, if wished.

    With the files of a certificate and its key it offers STARTTLS.
    """

    def judge(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        given = (data.login.decode(), data.password.decode())
        return AuthResult(success=given == asks_for, handled=False)  # it answers 535

    handler = Server()
    more: dict[str, Any] = {"hostname": "localhost"}
    if asks_for:
        more |= {"authenticator": judge, "auth_required": True, "auth_require_tls": False}

    if certificate:
        more["tls_context"] = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        more["tls_context"].load_cert_chain(*certificate)

    def answering() -> SMTP:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it warns of passwords on an open line, rightly
            return SMTP(handler, **more)

    loop = asyncio.get_running_loop()
    listening = await loop.create_server(answering, "127.0.0.1", 0)
    try:
        handler.url = f"smtp://127.0.0.1:{listening.sockets[0].getsockname()[1]}?starttls=never"
        yield handler
    finally:
        listening.close()
