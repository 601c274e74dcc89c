"""The emails about messages. None of them contains the other side's address."""

from __future__ import annotations

from ..accounts.user import User
from ..clock import from_iso
from ..i18n.texts import gettext as _
from ..i18n.texts import mark
from ..mail.email import Email, outgoing
from ..store.writes import Put
from .context import MessagingContext
from .inquiry import WAITS_HOURS, Message, Side, Thread
from .screening import warnings_of

MARK = mark("Your answer goes above this line")
"""The first line of emails that can be answered; everything below it is removed from the reply."""


def confirmation_email(context: MessagingContext, thread: Thread) -> Email:
    """The email that asks a visitor to confirm their address.

    It contains nothing that they typed: otherwise strangers could have us send their words to others.
    """
    values = {
        "boat": thread.title,
        "link": context.visitors_page(thread),
        "hours": str(WAITS_HOURS),
    }
    return Email("confirm-inquiry", thread.buyer_email or "", values=values)


def message_email(
    context: MessagingContext,
    thread: Thread,
    message: Message,
    *,
    to: User | None,
    author: str,
    is_first: bool,
) -> Email | None:
    """The email that brings a message to the other side; None if that side must not be emailed.

    `to` is the other side's account, None for a visitor; `author` is the writer's name.
    """
    side = message.by.other
    address, user_id, link = reader_of(context, thread, side, to)
    if address is None or (to is not None and not to.takes_alerts):
        # To an address that does not work it would only come back: the message is on the site.
        return None
    reply_to = context.relay_address(thread.id, side) or ""
    warnings = [rule for rule in warnings_of(message.signs) if not rule.is_note]
    values = {
        "author": author,
        "boat": thread.title,
        "text": message.text,
        "left_out": str(message.left_out) if message.left_out else "",
        "is_cut": "yes" if message.full_text else "",
        "warnings": [{"title": _(rule.title), "advice": _(rule.advice)} for rule in warnings],
        "link": link,
        "mark": _(MARK) if reply_to else "",
        "reply_to": reply_to,
        "from_name": author,
        "conversation": thread.id,
    }
    if is_first:
        return Email("inquiry", address, user_id, values=values)
    return Email("message", address, user_id, values=values)


def refusal_email(
    context: MessagingContext,
    thread: Thread,
    side: Side,
    *,
    to: User | None,
    why: str,
    text: str = "",
) -> Email | None:
    """The email that tells a sender why their emailed reply was not forwarded; `why` is the reason.

    Somebody whose account is suspended or banned is told so as well.
    """
    address, user_id, link = reader_of(context, thread, side, to)
    if address is None:
        return None
    values = {"boat": thread.title, "why": why, "text": text, "link": link}
    return Email("mail-not-passed-on", address, user_id, values=values)


def reader_of(
    context: MessagingContext, thread: Thread, side: Side, user: User | None
) -> tuple[str | None, str | None, str]:
    """The address, the account id and the page of one side."""
    if side is Side.BUYER and thread.is_of_visitor:
        return thread.buyer_email, None, context.visitors_page(thread)
    if user is None or not user.email_verified:
        return None, None, ""
    return user.email, user.id, context.links.thread(thread.id)


async def email_puts(context: MessagingContext, email: Email | None) -> list[Put]:
    """The writes that send an email; none for None."""
    return [] if email is None else [await outgoing(context.accounts.vault, email, context.now())]


def minutes_between(earlier: str, later: str) -> int:
    return max(0, from_iso(later) - from_iso(earlier)) // 60_000
