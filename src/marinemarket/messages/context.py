"""The context of messaging, and the two kinds of secret that lead to a thread.

A visitor's link and each side's relay address are derived from the market's key: so every email can
contain them, and the store keeps a hash of the first and nothing of the second.
"""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass, field
from hashlib import sha256
from uuid import UUID

from ..accounts.accounts import Accounts
from ..accounts.secrets import hash_of, is_same, read_ticket, ticket
from ..audit.trail import Trail
from ..errors import NotFound
from ..links import Links
from ..mail.return_path import ReturnPath
from ..store.store import Store
from .inquiry import Side, Thread
from .records import find_thread

_MARK = 24
_ADDRESS = re.compile(rf"([0-9a-f]{{32}})([bs])([0-9a-f]{{{_MARK}}})")
_SIDES = {"b": Side.BUYER, "s": Side.SELLER}


@dataclass(frozen=True, slots=True)
class MessagingContext:
    """The context of messaging. Without a `relay_domain`, people can reply only on the site."""

    accounts: Accounts
    secret_key: str = field(repr=False)
    relay_domain: str | None = None
    own_addresses: frozenset[str] = frozenset()
    """The addresses from which the market itself sends email."""
    market_name: str = ""

    @property
    def trail(self) -> Trail:
        return self.accounts.trail

    @property
    def store(self) -> Store:
        return self.accounts.store

    @property
    def links(self) -> Links:
        return self.accounts.links

    def now(self) -> int:
        return self.accounts.now()

    # -- A visitor's link ------------------------------------------------------------------------

    def secret_of(self, thread_id: str, email: str) -> str:
        """The secret in a visitor's link: it was sent to this address, and identifies its reader."""
        return self._made(f"thread {thread_id} of {email}")

    def ticket_of(self, thread: Thread) -> str | None:
        """The hash of a visitor's secret under the current key; older emails contain another one."""
        if thread.buyer_email is None:
            return None
        return hash_of(self.secret_of(thread.id, thread.buyer_email))

    def visitors_page(self, thread: Thread) -> str:
        """The path of a visitor's link on this site. The thread must have a `buyer_email`."""
        secret = self.secret_of(thread.id, thread.buyer_email or "")
        return self.links.guest_thread(ticket(thread.id, secret))

    async def thread_of_visitor(self, text: str) -> Thread:
        """The thread that a visitor's link leads to. Raises NotFound for any other link."""
        id, secret = read_ticket(text)
        thread = await find_thread(self.store, id) if id else None
        if thread is None or not is_same(hash_of(secret), thread.ticket or ""):
            raise NotFound("conversation", "by this link")
        return thread

    # -- Relay addresses -------------------------------------------------------------------------

    def relay_address(self, thread_id: str, side: Side) -> str | None:
        """The address to which one side of a thread sends replies; None without a relay."""
        if self.relay_domain is None:
            return None
        letter = side.value[0]
        mark = self._mark(thread_id, side)
        return f"{UUID(thread_id).hex}{letter}{mark}@{self.relay_domain}"

    @property
    def return_path(self) -> ReturnPath:
        return ReturnPath(self.relay_domain, self.secret_key)

    def is_known(self, address: str) -> bool:
        """Whether an address is one of ours: a thread's, or that of an email that comes back."""
        return bool(self.read_address(address) or self.return_path.email_of(address))

    def read_address(self, address: str) -> tuple[str, Side] | None:
        """The thread and side of a relay address; None for any other address."""
        local, _, domain = address.strip().strip("<>").casefold().partition("@")
        found = _ADDRESS.fullmatch(local)
        if found is None or self.relay_domain is None or domain != self.relay_domain:
            return None
        thread_id, side = str(UUID(found[1])), _SIDES[found[2]]
        return (thread_id, side) if is_same(found[3], self._mark(thread_id, side)) else None

    def _mark(self, thread_id: str, side: Side) -> str:
        return self._made(f"relay {side.value} of {thread_id}")[:_MARK]

    def _made(self, text: str) -> str:
        return hmac.new(self.secret_key.encode(), text.encode(), sha256).hexdigest()
