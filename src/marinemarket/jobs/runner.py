"""Does the jobs that wait, in steps: each is one commit of what it changes and of how far the job is.

A process that is killed anywhere has therefore done a step with its record, or not at all. Two
that do one job at the same time never do a step twice: the commit of one of them fails, and it reads
the job again. The order of queues is only that: a clock that is wrong makes somebody wait for
others, and nobody for ever.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping

from ..audit.actions import Action
from ..audit.entry import Actor
from ..audit.operational import Operational
from ..audit.trail import Trail
from ..errors import StorageFull, Unavailable
from ..metrics import JOB_STEPS, JOBS_FAILED
from .job import Job, JobState, Why
from .records import drop_first, due_queues, find_job, give_way, is_slow, moved, queue_of

log = logging.getLogger(__name__)

AT_ONCE = 25
"""Steps of one queue before it is another's turn."""
MOST_FAILURES = 3
"""Errors at one step before the job is given up."""

Step = Callable[[Job], Awaitable[None]]
"""One attempt at a job's next step: it reads, decides, and commits with the write `moved`."""


class Runner:
    """Does jobs of the kinds that it is given, by name: those of the slow queues, or of all others."""

    def __init__(self, trail: Trail, kinds: Mapping[str, Step], *, slow: bool = False) -> None:
        self._trail, self._kinds, self._slow = trail, kinds, slow

    async def run_once(self) -> bool:
        """Some steps of the queue that has waited longest; False if there was nothing to do."""
        for queue in await due_queues(self._trail.store, limit=200):
            if is_slow(queue) is not self._slow:
                continue
            # An index may lag, and list what is empty by now.
            if (await queue_of(self._trail.store, queue)).jobs:
                try:
                    await self.run_queue(queue)
                finally:
                    await give_way(self._trail, queue)
                return True
        return False

    async def run_queue(self, queue: str, *, most: int = AT_ONCE) -> int:
        """At most so many steps of a queue's jobs, in their order; returns how many there were.

        Raises Unavailable and StorageFull: another time it goes on from there.
        """
        steps = 0
        while steps < most:
            line = await queue_of(self._trail.store, queue)
            if not line.jobs:
                break
            job = await find_job(self._trail.store, line.jobs[0])
            while job is not None and job.is_waiting and steps < most:
                await self._do_step(job.id)
                steps += 1
                job = await find_job(self._trail.store, job.id)
            if job is None or not job.is_waiting:
                await drop_first(self._trail, queue, line.jobs[0])
        return steps

    async def _do_step(self, id: str) -> None:
        async def attempt() -> None:
            job = await find_job(self._trail.store, id)
            if job is not None and job.is_waiting:
                await self._kinds[job.kind](job)
                JOB_STEPS.labels(job.kind).inc()

        try:
            await self._trail.retrying(attempt)
        except (Unavailable, StorageFull):
            raise
        except Exception:  # a step that cannot be done must not hold up the worker, or other jobs
            log.exception("job %s: a step failed", id)
            await self._trail.retrying(lambda: self._note_failure(id))

    async def _note_failure(self, id: str) -> None:
        job, now = await find_job(self._trail.store, id), self._trail.clock()
        if job is None or not job.is_waiting:
            return
        again = job.changed(failures=job.failures + 1, step=job.step + 1, updated_at=now)
        if again.failures < MOST_FAILURES:
            await self._trail.commit_operational(Operational.JOB, moved(job, again))
            return
        JOBS_FAILED.labels(job.kind).inc()
        entry = Actor.system("worker").entry(
            Action.JOB_FAILED, "job", id, now, kind=job.kind, done=job.done, total=job.total
        )
        ended = again.ended(now, JobState.FAILED, Why.ERROR)
        await self._trail.commit(entry, moved(job, ended))
