"""Fills an empty market with fictitious boats for a demonstration."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from itertools import islice
from random import Random
from typing import Any
from uuid import UUID, uuid5

from ..accounts.records import add_user, find_user
from ..accounts.user import SellerKind, User, UserStatus
from ..audit.entry import Actor
from ..clock import DAY, iso, year_of
from ..composition import Market
from ..errors import Conflict
from ..listings.listing import DEMO, Listing
from ..listings.records import add_listing, offered
from ..media.drawings import drawing_address
from ..media.illustration import VIEWS
from ..store.schema import LISTINGS
from .market import boats
from .sellers import BROKERS, SELLERS

COUNT = 2000

ACTOR = Actor.system("demo")
_NAMESPACE = UUID("3c1f6f0e-6f43-4d0a-8f0c-0f9d7a1f2b11")
_AT_ONCE = 200
MOST_SELLERS = 200
"""No version of the demonstration has more sellers."""


async def fill(market: Market, progress: Callable[[int], None], *, count: int = COUNT) -> bool:
    """Add the demonstration's sellers and boats; False if the market already has other boats.

    If interrupted, the next call continues.
    """
    begun = await find_user(market.store, seller_id(0)) is not None
    if not begun and (await offered(market.store)).listings:
        return False
    now = market.clock()
    for number, name in enumerate(SELLERS):
        await _add_seller(market, number, name, now)
    made = enumerate(boats(count, this_year=year_of(now), now_ms=now))
    done = 0
    while batch := list(islice(made, _AT_ONCE)):
        await asyncio.gather(*(_add_boat(market, number, text, now) for number, text in batch))
        done += len(batch)
        progress(done)
    return True


def _kind_of(name: str) -> SellerKind:
    return SellerKind.BROKER if name in BROKERS else SellerKind.PRIVATE


def seller_id(number: int) -> str:
    """The account id of the seller with this number, the same in every market."""
    return str(uuid5(_NAMESPACE, f"seller {number}"))


async def _add_seller(market: Market, number: int, name: str, now: int) -> None:
    id = seller_id(number)
    if await find_user(market.store, id):
        return
    since = iso(now - 400 * DAY)
    seller = User(
        id=id,
        email=f"seller{number}@marinemarket.example",
        name=name,
        status=UserStatus.ACTIVE,
        seller_kind=_kind_of(name),
        created_at=since,
        updated_at=since,
    )
    await add_user(market.trail, ACTOR, seller)


async def _add_boat(market: Market, number: int, payload: dict[str, Any], now: int) -> None:
    id = str(uuid5(_NAMESPACE, f"boat {number}"))
    if await market.store.get(LISTINGS, id):
        return
    # A conflict means that a parallel run has added it.
    with suppress(Conflict):
        await add_listing(market.trail, ACTOR, _listing(id, number, payload, now))


def _listing(id: str, number: int, payload: dict[str, Any], now: int) -> Listing:
    chance = Random(f"listing {number}")
    payload = dict(payload)
    # Hours and minutes apart, so that the newest come one by one.
    created = now - payload.pop("daysAgo") * DAY - chance.randrange(DAY)
    history = [
        {"price": step["price"], "at": max(created, now - step["daysAgo"] * DAY)}
        for step in payload.pop("priceHistory", None)
        or [{"price": payload["price"], "daysAgo": 10_000}]
    ]
    boat_type = payload["boatDetails"]["type"]
    views = range(VIEWS) if chance.random() < 0.8 else range(2)
    seller = chance.randrange(len(SELLERS))
    ours = {
        "id": id,
        "ownerId": seller_id(seller),
        "sellerKind": _kind_of(SELLERS[seller]).value,
        "images": [drawing_address(boat_type, number + 1, view) for view in views],
        "priceHistory": history,
        "status": "active",
        "moderation": {"state": "approved"},
        "source": {"name": DEMO},
        "createdAt": created,
        "updatedAt": max(created, history[-1]["at"]),
    }
    return Listing.parse(payload | ours, now=now)
