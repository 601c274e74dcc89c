"""The pages that give back what somebody wrote when it could not be taken."""

from __future__ import annotations

from dataclasses import dataclass, replace

from litestar import Response, get
from litestar.response import Template

from ...accounts.user import User
from ...composition import Market
from ...i18n.texts import gettext as _
from ...wire import encode
from ..dependencies import CurrentMarket
from ..security.access import (
    AnyRequest,
    MaybeSignedIn,
    device_cookies,
    form_token_of,
)
from ..unsent import Unsent, kept_by
from .messages.inquiry_form import BEGAN, stamped

NOT_KEPT = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}


@dataclass(frozen=True, slots=True)
class CheckPage:
    """All that ``unsent.html`` uses: the form again, with the token it needs by now.

    Without `unsent`, it was another account's: then it is neither shown nor could be sent.
    """

    unsent: Unsent | None
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


def other_account_page(name: str, *, status: int = 200) -> Template:
    """Where words are that were written under another account than the one signed in by now."""
    why = _(
        "This was written under another account, so it is not shown here and was not sent. To send it, "
        "sign in with that account; to copy it, go back to the page on which it was written."
    )
    page = CheckPage(None, "", why, name)
    return Template(
        "unsent.html", context={"page": page}, status_code=status, headers=dict(NOT_KEPT)
    )


def after_signing_in(market: Market, unsent: Unsent, token: str, user: User) -> Template:
    """What somebody wanted to send before they had to sign in, if it is this account that wrote it."""
    if unsent.is_of_another(market.secret_key, user.id):
        return other_account_page(user.name)
    why = _("You are signed in again. Nothing has been sent yet.")
    return check_page(market, unsent, token, why, name=user.name)


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
