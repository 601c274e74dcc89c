"""Inquiries and messages, as the API answers them."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from ....messages import inquiry
from ....messages.inquiry import MessageState, Side
from ....wire import Id, Model, Moment
from ...openapi.derived import with_fields_of
from .page import page_of


class Warning(Model):
    """What the market tells the reader of a message that looks like a fraud."""

    id: str
    """The name of the rule."""
    title: str
    """The warning, in words."""
    advice: str
    """What to do about it."""
    is_note: bool
    """Whether it is advice only, and no suspicion."""


class SentInquiry(Model):
    """An inquiry as its sender sees it."""

    id: Id
    """The conversation's id."""
    listing_id: Id
    """The boat's id."""
    state: MessageState
    """`sent`; `held` until a moderator has read it; or `waiting` until the emailed link is used."""
    sent_at: Moment
    """When it was sent (ISO 8601, UTC)."""
    warnings: list[Warning]
    """Those that its reader is shown."""


@with_fields_of(inquiry.Thread, ("id", "listingId", "title", "state", "createdAt", "lastAt"))
class Inquiry(Model):
    """A conversation between a buyer and the seller of a boat."""

    role: Side
    """Whether you are the buyer or the seller."""
    with_: Annotated[str | None, Field(alias="with")]
    """The other person's name; null if the account is gone."""
    unread: Annotated[int, Field(ge=0)]
    """How many messages you have not read."""


@with_fields_of(inquiry.Message, ("sentAt", "by", "text", "via", "state"))
class Message(Model):
    """One message of a conversation."""

    full_text: str | None
    """All that an email said, if a quote or a signature was cut from it; null otherwise."""
    attachments_left_out: Annotated[int, Field(ge=0)]
    """How many attachments of an email were left out."""
    warnings: list[Warning]
    """What to beware of; none about your own messages."""


class Conversation(Inquiry):
    """A conversation with at most its latest 200 messages."""

    can_write: bool
    """Whether a message of yours can reach the other person now."""
    why_not: str | None
    """Why it cannot, in words; null if it can."""
    messages: list[Message]
    """The messages, oldest first."""


InquiryPage = page_of("InquiryPage", Inquiry, "Your conversations, the latest message first.")
