"""The relay: an emailed reply is added to its thread, and forwarded to the other side.

If it cannot reach the other side (see `reach`), its sender gets it back with the reason; somebody whose
own account is banned or suspended as well. Only somebody who has left has no relay address any more.

Only the new text of the email is forwarded. The email is accepted only once that is committed;
delivered again, it adds nothing. It counts for the side whose relay address it was sent to, if it
comes from that side's own address; a refusal is reported to that address, and to no other.

Mail loops end by themselves: automatic emails are dropped, ours are marked as automatic, the same
text twice in a row within an hour counts as one message, two sides that both repeat themselves are
programs, and a thread accepts a limited number of emails from each side per day.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from ..accounts.accounts import VISITOR
from ..accounts.registration import may_write_to
from ..accounts.user import User, normalised_email
from ..audit.entry import LOCAL, Actor
from ..audit.operational import Operational
from ..clock import CLOCK_TOLERANCE, DAY, HOUR, from_iso
from ..errors import Invalid, MarketError, Refused
from ..store.schema import PASSING
from ..store.writes import Absent, Put
from ..text import clean_prose
from .background import background_of
from .bounces import take_bounce
from .context import MessagingContext
from .email_parser import ParsedEmail, parse_email
from .inquiry import MOST_CHARACTERS, SHORTEST, Message, Side, Thread, Via
from .notifications import email_puts, refusal_email
from .records import find_thread, messages_of
from .replies import Words, account_of, write_message
from .reply_text import Background

REMEMBERED_DAYS = 30
"""How long a delivered email is recognised when it comes again."""
SAME_WORDS_HOURS = 1
"""For so long the same words, with nothing in between, count as one message."""
MOST_MAILS_A_DAY = 20
"""From one side of a thread; beyond that they are asked to reply on the site."""


class Outcome(StrEnum):
    """What became of an email."""

    PASSED_ON = "passed-on"
    HELD_BACK = "held-back"  # its sender was told why
    DROPPED = "dropped"  # it was automatic, or had been delivered before
    CAME_BACK = "came-back"  # it reports that an email of ours could not be delivered
    UNKNOWN = "unknown"  # there is no such address


class _DeliveredBefore(MarketError):
    """Another connection has just delivered the same email."""


@dataclass(frozen=True, slots=True)
class Mail:
    """An incoming email: the recipient, the envelope sender (None if unknown), and its raw content."""

    recipient: str
    envelope_from: str | None
    raw: bytes


async def relay(context: MessagingContext, mail: Mail) -> Outcome:
    """Process an email. Raises MarketError if it should be delivered again later."""
    if email_id := context.return_path.email_of(mail.recipient):
        is_noted = await take_bounce(context, email_id, mail.raw)
        return Outcome.CAME_BACK if is_noted else Outcome.DROPPED
    found = context.read_address(mail.recipient)
    thread = await find_thread(context.store, found[0]) if found else None
    if found is None or thread is None:
        return Outcome.UNKNOWN
    writer = await _writer(context, thread, found[1])
    if writer is None:
        return Outcome.UNKNOWN
    messages = await messages_of(context.store, thread.id)
    parsed = await asyncio.to_thread(
        parse_email,
        mail.raw,
        envelope_from=mail.envelope_from,
        hiding=_secrets_of(context, thread),
        background=await _background(context, thread, messages, writer),
    )
    if parsed.is_automatic or _is_ours(context, parsed.sender):
        return Outcome.DROPPED
    note = _note(context, thread, writer.side, parsed)
    if await context.store.get(PASSING, note.item["name"]):
        return Outcome.DROPPED
    return await _take(context, thread, writer, messages, parsed, note)


def _secrets_of(context: MessagingContext, thread: Thread) -> list[str]:
    """What leads to a thread, and stands in our emails, which replies quote."""
    addresses = [context.relay_address(thread.id, side) or "" for side in Side]
    if not thread.is_of_visitor:
        return addresses
    page = context.visitors_page(thread)
    return [*addresses, context.links.absolute(page), page, page.rpartition("/")[2]]


async def _background(
    context: MessagingContext, thread: Thread, messages: Sequence[Message], writer: _Writer
) -> Background:
    other = await account_of(context.store, thread, writer.side.other)
    name = other.name if other else thread.buyer_name if writer.side is Side.SELLER else None
    return background_of(
        context, thread, messages, writer.side, writer=writer.user, other=name or ""
    )


@dataclass(frozen=True, slots=True)
class _Writer:
    """The side that a relay address belongs to: its own address, and its account if it has one."""

    side: Side
    address: str
    user: User | None

    @property
    def actor(self) -> Actor:
        name = self.user.id if self.user else VISITOR
        email = self.user.email if self.user else VISITOR
        return Actor(name, email, LOCAL, "mail", "none")


async def _writer(context: MessagingContext, thread: Thread, side: Side) -> _Writer | None:
    user = await account_of(context.store, thread, side)
    if side is Side.BUYER and thread.is_of_visitor:
        return _Writer(side, thread.buyer_email or "", None)
    return _Writer(side, user.email, user) if user and user.email_verified else None


async def _take(
    context: MessagingContext,
    thread: Thread,
    writer: _Writer,
    messages: Sequence[Message],
    parsed: ParsedEmail,
    note: Put,
) -> Outcome:
    """Add an email's text to its thread, or tell its sender why not."""
    theirs = [one for one in messages if one.by is writer.side]
    if why := _objection(writer, parsed, theirs, context.now()):
        # Where nothing new was found, they see what they wrote, and may see why.
        text = parsed.text or parsed.full_text
        return await _hold_back(context, thread, writer, text, why, note)
    if _is_repeated(messages, writer.side, clean_prose(parsed.text), context.now()):
        return Outcome.DROPPED
    words = Words(parsed.text, Via.MAIL, parsed.left_out, parsed.full_text)
    notices = await _notice(context, thread, writer, "attachments", "") if parsed.left_out else []
    try:
        await write_message(context, writer.actor, thread, writer.side, words, note, *notices)
    except _DeliveredBefore:
        return Outcome.DROPPED
    except (Refused, Invalid) as error:
        return await _hold_back(context, thread, writer, parsed.text, str(error), note)
    return Outcome.PASSED_ON


def _objection(writer: _Writer, parsed: ParsedEmail, theirs: Sequence[Message], now: int) -> str:
    """Why an email is not forwarded, as a reason of `mail-not-passed-on`; empty if it is."""
    if _spelled(parsed.sender) != writer.address:
        return "sender"
    if parsed.sealed:
        return parsed.sealed.value
    if len(clean_prose(parsed.text)) < SHORTEST:
        return "only-attachments" if parsed.left_out else "empty"
    if len(parsed.text) > MOST_CHARACTERS:
        return "long"
    mails = [from_iso(one.sent_at) for one in theirs if one.via is Via.MAIL]
    lately = [at for at in mails if now - DAY < at <= now + CLOCK_TOLERANCE]
    return "often" if len(lately) >= MOST_MAILS_A_DAY else ""


def _is_repeated(messages: Sequence[Message], side: Side, text: str, now: int) -> bool:
    """Is this the same email once more, or the next round of two programs that answer each other?

    The same words are an answer once the other side has written, or after a while. Only if the other
    side's emails repeat themselves as well, within the same while, nobody is there.
    """
    lately = [one for one in messages if now - SAME_WORDS_HOURS * HOUR < from_iso(one.sent_at)]
    if not lately or not any(_is_mail(one, side, text) for one in lately):
        return False
    if lately[-1].by is side:
        return _is_mail(lately[-1], side, text)
    answers = [one for one in lately if one.by is not side][-2:]
    return len(answers) == 2 and all(_is_mail(one, side.other, answers[0].text) for one in answers)


def _is_mail(message: Message, side: Side, text: str) -> bool:
    return message.by is side and message.via is Via.MAIL and message.text == text


def _spelled(address: str) -> str:
    try:
        return normalised_email(address)
    except ValueError:
        return ""


def _is_ours(context: MessagingContext, sender: str) -> bool:
    """Is this one of the market's own addresses, so that an email of ours came back?"""
    domain = sender.rpartition("@")[2]
    return sender in context.own_addresses or domain == context.relay_domain


def _note(context: MessagingContext, thread: Thread, side: Side, parsed: ParsedEmail) -> Put:
    """The record that an email was delivered to one side of a thread."""
    name = f"relayed:{thread.id}:{side.value}:{parsed.fingerprint}"
    until = (context.now() + REMEMBERED_DAYS * DAY) // 1000
    note = {"name": name, "ttl": until}
    return Put(PASSING, note, when=Absent(), otherwise=_DeliveredBefore())


async def _hold_back(
    context: MessagingContext, thread: Thread, writer: _Writer, text: str, why: str, note: Put
) -> Outcome:
    """Tell the side's own address that an email was not forwarded, and include its text."""
    notices = await _notice(context, thread, writer, why, text[:MOST_CHARACTERS])
    try:
        await context.trail.commit_operational(Operational.RELAY_TOLD, note, *notices)
    except _DeliveredBefore:
        return Outcome.DROPPED
    return Outcome.HELD_BACK


async def _notice(
    context: MessagingContext, thread: Thread, writer: _Writer, why: str, text: str
) -> list[Put]:
    """The email to the sender, unless several were sent just now."""
    if not await may_write_to(context.accounts, "relay", f"{thread.id} {writer.side.value}"):
        return []
    email = refusal_email(context, thread, writer.side, to=writer.user, why=why, text=text)
    return await email_puts(context, email)
