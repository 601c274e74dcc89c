"""Pages for registration, email confirmation and password resets.

An emailed link opens a page, and a button on it performs the action: programs that follow the links
in emails would otherwise use them up.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from litestar import Response, get, post
from litestar.response import Template

from ....accounts.accounts import same_time
from ....accounts.password_reset import ask_for_reset, reset_password
from ....accounts.registration import Registration, register, verify_email
from ....errors import MarketError
from ....i18n.texts import gettext as _
from ....i18n.texts import mark
from ...dependencies import CurrentMarket
from ...forms import Form, own_address, seen_other, sent_form, sent_whole
from ...security.access import AnyRequest, CurrentClient, OwnForm, device_cookies
from ...security.rate_limits import limited
from ...unsent import CARRIED, KeptForm, Unsent, opened
from .sign_in import HOME


@dataclass(frozen=True, slots=True)
class AskingPage:
    """All that ``account/register.html`` uses."""

    form: Form


@dataclass(frozen=True, slots=True)
class ForgottenPage:
    """All that ``account/forgot-password.html`` uses. `unsent` is what somebody wrote before."""

    form: Form
    following: str
    unsent: Unsent | None
    carried: str


@dataclass(frozen=True, slots=True)
class LinkPage:
    """All that ``account/verify.html`` and ``account/new-password.html`` use: a letter's link."""

    form: Form
    token: str


@dataclass(frozen=True, slots=True)
class MailPage:
    """All that ``account/check-your-email.html`` uses. `form` leads back to signing in, with words."""

    sent_to: str
    form: Form
    following: str = ""
    unsent: Unsent | None = None
    carried: str = ""


Page = AskingPage | ForgottenPage | LinkPage | MailPage


# -- Registering -------------------------------------------------------------------------------


@get("/account/register", include_in_schema=False, open_to_all=True)
async def show_registration(request: AnyRequest, market: CurrentMarket) -> Template:
    return _shown(request, market, "register", AskingPage(Form.of(request, market)))


@post(
    "/account/register",
    include_in_schema=False,
    open_to_all=True,
    guards=[limited("auth")],
    keeps=KeptForm(
        "/account/register",
        {"name": mark("Your name"), "email": mark("Email")},
        lambda: {
            "terms": (_("I agree to the terms of this market"), {}),
            "news": (_("Send me occasional news about the market"), {}),
        },
    ),
)
async def send_registration(
    request: AnyRequest, market: CurrentMarket, client: CurrentClient, own_form: OwnForm
) -> Response[Any]:
    sent = await sent_form(request)
    registration = Registration(
        email=sent.get("email", ""),
        name=sent.get("name", ""),
        password=sent.get("password", ""),
        terms="terms" in sent,
        news="news" in sent,
    )
    try:
        async with same_time():
            await register(market.accounts, client, registration)
    except MarketError as error:
        form = Form.of(request, market).refused(sent, error)
        return _shown(request, market, "register", AskingPage(form), status=error.status)
    page = MailPage(registration.email.strip(), Form.of(request, market))
    return _shown(request, market, "check-your-email", page)


@get("/account/verify", include_in_schema=False, open_to_all=True)
async def show_verification(request: AnyRequest, market: CurrentMarket) -> Template:
    token = request.query_params.get("token", "")
    page = LinkPage(Form.of(request, market), token[:300])
    return _shown(request, market, "verify", page)


@post("/account/verify", include_in_schema=False, open_to_all=True, guards=[limited("auth")])
async def send_verification(
    request: AnyRequest, market: CurrentMarket, client: CurrentClient, own_form: OwnForm
) -> Response[Any]:
    sent = await sent_form(request)
    try:
        await verify_email(market.accounts, client, sent.get("token", ""))
    except MarketError as error:
        form = Form.of(request, market).refused({}, error)
        return _shown(request, market, "verify", LinkPage(form, ""), status=error.status)
    return seen_other("/account/sign-in?done=verified")


# -- A forgotten password ----------------------------------------------------------------------


@get("/account/reset", include_in_schema=False, open_to_all=True)
async def show_forgotten(request: AnyRequest, market: CurrentMarket) -> Template:
    return await _forgotten(request, market)


@post(
    "/account/reset/unsent",
    status_code=200,
    include_in_schema=False,
    open_to_all=True,
    carries=True,
)
async def show_forgotten_with_words(
    request: AnyRequest, market: CurrentMarket, own_form: OwnForm
) -> Template:
    """The same for somebody who had to sign in with words in their hands: they come along."""
    return await _forgotten(request, market)


async def _forgotten(request: AnyRequest, market: CurrentMarket) -> Template:
    following, unsent, carried = await _words_along(request, market)
    page = ForgottenPage(Form.of(request, market), following, unsent, carried)
    return _shown(request, market, "forgot-password", page)


async def _words_along(
    request: AnyRequest, market: CurrentMarket
) -> tuple[str, Unsent | None, str]:
    """Where somebody was, and what they wrote there: opened, and sealed."""
    if request.method == "GET":
        return HOME, None, ""
    carried = await sent_whole(request, CARRIED)
    unsent = opened(market.secret_key, carried)
    following = own_address((await sent_form(request)).get("next", ""), HOME)
    return following, unsent, carried if unsent else ""


@post(
    "/account/reset",
    include_in_schema=False,
    open_to_all=True,
    guards=[limited("auth")],
    keeps=KeptForm("/account/reset", {"email": mark("Email")}),
)
async def send_forgotten(
    request: AnyRequest, market: CurrentMarket, client: CurrentClient, own_form: OwnForm
) -> Response[Any]:
    email = (await sent_form(request)).get("email", "")
    async with same_time():
        await ask_for_reset(market.accounts, client, email)
    page = MailPage(email.strip(), Form.of(request, market), *await _words_along(request, market))
    return _shown(request, market, "check-your-email", page)


@get("/account/reset/new", include_in_schema=False, open_to_all=True)
async def show_new_password(request: AnyRequest, market: CurrentMarket) -> Template:
    token = request.query_params.get("token", "")
    page = LinkPage(Form.of(request, market), token[:300])
    return _shown(request, market, "new-password", page)


@post("/account/reset/new", include_in_schema=False, open_to_all=True, guards=[limited("auth")])
async def send_new_password(
    request: AnyRequest, market: CurrentMarket, client: CurrentClient, own_form: OwnForm
) -> Response[Any]:
    sent = await sent_form(request)
    token = sent.get("token", "")
    try:
        await reset_password(market.accounts, client, token, sent.get("password", ""))
    except MarketError as error:
        form = Form.of(request, market).refused({}, error)
        page = LinkPage(form, token)
        return _shown(request, market, "new-password", page, status=error.status)
    return seen_other("/account/sign-in?done=reset")


def _shown(
    request: AnyRequest, market: CurrentMarket, name: str, page: Page, *, status: int = 200
) -> Template:
    return Template(
        f"account/{name}.html",
        context={"page": page},
        status_code=status,
        cookies=device_cookies(request, market),
        # What stands in its address is for no other site. (With no referrer at all, browsers
        # would also withhold where a form comes from, and it would be refused.)
        headers={"Referrer-Policy": "same-origin", "Cache-Control": "no-store"},
    )
