"""Rows in our own columns, filled in by hand or exported."""

from __future__ import annotations

import pytest

from marinemarket.errors import Invalid
from marinemarket.listings.importing.csv_columns import COLUMNS, row_of
from marinemarket.listings.importing.formats import FORMATS
from marinemarket.listings.listing import Money
from tests.builders import a_listing, uuid_of
from tests.listings.samples import own_row

FORMAT = FORMATS["csv"]


def wrong(**cells: str) -> dict[str, str]:
    with pytest.raises(Invalid) as caught:
        FORMAT.draft_of(own_row() | cells)
    return {error.field: error.message for error in caught.value.errors}


def test_a_price_may_be_in_any_currency_or_in_cents() -> None:
    assert FORMAT.draft_of(own_row()).asked == Money(amount=7_500_000, currency="EUR")
    in_cents = FORMAT.draft_of(own_row() | {"askingPrice": "", "price": "9150000"})
    assert (in_cents.asked, in_cents.payload["price"]) == (None, 9_150_000)
    original = {"originalPrice.amount": "7500000", "originalPrice.currency": "EUR"}
    alone = FORMAT.draft_of(own_row() | {"askingPrice": ""} | original)
    assert alone.asked == Money(amount=7_500_000, currency="EUR")
    assert "originalPrice" not in alone.payload


@pytest.mark.parametrize(
    ("country", "asked", "means"),
    [
        ("CA", "$45,000", "CAD"), ("Australia", "$45,000", "AUD"), ("AU", "AUD $45,000", "AUD"),
        ("US", "$45,000", "USD"),
        ("CA", "US$ 45,000", "USD"), ("SG", "S$ 45000", "SGD"), ("SE", "45 000 kr", "SEK"),
        ("FR", "45 000 € TTC", "EUR"),
    ],
)  # fmt: skip
def test_dollars_and_crowns_are_those_of_the_boats_country(
    country: str, asked: str, means: str
) -> None:
    row = own_row() | {"location.country": country, "askingPrice": asked}
    assert FORMAT.draft_of(row).asked == Money(amount=4_500_000, currency=means)


def test_dollars_of_a_country_that_may_mean_two_are_asked() -> None:
    why = wrong(**{"location.country": "MX", "askingPrice": "$45,000"})
    assert "write USD or MXN" in why["askingPrice"]


def test_a_row_with_a_missing_or_unreadable_price_is_refused() -> None:
    assert wrong(askingPrice="") == {"price": "is required, in US cents; or askingPrice"}
    assert wrong(askingPrice="cheap") == {"askingPrice": "names no amount, or several: cheap"}
    assert wrong(askingPrice="", price="9,150,000").keys() == {"price"}


def test_fields_set_by_the_market_are_not_taken_from_a_file() -> None:
    row = row_of(
        a_listing(
            views=9, source={"name": "boat24", "reference": "R 7", "fingerprint": "f"}
        ).to_wire()
    )
    draft = FORMAT.draft_of(row)
    assert draft.id == uuid_of("boat")
    assert draft.reference == "R 7"
    assert not {"id", "listingId", "ownerId", "views", "source", "updatedAt"} & set(draft.payload)


def test_a_header_names_what_is_missing_and_what_is_unknown() -> None:
    FORMAT.check_header([*COLUMNS, "reference", "askingPrice", "reasons", ""])
    with pytest.raises(Invalid) as caught:
        FORMAT.check_header(["title", "boatDetails.type", "colour"])
    assert {error.field: error.message for error in caught.value.errors} == {
        "location.country": "is a required column",
        "colour": "is not a column of this format",
    }
