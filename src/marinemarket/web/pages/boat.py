"""One boat: everything that the advert says, and nothing that it does not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from litestar import Request, Response, get
from litestar.params import FromPath
from litestar.response import Redirect, Template

from ...accounts.records import MARKET_ID, find_user
from ...assembly import Market
from ...errors import NotFound, Unavailable
from ...listings.boat_details import BoatDetails, Engine
from ...listings.boat_types import BY_NAME
from ...listings.listing import Listing
from ...listings.viewing import public_listing
from ...search.similar import similar_to
from ..access import MaybeSignedIn, device_cookies
from ..asking import asking_form
from ..given import GivenMarket
from ..pictures import Picture, pictures_of
from ..units import Unit, unit_of
from .card import Card, boat_address
from .words import FUELS, both, dollars, feet, foreign, metres, since


@dataclass(frozen=True, slots=True)
class Fact:
    """A line of the specification."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class PriceStep:
    """What was asked from some time on."""

    price: str
    when: str


@dataclass(frozen=True, slots=True)
class BoatPage:
    """All that ``boat.html`` uses."""

    address: str
    title: str
    type_plural: str
    type_name: str
    price: str
    original_price: str | None
    drop: str | None
    place: str
    pictures: list[Picture]
    paragraphs: list[list[str]]
    key_facts: list[Fact]
    facts: list[Fact]
    features: tuple[str, ...]
    steps: list[PriceStep]
    seller: str
    is_imported: bool
    is_demo: bool
    listed: str
    changed: str | None
    number: str
    similar: list[Card]


@get(
    ["/boats/{listing_id:str}", "/boats/{listing_id:str}/{slug:str}"],
    include_in_schema=False,
)
async def show_boat(
    listing_id: FromPath[str],
    request: Request[Any, Any, Any],
    market: GivenMarket,
    visitor: MaybeSignedIn,
    slug: FromPath[str] = "",
) -> Response[Any]:
    listing = await public_listing(market.listings, listing_id)
    if listing is None:
        raise NotFound("boat", listing_id)
    unit = unit_of(list(request.query_params.multi_items()))
    if slug != listing.slug:
        return Redirect(boat_address(listing, unit), status_code=301)
    owner = await find_user(market.store, listing.owner_id)
    similar = await _similar(market, listing)
    seller = owner.name if owner else ""
    page = boat_page(listing, seller, similar, market.clock(), unit)
    asking = asking_form(request, market, visitor, listing, seller)
    return Template(
        "boat.html",
        context={"page": page, "asking": asking},
        cookies=device_cookies(request, market),
    )


async def _similar(market: Market, listing: Listing) -> list[Listing]:
    """Boats like this one; none while the index is being made, since the boat itself can be shown."""
    try:
        return await similar_to(market.listings, market.engine.index, listing)
    except Unavailable:
        return []


def boat_page(
    listing: Listing, seller: str, similar: list[Listing], now: int, unit: Unit = Unit.FEET
) -> BoatPage:
    """What the page of a boat shows; `seller` is a name."""
    boat = listing.boat_details
    return BoatPage(
        address=boat_address(listing),
        title=listing.title,
        type_plural=BY_NAME[boat.type].plural,
        type_name=boat.type,
        price=dollars(listing.price),
        original_price=foreign(listing.original_price) if listing.original_price else None,
        drop=dollars(listing.price_drop) if listing.price_drop else None,
        place=str(listing.location),
        pictures=pictures_of(listing),
        paragraphs=[block.split("\n") for block in (listing.description or "").split("\n\n") if block],
        key_facts=_key_facts(boat, unit),
        facts=_facts(listing, unit),
        features=listing.features,
        steps=_steps(listing, now),
        seller=seller,
        is_imported=listing.owner_id == MARKET_ID,
        is_demo=listing.is_demo,
        listed=since(listing.created_at, now),
        changed=since(listing.updated_at, now) if listing.updated_at > listing.created_at else None,
        number=listing.id[:8],
        similar=[Card.of(other, now, unit) for other in similar],
    )  # fmt: skip


def _steps(listing: Listing, now: int) -> list[PriceStep]:
    """The prices so far, the latest first; nothing when there was only ever one."""
    history = listing.price_history
    if len(history) < 2:
        return []
    return [PriceStep(dollars(step.price), since(step.at, now)) for step in reversed(history)]


def _key_facts(boat: BoatDetails, unit: Unit) -> list[Fact]:
    """The few figures that decide whether to read on."""
    own = feet if unit is Unit.FEET else metres
    return _known(
        ("Year", boat.year),
        ("Length", boat.length and own(boat.length)),
        ("Beam", boat.beam and own(boat.beam)),
        ("Draft", boat.draft and own(boat.draft)),
        ("Condition", boat.condition and boat.condition.value),
    )


def _facts(listing: Listing, unit: Unit) -> list[Fact]:
    boat = listing.boat_details
    listed = boat.type_as_listed
    return _known(
        ("Type", boat.type_label if not listed else f"{boat.type_label} (listed as {listed})"),
        ("Maker", boat.manufacturer),
        ("Model", boat.model),
        ("Year", boat.year),
        ("Condition", boat.condition and boat.condition.value),
        ("New or used", boat.usage and boat.usage.value.replace("-", " ").capitalize()),
        ("Length on deck", boat.length and both(boat.length, unit)),
        ("Length over all", boat.loa and both(boat.loa, unit)),
        ("Beam", boat.beam and both(boat.beam, unit)),
        ("Draft", boat.draft and both(boat.draft, unit)),
        ("Air draft", boat.air_draft and both(boat.air_draft, unit)),
        ("Displacement", boat.displacement and _weight(boat.displacement)),
        ("Hull", boat.hull_material and boat.hull_material.value.capitalize()),
        ("HIN", boat.hin),
        ("Engine", boat.engine),
        *(("Engines" if e.count > 1 else "Engine", _engine(e)) for e in boat.engines),
        ("Engine hours", None if boat.hours is None else f"{boat.hours:,}"),
        ("Fuel", boat.fuel and FUELS[boat.fuel]),
        ("Cabins", boat.cabins),
        ("Berths", boat.berths),
        ("Heads", boat.heads),
        ("Lies at", str(listing.location)),
    )  # fmt: skip


def _known(*facts: tuple[str, Any]) -> list[Fact]:
    return [Fact(label, str(value)) for label, value in facts if value not in (None, "")]


def _weight(pounds: int) -> str:
    return f"{pounds:,} lb ({round(pounds * 0.45359237):,} kg)"


def _engine(engine: Engine) -> str:
    made = " ".join(part for part in (engine.make, engine.model) if part)
    power = f"{engine.power} hp" if engine.power else ""
    hours = f"{engine.hours:,} h" if engine.hours is not None else ""
    said = ", ".join(part for part in (made, power, hours) if part)
    return f"{engine.count} × {said}" if engine.count > 1 else said
