"""Cleaning videos that earlier versions stored with more than picture and sound in them.

Run it once after an upgrade. It may be interrupted and run again: a clean video is left as it is.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from hashlib import file_digest
from pathlib import Path
from tempfile import NamedTemporaryFile

from ...errors import Invalid, NotFound, UnknownKind
from ...media.blobs import Blobs
from ...media.studio import video_file
from ...media.videos import VIDEO_KINDS, clean_video
from ...store.items import Item
from ...store.schema import MEDIA
from ...store.store import Store


@dataclass(slots=True)
class CleaningReport:
    """How many videos there are, and how many had more in them than picture and sound.

    `refused` are the ids of videos that cannot be cleaned, and of their adverts; `missing` counts those
    without a file.
    """

    videos: int = 0
    cleaned: int = 0
    missing: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)


async def clean_stored_videos(
    store: Store, blobs: Blobs, progress: Callable[[int], None] = lambda _: None
) -> CleaningReport:
    """Clean every stored video; `progress` receives how many were looked at."""
    report = CleaningReport()
    async for item in _all_videos(store):
        report.videos += 1
        try:
            report.cleaned += await _clean(blobs, video_file(item["id"], item["kind"]))
        except NotFound:
            report.missing += 1
        except (Invalid, UnknownKind):
            report.refused.append((item["id"], item["advertId"]))
        progress(report.videos)
    return report


async def _clean(blobs: Blobs, name: str) -> bool:
    """Clean one file; returns whether there was anything to clean."""
    size = await blobs.size(name)
    with NamedTemporaryFile(prefix="marinemarket-") as own:
        async for piece in blobs.pieces(name, 0, size):
            await asyncio.to_thread(own.write, piece)
        own.flush()
        path = Path(own.name)
        before = await asyncio.to_thread(_digest, path)
        await asyncio.to_thread(clean_video, path)
        if await asyncio.to_thread(_digest, path) == before:
            return False
        await blobs.put({name: path})
        return True


def _digest(path: Path) -> bytes:
    with path.open("rb") as file:
        return file_digest(file, "sha256").digest()


async def _all_videos(store: Store) -> AsyncIterator[Item]:
    after: str | None = None
    while True:
        page = await store.scan(MEDIA, after=after)
        for item in page.items:
            if item["kind"] in VIDEO_KINDS:
                yield item
        after = page.next
        if after is None:
            return
