"""The personal data of jobs: what somebody had done to many of their boats at once."""

from __future__ import annotations

from typing import Any

from ..audit.actions import Action
from ..audit.trail import Trail
from ..privacy.pages import newest_first, picked, scanned_pages
from ..privacy.personal_data import RESTORE, Person, PersonalData
from ..privacy.removal import Removal
from ..store.items import Item
from ..store.schema import JOBS
from ..store.store import Query, Store
from ..store.writes import Delete
from .job import JobState, Why
from .records import HEAD, QUEUE, job_of, moved, slow_queue

_OF_A_JOB = (
    "id", "kind", "state", "total", "done", "refused", "createdAt", "endedAt", "undoes", "undoneBy",
)  # fmt: skip


async def _erase(removal: Removal) -> None:
    ids = [
        str(item["id"])
        async for item in newest_first(removal.trail.store, JOBS, "owner", removal.user_id)
    ]
    for id in ids:
        await removal.delete_all(Query(JOBS, id), "job")
    for queue in (removal.user_id, slow_queue(removal.user_id)):
        if await removal.trail.store.get(JOBS, queue, QUEUE) is not None:
            await removal.delete(JOBS, [(queue, QUEUE)], "job")


async def _export(store: Store, person: Person) -> dict[str, Any]:
    found = [
        picked(item, _OF_A_JOB) async for item in newest_first(store, JOBS, "owner", person.id)
    ]
    return {"jobs": found}


async def stop_jobs(trail: Trail) -> int:
    """End the members' unfinished jobs after a restore.

    Since the moment that was restored, their boats may have been changed by hand, and the changes
    are lost: the owners decide again. The market's own jobs go on.
    """
    stopped = 0
    async for items in scanned_pages(trail.store, JOBS):
        for item in items:
            stopped += await _stop(trail, item)
    return stopped


async def _stop(trail: Trail, item: Item) -> int:
    if "ownerId" not in item or item["part"] not in (HEAD, QUEUE):
        return 0
    now = trail.clock()
    if item["part"] == QUEUE:
        entry = RESTORE.entry(Action.JOB_CANCELLED, "user", item["ownerId"], now, because="restore")
        await trail.commit(entry, Delete(JOBS, JOBS.key_of(item)))
        return 0
    job = job_of(item)
    if job.has_ended:
        return 0
    entry = RESTORE.entry(Action.JOB_CANCELLED, "job", job.id, now, because="restore")
    await trail.commit(entry, moved(job, job.ended(now, JobState.CANCELLED, Why.RESTORED)))
    return 1


JOBS_OF_MEMBERS = PersonalData(
    tables=(JOBS,), erase=_erase, export=_export, after_restore={"jobsStopped": stop_jobs}
)
