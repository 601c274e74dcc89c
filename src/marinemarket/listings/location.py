"""Where a boat is."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import Field, ValidationInfo, field_validator

from ..i18n.texts import gettext as _
from ..wire import CLEAN_LINE, Exact, Model
from .names import Name
from .vocabulary.countries import STATES_REQUIRED_IN, country_code_abroad, country_name, state_code


class Coordinates(Model):
    """The boat's position in degrees (WGS 84), to about a metre."""

    lat: Annotated[Decimal, Exact("-90", "90", places=5, unit="degrees")]
    """Latitude in degrees, north is positive."""
    lon: Annotated[Decimal, Exact("-180", "180", places=5, unit="degrees")]
    """Longitude in degrees, east is positive."""


class Location(Model):
    """Where the boat can be viewed. `region` is the coast, lake or area by its local name."""

    country: Annotated[str, Field(max_length=100), CLEAN_LINE]
    """The country: its two letters (ISO 3166-1), or its English name."""
    state: Annotated[Name | None, Field(validate_default=True)] = None
    """The state or province; required in the United States, Canada and Australia."""
    region: Name | None = None
    """The coast, lake or area, by its local name."""
    city: Name | None = None
    """The town; required for publication."""
    zip_code: Annotated[str, Field(min_length=1, max_length=12), CLEAN_LINE] | None = None
    """The postal code."""
    coordinates: Coordinates | None = None
    """Where the boat lies."""

    @field_validator("country")
    @classmethod
    def _is_known(cls, value: str) -> str:
        if code := country_code_abroad(value):
            return code
        raise ValueError(_("must be a country: its two letters (ISO 3166-1) or its English name"))

    @field_validator("state")
    @classmethod
    def _is_one_of_the_country(cls, value: str | None, info: ValidationInfo) -> str | None:
        country = info.data.get("country")
        if country not in STATES_REQUIRED_IN:
            return value
        if value is None:
            raise ValueError(_("is required in %(country)s", country=country_name(country)))
        if code := state_code(value, country):
            return code
        raise ValueError(
            _("must be a state or province of %(country)s", country=country_name(country))
        )

    @property
    def key(self) -> str:
        """The place by which listings are grouped: ``US-FL``, or the country alone."""
        return (
            f"{self.country}-{self.state}" if self.country in STATES_REQUIRED_IN else self.country
        )

    def __str__(self) -> str:
        """For people: ``Annapolis, MD, United States``."""
        parts = (self.city, self.region, self.state, country_name(self.country))
        return ", ".join(part for part in parts if part)
