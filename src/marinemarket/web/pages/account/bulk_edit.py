"""Bulk actions on selected boats, with a preview for price changes and a page of results.

Results are the direct answer to the submitted form. Reloading submits it again, which changes
nothing further.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from litestar import Response, post
from litestar.response import Template

from ....composition import Market
from ....errors import FieldError, Invalid
from ....i18n.numbers import dollars
from ....i18n.texts import gettext as _
from ....i18n.texts import ngettext
from ....listings.drafting.measurements import cents, number
from ....listings.listing import Listing
from ....seller_dashboard.bulk_actions import (
    BulkAction,
    BulkOutcome,
    NewPrice,
    apply_to_many,
    by_percent,
    check_number,
    check_percent,
    is_price,
    own_of,
    reprice,
)
from ...dependencies import CurrentMarket
from ...forms import Form
from ...security.access import AnyRequest, CurrentActor, form_of
from .boats import PRIVATE

_PRICE = "price"
_AGREED = re.compile(r"(?P<id>.{1,200}):(?P<old>[0-9]{1,12}):(?P<new>[0-9]{1,12})", re.DOTALL)


@dataclass(frozen=True, slots=True)
class DonePage:
    """All that ``account/bulk-done.html`` uses."""

    form: Form
    heading: str
    done: list[BulkOutcome]
    refused: list[BulkOutcome]


@dataclass(frozen=True, slots=True)
class PriceRow:
    """A boat and her price, old and new. `agreed` is what the form sends for her; empty if it cannot be."""

    title: str
    old: str
    new: str
    agreed: str


@dataclass(frozen=True, slots=True)
class PricesPage:
    """All that ``account/bulk-prices.html`` uses. `rows` is empty until a change was typed."""

    form: Form
    ids: list[str]
    rows: list[PriceRow]
    by: str
    how: str
    error: str


@post("/account/boats/many", status_code=200, include_in_schema=False)
async def send_many(
    request: AnyRequest, market: CurrentMarket, actor: CurrentActor
) -> Response[Any]:
    """Do to each ticked boat what the pressed button says."""
    form = await form_of(request)
    wanted = str(form.get("do", ""))
    try:
        ids = _ticked(form.getall("boat", []))
        if wanted == _PRICE:
            return await _prices(request, market, actor.user_id, ids, "", "percent")
        if wanted not in {one.value for one in BulkAction}:
            raise Invalid([FieldError("do", _("choose an action"))])
        outcomes = await apply_to_many(market.trail, actor, ids, BulkAction(wanted))
    except Invalid as error:
        return _nothing_done(request, market, error)
    return _done(request, market, outcomes)


@post("/account/boats/prices", status_code=200, include_in_schema=False)
async def send_prices(
    request: AnyRequest, market: CurrentMarket, actor: CurrentActor
) -> Response[Any]:
    """Show what each boat would cost; sent from there, make it so."""
    form = await form_of(request)
    try:
        if form.get("agree"):
            outcomes = await reprice(market.trail, actor, _agreed(form.getall("price", [])))
            return _done(request, market, outcomes)
        ids = _ticked(form.getall("boat", []))
        by, how = str(form.get("by", ""))[:20], str(form.get("how", ""))
        return await _prices(request, market, actor.user_id, ids, by, how)
    except Invalid as error:
        return _nothing_done(request, market, error)


def _ticked(sent: Sequence[object]) -> list[str]:
    ids = [one for one in sent if isinstance(one, str)]
    check_number(ids)
    return ids


def _agreed(sent: Sequence[object]) -> list[NewPrice]:
    found = [_AGREED.fullmatch(one) for one in sent if isinstance(one, str)]
    prices = [NewPrice(one["id"], int(one["old"]), int(one["new"])) for one in found if one]
    check_number(prices)
    return prices


async def _prices(
    request: AnyRequest, market: Market, owner_id: str, ids: list[str], by: str, how: str
) -> Template:
    listings = await own_of(market.store, owner_id, ids)
    rows, error = [], ""
    if by:
        try:
            rows = [_row(listing, _changed(listing.price, by, how)) for listing in listings]
        except ValueError as wrong:
            error = _("Enter the change: %(why)s.") % {"why": wrong}
        except Invalid as wrong:
            error = _("That change is too large: %(why)s.") % {"why": wrong.errors[0].message}
    page = PricesPage(
        form=Form.of(request, market),
        ids=[listing.id for listing in listings],
        rows=rows,
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


def _changed(price: int, by: str, how: str) -> int:
    """Raises ValueError for what is not a number, Invalid for more than can be meant."""
    sign = -1 if by.strip()[:1] in ("-", "−") else 1
    plain = by.strip().lstrip("-−+").rstrip("%").strip()
    if how == "amount":
        return price + sign * cents(plain)
    percent = sign * number(plain)
    check_percent(percent)
    return by_percent(price, percent)


def _row(listing: Listing, new: int) -> PriceRow:
    agreed = f"{listing.id}:{listing.price}:{new}" if is_price(new) else ""
    return PriceRow(listing.title, dollars(listing.price), dollars(new) if agreed else "", agreed)


def _done(request: AnyRequest, market: Market, outcomes: list[BulkOutcome]) -> Template:
    done = [one for one in outcomes if one.is_done]
    refused = [one for one in outcomes if not one.is_done]
    sentence = ngettext("%(num)s updated", "%(num)s updated", len(done))
    if refused:
        sentence += _(", %(number)s not updated") % {"number": len(refused)}
    return _answer(DonePage(Form.of(request, market), sentence, done, refused))


def _nothing_done(request: AnyRequest, market: Market, error: Invalid) -> Template:
    why = [BulkOutcome("", "", one.message) for one in error.errors]
    page = DonePage(Form.of(request, market), _("Nothing was changed"), [], why)
    return _answer(page, status=error.status)


def _answer(page: DonePage, *, status: int = 200) -> Template:
    return Template(
        "account/bulk-done.html", context={"page": page}, status_code=status, headers=PRIVATE
    )
