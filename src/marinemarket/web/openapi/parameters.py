"""The parameters of an operation: in its path, its query string and its header."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from litestar.handlers import HTTPRouteHandler
from litestar.params import QueryParameter
from litestar.routes import HTTPRoute
from litestar.typing import FieldDefinition
from pydantic import TypeAdapter

from ...search.filters import Search
from ..query_string import LISTS, SINGLE
from .schemas import WireSchema

_UUID = {"type": "string", "format": "uuid"}
_HANDLE = {"type": "string", "maxLength": 200}

_IN_PATHS: dict[str, tuple[str, dict[str, Any]]] = {
    "listing_id": ("The listing's id.", _UUID),
    "image_id": ("The photo's id.", {"type": "string", "pattern": "^[0-9a-f]{32}$"}),
    "user_id": ("The user's id.", _UUID),
    "session_id": ("The session's public name, its `id` in answers.", _HANDLE),
    "passkey_id": ("The passkey's public name, its `id` in answers.", _HANDLE),
    "inquiry_id": ("The conversation's id.", _UUID),
    "search_id": ("The saved search's id.", _UUID),
    "job_id": ("The bulk action's id.", _UUID),
}

_IN_QUERIES = {
    "limit": "How many results a page has at most.",
    "after": "The cursor of a page: `next` of the page before it.",
    "email": "An email address, in full.",
    "ip": "An IP address, in full.",
    "user": "A user's id.",
    "action": "An action of the audit trail, such as `USER_LOGIN`.",
    "resource": "The kind of thing that was changed, such as `listing`.",
    "since": "The beginning, included: ISO 8601 with its time zone.",
    "until": "The end, included: ISO 8601 with its time zone.",
    "lane": "Why a case waits: `new`, `edited` or `reported`.",
    "q": "What has been typed so far.",
}

_OF_SEARCH = {
    "q": "Words: makers, models, places, features, and figures such as `under 30 ft`.",
    "price_dropped": "Only boats whose price fell at its last change: `yes` or `no`.",
    "hide_under_offer": "Leave out boats that are under offer: `yes` or `no`.",
    "state": "A state: `FL`, `US-FL` or `Florida`.",
    "country": "A country: its two letters (ISO 3166-1) or its English name.",
    "near": "The centre of a search by distance: `latitude,longitude` in degrees, or a place.",
    "radius": "The greatest distance from `near`, in statute miles.",
    "box": "A rectangle on the map: `south,west,north,east` in degrees.",
    "polygon": "An area: its corners as `latitude,longitude` in degrees, separated by spaces.",
    "sort": "The order; a minus means descending. Boats without the value come last.",
    "limit": "How many boats a page has at most.",
    "after": "The cursor of a page: `next` of the page before it.",
    "type": "Boat types, any of them.",
    "maker": "Manufacturers, any of them.",
    "feature": "Features, all of them.",
    "condition": "Conditions, any of them.",
    "fuel": "Fuels, any of them.",
    "hull": "Hull materials, any of them.",
    "usage": "Whether boats have had an owner; any of them.",
    "seller": "Kinds of seller, any of them.",
}
_UNITS = {
    "price": "asking price, in US cents",
    "year": "year of build",
    "length": "length, in feet",
    "beam": "beam, in feet",
    "draft": "draft, in feet",
    "air_draft": "air draft, in feet",
    "hours": "hours that the engine has run",
    "cabins": "number of cabins",
    "berths": "number of berths",
    "days_listed": "days since it was listed",
}
_AS_TEXT = frozenset({"near", "box", "polygon"})


def parameters_of(handler: HTTPRouteHandler, route: HTTPRoute) -> Iterator[dict[str, Any]]:
    """The parameters in the path and the query string. Raises TypeError for an undescribed one."""
    for name in route.path_parameters:
        if name not in _IN_PATHS:
            raise TypeError(
                f"{route.path} has a parameter that {__name__} does not describe: {name}"
            )
        text, schema = _IN_PATHS[name]
        yield {"name": name, "in": "path", "required": True, "description": text, "schema": schema}
    if handler.opt.get("is_search"):
        yield from _search_parameters()
    for name, field in handler.parsed_fn_signature.parameters.items():
        if isinstance(field.kwarg_definition, QueryParameter):
            yield _in_query(name, field, field.kwarg_definition)


def _in_query(name: str, field: FieldDefinition, given: QueryParameter) -> dict[str, Any]:
    text = given.description or _IN_QUERIES.get(name)
    if text is None:
        raise TypeError(f"a query parameter needs a description: {name}")
    schema = _without_null(TypeAdapter(field.annotation).json_schema(schema_generator=WireSchema))
    bounds = {
        "minimum": given.ge,
        "maximum": given.le,
        "minLength": given.min_length,
        "maxLength": given.max_length,
        "pattern": given.pattern,
    }
    schema |= {bound: value for bound, value in bounds.items() if value is not None}
    schema |= given.schema_extra or {}
    if field.has_default and field.default is not None:
        schema["default"] = field.default
    return {
        "name": name,
        "in": "query",
        "required": field.is_required,
        "description": text,
        "schema": schema,
    }


def _search_parameters() -> Iterator[dict[str, Any]]:
    """The fields of a search in a query string, with the bounds of `Search`."""
    whole = Search.model_json_schema(schema_generator=WireSchema)
    for name, (path, _) in SINGLE.items():
        text = _OF_SEARCH.get(name) or _bound_text(name)
        if name in _AS_TEXT:
            schema: dict[str, Any] = {"type": "string", "maxLength": 10_000}
        else:
            schema = _schema_at(whole, path)
        yield {"name": name, "in": "query", "description": text, "schema": schema}
    for name, path in LISTS.items():
        shape = _schema_at(whole, path)
        yield {"name": name, "in": "query", "description": _OF_SEARCH[name], "schema": shape}


def _bound_text(name: str) -> str:
    figure, _, end = name.rpartition("_")
    return f"The {'least' if end == 'min' else 'greatest'} {_UNITS[figure]}."


def _schema_at(whole: dict[str, Any], path: str) -> dict[str, Any]:
    """The schema of a field by its path, without references, null and default."""
    found = whole
    for name in path.split("."):
        found = _resolved(whole, found["properties"][name])
    shape = {name: inner for name, inner in found.items() if name not in ("default", "description")}
    if "items" in shape:
        shape["items"] = _resolved(whole, shape["items"])
    return shape


def _resolved(whole: dict[str, Any], shape: dict[str, Any]) -> dict[str, Any]:
    shape = _without_null(shape)
    if "$ref" in shape:
        shape = dict(whole["$defs"][shape["$ref"].rpartition("/")[2]])
        shape.pop("description", None) if "properties" not in shape else None
    return shape


def _without_null(shape: dict[str, Any]) -> dict[str, Any]:
    kinds = [kind for kind in shape.get("anyOf", ()) if kind != {"type": "null"}]
    rest = {name: inner for name, inner in shape.items() if name not in ("anyOf", "default")}
    return {**kinds[0], **rest} if len(kinds) == 1 else dict(shape)
