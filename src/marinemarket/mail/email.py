"""An email and its place in the outbox, where the commit that causes it puts it."""

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
    """One email. `template` names its template; `values` may hold one-time links.

    Values are text, or lists of objects of text; `link` and `unsubscribe` are paths of this site.
    An email that forwards somebody's message may have a `from_name`, a `reply_to` address, and the
    id of its `conversation`.
    """

    template: str
    to: str = field(repr=False)
    user_id: str | None = None
    channel: Literal["mail", "sms"] = "mail"
    values: Mapping[str, Any] = field(default_factory=dict, repr=False)


async def outgoing(
    vault: Vault, letter: Email, now: int, *, days: int = KEPT_DAYS, id: str | None = None
) -> Put:
    """The write that sends an email once it is committed. Its content is sealed in the store.

    `now` is in Unix milliseconds; nothing is kept after `days`. An email with an `id` is sent once
    in that time: writing a second one fails. Raises Invalid for a recipient with control
    characters, which could hide a second one.
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
