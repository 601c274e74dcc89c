"""The parameters of a search: the specification's SearchFilters and our additions, order and page.

Bounds are inclusive. Lists mean any of their values, except `features`, which means all of them. A
boat without a value fails a bound on it; one without coordinates is in no area. Prices are in US
cents, lengths in feet, distances in statute miles.
"""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any

from pydantic import AfterValidator, Field, ValidationInfo, field_validator

from ..accounts.user import SellerKind
from ..i18n.texts import gettext as _
from ..listings.boat_details import Condition, Fuel, HullMaterial, Usage
from ..listings.location import Coordinates
from ..listings.names import Name
from ..listings.vocabulary.boat_types import boat_type_of
from ..listings.vocabulary.countries import country_code_abroad, country_name
from ..listings.vocabulary.manufacturers import maker_name
from ..wire import CLEAN_LINE, Exact, Flag, Model
from .gazetteer import find_spot


class Sort(StrEnum):
    """Orders. A leading minus means descending. Boats without the value come last.

    The default is relevance if there are words, distance if a place is named, otherwise newest.
    """

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
            raise ValueError(_("must not be below the minimum"))
        return value


_Bound = Annotated[int, Field(strict=True, ge=0, le=10**15)]


class WholeRange(_Range):
    """From `min` to `max`, both inclusive and optional."""

    min: _Bound | None = None
    """The lower end, which belongs to the range."""
    max: _Bound | None = None
    """The upper end, which belongs to the range."""


class FeetRange(_Range):
    """Feet, to two decimals, bounds inclusive."""

    min: Annotated[Decimal, Exact("0", "100000", unit="ft")] | None = None
    """The lower end in feet, which belongs to the range."""
    max: Annotated[Decimal, Exact("0", "100000", unit="ft")] | None = None
    """The upper end in feet, which belongs to the range."""


_Latitude = Annotated[Decimal, Exact("-90", "90", places=5, unit="degrees")]
_Longitude = Annotated[Decimal, Exact("-180", "180", places=5, unit="degrees")]


class Box(Model):
    """A rectangle on the map. If `west` exceeds `east`, it crosses the antimeridian."""

    south: _Latitude
    """The southern edge, in degrees."""
    west: _Longitude
    """The western edge, in degrees."""
    north: _Latitude
    """The northern edge, in degrees."""
    east: _Longitude
    """The eastern edge, in degrees."""

    @field_validator("north")
    @classmethod
    def _is_north_of_south(cls, value: Decimal, info: ValidationInfo) -> Decimal:
        if value < info.data.get("south", value):
            raise ValueError(_("must not be south of south"))
        return value


class NearPlace(Model):
    """A place: a country, a state (``FL``, ``US-FL`` or ``Florida``), or an area of the map.

    `radius` is around `coordinates`, or around the place named in `near`. `polygon` is the corners of
    an area in order, each edge the shorter way around the world; the last corner joins the first.
    """

    state: Annotated[str, Field(min_length=1, max_length=100), CLEAN_LINE] | None = None
    """A state: `FL`, `US-FL` or `Florida`."""
    country: Annotated[str, Field(max_length=100), CLEAN_LINE] | None = None
    """A country: its two letters (ISO 3166-1), or its English name."""
    coordinates: Coordinates | None = None
    """The centre of a search by distance."""
    near: Annotated[str, Field(min_length=1, max_length=100), CLEAN_LINE] | None = None
    """The centre by name: a town, an island, a body of water or a postal code."""
    radius: Annotated[Decimal, Exact("0.1", "13000", unit="miles")] | None = None
    """The greatest distance from the centre, in statute miles."""
    box: Box | None = None
    """A rectangle on the map."""
    polygon: Annotated[tuple[Coordinates, ...], Field(min_length=3, max_length=200)] | None = None
    """The corners of an area, in order."""

    @field_validator("country")
    @classmethod
    def _is_known(cls, value: str | None) -> str | None:
        if value is None or (code := country_code_abroad(value)):
            return code if value else None
        raise ValueError(_("must be a country: its two letters (ISO 3166-1) or its English name"))

    @field_validator("near")
    @classmethod
    def _is_on_the_map(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value is None:
            return None
        if info.data.get("coordinates") is not None:
            raise ValueError(_("cannot be combined with coordinates"))
        if find_spot(value) is None:
            raise ValueError(
                _("is not a known place; name a town, an island, a body of water or a postal code")
            )
        return value

    @field_validator("radius")
    @classmethod
    def _has_a_middle(cls, value: Decimal | None, info: ValidationInfo) -> Decimal | None:
        text = info.data
        # A rejected centre has an error at its own field already.
        has_middle = any(text.get(name, "refused") is not None for name in ("coordinates", "near"))
        if value is not None and not has_middle:
            raise ValueError(_("needs a centre: coordinates, or the name of a place"))
        return value

    @property
    def middle(self) -> tuple[Decimal, Decimal] | None:
        """Latitude and longitude of the point from which distances are measured, in degrees."""
        if self.coordinates is not None:
            return self.coordinates.lat, self.coordinates.lon
        if self.near is not None and (spot := find_spot(self.near)):
            return Decimal(str(spot.lat)), Decimal(str(spot.lon))
        return None

    def __str__(self) -> str:
        return ", ".join(p for p in (self.state, self.country and country_name(self.country)) if p)


def _known_type(text: str) -> str:
    if name := boat_type_of(text):
        return name
    raise ValueError(_("is not a known boat type"))


_Type = Annotated[str, Field(max_length=100), AfterValidator(_known_type)]
_Maker = Annotated[Name, AfterValidator(lambda text: maker_name(text) or text)]
_Feature = Annotated[str, Field(min_length=1, max_length=1000), CLEAN_LINE]


class SearchFilters(Model):
    """The conditions that boats must meet. Without any, every public boat is found."""

    query: Annotated[str, Field(max_length=500), CLEAN_LINE] | None = None
    """Words: makers, models, places, features, and figures such as `under 30 ft`."""
    price_range: WholeRange = WholeRange()
    """The asking price, in US cents."""
    location: NearPlace = NearPlace()
    """Where boats lie."""
    boat_type: Annotated[tuple[_Type, ...], Field(max_length=50)] = ()
    """Boat types, any of them."""
    year_range: WholeRange = WholeRange()
    """The year of build."""
    length_range: FeetRange = FeetRange()
    """The length, in feet."""
    features: Annotated[tuple[_Feature, ...], Field(max_length=50)] = ()
    """Features, all of them."""
    condition: Annotated[tuple[Condition, ...], Field(max_length=10)] = ()
    """Conditions, any of them."""
    manufacturer: Annotated[tuple[_Maker, ...], Field(max_length=50)] = ()
    """Manufacturers, any of them."""
    fuel: Annotated[tuple[Fuel, ...], Field(max_length=10)] = ()
    """Fuels, any of them."""
    hull_material: Annotated[tuple[HullMaterial, ...], Field(max_length=20)] = ()
    """Hull materials, any of them."""
    usage: Annotated[tuple[Usage, ...], Field(max_length=10)] = ()
    """Whether boats have had an owner; any of them."""
    seller_kind: Annotated[tuple[SellerKind, ...], Field(max_length=10)] = ()
    """Kinds of seller, any of them."""
    beam_range: FeetRange = FeetRange()
    """The beam, in feet."""
    draft_range: FeetRange = FeetRange()
    """The draft, in feet."""
    air_draft_range: FeetRange = FeetRange()
    """The air draft, in feet."""
    hours_range: WholeRange = WholeRange()
    """How many hours the engine has run."""
    cabins_range: WholeRange = WholeRange()
    """The number of cabins."""
    berths_range: WholeRange = WholeRange()
    """The number of berths."""
    days_listed_range: WholeRange = WholeRange()
    """For how many days boats have been listed."""
    hide_under_offer: Flag = False
    """Leave out boats that are under offer."""
    price_dropped: Flag = False
    """Only boats whose price fell at its last change."""

    @field_validator(
        "boat_type",
        "condition",
        "features",
        "manufacturer",
        "fuel",
        "hull_material",
        "usage",
        "seller_kind",
    )
    @classmethod
    def _each_once(cls, value: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(dict.fromkeys(value))


class Search(SearchFilters):
    """Filters, an order and a page."""

    sort: Sort | None = None
    """The order. Without one: relevance if there are words, distance if there is a place,
    otherwise newest.
    """
    limit: Annotated[int, Field(strict=True, ge=1, le=100)] = 20
    """How many boats a page has at most."""
    after: Annotated[str, Field(strict=True, max_length=16_000)] | None = None
    """The cursor of a page: `next` of the page before it."""

    @field_validator("sort")
    @classmethod
    def _has_a_middle(cls, value: Sort | None, info: ValidationInfo) -> Sort | None:
        place = info.data.get("location")
        if value is Sort.DISTANCE and place is not None and place.middle is None:
            raise ValueError(
                _("distance needs a place to measure from: coordinates, or the name of a place")
            )
        return value
