"""Your own account, for API clients. A request that ends a session returns its replacement."""

from __future__ import annotations

from typing import Any

from litestar import Response, delete, get, patch, post, put
from litestar.params import FromPath, JSONBody
from pydantic import Field

from ...accounts.own_sessions import end_own_session, end_own_sessions
from ...accounts.passkeys import passkeys_are_possible
from ...accounts.password_reset import change_password
from ...accounts.profile import ask_for_new_email, edit_profile, send_phone_code, verify_phone
from ...accounts.records import sessions_of
from ...accounts.second_factor import (
    disable_second_factor,
    enable_second_factor,
    offer_second_factor,
)
from ...accounts.sessions import is_live, live_session
from ...accounts.terms import Standing, standing_of
from ...accounts.user import User as Member
from ...accounts.visible_fields import seen_by_self, seen_session
from ...composition import Market
from ...listings.lifecycle.editing import seen_by_owner
from ...listings.records import owned_by
from ...listings.statistics.records import total_views
from ...seller_dashboard.activity import DAYS, activity_of
from ...wire import Model
from ..dependencies import CurrentMarket
from ..security.access import (
    AnyRequest,
    CurrentClient,
    CurrentSignedIn,
    form_token_of,
)
from ..security.session_cookies import sign_browser_out
from .answers.accounts import (
    Account,
    AuthSession,
    AuthSessionPage,
    NewSession,
    SecondFactorOffer,
    User,
)
from .answers.listings import OwnListingPage
from .answers.page import Sent
from .auth import SENT, Typed, entered
from .bodies import ProfileChanges
from .listings import json
from .paging import FromAfter, FromLimit

_PRIVATE = {"Cache-Control": "no-store"}


class PasswordChange(Model):
    """The current password, and a new one."""

    password: Typed = Field(repr=False)
    """Your current password."""
    new_password: Typed = Field(repr=False)
    """The new password: 12 to 128 characters that are not easily guessed."""


class EmailChange(Model):
    """A new email address."""

    email: Typed
    """The new address, to which a link is sent."""
    password: Typed | None = Field(None, repr=False)
    """Your password, unless `POST /me/proof` was answered within the last five minutes."""


class PasswordProof(Model):
    """Your password, unless `POST /me/proof` was answered within the last five minutes."""

    password: Typed | None = Field(None, repr=False)
    """Your password."""


class SecondFactorSetup(Model):
    """One of the two steps of turning on the second factor."""

    password: Typed | None = Field(None, repr=False)
    """First step: your password."""
    code: Typed | None = Field(None, repr=False)
    """Second step: a code from the authenticator app."""


class PhoneCode(Model):
    """The code that was sent to your phone."""

    code: Typed = Field(repr=False)
    """The code."""


@get(
    "/me",
    summary="Read your account",
    operation_id="getMe",
    answers=Account,
)
async def show_me(
    request: AnyRequest, market: CurrentMarket, somebody: CurrentSignedIn
) -> Response[bytes]:
    """Includes the token that writes by cookie must send as `X-CSRF-Token`."""
    token = form_token_of(request, market)
    document = seen_by_self(somebody.user) | {
        "csrfToken": token,
        "passkeysPossible": passkeys_are_possible(market.settings.public_url),
        "terms": _terms(market, somebody.user),
    }
    return json(document, headers=_PRIVATE)


def _terms(market: Market, user: Member) -> dict[str, Any]:
    version, settings = market.accounts.rules.terms_version, market.settings
    stands = standing_of(user, version)
    return {
        "version": version,
        "changes": settings.terms_changes,
        "url": settings.terms_url,
        "agreed": stands is Standing.AGREED,
        "answered": stands is not Standing.UNASKED,
    }


@patch(
    "/me",
    summary="Change your profile and consents",
    operation_id="updateMe",
    takes=ProfileChanges,
    answers=User,
)
async def change_me(
    data: JSONBody[dict[str, Any]],
    market: CurrentMarket,
    client: CurrentClient,
    somebody: CurrentSignedIn,
) -> Response[bytes]:
    """A null removes a field. Consents are given and withdrawn as `{"consents": {"news": true}}`, and
    the terms in force are answered as `{"consents": {"terms": true}}`, or false to refuse a new version.
    Another phone number needs the `password` beside it, or a proof.
    """
    changes, password = dict(data), None
    if "phone" in data:
        password = PasswordProof.parse({"password": changes.pop("password", None)}).password
    user = await edit_profile(market.accounts, somebody, client, changes, password)
    return json(seen_by_self(user), headers=_PRIVATE)


@get(
    "/me/listings",
    summary="List your own listings",
    operation_id="listMyListings",
    answers=OwnListingPage,
)
async def list_mine(
    market: CurrentMarket,
    somebody: CurrentSignedIn,
    limit: FromLimit = 50,
    after: FromAfter = None,
) -> Response[bytes]:
    """Each listing has its `views`, and its recent activity under `latest`: views, saves and
    inquiries of the last `days`.
    """
    page = await owned_by(market.store, somebody.user.id, limit=limit, after=after)
    figures = await activity_of(market.store, [one.id for one in page.listings], market.clock())
    shown = []
    for listing in page.listings:
        views = await total_views(market.store, listing.id)
        known = figures[listing.id]
        latest = {
            "days": DAYS,
            "views": known.total_views,
            "saves": known.saves,
            "inquiries": known.inquiries,
        }
        shown.append(seen_by_owner(listing.changed(views=views)) | {"latest": latest})
    return json({"results": shown, "next": page.next}, headers=_PRIVATE)


# -- Sessions ----------------------------------------------------------------------------------


@get(
    "/me/sessions",
    summary="List your sessions",
    operation_id="listMySessions",
    answers=AuthSessionPage,
)
async def list_sessions(
    market: CurrentMarket,
    somebody: CurrentSignedIn,
    limit: FromLimit = 50,
    after: FromAfter = None,
) -> Response[bytes]:
    """Where you are signed in, the latest activity first."""
    page = await sessions_of(market.store, somebody.user.id, limit=limit, after=after)
    now, rules = market.clock(), market.accounts.rules
    shown = [
        seen_session(session, current=somebody.session.session_id)
        for session in page.sessions
        if is_live(session, somebody.user, now, rules)
    ]
    return json({"results": shown, "next": page.next}, headers=_PRIVATE)


@get(
    "/me/sessions/{session_id:str}",
    summary="Read one of your sessions",
    operation_id="getMySession",
    answers=AuthSession,
)
async def show_session(
    session_id: FromPath[str], market: CurrentMarket, somebody: CurrentSignedIn
) -> Response[bytes]:
    """One of the places where you are signed in."""
    found = await live_session(market.accounts, somebody.user, session_id)
    return json(seen_session(found, current=somebody.session.session_id), headers=_PRIVATE)


@delete(
    "/me/sessions",
    summary="Sign out everywhere",
    status_code=204,
    operation_id="endMySessions",
    sends=("Set-Cookie",),
)
async def sign_out_everywhere(
    market: CurrentMarket,
    client: CurrentClient,
    somebody: CurrentSignedIn,
    data: JSONBody[PasswordProof | None] = None,
) -> Response[None]:
    """Ends all of your sessions, this one as well. Needs your password, or a proof."""
    await end_own_sessions(market.accounts, somebody, client, data.password if data else None)
    return sign_browser_out(Response(None, status_code=204), market)


@delete(
    "/me/sessions/{session_id:str}",
    summary="Sign out one device",
    operation_id="endMySession",
)
async def sign_out_one(
    session_id: FromPath[str],
    market: CurrentMarket,
    client: CurrentClient,
    somebody: CurrentSignedIn,
    data: JSONBody[PasswordProof | None] = None,
) -> None:
    """Ends one of your sessions, named by its `id`. Needs your password, or a proof, unless it is
    this one.
    """
    password = data.password if data else None
    await end_own_session(market.accounts, somebody, client, session_id, password)


# -- How one proves who one is -----------------------------------------------------------------


@put(
    "/me/password",
    summary="Change your password",
    operation_id="changePassword",
    answers=NewSession,
    sends=("Set-Cookie",),
)
async def change_my_password(
    data: JSONBody[PasswordChange],
    request: AnyRequest,
    market: CurrentMarket,
    client: CurrentClient,
    somebody: CurrentSignedIn,
) -> Response[bytes]:
    """Ends other sessions; returns the replacement for this one."""
    outcome = await change_password(
        market.accounts, somebody, client, data.password, data.new_password
    )
    return entered(request, market, outcome)


@put(
    "/me/email",
    summary="Change your email address",
    status_code=202,
    operation_id="changeEmail",
    answers=Sent,
)
async def change_my_email(
    data: JSONBody[EmailChange],
    market: CurrentMarket,
    client: CurrentClient,
    somebody: CurrentSignedIn,
) -> Response[bytes]:
    """Takes effect once the link sent to the new address has been used."""
    await ask_for_new_email(market.accounts, somebody, client, data.email, data.password)
    return json(SENT)


@post(
    "/me/second-factor",
    status_code=200,
    summary="Turn on the second factor",
    operation_id="enableSecondFactor",
    answers=SecondFactorOffer | NewSession,
)
async def turn_on_second_factor(
    data: JSONBody[SecondFactorSetup],
    request: AnyRequest,
    market: CurrentMarket,
    client: CurrentClient,
    somebody: CurrentSignedIn,
) -> Response[bytes]:
    """With your password: returns a secret for the authenticator app, as text, address and QR code
    (SVG). With a code from the app: turns the second factor on and returns ten recovery codes,
    shown only once.
    """
    if data.code is None:
        name, password = market.settings.market_name, data.password
        offer = await offer_second_factor(market.accounts, somebody, client, password, name)
        shown = {"secret": offer.secret, "address": offer.address, "picture": offer.picture}
        return json(shown, headers=_PRIVATE)
    enabled = await enable_second_factor(market.accounts, somebody, client, data.code)
    return entered(request, market, enabled.entered, recoveryCodes=list(enabled.recovery_codes))


@delete(
    "/me/second-factor",
    status_code=200,
    summary="Turn off the second factor",
    operation_id="disableSecondFactor",
    answers=NewSession,
    sends=("Set-Cookie",),
)
async def turn_off_second_factor(
    data: JSONBody[PasswordProof],
    request: AnyRequest,
    market: CurrentMarket,
    client: CurrentClient,
    somebody: CurrentSignedIn,
) -> Response[bytes]:
    """Ends other sessions; returns the replacement for this one. Staff need a second factor."""
    outcome = await disable_second_factor(market.accounts, somebody, client, data.password)
    return entered(request, market, outcome)


@post(
    "/me/phone/code",
    status_code=202,
    summary="Send a code to your phone",
    operation_id="sendPhoneCode",
    answers=Sent,
)
async def ask_for_phone_code(
    market: CurrentMarket, client: CurrentClient, somebody: CurrentSignedIn
) -> Response[bytes]:
    """Sends six digits to the number of your account. They are valid for ten minutes."""
    await send_phone_code(market.accounts, somebody, client)
    return json(SENT)


@post(
    "/me/phone/verification",
    status_code=200,
    summary="Confirm your phone number",
    operation_id="verifyPhone",
    answers=User,
)
async def confirm_phone(
    data: JSONBody[PhoneCode],
    market: CurrentMarket,
    client: CurrentClient,
    somebody: CurrentSignedIn,
) -> Response[bytes]:
    """Five wrong codes void the one that was sent."""
    user = await verify_phone(market.accounts, somebody, client, data.code)
    return json(seen_by_self(user), headers=_PRIVATE)
