"""Jobs in the store: the items of one, and the queue of those that one owner still has.

A job is its `head` and what its kind keeps beside it, under the same id. A queue lists the ids of
unfinished jobs in their order, exactly, since an index may lag. The due-index lists queues and not
jobs: so owners take turns, however many jobs each of them has.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..audit.actions import Action
from ..audit.entry import Actor
from ..audit.operational import Operational
from ..audit.trail import Trail
from ..clock import SECOND, iso
from ..errors import NotFound, Refused
from ..i18n.texts import gettext as _
from ..store.items import Item, may_be_id
from ..store.schema import JOBS
from ..store.store import Query, Store
from ..store.writes import Absent, Delete, Equals, Put, Write
from .job import KEPT_FOR, MOST_UNFINISHED, Job, JobState

HEAD, QUEUE = "head", "queue"
WAITING = "waiting"
_DERIVED = ("part", "ttl")


_SLOW = ".slow"


def slow_queue(owner_id: str) -> str:
    """The queue of an owner's jobs that wait for others, such as hosts, and must hold nobody up."""
    return owner_id + _SLOW


def is_slow(queue: str) -> bool:
    return queue.endswith(_SLOW)


@dataclass(frozen=True, slots=True)
class JobQueue:
    """The unfinished jobs of one queue, in the order in which they are done."""

    id: str
    jobs: tuple[str, ...]

    def put(self, jobs: Sequence[str], now: int, owner_id: str | None) -> Write:
        """The write that makes `jobs` the queue, if it is as it was read."""
        when = Equals(jobs=[*self.jobs]) if self.jobs else Absent()
        if not jobs:
            return Delete(JOBS, (self.id, QUEUE), when=when)
        return Put(JOBS, _queue_item(self.id, jobs, now, owner_id), when=when)


def job_item(job: Job) -> Item:
    """The head of a job. The market's own is kept until it has ended."""
    item = job.to_wire() | {"part": HEAD}
    if job.owner_id is None and not job.has_ended:
        return item
    return item | {"ttl": expiry_of(job.ended_at or job.created_at)}


def expiry_of(moment: int) -> int:
    """The second at which something of a job that was made or ended at `moment` expires."""
    return (moment + KEPT_FOR) // SECOND


def part_item(job: Job, part: str, content: Item) -> Item:
    """Something that a kind of job keeps beside the head, and no longer than that."""
    owner = {"ownerId": job.owner_id} if job.owner_id else {}
    ttl = expiry_of(job.created_at)
    return {"id": job.id, "part": part, **owner, "ttl": ttl, **content}


def moved(old: Job, new: Job) -> Put:
    """The write that moves a job on, if no other step has been done since it was read."""
    return Put(JOBS, job_item(new), when=Equals(step=old.step))


async def find_job(store: Store, id: str) -> Job | None:
    item = await store.get(JOBS, id, HEAD) if may_be_id(id) else None
    return job_of(item) if item else None


async def own_job(store: Store, owner_id: str, id: str) -> Job:
    """An owner's job. Raises NotFound for anybody else's."""
    job = await find_job(store, id)
    if job is None or job.owner_id != owner_id:
        raise NotFound("job", id)
    return job


def job_of(item: Item) -> Job:
    """The job of a head. Raises Invalid if it is not one."""
    return Job.parse({name: value for name, value in item.items() if name not in _DERIVED})


async def jobs_of(
    store: Store, owner_id: str, *, limit: int = 50, after: str | None = None
) -> tuple[list[Job], str | None]:
    """An owner's jobs that were started, the newest first, and a cursor."""
    index = JOBS.index("owner-index")
    query = Query(JOBS, owner_id, index, newest_first=True, limit=limit, after=after)
    page = await store.query(query)
    jobs = [job_of(item) for item in page.items]
    return [job for job in jobs if job.state is not JobState.PREPARED], page.next


async def queue_of(store: Store, queue: str) -> JobQueue:
    return (await _line(store, queue))[0]


async def due_queues(store: Store, *, limit: int = 50) -> list[str]:
    """The queues with something to do, the one that has waited longest first. The index may lag."""
    page = await store.query(Query(JOBS, WAITING, JOBS.index("due-index"), limit=limit))
    return [str(item["id"]) for item in page.items]


async def enqueue(trail: Trail, job: Job, *others: Write) -> Job:
    """Start a job, with other writes of the same commit; returns it as it stands.

    Repeating this with the same id starts nothing again. A prepared job is started. Raises Refused for
    more unfinished jobs than a queue holds.
    """

    async def attempt() -> Job:
        known = await find_job(trail.store, job.id)
        if known is not None and known.state is not JobState.PREPARED:
            return known
        now = trail.clock()
        queue = await queue_of(trail.store, job.queue)
        if len(queue.jobs) >= MOST_UNFINISHED:
            raise Refused(_("you have too many unfinished jobs: wait until some are done"))
        begun = (known or job).changed(state=JobState.QUEUED, updated_at=now)
        entry = begun.on_behalf.entry(
            Action.JOB_STARTED, "job", job.id, now, kind=job.kind, total=begun.total
        )
        if known is None:
            head = Put(JOBS, job_item(begun), when=Absent())
        else:
            begun = begun.changed(step=known.step + 1)
            head = moved(known, begun)
        line = queue.put([*queue.jobs, job.id], now, job.owner_id)
        await trail.commit(entry, head, line, *others)
        return begun

    return await trail.retrying(attempt)


async def prepare(trail: Trail, job: Job, *parts: Write) -> None:
    """Keep a job that its owner is still to agree to; `enqueue` starts it."""
    head = Put(JOBS, job_item(job), when=Absent())
    await trail.commit_operational(Operational.JOB, head, *parts)


async def cancel(trail: Trail, actor: Actor, owner_id: str, id: str) -> Job:
    """End an owner's job where it is; what was done stays. One that has ended stays as it is.

    Raises NotFound.
    """

    async def attempt() -> Job:
        job = await own_job(trail.store, owner_id, id)
        if job.has_ended:
            return job
        now = trail.clock()
        ended = job.ended(now, JobState.CANCELLED)
        entry = actor.entry(
            Action.JOB_CANCELLED, "job", id, now, kind=job.kind, done=job.done, total=job.total
        )
        await trail.commit(entry, moved(job, ended))
        return ended

    return await trail.retrying(attempt)


async def drop_first(trail: Trail, queue: str, job_id: str) -> None:
    """Take a job that has ended off its queue, if it is still the first."""

    async def attempt() -> None:
        line, owner_id = await _line(trail.store, queue)
        if line.jobs[:1] == (job_id,):
            write = line.put(line.jobs[1:], trail.clock(), owner_id)
            await trail.commit_operational(Operational.JOB, write)

    await trail.retrying(attempt)


async def give_way(trail: Trail, queue: str) -> None:
    """Put a queue behind all others that wait."""

    async def attempt() -> None:
        line, owner_id = await _line(trail.store, queue)
        if line.jobs:
            write = line.put(line.jobs, trail.clock(), owner_id)
            await trail.commit_operational(Operational.JOB, write)

    await trail.retrying(attempt)


async def _line(store: Store, queue: str) -> tuple[JobQueue, str | None]:
    item = await store.get(JOBS, queue, QUEUE) or {}
    return JobQueue(queue, tuple(item.get("jobs", ()))), item.get("ownerId")


def _queue_item(id: str, jobs: Sequence[str], now: int, owner_id: str | None) -> Item:
    owner = {"ownerId": owner_id} if owner_id else {}
    return {
        "id": id,
        "part": QUEUE,
        "jobs": [*jobs],
        "waiting": WAITING,
        "dueAt": iso(now),
        **owner,
    }
