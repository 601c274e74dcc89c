"""The watchlist: changes to saved boats, private notes, and a link to compare."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Template

from ...clock import from_iso
from ...composition import Market
from ...errors import NotFound, Refused
from ...i18n.dates import since
from ...i18n.texts import gettext as _
from ...i18n.texts import mark
from ...listings.pricing import price_text
from ...listings.visibility import public_listing
from ...watchlist.tracking import Note, annotate, fates_of, unwatch, watch, watchlist_of
from ...watchlist.watched import (
    MOST_BEFORE_SIGNING_IN,
    MOST_WATCHED,
    Became,
    Fate,
    WatchedBoat,
)
from ...wire import is_uuid
from ..dependencies import CurrentMarket
from ..forms import own_address, seen_other, sent_form
from ..query_string import address
from ..security.access import AnyRequest, CurrentSignedIn, MaybeSignedIn
from ..security.rate_limits import limited
from ..unsent import KeptForm
from ..watch_buttons import (
    FOR_ONE_READER,
    WatchButtons,
    demand_our_page,
    remembered,
    remembering,
    watch_buttons,
)
from .card import Card

PATH = "/watchlist"


@dataclass(frozen=True, slots=True)
class WatchlistRow:
    """A watched boat. `card` is None for one that is not offered any more, which `fate` says.

    `change` says how the price moved since; `is_cheaper` that it fell.
    """

    id: str
    title: str
    card: Card | None
    fate: str
    change: str
    is_cheaper: bool
    saved: str
    note: str


@dataclass(frozen=True, slots=True)
class WatchlistPage:
    """All that ``watchlist.html`` uses. `taken_off` is the id of what was taken off just now."""

    rows: list[WatchlistRow]
    hearts: WatchButtons
    is_signed_in: bool
    can_compare: bool
    most: int
    news: str
    taken_off: str


@get(PATH, include_in_schema=False)
async def show_watchlist(
    request: AnyRequest, market: CurrentMarket, visitor: MaybeSignedIn
) -> Template:
    now = market.clock()
    if visitor is not None:
        boats = await watchlist_of(market.listings, visitor.user.id)
        rows = [_row_of(boat, now) for boat in boats]
    else:
        ids = remembered(request, market)[::-1]
        fates = await fates_of(market.listings, ids)
        rows = [_row(id, fate, now) for id, fate in zip(ids, fates, strict=True)]
    taken_off, news = await _taken_off(request, market)
    page = WatchlistPage(
        rows=rows,
        hearts=await watch_buttons(request, market),
        is_signed_in=visitor is not None,
        can_compare=sum(row.card is not None for row in rows) > 1,
        most=MOST_WATCHED if visitor else MOST_BEFORE_SIGNING_IN,
        news=news or (_("Your note has been saved.") if "noted" in request.query_params else ""),
        taken_off=taken_off,
    )
    return Template("watchlist.html", context={"page": page}, headers=FOR_ONE_READER)


@post(f"{PATH}/{{listing_id:str}}", include_in_schema=False, guards=[limited("search")])
async def send_to_watchlist(
    listing_id: FromPath[str], request: AnyRequest, market: CurrentMarket, visitor: MaybeSignedIn
) -> Response[Any]:
    """Put a boat on the watchlist, of the account or of the browser."""
    sent = await sent_form(request)
    following = own_address(sent.get("next", ""), PATH)
    answer = seen_other(_at_the_boat(following, listing_id))
    if visitor is not None:
        await watch(market.trail, market.listings, visitor.user.id, listing_id)
        return answer
    demand_our_page(request)
    ids = remembered(request, market)
    if listing_id not in ids:
        if await public_listing(market.listings, listing_id) is None:
            raise NotFound("boat", listing_id)
        if len(ids) >= MOST_BEFORE_SIGNING_IN:
            words = _(
                "this browser can save up to %(most)s boats: sign in to save more, or remove one"
            )
            raise Refused(words % {"most": MOST_BEFORE_SIGNING_IN})
        answer.cookies = [remembering(market.settings, [*ids, listing_id])]
    return answer


@post(f"{PATH}/{{listing_id:str}}/end", include_in_schema=False, guards=[limited("search")])
async def remove_from_watchlist(
    listing_id: FromPath[str], request: AnyRequest, market: CurrentMarket, visitor: MaybeSignedIn
) -> Response[Any]:
    """Take a boat off the watchlist."""
    sent = await sent_form(request)
    following = own_address(sent.get("next", ""), PATH)
    if following == PATH:
        following = address(PATH, [("off", listing_id)])
    answer = seen_other(_at_the_boat(following, listing_id))
    if visitor is not None:
        await unwatch(market.trail, visitor.user.id, listing_id)
        return answer
    demand_our_page(request)
    rest = [id for id in remembered(request, market) if id != listing_id]
    answer.cookies = [remembering(market.settings, rest)]
    return answer


@post(
    f"{PATH}/{{listing_id:str}}/note",
    include_in_schema=False,
    keeps=KeptForm(PATH, {"note": mark("Your note")}),
)
async def send_note(
    listing_id: FromPath[str], request: AnyRequest, market: CurrentMarket, somebody: CurrentSignedIn
) -> Response[Any]:
    sent = await sent_form(request)
    note = Note.parse({"note": sent.get("note", "").strip() or None})
    await annotate(market.trail, somebody.user.id, listing_id, note)
    return seen_other(f"{PATH}?noted=1#boat-{listing_id}")


def _at_the_boat(address: str, listing_id: str) -> str:
    """An address, and on its page the boat that was pressed, so that one comes back to the place."""
    return f"{address}#boat-{listing_id}" if "#" not in address and is_uuid(listing_id) else address


async def _taken_off(request: AnyRequest, market: Market) -> tuple[str, str]:
    """What was taken off just now, if it can be put back, and the words for it."""
    id = request.query_params.get("off", "")
    listing = await public_listing(market.listings, id) if id else None
    if listing is None:
        return "", ""
    return listing.id, _("%(title)s has been removed from your watchlist.") % {
        "title": listing.title
    }


def _row_of(boat: WatchedBoat, now: int) -> WatchlistRow:
    watched = boat.watched
    saved = since(from_iso(watched.at), now)
    row = _row(watched.listing_id, boat.fate, now, saved=saved, note=watched.note or "")
    change = boat.fall or boat.rise
    if change is None:
        return row
    words = (
        _("%(by)s less since you saved it") if boat.fall else _("%(by)s more since you saved it")
    )
    return WatchlistRow(
        id=row.id, title=row.title, card=row.card, fate=row.fate, saved=row.saved, note=row.note,
        change=words % {"by": price_text(change)}, is_cheaper=boat.fall is not None,
    )  # fmt: skip


def _row(id: str, fate: Fate, now: int, *, saved: str = "", note: str = "") -> WatchlistRow:
    words = {
        Became.OFFERED: "",
        Became.SOLD: _("Sold"),
        Became.GONE: _("No longer for sale"),
    }
    return WatchlistRow(
        id=id,
        title=fate.title or _("A boat that is no longer shown"),
        card=Card.of(fate.listing, now) if fate.listing else None,
        fate=words[fate.became],
        change="",
        is_cheaper=False,
        saved=saved,
        note=note,
    )
