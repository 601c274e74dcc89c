"""A boat's specifications in groups, with lengths in both units."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ....i18n.numbers import whole
from ....i18n.texts import gettext as _
from ....listings.boat_details import BoatDetails, Engine
from ....listings.hin import masked_hin
from ....listings.listing import Listing
from ....listings.pricing import price_text
from ....measures import KILOWATTS_PER_HORSEPOWER, METRES_PER_FOOT
from ...presentation.formatting import feet, feet_and_metres, metres, running_hours, weight
from ...presentation.labels import condition_label, fuel_label, hull_label, type_label, usage_label
from ...presentation.units import Unit


@dataclass(frozen=True, slots=True)
class Fact:
    """A line of the specification."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class FactGroup:
    """Some facts that are read together; never empty."""

    title: str
    facts: list[Fact]


def key_facts(boat: BoatDetails, unit: Unit) -> list[Fact]:
    """The few figures that decide whether to read on."""
    own = feet if unit is Unit.FEET else metres
    return _known(
        (_("Year"), boat.year),
        (_("Length"), boat.length and own(boat.length)),
        (_("Beam"), boat.beam and own(boat.beam)),
        (_("Draft"), boat.draft and own(boat.draft)),
        (_("Engine hours"), _hours(boat)),
        (_("Condition"), boat.condition and condition_label(boat.condition)),
    )


def fact_groups(listing: Listing, unit: Unit) -> list[FactGroup]:
    """All that the advert says in figures; what it does not say has no line."""
    boat = listing.boat_details
    groups = (
        (_("Boat"), _of_the_boat(boat)),
        (_("Hull and size"), _of_the_hull(boat, unit)),
        (_("Engine"), _of_the_engine(boat)),
        (_("Accommodations"), _aboard(boat)),
    )
    return [FactGroup(title, facts) for title, facts in groups if facts]


def price_by_length(listing: Listing, unit: Unit) -> str | None:
    """``$3,000 a foot``: how boats of unlike size are compared. None without a length or a price."""
    length = listing.boat_details.length
    asked = listing.asked
    if length is None or asked is None:
        return None
    if unit is Unit.METRES:
        share = asked.changed(amount=int(asked.amount / (length * METRES_PER_FOOT)))
        return _("%(price)s per meter") % {"price": price_text(share)}
    share = asked.changed(amount=int(asked.amount / length))
    return _("%(price)s per foot") % {"price": price_text(share)}


def _of_the_boat(boat: BoatDetails) -> list[Fact]:
    listed = boat.type_as_listed
    as_listed = _("%(type)s (listed as %(words)s)") % {
        "type": type_label(boat.type),
        "words": listed,
    }
    return _known(
        (_("Type"), as_listed if listed else type_label(boat.type)),
        (_("Maker"), boat.manufacturer),
        (_("Model"), boat.model),
        (_("Year"), boat.year),
        (_("Condition"), boat.condition and condition_label(boat.condition)),
        (_("New or used"), boat.usage and usage_label(boat.usage)),
        (_("Hull number (HIN)"), boat.hin and masked_hin(boat.hin)),
    )


def _of_the_hull(boat: BoatDetails, unit: Unit) -> list[Fact]:
    return _known(
        (_("Length on deck"), boat.length and feet_and_metres(boat.length, unit)),
        (_("Length overall (LOA)"), boat.loa and feet_and_metres(boat.loa, unit)),
        (_("Beam"), boat.beam and feet_and_metres(boat.beam, unit)),
        (_("Draft"), boat.draft and feet_and_metres(boat.draft, unit)),
        (_("Air draft"), boat.air_draft and feet_and_metres(boat.air_draft, unit)),
        (_("Displacement"), boat.displacement and weight(boat.displacement, unit)),
        (_("Hull"), boat.hull_material and hull_label(boat.hull_material)),
    )


def _of_the_engine(boat: BoatDetails) -> list[Fact]:
    # Told once: by each engine where the advert names them, and in the seller's words otherwise.
    are_named = any(engine.make or engine.model for engine in boat.engines)
    have_hours = any(engine.hours is not None for engine in boat.engines)
    return _known(
        (_("Engine"), None if are_named else boat.engine),
        *((_("Engines") if e.count > 1 else _("Engine"), _engine(e)) for e in boat.engines),
        (_("Engine hours"), None if have_hours else _hours(boat)),
        (_("Fuel"), boat.fuel and fuel_label(boat.fuel)),
    )


def _aboard(boat: BoatDetails) -> list[Fact]:
    return _known((_("Cabins"), boat.cabins), (_("Berths"), boat.berths), (_("Heads"), boat.heads))


def _known(*facts: tuple[str, Any]) -> list[Fact]:
    return [Fact(label, str(value)) for label, value in facts if value not in (None, "")]


def _hours(boat: BoatDetails) -> str | None:
    return None if boat.hours is None else whole(boat.hours)


def _engine(engine: Engine) -> str:
    made = " ".join(part for part in (engine.make, engine.model) if part)
    kilowatts = engine.power and round(engine.power * KILOWATTS_PER_HORSEPOWER)
    power = f"{engine.power} hp ({kilowatts} kW)" if engine.power else ""
    hours = running_hours(engine.hours) if engine.hours is not None else ""
    message = ", ".join(part for part in (made, power, hours) if part)
    return f"{engine.count} × {message}" if engine.count > 1 else message
