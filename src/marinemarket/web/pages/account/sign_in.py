"""Pages for signing in and out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from litestar import Response, get, post
from litestar.response import Template

from ....accounts.accounts import same_time
from ....accounts.passkeys import passkeys_are_possible
from ....accounts.sessions import Entered, sign_out
from ....accounts.sign_in import Challenge, Closed, finish_sign_in, sign_in
from ....accounts.user import User
from ....composition import Market
from ....errors import Forbidden, MarketError
from ....i18n.texts import gettext as _
from ....i18n.texts import mark
from ...dependencies import CurrentMarket
from ...forms import Form, own_address, seen_other, sent_form, sent_whole
from ...security.access import (
    AnyRequest,
    CurrentClient,
    CurrentSignedIn,
    MaybeSignedIn,
    OwnForm,
    device_cookies,
    form_token_of,
)
from ...security.cookies import form_token
from ...security.rate_limits import limited
from ...security.session_cookies import cookies_on_signing_in, sign_browser_out
from ...unsent import CARRIED, KeptForm, Unsent, kept_by, opened
from ..unsent import NOT_KEPT, after_signing_in, other_account_page

HOME = "/account"

_DONE = {
    "verified": mark("Your address is confirmed. You can sign in now."),
    "reset": mark("Your new password is set. Please sign in with it."),
    "out": mark("You are signed out."),
    "erased": mark("Your account is closed, and everything of yours is being deleted."),
}


@dataclass(frozen=True, slots=True)
class SignInPage:
    """All that ``account/sign-in.html`` uses."""

    form: Form
    following: str
    news: str
    has_passkeys: bool
    unsent: Unsent | None
    carried: str
    kept_of: str


@dataclass(frozen=True, slots=True)
class SecondStepPage:
    """All that ``account/second-step.html`` uses."""

    form: Form
    challenge: str
    following: str
    methods: str
    has_code: bool
    has_authenticator: bool
    has_passkey: bool
    carried: str


@get("/account/sign-in", include_in_schema=False)
async def show_sign_in(
    request: AnyRequest, market: CurrentMarket, visitor: MaybeSignedIn
) -> Response[Any]:
    following = own_address(request.query_params.get("next", ""), HOME)
    if visitor is not None:
        return seen_other(following)
    news = _(_DONE.get(request.query_params.get("done", ""), ""))
    return sign_in_page(request, market, following=following, news=news)


@post(
    "/account/sign-in",
    include_in_schema=False,
    open_to_all=True,
    guards=[limited("auth")],
    keeps=KeptForm("/account/sign-in", {"email": mark("Email")}),
    signs_in=True,
)
async def send_sign_in(
    request: AnyRequest, market: CurrentMarket, client: CurrentClient, own_form: OwnForm
) -> Response[Any]:
    sent = await sent_form(request)
    carried = await sent_whole(request, CARRIED)
    following = own_address(sent.get("next", ""), HOME)
    try:
        async with same_time():
            outcome = await sign_in(
                market.accounts, client, sent.get("email", ""), sent.get("password", "")
            )
    except MarketError as error:
        form = Form.of(request, market).refused(sent, error)
        return sign_in_page(
            request, market, following=following, form=form, status=error.status,
            unsent=opened(market.secret_key, carried), closed=error if isinstance(error, Closed) else None,
        )  # fmt: skip
    if isinstance(outcome, Challenge):
        form = Form.of(request, market)
        return _second_step(form, outcome.secret, following, outcome.methods, carried)
    return await _entered(request, market, outcome, following, carried)


@post(
    "/account/sign-in/code",
    include_in_schema=False,
    open_to_all=True,
    guards=[limited("auth")],
    carries=True,
    signs_in=True,
)
async def send_code(
    request: AnyRequest, market: CurrentMarket, client: CurrentClient, own_form: OwnForm
) -> Response[Any]:
    sent = await sent_form(request)
    carried = await sent_whole(request, CARRIED)
    following = own_address(sent.get("next", ""), HOME)
    challenge = sent.get("challenge", "")
    try:
        outcome = await finish_sign_in(market.accounts, client, challenge, sent.get("code", ""))
    except MarketError as error:
        form = Form.of(request, market).refused(sent, error)
        methods = tuple(sent.get("methods", "code").split(","))
        return _second_step(form, challenge, following, methods, carried, status=error.status)
    return await _entered(request, market, outcome, following, carried)


@post("/account/sign-in/unsent", status_code=200, include_in_schema=False, carries=True)
async def show_unsent(
    request: AnyRequest, market: CurrentMarket, visitor: MaybeSignedIn, own_form: OwnForm
) -> Response[Any]:
    """The words on their way: after a script has signed in, or back from asking for a new password."""
    unsent = opened(market.secret_key, await sent_whole(request, CARRIED))
    following = own_address((await sent_form(request)).get("next", ""), HOME)
    if unsent is None:
        return seen_other(following)
    if visitor is None:
        return sign_in_page(request, market, following=following, unsent=unsent)
    token = form_token_of(request, market)
    return after_signing_in(market, unsent, token, visitor.user)


async def _entered(
    request: AnyRequest, market: Market, entered: Entered, following: str, carried: str
) -> Response[Any]:
    """On to where somebody was; if they had written something there, with the words."""
    unsent = opened(market.secret_key, carried)
    answer: Response[Any] = seen_other(following)
    if unsent is not None:
        token = form_token(market.secret_key, entered.secret, entered.user.id)
        answer = after_signing_in(market, unsent, token, entered.user)
    answer.cookies = await cookies_on_signing_in(request, market, entered)
    return answer


@post("/account/sign-out", include_in_schema=False)
async def send_sign_out(
    market: CurrentMarket, client: CurrentClient, somebody: CurrentSignedIn
) -> Response[Any]:
    await sign_out(market.accounts, somebody, client)
    answer = seen_other("/account/sign-in?done=out")
    return sign_browser_out(answer, market)


def signed_in_already(request: AnyRequest, market: Market, user: User) -> Response[Any]:
    """The answer to a form for signing in that was open while its reader signed in elsewhere."""
    sent = dict(request.scope["state"].get("unsent_fields", ()))
    following = own_address(sent.get("next", ""), HOME)
    if sent.get("email", user.email).strip().lower() != user.email.lower():
        why = _(
            "In another tab you have signed in as %(name)s. To use another account, sign out first.",
            name=user.name,
        )
        form = Form.of(request, market).refused(sent, Forbidden(why))
        return sign_in_page(request, market, following=following, form=form, status=403)
    unsent = opened(market.secret_key, sent.get(CARRIED, ""))
    if unsent is None:
        return seen_other(following)
    if unsent.is_of_another(market.secret_key, user.id):
        return other_account_page(user.name, status=403)
    return after_signing_in(market, unsent, form_token_of(request, market), user)


def sign_in_page(
    request: AnyRequest,
    market: Market,
    *,
    following: str,
    form: Form | None = None,
    news: str = "",
    unsent: Unsent | None = None,
    closed: Closed | None = None,
    status: int = 200,
) -> Template:
    """The page for signing in. `unsent` is what somebody wrote before they had to.

    Who is refused as `closed` is shown what this browser keeps of their words, which no other page would.
    """
    key = market.secret_key
    if closed and unsent and unsent.is_of_another(key, closed.user_id):
        unsent = None
    page = SignInPage(
        form=form or Form.of(request, market),
        following=following,
        news=news,
        has_passkeys=passkeys_are_possible(market.settings.public_url),
        unsent=unsent,
        carried=unsent.sealed(key) if unsent else "",
        kept_of=kept_by(key, closed.user_id) if closed else "",
    )
    cookies = device_cookies(request, market)
    return Template(
        "account/sign-in.html",
        context={"page": page},
        status_code=status,
        cookies=cookies,
        headers=dict(NOT_KEPT) if unsent else {},
    )


def _second_step(
    form: Form,
    challenge: str,
    following: str,
    methods: tuple[str, ...],
    carried: str,
    *,
    status: int = 200,
) -> Template:
    page = SecondStepPage(
        form=form,
        challenge=challenge,
        following=following,
        methods=",".join(methods),
        has_code="code" in methods or "recovery-code" in methods,
        has_authenticator="code" in methods,
        has_passkey="passkey" in methods,
        carried=carried,
    )
    headers = dict(NOT_KEPT) if carried else {}
    return Template(
        "account/second-step.html", context={"page": page}, status_code=status, headers=headers
    )
