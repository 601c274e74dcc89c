"""Which market an archive belongs to: one file with the market's id.

An archive of another market is never written to, cleared or gone on with. One from before markets had
ids belongs to the market whose feed it ends in.
"""

from __future__ import annotations

from typing import Literal

from ..errors import Damaged, Invalid, NotFound, Refused
from ..store.store import Store
from ..wire import Model
from .archive import HEAD, Archive
from .base_copies import FOLDER as BASES
from .file_format import checked, with_sum
from .segments import FOLDER as FEED
from .storage import Storage

OWNER = "market.json"


class Owner(Model):
    """The content of the file."""

    format: Literal[1] = 1
    market: str


def owner_in(content: bytes) -> Owner:
    """Raises Damaged."""
    try:
        return Owner.parse(checked(OWNER, content))
    except Invalid as error:
        raise Damaged(OWNER, f"cannot be read: {error}") from None


async def owner_of(place: Storage) -> str | None:
    """The id of the market that a place belongs to; None where nothing says so. Raises Damaged."""
    try:
        return owner_in(await place.read(OWNER)).market
    except NotFound:
        return None


async def is_in_use(place: Storage) -> bool:
    """Does the place hold an archive, or the beginning of one?"""
    for name in (OWNER, HEAD):
        try:
            await place.read(name)
        except NotFound:
            continue
        return True
    return bool(await place.names(BASES) or await place.names(FEED))


async def own(archive: Archive, market: str, store: Store) -> None:
    """Make sure that an archive is this market's, and write so into one that is new.

    Raises Refused if it is another's.
    """
    owner = await owner_of(archive.place)
    if owner == market:
        return
    if owner is not None:
        raise Refused(
            f"the archive belongs to another market ({owner}; this one is {market}), and nothing was "
            f"written to it. {_WAYS_ON}"
        )
    if await is_in_use(archive.place):
        position = (await archive.tail()).position
        if position is None or not await store.is_of_this_feed(position):
            raise Refused(
                "the archive does not say whose it is, and does not end in this market's changes; "
                f"nothing was written to it. {_WAYS_ON}"
            )
    await adopt(archive.place, market)


_WAYS_ON = (
    "Name another place for this market's archive, or let this market go on with it: "
    "`marinemarket backup --to PLACE --adopt`"
)


async def adopt(place: Storage, market: str) -> None:
    """Make an archive this market's, whosever it was."""
    await place.put(OWNER, with_sum(Owner(market=market).model_dump(by_alias=True)))
