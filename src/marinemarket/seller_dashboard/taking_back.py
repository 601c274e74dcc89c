"""Taking a bulk action, or an import, back for a day: a job of its own, which sets each boat back.

A boat that was changed since is left as she is, and named. One that an import has made is deleted if no
reader can have seen her, and otherwise withdrawn. Prices go up and down as they did: the price history
shows both. What was told meanwhile (alerts, that a boat is sold) stays told.
"""

from __future__ import annotations

from uuid import UUID, uuid5

from ..audit.actions import Action
from ..audit.entry import Actor
from ..audit.trail import Trail
from ..clock import DAY, is_yet_to_come
from ..errors import Invalid, Refused
from ..i18n.texts import gettext as _
from ..jobs.job import Job, JobState, new_job
from ..jobs.records import enqueue, moved, own_job
from ..listings.lifecycle.editing import commit_deletion, own_listing
from ..listings.lifecycle.publication import commit_change, withdrawn
from ..listings.listing import Listing, ModerationState, Status
from ..listings.price_history import with_price_history
from ..listings.reconfirmation import reconfirmed
from ..listings.records import next_version
from ..privacy.pages import picked
from ..store.store import Store
from .bulk_actions import TOUCHED, BulkAction
from .bulk_jobs import (
    BULK_EDIT,
    IMPOSSIBLE,
    BulkOutcome,
    ended_with_account,
    note,
    outcomes_of,
    progress_writes,
    reason_of,
)
from .import_jobs import IMPORT, changed_since_its_last_step
from .row_images import awaits_review, before_the_row, is_as_left, is_new

TAKE_BACK = "take-back"
LASTS = DAY
"""How long after its end a bulk action can be taken back, in milliseconds."""
_NAMESPACE = UUID("8f9a1f0e-58a1-4b3c-9d7e-2f0f3f6f7c11")
_LOOKED_THROUGH = 50

_ENTRIES = {
    Status.ACTIVE: Action.LISTING_PUBLISHED,
    Status.SOLD: Action.LISTING_SOLD,
    Status.INACTIVE: Action.LISTING_WITHDRAWN,
}


def changed_boats(job: Job) -> int:
    """How many boats the steps of a job have changed: not those that were so already, or were refused."""
    return int(job.parameters.get("changed", 0))


async def boats_to_set_back(store: Store, job: Job) -> int:
    """How many boats a job that has ended has changed, also in a step that was not completed."""
    return changed_boats(job) + await changed_since_its_last_step(store, job)


def may_be_taken_back_until(job: Job, now: int) -> int | None:
    """Until when (Unix milliseconds) a job can be taken back; None if it cannot be, or not any more.

    An import that was stopped may turn out to have changed nothing.
    """
    if job.kind not in (BULK_EDIT, IMPORT) or job.ended_at is None or job.undone_by:
        return None
    was_cut = job.kind == IMPORT and job.state is not JobState.DONE
    if not changed_boats(job) and not was_cut:
        return None
    ends = job.ended_at + LASTS
    return ends if is_yet_to_come(ends, now, lasts=LASTS) else None


async def take_back(trail: Trail, actor: Actor, id: str) -> Job:
    """Start taking a job back; the same again is the same job. Raises NotFound and Refused."""
    job = await own_job(trail.store, actor.user_id, id)
    if job.undone_by:
        return await own_job(trail.store, actor.user_id, job.undone_by)
    now = trail.clock()
    if may_be_taken_back_until(job, now) is None:
        raise Refused(_("it can be taken back only when it has ended, and for a day"))
    total = await boats_to_set_back(trail.store, job)
    if not total:
        raise Refused(_("it has changed none of your boats"))
    back = new_job(
        TAKE_BACK,
        actor,
        now,
        id=str(uuid5(_NAMESPACE, id)),
        owner_id=actor.user_id,
        total=total,
        undoes=id,
        parameters={"action": job.parameters["action"]},
    )
    marked = job.changed(undone_by=back.id, step=job.step + 1)
    return await enqueue(trail, back, moved(job, marked))


async def do_take_back_step(trail: Trail, job: Job) -> None:
    """One boat of the job that is taken back: set back, or left as she is with the reason."""
    number, told = await _next_outcome(trail, job)
    at = job.changed(position=str(number))
    # The position is part of the progress, and decides nothing if that is lost.
    try:
        old = await own_listing(trail.store, job.actor.user_id, told.id)
        if job.parameters["action"] == IMPORT:
            await _take_back_row(trail, at, old, told)
            return
        action = BulkAction(job.parameters["action"])
        if picked(old.to_wire(), TOUCHED[action]) != told.after:
            raise Refused(_("it was changed since, and stays as it is"))
        if old.status is Status.SOLD and "status" not in TOUCHED[action]:
            raise Refused(_("it was sold since, and stays as it is"))
        now = trail.clock()
        new = _set_back(action, old, told.before or {}, now)
        outcome = BulkOutcome(old.id, old.title, "", told.after, told.before)
        kind = Action.LISTING_UPDATED
        if "status" in TOUCHED[action]:
            kind = _ENTRIES[new.status]
        await commit_change(
            trail, job.on_behalf, old, new, kind, *progress_writes(at, outcome, now)
        )
    except IMPOSSIBLE as error:
        if not await ended_with_account(trail, job):
            await note(trail, at, BulkOutcome(told.id, told.title, reason_of(error, told.title)))


async def _take_back_row(trail: Trail, job: Job, old: Listing, told: BulkOutcome) -> None:
    """Set a boat back to what she was before a row of a file. Raises as commits do, and Refused."""
    now, after = trail.clock(), told.after or {}
    if not is_as_left(old, after):
        raise Refused(_("it was changed since, and stays as it is"))
    outcome = BulkOutcome(old.id, old.title)
    if not is_new(after):
        if old.status is Status.SOLD:
            raise Refused(_("it was sold since, and stays as it is"))
        new = before_the_row(old, told.before or {}, after, now)
        writes = progress_writes(job, outcome, now)
        await commit_change(trail, job.on_behalf, old, new, Action.LISTING_UPDATED, *writes)
        return
    if awaits_review(old):
        await commit_deletion(trail, job.on_behalf, old, *progress_writes(job, outcome, now))
        return
    down = withdrawn(old, now)
    if down is None:
        await note(trail, job, outcome)
        return
    writes = progress_writes(job, outcome, now)
    await commit_change(trail, job.on_behalf, old, down, Action.LISTING_WITHDRAWN, *writes)


async def _next_outcome(trail: Trail, job: Job) -> tuple[int, BulkOutcome]:
    done = await own_job(trail.store, job.actor.user_id, job.undoes or "")
    after = int(job.position or -1)
    while found := await outcomes_of(
        trail.store, done, refused=False, limit=_LOOKED_THROUGH, after=after
    ):
        for number, outcome in found:
            if outcome.before is not None:
                return number, outcome
            after = number
    raise LookupError(f"job {done.id} changed no boat after number {after}")


def _set_back(action: BulkAction, old: Listing, before: dict[str, object], now: int) -> Listing:
    """The boat as she was before. Raises Invalid, or Refused, if she may not be so any more."""
    wire = {name: value for name, value in old.to_wire().items() if name not in TOUCHED[action]}
    del wire["listingId"]
    new = Listing.parse(wire | before | {"updatedAt": next_version(old, now)}, now=now)
    if action is BulkAction.PRICE:
        return with_price_history(old, reconfirmed(old, new, now))
    if action is BulkAction.STILL:
        return new
    if new.status is Status.ACTIVE:
        if old.moderation.state is ModerationState.REJECTED:
            raise Refused(_("a moderator has rejected it since"))
        if missing := new.missing_for_publication:
            raise Invalid(missing)
    return new.changed(confirmed_at=now)
