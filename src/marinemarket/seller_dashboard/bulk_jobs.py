"""A bulk action as a job: one boat is one step, with its own outcome.

The plan says how each boat was when her owner chose her. One that has been sold, repriced or judged
since is left as she is, and named.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from ..accounts.records import is_account_active
from ..audit.actions import Action
from ..audit.entry import Actor
from ..audit.operational import Operational
from ..audit.trail import Trail
from ..errors import DamagedItem, Invalid, MarketError, NotFound, Refused, TooLarge
from ..i18n.texts import gettext as _
from ..jobs.job import Job, JobState, Why, new_job
from ..jobs.records import enqueue, moved, part_item, prepare
from ..listings.lifecycle.editing import edited, own_listing
from ..listings.lifecycle.publication import commit_change
from ..listings.listing import Listing
from ..listings.price_history import with_price_history
from ..listings.reconfirmation import reconfirmed
from ..listings.records import next_version
from ..privacy.pages import picked
from ..store.items import Item
from ..store.schema import JOBS
from ..store.store import Between, Query, Store
from ..store.writes import Absent, Put, Write
from .bulk_actions import CHANGES, ENTRIES, TOUCHED, BulkAction, in_its_currency, own_of

BULK_EDIT = "bulk-edit"
_OF_A_PART = 40
_NAMESPACE = UUID("0c4c9a4e-4f0d-4a7e-8f0b-6f1f4f1a2b51")
_DONE, _REFUSED = "done", "refused"

IMPOSSIBLE = (Invalid, NotFound, Refused, TooLarge, DamagedItem)
"""What is wrong with one boat, and says nothing about the others."""


@dataclass(frozen=True, slots=True)
class BulkOutcome:
    """The outcome for one boat. `title` is empty for one of somebody else, `why_not` if it succeeded.

    `before` and `after` are what was changed, as on the wire; empty if she was so already.
    """

    id: str
    title: str
    why_not: str = ""
    before: Item | None = None
    after: Item | None = None


def job_id(owner_id: str, token: str, action: BulkAction, ids: Sequence[str]) -> str:
    """The id of the job of one form: the same form with the same boats is the same job again."""
    return str(uuid5(_NAMESPACE, "|".join((owner_id, token, action, *sorted({*ids})))))


async def prepare_bulk(
    trail: Trail,
    actor: Actor,
    action: BulkAction,
    boats: Sequence[Listing],
    prices: Sequence[int] = (),
) -> Job:
    """A job that its owner is still to agree to. `prices` are the new ones, in US cents, for PRICE."""
    planned = [_planned(boat) for boat in boats]
    for plan, price in zip(planned, prices, strict=False):
        plan["new"] = price
    job = _job(actor, action, planned, trail.clock(), JobState.PREPARED)
    await prepare(trail, job, *_plan(job, planned))
    return job


async def start_bulk(
    trail: Trail,
    actor: Actor,
    action: BulkAction,
    ids: Sequence[str],
    boats: Sequence[Listing],
    id: str,
) -> Job:
    """Start the action on some boats, of which `boats` are the actor's. Repeated, it does nothing more.

    Raises Refused for too many unfinished jobs.
    """
    by_id = {boat.id: boat for boat in boats}
    planned: list[dict[str, Any]] = [
        _planned(by_id[one]) if one in by_id else {"id": one} for one in dict.fromkeys(ids)
    ]
    job = _job(actor, action, planned, trail.clock(), JobState.QUEUED, id)
    return await enqueue(trail, job, *_plan(job, planned))


async def start_repricing(
    trail: Trail, actor: Actor, shown: Mapping[str, int], new: Mapping[str, int], id: str
) -> Job:
    """Start giving boats the `new` prices, if they still cost what was `shown`; in US cents, by id."""
    boats = {boat.id: boat for boat in await own_of(trail.store, actor.user_id, [*shown])}
    planned = [
        (_planned(boats[one]) if one in boats else {"id": one})
        | {"price": shown[one], "new": new[one]}
        for one in shown
    ]
    job = _job(actor, BulkAction.PRICE, planned, trail.clock(), JobState.QUEUED, id)
    return await enqueue(trail, job, *_plan(job, planned))


async def do_bulk_step(trail: Trail, job: Job) -> None:
    """One boat: changed, with her outcome and the job's progress; or the reason why not."""
    plan, actor, now = await _next_plan(trail.store, job), job.on_behalf, trail.clock()
    action = BulkAction(job.parameters["action"])
    title = str(plan.get("title", ""))
    try:
        old = await own_listing(trail.store, actor.user_id, plan["id"])
        title = old.title
        new = _changed(action, old, plan, now)
        if new is None:
            await note(trail, job, BulkOutcome(old.id, title))
            return
        names = TOUCHED[action]
        before, after = picked(old.to_wire(), names), picked(new.to_wire(), names)
        # A rejected advert that is sent for review again is no other than before, and not set back.
        changes = (before, after) if before != after else (None, None)
        outcome = BulkOutcome(old.id, title, "", *changes)
        progress = progress_writes(job, outcome, now)
        await commit_change(trail, actor, old, new, ENTRIES[action], *progress)
    except IMPOSSIBLE as error:
        if not await ended_with_account(trail, job):
            await note(trail, job, BulkOutcome(plan["id"], title, reason_of(error, title)))


def progress_writes(job: Job, outcome: BulkOutcome, now: int) -> tuple[Write, Write]:
    """The writes of one boat's outcome and of the job's progress, for the commit that changes her."""
    refused = 1 if outcome.why_not else 0
    new = job.advanced(now, by=1, refused=refused)
    if outcome.before is not None:
        changed = int(new.parameters.get("changed", 0)) + 1
        new = new.changed(parameters=new.parameters | {"changed": changed})
    kind = _REFUSED if refused else _DONE
    content: Item = {"listingId": outcome.id, "title": outcome.title}
    if outcome.why_not:
        content["why"] = outcome.why_not[:1000]
    if outcome.before is not None:
        content |= {"before": outcome.before, "after": outcome.after}
    part = part_item(job, f"{kind}.{job.done:05d}", content)
    return Put(JOBS, part, when=Absent()), moved(job, new)


async def note(trail: Trail, job: Job, outcome: BulkOutcome) -> None:
    """Note an outcome that changed no boat."""
    writes = progress_writes(job, outcome, trail.clock())
    await trail.commit_operational(Operational.JOB, *writes)


async def ended_with_account(trail: Trail, job: Job) -> bool:
    """End a job whose owner may not sell any more; says whether it is so."""
    if job.owner_id is None or await is_account_active(trail.store, job.owner_id):
        return False
    now = trail.clock()
    entry = Actor.system("worker").entry(
        Action.JOB_CANCELLED, "job", job.id, now, done=job.done, total=job.total, because="account"
    )
    await trail.commit(entry, moved(job, job.ended(now, JobState.CANCELLED, Why.ACCOUNT)))
    return True


def reason_of(error: MarketError, title: str) -> str:
    """Why a boat was left as she is, for her owner."""
    if isinstance(error, NotFound):
        return _("it was deleted meanwhile") if title else _("it is not among your boats")
    if isinstance(error, Invalid):
        return "; ".join(f"{one.field} {one.message}" for one in error.errors)
    return str(error)


async def outcomes_of(
    store: Store, job: Job, *, refused: bool, limit: int, after: int = -1
) -> list[tuple[int, BulkOutcome]]:
    """Outcomes with their numbers, in order, later than number `after`: those refused, or the others."""
    kind = _REFUSED if refused else _DONE
    between = Between(f"{kind}.{after + 1:05d}", f"{kind}/")
    items = (await store.query(Query(JOBS, job.id, between=between, limit=limit))).items
    return [(int(str(item["part"]).partition(".")[2]), _outcome_of(item)) for item in items]


def _outcome_of(item: Item) -> BulkOutcome:
    return BulkOutcome(
        item["listingId"], item["title"], item.get("why", ""), item.get("before"), item.get("after")
    )


def _job(
    actor: Actor,
    action: BulkAction,
    planned: Sequence[object],
    now: int,
    state: JobState,
    id: str = "",
) -> Job:
    return new_job(
        BULK_EDIT,
        actor,
        now,
        id=id,
        owner_id=actor.user_id,
        total=len(planned),
        state=state,
        parameters={"action": action.value},
    )


def _planned(boat: Listing) -> dict[str, Any]:
    return {
        "id": boat.id,
        "title": boat.title,
        **({} if boat.price is None else {"price": boat.price}),
        "status": boat.status.value,
        "moderation": boat.moderation.state.value,
    }


def _plan(job: Job, planned: Sequence[dict[str, Any]]) -> list[Put]:
    parts = [planned[begin : begin + _OF_A_PART] for begin in range(0, len(planned), _OF_A_PART)]
    return [
        Put(JOBS, part_item(job, _plan_part(number), {"boats": [*part]}), when=Absent())
        for number, part in enumerate(parts)
    ]


def _plan_part(number: int) -> str:
    return f"plan.{number:04d}"


async def _next_plan(store: Store, job: Job) -> dict[str, Any]:
    item = await store.get(JOBS, job.id, _plan_part(job.done // _OF_A_PART))
    if item is None:
        raise LookupError(f"job {job.id} has no plan for boat {job.done}")
    found: dict[str, Any] = item["boats"][job.done % _OF_A_PART]
    return found


def _changed(action: BulkAction, old: Listing, plan: dict[str, Any], now: int) -> Listing | None:
    """What a boat becomes; None if she is so already. Raises Invalid, and Refused if she changed."""
    if action is BulkAction.PRICE:
        if old.price == plan["new"]:
            return None
        if old.price is None:
            raise Refused(_("its price is on request: enter one in the advert first"))
        if old.price != plan.get("price"):
            raise Refused(_("the price was changed meanwhile: look at it again"))
        _check_unchanged(old, plan)
        return _repriced(old, plan["new"], now)
    new = CHANGES[action](old, now)
    if new is not None:
        _check_unchanged(old, plan)
    return new


def _repriced(old: Listing, cents: int, now: int) -> Listing:
    asked = in_its_currency(old, cents)
    if asked.currency == "USD":
        return edited(old, {"price": cents}, now)
    new = old.changed(price=cents, original_price=asked, updated_at=next_version(old, now))
    return with_price_history(old, reconfirmed(old, new, now))


def _check_unchanged(old: Listing, plan: dict[str, Any]) -> None:
    if old.status.value != plan["status"]:
        raise Refused(_("its status was changed meanwhile: look at it again"))
    if old.moderation.state.value != plan["moderation"]:
        raise Refused(_("a moderator looked at it meanwhile: look at it again"))
