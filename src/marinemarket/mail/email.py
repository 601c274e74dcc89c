"""A letter to the world, and its place in the outbox: put there by the commit that calls for it."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from uuid import uuid4

from ..clock import DAY_SECONDS, iso
from ..errors import FieldError, Invalid
from ..store.schema import OUTBOX
from ..store.writes import Absent, Put
from ..vault.vault import Vault
from ..wire import encode

WAITING = "waiting"
KEPT_DAYS = 30


@dataclass(frozen=True, slots=True)
class Email:
    """What is to be said to whom. `template` names it; `values` may hold one-time links.

    Values are text, or lists of objects of text; `link` and `unsubscribe` are paths of this site. What
    brings somebody's words may have a `from_name`, a `reply_to` address, and the id of its
    `conversation`.
    """

    template: str
    to: str = field(repr=False)
    user_id: str | None = None
    channel: Literal["mail", "sms"] = "mail"
    values: Mapping[str, Any] = field(default_factory=dict, repr=False)


async def outgoing(
    vault: Vault, letter: Email, now: int, *, days: int = KEPT_DAYS, id: str | None = None
) -> Put:
    """The write that sends a letter, once it is committed. What it says lies sealed in the store.

    `now` is in Unix milliseconds; after so many days nothing of it is left. A letter of an `id` goes
    out once in that time: the write of a second one loses. Raises Invalid for a recipient with
    control characters in it, which might be two.
    """
    if any(unicodedata.category(sign) == "Cc" for sign in letter.to):
        raise Invalid([FieldError("to", "must be one line: no control characters")])
    id = id or str(uuid4())
    payload = encode({"to": letter.to, "values": dict(letter.values)}).decode()
    item = {
        "id": id,
        "userId": letter.user_id or "nobody",
        "createdAt": iso(now),
        "dueAt": iso(now),
        "waiting": WAITING,
        "channel": letter.channel,
        "template": letter.template,
        "sealed": await vault.seal(payload, bound_to=f"letter {id}"),
        "attempts": 0,
        "ttl": now // 1000 + days * DAY_SECONDS,
    }
    return Put(OUTBOX, item, when=Absent())
