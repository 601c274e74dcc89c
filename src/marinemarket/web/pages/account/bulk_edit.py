"""Bulk actions on selected boats, with a preview for price changes and for all boats of a list.

Whatever changes boats is a job, and the answer leads to its page: loading that again, or sending the
form again, changes nothing further.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from litestar import Response, post
from litestar.response import Template

from ....audit.entry import Actor
from ....composition import Market
from ....errors import FieldError, Invalid
from ....figures.money import read_dollars
from ....figures.numbers import read_number
from ....i18n.texts import gettext as _
from ....i18n.texts import mark
from ....jobs.job import Job, JobState
from ....jobs.records import enqueue, own_job
from ....listings.listing import Listing
from ....listings.pricing import price_text
from ....seller_dashboard.bulk_actions import (
    BulkAction,
    all_of,
    by_percent,
    check_number,
    check_percent,
    in_its_currency,
    is_price,
    own_of,
)
from ....seller_dashboard.bulk_jobs import job_id, prepare_bulk, start_bulk, start_repricing
from ....text import sentence
from ...dependencies import CurrentMarket
from ...forms import Form, seen_other
from ...security.access import AnyRequest, CurrentActor, form_of
from ...unsent import KeptForm
from .boats import PRIVATE, SHOWS, is_shown
from .job_progress import address_of, run_at_once, title_of

_MOST_ROWS = 200
_NAMED_PRICE = re.compile(r"(?P<id>.{1,200}):(?P<old>[0-9]{1,12}):(?P<new>[0-9]{1,12})", re.DOTALL)
_LONGEST_TOKEN = 100


@dataclass(frozen=True, slots=True)
class NothingDonePage:
    """All that ``account/bulk-refused.html`` uses."""

    form: Form
    reasons: list[str]


@dataclass(frozen=True, slots=True)
class PriceRow:
    """A boat and her price, old and new; the new one is empty if nobody may ask it."""

    title: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class PricesPage:
    """All that ``account/bulk-prices.html`` uses. `job` is empty until a change was typed.

    `every` is the filter that chose the boats; empty where they were ticked.
    """

    form: Form
    ids: list[str]
    every: str
    number: int
    rows: list[PriceRow]
    more: int
    changing: int
    job: str
    by: str
    how: str
    error: str


@dataclass(frozen=True, slots=True)
class ConfirmPage:
    """All that ``account/bulk-confirm.html`` uses."""

    form: Form
    job: str
    title: str
    boats: list[str]
    more: int


@dataclass(frozen=True, slots=True)
class _Chosen:
    """The boats of a form: `ids` as they were sent, `listings` those that are the owner's."""

    ids: list[str]
    every: str
    listings: list[Listing]


@post("/account/boats/many", status_code=200, include_in_schema=False)
async def send_many(
    request: AnyRequest, market: CurrentMarket, actor: CurrentActor
) -> Response[Any]:
    """Do to each chosen boat what the pressed button says."""
    form = await form_of(request)
    wanted = str(form.get("do", ""))
    try:
        if wanted not in {one.value for one in BulkAction}:
            raise Invalid([FieldError("do", _("choose an action"))])
        chosen = await _chosen(market, actor.user_id, form)
        action = BulkAction(wanted)
        if action is BulkAction.PRICE:
            return await _prices(request, market, actor, chosen, "", "percent")
        if chosen.every:
            return await _confirm(request, market, actor, action, chosen.listings)
        token = str(form.get("job", ""))[:_LONGEST_TOKEN]
        id = job_id(actor.user_id, token, action, chosen.ids) if token else ""
        job = await start_bulk(market.trail, actor, action, chosen.ids, chosen.listings, id)
    except Invalid as error:
        return _nothing_done(request, market, error)
    await run_at_once(market, actor.user_id)
    return seen_other(address_of(job))


@post(
    "/account/boats/prices",
    status_code=200,
    include_in_schema=False,
    keeps=KeptForm(
        "/account/boats",
        {"by": mark("Change by")},
        lambda: {"how": (_("In"), {"percent": _("percent"), "amount": _("dollars")})},
    ),
)
async def send_prices(
    request: AnyRequest, market: CurrentMarket, actor: CurrentActor
) -> Response[Any]:
    """Show what each boat would cost; sent from there, start the job that was prepared for it."""
    form = await form_of(request)
    try:
        if form.get("agree"):
            job = await _agreed(market, actor, form)
            await run_at_once(market, actor.user_id)
            return seen_other(address_of(job))
        chosen = await _chosen(market, actor.user_id, form)
        by, how = str(form.get("by", ""))[:20], str(form.get("how", ""))
        return await _prices(request, market, actor, chosen, by, how)
    except Invalid as error:
        return _nothing_done(request, market, error)


async def _agreed(market: Market, actor: Actor, form: Any) -> Job:
    """The job of a preview, started. Sent again, it is the same job. Raises NotFound and Invalid.

    A preview of an earlier version, still open in some browser, names prices and no job.
    """
    if prepared := str(form.get("job", "")):
        job = await own_job(market.store, actor.user_id, prepared)
        return await enqueue(market.trail, job) if job.state is JobState.PREPARED else job
    sent = [one for one in form.getall("price", []) if isinstance(one, str)]
    named = [one for one in map(_NAMED_PRICE.fullmatch, sent) if one]
    check_number(named)
    shown = {one["id"]: int(one["old"]) for one in named}
    new = {one["id"]: int(one["new"]) for one in named}
    id = job_id(actor.user_id, "prices", BulkAction.PRICE, sent)
    return await start_repricing(market.trail, actor, shown, new, id)


async def _chosen(market: Market, owner_id: str, form: Any) -> _Chosen:
    """The boats that a form means: the ticked ones, or all of a list. Raises Invalid."""
    every = str(form.get("every", ""))
    if every in SHOWS:
        listings = await all_of(market.store, owner_id, lambda one: is_shown(one, every))
        return _Chosen([one.id for one in listings], every, listings)
    ids = [one for one in form.getall("boat", []) if isinstance(one, str)]
    check_number(ids)
    return _Chosen(ids, "", await own_of(market.store, owner_id, ids))


async def _prices(
    request: AnyRequest, market: Market, actor: Actor, chosen: _Chosen, by: str, how: str
) -> Template:
    new, error = list[int | None](), ""
    if by:
        try:
            new = [_changed(listing, by, how) for listing in chosen.listings]
        except ValueError as wrong:
            error = _("Enter the change: %(why)s.") % {"why": wrong}
        except Invalid as wrong:
            error = _("That change is too large: %(why)s.") % {"why": wrong.errors[0].message}
    job = await _prepared(market, actor, chosen.listings, new) if new else None
    shown = list(zip(chosen.listings, new, strict=True))[:_MOST_ROWS] if new else []
    page = PricesPage(
        form=Form.of(request, market),
        ids=[] if chosen.every else [listing.id for listing in chosen.listings],
        every=chosen.every,
        number=len(chosen.listings),
        rows=[_row(listing, price) for listing, price in shown],
        more=len(new) - len(shown),
        changing=job.total if job else 0,
        job=job.id if job else "",
        by=by,
        how="amount" if how == "amount" else "percent",
        error=error,
    )
    return Template(
        "account/bulk-prices.html",
        context={"page": page},
        status_code=422 if error else 200,
        headers=PRIVATE,
    )


async def _prepared(
    market: Market, actor: Actor, listings: Sequence[Listing], new: Sequence[int | None]
) -> Job | None:
    pairs = [
        (listing, price)
        for listing, price in zip(listings, new, strict=True)
        if price is not None and is_price(price) and price != listing.price
    ]
    if not pairs:
        return None
    boats, prices = [one for one, _price in pairs], [price for _one, price in pairs]
    return await prepare_bulk(market.trail, actor, BulkAction.PRICE, boats, prices)


async def _confirm(
    request: AnyRequest,
    market: Market,
    actor: Actor,
    action: BulkAction,
    listings: Sequence[Listing],
) -> Template:
    job = await prepare_bulk(market.trail, actor, action, listings)
    shown = [listing.title for listing in listings[:_MOST_ROWS]]
    more = len(listings) - len(shown)
    page = ConfirmPage(Form.of(request, market), job.id, title_of(job), shown, more)
    return Template("account/bulk-confirm.html", context={"page": page}, headers=PRIVATE)


def _changed(listing: Listing, by: str, how: str) -> int | None:
    """A boat's new price in US cents; None if it is on request.

    Raises ValueError for what is not a number, Invalid for more than can be meant.
    """
    sign = -1 if by.strip()[:1] in ("-", "−") else 1
    plain = by.strip().lstrip("-−+").rstrip("%").strip()
    if how == "amount":
        difference = sign * read_dollars(plain)
        return None if listing.price is None else listing.price + difference
    percent = sign * read_number(plain)
    check_percent(percent)
    return None if listing.price is None else by_percent(listing.price, percent)


def _row(listing: Listing, new: int | None) -> PriceRow:
    asked = ""
    if new is not None and is_price(new) and new != listing.price:
        asked = price_text(in_its_currency(listing, new))
    return PriceRow(listing.title, price_text(listing.asked), asked)


def _nothing_done(request: AnyRequest, market: Market, error: Invalid) -> Template:
    page = NothingDonePage(
        Form.of(request, market), [sentence(one.message) for one in error.errors]
    )
    return Template(
        "account/bulk-refused.html",
        context={"page": page},
        status_code=error.status,
        headers=PRIVATE,
    )
