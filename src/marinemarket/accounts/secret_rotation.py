"""Changing keys: secrets are sealed again under a new master key, and a new secret key is accepted.

Sealing may be interrupted and run again: what is sealed under the current key is left alone.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import replace

from ..audit.actions import Action
from ..audit.entry import Actor
from ..clock import from_iso, iso
from ..errors import Conflict, Refused, Unreadable
from ..i18n.numbers import whole
from ..store.items import Item
from ..store.market_identity import MarketIdentity, replaced
from ..store.schema import USERS
from ..store.writes import Equals, Update
from .accounts import Accounts
from .second_factor import bound_to

ACTOR = Actor.system("secrets")


async def reseal(accounts: Accounts, progress: Callable[[int], None]) -> int:
    """Seal every user's secret under the current master key; returns how many were sealed again.

    Reads every user. Raises Unreadable where an older key is no longer among the settings.
    """
    resealed = 0
    async for item in _users(accounts):
        resealed += await _reseal(accounts, item)
        progress(resealed)
    return resealed


async def accept_key(
    accounts: Accounts, identity: MarketIdentity, key: str, *, although_lost: bool = False
) -> int:
    """Record a key's fingerprint as that of the market's secret key.

    Returns how many second factors no key opens any more. Raises Refused if there are any, unless
    `although_lost`.
    """
    if identity.key == key:
        return 0
    lost = 0
    async for item in _users(accounts):
        lost += not await _opens(accounts, item)
    if lost and not although_lost:
        many = "second factor opens" if lost == 1 else "second factors open"
        raise Refused(
            f"{whole(lost)} {many} with none of the keys that are set. Run `secrets reseal` under "
            "the earlier key first; if that is lost, pass --lost"
        )
    entry = ACTOR.entry(
        Action.SECRET_KEY_ACCEPTED, "market", identity.id, accounts.now(),
        secretKey={"old": identity.key, "new": key}, lost=lost,
    )  # fmt: skip
    await accounts.trail.commit(entry, replaced(identity, replace(identity, key=key)))
    return lost


async def _users(accounts: Accounts) -> AsyncIterator[Item]:
    after: str | None = None
    while True:
        page = await accounts.store.scan(USERS, limit=100, after=after)
        for item in page.items:
            yield item
        after = page.next
        if after is None:
            return


async def _opens(accounts: Accounts, item: Item) -> bool:
    sealed = item.get("mfaSecret")
    try:
        if sealed is not None:
            await accounts.vault.open(sealed, bound_to=bound_to(item["id"]))
    except Unreadable:
        return False
    return True


async def _reseal(accounts: Accounts, item: Item) -> int:
    sealed = item.get("mfaSecret")
    if sealed is None or accounts.vault.is_current(sealed):
        return 0
    place = bound_to(item["id"])
    secret = await accounts.vault.open(sealed, bound_to=place)
    sealed_again = await accounts.vault.seal(secret, bound_to=place)
    now = accounts.now()
    moment = iso(max(now, from_iso(item["updatedAt"]) + 1))
    entry = ACTOR.entry(Action.USER_UPDATED, "user", item["id"], now, because="key rotation")
    write = Update(
        USERS,
        (item["id"],),
        set={"mfaSecret": sealed_again, "updatedAt": moment},
        when=Equals(mfaSecret=sealed, updatedAt=item["updatedAt"]),
    )
    try:
        await accounts.trail.commit(entry, write)
    except Conflict:
        return 0  # changed meanwhile: sealed by that change, or by the next run
    return 1
