"""Asked twice, done once: what a request with an idempotency key made is noted in its own commit.

The note is under the asker and the key, and lasts a day. The same key with another request is a
mistake of the asker, and said so.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..errors import FieldError, Invalid
from ..store.schema import PASSING
from ..store.store import Store
from ..store.writes import Absent, Put, Reason
from ..wire import encode_sorted
from .accounts import DAY
from .secrets import hash_of

LONGEST_KEY = 255
FIELD = "Idempotency-Key"


@dataclass(frozen=True, slots=True)
class IdempotencyKey:
    """A request that is to be done once, whoever sends it again."""

    name: str
    request: str

    @classmethod
    def of(cls, asker: str, what: str, key: str, payload: Any) -> IdempotencyKey:
        """The request of an asker: `what` it is, its key, and all that it says (JSON values).

        Raises Invalid for a key that is none.
        """
        if not (0 < len(key) <= LONGEST_KEY and key.isascii() and key.isprintable()):
            message = f"must be 1 to {LONGEST_KEY} printable ASCII characters"
            raise Invalid([FieldError(FIELD, message)])
        request = hash_of(encode_sorted(payload).decode())
        return cls(f"once:{hash_of(f'{asker} {what} {key}')}", request)

    async def made(self, store: Store) -> str | None:
        """The id of what it made already; None before it did. Raises Invalid for another request."""
        noted = await store.get(PASSING, self.name)
        if noted is None:
            return None
        if noted["request"] != self.request:
            raise Invalid([FieldError(FIELD, "was used for another request within the last day")])
        return str(noted["made"])

    def making(self, id: str, now: int, *, otherwise: Reason | None = None) -> Put:
        """The note that it made something, for the commit that does.

        `otherwise` is what is told where the same request, sent twice at once, has made it already.
        Without it, the change is tried again, and finds what was made.
        """
        item = {
            "name": self.name,
            "request": self.request,
            "made": id,
            "ttl": (now + DAY) // 1000,
        }
        return Put(PASSING, item, when=Absent(), otherwise=otherwise)
