"""The disk of a running market with several web processes fills up to the last byte.

Pages, searches and the health check answer, writes are refused with 507, no process is restarted, and
with room again everything goes on by itself.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

from tests.runtime.full_disk import NotMounted, small_disk, survive

from . import Skipped

KINDS = ("ext4", "tmpfs")
SECONDS = 15


async def drill(folder: Path, rounds: Sequence[random.Random]) -> AsyncIterator[str]:
    for number, chance in enumerate(rounds):
        place, kind = folder / str(number), KINDS[number % len(KINDS)]
        place.mkdir()
        try:
            with small_disk(place, kind, chance.randrange(24, 64)) as disk:
                workers = chance.randint(2, 4)
                text = await asyncio.to_thread(
                    survive, disk, place, workers=workers, seconds=SECONDS
                )
        except NotMounted as error:
            raise Skipped(str(error)) from None
        yield f"{text}, on {kind}"
