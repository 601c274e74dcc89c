"""Proving again who one is, for changes that need it: once, and then for five minutes."""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Response, post
from litestar.params import JSONBody
from pydantic import Field

from ...accounts.passkeys import RelyingParty, ask_for_proof, confirm_by_passkey
from ...accounts.proof import confirm_by_password
from ...accounts.second_factor import confirm_by_code
from ...composition import Market
from ...wire import Model
from ..dependencies import CurrentMarket
from ..security.access import AnyRequest, CurrentClient, CurrentSignedIn
from .answers.accounts import ProvedIdentity
from .answers.webauthn import PasskeyRequest
from .auth import Typed, entered
from .bodies import IdentityProof
from .listings import json

_PRIVATE = {"Cache-Control": "no-store"}


class Proof(Model):
    password: Typed | None = Field(None, repr=False)
    code: Typed | None = Field(None, repr=False)
    credential: Annotated[dict[str, Any], Field(max_length=20)] | None = Field(None, repr=False)


@post(
    "/me/proof",
    status_code=200,
    summary="Prove again who you are",
    operation_id="proveIdentity",
    takes=IdentityProof,
    answers=ProvedIdentity,
    sends=("Set-Cookie",),
)
async def prove_identity(
    data: JSONBody[Proof],
    request: AnyRequest,
    market: CurrentMarket,
    client: CurrentClient,
    somebody: CurrentSignedIn,
) -> Response[bytes]:
    """Returns the replacement for this session. For the next five minutes, changes in it that need your
    password can do without it, except that of the password itself. After five wrong ones in a row, only
    a passkey proves anything in a session.
    """
    accounts = market.accounts
    if data.credential is not None:
        proved = await confirm_by_passkey(
            accounts, somebody, client, _site(market), data.credential
        )
    elif data.code is not None:
        proved = await confirm_by_code(accounts, somebody, client, data.code)
    else:
        proved = await confirm_by_password(accounts, somebody, client, data.password or "")
    return entered(request, market, proved.entered, until=proved.until)


@post(
    "/me/proof/options",
    status_code=200,
    summary="Begin to prove by passkey who you are",
    operation_id="beginIdentityProof",
    answers=PasskeyRequest,
)
async def begin_proof(market: CurrentMarket, somebody: CurrentSignedIn) -> Response[bytes]:
    """The options for `navigator.credentials.get`."""
    return json(await ask_for_proof(market.accounts, somebody, _site(market)), headers=_PRIVATE)


def _site(market: Market) -> RelyingParty:
    return RelyingParty.of(market.settings.public_url, market.settings.market_name)
