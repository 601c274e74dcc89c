"""Labels for boat types, fuels, hull materials, use and condition, in the site's language."""

from __future__ import annotations

from ...i18n.texts import gettext as _
from ...i18n.texts import mark
from ...listings.boat_details import Condition, Fuel, HullMaterial, Usage
from ...listings.vocabulary.boat_types import BY_NAME

_FUELS = {
    Fuel.DIESEL: mark("Diesel"),
    Fuel.GASOLINE: mark("Gasoline"),
    Fuel.ELECTRIC: mark("Electric"),
    Fuel.HYBRID: mark("Hybrid"),
    Fuel.LPG: mark("LPG"),
    Fuel.NONE: mark("None (sail or oars)"),
    Fuel.OTHER: mark("Other"),
}
_HULLS = {
    HullMaterial.FIBERGLASS: mark("Fiberglass"),
    HullMaterial.ALUMINUM: mark("Aluminum"),
    HullMaterial.STEEL: mark("Steel"),
    HullMaterial.WOOD: mark("Wood"),
    HullMaterial.CARBON: mark("Carbon"),
    HullMaterial.COMPOSITE: mark("Composite"),
    HullMaterial.HYPALON: mark("Hypalon"),
    HullMaterial.PVC: mark("PVC"),
    HullMaterial.PLASTIC: mark("Plastic"),
    HullMaterial.FERROCEMENT: mark("Ferrocement"),
    HullMaterial.OTHER: mark("Other"),
}
_USAGES = {
    Usage.USED: mark("Used"),
    Usage.NEW: mark("New"),
    Usage.ON_ORDER: mark("New, on order"),
    Usage.DEMONSTRATOR: mark("Demonstrator"),
}
_CONDITIONS = {
    Condition.EXCELLENT: mark("Excellent"),
    Condition.GOOD: mark("Good"),
    Condition.FAIR: mark("Fair"),
    Condition.NEEDS_WORK: mark("Needs work"),
}


def type_label(name: str) -> str:
    """``Center console``, from a type's name in the API. Raises KeyError for an unknown type."""
    return _(BY_NAME[name].label)


def type_plural(name: str) -> str:
    """``Center consoles``."""
    return _(BY_NAME[name].plural)


def fuel_label(fuel: str) -> str:
    """Raises ValueError for an unknown fuel; the functions below do the same for theirs."""
    return _(_FUELS[Fuel(fuel)])


def hull_label(material: str) -> str:
    return _(_HULLS[HullMaterial(material)])


def usage_label(usage: str) -> str:
    return _(_USAGES[Usage(usage)])


def condition_label(condition: str) -> str:
    return _(_CONDITIONS[Condition(condition)])
