"""Sealing secrets again under the current master key: the last step of a key rotation.

It may be interrupted and run again: what is sealed under the current key is left alone.
"""

from __future__ import annotations

from collections.abc import Callable

from ..audit.actions import Action
from ..audit.entry import Actor
from ..clock import from_iso, iso
from ..errors import Conflict
from ..store.items import Item
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
    after: str | None = None
    while True:
        page = await accounts.store.scan(USERS, limit=100, after=after)
        for item in page.items:
            resealed += await _reseal(accounts, item)
            progress(resealed)
        after = page.next
        if after is None:
            return resealed


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
