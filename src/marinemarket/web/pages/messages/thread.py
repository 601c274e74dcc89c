"""A conversation as one side sees it, shared by members and visitors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ....accounts.records import find_user
from ....audit.entry import Actor
from ....clock import from_iso
from ....composition import Market
from ....errors import Invalid, MarketError, Refused
from ....i18n.dates import since
from ....i18n.texts import gettext as _
from ....i18n.texts import ngettext
from ....listings.records import find_listing
from ....messages.inquiry import (
    MOST_CHARACTERS,
    Message,
    MessageState,
    Side,
    Thread,
    Via,
)
from ....messages.reach import Bar, blocks_of, reach
from ....messages.records import messages_of
from ....messages.replies import Words, write_message
from ....messages.screening import ScamRule, hints_of, warnings_of
from ...forms import Form, sent_form
from ...presentation.units import Unit
from ...security.access import AnyRequest
from ..card import boat_address


@dataclass(frozen=True, slots=True)
class MessageLine:
    """One message. `warnings` are for its reader; `stands` says where one's own stands; `full_text` is
    all of an email from which something was cut.
    """

    author: str
    is_own: bool
    paragraphs: list[list[str]]
    full_text: list[list[str]]
    sent_at: str
    when: str
    by_mail: bool
    left_out: str
    stands: str
    warnings: list[ScamRule]
    notes: list[ScamRule]


@dataclass(frozen=True, slots=True)
class Conversation:
    """All that ``_thread.html`` uses. `address` is the page's own; forms lead below it."""

    form: Form
    address: str
    title: str
    boat_address: str
    other: str
    is_seller: bool
    lines: list[MessageLine]
    hints: list[ScamRule]
    can_write: bool
    ended: str
    is_caution: bool
    can_reopen: bool
    can_block: bool
    draft: str
    most: int = MOST_CHARACTERS


@dataclass(frozen=True, slots=True)
class Unsent:
    """A message that did not go: its form as it was filled in, with what its writer should know."""

    form: Form
    hints: list[ScamRule]
    status: int = 200

    @classmethod
    def because(cls, form: Form, sent: Mapping[str, str], error: MarketError) -> Unsent:
        return cls(form.refused(sent, error), [], error.status)


async def say(
    request: AnyRequest, market: Market, actor: Actor, thread: Thread, side: Side
) -> MessageState | Unsent:
    """Send what the form of a conversation holds, and how it stands then; or the form again."""
    form, sent = Form.of(request, market), {"message": "", **await sent_form(request)}
    hints = hints_of(sent["message"])
    if hints and sent.get("ignores") != " ".join(rule.id for rule in hints):
        return Unsent(Form(form.token, sent), hints)
    try:
        _, message = await write_message(
            market.messaging(), actor, thread, side, Words(sent["message"])
        )
    except (Invalid, Refused) as error:
        return Unsent.because(form, sent, error)
    return message.state


async def conversation(
    market: Market,
    thread: Thread,
    side: Side,
    address: str,
    form: Form,
    *,
    hints: list[ScamRule] | None = None,
) -> Conversation:
    """A thread as one side sees it."""
    seller = await find_user(market.store, thread.seller_id) if thread.seller_id else None
    names = {
        Side.SELLER: seller.name if seller else _("A former member"),
        Side.BUYER: thread.buyer_name or _("A former member"),
    }
    messages = await messages_of(market.store, thread.id)
    now = market.clock()
    listing = await find_listing(market.store, thread.listing_id)
    # Whose account is not active offers nothing, whatever the advert says.
    is_sold_here = side is Side.SELLER or (seller is not None and seller.is_active)
    is_offered = listing is not None and listing.is_offered and is_sold_here
    told = (await reach(market.store, thread, side)).told
    is_visitor = side is Side.BUYER and thread.is_of_visitor
    is_alone = thread.is_gone(side.other)
    has_blocked = not is_alone and bool(await blocks_of(market.store, thread, side))
    return Conversation(
        form=form,
        address=address,
        title=thread.title,
        boat_address=boat_address(listing, Unit.FEET) if listing and is_offered else "",
        other=names[side.other],
        is_seller=side is Side.SELLER,
        lines=[_line(one, side, names[one.by], now) for one in messages if one.is_seen_by(side)],
        hints=hints or [],
        can_write=told is None,
        ended=_ended(thread, side, told),
        is_caution=told is Bar.READER_BANNED,
        can_reopen=has_blocked or (told is Bar.CLOSED and thread.closed_by is side),
        # Also where the other side has closed the conversation, or has blocked this one.
        can_block=not (is_visitor or is_alone or has_blocked),
        draft=form.values.get("message", ""),
    )


def _ended(thread: Thread, side: Side, told: Bar | None) -> str:
    """Why nothing can be written here, for its reader; empty where something can."""
    if told is Bar.CLOSED and thread.closed_by is side:
        return _("You have closed this conversation.")
    return {
        None: "",
        Bar.UNCONFIRMED: "",
        Bar.WRITER_LEFT: "",
        Bar.WRITER_BANNED: _("Your account has been banned, so you cannot write here."),
        Bar.WRITER_SUSPENDED: _("Your account is suspended, so you cannot write here."),
        Bar.READER_LEFT: _(
            "The other person has left the market. You can still read the messages."
        ),
        Bar.READER_BANNED: _(
            "We have banned this member. Do not send them money or documents, wherever they write "
            "to you from. If you have already paid, call your bank and the police. You can still "
            "read the messages."
        ),
        Bar.READER_SUSPENDED: _(
            "This member’s account is suspended. You can write to them again if it is reinstated. "
            "You can still read the messages."
        ),
        Bar.BLOCKED: _("This person does not take messages from you."),
        Bar.BLOCKING: _(
            "You have blocked this person. You will not receive any more messages from them."
        ),
        Bar.CLOSED: _("The other person has closed this conversation."),
        Bar.BOAT_GONE: _(
            "The boat is no longer for sale, and your message has not been delivered."
        ),
    }[told]


def _line(message: Message, side: Side, author: str, now: int) -> MessageLine:
    is_own = message.by is side
    rules = [] if is_own else warnings_of(message.signs)
    left_out = message.left_out
    return MessageLine(
        author=author,
        is_own=is_own,
        paragraphs=_paragraphs(message.text),
        full_text=_paragraphs(message.full_text) if message.full_text else [],
        sent_at=message.sent_at,
        when=since(from_iso(message.sent_at), now),
        by_mail=message.via is Via.MAIL,
        left_out=ngettext(
            "%(num)s attachment was not forwarded.",
            "%(num)s attachments were not forwarded.",
            left_out,
        )
        if left_out
        else "",
        stands=_stands(message.state),
        warnings=[rule for rule in rules if not rule.is_note],
        notes=[rule for rule in rules if rule.is_note],
    )


def _paragraphs(text: str) -> list[list[str]]:
    return [part.split("\n") for part in text.split("\n\n")]


def _stands(state: MessageState) -> str:
    return {
        MessageState.WAITING: _("Waiting for you to confirm your email address."),
        MessageState.HELD: _("We will review this message before it is delivered."),
        MessageState.REFUSED: _(
            "This message was not delivered because it breaks the market’s rules."
        ),
        MessageState.UNDELIVERED: _(
            "This message was not delivered, because the other person could no longer be reached."
        ),
        MessageState.SENT: "",
    }[state]
