"""The expected results of a search, computed the slow way: one look at each exported listing.

It shares only the text analysis with the search (whose results are pinned down by hand-written cases),
so both would have to be wrong in the same way to agree.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from marinemarket.listings.listing import Listing
from marinemarket.search.document import document_of
from marinemarket.search.gazetteer import find_spot
from marinemarket.search.index import Vocabulary
from marinemarket.search.parsed_query import ParsedQuery
from marinemarket.search.query_parser import parse

Wire = dict[str, Any]

PRICES = [0, 5, 10, 15, 20, 25, 30, 40, 50, 60, 75, 100, 125, 150, 200, 250, 300, 400, 500, 750,
          1000, 1500, 2000, 3000, 5000]  # fmt: skip
YEARS = [0, 1950, 1960, 1970, 1980, *range(1990, 2041, 2)]
# Filter names, and where the value is in an advert.
_FIGURES = {
    "priceRange": "price", "yearRange": "year", "lengthRange": "length", "beamRange": "beam",
    "draftRange": "draft", "airDraftRange": "airDraft", "hoursRange": "hours",
    "cabinsRange": "cabins", "berthsRange": "berths",
}  # fmt: skip
_TERMS = {
    "boatType": "type", "manufacturer": "manufacturer", "condition": "condition", "fuel": "fuel",
    "hullMaterial": "hullMaterial", "usage": "usage", "sellerKind": "seller",
}  # fmt: skip
_OF_THE_INDEX = {"air_draft": "airDraft"}


@dataclass
class Boat:
    """An exported listing, with its tokens from the analyser."""

    wire: Wire
    tokens: dict[str, int]
    about: tuple[float, float] | None

    @classmethod
    def of(cls, wire: Wire) -> Boat:
        document = document_of(Listing.parse(wire))
        about = document.about
        return cls(wire, document.tokens, about and (about[0] / 1e5, about[1] / 1e5))

    def figure(self, name: str) -> Any:
        if name in ("power", "total_power"):
            engines = self.wire["boatDetails"].get("engines", [])
            powers = [(one["power"], one["count"]) for one in engines if one.get("power")]
            each = [power * (1 if name == "power" else count) for power, count in powers]
            return (max(each) if name == "power" else sum(each)) if each else None
        return self.wire.get("price") if name == "price" else self.wire["boatDetails"].get(name)


@dataclass
class Answer:
    """The public listings that match a search, unordered, and each facet's counts."""

    found: list[Boat]
    costs: dict[str, int]
    facets: dict[str, Any]


def answer(asked: Wire, boats: list[Boat], vocabulary: Vocabulary, now: int) -> Answer:
    """Answer a search (in wire format) over everything exported."""
    read = parse(asked.get("query") or "", vocabulary)
    found, costs = [], {}
    counts: dict[str, Counter[Any]] = {facet: Counter() for facet in _FACETS}
    for boat in boats:
        if not (boat.wire["status"] == "active" and boat.wire["moderation"]["state"] == "approved"):
            continue
        cost = _cost(read, boat)
        missed = _missed(asked, read, boat, now)
        if cost is None or missed - set(_FACETS):
            continue
        if not missed:
            found.append(boat)
            costs[boat.wire["id"]] = cost
        for facet in _FACETS:
            if missed <= {facet}:
                counts[facet].update(_values(facet, boat))
    return Answer(found, costs, {facet: _listed(facet, counts[facet]) for facet in _FACETS})


_FACETS = (
    "type", "maker", "state", "country", "condition", "fuel", "seller", "features", "price", "year",
)  # fmt: skip


def _cost(read: ParsedQuery, boat: Boat) -> int | None:
    """A boat's total cost; None if it lacks one of the words."""
    total = 0
    for group in read.words:
        costs = [
            extra + boat.tokens[token] for token, extra in group.items() if token in boat.tokens
        ]
        if not costs:
            return None
        total += min(costs)
    return total


def _missed(asked: Wire, read: ParsedQuery, boat: Boat, now: int) -> set[str]:
    """The conditions that a boat fails, by facet where there is one."""
    place, where = boat.wire["location"], asked.get("location", {})
    state = f"{place['country']}-{place.get('state')}"
    days = (now - boat.wire["createdAt"]) // 86_400_000
    fulfilled = [
        *_bounds_and_terms(asked, read, boat),
        ("country", where.get("country") in (None, place["country"])),
        ("country", read.country in (None, place["country"])),
        ("seller", read.seller in (None, boat.wire.get("sellerKind"))),
        ("state", where.get("state") in (None, place.get("state"), state)),
        ("state", set(read.places) <= {state.lower()}),
        ("features", set(asked.get("features", ())) <= set(boat.wire["features"])),
        ("days", _within(days, asked.get("daysListedRange", {}))),
        ("offer", not (asked.get("hideUnderOffer") and boat.wire.get("underOffer"))),
        ("dropped", not asked.get("priceDropped") or _has_dropped(boat.wire)),
        ("area", _lies_in(place.get("coordinates"), where)),
        ("about", _lies_about(boat.about, where, read)),
    ]
    return {name for name, is_fulfilled in fulfilled if not is_fulfilled}


def _bounds_and_terms(asked: Wire, read: ParsedQuery, boat: Boat) -> Iterator[tuple[str, bool]]:
    for name, field in _FIGURES.items():
        yield field, _within(boat.figure(field), asked.get(name, {}))
    for field, span in read.spans.items():
        value = boat.figure(_OF_THE_INDEX.get(field, field))
        yield field, _spanned(value, field, span)
    for name, field in _TERMS.items():
        value = (
            boat.wire.get("sellerKind")
            if field == "seller"
            else boat.wire["boatDetails"].get(field)
        )
        facet = "maker" if field == "manufacturer" else field
        yield facet, not asked.get(name) or value in asked[name]


def _has_dropped(wire: Wire) -> bool:
    if wire.get("priceOnRequest"):
        return False
    prices = [step.get("price") for step in wire.get("priceHistory", [])][-2:]
    return len(prices) == 2 and None not in prices and bool(prices[1] < prices[0])


def _within(value: Any, bounds: Wire) -> bool:
    lowest, highest = bounds.get("min"), bounds.get("max")
    if lowest is None and highest is None:
        return True
    if value is None:
        return False
    exact = Decimal(str(value))
    return (lowest is None or exact >= Decimal(str(lowest))) and (
        highest is None or exact <= Decimal(str(highest))
    )


def _spanned(value: Any, field: str, span: Any) -> bool:
    factor = 100 if field in ("length", "beam", "draft", "air_draft") else 1
    factor = 10 if field in ("power", "total_power") else factor
    least = None if span.lowest is None else Decimal(span.lowest) / factor
    most = None if span.highest is None else Decimal(span.highest) / factor
    return _within(value, {"min": least, "max": most})


def _lies_about(about: tuple[float, float] | None, where: Wire, read: ParsedQuery) -> bool:
    """Near the named places, as far as an advert tells where the boat is."""
    circles = []
    if where.get("near"):
        spot = find_spot(where["near"])
        assert spot is not None
        circles.append(((spot.lat, spot.lon), where.get("radius") or max(100, spot.radius_miles)))
    if read.area:
        around = (read.area.middle[0] / 1e5, read.area.middle[1] / 1e5)
        circles.append((around, read.area.miles))
    if about is None:
        return not circles
    return all(miles(around, about) <= float(reach) for around, reach in circles)


def _lies_in(spot: Wire | None, where: Wire) -> bool:
    box, polygon = where.get("box"), where.get("polygon")
    middle = where.get("coordinates") if where.get("radius") else None
    if not (middle or box or polygon):
        return True
    if spot is None:
        return False
    point = (float(spot["lat"]), float(spot["lon"]))
    if middle and miles(_point(middle), point) > float(where["radius"]):
        return False
    return (not box or _in_box(point, {name: float(value) for name, value in box.items()})) and (
        not polygon or _in_polygon(point, polygon)
    )


def _point(spot: Wire) -> tuple[float, float]:
    return float(spot["lat"]), float(spot["lon"])


def _in_box(point: tuple[float, float], box: dict[str, float]) -> bool:
    lat, lon = point
    across = box["west"] > box["east"]
    inside = lon >= box["west"] or lon <= box["east"]
    return box["south"] <= lat <= box["north"] and (
        inside if across else box["west"] <= lon <= box["east"]
    )


def _in_polygon(point: tuple[float, float], corners: list[Wire]) -> bool:
    """By the angles between the corners as seen from the point: inside, they add up to a full turn.

    For polygons narrow enough to be unrolled around the point's own meridian.
    """
    seen = [
        ((float(c["lon"]) - point[1] + 180) % 360 - 180, float(c["lat"]) - point[0])
        for c in corners
    ]
    turned = 0.0
    for (x1, y1), (x2, y2) in zip(seen, [*seen[1:], seen[0]], strict=True):
        turned += math.atan2(x1 * y2 - x2 * y1, x1 * x2 + y1 * y2)
    return round(turned / (2 * math.pi)) % 2 != 0


def miles(one: tuple[float, float], other: tuple[float, float]) -> float:
    """The great-circle distance by vectors, unlike the search's own formula."""
    a, b = _vector(*one), _vector(*other)
    cross = (
        a[1] * b[2] - a[2] * b[1],
        a[2] * b[0] - a[0] * b[2],
        a[0] * b[1] - a[1] * b[0],
    )
    dot = sum(p * q for p, q in zip(a, b, strict=True))
    return 3958.7613 * math.atan2(math.hypot(*cross), dot)


def _vector(lat: float, lon: float) -> tuple[float, float, float]:
    phi, theta = math.radians(lat), math.radians(lon)
    return math.cos(phi) * math.cos(theta), math.cos(phi) * math.sin(theta), math.sin(phi)


def _values(facet: str, boat: Boat) -> list[Any]:
    details, place = boat.wire["boatDetails"], boat.wire["location"]
    if facet in ("price", "year"):
        value = boat.figure(facet)
        edges = [price * 100_000 for price in PRICES] if facet == "price" else YEARS
        return [] if value is None else [max(edge for edge in edges if edge <= value)]
    if facet == "features":
        return list(boat.wire["features"])
    state = place.get("state")
    value = {
        "maker": details.get("manufacturer"),
        "state": f"{place['country']}-{state}" if state else None,
        "country": place["country"],
        "seller": boat.wire.get("sellerKind"),
    }.get(facet, details.get(facet))
    return [] if value is None else [value]


def _listed(facet: str, counts: Counter[Any]) -> list[tuple[Any, int]]:
    if facet in ("price", "year"):
        return sorted(counts.items())
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:100]


def ordered(asked: Wire, results: list[Boat], costs: dict[str, int]) -> list[Any]:
    """The values by which a page must be sorted, missing ones last; None where ids decide."""
    figure: dict[str, Callable[[Boat], Any]] = {
        "price": lambda boat: boat.wire.get("price"),
        "length": lambda boat: boat.figure("length"),
        "year": lambda boat: boat.figure("year"),
        "newest": lambda boat: -boat.wire["createdAt"],
        "relevance": lambda boat: costs[boat.wire["id"]],
        "distance": lambda boat: _miles_to(asked, boat),
    }
    sort = asked["sort"]
    down = sort.startswith("-")
    values = [figure[sort.removeprefix("-")](boat) for boat in results]
    known = [value for value in values if value is not None]
    return sorted(known, reverse=down) + [None] * (len(values) - len(known))


def _miles_to(asked: Wire, boat: Boat) -> float | None:
    """To a hundredth of a mile, since engines store points slightly less exactly."""
    if boat.about is None:
        return None
    return round(miles(_point(asked["location"]["coordinates"]), boat.about), 2)
