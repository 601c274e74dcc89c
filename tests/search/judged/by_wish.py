"""Queries for a kind of boat, a price, a place, or several of these."""

from __future__ import annotations

from .areas import (
    AT_SPLIT,
    BESIDE_THE_COTE_D_AZUR,
    IN_CROATIA,
    ON_LAKE_CONSTANCE,
    ON_MALLORCA,
    ON_OTHER_BALEARICS,
    ON_THE_COTE_D_AZUR,
    SOMEWHERE_IN_CROATIA,
    WITHIN_100_MILES_OF_SPLIT,
)
from .predicates import (
    country,
    euros_between,
    fuel,
    hull,
    length_between,
    listed_as,
    maker,
    metres_between,
    place,
    price_at_most,
    state,
    type_in,
    year_between,
    year_from,
)
from .query import query

BOWRIDER = type_in("bowrider")
FISHING = type_in("fishing-boat")
TRAWLER = type_in("trawler") | listed_as("trawler")

TYPES = (
    query(
        "sailing yacht",
        "no advert says it so: they are sailboats here; a motorsailer also sails, a catamaran may",
        (3, type_in("sailboat")),
        (2, type_in("motorsailer")),
        (1, type_in("catamaran")),
    ),
    query(
        "centre consol",
        "British, and a letter short",
        (3, type_in("center-console") | listed_as("center console boat")),
        (1, FISHING),
    ),
    query(
        "cabin cruiser",
        "a small motor boat to sleep on, not a sailing Cruiser 46; hardtops are near, small motor yachts"
        " and pilothouses after those",
        (3, type_in("cabin-cruiser") | listed_as("cabin boat")),
        (2, type_in("express-cruiser", "cuddy-cabin")),
        (1, type_in("motor-yacht", "pilothouse") & length_between(20, 36)),
    ),
    query(
        "rib",
        "few sellers choose the type, so the tubes (hypalon) and the yards that build little else"
        " tell; debatable: an advert of such a yard is a 2, of one that builds both a 1",
        (3, type_in("inflatable") | hull("hypalon") & length_between(8, 40)),
        (2, maker("Zodiac", "ZAR Formenti", "Brig", "Novurania", "SACS", "Tecnorib", "Pirelli")),
        (2, maker("Technohull", "Nuova Jolly")),
        (1, maker("Capelli", "Selva", "Ranieri", "Ranieri International")),
    ),
    query(
        "cat",
        "short for catamaran on the water; neither Catfish nor Catalina",
        (3, type_in("catamaran")),
        (2, maker("Lagoon", "Fountaine Pajot", "Sunreef")),
    ),
    query(
        "wakeboard boats",
        "the plural of a type that is called ski / wake boat here",
        (3, type_in("ski-boat") | listed_as("wakeboard", "water ski")),
        (2, maker("MasterCraft", "Nautique", "Correct Craft", "Malibu", "Axis", "Supra", "Tigé")),
        (1, BOWRIDER),
    ),
    query(
        "sloep",
        "Dutch for an open launch; debatable: yards that build those are a 2, whatever type was told",
        (3, type_in("launch") | listed_as("launch")),
        (2, maker("Corsiva", "Antaris", "Maxima", "Maril", "Interboat DE", "Jan van Gent")),
    ),
)

FIGURES = (
    query(
        "32ft",
        "feet are shown as whole numbers, so what is shown as 32 ft is meant, and a foot more or less"
        " is welcome",
        (3, length_between(31.5, 32.49)),
        (2, length_between(30.5, 33.49)),
        (1, length_between(29.5, 34.49)),
    ),
    query(
        "9.8 m",
        "as long as her berth allows, in metres",
        (3, metres_between(9.75, 9.85)),
        (2, metres_between(9.5, 10.0)),
        (1, metres_between(9.2, 10.3)),
    ),
    query(
        "under 50k",
        "dollars, which the market shows; debatable: euros may be meant, so what costs less than"
        " that many is a 2",
        (3, price_at_most(50_000_00)),
        (2, euros_between(0, 50_000_00)),
    ),
    query(
        "between 20000 and 40000 euro",
        "as it was asked in euros; who is near the limits might be moved",
        (3, euros_between(20_000_00, 40_000_00)),
        (1, euros_between(18_000_00, 44_000_00)),
    ),
    query(
        "2015 or newer",
        "an advert that does not tell its year is not meant",
        (3, year_from(2015)),
        (1, year_between(2014, 2014)),
    ),
    query(
        "30-35 ft",
        "a range, both ends included",
        (3, length_between(30, 35)),
        (1, length_between(29, 36)),
    ),
)

PLACES = (
    query(
        "boats in Italy", "everything here is a boat; only the country tells", (3, country("IT"))
    ),
    query(
        "near Split",
        "would drive an hour: what names Split or a place beside it is a 3, what names one within"
        " 100 miles a 2; debatable: a 1 is Croatian and does not say where",
        (3, AT_SPLIT),
        (2, WITHIN_100_MILES_OF_SPLIT),
        (1, SOMEWHERE_IN_CROATIA),
    ),
    query(
        "near Palma",
        "the island is a 3; debatable: Ibiza and Menorca are within 100 miles, but across water",
        (3, ON_MALLORCA),
        (2, ON_OTHER_BALEARICS),
    ),
    query(
        "Kroatien",
        "German for Croatia, where some adverts of other countries say that the boat lies",
        (3, IN_CROATIA),
    ),
    query(
        "Bodensee",
        "German for Lake Constance, as which most adverts there are listed",
        (3, ON_LAKE_CONSTANCE),
    ),
    query(
        "cote d'azur",
        "without the accent; most adverts there name the town alone. From Menton to Cavalaire,"
        " and the coast beside it after that",
        (3, ON_THE_COTE_D_AZUR),
        (2, BESIDE_THE_COTE_D_AZUR),
    ),
)

FUEL_AND_HULL = (
    query("electric boat", "for a lake without petrol", (3, fuel("electric")), (1, fuel("hybrid"))),
    query(
        "aluminium fishing boats",
        "British, plural; other small aluminium boats are near, fishing boats of other stuff after",
        (3, FISHING & hull("aluminum")),
        (2, hull("aluminum") & length_between(8, 26)),
        (1, FISHING),
    ),
)

COMBINED = (
    query(
        "beneteau in florida under 200k",
        "maker, place and price; a little dearer or in another state is near, other yards after that",
        (3, maker("Beneteau") & state("FL") & price_at_most(200_000_00)),
        (2, maker("Beneteau") & state("FL") & price_at_most(220_000_00)),
        (2, maker("Beneteau") & country("US") & price_at_most(200_000_00)),
        (1, maker("Beneteau") & state("FL")),
        (1, state("FL") & type_in("sailboat") & price_at_most(200_000_00)),
    ),
    query(
        "bavaria croatia 2015 or newer",
        "maker, place and year; two years older is near, elsewhere or older after that",
        (3, maker("Bavaria") & IN_CROATIA & year_from(2015)),
        (2, maker("Bavaria") & IN_CROATIA & year_from(2013)),
        (1, maker("Bavaria") & (IN_CROATIA | year_from(2015))),
    ),
    query(
        "steel diesel trawler netherlands",
        "hull, fuel, type and place, of which many adverts leave one out; a steel motor yacht there"
        " or a trawler beyond the border is near",
        (3, TRAWLER & hull("steel") & fuel("diesel") & country("NL")),
        (2, TRAWLER & hull("steel") & country("NL")),
        (2, TRAWLER & hull("steel") & fuel("diesel") & (country("DE", "BE") | place("Holland"))),
        (2, type_in("motor-yacht") & hull("steel") & fuel("diesel") & country("NL")),
        (1, TRAWLER & (hull("steel") | country("NL"))),
    ),
    query(
        "petrol bowrider germany",
        "British for gasoline; one that does not tell its fuel burns it too, most likely",
        (3, BOWRIDER & fuel("gasoline") & country("DE")),
        (2, BOWRIDER & ~fuel("diesel", "electric") & country("DE")),
        (2, BOWRIDER & fuel("gasoline") & country("AT", "CH", "NL")),
        (1, BOWRIDER),
        (1, type_in("sport-boat") & fuel("gasoline") & country("DE")),
    ),
)

BY_WISH = (*TYPES, *FIGURES, *PLACES, *FUEL_AND_HULL, *COMBINED)
