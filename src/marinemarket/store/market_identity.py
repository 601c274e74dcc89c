"""Which market this is: a random id, made with the store, and the fingerprint of its secret key.

The id is an item like any other, so a restored market is the same market. The archive names it,
and refuses every other market.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from secrets import token_hex
from uuid import uuid4

from ..errors import Conflict, Refused
from .items import Item
from .schema import MARKET
from .store import Store
from .writes import Absent, Equals, Put

RECORD = "identity"
PEPPER = "pepper"
RESTORING = "restore"
"""The item that stands in a market while a restore fills it."""


@dataclass(frozen=True, slots=True)
class MarketIdentity:
    """`key` is the fingerprint of the secret key that the market is used with; None before first use."""

    id: str
    key: str | None = None

    def to_item(self) -> Item:
        key = {} if self.key is None else {"secretKey": self.key}
        return {"name": RECORD, "market": self.id, **key}

    @classmethod
    def of(cls, item: Item) -> MarketIdentity:
        return cls(str(item["market"]), item.get("secretKey"))


async def read_identity(store: Store) -> MarketIdentity | None:
    """The market's identity; None for one of a version without identities that was not opened since."""
    item = await store.get(MARKET, RECORD)
    return None if item is None else MarketIdentity.of(item)


async def pepper_of(store: Store) -> bytes:
    """A secret of the market's own data, made when first asked for: it stays when its key changes.

    Keyed with it, a hash cannot be compared with those of another market, nor looked up in a table.
    """
    known = await store.get(MARKET, PEPPER)
    while known is None:
        with suppress(Conflict):  # another process was first
            made = {"name": PEPPER, "pepper": token_hex()}
            await store.commit(Put(MARKET, made, when=Absent()))
        known = await store.get(MARKET, PEPPER)
    return bytes.fromhex(known["pepper"])


async def identify(store: Store, key: str | None) -> MarketIdentity:
    """The market's identity, made where there is none.

    `key` is recorded unless another one is already: it is for the caller to compare them.
    Raises Refused while a restore fills the market.
    """
    if await store.get(MARKET, RESTORING) is not None:
        raise Refused("a restore into this market was not finished; run it again")
    while True:
        known = await read_identity(store)
        if known is not None and (known.key is not None or key is None):
            return known
        wanted = MarketIdentity(known.id if known else str(uuid4()), key)
        try:
            await store.commit(replaced(known, wanted))
        except Conflict:
            continue  # another process was first
        return wanted


async def identify_restored(store: Store, owner: str | None, as_copy: bool) -> MarketIdentity:
    """The identity of a market that was just restored.

    It comes with the market's items. A moment before the market had one is given the id that its
    archive names (`owner`), and a copy an id of its own.
    """
    known = await read_identity(store)
    wanted = known or MarketIdentity(owner or str(uuid4()))
    if as_copy:
        wanted = replace(wanted, id=str(uuid4()))
    if wanted != known:
        await store.commit(replaced(known, wanted))
    return wanted


def replaced(known: MarketIdentity | None, wanted: MarketIdentity) -> Put:
    """The write that puts one identity in place of the one that is known."""
    when = Absent() if known is None else Equals(market=known.id, secretKey=known.key)
    return Put(MARKET, wanted.to_item(), when=when)
