"""Preview, publication, withdrawal, sale and deletion of an advert."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Template

from ....accounts.sessions import SignedIn
from ....errors import FieldError, Invalid, MarketError, Refused
from ....figures.money import read_dollars, typed_dollars
from ....i18n.texts import gettext as _
from ....i18n.texts import mark
from ....listings.drafting.drafts import EditorState, drop_draft, editor_state
from ....listings.drafting.form import checked
from ....listings.drafting.publication import listing_of_draft, publish_draft
from ....listings.lifecycle.editing import delete_listing, edit_listing, own_listing
from ....listings.lifecycle.publication import mark_sold, publish, withdraw
from ....listings.listing import Listing, ModerationState, Status
from ....listings.visibility import Audience, VisibleListing
from ...dependencies import CurrentMarket
from ...forms import Form, seen_other, sent_form
from ...security.access import AnyRequest, CurrentActor, CurrentSignedIn
from ...unsent import KeptForm
from ..boat.page import boat_page
from .editor import KEPT, PRIVATE, changes_made, editor, keep
from .start import name_of
from .submission import Submission, submitted_form

_WRITTEN = (
    "title",
    "description",
    "price_on_request",
    "price",
    "location",
    "boat_details",
    "features",
)
"""What of a listing its form says."""


@dataclass(frozen=True, slots=True)
class StepPage:
    """All that ``sell/withdrawal.html``, ``sell/sale.html`` and ``sell/deletion.html`` use."""

    form: Form
    id: str
    title: str
    is_draft: bool
    is_sold: bool
    price: str


@dataclass(frozen=True, slots=True)
class PublishedPage:
    """All that ``sell/published.html`` uses."""

    id: str
    title: str
    address: str
    is_public: bool
    photos: int


# -- Before the public ---------------------------------------------------------------------------


@get("/sell/{advert_id:str}/preview", include_in_schema=False)
async def show_preview(
    advert_id: FromPath[str], request: AnyRequest, market: CurrentMarket, somebody: CurrentSignedIn
) -> Template:
    desk = await editor_state(market.store, somebody.user.id, advert_id)
    try:
        listing = _as_written(desk, market.clock())
    except Invalid as error:
        return editor(request, market, desk, desk.values, error=error)
    sight = VisibleListing(listing, somebody.user, Audience.PUBLIC)
    return Template(
        "sell/preview.html",
        context={
            "page": boat_page(sight, None, "", [], market),
            "asking": None,
            "form": Form.of(request, market),
            "id": advert_id,
            "is_draft": desk.listing is None,
        },
        headers=PRIVATE,
    )


def _as_written(desk: EditorState, now: int) -> Listing:
    """The listing as its seller has written it by now. Raises Invalid by the form's fields."""
    if desk.draft is None:
        assert desk.listing is not None
        return desk.listing
    new = listing_of_draft(desk.draft, now)
    if desk.listing is None:
        return new
    old = desk.listing
    written = {name: getattr(new, name) for name in _WRITTEN}
    if new.price != old.price:
        written |= {"original_price": new.original_price, "rate_date": new.rate_date}
    return old.changed(**written)


@post("/sell/{advert_id:str}/publication", include_in_schema=False, keeps=KEPT)
async def send_publication(
    advert_id: FromPath[str], request: AnyRequest, market: CurrentMarket, actor: CurrentActor
) -> Response[Any]:
    """Publish a draft with the words that came along, or put an advert back without any."""
    sent = await submitted_form(request)
    desk = await editor_state(market.store, actor.user_id, advert_id)
    if desk.listing is not None:
        if not sent.has_words:
            return await _put_back(request, market, actor, advert_id)
        return await _published_before(request, market, actor, desk.listing, sent)
    if sent.has_words and (refusal := await keep(request, market, actor, advert_id, sent)):
        return refusal
    try:
        await publish_draft(market.trail, actor, advert_id)
    except (Invalid, Refused) as error:
        desk = await editor_state(market.store, actor.user_id, advert_id)
        return editor(request, market, desk, desk.values, error=error)
    return seen_other(f"/sell/{advert_id}/publication")


async def _published_before(
    request: AnyRequest,
    market: CurrentMarket,
    actor: CurrentActor,
    listing: Listing,
    sent: Submission,
) -> Response[Any]:
    """The button of a draft pressed again: its first press made the listing.

    If another window had other words, they are kept as changes of the advert, to be looked at.
    """
    again, _errors = checked(listing.owner_id, sent.values, market.clock())
    if again is not None and all(getattr(again, it) == getattr(listing, it) for it in _WRITTEN):
        return seen_other(f"/sell/{listing.id}/publication")
    refusal = await keep(request, market, actor, listing.id, sent)
    return refusal or await changes_made(request, market, actor, listing.id)


async def _put_back(
    request: AnyRequest, market: CurrentMarket, actor: CurrentActor, id: str
) -> Response[Any]:
    try:
        await publish(market.trail, actor, id)
    except Invalid as error:
        desk = await editor_state(market.store, actor.user_id, id)
        found = Invalid([FieldError(_field(one.field), one.message) for one in error.errors])
        return editor(request, market, desk, desk.values, error=found)
    return seen_other(f"/sell/{id}/publication")


def _field(path: str) -> str:
    return path.rpartition(".")[2]


@get("/sell/{advert_id:str}/publication", include_in_schema=False)
async def show_publication(
    advert_id: FromPath[str], request: AnyRequest, market: CurrentMarket, somebody: CurrentSignedIn
) -> Response[Any]:
    """What happens now."""
    desk = await editor_state(market.store, somebody.user.id, advert_id)
    if desk.listing is None:
        return seen_other(f"/sell/{advert_id}")
    listing = desk.listing
    page = PublishedPage(
        id=listing.id,
        title=listing.title,
        address=f"/boats/{listing.id}/{listing.slug}",
        is_public=listing.is_offered,
        photos=len(listing.photos),
    )
    return Template("sell/published.html", context={"page": page}, headers=PRIVATE)


@post("/sell/{advert_id:str}/changes", include_in_schema=False, keeps=KEPT)
async def send_changes(
    advert_id: FromPath[str], request: AnyRequest, market: CurrentMarket, actor: CurrentActor
) -> Response[Any]:
    """Change the advert as typed. One that was not accepted is looked at again."""
    sent = await submitted_form(request)
    if sent.has_words and (refusal := await keep(request, market, actor, advert_id, sent)):
        return refusal
    answer = await changes_made(request, market, actor, advert_id)
    listing = await own_listing(market.store, actor.user_id, advert_id)
    was_refused = listing.moderation.state is ModerationState.REJECTED
    if answer.status_code == 303 and was_refused and listing.status is Status.ACTIVE:
        return await _put_back(request, market, actor, advert_id)
    return answer


@post("/sell/{advert_id:str}/draft/end", include_in_schema=False)
async def send_dropping(
    advert_id: FromPath[str], market: CurrentMarket, actor: CurrentActor
) -> Response[Any]:
    """Drop the changes that were begun; the advert stays as it is."""

    async def drop() -> bool:
        state = await editor_state(market.store, actor.user_id, advert_id)
        if state.draft is None or state.listing is None:
            return False
        await drop_draft(market.trail, state.draft)
        return True

    dropped = await market.trail.retrying(drop)
    return seen_other(f"/sell/{advert_id}?done=dropped" if dropped else f"/sell/{advert_id}")


# -- Out of sight --------------------------------------------------------------------------------


@get("/sell/{advert_id:str}/withdrawal", include_in_schema=False)
async def show_withdrawal(
    advert_id: FromPath[str], request: AnyRequest, market: CurrentMarket, somebody: CurrentSignedIn
) -> Template:
    return await _step("withdrawal", request, market, somebody, advert_id)


@post("/sell/{advert_id:str}/withdrawal", include_in_schema=False)
async def send_withdrawal(
    advert_id: FromPath[str], market: CurrentMarket, actor: CurrentActor
) -> Response[Any]:
    await withdraw(market.trail, actor, advert_id)
    return seen_other("/account/boats?done=withdrawn")


@post("/sell/{advert_id:str}/offer", include_in_schema=False)
async def send_offer(
    advert_id: FromPath[str], market: CurrentMarket, actor: CurrentActor
) -> Response[Any]:
    """Mark a boat as under offer."""
    await edit_listing(market.trail, actor, advert_id, {"underOffer": True}, None)
    return seen_other("/account/boats?done=under-offer")


@post("/sell/{advert_id:str}/offer/end", include_in_schema=False)
async def send_end_of_offer(
    advert_id: FromPath[str], market: CurrentMarket, actor: CurrentActor
) -> Response[Any]:
    """Mark a boat as no longer under offer."""
    await edit_listing(market.trail, actor, advert_id, {"underOffer": False}, None)
    return seen_other("/account/boats?done=offer-ended")


@get("/sell/{advert_id:str}/sale", include_in_schema=False)
async def show_sale(
    advert_id: FromPath[str], request: AnyRequest, market: CurrentMarket, somebody: CurrentSignedIn
) -> Template:
    return await _step("sale", request, market, somebody, advert_id)


@post(
    "/sell/{advert_id:str}/sale",
    include_in_schema=False,
    keeps=KeptForm("/sell/{advert_id}/sale", {"price": mark("Sold for, in US dollars")}),
)
async def send_sale(
    advert_id: FromPath[str],
    request: AnyRequest,
    market: CurrentMarket,
    somebody: CurrentSignedIn,
    actor: CurrentActor,
) -> Response[Any]:
    sent = await sent_form(request)
    try:
        price = _price(sent.get("price", ""))
        await mark_sold(market.trail, actor, advert_id, price)
    except Invalid as error:
        return await _step("sale", request, market, somebody, advert_id, sent=sent, error=error)
    return seen_other("/account/boats?done=sold")


def _price(text: str) -> int | None:
    try:
        return read_dollars(text) if text.strip() else None
    except ValueError as error:
        raise Invalid([FieldError("price", str(error))]) from None


@get("/sell/{advert_id:str}/deletion", include_in_schema=False)
async def show_deletion(
    advert_id: FromPath[str], request: AnyRequest, market: CurrentMarket, somebody: CurrentSignedIn
) -> Template:
    return await _step("deletion", request, market, somebody, advert_id)


@post("/sell/{advert_id:str}/deletion", include_in_schema=False)
async def send_deletion(
    advert_id: FromPath[str], market: CurrentMarket, actor: CurrentActor
) -> Response[Any]:
    """Delete an advert, or a draft that never was one."""

    async def delete() -> None:
        state = await editor_state(market.store, actor.user_id, advert_id)
        if state.listing is not None:
            await delete_listing(market.trail, actor, advert_id, None)
        elif state.draft is not None:
            await drop_draft(market.trail, state.draft)

    await market.trail.retrying(delete)
    return seen_other("/account/boats?done=deleted")


async def _step(
    template: str,
    request: AnyRequest,
    market: CurrentMarket,
    somebody: SignedIn,
    id: str,
    *,
    sent: dict[str, str] | None = None,
    error: MarketError | None = None,
) -> Template:
    desk = await editor_state(market.store, somebody.user.id, id)
    form = Form.of(request, market)
    if error is not None:
        form = form.refused(sent or {}, error)
    listing = desk.listing
    sold_for = listing.sale.price if listing and listing.sale else None
    page = StepPage(
        form=form,
        id=id,
        title=listing.title if listing else name_of(desk.draft) if desk.draft else _("Your boat"),
        is_draft=listing is None,
        is_sold=listing is not None and listing.status is Status.SOLD,
        price=(sent or {}).get("price", typed_dollars(sold_for) if sold_for else ""),
    )
    return Template(
        f"sell/{template}.html",
        context={"page": page},
        status_code=error.status if error else 200,
        headers=PRIVATE,
    )
