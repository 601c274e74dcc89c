"""Listings of every kind, for hypothesis to draw."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from marinemarket.listings.boat_details import Condition, Fuel, HullMaterial, Usage
from marinemarket.listings.listing import ModerationState, Status
from marinemarket.listings.vocabulary.boat_types import BOAT_TYPES
from tests.builders import NOW, OWNER, uuid_of

# Letters of several scripts, and characters that affect tables, formulas and cleaning.
_CHARACTERS = st.sampled_from("aZ09 éßøŁ日本🚤'\"=+-@|,;\t\n[]{}<>\x00\u200f\u0301\\/")


def text(shortest: int, longest: int) -> st.SearchStrategy[str]:
    """Text whose length after cleaning is within the given bounds."""
    return st.text(_CHARACTERS, max_size=longest - shortest).map(
        lambda drawn: "B" * shortest + drawn
    )


def feet(lowest: int, highest: int) -> st.SearchStrategy[Any]:
    return st.decimals(lowest, highest, places=3) | st.integers(lowest, highest)


def maybe(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=fields)


_MONEY = st.fixed_dictionaries(
    {"amount": st.integers(0, 10**15), "currency": st.sampled_from(["EUR", "JPY", "GBP"])}
)
_CENTS = st.integers(100, 1_000_000_000)
_COUNT = st.integers(0, 99)

_US = st.fixed_dictionaries({"country": st.just("US"), "state": st.sampled_from(["FL", "Maine"])})
_ELSEWHERE = st.fixed_dictionaries({"country": st.sampled_from(["DE", "Croatia", "Holland"])})
_PLACE = maybe(
    region=text(1, 100),
    city=text(1, 100),
    zipCode=text(1, 12),
    coordinates=st.fixed_dictionaries(
        {"lat": st.decimals(-90, 90, places=6), "lon": st.decimals(-180, 180, places=6)}
    ),
)
LOCATIONS = st.tuples(_US | _ELSEWHERE, _PLACE).map(lambda parts: parts[0] | parts[1])

_ENGINES = st.lists(
    maybe(
        make=text(1, 20),
        model=text(1, 20),
        power=feet(1, 500),
        hours=st.integers(0, 9000),
        count=st.integers(1, 4),
    ),
    max_size=2,
)
_TYPES = st.sampled_from([boat_type.label for boat_type in BOAT_TYPES]) | text(1, 30)
_MAKERS = st.sampled_from(["SEA RAY power boats", "Bénéteau", "Yard (x) boats"]) | text(1, 30)

BOATS = st.tuples(
    st.fixed_dictionaries({"type": _TYPES}),
    maybe(
        manufacturer=_MAKERS,
        model=text(1, 40),
        year=st.integers(1900, 2026),
        length=feet(60, 650),
        loa=feet(651, 700),
        beam=feet(2, 60),
        draft=feet(1, 60),
        airDraft=feet(1, 400),
        displacement=st.integers(30, 50_000_000),
        hullMaterial=st.sampled_from([material.value for material in HullMaterial]),
        hin=st.just("abc-12345-d4-04"),
        fuel=st.sampled_from([fuel.value for fuel in Fuel]),
        engine=text(1, 60),
        engines=_ENGINES,
    ),
    maybe(
        hours=st.integers(0, 200_000),
        cabins=_COUNT,
        berths=_COUNT,
        heads=_COUNT,
        usage=st.sampled_from([usage.value for usage in Usage]),
        condition=st.sampled_from([condition.value for condition in Condition]),
    ),
).map(lambda parts: parts[0] | parts[1] | parts[2])

_ADDRESSES = st.lists(
    st.sampled_from(["/media/1.jpg", "https://boats.example/a|b?c=d,e", "/=1.jpg"]), max_size=3
)
_ASKED = st.fixed_dictionaries(
    {"price": _CENTS, "at": st.integers(0, NOW)}, optional={"originalPrice": _MONEY}
)

WIRE_LISTINGS = st.tuples(
    st.fixed_dictionaries(
        {
            "id": st.integers(0, 10**6).map(lambda number: uuid_of(f"drawn {number}")),
            "ownerId": st.just(OWNER),
            "title": text(5, 120),
            "price": _CENTS,
            "location": LOCATIONS,
            "boatDetails": BOATS,
            "createdAt": st.integers(0, NOW),
            "updatedAt": st.just(NOW),
        }
    ),
    maybe(
        description=text(1, 200),
        originalPrice=_MONEY,
        priceHistory=st.lists(_ASKED, max_size=3),
        features=st.lists(text(1, 40), max_size=4),
        images=_ADDRESSES,
        videos=_ADDRESSES,
        thumbnails=_ADDRESSES,
        status=st.sampled_from([status.value for status in Status]),
        views=st.integers(0, 10**9),
        moderation=st.tuples(
            maybe(state=st.sampled_from([state.value for state in ModerationState])),
            maybe(reason=text(1, 60)),
        ).map(lambda parts: parts[0] | parts[1]),
        source=st.fixed_dictionaries({"name": text(1, 20)}, optional={"reference": text(1, 20)}),
    ),
).map(lambda parts: parts[0] | parts[1])
