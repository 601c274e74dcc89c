"""The pages that give back what somebody wrote when it could not be taken."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from litestar import Response, get, post
from litestar.response import Template

from ...composition import Market
from ...i18n.texts import gettext as _
from ...wire import encode
from ..dependencies import CurrentMarket
from ..forms import seen_other, sent_whole
from ..security.access import AnyRequest, MaybeSignedIn, device_cookies, form_token_of
from ..unsent import CARRIED, Unsent, kept_by, opened
from .messages.inquiry_form import BEGAN, stamped

NOT_KEPT = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}


@dataclass(frozen=True, slots=True)
class CheckPage:
    """All that ``unsent.html`` uses: the form again, with the token it needs by now."""

    unsent: Unsent
    token: str
    why: str
    name: str


def check_page(
    market: Market, unsent: Unsent, token: str, why: str, *, name: str = "", status: int = 200
) -> Template:
    """A form to be checked and sent again; `name` is of whoever is signed in."""
    # The proof of when a form was shown holds for one token only.
    others = [(key, stamped(market, token) if key == BEGAN else it) for key, it in unsent.others]
    page = CheckPage(replace(unsent, others=others), token, why, name)
    return Template(
        "unsent.html", context={"page": page}, status_code=status, headers=dict(NOT_KEPT)
    )


def after_signing_in(market: Market, unsent: Unsent, token: str, name: str) -> Template:
    """What somebody wanted to send before they had to sign in."""
    why = _("You are signed in again. Nothing has been sent yet.")
    return check_page(market, unsent, token, why, name=name)


@get("/account/form-token", include_in_schema=False)
async def show_form_token(
    request: AnyRequest, market: CurrentMarket, visitor: MaybeSignedIn
) -> Response[bytes]:
    """The token that forms need by now, for a page that was open while its reader signed in again.

    Other sites cannot read it, as they cannot read the pages that hold it.
    """
    whose = visitor.user.id if visitor else None
    answer = {
        "token": form_token_of(request, market),
        "whose": kept_by(market.secret_key, whose),
        "isSignedIn": visitor is not None,
    }
    return Response(
        encode(answer),
        media_type="application/json",
        headers=dict(NOT_KEPT),
        cookies=device_cookies(request, market),
    )


@post("/account/sign-in/unsent", status_code=200, include_in_schema=False, open_to_all=True)
async def show_unsent(request: AnyRequest, market: CurrentMarket) -> Response[Any]:
    """The same after signing in by a script, which cannot send the page the words.

    It changes nothing and shows only what this market has sealed, so it asks for no token.
    """
    carried = opened(market.secret_key, await sent_whole(request, CARRIED))
    if carried is None:
        return seen_other("/account")
    return after_signing_in(market, carried, form_token_of(request, market), "")
