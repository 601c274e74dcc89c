"""Downloading one's data, and deleting one's account."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from litestar import Response, get, post
from litestar.response import Template

from ....accounts.erasure import erase_oneself
from ....accounts.second_factor import (
    prove_password,
)
from ....composition import PERSONAL_DATA
from ....errors import MarketError
from ...dependencies import CurrentMarket
from ...forms import Form, seen_other, sent_form
from ...security.access import AnyRequest, CurrentClient, CurrentSignedIn
from ...security.cookies import no_session_cookie

_PRIVATE = {"Cache-Control": "no-store"}


@dataclass(frozen=True, slots=True)
class DeletionPage:
    """All that ``account/deletion.html`` uses."""

    form: Form


@get("/account/leaving", include_in_schema=False)
async def show_leaving(
    request: AnyRequest, market: CurrentMarket, somebody: CurrentSignedIn
) -> Template:
    page = DeletionPage(Form.of(request, market))
    return Template("account/deletion.html", context={"page": page}, headers=_PRIVATE)


@post("/account/leaving", include_in_schema=False)
async def send_leaving(
    request: AnyRequest, market: CurrentMarket, client: CurrentClient, somebody: CurrentSignedIn
) -> Response[Any]:
    sent = await sent_form(request)
    try:
        await prove_password(market.accounts, client, somebody.user, sent.get("password", ""))
        await erase_oneself(market.accounts, somebody, client, PERSONAL_DATA)
    except MarketError as error:
        page = DeletionPage(Form.of(request, market).refused(sent, error))
        return Template(
            "account/deletion.html",
            context={"page": page},
            status_code=error.status,
            headers=_PRIVATE,
        )
    answer = seen_other("/account/sign-in?done=erased")
    answer.cookies = [no_session_cookie(market.settings)]
    return answer
