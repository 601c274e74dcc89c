"""The studio: processes photos, one at a time per process, and stores their files."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from enum import StrEnum
from pathlib import Path
from typing import Final

from ..errors import Unavailable
from ..i18n.texts import gettext as _
from .blobs import Blobs
from .images import SIZES, Developed, develop

MOST_WAITING: Final = 12
"""The number of photos that may wait. Limited, since each is held in memory."""
PHOTO: Final = "photo"
"""The kind of a medium that is a photo; a video's is its file extension, such as ``mp4``."""
KINDS: Final = ("webp", "jpg")


class Waiting(StrEnum):
    """Why a medium's files will be removed, unless an advert uses them by then."""

    ANNOUNCED = "announced"
    LET_GO = "let go"
    ERASED = "erased"


class Studio:
    """Processes uploads, and names their files in `blobs`."""

    def __init__(self, blobs: Blobs) -> None:
        self.blobs = blobs
        # A decoded photo takes up to 200 MB: two at a time are too much for a small machine.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="studio")
        self._waiting = 0

    async def develop(self, content: bytes) -> Developed:
        """Like `images.develop`, after those before it. Raises Unavailable if too many wait."""
        if self._waiting >= MOST_WAITING:
            raise Unavailable(_("many pictures are being taken in just now"), retry_after=5)
        self._waiting += 1
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._thread, develop, content)
        finally:
            self._waiting -= 1

    async def keep(self, id: str, developed: Developed) -> None:
        """Write the files of a photo; durable on return."""
        files: dict[str, bytes | Path] = {
            photo_file(id, size, kind): content for (size, kind), content in developed.files.items()
        }
        await self.blobs.put(files)

    async def discard(self, id: str, kind: str) -> None:
        """Remove the files of a medium that exist."""
        await self.blobs.remove(files_of(id, kind))

    def close(self) -> None:
        self._thread.shutdown(cancel_futures=True)


def photo_file(id: str, size: str, kind: str) -> str:
    return f"photos/{id[:2]}/{id}/{size}.{kind}"


def video_file(id: str, kind: str) -> str:
    return f"videos/{id[:2]}/{id}.{kind}"


def files_of(id: str, kind: str) -> list[str]:
    """The names of all files of a medium."""
    if kind == PHOTO:
        return [photo_file(id, size, ending) for size in SIZES for ending in KINDS]
    return [video_file(id, kind)]
