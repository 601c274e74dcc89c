"""Contacting a seller: the form on a boat's page, and what happens next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Template

from ....accounts.idempotency import IdempotencyKey
from ....accounts.records import find_user
from ....accounts.sessions import SignedIn
from ....errors import Invalid, MarketError, NotFound, Refused
from ....i18n.texts import gettext as _
from ....i18n.texts import mark
from ....links import INBOX
from ....listings.listing import Listing
from ....listings.visibility import public_listing
from ....messages.inquiries import ask, ask_as_visitor
from ....messages.inquiry import MOST_CHARACTERS, WAITS_HOURS, MessageState
from ....messages.screening import ScamRule, hints_of
from ....messages.suggested_questions import STARTERS
from ...dependencies import CurrentMarket
from ...forms import Form, seen_other, sent_form
from ...presentation.units import Unit
from ...security.access import (
    AnyRequest,
    CurrentClient,
    MaybeSignedIn,
    OwnForm,
    device_cookies,
    form_of,
    form_token_of,
)
from ...security.rate_limits import limited
from ...unsent import KeptForm
from ..card import boat_address
from .inquiry_form import InquiryForm, inquiry_form, require_human, with_starters

_PRIVATE = {"Cache-Control": "no-store"}


@dataclass(frozen=True, slots=True)
class InquiryPage:
    """All that ``inquiry/ask.html`` uses."""

    asking: InquiryForm
    boat: str
    address: str


@dataclass(frozen=True, slots=True)
class SentPage:
    """All that ``inquiry/sent.html`` uses."""

    boat: str
    address: str
    hours: int


@get("/boats/{listing_id:str}/inquiry", include_in_schema=False)
async def show_inquiry(
    listing_id: FromPath[str], request: AnyRequest, market: CurrentMarket, visitor: MaybeSignedIn
) -> Template:
    listing = await _listing(market, listing_id)
    return await _form(request, market, visitor, listing)


@post(
    "/boats/{listing_id:str}/inquiry",
    include_in_schema=False,
    guards=[limited("inquiries")],
    keeps=KeptForm(
        "/boats/{listing_id}/inquiry",
        {"message": mark("Your message"), "name": mark("Your name"), "email": mark("Your email")},
        lambda: {f"ask-{name}": (_(text), {}) for name, text in STARTERS.items()},
    ),
)
async def send_inquiry(
    listing_id: FromPath[str],
    request: AnyRequest,
    market: CurrentMarket,
    visitor: MaybeSignedIn,
    client: CurrentClient,
    own_form: OwnForm,
) -> Response[Any]:
    listing = await _listing(market, listing_id)
    sent = await sent_form(request)
    # Whole: what is too long is told, and never cut.
    sent["message"] = str((await form_of(request)).get("message", ""))[: 10 * MOST_CHARACTERS]
    text = with_starters(sent["message"], sent)
    token = form_token_of(request, market)
    try:
        require_human(market, token, sent)
        hints = hints_of(text)
        if hints and sent.get("ignores") != _ids(hints):
            return await _form(request, market, visitor, listing, sent=sent, hints=hints)
        once = IdempotencyKey.of(token, f"ask {listing.id}", sent["began"], {"message": text})
        if visitor is not None:
            actor = visitor.acting_from(client)
            asked = await ask(
                market.messaging(), actor, visitor.user, listing, {"message": text}, once
            )
            done = "held" if asked.message.state is MessageState.HELD else "sent"
            return seen_other(f"{INBOX}/{asked.thread.id}?done={done}")
        payload = {"message": text, "name": sent.get("name", ""), "email": sent.get("email", "")}
        await ask_as_visitor(market.messaging(), client, listing, payload, once)
    except (Invalid, Refused) as error:
        return await _form(request, market, visitor, listing, sent=sent, error=error)
    return seen_other(f"/boats/{listing.id}/inquiry/sent")


@get("/boats/{listing_id:str}/inquiry/sent", include_in_schema=False, open_to_all=True)
async def show_inquiry_sent(listing_id: FromPath[str], market: CurrentMarket) -> Template:
    listing = await _listing(market, listing_id)
    page = SentPage(listing.title, boat_address(listing, Unit.FEET), WAITS_HOURS)
    return Template("inquiry/sent.html", context={"page": page}, headers=_PRIVATE)


def _ids(hints: list[ScamRule]) -> str:
    return " ".join(rule.id for rule in hints)


async def _listing(market: CurrentMarket, id: str) -> Listing:
    listing = await public_listing(market.listings, id)
    if listing is None:
        raise NotFound("boat", id)
    return listing


async def _form(
    request: AnyRequest,
    market: CurrentMarket,
    visitor: SignedIn | None,
    listing: Listing,
    *,
    sent: dict[str, str] | None = None,
    error: MarketError | None = None,
    hints: list[ScamRule] | None = None,
) -> Template:
    """The form on its own page: empty, with what was wrong, or with hints to be seen before sending."""
    form = Form.of(request, market)
    if sent is not None:
        kept = sent | {"website": ""}
        form = form.refused(kept, error) if error else Form(form.token, kept)
        if isinstance(error, Refused):
            # Shown anew from here on, and the questions that were ticked stay ticked.
            form = Form(form.token, {**form.values, "began": ""}, message=form.message)
    owner = await find_user(market.store, listing.owner_id)
    asking = await inquiry_form(
        request, market, visitor, listing, owner.name if owner else "", form=form, hints=hints
    )
    page = InquiryPage(asking, listing.title, boat_address(listing, Unit.FEET))
    return Template(
        "inquiry/ask.html",
        context={"page": page},
        status_code=error.status if error else 200,
        headers=_PRIVATE,
        cookies=device_cookies(request, market),
    )
