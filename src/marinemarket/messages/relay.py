"""The relay: an answer by mail goes into its thread, and from there to the other side.

Nothing of the mail is passed on but its new words. It is taken only once they are committed; delivered
again, it adds nothing. It counts for the side whose relay address it came to, if it is from that
side's own address; what is not passed on is told to that address, and to no other.

Loops end by themselves: what machines write is dropped, our letters say that a machine wrote them, the
same words twice in a row are one message, and a thread takes so many mails of a side within a day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from ..accounts.accounts import VISITOR
from ..accounts.registration import may_write_to
from ..accounts.user import User, normalised_email
from ..audit.entry import LOCAL, Actor
from ..audit.operational import Operational
from ..clock import DAY, from_iso
from ..errors import Invalid, MarketError, Refused
from ..store.schema import PASSING
from ..store.writes import Absent, Put
from ..text import clean_prose
from .context import MessagingContext
from .email_parser import ParsedEmail, parse_email
from .inquiry import MOST_CHARACTERS, SHORTEST, Message, Side, Thread, Via
from .notifications import sending, telling_sender
from .records import find_thread, messages_of
from .replies import Words, account_of, write_message

REMEMBERED_DAYS = 30
"""How long a mail that was delivered is known again."""
MOST_MAILS_A_DAY = 20
"""From one side of a thread; beyond that they are asked to answer on the site."""


class Outcome(StrEnum):
    """What became of a mail."""

    PASSED_ON = "passed-on"
    HELD_BACK = "held-back"  # its sender was told why
    DROPPED = "dropped"  # a machine wrote it, or it came before
    UNKNOWN = "unknown"  # there is no such address


class _DeliveredBefore(MarketError):
    """The same mail was delivered at this moment by another connection."""


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail at the door: where to, from whom it says in transport (None: not known), and all of it."""

    recipient: str
    envelope_from: str | None
    raw: bytes


async def relay(desk: MessagingContext, mail: Mail) -> Outcome:
    """Take a mail. Raises MarketError where it should be delivered again later."""
    found = desk.read_address(mail.recipient)
    thread = await find_thread(desk.store, found[0]) if found else None
    if found is None or thread is None:
        return Outcome.UNKNOWN
    writer = await _writer(desk, thread, found[1])
    if writer is None:
        return Outcome.UNKNOWN
    arrived = parse_email(
        mail.raw,
        envelope_from=mail.envelope_from,
        hiding=[desk.relay_address(thread.id, side) or "" for side in Side],
    )
    if arrived.is_automatic or _is_ours(desk, arrived.sender):
        return Outcome.DROPPED
    note = _note(desk, thread, writer.side, arrived)
    if await desk.store.get(PASSING, note.item["name"]):
        return Outcome.DROPPED
    return await _take(desk, thread, writer, arrived, note)


@dataclass(frozen=True, slots=True)
class _Writer:
    """The side that a relay address stands for: its own address, and its account if it has one."""

    side: Side
    address: str
    user: User | None

    @property
    def actor(self) -> Actor:
        name = self.user.id if self.user else VISITOR
        email = self.user.email if self.user else VISITOR
        return Actor(name, email, LOCAL, "mail", "none")


async def _writer(desk: MessagingContext, thread: Thread, side: Side) -> _Writer | None:
    user = await account_of(desk.store, thread, side)
    if side is Side.BUYER and thread.is_of_visitor:
        return _Writer(side, thread.buyer_email or "", None)
    return _Writer(side, user.email, user) if user and user.is_active else None


async def _take(
    desk: MessagingContext, thread: Thread, writer: _Writer, arrived: ParsedEmail, note: Put
) -> Outcome:
    """Put the words of a mail into its thread, or tell its sender why not."""
    theirs = [one for one in await messages_of(desk.store, thread.id) if one.by is writer.side]
    if why := _objection(writer, arrived, theirs, desk.now()):
        return await _hold_back(desk, thread, writer, arrived.text, why, note)
    if theirs and theirs[-1].via is Via.MAIL and theirs[-1].text == clean_prose(arrived.text):
        return Outcome.DROPPED
    words = Words(arrived.text, Via.MAIL, arrived.left_out)
    told = await _told(desk, thread, writer, "attachments", "") if arrived.left_out else []
    try:
        await write_message(desk, writer.actor, thread, writer.side, words, note, *told)
    except _DeliveredBefore:
        return Outcome.DROPPED
    except (Refused, Invalid) as error:
        return await _hold_back(desk, thread, writer, arrived.text, str(error), note)
    return Outcome.PASSED_ON


def _objection(writer: _Writer, arrived: ParsedEmail, theirs: Sequence[Message], now: int) -> str:
    """Why a mail is not passed on, as `mail-not-passed-on` knows it; empty when it is."""
    if _spelled(arrived.sender) != writer.address:
        return "sender"
    if len(clean_prose(arrived.text)) < SHORTEST:
        return "only-attachments" if arrived.left_out else "empty"
    if len(arrived.text) > MOST_CHARACTERS:
        return "long"
    lately = [one for one in theirs if one.via is Via.MAIL and from_iso(one.sent_at) > now - DAY]
    return "often" if len(lately) >= MOST_MAILS_A_DAY else ""


def _spelled(address: str) -> str:
    try:
        return normalised_email(address)
    except ValueError:
        return ""


def _is_ours(desk: MessagingContext, sender: str) -> bool:
    """Did a letter of the market come back to it?"""
    domain = sender.rpartition("@")[2]
    return sender in desk.own_addresses or domain == desk.relay_domain


def _note(desk: MessagingContext, thread: Thread, side: Side, arrived: ParsedEmail) -> Put:
    """The note that a mail was delivered to one side of a thread."""
    name = f"relayed:{thread.id}:{side.value}:{arrived.fingerprint}"
    until = (desk.now() + REMEMBERED_DAYS * DAY) // 1000
    note = {"name": name, "ttl": until}
    return Put(PASSING, note, when=Absent(), otherwise=_DeliveredBefore())


async def _hold_back(
    desk: MessagingContext, thread: Thread, writer: _Writer, text: str, why: str, note: Put
) -> Outcome:
    """Tell the side whose address it is that a mail was not passed on, with the words it held."""
    told = await _told(desk, thread, writer, why, text[:MOST_CHARACTERS])
    try:
        await desk.trail.commit_operational(Operational.RELAY_TOLD, note, *told)
    except _DeliveredBefore:
        return Outcome.DROPPED
    return Outcome.HELD_BACK


async def _told(
    desk: MessagingContext, thread: Thread, writer: _Writer, why: str, text: str
) -> list[Put]:
    """The letter to the sender, unless they were sent several just now."""
    if not await may_write_to(desk.accounts, "relay", f"{thread.id} {writer.side.value}"):
        return []
    letter = telling_sender(desk, thread, writer.side, to=writer.user, why=why, text=text)
    return await sending(desk, letter)
