"""Bounds on what comes before a body: the address, its parameters, and the headers.

The server ends a head at 64 KB. That is room for more parameters, cookies and headers than anybody
should look at, and for many headers of few letters.
"""

from __future__ import annotations

from litestar.enums import ScopeType
from litestar.exceptions import HTTPException
from litestar.types import ASGIApp, Receive, Scope, Send

from ...errors import FieldError, Invalid
from ...i18n.texts import gettext as _

LONGEST_ADDRESS = 20_000
"""Bytes of path and query string: room for the longest cursor."""
MOST_PARAMETERS = 300
"""A search may name about two hundred, with every list full."""
MOST_HEADERS = 100
LONGEST_HEADER = 16_000
_MOST_ESCAPES = 100
"""Backslashes in cookies. Ours have none, and Python takes time by the square of their number."""


def bounded_heads(app: ASGIApp) -> ASGIApp:
    """The application, which is asked only with addresses and headers of sensible size."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == ScopeType.HTTP:
            _check(scope)
        await app(scope, receive, send)

    return answer


def _check(scope: Scope) -> None:
    query = scope["query_string"]
    if len(scope["path"]) + len(query) > LONGEST_ADDRESS:
        raise HTTPException(status_code=414, detail=_("the address is too long"))
    if query.count(b"&") >= MOST_PARAMETERS:
        message = _("must have at most %(most)s parameters", most=MOST_PARAMETERS)
        raise Invalid([FieldError("query", message)])
    headers = [*scope["headers"]]
    if len(headers) > MOST_HEADERS:
        raise HTTPException(
            status_code=431, detail=_("send at most %(most)s headers", most=MOST_HEADERS)
        )
    for name, value in headers:
        if len(value) > LONGEST_HEADER or (
            name == b"cookie" and value.count(b"\\") > _MOST_ESCAPES
        ):
            detail = _("the header %(name)s holds too much", name=name[:60].decode("latin-1"))
            raise HTTPException(status_code=431, detail=detail)
