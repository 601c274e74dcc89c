"""Retention: removes what no moment of the retention window needs."""

from __future__ import annotations

from ..clock import DAY
from .archive import Archive
from .base_copies import FOLDER
from .quiet import mark_in


async def delete_expired(archive: Archive, *, now: int, days: int) -> int:
    """Remove bases and segments that serve only moments before the window; returns how many files.

    The newest base stays, and the one from which the window's first moment is restored. Oldest
    first, and a base's manifest before its files, so that after an interruption nothing
    half-removed counts.
    """
    cutoff = now - days * DAY
    removed = 0
    async with archive.place.alone("bases"):
        bases = [base for base in await archive.bases() if base.is_whole]
        served = [base for base in bases if base.manifest.moment <= cutoff]
        if not served:
            return 0
        kept = served[-1].manifest
        for base in served[:-1]:
            parts = [part.name for part in base.manifest.parts]
            for name in [base.name, *parts, mark_in(base.folder)]:
                await archive.place.remove(name)
                removed += 1
        for segment in await archive.segments():
            if segment.number <= kept.after:
                await archive.place.remove(str(segment))
                removed += 1
    return removed


async def clear_unfinished(archive: Archive) -> None:
    """Remove the files of bases that were never completed. Only for the sole taker of bases."""
    finished = {base.folder for base in await archive.bases()}
    for name in await archive.place.names(FOLDER):
        if name.rpartition("/")[0] not in finished:
            await archive.place.remove(name)
