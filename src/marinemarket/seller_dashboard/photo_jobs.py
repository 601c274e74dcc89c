"""Fetching the photos that a seller's file names, as a job: one address is one step.

What an import found is kept beside the job that fetches it, boat by boat, in the commits of the import's
own steps. The job waits in a queue of its own: hosts may be slow, and nobody else is to wait for them.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID, uuid5

from ..audit.operational import Operational
from ..audit.trail import Trail
from ..errors import MarketError, Refused, StorageFull, Unavailable
from ..fetching.fetcher import Fetcher, Unfetched
from ..i18n.texts import gettext as _
from ..jobs.job import Job, JobState, new_job
from ..jobs.records import enqueue, moved, part_item, slow_queue
from ..jobs.runner import Runner
from ..listings.importing.importer import Candidate
from ..listings.importing.pictures import PictureFetching, picture_fetcher
from ..listings.photo import MOST_PHOTOS
from ..media.studio import Studio
from ..store.items import Item
from ..store.schema import JOBS
from ..store.store import Between, Query
from ..store.writes import Absent, Put, Write
from .bulk_jobs import ended_with_account, reason_of

log = logging.getLogger(__name__)

FETCH_PHOTOS: Final = "fetch-photos"
_NAMESPACE = UUID("5e0a8f6c-6a35-4f0c-8b53-2f0f6c0a7d11")
_LONGEST_SHOWN = 300
_MOST_SILENT = 3
"""How often a host may not answer before the rest of a file's photos there are left out."""


def photo_job_id(of: Job) -> str:
    return str(uuid5(_NAMESPACE, of.id))


def photo_job(of: Job, total: int, now: int) -> Job:
    """The job that fetches what an import has found: always the same one."""
    return new_job(
        FETCH_PHOTOS,
        of.on_behalf,
        now,
        id=photo_job_id(of),
        owner_id=of.owner_id,
        queue=slow_queue(of.owner_id or of.id),
        total=total,
        parameters={"action": FETCH_PHOTOS, "fileName": of.parameters["fileName"]},
    )


def wanted_puts(of: Job, rows: Mapping[str, Candidate], now: int) -> list[Put]:
    """The writes that keep what some rows name, until it is fetched."""
    job = photo_job(of, 0, now)
    return [
        Put(
            JOBS,
            part_item(
                job,
                f"wanted.{candidate.number:05d}",
                {
                    "listingId": id,
                    "row": candidate.row.number,
                    "addresses": candidate.draft.pictures[:MOST_PHOTOS],
                },
            ),
        )
        for id, candidate in rows.items()
    ]


def count_of(rows: Mapping[str, Candidate]) -> int:
    return sum(len(candidate.draft.pictures[:MOST_PHOTOS]) for candidate in rows.values())


async def start_fetching(trail: Trail, of: Job, total: int, last: Sequence[Write]) -> None:
    """Start the job of an import that is at its end, with the `last` writes of what is wanted.

    Repeating this starts nothing again.
    """
    try:
        await enqueue(trail, photo_job(of, total, trail.clock()), *last)
    except Refused:
        log.warning("the photos of import %s are not fetched: too many files wait", of.id)


def photo_runner(
    trail: Trail, studio: Studio, *, contact: str = "", fetcher: Fetcher | None = None
) -> Runner:
    """The runner of these jobs. `contact` tells other hosts who asks."""
    step = partial(do_photo_step, trail, studio, fetcher or picture_fetcher(contact))
    return Runner(trail, {FETCH_PHOTOS: step}, slow=True)


async def do_photo_step(trail: Trail, studio: Studio, fetcher: Fetcher, job: Job) -> None:
    """Fetch the next photo, and note how far that is. Raises Conflict if the job moved on meanwhile."""
    if await ended_with_account(trail, job):
        return
    number, place = _position(job)
    between = Between(f"wanted.{number:05d}", "wanted/")
    found = (await trail.store.query(Query(JOBS, job.id, between=between, limit=1))).items
    now = trail.clock()
    if not found:
        write = moved(job, job.ended(now, JobState.DONE))
        await trail.commit_operational(Operational.JOB, write)
        return
    [boat] = found
    at = int(str(boat["part"]).partition(".")[2])
    addresses: Sequence[str] = boat["addresses"]
    place = place if at == number else 0
    fetching = PictureFetching(trail, studio, fetcher, job.on_behalf)
    silent = dict(job.parameters.get("silent", {}))
    why = await _taken(fetching, boat["listingId"], addresses, place, silent)
    is_last = place + 1 >= len(addresses)
    if is_last:
        try:
            await fetching.put_in_order(boat["listingId"], addresses)
        except MarketError as error:
            if isinstance(error, (StorageFull, Unavailable)):
                raise
    following = f"{at + 1}.0" if is_last else f"{at}.{place + 1}"
    new = job.advanced(trail.clock(), by=1, refused=1 if why else 0, position=following)
    new = new.changed(parameters=job.parameters | {"silent": silent})
    writes: list[Write] = [moved(job, new)]
    if why:
        content: Item = {
            "listingId": boat["listingId"],
            "title": _("Row %(row)s", row=boat["row"]),
            "why": f"{addresses[place][:_LONGEST_SHOWN]} {why}",
        }
        part = part_item(job, f"refused.{job.done:05d}", content)
        writes.append(Put(JOBS, part, when=Absent()))
    await trail.commit_operational(Operational.JOB, *writes)


async def _taken(
    fetching: PictureFetching, id: str, addresses: Sequence[str], place: int, silent: dict[str, int]
) -> str:
    """Fetch the one in this place; why it could not be, or nothing.

    `silent` counts how often hosts have not answered.
    """
    host = _host_of(addresses[place])
    if silent.get(host, 0) >= _MOST_SILENT:
        return _("was left out: its host has not answered several times; send the file again later")
    try:
        await fetching.take(id, addresses[place], addresses)
    except Unfetched as error:
        if not error.is_final:
            silent[host] = silent.get(host, 0) + 1
        return str(error)
    except (StorageFull, Unavailable):
        raise
    except MarketError as error:
        return reason_of(error, id)
    silent.pop(host, None)
    return ""


def _position(job: Job) -> tuple[int, int]:
    """The row, and the place among its addresses."""
    number, _point, place = (job.position or "0.0").partition(".")
    return int(number), int(place)


def _host_of(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""
