"""Whatever a request may hold is bounded: each list, object and text of every body has a limit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args

import pytest
from litestar import Litestar
from litestar.handlers import HTTPRouteHandler

from marinemarket.accounts.user import User
from marinemarket.config.settings import Settings
from marinemarket.listings.listing import Listing
from marinemarket.messages.inquiries import Question
from marinemarket.saved_searches.editing import SavedSearchRequest
from marinemarket.web.app import create_app
from marinemarket.web.security.strict_json import LONGEST_TEXT, MOST_NAMES, MOST_VALUES
from marinemarket.wire import Model

PATCHED: set[type[Model]] = {Listing, User, SavedSearchRequest, Question}
"""What bodies become that are merged into something first, or differ by who sends them."""

_BOUNDS_OF_TEXT = {"maxLength", "pattern", "enum", "const"}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Litestar:
    return create_app(Settings(data=tmp_path_factory.mktemp("data")))


def _models(annotation: Any) -> Iterator[type[Model]]:
    if isinstance(annotation, type) and issubclass(annotation, Model):
        yield annotation
    for inner in get_args(annotation):
        yield from _models(inner)


def _bodies(app: Litestar) -> set[type[Model]]:
    found: set[type[Model]] = set()
    for route in app.routes:
        for handler in getattr(route, "route_handlers", ()):
            if isinstance(handler, HTTPRouteHandler):
                body = handler.parsed_fn_signature.parameters.get("data")
                found.update(_models(body.raw) if body else ())
    return found


def _schemas(part: Any, path: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every schema within a schema, with the names that lead to it."""
    if isinstance(part, list):
        for inner in part:
            yield from _schemas(inner, path)
    if not isinstance(part, dict):
        return
    yield path, part
    for key, inner in part.items():
        if key in ("properties", "$defs"):
            for name, of in inner.items():
                yield from _schemas(of, f"{path}.{name}")
        elif key not in ("default", "examples", "enum"):
            yield from _schemas(inner, path)


def _is_bounded(schema: dict[str, Any]) -> bool:
    match schema.get("type"):
        case "array":
            return "maxItems" in schema
        case "string":
            return not _BOUNDS_OF_TEXT.isdisjoint(schema)
        case "object":
            return not schema.get("additionalProperties") or "maxProperties" in schema
    return True


def test_every_list_object_and_text_of_a_body_has_a_limit(app: Litestar) -> None:
    """Write the limit where the field is: ``Annotated[tuple[Text, ...], Field(max_length=200)]``.

    A `Model` then counts before it looks at anything: half a million wrong entries cost nothing, and
    are one error.
    """
    bodies = _bodies(app) | PATCHED
    assert len(bodies) > 15
    unbounded = {
        path
        for body in bodies
        for path, schema in _schemas(body.model_json_schema(by_alias=True), body.__name__)
        if not _is_bounded(schema)
    }
    assert unbounded == set()


def test_what_a_listing_may_hold_a_body_may_hold(app: Litestar) -> None:
    """The bounds on every body are above those of any model, of which a listing is the largest."""
    largest = Listing.model_json_schema(by_alias=True)
    lists = [schema for _, schema in _schemas(largest, "") if schema.get("type") == "array"]
    # An object in a list has two values on average; a list stands in one object, and not in each.
    assert 2 * sum(schema["maxItems"] for schema in lists) < MOST_VALUES
    for body in _bodies(app) | PATCHED:
        for path, schema in _schemas(body.model_json_schema(by_alias=True), body.__name__):
            assert len(schema.get("properties", ())) < MOST_NAMES / 2, path
            assert schema.get("maxLength", 0) <= LONGEST_TEXT, path
