"""Your bulk actions and imports, for API clients: how far they are, stopping them, taking them back."""

from __future__ import annotations

from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from ...jobs.job import Job
from ...jobs.records import cancel, jobs_of, own_job
from ...privacy.pages import picked
from ...seller_dashboard.bulk_jobs import outcomes_of
from ...seller_dashboard.taking_back import may_be_taken_back_until, take_back
from ..dependencies import CurrentMarket
from ..security.access import CurrentActor, CurrentSignedIn
from .answers.jobs import Job as JobAnswer
from .answers.jobs import JobPage, JobWithRefusals
from .listings import json
from .paging import FromAfter, FromLimit

_PRIVATE = {"Cache-Control": "no-store"}
_MOST_REFUSALS = 100
_SEEN = (
    "id", "kind", "state", "why", "total", "done", "refused", "createdAt", "updatedAt", "endedAt",
    "undoes", "undoneBy",
)  # fmt: skip


@get(
    "/me/jobs",
    summary="List your bulk actions",
    operation_id="listMyJobs",
    answers=JobPage,
)
async def list_jobs(
    market: CurrentMarket,
    somebody: CurrentSignedIn,
    limit: FromLimit = 20,
    after: FromAfter = None,
) -> Response[bytes]:
    """The bulk actions and imported files of the last 30 days, the newest first, with how far each is."""
    jobs, following = await jobs_of(market.store, somebody.user.id, limit=limit, after=after)
    now = market.clock()
    return json({"results": [_seen(job, now) for job in jobs], "next": following}, headers=_PRIVATE)


@get(
    "/me/jobs/{job_id:str}",
    summary="Read a bulk action",
    operation_id="getMyJob",
    answers=JobWithRefusals,
)
async def show_one(
    job_id: FromPath[str], market: CurrentMarket, somebody: CurrentSignedIn
) -> Response[bytes]:
    """How far it is, and the boats that were left as they are, with the reasons."""
    job = await own_job(market.store, somebody.user.id, job_id)
    found = await outcomes_of(market.store, job, refused=True, limit=_MOST_REFUSALS)
    refusals = [
        {"listingId": one.id, "title": one.title, "reason": one.why_not} for _number, one in found
    ]
    return json(_seen(job, market.clock()) | {"refusals": refusals}, headers=_PRIVATE)


@post(
    "/me/jobs/{job_id:str}/cancellation",
    status_code=200,
    summary="Stop a bulk action",
    operation_id="cancelMyJob",
    answers=JobAnswer,
)
async def stop(
    job_id: FromPath[str], market: CurrentMarket, actor: CurrentActor
) -> Response[bytes]:
    """End it where it is. What was done stays; one that has ended is unchanged."""
    job = await cancel(market.trail, actor, actor.user_id, job_id)
    return json(_seen(job, market.clock()), headers=_PRIVATE)


@post(
    "/me/jobs/{job_id:str}/reversal",
    status_code=200,
    summary="Take back a bulk action",
    operation_id="reverseMyJob",
    answers=JobAnswer,
)
async def reverse(
    job_id: FromPath[str], market: CurrentMarket, actor: CurrentActor
) -> Response[bytes]:
    """Set each boat that it changed back to what it was, unless it was changed since. A boat that an
    import added is deleted if it was not reviewed yet, and otherwise withdrawn. Possible for a day
    after the end. Answers with the job that does so; sent again, with the same one.
    """
    back = await take_back(market.trail, actor, job_id)
    return json(_seen(back, market.clock()), headers=_PRIVATE)


def _seen(job: Job, now: int) -> dict[str, Any]:
    until = may_be_taken_back_until(job, now)
    reversible = {} if until is None else {"reversibleUntil": until}
    return picked(job.to_wire(), _SEEN) | {"action": job.parameters["action"]} | reversible
