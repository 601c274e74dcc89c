"""Sign-in and security: password, second factor, passkeys and active sessions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Template

from ....accounts.devices import device_name
from ....accounts.own_sessions import end_own_session, end_own_sessions
from ....accounts.passkeys import passkeys_are_possible, remove_passkey
from ....accounts.password_reset import change_password
from ....accounts.proof import confirm_by_password, proved_until
from ....accounts.records import sessions_of
from ....accounts.second_factor import (
    Enrolment,
    confirm_by_code,
    current_enrolment,
    disable_second_factor,
    enable_second_factor,
    offer_second_factor,
)
from ....accounts.secrets import handle_of
from ....accounts.sessions import SignedIn, is_live
from ....clock import from_iso
from ....errors import Invalid, MarketError
from ....i18n.dates import since
from ....i18n.texts import gettext as _
from ....i18n.texts import mark
from ...dependencies import CurrentMarket
from ...forms import Form, seen_other, sent_form
from ...security.access import AnyRequest, CurrentClient, CurrentSignedIn
from ...security.session_cookies import cookies_of, sign_browser_out

_PRIVATE = {"Cache-Control": "no-store"}

_DONE = {
    "password": mark("Your password is changed. Other devices are signed out."),
    "factor-off": mark("The second factor is off. Other devices are signed out."),
    "session": mark("That device is signed out."),
    "proof": mark("Thank you. For five minutes, we will not ask for your password again here."),
    "passkey": mark("The passkey is removed. Other devices are signed out."),
    "passkey-added": mark("The passkey is added. Other devices are signed out."),
}


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One session, as its owner reads it."""

    handle: str
    device: str
    address: str
    seen: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class PasskeyRow:
    """One passkey, as its owner reads it."""

    handle: str
    name: str
    added: str
    used: str


@dataclass(frozen=True, slots=True)
class SecurityPage:
    """All that ``account/security.html`` uses. Which form the errors are of is `at`."""

    form: Form
    at: str
    news: str
    has_authenticator: bool
    codes_left: int
    must_have_second_factor: bool
    can_have_passkeys: bool
    is_proved: bool
    passkeys: list[PasskeyRow]
    sessions: list[SessionRow]


@dataclass(frozen=True, slots=True)
class OfferPage:
    """All that ``account/second-factor.html`` uses: a secret for the authenticator."""

    form: Form
    picture: str
    secret: str


@dataclass(frozen=True, slots=True)
class CodesPage:
    """All that ``account/recovery-codes.html`` uses."""

    codes: tuple[str, ...]


@get("/account/security", include_in_schema=False)
async def show_security(
    request: AnyRequest, market: CurrentMarket, somebody: CurrentSignedIn
) -> Template:
    news = _(_DONE.get(request.query_params.get("done", ""), ""))
    return await _security(Form.of(request, market), somebody, market, news=news)


@post("/account/password", include_in_schema=False)
async def send_password(
    request: AnyRequest, market: CurrentMarket, client: CurrentClient, somebody: CurrentSignedIn
) -> Response[Any]:
    sent = await sent_form(request)
    try:
        entered = await change_password(
            market.accounts,
            somebody,
            client,
            sent.get("password", ""),
            sent.get("new_password", ""),
        )
    except MarketError as error:
        return await _refused_security(request, market, somebody, sent, error, at="password")
    answer = seen_other("/account/security?done=password")
    answer.cookies = cookies_of(request, market, entered)
    return answer


@post("/account/second-factor", include_in_schema=False)
async def send_for_second_factor(
    request: AnyRequest, market: CurrentMarket, client: CurrentClient, somebody: CurrentSignedIn
) -> Response[Any]:
    sent = await sent_form(request)
    name, password = market.settings.market_name, sent.get("password")
    try:
        offer = await offer_second_factor(market.accounts, somebody, client, password, name)
    except MarketError as error:
        return await _refused_security(request, market, somebody, sent, error, at="factor")
    return _offered(Form.of(request, market), offer)


@post("/account/second-factor/code", include_in_schema=False)
async def send_second_factor(
    request: AnyRequest, market: CurrentMarket, client: CurrentClient, somebody: CurrentSignedIn
) -> Response[Any]:
    sent = await sent_form(request)
    try:
        enabled = await enable_second_factor(
            market.accounts, somebody, client, sent.get("code", "")
        )
    except Invalid as error:
        # The same secret again: the authenticator has it already.
        form = Form.of(request, market).refused(sent, error)
        offer = await current_enrolment(market.accounts, somebody.user, market.settings.market_name)
        return _offered(form, offer, status=error.status)
    except MarketError as error:
        return await _refused_security(request, market, somebody, sent, error, at="factor")
    page = CodesPage(enabled.recovery_codes)
    return Template(
        "account/recovery-codes.html",
        context={"page": page},
        headers=_PRIVATE,
        cookies=cookies_of(request, market, enabled.entered),
    )


@post("/account/second-factor/end", include_in_schema=False)
async def send_end_of_second_factor(
    request: AnyRequest, market: CurrentMarket, client: CurrentClient, somebody: CurrentSignedIn
) -> Response[Any]:
    sent = await sent_form(request)
    try:
        entered = await disable_second_factor(
            market.accounts, somebody, client, sent.get("password")
        )
    except MarketError as error:
        return await _refused_security(request, market, somebody, sent, error, at="factor")
    answer = seen_other("/account/security?done=factor-off")
    answer.cookies = cookies_of(request, market, entered)
    return answer


@post("/account/passkeys/{handle:str}/end", include_in_schema=False)
async def send_end_of_passkey(
    handle: FromPath[str],
    request: AnyRequest,
    market: CurrentMarket,
    client: CurrentClient,
    somebody: CurrentSignedIn,
) -> Response[Any]:
    sent = await sent_form(request)
    try:
        entered = await remove_passkey(
            market.accounts, somebody, client, handle, sent.get("password")
        )
    except MarketError as error:
        return await _refused_security(request, market, somebody, sent, error, at=handle)
    answer = seen_other("/account/security?done=passkey")
    answer.cookies = cookies_of(request, market, entered)
    return answer


@post("/account/sessions/{handle:str}/end", include_in_schema=False)
async def send_end_of_session(
    handle: FromPath[str],
    request: AnyRequest,
    market: CurrentMarket,
    client: CurrentClient,
    somebody: CurrentSignedIn,
) -> Response[Any]:
    sent = await sent_form(request)
    try:
        await end_own_session(market.accounts, somebody, client, handle, sent.get("password"))
    except Invalid as error:
        return await _refused_security(request, market, somebody, sent, error, at="sessions")
    return seen_other("/account/security?done=session")


@post("/account/sessions/end", include_in_schema=False)
async def send_end_of_sessions(
    request: AnyRequest, market: CurrentMarket, client: CurrentClient, somebody: CurrentSignedIn
) -> Response[Any]:
    sent = await sent_form(request)
    try:
        await end_own_sessions(market.accounts, somebody, client, sent.get("password"))
    except Invalid as error:
        return await _refused_security(request, market, somebody, sent, error, at="sessions")
    answer = seen_other("/account/sign-in?done=out")
    return sign_browser_out(answer, market)


@post("/account/proof", include_in_schema=False)
async def send_proof(
    request: AnyRequest, market: CurrentMarket, client: CurrentClient, somebody: CurrentSignedIn
) -> Response[Any]:
    sent = await sent_form(request)
    password, code = sent.get("password", ""), sent.get("code", "").strip()
    try:
        if code and not password:
            proved = await confirm_by_code(market.accounts, somebody, client, code)
        else:
            proved = await confirm_by_password(market.accounts, somebody, client, password)
    except MarketError as error:
        return await _refused_security(request, market, somebody, sent, error, at="proof")
    answer = seen_other("/account/security?done=proof")
    answer.cookies = cookies_of(request, market, proved.entered)
    return answer


def _offered(form: Form, offer: Enrolment, *, status: int = 200) -> Template:
    secret = " ".join(offer.secret[start : start + 4] for start in range(0, len(offer.secret), 4))
    page = OfferPage(form=form, picture=offer.picture, secret=secret)
    return Template(
        "account/second-factor.html", context={"page": page}, headers=_PRIVATE, status_code=status
    )


async def _refused_security(
    request: AnyRequest,
    market: CurrentMarket,
    somebody: SignedIn,
    sent: Mapping[str, str],
    error: MarketError,
    *,
    at: str,
) -> Template:
    form = Form.of(request, market).refused(sent, error)
    return await _security(form, somebody, market, at=at, status=error.status)


async def _security(
    form: Form,
    somebody: SignedIn,
    market: CurrentMarket,
    *,
    at: str = "",
    news: str = "",
    status: int = 200,
) -> Template:
    user, now = somebody.user, market.clock()
    listed = await sessions_of(market.store, user.id, limit=50)
    page = SecurityPage(
        form=form,
        at=at,
        news=news,
        has_authenticator=user.mfa_enabled,
        codes_left=len(user.recovery_codes),
        must_have_second_factor=user.is_staff,
        is_proved=await proved_until(market.accounts, somebody) is not None,
        can_have_passkeys=passkeys_are_possible(market.settings.public_url),
        passkeys=[
            PasskeyRow(
                handle_of(key.id),
                key.name,
                since(from_iso(key.created_at), now),
                since(from_iso(key.last_used), now) if key.last_used else _("never"),
            )
            for key in user.passkeys
        ],
        sessions=[
            SessionRow(
                handle=handle_of(one.session_id),
                device=device_name(one.user_agent),
                address=one.ip_address,
                seen=since(from_iso(one.last_activity), now),
                is_current=one.session_id == somebody.session.session_id,
            )
            for one in listed.sessions
            if is_live(one, user, now, market.accounts.rules)
        ],
    )
    return Template(
        "account/security.html", context={"page": page}, status_code=status, headers=_PRIVATE
    )
