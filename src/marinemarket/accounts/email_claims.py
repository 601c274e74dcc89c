"""The claims that keep an email address unique, under keys that do not show it.

A key stays in the feed and in archives after its claim is gone, and so after an erasure. It is
therefore a hash, keyed with the market's pepper. Earlier versions had the address itself in the key.
Until `marinemarket migrate` has activated the new form, claims are still written in that one, for
processes of the previous version that run beside this one. Whoever claims an address in one form
demands that nobody has it in the other, so that it is unique at every moment.
"""

from __future__ import annotations

import asyncio
import hmac
from weakref import WeakKeyDictionary

from ..audit.operational import Operational
from ..audit.trail import Trail
from ..privacy.pages import scanned_pages
from ..store.active_version import active_version
from ..store.items import Item, Key
from ..store.market_identity import pepper_of
from ..store.schema import CLAIMS
from ..store.store import Store
from ..store.writes import Absent, Check, Delete, Equals, Put, Write

_PREFIX = "email:"
_HASHED = 2
"""The version of claims from which on keys are hashes."""

_peppers: WeakKeyDictionary[Store, bytes] = WeakKeyDictionary()


def clear_key(email: str) -> Key:
    """The key of an address's claim in earlier versions."""
    return (f"{_PREFIX}{email}",)


async def hashed_key(store: Store, email: str) -> Key:
    """The key of an address's claim."""
    if store not in _peppers:
        _peppers[store] = await pepper_of(store)
    return (_PREFIX + hmac.digest(_peppers[store], email.encode(), "sha256").hex(),)


async def owner_by_email(store: Store, email: str) -> str | None:
    """The id of the account that has a normalised address."""
    # In this order: meanwhile a claim may move from the first form to the second.
    for key in (clear_key(email), await hashed_key(store, email)):
        if claim := await store.get(CLAIMS, *key):
            return str(claim["owner"])
    return None


async def claiming(store: Store, email: str, owner: str) -> list[Write]:
    """The writes that claim an address; they conflict if anybody has it."""
    clear, hashed = clear_key(email), await hashed_key(store, email)
    is_hashed = await active_version(store, CLAIMS) >= _HASHED
    ours, other = (hashed, clear) if is_hashed else (clear, hashed)
    claim = {"claim": ours[0], "owner": owner}
    return [Put(CLAIMS, claim, when=Absent()), Check(CLAIMS, other, when=Absent())]


async def releasing(store: Store, email: str) -> list[Write]:
    """The writes that free the address of an account, for commits that demand that it is its own."""
    return [Delete(CLAIMS, clear_key(email)), Delete(CLAIMS, await hashed_key(store, email))]


async def rekey_email_claims(trail: Trail) -> int:
    """Give every claim of an earlier version its new key, once that form is active; returns how many.

    The market stays open. It may run again.
    """
    moved = 0
    async for items in scanned_pages(trail.store, CLAIMS):
        clear = [item for item in items if _is_clear(item)]
        moved += sum(await asyncio.gather(*(_rekey(trail, item) for item in clear)))
    return moved


def _is_clear(claim: Item) -> bool:
    key = str(claim["claim"])
    return key.startswith(_PREFIX) and "@" in key


async def _rekey(trail: Trail, known: Item) -> bool:
    old: Key = (known["claim"],)
    new = await hashed_key(trail.store, known["claim"].removeprefix(_PREFIX))

    async def rekey() -> bool:
        claim = await trail.store.get(CLAIMS, *old)
        if claim is None:
            return False  # the account has just left it
        moved = Put(CLAIMS, {"claim": new[0], "owner": claim["owner"]}, when=Absent())
        gone = Delete(CLAIMS, old, when=Equals(owner=claim["owner"]))
        await trail.commit_operational(Operational.CLAIM_KEY, moved, gone)
        return True

    return await trail.retrying(rekey)
