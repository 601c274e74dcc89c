"""Reporting an advert: a short form and a thank-you page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Template

from ....composition import Market
from ....errors import FieldError, Invalid, MarketError, NotFound
from ....i18n.texts import gettext as _
from ....i18n.texts import mark
from ....listings.listing import Listing
from ....listings.visibility import public_listing
from ....moderation.reports import (
    COMPLAINTS,
    LONGEST_WORDS,
    ReportForm,
    report_listing,
    reporter_keys,
)
from ...dependencies import CurrentMarket
from ...forms import Form, seen_other, sent_form
from ...security.access import (
    AnyRequest,
    CurrentClient,
    MaybeSignedIn,
    OwnForm,
    address_of,
    device_cookies,
)
from ...security.rate_limits import limited, network_of
from ...unsent import KeptForm
from ..card import Card

# A form of one's own device, and no page to be found by a search.
_HEADERS = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}


@dataclass(frozen=True, slots=True)
class ReportPage:
    """All that ``report.html`` uses."""

    form: Form
    address: str
    card: Card
    complaints: Mapping[str, str]
    chosen: str
    words: str
    email: str
    asks_email: bool
    longest: int


@get("/boats/{listing_id:str}/report", include_in_schema=False)
async def show_reporting(
    listing_id: FromPath[str], request: AnyRequest, market: CurrentMarket, visitor: MaybeSignedIn
) -> Response[Any]:
    listing = await _public(market, listing_id)
    form = Form.of(request, market)
    return _page(request, market, listing, form, asks_email=visitor is None)


@post(
    "/boats/{listing_id:str}/report",
    include_in_schema=False,
    guards=[limited("reports")],
    keeps=KeptForm(
        "/boats/{listing_id}/report",
        {"words": mark("Details"), "email": mark("Your email")},
        lambda: {"reason": (_("Reason"), {name: _(it) for name, it in COMPLAINTS.items()})},
    ),
)
async def send_report(
    listing_id: FromPath[str],
    request: AnyRequest,
    market: CurrentMarket,
    client: CurrentClient,
    visitor: MaybeSignedIn,
    own_form: OwnForm,
) -> Response[Any]:
    listing = await _public(market, listing_id)
    sent = await sent_form(request)
    payload = {name: sent.get(name, "") for name in ("reason", "words", "email")}
    user_id = visitor.user.id if visitor else None
    try:
        if payload["reason"] not in COMPLAINTS:
            raise Invalid([FieldError("reason", _("Choose what is wrong."))])
        await report_listing(
            market.trail,
            visitor.acting_from(client) if visitor else client.visitor(),
            listing.id,
            ReportForm.parse(payload),
            keys=reporter_keys(market.secret_key, network_of(address_of(request)), user_id),
            user_id=user_id,
        )
    except MarketError as error:
        form = Form.of(request, market).refused(payload, error)
        return _page(
            request, market, listing, form, asks_email=visitor is None, status=error.status
        )
    return seen_other(f"/boats/{listing.id}/report/thanks")


@get("/boats/{listing_id:str}/report/thanks", include_in_schema=False, open_to_all=True)
async def show_thanks(
    listing_id: FromPath[str], request: AnyRequest, market: CurrentMarket
) -> Response[Any]:
    """It may be hidden by now, and is named no more then."""
    listing = await public_listing(market.listings, listing_id)
    address = f"/boats/{listing.id}/{listing.slug}" if listing else "/boats"
    return Template(
        "report-thanks.html",
        context={"address": address, "title": listing.title if listing else ""},
        headers=_HEADERS,
    )


async def _public(market: Market, listing_id: str) -> Listing:
    listing = await public_listing(market.listings, listing_id)
    if listing is None:
        raise NotFound("boat", listing_id)
    return listing


def _page(
    request: AnyRequest,
    market: Market,
    listing: Listing,
    form: Form,
    *,
    asks_email: bool,
    status: int = 200,
) -> Template:
    page = ReportPage(
        form=form,
        address=f"/boats/{listing.id}/report",
        card=Card.of(listing, market.clock()),
        complaints={one.value: _(words) for one, words in COMPLAINTS.items()},
        chosen=form.values.get("reason", ""),
        words=form.values.get("words", ""),
        email=form.values.get("email", ""),
        asks_email=asks_email,
        longest=LONGEST_WORDS,
    )
    return Template(
        "report.html",
        context={"page": page},
        status_code=status,
        headers=_HEADERS,
        # The form is for this device, which may never have been here before.
        cookies=device_cookies(request, market),
    )
