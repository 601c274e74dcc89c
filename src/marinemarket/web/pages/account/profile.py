"""The profile page: name, email address, phone and location."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from litestar import Response, get, post
from litestar.response import Template

from ....accounts.bounces import send_confirmation_again
from ....accounts.profile import ask_for_new_email, edit_profile, send_phone_code, verify_phone
from ....accounts.proof import proved_until
from ....accounts.registration import NEWS
from ....accounts.sessions import SignedIn
from ....clock import from_iso
from ....errors import MarketError
from ....i18n.dates import since
from ....i18n.texts import gettext as _
from ....i18n.texts import mark
from ...dependencies import CurrentMarket
from ...forms import Form, seen_other, sent_form
from ...security.access import AnyRequest, CurrentClient, CurrentSignedIn
from ...security.rate_limits import limited
from ...unsent import KeptForm

_PRIVATE = {"Cache-Control": "no-store"}

_DONE = {
    "profile": mark("Your details are saved."),
    "confirmation": mark("We have sent a link to your address. Use it to show that emails arrive."),
    "email": mark("We have sent a link to the new address. It becomes yours once you use it."),
    "code": mark("We have sent a code to your phone."),
    "phone": mark("Your phone number is confirmed."),
}

_ROLES = {
    "user": "",
    "support": mark("Support"),
    "moderator": mark("Moderator"),
    "admin": mark("Administrator"),
    "super_admin": mark("Super administrator"),
}


@dataclass(frozen=True, slots=True)
class AccountPage:
    """All that ``account/account.html`` uses. Which form the errors are of is `at`."""

    form: Form
    at: str
    news: str
    name: str
    email: str
    pending_email: str
    bounced: str
    bounce_reason: str
    phone: str
    location: str
    seller_kind: str
    trade_name: str
    phone_verified: bool
    wants_news: bool
    member_since: str
    role: str
    is_staff: bool
    lacks_second_factor: bool
    is_proved: bool


@get("/account", include_in_schema=False)
async def show_account(
    request: AnyRequest, market: CurrentMarket, somebody: CurrentSignedIn
) -> Template:
    news = _(_DONE.get(request.query_params.get("done", ""), ""))
    return await _account(Form.of(request, market), somebody, market, news=news)


@post(
    "/account/profile",
    include_in_schema=False,
    keeps=KeptForm(
        "/account",
        {
            "name": mark("Name"),
            "phone": mark("Phone number"),
            "location": mark("Location"),
            "tradeName": mark("Business name"),
        },
        lambda: {
            "sellerKind": (
                _("Seller"),
                {"private": _("Private seller"), "broker": _("Broker, dealer or yard")},
            ),
            "news": (_("Send me occasional news about the market"), {}),
        },
    ),
)
async def send_profile(
    request: AnyRequest, market: CurrentMarket, client: CurrentClient, somebody: CurrentSignedIn
) -> Response[Any]:
    sent = await sent_form(request)
    payload: dict[str, Any] = {
        "name": sent.get("name", ""),
        "phone": sent.get("phone", "").strip() or None,
        "location": sent.get("location", "").strip() or None,
        "sellerKind": sent.get("sellerKind", somebody.user.seller_kind.value),
        "tradeName": sent.get("tradeName", "").strip() or None,
        "consents": {NEWS: "news" in sent},
    }
    try:
        await edit_profile(market.accounts, somebody, client, payload, sent.get("password"))
    except MarketError as error:
        return await _refused_account(request, market, somebody, sent, error, at="profile")
    return seen_other("/account?done=profile")


@post(
    "/account/email",
    include_in_schema=False,
    keeps=KeptForm("/account", {"email": mark("New address")}),
)
async def send_email(
    request: AnyRequest, market: CurrentMarket, client: CurrentClient, somebody: CurrentSignedIn
) -> Response[Any]:
    sent = await sent_form(request)
    try:
        await ask_for_new_email(
            market.accounts, somebody, client, sent.get("email", ""), sent.get("password")
        )
    except MarketError as error:
        return await _refused_account(request, market, somebody, sent, error, at="email")
    return seen_other("/account?done=email")


@post("/account/email/confirmation", include_in_schema=False, guards=[limited("auth")])
async def send_for_confirmation(
    request: AnyRequest, market: CurrentMarket, client: CurrentClient, somebody: CurrentSignedIn
) -> Response[Any]:
    try:
        await send_confirmation_again(market.accounts, somebody, client)
    except MarketError as error:
        return await _refused_account(request, market, somebody, {}, error, at="bounced")
    return seen_other("/account?done=confirmation")


@post("/account/phone/code", include_in_schema=False)
async def send_for_phone_code(
    request: AnyRequest, market: CurrentMarket, client: CurrentClient, somebody: CurrentSignedIn
) -> Response[Any]:
    try:
        await send_phone_code(market.accounts, somebody, client)
    except MarketError as error:
        return await _refused_account(request, market, somebody, {}, error, at="phone")
    return seen_other("/account?done=code#phone-code")


@post("/account/phone", include_in_schema=False)
async def send_phone(
    request: AnyRequest, market: CurrentMarket, client: CurrentClient, somebody: CurrentSignedIn
) -> Response[Any]:
    sent = await sent_form(request)
    try:
        await verify_phone(market.accounts, somebody, client, sent.get("code", ""))
    except MarketError as error:
        return await _refused_account(request, market, somebody, sent, error, at="phone")
    return seen_other("/account?done=phone")


async def _refused_account(
    request: AnyRequest,
    market: CurrentMarket,
    somebody: SignedIn,
    sent: Mapping[str, str],
    error: MarketError,
    *,
    at: str,
) -> Template:
    form = Form.of(request, market).refused(sent, error)
    return await _account(form, somebody, market, at=at, status=error.status)


async def _account(
    form: Form,
    somebody: SignedIn,
    market: CurrentMarket,
    *,
    at: str = "",
    news: str = "",
    status: int = 200,
) -> Template:
    user = somebody.user
    typed = form.values if at == "profile" else {}
    page = AccountPage(
        form=form,
        at=at,
        news=news,
        name=typed.get("name", user.name),
        email=user.email,
        pending_email=user.pending_email or "",
        bounced=since(from_iso(user.email_bounced_at), market.clock())
        if user.email_bounced_at
        else "",
        bounce_reason=user.email_bounce_reason or "",
        phone=typed.get("phone", user.phone or ""),
        location=typed.get("location", user.location or ""),
        seller_kind=typed.get("sellerKind", user.seller_kind.value),
        trade_name=typed.get("tradeName", user.trade_name or ""),
        phone_verified=user.phone_verified,
        wants_news=any(consent.to == NEWS for consent in user.consents),
        member_since=since(from_iso(user.created_at), market.clock()),
        role=_(_ROLES[user.role.value]),
        is_staff=user.is_staff,
        lacks_second_factor=user.is_staff and not user.has_second_factor,
        is_proved=await proved_until(market.accounts, somebody) is not None,
    )
    return Template(
        "account/account.html", context={"page": page}, status_code=status, headers=_PRIVATE
    )
