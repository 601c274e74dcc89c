"""What an index holds of a listing: words, figures to filter by, and a number for each order.

Everything is worked out here, in our own words, so that every engine answers alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b

from ..listings.listing import Listing
from ..listings.places import STATES_REQUIRED_IN, states_of
from ..text import fold, words
from .filters import Sort

ORDERS = (
    Sort.NEWEST,
    Sort.PRICE,
    Sort.PRICE_DOWN,
    Sort.LENGTH,
    Sort.LENGTH_DOWN,
    Sort.YEAR,
    Sort.YEAR_DOWN,
)

_TIME_BITS, _FIGURE_BITS = 42, 30


@dataclass(frozen=True, slots=True)
class Document:
    """One offered listing, as an index needs it. Every text is folded; `length` is in 1/100 ft.

    `is_shown` is false while its owner may not sell: it stays in the index, and is not found.
    """

    id: str
    owner: str
    is_shown: bool
    boat_words: frozenset[str]
    title_words: frozenset[str]
    all_words: frozenset[str]
    price: int
    year: int | None
    length: int | None
    type: str
    condition: str | None
    country: str
    places: frozenset[str]
    features: frozenset[str]
    ranks: dict[Sort, int]


def document_of(listing: Listing, *, is_shown: bool = True) -> Document:
    """The document of a listing that is offered."""
    boat = listing.boat_details
    boat_words = frozenset(words(f"{boat.manufacturer or ''} {boat.model or ''}"))
    title_words = boat_words | frozenset(words(listing.title))
    features = " ".join(listing.features)
    length = None if boat.length is None else int(boat.length * 100)
    return Document(
        id=listing.id,
        owner=listing.owner_id,
        is_shown=is_shown,
        boat_words=boat_words,
        title_words=title_words,
        all_words=title_words | frozenset(words(f"{listing.description or ''} {features}")),
        price=listing.price,
        year=boat.year,
        length=length,
        type=boat.type,
        condition=boat.condition.value if boat.condition else None,
        country=listing.location.country,
        places=_places(listing),
        features=frozenset(map(fold, listing.features)),
        ranks=_ranks(listing.id, listing.created_at, listing.price, length, boat.year),
    )


def _places(listing: Listing) -> frozenset[str]:
    """The names under which a state finds the boat: ``fl``, ``us-fl``, ``florida``."""
    state, country = listing.location.state, listing.location.country
    if state is None:
        return frozenset()
    names = {state, f"{country}-{state}"}
    if country in STATES_REQUIRED_IN:
        names.add(states_of(country)[state])
    return frozenset(map(fold, names))


def _ranks(
    id: str, created_at: int, price: int, length: int | None, year: int | None
) -> dict[Sort, int]:
    """A number of 64 bits for each order, so made that counting up walks the order.

    The figure stands in the high bits and a hash of the id below, so that equals have an order.
    """

    def rank(figure: int | None, bits: int, *, down: bool = False) -> int:
        largest = (1 << bits) - 1
        absent_last = largest if figure is None else figure
        place = largest - 1 - figure if down and figure is not None else absent_last
        tie = int.from_bytes(blake2b(id.encode(), digest_size=8).digest()) >> bits
        return place << (64 - bits) | tie

    return {
        Sort.NEWEST: rank(created_at, _TIME_BITS, down=True),
        Sort.PRICE: rank(price, _FIGURE_BITS),
        Sort.PRICE_DOWN: rank(price, _FIGURE_BITS, down=True),
        Sort.LENGTH: rank(length, _FIGURE_BITS),
        Sort.LENGTH_DOWN: rank(length, _FIGURE_BITS, down=True),
        Sort.YEAR: rank(year, _FIGURE_BITS),
        Sort.YEAR_DOWN: rank(year, _FIGURE_BITS, down=True),
    }
