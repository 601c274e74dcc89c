"""Registration, sign-in and sign-out, and password resets for API clients.

Neither the answers nor the time they take reveal whether an address has an account.
"""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Response, post
from litestar.params import JSONBody
from pydantic import Field

from ...accounts.accounts import same_time
from ...accounts.password_reset import ask_for_reset, reset_password
from ...accounts.registration import Registration, register, verify_email
from ...accounts.sessions import Entered, sign_out
from ...accounts.sign_in import Challenge, finish_sign_in, sign_in
from ...accounts.visible_fields import seen_by_self, seen_session
from ...wire import Flag, Model
from ..dependencies import CurrentMarket
from ..security.access import AnyRequest, CurrentClient, CurrentSignedIn, device_cookies
from ..security.cookies import form_token
from ..security.rate_limits import limited
from ..security.session_cookies import cookies_of, cookies_on_signing_in, sign_browser_out
from .answers.accounts import ConfirmedAddress, NewSession, SecondFactorRequired
from .answers.page import Sent
from .listings import json

Typed = Annotated[str, Field(strict=True, max_length=1000)]
"""A field typed by a user, bounded in length so that validating it stays cheap."""


class NewAccount(Model):
    """What somebody enters to open an account."""

    email: Typed
    """The email address, to which a link is sent."""
    name: Typed
    """Your name."""
    password: Typed = Field(repr=False)
    """12 to 128 characters that are not easily guessed."""
    terms: Flag = False
    """Whether you agree to the terms, which is required."""
    news: Flag = False
    """Whether you want emails with news about the market."""


class Credentials(Model):
    """An email address and its password."""

    email: Typed
    """The account's email address."""
    password: Typed = Field(repr=False)
    """The account's password."""


class SecondFactorCode(Model):
    """The second step of signing in."""

    challenge: Typed = Field(repr=False)
    """What the first step answered."""
    code: Typed = Field(repr=False)
    """A code from the authenticator app, or a recovery code."""


class EmailToken(Model):
    """A token from a link in an email."""

    token: Typed = Field(repr=False)
    """The token."""


class PasswordResetRequest(Model):
    """An account whose password was forgotten."""

    email: Typed
    """The account's email address."""


class NewPassword(Model):
    """A new password, with the token from the link in the email."""

    token: Typed = Field(repr=False)
    """The token."""
    password: Typed = Field(repr=False)
    """The new password: 12 to 128 characters that are not easily guessed."""


_LIMITED = [limited("auth")]

SENT = {"sent": True}
"""The same answer to every request that ends in an email."""


@post(
    "/auth/register",
    status_code=202,
    summary="Register an account",
    open_to_all=True,
    guards=_LIMITED,
    operation_id="register",
    answers=Sent,
)
async def register_account(
    data: JSONBody[NewAccount], market: CurrentMarket, client: CurrentClient
) -> Response[bytes]:
    """The account is active once the emailed link has been used. The answer is the same for an
    address that already has an account; its owner is told by email.
    """
    payload = Registration(**data.model_dump())
    async with same_time():
        await register(market.accounts, client, payload)
    return json(SENT)


@post(
    "/auth/email-verification",
    status_code=200,
    summary="Confirm an email address",
    open_to_all=True,
    guards=_LIMITED,
    operation_id="verifyEmail",
    answers=ConfirmedAddress,
)
async def confirm_email(
    data: JSONBody[EmailToken], market: CurrentMarket, client: CurrentClient
) -> Response[bytes]:
    """Confirm an email address with the token from its link."""
    user = await verify_email(market.accounts, client, data.token)
    return json({"email": user.email, "status": user.status.value})


@post(
    "/auth/login",
    status_code=200,
    summary="Sign in",
    open_to_all=True,
    guards=_LIMITED,
    operation_id="login",
    answers=NewSession | SecondFactorRequired,
    sends=("Set-Cookie",),
)
async def log_in(
    data: JSONBody[Credentials], request: AnyRequest, market: CurrentMarket, client: CurrentClient
) -> Response[bytes]:
    """Returns a session, as a cookie and as a token for `Authorization: Bearer`. If a second factor
    is set up, returns the challenge to answer instead.
    """
    async with same_time():
        outcome = await sign_in(market.accounts, client, data.email, data.password)
    if isinstance(outcome, Challenge):
        asked = {
            "challenge": outcome.secret,
            "expiresAt": outcome.expires_at,
            "methods": list(outcome.methods),
        }
        answer = json({"secondFactor": asked})
        answer.cookies = device_cookies(request, market)
        return answer
    return await arrived(request, market, outcome)


@post(
    "/auth/login/second-factor",
    status_code=200,
    summary="Sign in: the second factor",
    open_to_all=True,
    guards=_LIMITED,
    operation_id="loginWithSecondFactor",
    answers=NewSession,
    sends=("Set-Cookie",),
)
async def log_in_further(
    data: JSONBody[SecondFactorCode],
    request: AnyRequest,
    market: CurrentMarket,
    client: CurrentClient,
) -> Response[bytes]:
    """A code from the authenticator app, or one of the recovery codes."""
    outcome = await finish_sign_in(market.accounts, client, data.challenge, data.code)
    return await arrived(request, market, outcome)


@post(
    "/auth/logout",
    status_code=204,
    summary="Sign out",
    operation_id="logout",
    sends=("Set-Cookie",),
)
async def log_out(
    market: CurrentMarket, client: CurrentClient, somebody: CurrentSignedIn
) -> Response[None]:
    """Ends the session that sends this."""
    await sign_out(market.accounts, somebody, client)
    return sign_browser_out(Response(None, status_code=204), market)


@post(
    "/auth/password-reset",
    status_code=202,
    summary="Request a password reset",
    open_to_all=True,
    guards=_LIMITED,
    operation_id="requestPasswordReset",
    answers=Sent,
)
async def forget_password(
    data: JSONBody[PasswordResetRequest], market: CurrentMarket, client: CurrentClient
) -> Response[bytes]:
    """Emails a link that is valid for 30 minutes, if the address has an account."""
    async with same_time():
        await ask_for_reset(market.accounts, client, data.email)
    return json(SENT)


@post(
    "/auth/password-reset/confirmation",
    status_code=204,
    summary="Reset a password",
    open_to_all=True,
    guards=_LIMITED,
    operation_id="resetPassword",
)
async def set_new_password(
    data: JSONBody[NewPassword], market: CurrentMarket, client: CurrentClient
) -> None:
    """Ends every session and unlocks a locked account. Somebody who was invited thereby agrees to
    the terms in force.
    """
    await reset_password(market.accounts, client, data.token, data.password)


async def arrived(request: AnyRequest, market: Any, outcome: Entered) -> Response[bytes]:
    """Like `entered`, for a visitor who has just signed in."""
    answer = entered(request, market, outcome)
    answer.cookies = await cookies_on_signing_in(request, market, outcome)
    return answer


def entered(request: AnyRequest, market: Any, outcome: Entered, **more: Any) -> Response[bytes]:
    """The answer that starts a new session.

    Its secret is in the body for programs alone. A browser has the cookie, which no script can read: so
    none can read it here either.
    """
    session = seen_session(outcome.session, current=outcome.session.session_id)
    secret = {} if _is_browser(request) else {"token": outcome.secret}
    document = {
        "session": session | secret,
        "user": seen_by_self(outcome.user),
        "csrfToken": form_token(market.secret_key, outcome.secret, outcome.user.id),
        **more,
    }
    answer = json(document, headers={"Cache-Control": "no-store"})
    answer.cookies = cookies_of(request, market, outcome)
    return answer


def _is_browser(request: AnyRequest) -> bool:
    """Browsers say where a script's request comes from; no script can keep them from it."""
    return "Sec-Fetch-Site" in request.headers or "Origin" in request.headers
