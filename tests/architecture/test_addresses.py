"""What can be listed can be read one by one."""

from __future__ import annotations

from typing import Any

from litestar.testing import TestClient

OF_SPECIFICATION = {
    "/listings/{}",
    "/me/sessions/{}",
    "/me/watchlist/{}",
    "/me/saved-searches/{}",
    "/me/inquiries/{}",
    "/admin/users/{}",
    "/admin/sessions/{}",
}
"""The addresses of single things that clients rely on."""


def test_each_thing_of_a_list_has_an_address_that_answers_get(client: TestClient[Any]) -> None:
    readable = {
        route.path.rpartition("/")[0].removeprefix("/api/v1") + "/{}"
        for route in client.app.routes
        if route.path.startswith("/api/v1/")
        and route.path.endswith("}")
        and "GET" in getattr(route, "methods", ())
    }
    assert readable >= OF_SPECIFICATION
    changed_only = {
        route.path
        for route in client.app.routes
        if route.path.startswith("/api/v1/")
        and route.path.endswith("}")
        and "GET" not in getattr(route, "methods", ())
    }
    # A photo is a part of its listing, and is read with it.
    assert changed_only == {"/api/v1/listings/{listing_id:str}/images/{image_id:str}"}
