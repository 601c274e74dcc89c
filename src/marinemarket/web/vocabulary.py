"""The field's own words as readers see them, in the site's language: types, fuels, hulls, use, condition."""

from __future__ import annotations

from ..listings.boat_details import Condition, Fuel, HullMaterial, Usage
from ..listings.boat_types import BY_NAME
from .texts import gettext as _
from .texts import marked

_FUELS = {
    Fuel.DIESEL: marked("Diesel"),
    Fuel.GASOLINE: marked("Gasoline"),
    Fuel.ELECTRIC: marked("Electric"),
    Fuel.HYBRID: marked("Hybrid"),
    Fuel.LPG: marked("LPG"),
    Fuel.NONE: marked("None: sail or oars"),
    Fuel.OTHER: marked("Other"),
}
_HULLS = {
    HullMaterial.FIBERGLASS: marked("Fiberglass"),
    HullMaterial.ALUMINUM: marked("Aluminum"),
    HullMaterial.STEEL: marked("Steel"),
    HullMaterial.WOOD: marked("Wood"),
    HullMaterial.CARBON: marked("Carbon"),
    HullMaterial.COMPOSITE: marked("Composite"),
    HullMaterial.HYPALON: marked("Hypalon"),
    HullMaterial.PVC: marked("PVC"),
    HullMaterial.PLASTIC: marked("Plastic"),
    HullMaterial.FERROCEMENT: marked("Ferrocement"),
    HullMaterial.OTHER: marked("Other"),
}
_USAGES = {
    Usage.USED: marked("Used"),
    Usage.NEW: marked("New"),
    Usage.ON_ORDER: marked("New, on order"),
    Usage.DEMONSTRATOR: marked("Demonstrator"),
}
_CONDITIONS = {
    Condition.EXCELLENT: marked("Excellent"),
    Condition.GOOD: marked("Good"),
    Condition.FAIR: marked("Fair"),
    Condition.NEEDS_WORK: marked("Needs work"),
}


def type_label(name: str) -> str:
    """``Center console``, of a type's name on the wire. Raises KeyError for one that is none."""
    return _(BY_NAME[name].label)


def type_plural(name: str) -> str:
    """``Center consoles``."""
    return _(BY_NAME[name].plural)


def fuel_label(fuel: str) -> str:
    """Raises ValueError for a fuel that is none, as do those below for theirs."""
    return _(_FUELS[Fuel(fuel)])


def hull_label(material: str) -> str:
    return _(_HULLS[HullMaterial(material)])


def usage_label(usage: str) -> str:
    return _(_USAGES[Usage(usage)])


def condition_label(condition: str) -> str:
    return _(_CONDITIONS[Condition(condition)])
