"""The fields that a column may hold, as a mapping names them."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from ....i18n.texts import mark

LENGTH_UNITS = ("ft", "in", "m", "cm", "mm")
WEIGHT_UNITS = ("lb", "kg", "t")
POWER_UNITS = ("hp", "PS", "kW")


class Group(StrEnum):
    """How fields are grouped where one is chosen."""

    ADVERT = mark("The advert")
    PRICE = mark("Price")
    BOAT = mark("The boat")
    SIZE = mark("Size")
    ENGINE = mark("Engine")
    PLACE = mark("Where she lies")


class Field(NamedTuple):
    """A field: its name in a mapping, its label, and the units that its figures may be in.

    `path` is its place on the wire, if it has one. Several columns may hold one that `repeats`.
    """

    name: str
    label: str
    group: Group
    path: str = ""
    units: tuple[str, ...] = ()
    repeats: bool = False


PRICE = "price"
LEAVE_OUT = "leaveOut"

_ALL = (
    Field("reference", mark("Your reference"), Group.ADVERT, "reference"),
    Field("title", mark("Title"), Group.ADVERT, "title"),
    Field("description", mark("Description"), Group.ADVERT, "description", repeats=True),
    Field("features", mark("Equipment, as a list"), Group.ADVERT, "features", repeats=True),
    Field("detail", mark("Equipment, with the column’s name"), Group.ADVERT, repeats=True),
    Field("images", mark("Addresses of photos"), Group.ADVERT, "images", repeats=True),
    Field("status", mark("For sale, sold or withdrawn"), Group.ADVERT, "status"),
    Field(PRICE, mark("Price"), Group.PRICE, "price", repeats=True),
    Field("currency", mark("Currency"), Group.PRICE, "originalPrice.currency"),
    Field("priceOnRequest", mark("Price on request: yes or no"), Group.PRICE, "priceOnRequest"),
    Field("underOffer", mark("Under offer: yes or no"), Group.PRICE, "underOffer"),
    Field("maker", mark("Manufacturer"), Group.BOAT, "boatDetails.manufacturer"),
    Field("model", mark("Model"), Group.BOAT, "boatDetails.model"),
    Field("makerModel", mark("Manufacturer and model"), Group.BOAT),
    Field("type", mark("Boat type"), Group.BOAT, "boatDetails.type"),
    Field("year", mark("Year built"), Group.BOAT, "boatDetails.year"),
    Field("condition", mark("Condition"), Group.BOAT, "boatDetails.condition"),
    Field("usage", mark("New or used"), Group.BOAT, "boatDetails.usage"),
    Field("hullMaterial", mark("Hull material"), Group.BOAT, "boatDetails.hullMaterial"),
    Field("hin", mark("HIN"), Group.BOAT, "boatDetails.hin"),
    Field("cabins", mark("Cabins"), Group.BOAT, "boatDetails.cabins"),
    Field("berths", mark("Berths"), Group.BOAT, "boatDetails.berths"),
    Field("heads", mark("Heads"), Group.BOAT, "boatDetails.heads"),
    Field("loa", mark("Length overall"), Group.SIZE, "boatDetails.loa", LENGTH_UNITS, True),
    Field("length", mark("Length"), Group.SIZE, "boatDetails.length", LENGTH_UNITS, True),
    Field("beam", mark("Beam"), Group.SIZE, "boatDetails.beam", LENGTH_UNITS, True),
    Field("draft", mark("Draft"), Group.SIZE, "boatDetails.draft", LENGTH_UNITS, True),
    Field("airDraft", mark("Air draft"), Group.SIZE, "boatDetails.airDraft", LENGTH_UNITS, True),
    Field("dimensions", mark("Length × beam × draft"), Group.SIZE, units=LENGTH_UNITS),
    Field("lengthUnit", mark("Unit of the lengths"), Group.SIZE),
    Field("displacement", mark("Displacement"), Group.SIZE, "boatDetails.displacement", WEIGHT_UNITS),
    Field("engine", mark("Engine, in words"), Group.ENGINE, "boatDetails.engine", repeats=True),
    Field("engineMaker", mark("Engine maker"), Group.ENGINE, repeats=True),
    Field("engineModel", mark("Engine model"), Group.ENGINE, repeats=True),
    Field("enginePower", mark("Power of each engine"), Group.ENGINE, units=POWER_UNITS, repeats=True),
    Field("engineCount", mark("Number of engines"), Group.ENGINE),
    Field("hours", mark("Engine hours"), Group.ENGINE, "boatDetails.hours", repeats=True),
    Field("fuel", mark("Fuel"), Group.ENGINE, "boatDetails.fuel", repeats=True),
    Field("place", mark("Place, in words"), Group.PLACE, "location"),
    Field("country", mark("Country"), Group.PLACE, "location.country"),
    Field("state", mark("State or province"), Group.PLACE, "location.state"),
    Field("region", mark("Region, coast or lake"), Group.PLACE, "location.region"),
    Field("city", mark("Town"), Group.PLACE, "location.city"),
    Field("zipCode", mark("Postal code"), Group.PLACE, "location.zipCode"),
    Field("latitude", mark("Latitude"), Group.PLACE, "location.coordinates.lat"),
    Field("longitude", mark("Longitude"), Group.PLACE, "location.coordinates.lon"),
    Field("coordinates", mark("Latitude and longitude"), Group.PLACE, "location.coordinates"),
)  # fmt: skip

FIELDS = {field.name: field for field in _ALL}
