"""Idempotency keys: the result of a request with a key is recorded in the request's own commit.

The record is stored under the caller and the key, and lasts a day. The same key with a different
request is the caller's mistake, and is refused as such.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..clock import DAY
from ..errors import FieldError, Invalid
from ..i18n.texts import gettext as _
from ..store.schema import PASSING
from ..store.store import Store
from ..store.writes import Absent, Put, Reason
from ..wire import encode_sorted
from .secrets import hash_of

LONGEST_KEY = 255
FIELD = "Idempotency-Key"


@dataclass(frozen=True, slots=True)
class IdempotencyKey:
    """A request that is carried out once, however often it is sent."""

    name: str
    request: str

    @classmethod
    def of(cls, asker: str, what: str, key: str, payload: Any) -> IdempotencyKey:
        """A caller's request: the operation's name, the key, and the payload (JSON values).

        Raises Invalid for a malformed key.
        """
        if not (0 < len(key) <= LONGEST_KEY and key.isascii() and key.isprintable()):
            message = _("must be 1 to %(most)s printable ASCII characters", most=LONGEST_KEY)
            raise Invalid([FieldError(FIELD, message)])
        request = hash_of(encode_sorted(payload).decode())
        return cls(f"once:{hash_of(f'{asker} {what} {key}')}", request)

    async def made(self, store: Store) -> str | None:
        """The id that the request created; None if it has not. Raises Invalid for a different request."""
        noted = await store.get(PASSING, self.name)
        if noted is None:
            return None
        if noted["request"] != self.request:
            raise Invalid(
                [FieldError(FIELD, _("was used for another request within the last day"))]
            )
        return str(noted["made"])

    def making(self, id: str, now: int, *, otherwise: Reason | None = None) -> Put:
        """The record of what was created, for the commit that creates it.

        `otherwise` is the reason given where the same request, sent twice at once, has won already.
        Without it, the change is tried again, and finds what was created.
        """
        item = {
            "name": self.name,
            "request": self.request,
            "made": id,
            "ttl": (now + DAY) // 1000,
        }
        return Put(PASSING, item, when=Absent(), otherwise=otherwise)
