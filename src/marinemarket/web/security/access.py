"""Access control: each handler's signature declares who may call it, or that it is public.

A session's secret comes in its cookie, or as ``Authorization: Bearer``. A cookie may be sent by a
request that another site forged, so a write by cookie must also carry the CSRF token of one of our
forms. Permissions are read from the account at each request.
"""

from __future__ import annotations

import errno
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address
from typing import Any

from litestar import Litestar, Request
from litestar.connection import ASGIConnection
from litestar.datastructures import FormMultiDict
from litestar.di import NamedDependency, Provide
from litestar.enums import RequestEncodingType
from litestar.exceptions import ClientException
from litestar.handlers import HTTPRouteHandler
from litestar.handlers.base import BaseRouteHandler

from ...accounts.accounts import Client
from ...accounts.permissions import may
from ...accounts.records import note_activity
from ...accounts.secrets import hash_of, is_same, new_secret
from ...accounts.sessions import SignedIn, signed_in
from ...accounts.staff import deny
from ...accounts.user import AdminPermission
from ...audit.actions import Action
from ...audit.entry import LOCAL, Actor
from ...composition import Market
from ...errors import Forbidden, NotSignedIn, StorageFull
from ...i18n.texts import gettext as _
from ...text import clean_line
from ..dependencies import CurrentMarket
from .cookies import device_cookie, device_name, form_token, proof_in, session_name
from .terms_in_force import demand_terms
from .upload_shares import take_share

AnyRequest = Request[Any, Any, Any]
P = AdminPermission

MaybeSignedIn = NamedDependency[SignedIn | None]
"""The signed-in user, or None for a visitor."""

CurrentSignedIn = NamedDependency[SignedIn]
"""The signed-in user; 401 without a valid session."""

CurrentActor = NamedDependency[Actor]
"""The signed-in user as an audit actor; 401 without a valid session."""

CurrentClient = NamedDependency[Client]
"""The address and device that a request comes from, signed in or not."""

CurrentStaff = NamedDependency[SignedIn]
"""A user with the permission that STAFF gives for the parameter's name; otherwise 403."""

STAFF = {
    "user_manager": P.USER_MANAGEMENT,
    "moderator": P.CONTENT_MODERATION,
    "treasurer": P.FINANCIAL_ACCESS,
    "configurer": P.SYSTEM_CONFIG,
    "analyst": P.ANALYTICS_VIEW,
    "auditor": P.AUDIT_LOG_VIEW,
}

SIGNED_IN = frozenset({"somebody", "actor"})
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_FORMS = (RequestEncodingType.URL_ENCODED, RequestEncodingType.MULTI_PART)
_LONGEST_AGENT = 1000
_LONGEST_DEVICE = 200


class OldForm(Forbidden):
    """A form whose token is of another session, or of none: its page must be loaded again.

    A browser that keeps no cookies would be told so for ever: `has_cookies` says whether it sent any.
    """

    def __init__(self, *, has_cookies: bool) -> None:
        self.has_cookies = has_cookies
        super().__init__(
            _("The form is from another session, or too old. Please load it again.")
            if has_cookies
            else _(
                "Your browser has sent no cookie, and without one this form cannot be told from a "
                "forged one. Please allow cookies for this site, load the page again, and send it."
            )
        )


# -- The request -------------------------------------------------------------------------------


def address_of(request: AnyRequest) -> str:
    """The address of the peer; LOCAL if the connection has none."""
    try:
        address = ip_address(request.client.host if request.client else "")
    except ValueError:
        return LOCAL
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return str(mapped or address)


def _client(request: AnyRequest, market: CurrentMarket) -> Client:
    agent = clean_line(request.headers.get("User-Agent", ""))[:_LONGEST_AGENT].strip()
    address = address_of(request)
    return Client(
        ip_address="127.0.0.1" if address == LOCAL else address,
        user_agent=agent or "none given",
        device=hash_of(device_of(request, market)),
    )


def device_of(request: AnyRequest, market: Market) -> str:
    """The device name from its cookie; the answer sets a new one if there is none."""
    known = request.cookies.get(device_name(market.settings), "")
    if 20 <= len(known) <= _LONGEST_DEVICE:
        return known
    state: dict[str, Any] = request.scope["state"]
    return str(state.setdefault("new_device", new_secret()))


def device_cookies(request: AnyRequest, market: Market) -> list[Any]:
    """The cookie for a device that was named during this request, if any."""
    fresh = request.scope["state"].get("new_device")
    return [device_cookie(market.settings, fresh)] if fresh else []


def form_token_of(request: AnyRequest, market: Market) -> str:
    """The CSRF token for forms in the answer to this request."""
    user_id = request.scope["state"].get("user_id")
    return form_token(market.secret_key, _token_is_bound_to(request, market), user_id)


def _token_is_bound_to(request: AnyRequest, market: Market) -> str:
    secret = request.cookies.get(session_name(market.settings), "")
    return secret or device_of(request, market)


async def form_of(request: AnyRequest) -> FormMultiDict:
    """The fields of a form. Raises ClientException for an unknown encoding.

    Files wait for their sender's turn, and lie on the disk then; raises TooMany and StorageFull.
    """
    if request.content_type[0] == RequestEncodingType.MULTI_PART:
        await take_share(request, request.scope["state"].get("sender") or address_of(request))
    try:
        return await request.form()
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise StorageFull(_("the disk has no room for files just now")) from error
        raise
    except LookupError:
        raise ClientException("the form is in an encoding that is not known") from None


async def _demand_token(request: AnyRequest, market: Market) -> None:
    given = request.headers.get("X-CSRF-Token", "")
    if not given and request.content_type[0] in _FORMS:
        given = str((await form_of(request)).get("csrf_token", ""))
    needed = form_token(market.secret_key, _token_is_bound_to(request, market))
    if not is_same(proof_in(given), needed):
        raise OldForm(has_cookies=bool(request.cookies))


# -- Who it is ---------------------------------------------------------------------------------


async def visitor_of(request: AnyRequest, market: CurrentMarket) -> SignedIn | None:
    """The signed-in user, or None for a visitor; looked up once per request. Raises Forbidden."""
    state: dict[str, Any] = request.scope["state"]
    if "visitor" not in state:
        state["visitor"] = await _visitor(request, market)
    found: SignedIn | None = state["visitor"]
    return found


async def _visitor(request: AnyRequest, market: Market) -> SignedIn | None:
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    by_cookie = scheme.lower() != "bearer"
    if by_cookie:
        secret = request.cookies.get(session_name(market.settings), "")
    somebody = await _recognized(request, market, secret)
    if somebody is None:
        return None
    if by_cookie and request.method not in SAFE:
        await _demand_token(request, market)
    request.scope["state"]["signed_in"] = somebody
    demand_terms(request, somebody.user, market.accounts.rules.terms_version)
    await note_activity(market.trail, somebody.session)
    return somebody


async def _recognized(request: AnyRequest, market: Market, secret: str) -> SignedIn | None:
    """Whose session it is, noted for the answer, whether or not it lets them do what they ask.

    A refused form's words are shown to whoever wrote them, and not to another account.
    """
    rules = market.accounts.rules
    somebody = await signed_in(market.store, secret.strip(), market.clock(), rules)
    if somebody is not None:
        state: dict[str, Any] = request.scope["state"]
        state["sender"] = f"user {somebody.user.id}"
        state["name"] = somebody.user.name
        state["user_id"] = somebody.user.id
        state["recognized"] = somebody
    return somebody


async def _maybe_signed_in(request: AnyRequest, market: CurrentMarket) -> SignedIn | None:
    """Like `visitor_of`, but a form that was shown to a member is not sent as a visitor's.

    Visitors are asked for their address where members are not. Raises NotSignedIn.
    """
    found = await visitor_of(request, market)
    if found is None and request.method not in SAFE:
        fields = request.scope["state"].get("unsent_fields")
        had_session = session_name(market.settings) in request.cookies
        if had_session and fields and "email" not in dict(fields):
            raise NotSignedIn
    return found


def _somebody(visitor: MaybeSignedIn) -> SignedIn:
    if visitor is None:
        raise NotSignedIn
    return visitor


def _actor(client: CurrentClient, somebody: CurrentSignedIn) -> Actor:
    return somebody.acting_from(client)


async def _own_form(request: AnyRequest, market: CurrentMarket) -> None:
    """Whether a signed-out visitor's form is ours and was shown on this device."""
    try:
        await _demand_token(request, market)
    except OldForm:
        secret = request.cookies.get(session_name(market.settings), "")
        await _recognized(request, market, secret)
        raise


OwnForm = NamedDependency[None]
"""Require that a form was shown on this device."""


def _staff(permission: AdminPermission) -> Provide:
    async def demand(
        request: AnyRequest, market: CurrentMarket, client: CurrentClient, somebody: CurrentSignedIn
    ) -> SignedIn:
        actor, path = somebody.acting_from(client), str(request.scope["path"])
        if not may(somebody.user, permission):
            if somebody.user.is_staff and not somebody.user.has_second_factor:
                raise Forbidden(_("Please set up a second factor first: it is what staff need."))
            await deny(market.accounts, actor, "route", path[:200], permission=permission.value)
        if request.method in SAFE:
            # A write leaves an entry of its own.
            entry = actor.entry(Action.ADMIN_ACCESS, "route", path[:200], market.clock())
            await market.trail.commit(entry)
        return somebody

    return Provide(demand)


ACCESS = {
    "client": Provide(_client, sync_to_thread=False),
    "visitor": Provide(_maybe_signed_in),
    "somebody": Provide(_somebody, sync_to_thread=False),
    "actor": Provide(_actor, sync_to_thread=False),
    "own_form": Provide(_own_form),
    **{name: _staff(permission) for name, permission in STAFF.items()},
}


# -- What is declared --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Openness:
    """Who may call a handler, according to its signature."""

    is_open: bool
    permission: AdminPermission | None = None


def openness_of(handler: HTTPRouteHandler) -> Openness | None:
    """Who may call a handler; None if it does not say, which is not allowed."""
    names = set(handler.parsed_fn_signature.parameters)
    for name in names & STAFF.keys():
        return Openness(is_open=False, permission=STAFF[name])
    if names & SIGNED_IN:
        return Openness(is_open=False)
    is_open = "visitor" in names or handler.opt.get("open_to_all") is True
    return Openness(is_open=True) if is_open else None


def demand_declared(app: Litestar) -> None:
    """Raises TypeError for a handler that does not declare its access, so that nothing is public by
    accident.
    """
    for route in app.routes:
        for handler in getattr(route, "route_handlers", ()):
            if not isinstance(handler, HTTPRouteHandler) or handler.http_methods == {"OPTIONS"}:
                continue  # what a route can be asked is no secret
            if openness_of(handler) is None:
                raise TypeError(f"{handler} must say whom it answers, or be open_to_all")


async def same_site(
    connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler
) -> None:
    """Refuse writes from other sites' pages. Browsers send their origin; programs do not.

    Where the token in the address is all the proof (``proved_by_token=True``), mail programs press the
    button, from wherever they are.

    Asynchronous, because the framework would otherwise run it in a thread. Raises Forbidden.
    """
    by_secret = connection.headers.get("Authorization", "").lower().startswith("bearer ")
    by_token = handler.opt.get("proved_by_token") is True
    if connection.scope.get("method") in SAFE or by_secret or by_token:
        return
    fetched_from = connection.headers.get("Sec-Fetch-Site", "none")
    origin = connection.headers.get("Origin")
    host = connection.headers.get("Host", "")
    ours = {connection.app.state.market.settings.public_url, f"{connection.url.scheme}://{host}"}
    if fetched_from not in ("same-origin", "none") or (origin is not None and origin not in ours):
        raise Forbidden(_("This came from a page of another site."))
