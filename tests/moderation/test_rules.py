"""Each rule by hand: what it must find, and what only resembles it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from marinemarket.listings.listing import Listing
from marinemarket.moderation.evidence import likeness, median
from marinemarket.moderation.rules import BY_NAME, RULES, Evidence, flags_of, is_grave
from marinemarket.search.facets import RangeCount
from tests.builders import NOW, a_listing, uuid_of
from tests.listings.drafting.test_drafts import PHOTO

DAY = 86_400_000
AROUND = Evidence(now=NOW, seller_since=NOW - 400 * DAY)
ALIKE = replace(AROUND, usual_price=12_000_000, compared=20)
PICTURE = ["/media/photos/0123456789abcdef0123456789abcdef/1600.jpg"]


def an_advert(**overrides: Any) -> Listing:
    return a_listing(**({"images": PICTURE} | overrides))


def found(listing: Listing, around: Evidence = AROUND) -> set[str]:
    return {flag.rule for flag in flags_of(listing, around)}


def test_an_ordinary_advert_is_flagged_by_none() -> None:
    assert found(an_advert(), ALIKE) == set()


def test_each_rule_has_its_name_once_and_words_for_both_sides() -> None:
    assert len(BY_NAME) == len(RULES)
    for rule in RULES:
        assert rule.for_staff
        assert rule.for_seller.endswith(".")
    assert {rule.name for rule in RULES if rule.grave} == {
        "same-hull", "same-pictures", "same-text", "price-beyond-belief", "payment", "scam-phrase", "forbidden",
        "earlier-hull", "earlier-pictures", "earlier-text",
    }  # fmt: skip


SAYS = [
    ("phone", "Call 772 555 0100 any evening."),
    ("phone", "Ring +49 (0)40 1234 5678."),
    ("phone", "Text me at 7725550100"),
    ("phone", "seven seven two five five five zero one zero zero"),
    ("email", "Write to bob.stay@example.com please"),
    ("email", "bob (at) example (dot) com"),
    ("elsewhere", "More pictures on www.my-boat-pictures.example/41"),
    ("elsewhere", "See https://boats.example/41"),
    ("elsewhere", "All papers at myboat.com"),
    ("elsewhere", "I am on WhatsApp all day"),
    ("payment", "Payment by Western Union."),
    ("payment", "I take Bitcoin too"),
    *(
        ("payment", f"Paid by {means}, please.")
        for means in (
            "MoneyGram",
            "gift card",
            "iTunes cards",
            "steam card",
            "prepaid cards",
            "BTC",
            "USDT",
        )
    ),
    ("payment", "Please send the deposit today"),
    ("scam-phrase", "My shipper will bring her to your door."),
    ("scam-phrase", "I am currently overseas, but"),
    ("scam-phrase", "Send me the six-digit code"),
    ("forbidden", "The HIN was removed by the yard"),
]


@pytest.mark.parametrize(("rule", "text"), SAYS)
def test_suspicious_words_are_flagged(rule: str, text: str) -> None:
    assert rule in found(an_advert(description=f"Well kept and dry. {text}"))
    assert rule in found(an_advert(features=["Autopilot", text]))


INNOCENT = [
    "Asking $120,000, down from 1,250,000 DKK.",
    "Engine serial 4JH4-TE, 1,850 hours, 2 x 75 hp.",
    "Built 2009/2010, refit 2015, 2018 and 2021.",
    "40.5 x 12.9 x 6.2 ft, 18,960 lb, 2 x 100 l of water.",
    "HIN US-ABC12345D404",
    "Chartplotter at the helm. Com-pact 16.",
    "Came from the Western Isles; money well spent. Union Jack on the stern.",
    "We have been overseas with her twice, and she is shipped in a cradle.",
    "Surveyed in May; viewings at weekends. No inspection needed for another year.",
    "Lies at 27.1975, -80.2528.",
    "Signal horn, code flags, nav lights.",
]


@pytest.mark.parametrize("text", INNOCENT)
def test_similar_but_harmless_words_are_not_flagged(text: str) -> None:
    assert found(an_advert(description=f"Well kept. {text}")) == set()


def test_capitals_throughout_are_shouting_and_a_name_in_capitals_is_not() -> None:
    assert found(an_advert(title="MUST SELL THIS BEAUTIFUL BOAT NOW")) == {"shouting"}
    loud = "THE BEST BOAT YOU WILL EVER SEE, LOW HOURS, NEW SAILS, READY TO GO, CALL BY AND LOOK, NO LIES HERE AT ALL"
    assert found(an_advert(description=loud)) == {"shouting"}
    for title in ("2010 BENETEAU Oceanis 40", "MJM 40Z IPS", "SEA RAY 320 DA"):
        assert found(an_advert(title=title)) == set()


def test_a_price_is_compared_with_those_of_similar_boats() -> None:
    assert found(an_advert(price=6_000_000), ALIKE) == set()
    assert found(an_advert(price=5_000_000), ALIKE) == {"price-far-below"}
    assert found(an_advert(price=2_900_000), ALIKE) == {"price-beyond-belief"}
    few = replace(ALIKE, compared=7)
    assert found(an_advert(price=2_900_000), few) == set()


def test_a_new_account_with_an_expensive_boat_is_flagged() -> None:
    new = replace(AROUND, seller_since=NOW - 13 * DAY)
    assert found(an_advert(price=25_000_000), new) == {"new-seller"}
    assert found(an_advert(price=24_999_900), new) == set()
    old = replace(AROUND, seller_since=NOW - 14 * DAY)
    assert found(an_advert(price=25_000_000), old) == set()


def test_similarities_to_other_sellers_adverts_are_flagged() -> None:
    other = (uuid_of("other"),)
    shared = replace(AROUND, same_hull=other, same_text=other, same_pictures=other)
    flags = flags_of(an_advert(), shared)
    assert [flag.rule for flag in flags] == ["same-hull", "same-pictures", "same-text"]
    assert all(map(is_grave, flags))
    assert {flag.found for flag in flags} == {uuid_of("other")}
    many = replace(AROUND, same_text=tuple(uuid_of(str(number)) for number in range(9)))
    [flag] = flags_of(an_advert(), many)
    assert len(flag.found.split(", ")) == 3


def test_an_advert_without_a_picture() -> None:
    assert found(an_advert(images=[])) == {"no-pictures"}
    uploaded = an_advert(images=[]).changed(photos=(PHOTO,))
    assert found(uploaded) == set()


@pytest.mark.parametrize(
    ("boat", "rule"),
    [
        ({"length": 40, "beam": 32}, "odd-shape"),
        ({"length": 40, "beam": 3}, "odd-shape"),
        ({"length": 20, "draft": 9}, "odd-shape"),
        ({"length": 40, "loa": 90}, "odd-shape"),
        ({"length": 40, "beam": 26, "type": "catamaran"}, None),
        ({"length": 32, "beam": 26, "type": "trimaran"}, None),
        ({"length": 26, "beam": 3.5}, None),
        ({"year": 2003}, "odd-year"),
        ({"usage": "new"}, "odd-year"),
        ({"hours": 150_000}, "odd-hours"),
        ({"hours": 12_000}, None),
    ],
)
def test_figures_that_fit_no_boat(boat: dict[str, Any], rule: str | None) -> None:
    assert found(an_advert(boat=boat)) == ({rule} if rule else set())


def test_a_year_in_the_title_may_be_that_of_a_refit() -> None:
    assert found(an_advert(title="Oceanis 40, refit 2021", boat={"year": 2010})) == set()
    assert found(an_advert(title="Oceanis 40, 2010 h on the engine", boat={"year": 2012})) == set()
    next_year = an_advert(title="Oceanis 40", boat={"year": 2026, "hours": 6, "usage": "new"})
    assert found(next_year) == set()
    old = {"year": 1936, "hullMaterial": "fiberglass"}
    assert found(an_advert(title="Classic yacht", boat=old)) == {"odd-year"}
    assert found(an_advert(title="Classic yacht", boat=old | {"hullMaterial": "wood"})) == set()


@pytest.mark.parametrize(
    ("year", "flags"), [(2003, set()), (2005, set()), (2006, {"odd-year"}), (1988, {"odd-year"})]
)
def test_the_hull_number_is_of_about_the_adverts_year(year: int, flags: set[str]) -> None:
    boat = {"year": year, "hin": "ABC12345D404", "hours": 6, "hullMaterial": "wood"}
    assert found(an_advert(title="Oceanis 40", boat=boat)) == flags


def test_the_median_price_is_interpolated_from_ranges() -> None:
    thousand = 100_000
    ranges = [
        RangeCount(10 * thousand, 20 * thousand, 4),
        RangeCount(20 * thousand, 30 * thousand, 4),
        RangeCount(5000 * thousand, None, 2),
    ]
    assert median(ranges) == 22_5 * thousand // 10
    assert median(ranges[2:]) == 7500 * thousand


def test_texts_that_share_most_word_sequences_are_alike() -> None:
    text = "Well kept by one owner since new, sailed every summer and laid up ashore each winter."
    assert likeness(text, text.upper()) == 1
    assert likeness(text, f"{text} Lies in Stuart, and can be seen at weekends.") == 1
    assert (
        likeness(text, "Well kept, and sailed every summer. One owner. Ashore each winter.") < 0.4
    )
    assert likeness(text, "") == 0


@pytest.mark.parametrize(("age", "flags"), [(0, set()), (4, set()), (5, {"odd-year"})])
def test_a_boat_is_sold_as_new_for_four_years(age: int, flags: set[str]) -> None:
    new = an_advert(title="Oceanis 40", boat={"year": 2026 - age, "usage": "new"})
    assert found(new) == flags
