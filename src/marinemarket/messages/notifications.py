"""What messages say by mail. No letter holds the address of the other side."""

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
"""Stands above everything in letters that can be answered; what comes below is cut off."""


def asking_to_confirm(desk: MessagingContext, thread: Thread) -> Email:
    """The letter to a visitor whose message waits for it.

    It holds nothing that they typed: strangers would have us mail their words to others.
    """
    values = {
        "boat": thread.title,
        "link": desk.visitors_page(thread),
        "hours": str(WAITS_HOURS),
    }
    return Email("confirm-inquiry", thread.buyer_email or "", values=values)


def telling(
    desk: MessagingContext,
    thread: Thread,
    message: Message,
    *,
    to: User | None,
    author: str,
    is_first: bool,
) -> Email | None:
    """The letter that brings a message to the other side; None where nobody is to be written to.

    `to` is the account of the other side, None for a visitor; `author` is the writer's name.
    """
    side = message.by.other
    address, user_id, link = _reader(desk, thread, side, to)
    if address is None:
        return None
    reply_to = desk.relay_address(thread.id, side) or ""
    warnings = [rule for rule in warnings_of(message.signs) if not rule.is_note]
    values = {
        "author": author,
        "boat": thread.title,
        "text": message.text,
        "left_out": str(message.left_out) if message.left_out else "",
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


def telling_sender(
    desk: MessagingContext, thread: Thread, side: Side, *, to: User | None, why: str, text: str = ""
) -> Email | None:
    """The letter to whoever wrote by mail, of what became of it. `why` names the reason."""
    address, user_id, link = _reader(desk, thread, side, to)
    if address is None:
        return None
    values = {"boat": thread.title, "why": why, "text": text, "link": link}
    return Email("mail-not-passed-on", address, user_id, values=values)


def _reader(
    desk: MessagingContext, thread: Thread, side: Side, user: User | None
) -> tuple[str | None, str | None, str]:
    """The address, the account and the page of one side."""
    if side is Side.BUYER and thread.is_of_visitor:
        return thread.buyer_email, None, desk.visitors_page(thread)
    if user is None or not (user.is_active and user.email_verified):
        return None, None, ""
    return user.email, user.id, desk.links.thread(thread.id)


async def sending(desk: MessagingContext, letter: Email | None) -> list[Put]:
    """The write that sends a letter, if there is one to send."""
    return [] if letter is None else [await outgoing(desk.accounts.vault, letter, desk.now())]


def minutes_between(earlier: str, later: str) -> int:
    return max(0, from_iso(later) - from_iso(earlier)) // 60_000
