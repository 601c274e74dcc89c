"""Pictures that an imported file names on other hosts: fetched into the market's own media.

Only where the operator asks for it. An advert that has photos is left alone, so a run that was
interrupted is simply repeated.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from tempfile import TemporaryFile
from typing import BinaryIO

from ...accounts.user import User
from ...audit.entry import Actor
from ...audit.trail import Trail
from ...errors import MarketError
from ...fetching.fetcher import Fetcher, Unfetched
from ...media.images import LARGEST_IMAGE
from ...media.studio import Studio
from ..media.photos import take_photos
from ..photo import MOST_PHOTOS
from ..records import find_listing

PAUSE_SECONDS = 0.2
"""Between two requests: the other host has visitors of its own."""


@dataclass(slots=True)
class FetchReport:
    """How many pictures were fetched, and the address of each that was not, with the reason."""

    fetched: int = 0
    failed: list[tuple[str, str]] = field(default_factory=list)


def picture_fetcher(contact: str) -> Fetcher:
    """For files of the size of a picture. `contact` tells other hosts who asks."""
    return Fetcher(most=LARGEST_IMAGE, seconds=60, contact=contact)


class PictureImport:
    """Fetches the pictures of one owner's adverts."""

    def __init__(
        self, trail: Trail, studio: Studio, fetcher: Fetcher, *, owner: User, actor: Actor
    ) -> None:
        self._trail, self._studio, self._fetcher = trail, studio, fetcher
        # The entry names the owner whose advert it is, and the command that acted.
        self._actor = replace(actor, user_id=owner.id)
        self.report = FetchReport()

    async def run(
        self,
        wanted: Mapping[str, Sequence[str]],
        progress: Callable[[int, int], None] = lambda *_: None,
    ) -> FetchReport:
        """Fetch the pictures of listings, by their ids. `progress` receives how many of how many."""
        for number, (id, addresses) in enumerate(wanted.items(), start=1):
            listing = await find_listing(self._trail.store, id)
            if listing is not None and not listing.photos:
                await self._listing(id, addresses[:MOST_PHOTOS])
            progress(number, len(wanted))
        return self.report

    async def _listing(self, id: str, addresses: Sequence[str]) -> None:
        with ExitStack() as files:
            found: list[tuple[str, BinaryIO]] = []
            for address in addresses:
                try:
                    fetched = await self._fetcher.fetch(address, accept="image/*")
                except Unfetched as error:
                    self.report.failed.append((address, str(error)))
                else:
                    copy = files.enter_context(TemporaryFile())
                    copy.write(fetched.content or b"")
                    found.append((address, copy))
                await asyncio.sleep(PAUSE_SECONDS)
            for address, file in found:
                try:
                    await take_photos(self._trail, self._studio, self._actor, id, [file])
                    self.report.fetched += 1
                except MarketError as error:
                    self.report.failed.append((address, str(error)))
