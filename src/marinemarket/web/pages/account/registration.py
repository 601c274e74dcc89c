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
from ....i18n.texts import mark
from ...dependencies import CurrentMarket
from ...forms import Form, seen_other, sent_form
from ...security.access import AnyRequest, CurrentClient, OwnForm, device_cookies
from ...security.rate_limits import limited
from ...unsent import KeptForm


@dataclass(frozen=True, slots=True)
class AskingPage:
    """All that ``account/register.html`` and ``account/forgot-password.html`` use."""

    form: Form


@dataclass(frozen=True, slots=True)
class LinkPage:
    """All that ``account/verify.html`` and ``account/new-password.html`` use: a letter's link."""

    form: Form
    token: str


@dataclass(frozen=True, slots=True)
class MailPage:
    """All that ``account/check-your-email.html`` uses."""

    sent_to: str


Page = AskingPage | LinkPage | MailPage


# -- Registering -------------------------------------------------------------------------------


@get("/account/register", include_in_schema=False, open_to_all=True)
async def show_registration(request: AnyRequest, market: CurrentMarket) -> Template:
    return _shown(request, market, "register", AskingPage(Form.of(request, market)))


@post(
    "/account/register",
    include_in_schema=False,
    open_to_all=True,
    guards=[limited("auth")],
    keeps=KeptForm("/account/register", {"name": mark("Your name"), "email": mark("Email")}),
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
    page = MailPage(registration.email.strip())
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
    return _shown(request, market, "forgot-password", AskingPage(Form.of(request, market)))


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
    page = MailPage(email.strip())
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
