"""The server through which the mail server in front delivers replies: SMTP or LMTP, local only.

It accepts one recipient at a time: its answer then says what became of the email for that recipient,
which LMTP requires, and an SMTP server simply delivers once for each.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from typing import Any

from aiosmtpd.smtp import SMTP, syntax

from ..errors import MarketError
from .context import MessagingContext
from .email_parser import LARGEST_MAIL
from .relay import Mail, Outcome, relay

log = logging.getLogger(__name__)

_REPLIES = {
    Outcome.PASSED_ON: "250 2.0.0 Passed on",
    Outcome.HELD_BACK: "250 2.0.0 Accepted; an email says what became of it",
    Outcome.DROPPED: "250 2.0.0 Taken",
    Outcome.CAME_BACK: "250 2.0.0 Noted",
    Outcome.UNKNOWN: "550 5.1.1 No such address",
}
SECONDS = 60
MOST_AT_ONCE = 20


class _Receiver(SMTP):
    """Speaks both: with one recipient, LMTP differs only in its greeting."""

    @syntax("LHLO hostname")
    async def smtp_LHLO(self, hostname: str) -> None:  # noqa: N802 - the server's name for it
        await self.smtp_EHLO(hostname)


class _Handler:
    """The handler that the server calls at each step."""

    def __init__(self, context: MessagingContext) -> None:
        self._desk = context
        self._room = asyncio.Semaphore(MOST_AT_ONCE)

    async def handle_RCPT(  # noqa: N802 - the server's name for it
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        if envelope.rcpt_tos:
            return "452 4.5.3 One recipient at a time"
        if not self._desk.is_known(address):
            return "550 5.1.1 No such address"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - as above
        mail = Mail(envelope.rcpt_tos[0], envelope.mail_from or "", bytes(envelope.content))
        try:
            async with self._room:
                return _REPLIES[await relay(self._desk, mail)]
        except MarketError as error:
            log.warning("relay: %s", error)
            return "451 4.3.0 Not now, please try again"


async def receive(context: MessagingContext, host: str, port: int, stopping: asyncio.Event) -> None:
    """Accept emailed replies until told to stop. Raises OSError when the port is taken."""
    door = _Handler(context)
    server = await asyncio.get_running_loop().create_server(
        lambda: _Receiver(door, data_size_limit=LARGEST_MAIL, timeout=SECONDS, hostname="relay"),
        host,
        port,
    )
    try:
        await stopping.wait()
    finally:
        server.close()
        with suppress(TimeoutError):
            await asyncio.wait_for(server.wait_closed(), 5)
