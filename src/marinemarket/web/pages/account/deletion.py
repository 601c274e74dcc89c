"""Downloading one's data, and deleting one's account."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from litestar import Response, get, post
from litestar.response import Template

from ....accounts.erasure import erase_oneself
from ....accounts.proof import demand_proof, proved_until
from ....errors import MarketError
from ...dependencies import CurrentMarket
from ...forms import Form, seen_other, sent_form
from ...security.access import AnyRequest, CurrentClient, CurrentSignedIn
from ...security.session_cookies import sign_browser_out

_PRIVATE = {"Cache-Control": "no-store"}


@dataclass(frozen=True, slots=True)
class DeletionPage:
    """All that ``account/deletion.html`` uses."""

    form: Form
    is_proved: bool


@get("/account/leaving", include_in_schema=False)
async def show_leaving(
    request: AnyRequest, market: CurrentMarket, somebody: CurrentSignedIn
) -> Template:
    return await _page(market, somebody, Form.of(request, market))


@post("/account/leaving", include_in_schema=False)
async def send_leaving(
    request: AnyRequest, market: CurrentMarket, client: CurrentClient, somebody: CurrentSignedIn
) -> Response[Any]:
    sent = await sent_form(request)
    try:
        await demand_proof(market.accounts, somebody, client, sent.get("password"))
        await erase_oneself(market.accounts, somebody, client)
    except MarketError as error:
        form = Form.of(request, market).refused(sent, error)
        return await _page(market, somebody, form, status=error.status)
    answer = seen_other("/account/sign-in?done=erased")
    return sign_browser_out(answer, market)


async def _page(
    market: CurrentMarket, somebody: CurrentSignedIn, form: Form, *, status: int = 200
) -> Template:
    is_proved = await proved_until(market.accounts, somebody) is not None
    return Template(
        "account/deletion.html",
        context={"page": DeletionPage(form, is_proved)},
        status_code=status,
        headers=_PRIVATE,
    )
