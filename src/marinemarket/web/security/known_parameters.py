"""An API route refuses parameters that it does not know: to ignore one is to answer another question."""

from __future__ import annotations

from collections import Counter
from typing import Any

from litestar.connection import ASGIConnection
from litestar.handlers.base import BaseRouteHandler
from litestar.params import QueryParameter

from ...errors import FieldError, Invalid
from ...i18n.texts import gettext as _


def parameters_of(handler: BaseRouteHandler) -> frozenset[str]:
    """The names in the query string that a handler's signature declares."""
    return frozenset(
        field.kwarg_definition.query or name
        for name, field in handler.parsed_fn_signature.parameters.items()
        if isinstance(field.kwarg_definition, QueryParameter)
    )


async def demand_known_parameters(
    connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler
) -> None:
    """Refuse unknown and repeated parameters of API routes. Raises Invalid.

    A handler with ``is_search`` reads its whole query string itself, as a search. Pages ignore what
    they do not know, since links from elsewhere carry the campaigns of others.
    """
    scope = connection.scope
    if not scope["query_string"] or not scope["path"].startswith("/api/"):
        return
    if handler.opt.get("is_search") or scope.get("method") == "OPTIONS":
        return
    known = parameters_of(handler)
    counted = Counter(name for name, _value in connection.query_params.multi_items())
    wrong = [FieldError(name, _("is not a parameter here")) for name in counted.keys() - known]
    wrong += [
        FieldError(name, _("may stand once only, but %(name)s came twice", name=name))
        for name, count in counted.items()
        if name in known and count > 1
    ]
    if wrong:
        raise Invalid(sorted(wrong, key=str))
