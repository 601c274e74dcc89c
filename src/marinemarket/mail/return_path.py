"""The address to which mail servers return an email that they cannot deliver.

It is one for each email, so that whoever receives a report knows which email it is about, without
reading the report. It is derived from the market's key: nobody can report what we did not send.
"""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass, field
from hashlib import sha256
from uuid import UUID

_PREFIX = "bounce+"
_SIGNED = 20
_ADDRESS = re.compile(rf"bounce\+([0-9a-f]{{32}})([0-9a-f]{{{_SIGNED}}})")


@dataclass(frozen=True, slots=True)
class ReturnPath:
    """The return addresses of a market. Without a `domain` there are none."""

    domain: str | None
    secret_key: str = field(repr=False)

    def address_for(self, email_id: str) -> str | None:
        """Where an email returns to; None without a domain, or for what has no usual id."""
        try:
            id = UUID(email_id).hex
        except ValueError:
            return None
        return f"{_PREFIX}{id}{self._signature(id)}@{self.domain}" if self.domain else None

    def email_of(self, address: str) -> str | None:
        """The id of the email that an address is for; None for any other address."""
        local, _, domain = address.strip().strip("<>").casefold().partition("@")
        found = _ADDRESS.fullmatch(local)
        if found is None or self.domain is None or domain != self.domain:
            return None
        is_ours = hmac.compare_digest(found[2], self._signature(found[1]))
        return str(UUID(found[1])) if is_ours else None

    def _signature(self, id: str) -> str:
        made = hmac.new(self.secret_key.encode(), f"return path of {id}".encode(), sha256)
        return made.hexdigest()[:_SIGNED]
