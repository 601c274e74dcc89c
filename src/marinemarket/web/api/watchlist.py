"""Your watchlist, for API clients."""

from __future__ import annotations

from litestar import Response, delete, get, put
from litestar.params import FromPath, JSONBody

from ...watchlist.tracking import Note, annotate, unwatch, watch, watched_boat, watchlist_of
from ..dependencies import CurrentMarket
from ..security.access import CurrentActor, CurrentSignedIn
from .answers.listings import Watched, WatchedBoat, WatchedBoatList
from .listings import json

_PRIVATE = {"Cache-Control": "no-store"}


@get(
    "/me/watchlist",
    summary="List your watchlist",
    operation_id="listWatchlist",
    answers=WatchedBoatList,
)
async def list_watched(market: CurrentMarket, somebody: CurrentSignedIn) -> Response[bytes]:
    """Your whole watchlist, at most 200 boats. `price` is the price when you saved the boat,
    `currentPrice` the price now, both in US cents; `became` is `offered`, `sold` or `gone`.
    """
    boats = await watchlist_of(market.listings, somebody.user.id)
    return json({"results": [boat.to_wire() for boat in boats]}, headers=_PRIVATE)


@get(
    "/me/watchlist/{listing_id:str}",
    summary="Read a boat on your watchlist",
    operation_id="getWatchedListing",
    answers=WatchedBoat,
)
async def show_watched(
    listing_id: FromPath[str], market: CurrentMarket, somebody: CurrentSignedIn
) -> Response[bytes]:
    """One boat of your watchlist, and what has become of it."""
    boat = await watched_boat(market.listings, somebody.user.id, listing_id)
    return json(boat.to_wire(), headers=_PRIVATE)


@put(
    "/me/watchlist/{listing_id:str}",
    summary="Watch a boat",
    operation_id="watchListing",
    answers=Watched,
)
async def put_watched(
    listing_id: FromPath[str],
    market: CurrentMarket,
    actor: CurrentActor,
    data: JSONBody[Note | None] = None,
) -> Response[bytes]:
    """Add a public boat, or change one you already watch; optionally with a private `note`. Without
    a body the note is unchanged.
    """
    watched = await watch(market.trail, market.listings, actor.user_id, listing_id)
    if data is not None:
        watched = await annotate(market.trail, actor.user_id, listing_id, data)
    payload = watched.to_wire()
    del payload["userId"]
    return json(payload, headers=_PRIVATE)


@delete(
    "/me/watchlist/{listing_id:str}",
    summary="Stop watching a boat",
    operation_id="unwatchListing",
)
async def remove_watched(
    listing_id: FromPath[str], market: CurrentMarket, actor: CurrentActor
) -> None:
    """Succeeds even if the boat is not on your watchlist."""
    await unwatch(market.trail, actor.user_id, listing_id)
