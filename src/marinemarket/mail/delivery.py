"""Sends the emails waiting in the outbox, each once.

An email is claimed before it is sent, by a commit that only one sender can win, and the outcome is
recorded once the mail server has accepted it. If the process dies in between, or the store is
unreachable for as long as the claim lasts, the email is sent a second time under the same
Message-ID.
"""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any
from urllib.parse import urlsplit

from jinja2 import TemplateError

from ..audit.operational import Operational
from ..audit.trail import Trail
from ..clock import CLOCK_TOLERANCE, HOUR, MINUTE, from_iso, iso
from ..errors import Conflict, MarketError
from ..links import Links
from ..metrics import EMAILS
from ..store.items import Item
from ..store.schema import OUTBOX
from ..store.store import Between, Query
from ..store.writes import Equals, Update
from ..vault.vault import Vault
from ..wire import decode
from .email import WAITING
from .failures import FAILED, Refusal, masked_address, recipient_hash
from .rendering import render
from .return_path import ReturnPath
from .ruling import Rule, Ruling, Verdict, send_all
from .sender_name import message_policy, without_addresses
from .transports import PermanentFailure, TemporaryFailure, Transport

log = logging.getLogger(__name__)

TAKEN_FOR = 5 * MINUTE
"""How long a claimed email belongs to its sender; longer than any delivery takes."""
LONGEST_SENDING = 120
RECORDING_PAUSES = (0.1, 0.5, 2, 5)
"""Both in seconds."""
LONGEST_PAUSE = 4 * HOUR
GIVEN_UP_AFTER = 48 * HOUR
FEWEST_ATTEMPTS = 8
"""An email is given up after this time, and as many attempts as fit into half of it."""
AT_ONCE = 50
LOOKED_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Sender:
    """The sender: who an email comes from."""

    name: str
    address: str
    links: Links
    market_name: str


Refused = Callable[[str, Refusal, str], Awaitable[object]]
"""Told of an email whose address was refused: its id, what that says, and the reason in words."""


class Delivery:
    """Sends emails through one transport per channel.

    `rule` is asked about each email before it is sent. `refused` learns of addresses that do not work;
    what cannot be delivered later comes back to an address of `return_path`.
    """

    def __init__(
        self,
        trail: Trail,
        vault: Vault,
        sender: Sender,
        transports: Mapping[str, Transport],
        *,
        return_path: ReturnPath,
        refused: Refused,
        rule: Rule = send_all,
    ) -> None:
        self._trail, self._vault = trail, vault
        self._sender, self._transports = sender, transports
        self._return_path, self._refused, self._rule = return_path, refused, rule
        self._trouble = ""
        self._looked_at: float | None = None

    async def run_once(self) -> int:
        """Send what is due now. Returns the number of emails handled, whether sent or not."""
        dealt_with = 0
        for known in [*await self._due(), *await self._dated_ahead()]:
            # An index may lag: what counts is the letter as it stands.
            letter = await self._trail.store.get(OUTBOX, known["id"])
            if letter is not None and await self._take(letter):
                await _to_its_end(self._deal_with(letter))
                dealt_with += 1
        return dealt_with

    async def _due(self) -> list[Item]:
        between = Between(highest=iso(self._trail.clock()))
        return (await self._trail.store.query(_waiting(between))).items

    async def _dated_ahead(self) -> list[Item]:
        """Emails that were written or put off while the clock was ahead, and so are due now.

        Looked for once a minute, since it means going through all that are put off.
        """
        if self._looked_at is not None and time.monotonic() - self._looked_at < LOOKED_SECONDS:
            return []
        self._looked_at = time.monotonic()
        now, found = self._trail.clock(), list[Item]()
        query = _waiting(Between(lowest=iso(now + CLOCK_TOLERANCE)))
        while len(found) < AT_ONCE:
            page = await self._trail.store.query(query)
            found += (letter for letter in page.items if _is_due(letter, now))
            if page.next is None:
                break
            query = replace(query, after=page.next)
        return found

    async def _take(self, letter: Item) -> bool:
        now = self._trail.clock()
        if "waiting" not in letter or not _is_due(letter, now):
            return False
        taken = {"dueAt": iso(now + TAKEN_FOR), "attempts": letter["attempts"] + 1}
        return await self._record(letter, taken)

    async def _deal_with(self, letter: Item) -> None:
        """Send a claimed email and record the outcome."""
        taken = {**letter, "attempts": letter["attempts"] + 1}
        text: dict[str, Any] = {}
        try:
            text = await self._opened(letter)
            ruling = await self._rule(letter, text["values"])
            if ruling.verdict is not Verdict.SEND:
                await self._hold_back(taken, ruling)
                return
            text["to"] = ruling.to or text["to"]
            message = self._message(letter, text)
            return_path = self._return_path.address_for(letter["id"])
            async with asyncio.timeout(LONGEST_SENDING):
                transport = self._transports[letter["channel"]]
                await transport.send(message, return_path=return_path)
        except (TemporaryFailure, MarketError, TimeoutError) as trouble:
            # A secret that cannot be opened counts here as well: its key may come back.
            why = str(trouble) or "it took too long"
            self._say(why)
            await self._put_off(taken, why, text.get("to", ""))
        except (PermanentFailure, TemplateError, ValueError) as trouble:
            self._say(str(trouble))
            await self._give_up(taken, str(trouble), text.get("to", ""))
            refusal = getattr(trouble, "refusal", Refusal.OTHER)
            if refusal is not Refusal.OTHER and letter["channel"] == "mail":
                await self._refused(letter["id"], refusal, str(trouble))
        else:
            self._trouble = ""
            EMAILS.labels("sent").inc()
            to = recipient_hash(letter["id"], text["to"])
            await self._end(taken, {"sentAt": iso(self._trail.clock()), "recipientHash": to})

    def _say(self, trouble: str) -> None:
        if trouble != self._trouble:
            log.warning("mail: %s", trouble)
        self._trouble = trouble

    async def _give_up(self, letter: Item, why: str, to: str) -> None:
        EMAILS.labels("failed").inc()
        is_mail = to and letter["channel"] == "mail"
        outcome = {
            "failed": FAILED,
            "failedAt": iso(self._trail.clock()),
            "why": why,
            **({"recipient": masked_address(to)} if is_mail else {}),
            **({"recipientHash": recipient_hash(letter["id"], to)} if is_mail else {}),
        }
        await self._end(letter, outcome)

    async def _hold_back(self, letter: Item, ruling: Ruling) -> None:
        """Keep an email that may not be sent, for as long as one is tried, or drop it."""
        if ruling.verdict is Verdict.WAIT and not self._is_old(letter):
            await self._try_later(letter, ruling.why)
            return
        EMAILS.labels("withheld").inc()
        await self._end(letter, {"withheldAt": iso(self._trail.clock()), "why": ruling.why})

    async def _put_off(self, letter: Item, why: str, to: str) -> None:
        if self._is_old(letter):
            await self._give_up(letter, why, to)
        else:
            await self._try_later(letter, why)

    def _is_old(self, letter: Item) -> bool:
        # Both: a clock that is ahead for a moment gives nothing up.
        is_old = self._trail.clock() - from_iso(letter["createdAt"]) >= GIVEN_UP_AFTER
        return bool(is_old and letter["attempts"] >= FEWEST_ATTEMPTS)

    async def _try_later(self, letter: Item, why: str) -> None:
        now = self._trail.clock()
        EMAILS.labels("put off").inc()
        pause = _pause_after(letter["attempts"])
        jitter = random.randrange(pause // 4 + 1)  # noqa: S311 - no secret
        await self._record(letter, {"dueAt": iso(now + pause + jitter), "why": why})

    async def _end(self, letter: Item, outcome: Item) -> None:
        """Record the outcome: the content is dropped, and the fact that it was sent is kept for a
        while.

        A failing store is retried. An email whose outcome could not be recorded is sent again.
        """
        for pause in (*RECORDING_PAUSES, None):
            try:
                await self._record(letter, outcome, remove=("waiting", "dueAt", "sealed"))
            except MarketError as trouble:
                if pause is None:
                    raise
                self._say(str(trouble))
                await asyncio.sleep(pause)
            else:
                return

    async def _record(self, letter: Item, outcome: Item, *, remove: tuple[str, ...] = ()) -> bool:
        still = Equals(waiting=WAITING, attempts=letter["attempts"])
        write = Update(OUTBOX, (letter["id"],), set=outcome, remove=remove, when=still)
        try:
            await self._trail.commit_operational(Operational.LETTER, write)
        except Conflict:
            return False  # another post has it, or it was muted
        return True

    async def _opened(self, letter: Item) -> dict[str, Any]:
        """The recipient and the values of an email. Raises MarketError where it cannot be opened."""
        opened = await self._vault.open(letter["sealed"], bound_to=f"letter {letter['id']}")
        text: dict[str, Any] = decode(opened)
        return text

    def _message(self, letter: Item, text: Mapping[str, Any]) -> EmailMessage:
        sender = self._sender
        rendered = render(
            letter["template"],
            text["values"],
            links=sender.links,
            market_name=sender.market_name,
        )
        message = EmailMessage(policy=message_policy())
        message["Message-ID"] = f"<{letter['id']}@{urlsplit(sender.links.site).hostname}>"
        message["Date"] = format_datetime(datetime.fromtimestamp(self._trail.clock() // 1000, UTC))
        message["From"] = Address(_named(sender, text["values"]), addr_spec=sender.address)
        message["To"] = _recipient(text["to"], letter["channel"])
        message["Subject"] = rendered.subject or "Text message"
        message["Auto-Submitted"] = "auto-generated"
        message["X-Auto-Response-Suppress"] = "All"
        if conversation := text["values"].get("conversation"):
            # One thread in mail programs, too.
            message["References"] = f"<{conversation}@{urlsplit(sender.links.site).hostname}>"
        if reply_to := text["values"].get("reply_to"):
            message["Reply-To"] = Address(addr_spec=reply_to)
        if way_out := text["values"].get("unsubscribe"):
            # What mail programs show as a button (RFC 2369), and press by one POST (RFC 8058).
            message["List-Unsubscribe"] = f"<{sender.links.absolute(way_out)}>"
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        message.set_content(rendered.text)
        if rendered.html is not None:
            message.add_alternative(rendered.html, subtype="html")
        return message


def _waiting(between: Between) -> Query:
    return Query(OUTBOX, WAITING, OUTBOX.index("due-index"), between, limit=AT_ONCE)


def _pause_after(attempts: int) -> int:
    return min(LONGEST_PAUSE, MINUTE << min(attempts - 1, 10))


def _is_due(letter: Item, now: int) -> bool:
    """Is it due, or dated later than it can be, by a clock that was ahead?"""
    due, attempts = from_iso(letter["dueAt"]), letter["attempts"]
    longest = max(TAKEN_FOR, _pause_after(attempts) * 5 // 4) if attempts else 0
    return due <= now or due > now + longest + CLOCK_TOLERANCE


async def _to_its_end(doing: Coroutine[Any, Any, None]) -> None:
    """Finish even if cancelled meanwhile: an email interrupted halfway would be sent twice."""
    task = asyncio.ensure_future(doing)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await task
        raise


def _named(sender: Sender, values: Mapping[str, Any]) -> str:
    """The display name of the sender: the author of a forwarded message together with ours.

    An address in an author's name would be taken for where the email comes from.
    """
    author = without_addresses(str(values.get("from_name", "")))
    return f"{author} ({sender.market_name})" if author else sender.name


def _recipient(to: str, channel: str) -> Address:
    """One recipient, however unusual the address. Raises PermanentFailure for an address that
    cannot work.
    """
    try:
        if channel == "sms":
            return Address(username=to, domain="sms.invalid")
        return Address(addr_spec=to)
    except (ValueError, IndexError):
        raise PermanentFailure("the address cannot be written to") from None
