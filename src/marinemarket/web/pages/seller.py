"""Sellers: the card on their boats' pages, and a page of all their boats."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from litestar import Request, get
from litestar.params import FromPath
from litestar.response import Template

from ...accounts.records import MARKET_ID, find_user
from ...accounts.user import PublicSeller, SellerKind, User
from ...clock import from_iso, year_of
from ...composition import Market
from ...errors import Invalid, NotFound, Unavailable
from ...i18n.texts import gettext as _
from ...i18n.texts import ngettext
from ...search.seller_offers import count_offers, offered_by
from ..dependencies import CurrentMarket
from ..presentation.units import Unit, unit_of
from ..query_string import address
from ..security.rate_limits import limited
from .card import Card
from .search_away import search_away


@dataclass(frozen=True, slots=True)
class SellerCard:
    """What a boat's page tells of its seller.

    `boats` is how many they offer, in words; empty while the index is being made. `answers` says how
    soon they answer, once messages can tell. `is_market` is the market itself, for imported adverts.
    """

    address: str
    name: str
    kind: str
    since: str
    boats: str
    is_market: bool
    answers: str = ""

    @classmethod
    def of(cls, user: User, boats: int | None, answers: str = "") -> SellerCard:
        seller = PublicSeller.of(user)
        is_market = user.id == MARKET_ID
        since = _("Member since %(year)s") % {"year": year_of(from_iso(seller.member_since))}
        return cls(
            address=f"/sellers/{seller.id}",
            name=seller.name,
            kind=_("Imported advert") if is_market else kind_of(seller),
            since="" if is_market else since,
            boats="" if boats is None else _boats(boats),
            is_market=is_market,
            answers=answers,
        )


@dataclass(frozen=True, slots=True)
class SellerPage:
    """All that ``seller.html`` uses."""

    address: str
    seller: SellerCard
    cards: list[Card]
    next: str | None
    is_first: bool


@get(
    "/sellers/{seller_id:str}",
    include_in_schema=False,
    open_to_all=True,
    guards=[limited("search")],
)
async def show_seller(
    seller_id: FromPath[str], request: Request[Any, Any, Any], market: CurrentMarket
) -> Template:
    """Somebody's public boats. Who offers nothing has no page: that they have an account is theirs."""
    user = await find_user(market.store, seller_id) if 0 < len(seller_id) <= 64 else None
    if user is None or not user.is_active:
        raise NotFound("seller", seller_id)
    unit = unit_of(list(request.query_params.multi_items()))
    after = request.query_params.get("after")
    try:
        try:
            offer = await offered_by(market.listings, market.engine.index, user.id, after=after)
        except Invalid:
            after, offer = None, await offered_by(market.listings, market.engine.index, user.id)
    except Unavailable as error:
        return search_away(request, error)
    if not offer.total:
        raise NotFound("seller", seller_id)
    own = f"/sellers/{user.id}"
    now = market.clock()
    page = SellerPage(
        address=own,
        seller=SellerCard.of(user, offer.total),
        cards=[Card.of(boat, now, unit) for boat in offer.listings],
        next=address(own, _pairs(unit, offer.next)) if offer.next else None,
        is_first=after is None,
    )
    return Template("seller.html", context={"page": page})


async def boats_of(market: Market, user: User) -> int | None:
    """How many boats somebody offers; None while the index is being made."""
    try:
        return await count_offers(market.engine.index, user.id)
    except Unavailable:
        return None


def kind_of(seller: PublicSeller) -> str:
    """In what capacity somebody sells, in words."""
    return _("Broker") if seller.kind is SellerKind.BROKER else _("Private seller")


def _pairs(unit: Unit, after: str | None) -> list[tuple[str, str]]:
    units = [("unit", unit.value)] if unit is not Unit.FEET else []
    return [*units, *([("after", after)] if after else [])]


def _boats(number: int) -> str:
    return ngettext("%(num)s boat for sale", "%(num)s boats for sale", number)
