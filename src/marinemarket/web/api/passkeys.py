"""Passkeys, for the site's own pages and for other browser clients."""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Response, delete, get, post
from litestar.params import FromPath, JSONBody
from pydantic import Field

from ...accounts.passkeys import (
    RelyingParty,
    add_passkey,
    ask_for_passkey,
    offer_passkey,
    remove_passkey,
    sign_in_with_passkey,
)
from ...accounts.visible_fields import seen_by_self
from ...composition import Market
from ...errors import NotFound
from ...wire import CLEAN_LINE, Model
from ..dependencies import CurrentMarket
from ..security.access import AnyRequest, CurrentClient, CurrentSignedIn
from ..security.rate_limits import limited
from .answers.accounts import NewSession, Passkey, PasskeyList
from .answers.webauthn import PasskeyCreation, PasskeyRequest
from .auth import arrived, entered
from .bodies import NewPasskey, PasskeySignIn
from .listings import json
from .me import PasswordProof


class PasskeyBody(Model):
    credential: Annotated[dict[str, Any], Field(max_length=20)]
    name: Annotated[str, Field(max_length=60), CLEAN_LINE] = ""


def _site(market: Market) -> RelyingParty:
    return RelyingParty.of(market.settings.public_url, market.settings.market_name)


@get(
    "/auth/passkeys",
    summary="List your passkeys",
    operation_id="listPasskeys",
    answers=PasskeyList,
)
async def list_passkeys(somebody: CurrentSignedIn) -> Response[bytes]:
    """All of them, at most ten."""
    return json({"results": seen_by_self(somebody.user)["passkeys"]})


@get(
    "/auth/passkeys/{passkey_id:str}",
    summary="Read a passkey",
    operation_id="getPasskey",
    answers=Passkey,
)
async def show_passkey(passkey_id: FromPath[str], somebody: CurrentSignedIn) -> Response[bytes]:
    """One of your passkeys, without its key."""
    for passkey in seen_by_self(somebody.user)["passkeys"]:
        if passkey["id"] == passkey_id:
            return json(passkey)
    raise NotFound("passkey", passkey_id)


@post(
    "/auth/passkeys/options",
    status_code=200,
    summary="Begin to create a passkey",
    operation_id="beginPasskey",
    answers=PasskeyCreation,
)
async def begin_passkey(
    data: JSONBody[PasswordProof],
    market: CurrentMarket,
    client: CurrentClient,
    somebody: CurrentSignedIn,
) -> Response[bytes]:
    """With your password: the options for `navigator.credentials.create`."""
    site = _site(market)
    return json(await offer_passkey(market.accounts, somebody, client, site, data.password))


@post(
    "/auth/passkeys",
    status_code=201,
    summary="Add a passkey",
    operation_id="createPasskey",
    takes=NewPasskey,
    answers=NewSession,
    sends=("Set-Cookie",),
)
async def keep_passkey(
    data: JSONBody[PasskeyBody],
    request: AnyRequest,
    market: CurrentMarket,
    client: CurrentClient,
    somebody: CurrentSignedIn,
) -> Response[bytes]:
    """Ends other sessions; returns the replacement for this one. The first second factor also
    returns ten recovery codes, shown only once.
    """
    enabled = await add_passkey(
        market.accounts, somebody, client, _site(market), data.credential, data.name
    )
    codes = list(enabled.recovery_codes)
    answer = entered(request, market, enabled.entered, recoveryCodes=codes)
    answer.status_code = 201
    return answer


@delete(
    "/auth/passkeys/{passkey_id:str}",
    status_code=200,
    summary="Remove a passkey",
    operation_id="deletePasskey",
    answers=NewSession,
    sends=("Set-Cookie",),
)
async def forget_passkey(
    passkey_id: FromPath[str],
    data: JSONBody[PasswordProof],
    request: AnyRequest,
    market: CurrentMarket,
    client: CurrentClient,
    somebody: CurrentSignedIn,
) -> Response[bytes]:
    """Ends other sessions; returns the replacement for this one."""
    outcome = await remove_passkey(market.accounts, somebody, client, passkey_id, data.password)
    return entered(request, market, outcome)


@post(
    "/auth/passkeys/login/options",
    status_code=200,
    summary="Begin to sign in with a passkey",
    open_to_all=True,
    guards=[limited("auth")],
    operation_id="beginPasskeyLogin",
    answers=PasskeyRequest,
)
async def begin_passkey_login(market: CurrentMarket) -> Response[bytes]:
    """The options for `navigator.credentials.get`."""
    return json(await ask_for_passkey(market.accounts, _site(market)))


@post(
    "/auth/passkeys/login",
    status_code=200,
    summary="Sign in with a passkey",
    open_to_all=True,
    guards=[limited("auth")],
    operation_id="loginWithPasskey",
    takes=PasskeySignIn,
    answers=NewSession,
    sends=("Set-Cookie",),
)
async def log_in_with_passkey(
    data: JSONBody[PasskeyBody], request: AnyRequest, market: CurrentMarket, client: CurrentClient
) -> Response[bytes]:
    """Starts a session. A passkey counts as both factors."""
    outcome = await sign_in_with_passkey(market.accounts, client, _site(market), data.credential)
    return await arrived(request, market, outcome)
