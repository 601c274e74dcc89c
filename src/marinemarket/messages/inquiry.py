"""An inquiry: the thread of messages between a buyer and the seller of one boat."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from hashlib import sha256
from types import MappingProxyType
from typing import Annotated

from pydantic import AfterValidator, Field

from ..accounts.user import Email, SecretHash
from ..i18n.texts import gettext as _
from ..wire import CLEAN_LINE, CLEAN_PROSE, Count, Id, Model, Moment, Text

SHORTEST, MOST_CHARACTERS = 2, 4000
WAITS_HOURS = 24
"""How long a visitor's message waits for their address to be confirmed."""
MOST_LEFT_OUT = 1000
LONGEST_FULL_TEXT = 20_000

MessageText = Annotated[str, Field(min_length=SHORTEST, max_length=MOST_CHARACTERS), CLEAN_PROSE]
"""The text of a message."""

Name = Annotated[str, Field(min_length=2, max_length=100), CLEAN_LINE]


class Side(StrEnum):
    """The two sides of a thread."""

    BUYER = "buyer"
    SELLER = "seller"

    @property
    def other(self) -> Side:
        return Side.SELLER if self is Side.BUYER else Side.BUYER


class ThreadState(StrEnum):
    """Whether a conversation goes on. `unconfirmed` is a visitor's, until they use the link
    sent to them.
    """

    UNCONFIRMED = "unconfirmed"  # a visitor's, until they use the link sent to them
    OPEN = "open"
    CLOSED = "closed"


class MessageState(StrEnum):
    """Whether a message has reached its reader: `waiting` for the sender's address to be
    confirmed, `held` for a moderator, `refused` by one, or `undelivered`, since its reader could
    no longer be reached when a moderator released it.
    """

    WAITING = "waiting"  # for the visitor's address to be confirmed
    SENT = "sent"
    HELD = "held"  # until a moderator has read it
    REFUSED = "refused"  # by a moderator
    UNDELIVERED = "undelivered"  # its reader had left, or blocked its writer, when it was released


class Via(StrEnum):
    """How a message was written: on the site, or by email."""

    SITE = "site"
    MAIL = "mail"


def mailbox_key(email: str) -> str:
    """The key of a buyer without an account: threads are found by this, not by the address."""
    return f"mail:{sha256(email.encode()).hexdigest()}"


_BUYER = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|mail:[0-9a-f]{64}")


def _buyer(value: str) -> str:
    if not _BUYER.fullmatch(value):
        raise ValueError(_("must be a user's id, or mail: and the hash of an address"))
    return value


class Thread(Model):
    """A conversation about one boat. `version` rises with every change.

    `buyer` is a user's id, or the `mailbox_key` of a visitor, who has a `buyer_email` and the hash of
    their link's secret, `ticket`. A side that was erased is None. `title` is the listing's title when the
    thread began. `reached_at` is when the seller could first see it; None before.
    """

    id: Id
    """The conversation's id."""
    listing_id: Id
    """The boat's id."""
    title: Text
    """The boat's title when the conversation began."""
    seller_id: Id | None = None
    buyer: Annotated[str, Field(strict=True), AfterValidator(_buyer)] | None = None
    buyer_email: Email | None = None
    buyer_name: Name | None = None
    ticket: SecretHash | None = None
    state: ThreadState = ThreadState.OPEN
    """Whether the conversation goes on."""
    closed_by: Side | None = None
    reached_at: Moment | None = None
    answered_at: Moment | None = None
    unread_by_buyer: Count = 0
    unread_by_seller: Count = 0
    last_at: Moment
    """When the latest message was sent (ISO 8601, UTC)."""
    created_at: Moment
    """When the conversation began (ISO 8601, UTC)."""
    version: Count = 0

    def unread_by(self, side: Side) -> int:
        return self.unread_by_buyer if side is Side.BUYER else self.unread_by_seller

    def key_of(self, side: Side) -> str | None:
        """The key of a side: a user's id, or a `mailbox_key`; None if it was erased."""
        return self.buyer if side is Side.BUYER else self.seller_id

    @property
    def is_of_visitor(self) -> bool:
        return self.buyer_email is not None

    def is_gone(self, side: Side) -> bool:
        """Was this side erased?"""
        return self.key_of(side) is None


class Message(Model):
    """One side's message. `sent_at` is its key within the thread.

    `signs` are the ids of the screening rules it meets; `left_out` counts an email's attachments. If
    something was cut from the email, `full_text` is all that it said (see `reply_text`).
    """

    thread_id: Id
    sent_at: Moment
    """When it was sent (ISO 8601, UTC)."""
    by: Side
    """Who wrote it: `buyer` or `seller`."""
    text: MessageText
    """The text."""
    via: Via = Via.SITE
    """How it was written."""
    state: MessageState = MessageState.SENT
    """Whether it has reached its reader."""
    signs: Annotated[tuple[str, ...], Field(max_length=50)] = ()
    left_out: Annotated[int, Field(strict=True, ge=0, le=MOST_LEFT_OUT)] = 0
    full_text: Annotated[str, Field(max_length=LONGEST_FULL_TEXT), CLEAN_PROSE] | None = None
    """All that an email said, if a quote or a signature was cut from it; null otherwise."""

    def is_seen_by(self, side: Side) -> bool:
        """One's own messages always; the other side's once they are sent."""
        return self.by is side or self.state is MessageState.SENT


UNREAD: Mapping[Side, str] = MappingProxyType(
    {Side.BUYER: "unread_by_buyer", Side.SELLER: "unread_by_seller"}
)
