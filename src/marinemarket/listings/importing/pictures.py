"""Pictures that an imported file names on other hosts: fetched into the market's own media.

One after another, with a pause, so that no host has many requests of ours at a time. What was fetched is
remembered by digests of its address and content: the same file again fetches nothing again, and the same
picture at a new address is not added twice.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from io import BytesIO

from ...accounts.user import User
from ...audit.entry import Actor
from ...audit.trail import Trail
from ...errors import MarketError, NotFound
from ...fetching.fetcher import Fetched, Fetcher, Unfetched
from ...media.images import LARGEST_IMAGE
from ...media.studio import Studio
from ..listing import Listing
from ..media.attachments import change_photos
from ..media.photos import take_photos
from ..media.records import PhotoOrigin, digest_of_address, origins_of
from ..photo import MOST_PHOTOS, Photo
from ..records import find_listing

PAUSE_SECONDS = 0.2
"""Between two requests: the other host has visitors of its own."""
PATIENCE_SECONDS: tuple[float, ...] = (2, 8)
"""Before a second and a third request, where a host does not answer, or asks for patience."""


@dataclass(slots=True)
class FetchReport:
    """How many pictures were fetched, and the address of each that was not, with the reason."""

    fetched: int = 0
    failed: list[tuple[str, str]] = field(default_factory=list)


def picture_fetcher(contact: str) -> Fetcher:
    """For files of the size of a picture. `contact` tells other hosts who asks."""
    return Fetcher(most=LARGEST_IMAGE, seconds=30, contact=contact)


class PictureFetching:
    """Fetches pictures for the adverts of one owner."""

    def __init__(self, trail: Trail, studio: Studio, fetcher: Fetcher, actor: Actor) -> None:
        self._trail, self._studio, self._fetcher, self._actor = trail, studio, fetcher, actor

    async def take(self, id: str, address: str, among: Sequence[str]) -> bool:
        """Fetch a picture, one `among` those that a file names, and append it to a listing's.

        False if the listing has it already: from this address, or from one that is named no more. Raises
        Unfetched, and whatever `take_photos` raises.
        """
        listing = await find_listing(self._trail.store, id)
        if listing is None:
            raise NotFound("listing", id)
        known = (await origins_of(self._trail.store, listing.photos)).values()
        if digest_of_address(address) in {origin.address for origin in known}:
            return False
        fetched = await self._fetched(address)
        await asyncio.sleep(PAUSE_SECONDS)
        content = fetched.content or b""
        origin = PhotoOrigin.of(address, content)
        named = {digest_of_address(one) for one in among}
        if origin.content in {one.content for one in known if one.address not in named}:
            return False
        file = BytesIO(content)
        await take_photos(self._trail, self._studio, self._actor, id, [file], origins=[origin])
        return True

    async def put_in_order(self, id: str, addresses: Sequence[str]) -> None:
        """The fetched pictures of a listing in the order of their addresses, before all others."""
        listing = await find_listing(self._trail.store, id)
        if listing is None:
            return
        places = {digest_of_address(address): n for n, address in enumerate(addresses)}
        origins = await origins_of(self._trail.store, listing.photos)
        by_photo = {photo: places.get(origin.address) for photo, origin in origins.items()}

        def ordered(old: tuple[Photo, ...]) -> tuple[Photo, ...]:
            def place(photo: Photo) -> int:
                found = by_photo.get(photo.id)
                return len(addresses) if found is None else found

            return tuple(sorted(old, key=place))

        await change_photos(self._trail, self._actor, id, ordered)

    async def _fetched(self, address: str) -> Fetched:
        for pause in PATIENCE_SECONDS:
            try:
                return await self._fetcher.fetch(address, accept="image/*")
            except Unfetched as error:
                if error.is_final:
                    raise
            await asyncio.sleep(pause)
        return await self._fetcher.fetch(address, accept="image/*")


class PictureImport:
    """Fetches the pictures that an operator's import names, for the adverts of one owner.

    Run again after an interruption, it goes on with those that are missing.
    """

    def __init__(
        self, trail: Trail, studio: Studio, fetcher: Fetcher, *, owner: User, actor: Actor
    ) -> None:
        self._store = trail.store
        # The entry names the owner whose advert it is, and the command that acted.
        acting = replace(actor, user_id=owner.id)
        self._fetching = PictureFetching(trail, studio, fetcher, acting)
        self.report = FetchReport()

    async def run(
        self,
        wanted: Mapping[str, Sequence[str]],
        progress: Callable[[int, int], None] = lambda *_: None,
    ) -> FetchReport:
        """Fetch the pictures of listings, by their ids. `progress` receives how many of how many."""
        for number, (id, addresses) in enumerate(wanted.items(), start=1):
            listing = await find_listing(self._store, id)
            if listing is not None and await self._is_of_files(listing):
                await self._listing(id, addresses[:MOST_PHOTOS])
            progress(number, len(wanted))
        return self.report

    async def _is_of_files(self, listing: Listing) -> bool:
        """Has the advert no photos but fetched ones? Its seller's own are not to be mixed with others."""
        return len(await origins_of(self._store, listing.photos)) == len(listing.photos)

    async def _listing(self, id: str, addresses: Sequence[str]) -> None:
        added = 0
        for address in addresses:
            try:
                added += await self._fetching.take(id, address, addresses)
            except (Unfetched, MarketError) as error:
                self.report.failed.append((address, str(error)))
        self.report.fetched += added
        if added:
            await self._fetching.put_in_order(id, addresses)
