"""Price on request, and boats under offer: what is kept, and what the public sees."""

from __future__ import annotations

import pytest

from marinemarket.errors import Invalid
from marinemarket.listings.importing.csv_columns import row_of
from marinemarket.listings.importing.formats.own_csv import parse_row
from marinemarket.listings.lifecycle.creation import new_listing
from marinemarket.listings.lifecycle.editing import edited
from marinemarket.listings.lifecycle.publication import offered, sold, withdrawn
from marinemarket.listings.listing import Listing, us_dollars
from marinemarket.listings.offer_words import is_on_request, is_under_offer
from marinemarket.listings.records import listing_item, listing_of
from marinemarket.listings.visibility import seen_by_public
from marinemarket.search.document import document_of
from tests.builders import NOW, OWNER, a_listing

EUROS = {"originalPrice": {"amount": 4_500_000, "currency": "EUR"}, "rateDate": "2026-11-01"}


def test_a_price_on_request_keeps_no_price_and_an_entered_one_ends_it() -> None:
    boat = a_listing(price=5_490_000, **EUROS)
    hidden = edited(boat, {"priceOnRequest": True}, NOW + 1)
    assert (hidden.price, hidden.original_price, hidden.rate_date, hidden.asked) == (None,) * 4
    assert [step.asked and step.asked.amount for step in hidden.price_history] == [4_500_000, None]
    assert listing_of(listing_item(hidden)) == hidden
    assert edited(hidden, {"title": "Another title"}, NOW + 2).price_on_request
    seen = seen_by_public(hidden)
    assert seen["priceOnRequest"] is True
    assert (seen["priceHistory"], {"price", "originalPrice", "rateDate"} & seen.keys()) == (
        [],
        set(),
    )
    assert document_of(hidden).figures["price"] is None
    cheaper = edited(hidden, {"price": 1_000_000}, NOW + 3)
    assert (cheaper.asked, cheaper.price_on_request) == (us_dollars(1_000_000), False)
    # From a price on request to a price is no fall.
    assert cheaper.price_drop is None
    assert edited(cheaper, {"price": 900_000}, NOW + 4).price_drop == us_dollars(100_000)
    # Both at once: the seller does not want the price to be shown.
    assert edited(boat, {"price": 100_000, "priceOnRequest": True}, NOW).price is None


@pytest.mark.parametrize("change", [{"price": None}, {"priceOnRequest": False, "price": None}])
def test_an_advert_has_a_price_or_says_that_it_is_on_request(change: dict[str, object]) -> None:
    for boat in (a_listing(), edited(a_listing(), {"priceOnRequest": True}, NOW)):
        if boat.price_on_request and "priceOnRequest" not in change:
            assert edited(boat, change, NOW) == boat
            continue
        with pytest.raises(Invalid) as caught:
            edited(boat, change, NOW)
        assert [(error.field, error.message) for error in caught.value.errors] == [
            ("price", "is required")
        ]
    words = {"title": "Boat without a price", "location": {"country": "DE"},
             "boatDetails": {"type": "sailboat"}}  # fmt: skip
    assert new_listing(OWNER, words | {"priceOnRequest": True}, NOW).price is None


def test_a_boat_under_offer_stays_public_until_it_is_sold_or_withdrawn() -> None:
    boat = a_listing(boat={"condition": "Good"})
    under = edited(boat, {"underOffer": True}, NOW + 1)
    assert (under.is_offered, under.under_offer_at) == (True, NOW + 1)
    assert (
        edited(under, {"title": "Another title", "underOffer": True}, NOW + 2).under_offer_at
        == NOW + 1
    )
    assert seen_by_public(under)["underOffer"] is True
    for change in (withdrawn, sold):
        gone = change(under, NOW + 3)
        assert gone is not None
        assert (gone.under_offer, gone.under_offer_at) == (False, None)
        with pytest.raises(Invalid, match="not on the market"):
            edited(gone, {"underOffer": True}, NOW + 4)
        back = offered(gone, NOW + 5)
        assert back is not None
        assert not back.under_offer
    ended = edited(under, {"underOffer": False}, NOW + 3)
    assert ended.changed(updated_at=NOW, confirmed_at=boat.confirmed_at) == boat
    with pytest.raises(Invalid, match="underOfferAt: cannot be changed here"):
        edited(boat, {"underOfferAt": 5}, NOW)


def test_our_own_file_holds_both_and_reads_them_from_spreadsheets() -> None:
    boat = edited(a_listing(), {"priceOnRequest": True, "underOffer": True}, NOW)
    row = row_of(boat.to_wire())
    assert (row["priceOnRequest"], row["underOffer"], row["price"]) == ("true", "true", "")
    read = parse_row(row).payload
    assert (read["priceOnRequest"], read["underOffer"], "price" in read) == (True, True, False)
    for cells in (
        {"priceOnRequest": "WAHR"},
        {"askingPrice": "P.O.A."},
        {"price": "Prix sur demande"},
    ):
        parsed = parse_row(row | {"priceOnRequest": "", "price": ""} | cells)
        assert (parsed.payload["priceOnRequest"], parsed.asked) == (True, None)
    with pytest.raises(Invalid, match="underOffer: must be true or false: perhaps"):
        parse_row(row | {"underOffer": "perhaps"})
    assert Listing.parse(boat.to_wire(), now=NOW) == boat


def test_the_words_of_brokers_for_both() -> None:
    for cell in ("POA", "p.o.a", "Price on application", "PREIS AUF ANFRAGE", "prix sur demande",
                 "Prezzo su richiesta", "a consultar", "Prijs op aanvraag", "Pris på forespørsel",
                 "Call for price", "Cena na zapytanie", "Цена по запросу", "Price: on request"):  # fmt: skip
        assert is_on_request(cell), cell
    for cell in ("", "-", "45000", "POA 45,000", "EUR", "free", "Sold"):
        assert not is_on_request(cell), cell
    for cell in ("Under Offer", "SALE PENDING", "sous compromis", "Reserviert", "onder bod", "In trattativa",
                 "Sale agreed", "S.S.T.C."):  # fmt: skip
        assert is_under_offer(cell), cell
    for cell in ("", "Sold", "Available", "For sale", "no"):
        assert not is_under_offer(cell), cell
