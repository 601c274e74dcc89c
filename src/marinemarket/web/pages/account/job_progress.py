"""Bulk actions as their owner follows them: progress, outcome, cancelling, taking back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Template

from ....clock import SECOND
from ....composition import Market
from ....errors import MarketError
from ....i18n.dates import at_moment, since
from ....i18n.numbers import whole
from ....i18n.texts import gettext as _
from ....i18n.texts import ngettext
from ....jobs.job import Job, JobState, Why
from ....jobs.records import cancel, enqueue, jobs_of, own_job, queue_of
from ....jobs.runner import AT_ONCE
from ....parts.report import PartStatus, worker_part
from ....seller_dashboard.bulk_actions import BulkAction
from ....seller_dashboard.bulk_jobs import BulkOutcome, outcomes_of
from ....seller_dashboard.import_jobs import IMPORT
from ....seller_dashboard.photo_jobs import FETCH_PHOTOS
from ....seller_dashboard.taking_back import (
    TAKE_BACK,
    changed_boats,
    may_be_taken_back_until,
    take_back,
)
from ...dependencies import CurrentMarket
from ...forms import Form, seen_other
from ...security.access import AnyRequest, CurrentActor, CurrentSignedIn, form_of

PATH = "/account/jobs"
IMPORTS = "/account/boats/import"
PRIVATE = {"Cache-Control": "no-store"}
_MOST_SHOWN = 200
_LATEST = 30
_SLOW = 20 * SECOND


@dataclass(frozen=True, slots=True)
class ShownJob:
    """A job in a list. `outcome` is a sentence."""

    address: str
    title: str
    outcome: str
    when: str


@dataclass(frozen=True, slots=True)
class JobsPage:
    """All that ``account/jobs.html`` uses."""

    form: Form
    jobs: list[ShownJob]


@dataclass(frozen=True, slots=True)
class JobPage:
    """All that ``account/job.html`` uses. `waits` says why nothing happens at the moment, if so.

    `taken_back_until` is empty if the job cannot be taken back, `emails` what that leaves as it is.
    """

    form: Form
    id: str
    title: str
    outcome: str
    why: str
    is_running: bool
    is_prepared: bool
    waits: str
    done: int
    total: int
    refused: list[BulkOutcome]
    changed: list[BulkOutcome]
    more_refused: int
    more_changed: int
    taken_back_until: str
    to_take_back: int
    emails: str
    undone_by: str
    undoes: str


async def run_at_once(market: Market, owner_id: str, *, most: int = AT_ONCE) -> None:
    """Do the first steps of an owner's jobs within the request: a few boats are done by its end.

    The worker does the rest; also where this fails, since the job is kept.
    """
    try:
        await market.jobs().run_queue(owner_id, most=most)
    except MarketError:
        return


def address_of(job: Job) -> str:
    """The page of a job; that of an import is the report on its file."""
    if job.kind == IMPORT:
        return f"{IMPORTS}/{job.parameters['upload']}"
    return f"{PATH}/{job.id}"


@get(PATH, include_in_schema=False)
async def show_jobs(
    request: AnyRequest, market: CurrentMarket, somebody: CurrentSignedIn
) -> Template:
    jobs, _more = await jobs_of(market.store, somebody.user.id, limit=_LATEST)
    now = market.clock()
    shown = [
        ShownJob(address_of(job), title_of(job), outcome_of(job), since(job.created_at, now))
        for job in jobs
    ]
    page = JobsPage(Form.of(request, market), shown)
    return Template("account/jobs.html", context={"page": page}, headers=PRIVATE)


@get(f"{PATH}/{{job_id:str}}", include_in_schema=False)
async def show_job(
    job_id: FromPath[str], request: AnyRequest, market: CurrentMarket, somebody: CurrentSignedIn
) -> Template | Response[Any]:
    job = await own_job(market.store, somebody.user.id, job_id)
    if job.kind == IMPORT:
        return seen_other(address_of(job))
    return await _page(request, market, job)


@post(f"{PATH}/{{job_id:str}}/start", include_in_schema=False)
async def send_start(
    job_id: FromPath[str], request: AnyRequest, market: CurrentMarket, actor: CurrentActor
) -> Response[None]:
    """Start what was shown. Sent again, it starts nothing again."""
    await form_of(request)
    job = await own_job(market.store, actor.user_id, job_id)
    if job.state is JobState.PREPARED:
        job = await enqueue(market.trail, job)
        await run_at_once(market, actor.user_id)
    return seen_other(address_of(job))


@post(f"{PATH}/{{job_id:str}}/cancellation", include_in_schema=False)
async def send_cancellation(
    job_id: FromPath[str], request: AnyRequest, market: CurrentMarket, actor: CurrentActor
) -> Response[None]:
    await form_of(request)
    return seen_other(address_of(await cancel(market.trail, actor, actor.user_id, job_id)))


@post(f"{PATH}/{{job_id:str}}/reversal", include_in_schema=False)
async def send_reversal(
    job_id: FromPath[str], request: AnyRequest, market: CurrentMarket, actor: CurrentActor
) -> Response[None]:
    """Take a job back; sent again, it takes nothing back again."""
    await form_of(request)
    back = await take_back(market.trail, actor, job_id)
    await run_at_once(market, actor.user_id)
    return seen_other(address_of(back))


async def _page(request: AnyRequest, market: Market, job: Job) -> Template:
    has_lists = job.has_ended
    refused = await _outcomes(market, job, refused=True) if has_lists else []
    changed = await _outcomes(market, job, refused=False) if has_lists else []
    until = may_be_taken_back_until(job, market.clock())
    page = JobPage(
        form=Form.of(request, market),
        id=job.id,
        title=title_of(job),
        outcome=outcome_of(job),
        why=why_ended(job),
        is_running=job.is_waiting,
        is_prepared=job.state is JobState.PREPARED,
        waits=await waits(market, job),
        done=job.done,
        total=job.total,
        refused=refused,
        changed=changed,
        more_refused=job.refused - len(refused),
        more_changed=job.done - job.refused - len(changed),
        taken_back_until=at_moment(until) if until else "",
        to_take_back=changed_boats(job),
        emails=_emails(job),
        undone_by=f"{PATH}/{job.undone_by}" if job.undone_by else "",
        undoes=f"{PATH}/{job.undoes}" if job.undoes else "",
    )
    return Template("account/job.html", context={"page": page}, headers=PRIVATE)


async def _outcomes(market: Market, job: Job, *, refused: bool) -> list[BulkOutcome]:
    found = await outcomes_of(market.store, job, refused=refused, limit=_MOST_SHOWN)
    return [outcome for _number, outcome in found]


async def waits(market: Market, job: Job) -> str:
    """Why a job does not go on at the moment; empty if it does, or should within seconds."""
    if not job.is_waiting:
        return ""
    queue = await queue_of(market.store, job.queue)
    if queue.jobs[:1] != (job.id,):
        return _("This starts when your earlier change is done.")
    if (await worker_part(market)).status is PartStatus.AWAY:
        return _(
            "The part of the site that works in the background is not running at the moment. "
            "Nothing is lost: this goes on by itself as soon as it runs again."
        )
    if market.clock() - job.updated_at > _SLOW:
        return _("Others are being served first. This goes on by itself.")
    return ""


def title_of(job: Job) -> str:
    """What a job does, as a heading."""
    many = job.total
    if job.kind == IMPORT:
        return _("Import %(file)s") % {"file": job.parameters["fileName"]}
    if job.kind == FETCH_PHOTOS:
        return _("Photos of %(file)s") % {"file": job.parameters["fileName"]}
    if job.kind == TAKE_BACK:
        return ngettext("Take back: %(num)s boat", "Take back: %(num)s boats", many)
    action = BulkAction(job.parameters["action"])
    if action is BulkAction.WITHDRAW:
        return ngettext("Take down %(num)s boat", "Take down %(num)s boats", many)
    if action is BulkAction.PUT_BACK:
        return ngettext("Relist %(num)s boat", "Relist %(num)s boats", many)
    if action is BulkAction.SOLD:
        return ngettext("Mark %(num)s boat as sold", "Mark %(num)s boats as sold", many)
    if action is BulkAction.STILL:
        return ngettext(
            "Confirm that %(num)s boat is still for sale",
            "Confirm that %(num)s boats are still for sale",
            many,
        )
    if action is BulkAction.UNDER_OFFER:
        return ngettext(
            "Mark %(num)s boat as under offer", "Mark %(num)s boats as under offer", many
        )
    if action is BulkAction.OFFER_ENDED:
        return ngettext(
            "Mark %(num)s boat as no longer under offer",
            "Mark %(num)s boats as no longer under offer",
            many,
        )
    return ngettext("Change the price of %(num)s boat", "Change the prices of %(num)s boats", many)


def outcome_of(job: Job) -> str:
    """How far a job is, or what came of it, as a sentence."""
    if job.state is JobState.PREPARED:
        return _("Nothing has changed yet.")
    if not job.has_ended:
        so_far = {
            IMPORT: _("%(done)s of %(total)s rows done"),
            FETCH_PHOTOS: _("%(done)s of %(total)s photos done"),
        }.get(job.kind, _("%(done)s of %(total)s boats done"))
        return so_far % {"done": whole(job.done), "total": whole(job.total)}
    sentence = _succeeded(job)
    if job.refused:
        refused = {
            IMPORT: _(", %(number)s rejected"),
            FETCH_PHOTOS: _(", %(number)s could not be fetched"),
        }.get(job.kind, _(", %(number)s not updated"))
        sentence += refused % {"number": whole(job.refused)}
    if job.done < job.total:
        sentence += _(", %(number)s not reached") % {"number": whole(job.total - job.done)}
    return sentence


def _succeeded(job: Job) -> str:
    number = job.done - job.refused
    if job.kind == IMPORT:
        return ngettext("%(num)s imported", "%(num)s imported", number)
    if job.kind == FETCH_PHOTOS:
        return ngettext("%(num)s photo is there", "%(num)s photos are there", number)
    if job.parameters.get("action") == IMPORT:
        return ngettext("%(num)s taken back", "%(num)s taken back", number)
    return ngettext("%(num)s updated", "%(num)s updated", number)


def why_ended(job: Job) -> str:
    """Why a job ended before it was done; empty for any other."""
    if job.state is JobState.DONE or not job.has_ended:
        return ""
    return {
        Why.NOTHING: _("You stopped this. What was done by then stays."),
        Why.ERROR: _("This was stopped by an error on our side. What was done by then stays."),
        Why.ACCOUNT: _("This was stopped because the account is not active."),
        Why.RESTORED: _(
            "This was stopped because the market was restored from a backup. Look at your boats, "
            "and start it again if it is still right."
        ),
    }[job.why]


def _emails(job: Job) -> str:
    """What taking back leaves as it is."""
    action = job.parameters.get("action")
    if action == BulkAction.PRICE:
        return _(
            "The price history will show both changes. Emails about a lower price that have gone "
            "out cannot be called back."
        )
    if action == BulkAction.SOLD:
        return _("Those who watch a boat may have read that it is sold.")
    return ""
