"""Tags a boat with the facts that the wording's conditions use, and equips it."""

from __future__ import annotations

from random import Random

from .boat import Boat
from .catalogue import BoatModel
from .clauses import feature_tag
from .features import FEATURES
from .harbours import COLD, FRESH, NORTH, WARM
from .type_profiles import SAILING

# The tags of makers, models, regions and countries.
_MAKERS = {
    "Sumerset": "river", "Lakeview": "river", "Stardust": "river",
    "Colecraft": "canal-boat narrow", "Piper": "canal-boat dutch", "Drascombe": "drascombe",
    "Ranger": "bass", "Nitro": "bass", "Lund": "bass", "Tracker": "bass", "Pathfinder": "bay",
    "Nordhavn": "nordhavn", "Munson": "landing", "Chris-Craft": "lake-boat series",
    "Century": "lake-boat", "Lyman": "lake-boat", "Linssen": "inland", "Pedro": "inland",
    "Boston Whaler": "series", "Grady-White": "series", "Sea Ray": "series",
    "Catalina": "series", "Beneteau": "series", "Jeanneau": "series",
    "J Boats": "j-boat", "McLaughlin": "optimist", "RS Sailing": "rs", "Zim Sailing": "420",
    "Walker Bay": "walker", "Hobie Cat": "hobie", "World Cat": "world-cat",
}  # fmt: skip
_NAMES = {
    "Laser": "laser", "ProStar 190": "direct", "Ski Nautique 200": "direct",
    "Response TXi": "direct", "Fishin' Barge 20 DLX": "fishin",
}  # fmt: skip
_REGIONS = {"Lake Erie": "erie", "Lake Michigan": "lakes-michigan"}
_COUNTRIES = {"NZ": "nz", "ES": "spain", "GB": "brit-flag"}
_TEAK_DECKED = frozenset({
    "Hallberg-Rassy", "Nauticat", "Amel", "Grand Banks", "Najad", "Passport", "Contest",
    "Hinckley", "Riva", "Marine Trader", "Island Gypsy", "Fleming", "Tayana", "Saffier",
})  # fmt: skip
_SAILING_CLASSICS = frozenset({"Concordia", "Camper & Nicholsons"})
# Harbours on fresh water, although the others on the same water are on salt.
_FRESH_HARBOURS = frozenset({"Roermond", "Sneek", "Loosdrecht"})
_EU_VAT = frozenset({"ES", "FR", "IT", "HR", "GR", "MT", "PT", "NL", "BE", "SE", "DK", "DE", "FI"})
# Boats of these model years and later get a tag, such as "since98".
_SINCE = (1990, 1998, 2000, 2003, 2005, 2008, 2010, 2012, 2015)

# How much more or less equipment a boat has, by condition.
_EQUIPPED = {"Excellent": 1.1, "Good": 1.0, "Fair": 0.85, "Needs Work": 0.6}


def give_tags(boat: Boat) -> None:
    """Tag the boat with all that is true of her but her equipment."""
    model = boat.model
    sails = boat.type in SAILING or model.maker in _SAILING_CLASSICS
    condition = "poor" if boat.condition == "Needs Work" else boat.condition.lower()
    tags = {boat.type, "sail" if sails else "power", boat.seller, condition, model.hull}
    tags.update(_MAKERS.get(model.maker, "").split())
    tags.update(_NAMES.get(model.name, "").split())
    if model.maker in _TEAK_DECKED:
        tags.add("classy-deck")
    _tag_size(tags, model)
    _tag_age(tags, boat)
    _tag_place(tags, boat)
    _tag_engine(tags, boat)
    tags.update(name for name in ("charter", "trailer", "original") if getattr(boat, name))
    if boat.history:
        fell = boat.history[-1]["price"] < boat.history[0]["price"]
        tags.add("reduced" if fell else "raised")
    boat.tags = tags


def _tag_size(tags: set[str], model: BoatModel) -> None:
    tags.update(f"over{feet}" for feet in range(10, 120) if model.length > feet)
    tags.update(f"under{feet}" for feet in range(10, 120) if model.length <= feet)
    cabins, berths, heads = model.rooms or (0, 0, 0)
    tags.add("cabin" if cabins else "open")
    if heads:
        tags.add("head")
    if berths <= 2:
        tags.add("two-berths")
    if 3.8 <= model.draft <= 4.3:
        tags.add("four-foot")
    if cabins == 3:
        tags.add("three-cabins")
    if model.beam < model.length * 0.48 or model.length < 16:
        tags.add("mono")
    if "Aft Cabin" in model.name or " AC" in model.name:
        tags.add("aft")


def _tag_age(tags: set[str], boat: Boat) -> None:
    age = boat.age
    if boat.is_new:
        tags.update(("new", "young"))
    else:
        band = "young" if age <= 5 else "mid" if age <= 15 else "old" if age <= 30 else "vintage"
        tags.update(("used", band))
        if age >= 6:
            tags.add("aged")
        if age >= 10:
            tags.add("ripe")
        if age >= 7 and boat.condition != "Needs Work":
            tags.add("worked")
    tags.update(f"since{first % 100:02}" for first in _SINCE if boat.year >= first)


def _tag_place(tags: set[str], boat: Boat) -> None:
    fresh = boat.water in FRESH or boat.harbour.city in _FRESH_HARBOURS
    tags.add("fresh" if fresh else "salt")
    for name, waters in (("cold", COLD), ("warm", WARM), ("north", NORTH)):
        if boat.water in waters:
            tags.add(name)
    # "in" already means an inboard.
    tags.add("inland" if boat.water == "in" else boat.water)
    if boat.water == "canal" and boat.harbour.country == "GB":
        tags.add("brit-canal")
    tags.update(_COUNTRIES.get(boat.harbour.country, "").split())
    tags.update(_REGIONS.get(boat.harbour.region, "").split())
    if boat.harbour.state == "FL":
        tags.add("florida")
    if boat.harbour.country in ("US", "CA", "PR", "VI"):
        tags.add("american")
    if boat.harbour.country in _EU_VAT:
        tags.add("eu")


def _tag_engine(tags: set[str], boat: Boat) -> None:
    if boat.engine is None:
        return
    tags.update(("engine", boat.drive, boat.engine.fuel))
    tags.add("single" if boat.engines == 1 else "many")
    if boat.engines == 2:
        tags.add("twin")
    if boat.engine.power > 249:
        tags.add("over250")
    if boat.hours is not None:
        tags.add("hours")
    if boat.repowered:
        tags.add("repowered")


def give_features(boat: Boat, rng: Random) -> None:
    """Equip the boat and tag it accordingly, since equipment may require or exclude other items.

    It has everything that is standard for its kind; of the rest, boats in better condition have more.
    """
    better = _EQUIPPED[boat.condition]
    for clause in FEATURES:
        if clause.text in boat.features or not clause.holds(boat.tags):
            continue
        if clause.chance == 1 or rng.random() < clause.chance * better:
            boat.features.append(clause.text)
            boat.tags.add(feature_tag(clause.text))
