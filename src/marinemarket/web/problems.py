"""Errors, as problem documents on the API (RFC 9457) and as pages on the site."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from errno import EDQUOT, ENOSPC
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException
from litestar.response import Redirect, Template

from ..accounts.sessions import SignedIn
from ..errors import (
    MOST_TOLD,
    FieldError,
    Invalid,
    MarketError,
    NotSignedIn,
    Outdated,
    StorageFull,
    TermsNotAgreed,
    TooMany,
    Unavailable,
)
from ..i18n.texts import gettext as _
from ..i18n.texts import mark
from ..text import sentence
from ..wire import encode
from .etags import etag
from .forms import own_address
from .methods import allowed
from .pages.account.sign_in import sign_in_page, signed_in_already
from .pages.account.terms import terms_page
from .pages.unsent import NOT_KEPT, check_page, other_account_page
from .security.access import OldForm, device_cookies, form_token_of
from .security.request_context import request_id_of
from .security.terms_in_force import PATH as TERMS
from .security.terms_in_force import TermsUnanswered
from .unsent import (
    Unsent,
    of_another_account,
    page_before,
    page_of,
    unsent_of,
)

log = logging.getLogger(__name__)

AnyRequest = Request[Any, Any, Any]

ACCOUNT = "/account"
_IN_VAIN = frozenset({403, 404, 405, 409, 410})
"""Statuses with which sending the same again would be refused again: its words are shown to be copied."""

_ADVICE = {
    404: mark("The advert may have been sold or taken down, or the address is mistyped."),
    503: mark("Please try again in a moment."),
    507: mark("Please try again later; nothing was lost."),
}


_PHRASES = (
    # What HTTP calls the statuses that the framework answers with; looked up by these words.
    mark("Bad Request"),
    mark("Unauthorized"),
    mark("Forbidden"),
    mark("Not Found"),
    mark("Method Not Allowed"),
    mark("Request Entity Too Large"),
    mark("Request-URI Too Long"),
    mark("Request Header Fields Too Large"),
    mark("Unsupported Media Type"),
    mark("Too Many Requests"),
    mark("Internal Server Error"),
    mark("Service Unavailable"),
)


@dataclass(frozen=True, slots=True)
class ErrorPage:
    """All that ``error.html`` uses. `unsent` is what somebody wrote and we did not take."""

    title: str
    status: int
    advice: str
    request_id: str
    unsent: Unsent | None
    can_send_again: bool
    token: str


def is_api(request: AnyRequest) -> bool:
    return f"{request.scope['path']}/".startswith(("/api/", "/health/", "/metrics/"))


def market_error(request: AnyRequest, error: MarketError) -> Response[Any]:
    """An expected error, with its own status."""
    headers = {}
    if isinstance(error, Unavailable | TooMany):
        headers["Retry-After"] = str(error.retry_after)
    if isinstance(error, NotSignedIn):
        if not is_api(request):
            return _to_sign_in(request)
        headers["WWW-Authenticate"] = "Bearer"
    if isinstance(error, OldForm) and not is_api(request):
        again = _signed_in_elsewhere(request) or _to_check(request, error)
        if again is not None:
            return again
    if isinstance(error, TermsNotAgreed | TermsUnanswered) and not is_api(request):
        return _to_terms(request, error)
    extra: dict[str, Any] = {} if error.type == "about:blank" else {"type": error.type}
    if isinstance(error, Invalid):
        extra["errors"] = [
            {"field": e.field, "message": e.message} for e in error.errors[:MOST_TOLD]
        ]
        if error.untold:
            extra["moreErrors"] = error.untold
    if isinstance(error, Outdated):
        headers["ETag"] = etag(error.version)
        extra["current"] = error.current
    return _answer(request, error.status, error.title, str(error), headers, extra)


def _to_terms(request: AnyRequest, error: MarketError) -> Response[Any]:
    """The question of the terms, and from there back to the page that was opened.

    What somebody has just sent comes with it: nothing that they wrote is lost.
    """
    wanted = _page_wanted(request)
    if request.method in ("GET", "HEAD"):
        return Redirect(f"{TERMS}?{urlencode({'next': wanted})}", status_code=303)
    somebody = request.scope["state"]["signed_in"]
    return terms_page(
        request,
        request.app.state.market,
        somebody,
        following=wanted,
        unsent=unsent_of(request),
        status=error.status,
    )


def _to_sign_in(request: AnyRequest) -> Response[Any]:
    """To the sign-in page, and from there back to the page that was requested.

    What somebody wrote goes along: then the page is the answer, and not where it redirects to.
    """
    market = request.app.state.market
    if (unsent := unsent_of(request)) is not None:
        return sign_in_page(request, market, following=unsent.page, unsent=unsent, status=401)
    wanted = _page_wanted(request)
    return Redirect(f"{ACCOUNT}/sign-in?{urlencode({'next': wanted})}", status_code=303)


def _page_wanted(request: AnyRequest) -> str:
    """The page that somebody opened, or whose form they sent."""
    if request.method in ("GET", "HEAD"):
        return f"{request.scope['path']}?{request.url.query}".removesuffix("?")
    kept = request.scope["route_handler"].opt.get("keeps")
    if kept is not None:
        return page_of(request, kept)
    return own_address(page_before(request, request.headers.get("Host", "")), ACCOUNT)


def _signed_in_elsewhere(request: AnyRequest) -> Response[Any] | None:
    """Whoever signs in again, after they did so in another tab, goes where they wanted."""
    state = request.scope["state"]
    somebody: SignedIn | None = state.get("recognized")
    if somebody is None or not request.scope["route_handler"].opt.get("signs_in"):
        return None
    return signed_in_already(request, request.app.state.market, somebody.user)


def _to_check(request: AnyRequest, error: OldForm) -> Response[Any] | None:
    """The form again with the token it needs by now, if it holds words."""
    market, state = request.app.state.market, request.scope["state"]
    unsent = unsent_of(request)
    if unsent is None and of_another_account(request):
        return other_account_page(state.get("name", ""), status=403)
    if unsent is None:
        return None
    why = _(
        "You signed in or out after you opened this page, or it was open for a long time. "
        "Nothing has been sent yet."
    )
    if not error.has_cookies:
        why = str(error)
    token = form_token_of(request, market)
    answer = check_page(market, unsent, token, why, name=state.get("name", ""), status=403)
    # The token may be for a device that has just been named.
    answer.cookies = device_cookies(request, market)
    return answer


def http_error(request: AnyRequest, error: HTTPException) -> Response[Any]:
    """An error of the web framework, such as an unknown route or a malformed body."""
    if isinstance(error, ValidationException):
        return market_error(request, Invalid(_fields(error)))
    if error.status_code >= 500:
        log.error("%s %s failed", request.method, request.scope["path"], exc_info=error)
    title = HTTPStatus(error.status_code).phrase
    detail = error.detail if error.status_code < 500 else ""
    headers = dict(error.headers or {})
    if methods := headers.pop("allow", None):
        headers["Allow"] = allowed(methods.split(", "))
    return _answer(request, error.status_code, title, detail, headers, {})


def _fields(error: ValidationException) -> list[FieldError]:
    found = error.extra if isinstance(error.extra, list) else []
    return [
        FieldError(entry["key"], entry["message"])
        for entry in found
        if isinstance(entry, dict) and entry.get("key", "data") != "data"
    ] or [FieldError("body", _("must be a JSON object"))]


def no_such_file(request: AnyRequest, error: Exception) -> Response[Any]:
    """A file name that no file system accepts: too long, or with a zero byte."""
    return _answer(request, 404, "Not Found", "", {}, {})


def too_deep(request: AnyRequest, error: RecursionError) -> Response[Any]:
    """A body that is nested too deeply."""
    return _answer(request, 400, "Bad Request", _("the body is nested too deep"), {}, {})


def not_utf8(request: AnyRequest, error: UnicodeDecodeError) -> Response[Any]:
    """A body that is not UTF-8."""
    return _answer(request, 400, "Bad Request", _("the body is not UTF-8"), {}, {})


def unforeseen(request: AnyRequest, error: Exception) -> Response[Any]:
    """A bug, or a full disk. The details are logged and not shown to the visitor."""
    if isinstance(error, OSError) and error.errno in (ENOSPC, EDQUOT):
        return market_error(request, StorageFull("a disk of the market is full"))
    log.error("%s %s failed", request.method, request.scope["path"], exc_info=error)
    return _answer(
        request,
        500,
        mark("Something went wrong"),
        _("This is our fault. The error has been logged."),
        {},
        {},
    )


def _answer(
    request: AnyRequest,
    status: int,
    title: str,
    detail: str,
    headers: dict[str, str],
    extra: dict[str, Any],
) -> Response[Any]:
    if is_api(request):
        document = {
            "type": "about:blank",
            "title": _(title),
            "status": status,
            "detail": detail,
            "requestId": request_id_of(request.scope),
        }
        return Response(
            content=encode(document | extra),
            status_code=status,
            media_type="application/problem+json",
            headers=headers,
        )
    market, unsent = request.app.state.market, unsent_of(request)
    page = ErrorPage(
        title=_(title),
        status=status,
        advice=_(_ADVICE[status]) if status in _ADVICE else sentence(detail) if detail else "",
        request_id=request_id_of(request.scope) if status >= 500 else "",
        unsent=unsent,
        can_send_again=status not in _IN_VAIN,
        token=_token_to_send_again(request, unsent) if unsent else "",
    )
    return Template(
        "error.html",
        context={"page": page},
        status_code=status,
        headers=headers | (NOT_KEPT if unsent else {}),
        cookies=device_cookies(request, market) if unsent else [],
    )


def _token_to_send_again(request: AnyRequest, unsent: Unsent) -> str:
    """What a member's form carries when it is sent again: its own token, if nobody has looked yet who is
    signed in by now. Another account's words would be sent in their name otherwise.
    """
    state = request.scope["state"]
    if unsent.account and "user_id" not in state:
        return str(dict(state.get("unsent_fields") or []).get("csrf_token", ""))
    return form_token_of(request, request.app.state.market)


HANDLERS: dict[int | type[Exception], Any] = {
    MarketError: market_error,
    HTTPException: http_error,
    RecursionError: too_deep,
    UnicodeDecodeError: not_utf8,
    Exception: unforeseen,
}
