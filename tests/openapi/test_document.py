"""The OpenAPI document leaves nothing open: every object, operation and parameter is described."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest
from openapi_spec_validator import validate

from marinemarket.config.settings import Settings
from marinemarket.web.app import create_app
from marinemarket.web.openapi.document import operations_of
from marinemarket.web.openapi.examples import EXAMPLES

from .conformance import description

DOCUMENT = description().document
SCHEMAS: dict[str, Any] = DOCUMENT["components"]["schemas"]
OPERATIONS = [
    (f"{method.upper()} {path}", operation)
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
]
MODELS_OF_THE_SPECIFICATION = {
    "User", "Listing", "Location", "Coordinates", "BoatDetails", "AuditLog", "AuthSession", "LoginAttempt",
    "SearchFilters", "UserRole", "UserStatus", "AdminPermission",
}  # fmt: skip


def parts_of(value: Any, at: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every object within a JSON value, with its path. Examples are no parts of the description."""
    if isinstance(value, dict):
        yield at, value
        for name, inner in value.items():
            if name not in ("examples", "example", "default"):
                yield from parts_of(inner, f"{at}/{name}")
    elif isinstance(value, list):
        for position, inner in enumerate(value):
            yield from parts_of(inner, f"{at}/{position}")


def is_typed(part: dict[str, Any]) -> bool:
    """Does an object's schema say what it holds?"""
    more = part.get("additionalProperties")
    return bool(part.get("properties")) or (isinstance(more, dict) and bool(more))


def test_the_document_is_valid_openapi() -> None:
    validate(DOCUMENT)
    assert DOCUMENT["openapi"].startswith("3.1")


def test_no_object_is_free() -> None:
    free = [
        at
        for at, part in parts_of(DOCUMENT, "")
        if part.get("type") == "object" and not is_typed(part)
    ]
    assert free == []


def test_no_value_may_be_anything() -> None:
    open_ = [
        f"{name}.{field}"
        for name, schema in SCHEMAS.items()
        for field, shape in schema.get("properties", {}).items()
        if not {"type", "$ref", "anyOf", "const", "enum"} & shape.keys()
    ]
    assert open_ == []


def test_every_model_of_the_specification_has_its_schema() -> None:
    assert SCHEMAS.keys() >= MODELS_OF_THE_SPECIFICATION


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_and_each_of_its_properties_are_described(name: str) -> None:
    schema = SCHEMAS[name]
    silent = [
        field
        for field, shape in schema.get("properties", {}).items()
        if not shape.get("description")
    ]
    assert silent == []
    assert schema.get("description"), name


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_name_reads_well_in_a_generated_client(name: str) -> None:
    assert re.fullmatch(r"[A-Z][A-Za-z]+", name)


@pytest.mark.parametrize(
    ("name", "operation"), OPERATIONS, ids=lambda one: one if isinstance(one, str) else ""
)
def test_an_operation_says_what_it_does_and_how_it_may_fail(
    name: str, operation: dict[str, Any]
) -> None:
    assert re.fullmatch(
        r"[a-z]+([A-Z][a-z]*)+(V1)?|register|login|logout", operation["operationId"]
    )
    assert operation["summary"][0].isupper()
    assert not operation["summary"].endswith(".")
    assert operation.get("description"), name
    assert len(operation["tags"]) == 1
    assert "security" in operation
    assert any(status.startswith("4") for status in operation["responses"]), name
    for parameter in operation.get("parameters", []):
        assert parameter["description"].endswith("."), parameter
        assert parameter["schema"], parameter


def test_operation_ids_are_unique() -> None:
    ids = [operation["operationId"] for _, operation in OPERATIONS]
    assert len({*ids}) == len(ids)


def test_lengths_money_and_times_say_their_units() -> None:
    boat = SCHEMAS["BoatDetails"]["properties"]
    for name in ("length", "loa", "beam", "draft", "airDraft"):
        assert "feet" in boat[name]["description"], name
    assert "pounds" in boat["displacement"]["description"]
    listing = SCHEMAS["Listing"]["properties"]
    assert "US cents" in listing["price"]["description"]
    for name in ("createdAt", "updatedAt", "confirmedAt"):
        assert "Unix milliseconds" in listing[name]["description"], name
    for name in ("createdAt", "updatedAt", "lastLogin"):
        assert "ISO 8601" in SCHEMAS["User"]["properties"][name]["description"], name
    assert "miles" in SCHEMAS["NearPlace"]["properties"]["radius"]["description"]


def test_bounds_are_numbers() -> None:
    price = SCHEMAS["NewListing"]["properties"]["price"]["anyOf"][0]
    assert (price["type"], price["minimum"], price["maximum"]) == ("integer", 100, 1_000_000_000)
    length = SCHEMAS["BoatDetailsInput"]["properties"]["length"]["anyOf"][0]
    assert (length["type"], length["minimum"], length["maximum"]) == ("number", 5, 650)
    [least] = [
        one
        for one in DOCUMENT["paths"]["/api/v1/listings"]["get"]["parameters"]
        if one["name"] == "price_min"
    ]
    assert (least["schema"]["type"], least["schema"]["minimum"]) == ("integer", 0)


def test_writes_by_cookie_need_the_csrf_token_and_reads_do_not() -> None:
    paths = DOCUMENT["paths"]
    assert paths["/api/v1/me"]["patch"]["security"] == [
        {"sessionToken": []},
        {"sessionCookie": [], "csrfToken": []},
    ]
    assert paths["/api/v1/me"]["get"]["security"] == [{"sessionToken": []}, {"sessionCookie": []}]
    assert paths["/api/v1/auth/login"]["post"]["security"] == []
    assert DOCUMENT["components"]["securitySchemes"]["csrfToken"]["name"] == "X-CSRF-Token"


def test_an_edit_of_a_listing_reads_its_version_and_answers_the_next() -> None:
    edit = DOCUMENT["paths"]["/api/v1/listings/{listing_id}"]["patch"]
    [match] = [one for one in edit["parameters"] if one["name"] == "If-Match"]
    assert match["required"] is True
    assert edit["requestBody"]["content"].keys() == {"application/merge-patch+json"}
    assert "ETag" in edit["responses"]["200"]["headers"]
    assert {"401", "403", "404", "412", "428", "429", "507"} <= edit["responses"].keys()
    outdated = DOCUMENT["components"]["responses"]["PreconditionFailed"]
    [kind] = outdated["content"].values()
    assert kind["schema"] == {"$ref": "#/components/schemas/OutdatedProblem"}
    assert "current" in SCHEMAS["OutdatedProblem"]["properties"]


def test_photos_are_sent_as_a_form_with_files() -> None:
    body = DOCUMENT["paths"]["/api/v1/listings/{listing_id}/images"]["post"]["requestBody"]
    images = body["content"]["multipart/form-data"]["schema"]["properties"]["images"]
    assert images["items"] == {"type": "string", "format": "binary"}


def test_only_routes_that_there_are_stand_in_it() -> None:
    assert {"/metrics", "/health/live", "/health/ready"} <= DOCUMENT["paths"].keys()
    assert not [path for path in DOCUMENT["paths"] if path.startswith("/openapi")]


def validator_of(name: str) -> jsonschema_rs.Draft202012Validator:
    schema = {"$ref": f"#/components/schemas/{name}", "components": {"schemas": SCHEMAS}}
    return jsonschema_rs.Draft202012Validator(schema, validate_formats=True)


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_is_what_its_schema_says(name: str) -> None:
    assert [error.message for error in validator_of(name).iter_errors(EXAMPLES[name])] == []


def test_every_body_has_an_example() -> None:
    bodies = {
        kind["schema"]["$ref"].rpartition("/")[2]
        for _, operation in OPERATIONS
        for kind in operation.get("requestBody", {}).get("content", {}).values()
        if "$ref" in kind["schema"]
    }
    assert bodies - EXAMPLES.keys() == set()


MODELS = {
    kind.__name__: kind
    for one in operations_of(create_app(Settings()))
    if (kind := one.body) is not None
}


@pytest.mark.parametrize("name", sorted(MODELS))
def test_a_model_takes_the_example_of_its_body(name: str) -> None:
    MODELS[name].parse(EXAMPLES[name])


def test_what_a_saved_search_always_has_cannot_be_changed_to_null() -> None:
    changes = SCHEMAS["SavedSearchChanges"]["properties"]
    assert changes.keys() == {"name", "filters", "frequency"}
    for name, shape in changes.items():
        assert {"type": "null"} not in shape.get("anyOf", []), name


def test_a_lane_of_the_moderators_is_one_of_those_that_there_are() -> None:
    [lane] = [
        one
        for one in DOCUMENT["paths"]["/api/v1/admin/moderation"]["get"]["parameters"]
        if one["name"] == "lane"
    ]
    assert lane["schema"]["enum"] == ["new", "edited", "reported"]
