"""A process that writes until it is killed, with a search follower beside its writers.

Each commit creates an advert, a claim of the advert's id, and their audit entry. After a commit is
acknowledged, its id is written to the log as a line.
"""

from __future__ import annotations

import asyncio
import logging
from io import FileIO
from pathlib import Path
from random import Random
from string import ascii_lowercase

from marinemarket.audit.actions import Action
from marinemarket.audit.entry import Actor
from marinemarket.composition import Market, open_market
from marinemarket.config.settings import Settings
from marinemarket.listings.records import listing_item
from marinemarket.search.index_follower import SearchFollower
from marinemarket.store.change_feed import Reader
from marinemarket.store.schema import CLAIMS, LISTINGS
from marinemarket.store.writes import Absent, Put
from tests.builders import a_listing

ACTOR = Actor.system("drill")
WRITERS = 8


def word_of(round: int) -> str:
    """A word that only the adverts of one round contain.

    The words differ a lot: in a round that added nothing, none must pass for a misspelling of another.
    """
    return "".join(Random(round).choices(ascii_lowercase, k=12))


async def write_advert(market: Market, round: int, number: int) -> str:
    """Commit three items that belong together; returns the advert's id."""
    listing = a_listing(name=f"{round} {number}", title=f"Boat {number} of {word_of(round)}")
    now = market.clock()
    await market.trail.commit(
        ACTOR.entry(Action.LISTING_CREATED, "listing", listing.id, now),
        Put(LISTINGS, listing_item(listing), when=Absent()),
        Put(CLAIMS, {"claim": listing.id}, when=Absent()),
    )
    return listing.id


def write_until_killed(data: Path, log: Path, round: int) -> None:
    """The body of a writer process; never returns."""
    logging.disable(logging.WARNING)  # the fresh index of a new market logs a warning
    asyncio.run(_write_and_follow(data, log, round))


async def _write_and_follow(data: Path, log: Path, round: int) -> None:
    # Unbuffered: a kill may come between any two instructions.
    with log.open("wb", buffering=0) as acknowledged:
        async with open_market(Settings(data=data)) as market:
            reader = Reader(market.store, [SearchFollower(market.store, market.engine)])
            writers = (_write(market, acknowledged, round, first) for first in range(WRITERS))
            await asyncio.gather(reader.run(asyncio.Event()), *writers)


async def _write(market: Market, acknowledged: FileIO, round: int, number: int) -> None:
    while True:
        id = await write_advert(market, round, number)
        acknowledged.write(f"{id}\n".encode())
        number += WRITERS
