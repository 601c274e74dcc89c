"""The page of one boat. Details that the advert does not give are left out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from litestar import Request, Response, get
from litestar.params import FromPath
from litestar.response import Redirect, Template
from markupsafe import Markup

from ....accounts.user import PublicSeller, User
from ....clock import DAY
from ....composition import Market
from ....errors import NotFound, Unavailable
from ....i18n.dates import on_short_day, since
from ....i18n.texts import gettext as _
from ....i18n.texts import ngettext
from ....listings.listing import Listing
from ....listings.pricing import price_text
from ....listings.statistics.records import total_views
from ....listings.visibility import Audience, VisibleListing, formerly_public, visible_listing
from ....messages.records import answer_time
from ....search.gazetteer import find_spot
from ....search.similar import similar_to
from ...dependencies import CurrentMarket, CurrentViews
from ...presentation.formatting import answers_within, in_dollars
from ...presentation.units import Unit, unit_of
from ...security.access import CurrentClient, MaybeSignedIn, device_cookies
from ...watch_buttons import WatchButtons, watch_buttons
from ..card import Card, boat_address
from ..messages.inquiry_form import inquiry_form
from ..seller import SellerCard, boats_of
from .facts import Fact, FactGroup, fact_groups, key_facts, price_by_length
from .gallery import Film, Shot, films_of, shots_of
from .gone import gone
from .owner_notice import OwnerNotice, owner_notice
from .price_history import PriceHistory, price_history
from .qr_code import code_address
from .structured_data import Crumb, Preview, crumbs_of, preview_of, structured_data
from .view_tracking import record_view

_NEAR_MILES = 50


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where she lies: in words, what to ask for boats around, and degrees where the advert has them."""

    words: str
    around: str
    lat: str
    lon: str


@dataclass(frozen=True, slots=True)
class BoatPage:
    """All that ``boat.html`` uses.

    Only her owner and staff see `standing`. `short_address` leads here under any title.
    `market_days`, `looks` and `confirmed` are sentences. For the partials that other parts of the site bring,
    `listing_id` is her id and `is_public` whether everybody sees her now.
    """

    listing_id: str
    is_public: bool
    hearts: WatchButtons | None
    standing: OwnerNotice | None
    address: str
    short_address: str
    code: str
    mail: str
    title: str
    crumbs: list[Crumb]
    price: str
    in_dollars: str | None
    drop: str | None
    under_offer: str
    by_length: str | None
    place: Whereabouts
    shots: list[Shot]
    films: list[Film]
    paragraphs: list[list[str]]
    key_facts: list[Fact]
    groups: list[FactGroup]
    features: tuple[str, ...]
    asking: PriceHistory | None
    seller: SellerCard | None
    is_demo: bool
    market_days: str
    looks: str
    changed: str | None
    confirmed: str | None
    number: str
    similar: list[Card]
    preview: Preview
    structured: Markup


@get(
    ["/boats/{listing_id:str}", "/boats/{listing_id:str}/{slug:str}"],
    include_in_schema=False,
)
async def show_boat(
    listing_id: FromPath[str],
    request: Request[Any, Any, Any],
    market: CurrentMarket,
    visitor: MaybeSignedIn,
    client: CurrentClient,
    views: CurrentViews,
    slug: FromPath[str] = "",
) -> Response[Any]:
    """A boat that somebody may see; 410 with others like her where she is offered no more."""
    unit = unit_of(list(request.query_params.multi_items()))
    sight = await visible_listing(market.trail, market.listings, listing_id, visitor, client)
    if sight is None:
        if former := await formerly_public(market.listings, listing_id):
            similar = await _similar(market, former)
            return gone(former, [Card.of(other, market.clock(), unit) for other in similar])
        raise NotFound("boat", listing_id)
    listing = sight.listing
    if quote(slug) != listing.slug:
        # Temporary: a title may change back, and who sees a boat may change.
        return Redirect(boat_address(listing, unit), status_code=302)
    record_view(request, market, views, sight, visitor)
    similar = await _similar(market, listing)
    boats = await boats_of(market, sight.owner) if sight.owner else None
    answers = answers_within(await answer_time(market.store, listing.owner_id))
    hearts, looks = (
        await watch_buttons(request, market),
        await total_views(market.store, listing.id),
    )
    page = boat_page(sight, boats, answers, similar, market, unit, hearts, looks)
    seller = PublicSeller.of(sight.owner).name if sight.owner else ""
    asking = (
        await inquiry_form(request, market, visitor, listing, seller) if sight.is_public else None
    )
    caching = "private, no-cache" if sight.audience is Audience.PUBLIC else "no-store"
    return Template(
        "boat.html",
        context={"page": page, "asking": asking},
        headers={"Cache-Control": caching},
        cookies=device_cookies(request, market),
    )


async def _similar(market: Market, listing: Listing) -> list[Listing]:
    """Boats like this one; none while the index is being made, since the boat itself can be shown."""
    try:
        return await similar_to(market.listings, market.engine.index, listing)
    except Unavailable:
        return []


def boat_page(
    sight: VisibleListing,
    boats: int | None,
    answers: str,
    similar: list[Listing],
    market: Market,
    unit: Unit = Unit.FEET,
    hearts: WatchButtons | None = None,
    looks: int = 0,
) -> BoatPage:
    """What a boat's page says. `boats` and `answers` are of her seller: how many, how soon."""
    listing, site, now = sight.listing, market.settings.public_url, market.clock()
    boat, groups = listing.boat_details, fact_groups(listing, unit)
    return BoatPage(
        listing_id=listing.id,
        is_public=sight.is_public,
        hearts=hearts if sight.is_public else None,
        standing=owner_notice(sight),
        address=boat_address(listing),
        short_address=f"{site}/boats/{listing.id}",
        code=code_address(listing.id),
        mail=_mail(listing, site),
        title=listing.title,
        crumbs=crumbs_of(listing),
        price=price_text(listing.asked),
        in_dollars=in_dollars(listing),
        drop=price_text(listing.price_drop) if listing.price_drop else None,
        under_offer=_under_offer(listing, now),
        by_length=price_by_length(listing, unit),
        place=_place(listing),
        shots=shots_of(listing),
        films=films_of(listing),
        paragraphs=[block.split("\n") for block in (listing.description or "").split("\n\n") if block],
        key_facts=key_facts(boat, unit),
        groups=groups,
        features=listing.features,
        asking=price_history(listing, now),
        seller=SellerCard.of(sight.owner, boats, answers) if sight.owner else None,
        is_demo=listing.is_demo,
        market_days=_market_days(listing, now),
        looks=_looks(looks),
        changed=since(listing.reworded_at, now) if listing.reworded_at > listing.created_at else None,
        confirmed=since(listing.confirmed_at, now) if listing.confirmed_at else None,
        number=listing.id[:8],
        similar=[Card.of(other, now, unit) for other in similar],
        preview=preview_of(listing, site),
        structured=structured_data(listing, _public(sight.owner), groups, site),
    )  # fmt: skip


def _public(owner: User | None) -> PublicSeller | None:
    return PublicSeller.of(owner) if owner else None


def _mail(listing: Listing, site: str) -> str:
    """A letter that tells of the boat, to whomever one likes: it works without scripts."""
    payload = {"subject": listing.title, "body": f"{site}{boat_address(listing)}"}
    return f"mailto:?{urlencode(payload, quote_via=quote)}"


def _under_offer(listing: Listing, now: int) -> str:
    if not listing.under_offer:
        return ""
    if listing.under_offer_at is None:
        return _("Under offer")
    return _("Under offer since %(day)s", day=on_short_day(listing.under_offer_at))


def _market_days(listing: Listing, now: int) -> str:
    days = max(0, (now - listing.created_at) // DAY)
    if days == 0:
        return _("Listed today")
    return ngettext("%(num)s day on the market", "%(num)s days on the market", days)


def _looks(number: int) -> str:
    return ngettext("Viewed once", "Viewed %(num)s times", number) if number else ""


def _place(listing: Listing) -> Whereabouts:
    place = listing.location
    spot = place.coordinates
    town = ", ".join(part for part in (place.city, place.state or place.country) if part)
    near = f"{spot.lat},{spot.lon}" if spot else town if place.city and find_spot(town) else ""
    return Whereabouts(
        words=str(place),
        around=f"/boats?{urlencode({'near': near, 'radius': _NEAR_MILES})}" if near else "",
        lat=str(spot.lat) if spot else "",
        lon=str(spot.lon) if spot else "",
    )
