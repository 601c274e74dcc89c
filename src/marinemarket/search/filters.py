"""What a search may ask: the spec's SearchFilters, an order, and a page.

Bounds are inclusive. `boat_type` and `condition` mean any of those named, `features` all of them.
A boat that lacks a year or a length fails a bound on it. Prices are US cents, lengths feet.
"""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any

from pydantic import AfterValidator, Field, ValidationInfo, field_validator

from ..listings.boat_types import boat_type_of
from ..listings.listing import Condition, Coordinates
from ..listings.places import country_code, country_name
from ..text import words
from ..wire import CLEAN_LINE, Exact, Model

MOST_WORDS = 32


class Sort(StrEnum):
    """Orders. A minus in front means the largest first. A boat without the figure comes last."""

    RELEVANCE = "relevance"
    NEWEST = "newest"
    PRICE = "price"
    PRICE_DOWN = "-price"
    LENGTH = "length"
    LENGTH_DOWN = "-length"
    YEAR = "year"
    YEAR_DOWN = "-year"
    DISTANCE = "distance"


class _Range(Model):
    @field_validator("max", check_fields=False)
    @classmethod
    def _is_not_below_min(cls, value: Any, info: ValidationInfo) -> Any:
        lowest = info.data.get("min")
        if value is not None and lowest is not None and value < lowest:
            raise ValueError("must not be below min")
        return value


_Bound = Annotated[int, Field(strict=True, ge=0, le=10**15)]


class WholeRange(_Range):
    """From `min` to `max`, both included; either may be absent."""

    min: _Bound | None = None
    max: _Bound | None = None


class FeetRange(_Range):
    """Feet, to two decimals, ends included."""

    min: Annotated[Decimal, Exact("0", "100000", unit="ft")] | None = None
    max: Annotated[Decimal, Exact("0", "100000", unit="ft")] | None = None


class Place(Model):
    """Where: a country, a state (``FL``, ``US-FL`` or ``Florida``), or a radius in miles."""

    state: Annotated[str, Field(min_length=1, max_length=100), CLEAN_LINE] | None = None
    country: Annotated[str, CLEAN_LINE] | None = None
    radius: Annotated[Decimal, Exact("0.1", "13000", unit="miles")] | None = None
    coordinates: Coordinates | None = None

    @field_validator("country")
    @classmethod
    def _is_known(cls, value: str | None) -> str | None:
        if value is None or (code := country_code(value)):
            return code if value else None
        raise ValueError("must be a country: its two letters (ISO 3166-1) or its English name")

    @field_validator("radius", "coordinates")
    @classmethod
    def _has_no_map_yet(cls, value: Any) -> Any:
        if value is not None:
            raise ValueError("is not searched yet; use state or country")
        return value

    def __str__(self) -> str:
        return ", ".join(p for p in (self.state, self.country and country_name(self.country)) if p)


def _known_type(text: str) -> str:
    if name := boat_type_of(text):
        return name
    raise ValueError("is no boat type that we know")


_Type = Annotated[str, Field(max_length=100), AfterValidator(_known_type)]
_Feature = Annotated[str, Field(min_length=1, max_length=1000), CLEAN_LINE]


class SearchFilters(Model):
    """What the boats found must fulfil. Without any, every public boat is found."""

    query: Annotated[str, Field(max_length=500), CLEAN_LINE] | None = None
    price_range: WholeRange = WholeRange()
    location: Place = Place()
    boat_type: Annotated[tuple[_Type, ...], Field(max_length=50)] = ()
    year_range: WholeRange = WholeRange()
    length_range: FeetRange = FeetRange()
    features: Annotated[tuple[_Feature, ...], Field(max_length=50)] = ()
    condition: Annotated[tuple[Condition, ...], Field(max_length=10)] = ()

    @field_validator("boat_type", "condition", "features")
    @classmethod
    def _each_once(cls, value: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(dict.fromkeys(value))

    @field_validator("query")
    @classmethod
    def _has_few_words(cls, value: str | None) -> str | None:
        if value is not None and len(words(value)) > MOST_WORDS:
            raise ValueError(f"must have at most {MOST_WORDS} words")
        return value

    @property
    def words(self) -> list[str]:
        """The folded words of the query, each once. A query of signs alone has none."""
        return list(dict.fromkeys(words(self.query or "")))


class Search(SearchFilters):
    """Filters, with an order and a page. Without `sort`: relevance for words, else newest."""

    sort: Sort | None = None
    limit: Annotated[int, Field(strict=True, ge=1, le=100)] = 20
    after: Annotated[str, Field(strict=True, max_length=16_000)] | None = None

    @field_validator("sort")
    @classmethod
    def _needs_no_map(cls, value: Sort | None) -> Sort | None:
        if value is Sort.DISTANCE:
            raise ValueError("must be another order: distance is not searched yet")
        return value

    @property
    def order(self) -> Sort:
        """The order that holds. Relevance without words to be relevant to is newest first."""
        if not self.words and self.sort in (None, Sort.RELEVANCE):
            return Sort.NEWEST
        return self.sort or Sort.RELEVANCE
