"""Which advert a row is of: the source's own reference tells, and otherwise all that describes the boat.

A row without a reference has the identity of its descriptive columns. Its price is none of them, but
tells boats apart that are described alike: where a file has several such rows, each is of the boat that
asks exactly its price. A row that stands alone may also ask another price, within 40 %, in a file of
which many boats are known; otherwise it is another boat. Adverts of earlier versions, whose identity was
of fewer columns, are found where all other columns agree.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID, uuid5

from ...text import fold
from ...wire import encode
from ..listing import Listing, Money
from .formats.parsed_row import ParsedRow

_NAMESPACE = UUID("6a3f1c52-3a86-4d55-9a53-0d7b5a1f9a11")
_MOST_EARLIER = 8
"""Adverts of earlier versions that may be a row's, where a file has several rows alike."""
_OTHERWISE_KNOWN = frozenset(
    {"type", "typeAsListed", "manufacturer", "manufacturerAsListed", "model", "hours"}
)
"""What does not tell a boat from that of an earlier version: part of its identity already, or changing."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """What tells a row without a reference from others.

    `alone` is the id of its advert where the file has no row alike, `exact` that of the boat at this very
    price. `earlier` are ids that earlier versions gave it.
    """

    alone: str
    exact: str
    earlier: tuple[str, ...]
    is_alone: bool
    is_first_at_its_price: bool

    @property
    def ids(self) -> tuple[str, ...]:
        return (self.exact, self.alone, *self.earlier)


class Identities:
    """The identities of one file's rows, of which all are noted before one is asked for."""

    def __init__(self, owner_id: str, format: str) -> None:
        self._prefix = f"{owner_id}|{format}"
        self._alike: Counter[str] = Counter()
        self._asked: Counter[str] = Counter()
        self._earlier: Counter[str] = Counter()

    def note(self, draft: ParsedRow) -> None:
        """Count a row of the file among those that are alike."""
        if not draft.reference and not draft.id:
            self._alike[_description(draft)] += 1

    def by_reference(self, reference: str) -> str:
        return self._id(f"reference:{reference}")

    def of(self, draft: ParsedRow) -> Likeness:
        """The identity of the next row, in the file's order."""
        description, asked = _description(draft), _asked(draft)
        at_this_price = f"{description}|{asked}"
        self._asked[at_this_price] += 1
        number = self._asked[at_this_price]
        is_alone = self._alike[description] <= 1
        return Likeness(
            alone=self._id(f"described:{description}"),
            exact=self._id(f"described:{at_this_price}|{number}"),
            earlier=self._of_earlier_versions(draft, is_alone=is_alone),
            is_alone=is_alone,
            is_first_at_its_price=number == 1,
        )

    def ids_alone(self, draft: ParsedRow) -> tuple[str, ...]:
        """The ids by which a row may be known, were it the only one of its description."""
        return (
            self._id(f"described:{_description(draft)}"),
            self._id(f"described:{_description(draft)}|{_asked(draft)}|1"),
            *(self._id(f"{key}|1") for key in _earlier_keys(draft)),
        )

    def _of_earlier_versions(self, draft: ParsedRow, *, is_alone: bool) -> tuple[str, ...]:
        keys = _earlier_keys(draft)
        self._earlier[keys[0]] += 1
        own = self._earlier[keys[0]]
        numbers = [own]
        if not is_alone:
            numbers += [other for other in range(1, _MOST_EARLIER + 1) if other != own]
        return tuple(self._id(f"{key}|{number}") for number in numbers for key in keys)

    def _id(self, key: str) -> str:
        return str(uuid5(_NAMESPACE, f"{self._prefix}|{key}"))


def chosen(
    likeness: Likeness,
    found: Mapping[str, Listing],
    payload: Mapping[str, Any],
    fingerprint: str,
    *,
    is_later_file: bool,
) -> tuple[str, Listing | None]:
    """The id of the advert that a row is of, and the advert, among those `found` by its possible ids.

    `payload` is the row's content with its price in US cents; None where it is of a new boat. Only in a
    later file of boats that are known does another price count as a new price.
    """
    if exact := found.get(likeness.exact):
        return exact.id, exact
    alone = found.get(likeness.alone)
    if alone and _is_the_boat(alone, likeness, payload, is_later_file):
        return alone.id, alone
    for id in likeness.earlier:
        earlier = found.get(id)
        if earlier and (
            (earlier.source and earlier.source.fingerprint == fingerprint)
            or (
                _agrees(earlier, payload)
                and _is_the_boat(earlier, likeness, payload, is_later_file)
            )
        ):
            return id, earlier
    return (likeness.alone if likeness.is_alone and alone is None else likeness.exact), None


def _is_the_boat(
    listing: Listing, likeness: Likeness, payload: Mapping[str, Any], is_later_file: bool
) -> bool:
    """Does the price allow that it is the same boat?"""
    if asks_the_same(listing, payload):
        return likeness.is_alone or likeness.is_first_at_its_price
    if not (likeness.is_alone and is_later_file):
        return False
    price = payload.get("price")
    if not isinstance(price, int) or listing.price is None:
        return True
    return 5 * abs(price - listing.price) <= 2 * listing.price


def asks_the_same(listing: Listing, payload: Mapping[str, Any]) -> bool:
    """Is a row's price, in the currency that is asked, that of an advert?"""
    original = payload.get("originalPrice")
    if original is not None and listing.original_price is not None:
        return bool(listing.original_price.to_wire() == original)
    return listing.price == payload.get("price")


def _agrees(listing: Listing, payload: Mapping[str, Any]) -> bool:
    """Do a row and an advert say the same of the boat, as far as both say something?"""
    kept = listing.boat_details.to_wire()
    return all(
        name in _OTHERWISE_KNOWN or kept.get(name) is None or _spelt(kept[name]) == _spelt(value)
        for name, value in payload.get("boatDetails", {}).items()
    )


def _description(draft: ParsedRow) -> str:
    """All that describes a boat, apart from what a format concludes and what changes by itself."""
    if draft.description is None:
        draft.description = _described(draft)
    return draft.description


def _described(draft: ParsedRow) -> str:
    facts = {"title": draft.payload.get("title")} | {
        f"{part}.{name}": value
        for part in ("boatDetails", "location")
        for name, value in (draft.payload.get(part) or {}).items()
        if name != "hours"
    }
    return "|".join(
        f"{name}={_spelt(value)}"
        for name, value in sorted(facts.items())
        if value not in (None, "") and name not in draft.concluded
    )


def _earlier_keys(draft: ParsedRow) -> list[str]:
    """What earlier versions took for the identity."""
    boat, place = draft.payload.get("boatDetails", {}), draft.payload.get("location", {})
    where = [place.get(name) for name in ("country", "state", "region", "city")]
    rest = [boat.get(name) for name in ("year", "length")]
    return [
        "|".join(map(_spelt, (boat.get("manufacturer"), model, *rest, *where)))
        for model in _spellings(boat.get("model"))
    ]


def _asked(draft: ParsedRow) -> str:
    sum: Money | None = draft.asked
    if sum is not None:
        return f"{sum.currency} {sum.amount}"
    return f"USD {draft.payload.get('price')}"


def _spellings(model: object) -> Sequence[object]:
    """A model as it is written, and as a float that earlier versions took as they found it: 4.0999999999999996."""
    try:
        figure = f"{float(Decimal(str(model))):.17g}" if "." in str(model) else ""
    except (InvalidOperation, ValueError):
        figure = ""
    return [model, figure] if figure and figure != model else [model]


def _spelt(fact: Any) -> str:
    """A fact as part of an identity: 40 and 40.0 are one length, Málaga and MALAGA one place."""
    if isinstance(fact, float | int) and not isinstance(fact, bool):
        fact = Decimal(str(fact))
    if isinstance(fact, Decimal):
        return f"{fact.normalize():f}"
    if isinstance(fact, Mapping | list | tuple):
        return fold(encode(fact).decode())
    return "" if fact is None else fold(str(fact))
