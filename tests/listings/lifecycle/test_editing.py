"""Editing a listing: merging, names as listed, and the price history."""

from __future__ import annotations

from typing import Any

import pytest

from marinemarket.errors import Invalid
from marinemarket.listings.lifecycle.editing import SEEN_BY_OWNER, edited
from marinemarket.listings.listing import Listing, Status
from tests.builders import NOW, a_listing

HIDDEN_FROM_OWNERS = {"source"}


def _wrong(old: Listing, payload: dict[str, Any]) -> set[str]:
    with pytest.raises(Invalid) as caught:
        edited(old, payload, NOW)
    return {error.field for error in caught.value.errors}


def test_every_field_is_shown_to_owners_or_hidden_on_purpose() -> None:
    known = {"listingId", *(field.alias or "" for field in Listing.model_fields.values())}
    assert known == {*SEEN_BY_OWNER, *HIDDEN_FROM_OWNERS}


def test_objects_merge_field_by_field_and_a_null_takes_away() -> None:
    old = a_listing(
        location={
            "country": "US",
            "state": "FL",
            "city": "Stuart",
            "coordinates": {"lat": 27, "lon": -80},
        },
        status="inactive",
    )
    new = edited(old, {"location": {"city": None, "coordinates": {"lat": 28}}}, NOW)
    assert new.location.to_wire() == {
        "country": "US",
        "state": "FL",
        "coordinates": {"lat": 28, "lon": -80},
    }
    assert new.boat_details == old.boat_details


def test_another_type_or_maker_takes_the_name_as_listed_with_it() -> None:
    old = a_listing(boat={"type": "Sloop", "manufacturer": "Sea Ray power boats"})
    assert old.boat_details.type_as_listed == "Sloop"
    assert old.boat_details.manufacturer_as_listed == "Sea Ray power boats"
    new = edited(old, {"boatDetails": {"type": "trawler", "manufacturer": None}}, NOW)
    assert (new.boat_details.type, new.boat_details.type_as_listed) == ("trawler", None)
    assert new.boat_details.manufacturer_as_listed is None
    same = edited(old, {"boatDetails": {"type": "sailboat", "year": 2011}}, NOW)
    assert same.boat_details.type_as_listed == "Sloop"


def test_another_price_enters_the_history_behind_the_one_before() -> None:
    old = a_listing(price=1000, originalPrice={"amount": 900, "currency": "EUR"})
    new = edited(old, {"price": 800}, NOW + 7)
    assert [(step.price, step.at) for step in new.price_history] == [(1000, NOW), (800, NOW + 7)]
    assert new.original_price is None
    again = edited(new, {"title": "Another title"}, NOW + 9)
    assert again.price_history == new.price_history


def test_an_offered_listing_has_the_required_fields() -> None:
    draft = a_listing(status="inactive", description=None)
    assert _wrong(draft, {"status": "active"}) == {"description", "boatDetails.condition"}
    assert edited(draft, {"title": "Another title"}, NOW).description is None
    whole = {"description": "Dry.", "boatDetails": {"condition": "Good"}, "status": "active"}
    assert edited(draft, whole, NOW).status is Status.ACTIVE


def test_an_import_that_lacks_something_may_be_edited_but_lose_no_more() -> None:
    imported = a_listing(description=None)
    assert edited(imported, {"price": 500}, NOW).price == 500
    assert _wrong(imported, {"boatDetails": {"year": None}}) == {"boatDetails.year"}


def test_the_version_rises_even_when_the_clock_does_not() -> None:
    assert edited(a_listing(), {"price": 500}, 0).updated_at == NOW + 1
