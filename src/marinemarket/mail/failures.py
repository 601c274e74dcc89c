"""Emails that were given up or came back, and why.

There are three kinds of refusal. `GONE`: the address does not exist, or not any more. `REFUSED`: its
server refuses it for good, which may have other reasons. `OTHER`: what was refused is the email or
its sender, or the mailbox is full; this says nothing about the address.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Any

from ..store.items import Item
from ..store.schema import OUTBOX
from ..store.store import Between, Query, Store
from ..store.writes import Equals, Update

FAILED = "failed"
"""The value of an email's `failed` that puts it into failed-index."""
MOST_COUNTED = 1000
_GONE = frozenset({"5.1.0", "5.1.1", "5.1.2", "5.1.3", "5.1.4", "5.1.6", "5.1.10", "5.2.1"})
_NOT_THE_ADDRESS = re.compile(r"5\.(?:2\.[23]|3\.4|6\.\d+|7\.\d+)|5\.1\.[78]")
_STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
_MAILBOX_REPLIES = frozenset({550, 551, 553})


class Refusal(StrEnum):
    GONE = "gone"
    REFUSED = "refused"
    OTHER = "other"


def refusal_of(status: str) -> Refusal:
    """What an enhanced status code (RFC 3463) of a failure says about the address."""
    if status in _GONE:
        return Refusal.GONE
    if not status.startswith("5.") or _NOT_THE_ADDRESS.fullmatch(status):
        return Refusal.OTHER
    return Refusal.REFUSED


def refusal_at_once(code: int, message: str) -> Refusal:
    """The same for a mail server's reply to RCPT, which may have an enhanced status in its text."""
    found = _STATUS.search(message)
    if found is not None:
        return refusal_of(found[1])
    return Refusal.REFUSED if code in _MAILBOX_REPLIES else Refusal.OTHER


def recipient_hash(email_id: str, address: str) -> str:
    """Tells whether an email was sent to an address, without the address being readable."""
    return sha256(f"{email_id} {address.casefold()}".encode()).hexdigest()


def masked_address(address: str) -> str:
    """An address that only its owner recognises: ``a…@example.com``."""
    local, _, host = address.partition("@")
    return f"{local[:1]}…@{host}"


@dataclass(frozen=True, slots=True)
class FailedEmail:
    """An email that was given up or came back. `failed_at` and `created_at` are in ISO 8601."""

    id: str
    user_id: str | None
    template: str
    recipient: str
    created_at: str
    failed_at: str
    reason: str
    has_bounced: bool

    @classmethod
    def of(cls, item: Item) -> FailedEmail:
        user_id = str(item["userId"])
        return cls(
            id=str(item["id"]),
            user_id=None if user_id == "nobody" else user_id,
            template=str(item["template"]),
            recipient=str(item.get("recipient", "")),
            created_at=str(item["createdAt"]),
            failed_at=str(item["failedAt"]),
            reason=str(item.get("why", "")),
            has_bounced="bouncedAt" in item,
        )

    def to_wire(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "userId": self.user_id,
            "template": self.template,
            "recipient": self.recipient,
            "createdAt": self.created_at,
            "failedAt": self.failed_at,
            "reason": self.reason,
            "bounced": self.has_bounced,
        }


async def failed_emails(
    store: Store, *, limit: int = 50, after: str | None = None
) -> tuple[list[FailedEmail], str | None]:
    """Emails that failed for good, the latest first, and the cursor of the next page."""
    index = OUTBOX.index("failed-index")
    query = Query(OUTBOX, FAILED, index, newest_first=True, limit=limit, after=after)
    page = await store.query(query)
    return [FailedEmail.of(item) for item in page.items], page.next


async def find_sent(store: Store, email_id: str) -> Item | None:
    """An email that is no longer waiting, and has not come back yet."""
    email = await store.get(OUTBOX, email_id)
    return None if email is None or {"bouncedAt", "waiting"} & email.keys() else email


def bounce_update(email_id: str, reason: str, now: str, *, to: str | None) -> Update:
    """The write that records, once, that an email came back. `now` is in ISO 8601."""
    recipient = {"recipient": masked_address(to)} if to else {}
    return Update(
        OUTBOX,
        (email_id,),
        set={"failed": FAILED, "failedAt": now, "why": reason, "bouncedAt": now, **recipient},
        when=Equals(bouncedAt=None, waiting=None),
    )


async def count_failed(store: Store, *, since: str) -> int:
    """How many emails have failed for good since a time (ISO 8601), counted up to MOST_COUNTED."""
    index = OUTBOX.index("failed-index")
    query = Query(OUTBOX, FAILED, index, Between(lowest=since), limit=MOST_COUNTED)
    return len((await store.query(query)).items)
