"""The terms: a new version is put to each member once, with what it changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from litestar import Response, get, post
from litestar.response import Template

from ....accounts.sessions import SignedIn
from ....accounts.terms import Standing, answer_terms, standing_of
from ....composition import Market
from ....i18n.texts import gettext as _
from ...dependencies import CurrentMarket
from ...forms import Form, own_address, seen_other, sent_form, sent_whole
from ...security.access import AnyRequest, CurrentClient, CurrentSignedIn, form_token_of
from ...security.terms_in_force import PATH
from ...unsent import CARRIED, Unsent, opened
from ..unsent import check_page

_PRIVATE = {"Cache-Control": "no-store"}
_HOME = "/account"


@dataclass(frozen=True, slots=True)
class TermsPage:
    """All that ``account/terms.html`` uses. `unsent` is what somebody wanted to send, and `carried` takes
    it along.
    """

    form: Form
    version: str
    changes: list[list[str]]
    terms: str
    following: str
    has_agreed: bool
    has_refused: bool
    is_new: bool
    news: str
    unsent: Unsent | None
    carried: str


@get(PATH, include_in_schema=False)
async def show_terms(
    request: AnyRequest, market: CurrentMarket, somebody: CurrentSignedIn
) -> Template:
    following = own_address(request.query_params.get("next", ""), "")
    return terms_page(request, market, somebody, following=following)


@post(PATH, include_in_schema=False)
async def send_terms(
    request: AnyRequest, market: CurrentMarket, client: CurrentClient, somebody: CurrentSignedIn
) -> Response[Any]:
    sent = await sent_form(request)
    following = own_address(sent.get("next", ""), "")
    unsent = opened(market.secret_key, await sent_whole(request, CARRIED))
    agreed = {"yes": True, "no": False}.get(sent.get("answer", ""))
    if agreed is None or sent.get("version") != market.accounts.rules.terms_version:
        news = _(
            "The terms have changed again since you opened this page. Please read them once more."
        )
        news = news if agreed is not None else ""
        return terms_page(request, market, somebody, following=following, news=news, unsent=unsent)
    await answer_terms(market.accounts, somebody, client, agreed=agreed)
    if agreed and unsent is not None:
        why = _("Thank you. What you wrote has not been sent yet.")
        return check_page(
            market, unsent, form_token_of(request, market), why, name=somebody.user.name
        )
    return seen_other(following or _HOME if agreed else PATH)


def terms_page(
    request: AnyRequest,
    market: Market,
    somebody: SignedIn,
    *,
    following: str = "",
    news: str = "",
    unsent: Unsent | None = None,
    status: int = 200,
) -> Template:
    """The question, with what its reader wanted to send when it came."""
    version = market.accounts.rules.terms_version
    stands = standing_of(somebody.user, version)
    text = market.settings.terms_changes.strip()
    page = TermsPage(
        form=Form.of(request, market),
        version=version,
        changes=[part.split("\n") for part in text.split("\n\n") if part],
        terms=market.settings.terms_url,
        following=following,
        has_agreed=stands is Standing.AGREED,
        has_refused=stands is Standing.REFUSED,
        is_new=any(one.agreed for one in somebody.user.terms_answers)
        or any(one.to == "terms" for one in somebody.user.consents),
        news=news,
        unsent=unsent,
        carried=unsent.sealed(market.secret_key) if unsent else "",
    )
    return Template(
        "account/terms.html", context={"page": page}, status_code=status, headers=_PRIVATE
    )
