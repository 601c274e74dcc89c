"""Taking one's data away, and deleting one's account."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from litestar import Response, get, post
from litestar.response import Template

from ....accounts.erasing import erase_oneself
from ....accounts.second_factor import (
    prove_password,
)
from ....errors import MarketError
from ...access import AnyRequest, GivenClient, GivenSignedIn
from ...cookies import no_session_cookie
from ...forms import Form, seen_other, sent_form
from ...given import GivenMarket

_PRIVATE = {"Cache-Control": "no-store"}


@dataclass(frozen=True, slots=True)
class LeavingPage:
    """All that ``account/leaving.html`` uses."""

    form: Form


@get("/account/leaving", include_in_schema=False)
async def show_leaving(
    request: AnyRequest, market: GivenMarket, somebody: GivenSignedIn
) -> Template:
    page = LeavingPage(Form.of(request, market))
    return Template("account/leaving.html", context={"page": page}, headers=_PRIVATE)


@post("/account/leaving", include_in_schema=False)
async def send_leaving(
    request: AnyRequest, market: GivenMarket, client: GivenClient, somebody: GivenSignedIn
) -> Response[Any]:
    sent = await sent_form(request)
    try:
        await prove_password(market.accounts, client, somebody.user, sent.get("password", ""))
        await erase_oneself(market.accounts, somebody, client)
    except MarketError as error:
        page = LeavingPage(Form.of(request, market).refused(sent, error))
        return Template(
            "account/leaving.html",
            context={"page": page},
            status_code=error.status,
            headers=_PRIVATE,
        )
    answer = seen_other("/account/sign-in?done=erased")
    answer.cookies = [no_session_cookie(market.settings)]
    return answer
