"""The studio: processes photos fairly and within limits, and stores their files."""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO, Final

from ..errors import FieldError, Invalid
from ..i18n.texts import gettext as _
from .blobs import Blobs
from .fair_queue import FairQueue
from .image_headers import ImageHeader, read_header
from .image_process import ImageProcess, TookTooLong, Unfinished
from .images import SIZES, Developed
from .picture_faults import BadPicture, Fault

log = logging.getLogger(__name__)

MOST_WAITING_EACH: Final = 10
MOST_WAITING: Final = 100
"""How many pictures may wait, of one member and of all. They wait on disk, not in memory."""
QUICK_SECONDS: Final = 8.0
QUICK_MEMORY: Final = 400_000_000
_LARGE: Final = 10_000_000
"""Pixels of a picture that may need more memory than the quick lane gives."""
IDLE_SECONDS: Final = 60.0
"""How long a process that has nothing to do is kept: starting one takes half a second."""
ROOM: Final = 50_000_000
"""How many bytes must be free where files are written, before a picture is processed."""

PHOTO: Final = "photo"
"""The kind of a medium that is a photo; a video's is its file extension, such as ``mp4``."""
KINDS: Final = ("webp", "jpg")


class Waiting(StrEnum):
    """Why a medium's files will be removed, unless an advert uses them by then."""

    ANNOUNCED = "announced"
    LET_GO = "let go"
    ERASED = "erased"
    EVIDENCE = "evidence"
    """Nothing uses it any more, but a moderator may still look at it."""


class _Lane:
    """One process, and the queue for it. `seconds` is the deadline of each picture."""

    def __init__(self, name: str, *, seconds: float, memory: int) -> None:
        self.queue = FairQueue(at_once=1, most_each=MOST_WAITING_EACH, most=MOST_WAITING)
        self._seconds = seconds
        self._process = ImageProcess(memory)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=f"studio-{name}")
        self._idle: asyncio.TimerHandle | None = None

    async def develop(self, file: BinaryIO, member: str) -> Developed:
        loop = asyncio.get_running_loop()
        async with self.queue.turn(member):
            if self._idle is not None:
                self._idle.cancel()
            try:
                return await loop.run_in_executor(
                    self._thread, self._process.develop, file, self._seconds
                )
            finally:
                self._idle = loop.call_later(IDLE_SECONDS, self._rest)

    def _rest(self) -> None:
        self._thread.submit(self._process.stop)

    def close(self) -> None:
        if self._idle is not None:
            self._idle.cancel()
        self._process.stop()
        self._thread.shutdown(cancel_futures=True)


class Studio:
    """Processes uploads, and names their files in `blobs`.

    There are two lanes, each with one picture at a time, in which members take turns. Most pictures
    take the quick one. Those that take much memory, or are not finished in QUICK_SECONDS, take the
    other, where each may take `seconds` and `memory` bytes.
    """

    def __init__(self, blobs: Blobs, *, seconds: float = 30, memory: int = 1_000_000_000) -> None:
        self.blobs = blobs
        self._quick = _Lane("quick", seconds=min(QUICK_SECONDS, seconds), memory=QUICK_MEMORY)
        self._slow = _Lane("slow", seconds=seconds, memory=memory)

    async def develop(self, file: BinaryIO, member: str) -> Developed:
        """Like `images.develop`, when it is this member's turn.

        All that can be known without decoding is checked before: raises whatever `read_header` raises,
        and StorageFull. Raises TooMany or Unavailable if too many wait, and Invalid for a picture that
        is damaged, or takes too much time or memory.
        """
        header = await asyncio.to_thread(read_header, file)
        await self.blobs.check_room(ROOM)
        if not header.is_heavy:
            try:
                return await self._quick.develop(file, member)
            except (BadPicture, Unfinished) as error:
                if isinstance(error, BadPicture) and not _may_lack_memory(error, header):
                    raise
                log.info("a %s of %s × %s pixels is slow", header.kind, header.width, header.height)
        try:
            return await self._slow.develop(file, member)
        except TookTooLong:
            message = _("takes too long to process; save it as a JPEG, and send that")
        except Unfinished:
            message = _("cannot be processed; save it as a JPEG, and send that")
        raise Invalid([FieldError("image", message)])

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
        """End the processes."""
        self._quick.close()
        self._slow.close()


def _may_lack_memory(error: BadPicture, header: ImageHeader) -> bool:
    """May the picture be sound? A decoder that gets no more memory does not always say so."""
    return error.fault is Fault.DAMAGED and header.width * header.height > _LARGE


def photo_file(id: str, size: str, kind: str) -> str:
    return f"photos/{id[:2]}/{id}/{size}.{kind}"


def video_file(id: str, kind: str) -> str:
    return f"videos/{id[:2]}/{id}.{kind}"


def files_of(id: str, kind: str) -> list[str]:
    """The names of all files of a medium."""
    if kind == PHOTO:
        return [photo_file(id, size, ending) for size in SIZES for ending in KINDS]
    return [video_file(id, kind)]
