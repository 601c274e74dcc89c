"""Your data: exporting all of it, and deleting the account."""

from __future__ import annotations

from litestar import Response, delete, get
from litestar.params import JSONBody

from ...accounts.data_export import export_person
from ...accounts.erasure import erase_oneself
from ...accounts.proof import demand_proof
from ...composition import PERSONAL_DATA
from ..dependencies import CurrentMarket
from ..security.access import CurrentActor, CurrentClient, CurrentSignedIn
from ..security.session_cookies import sign_browser_out
from .answers.accounts import DataExport, ErasedAccount
from .listings import json
from .me import PasswordProof

_PRIVATE = {"Cache-Control": "no-store"}


@get(
    "/me/export",
    summary="Export your data",
    leaves_entry=True,
    operation_id="exportMe",
    answers=DataExport,
    sends=("Content-Disposition",),
)
async def export_me(
    market: CurrentMarket, somebody: CurrentSignedIn, actor: CurrentActor
) -> Response[bytes]:
    """Everything that the market holds about you, as one JSON document."""
    document = await export_person(market.accounts, actor, somebody.user, PERSONAL_DATA)
    return json(
        document, headers=_PRIVATE | {"Content-Disposition": 'attachment; filename="my-data.json"'}
    )


@delete(
    "/me",
    status_code=200,
    summary="Delete your account",
    operation_id="deleteMe",
    answers=ErasedAccount,
    sends=("Set-Cookie",),
)
async def erase_me(
    data: JSONBody[PasswordProof],
    market: CurrentMarket,
    client: CurrentClient,
    somebody: CurrentSignedIn,
) -> Response[bytes]:
    """Ends your account at once: your adverts are hidden, nobody can reach you, and you are signed
    out everywhere. All of your data is then deleted within minutes. This cannot be undone.
    """
    await demand_proof(market.accounts, somebody, client, data.password)
    await erase_oneself(market.accounts, somebody, client)
    answer = json({"erased": {}})
    return sign_browser_out(answer, market)
