"""Queries for a maker or model, spelled correctly or nearly so."""

from __future__ import annotations

from .predicates import length_between, listed_as, maker, model, model_is, type_in
from .query import query

BAVARIA = maker("Bavaria")
BENETEAU = maker("Beneteau")
DUFOUR = maker("Dufour")
GRAND_SOLEIL = maker("Grand Soleil")
HALLBERG_RASSY = maker("Hallberg-Rassy")
JEANNEAU = maker("Jeanneau")
PRINCESS = maker("Princess")
SEA_RAY = maker("Sea Ray")

OCEANIS = BENETEAU & model("oceanis")
SUN_ODYSSEY = JEANNEAU & model("sun odyssey", "sun odyessy")

EXACT = (
    query(
        "bavaria cruiser 46",
        "has sailed one on charter and wants to buy one; the 46S and 46 Style are that boat too",
        (3, BAVARIA & model("cruiser 46", "46 cruiser")),
        (2, BAVARIA & model("vision 46", "45 cruiser", "47 cruiser")),
        (1, BAVARIA & model("cruiser")),
    ),
    query(
        "Bénéteau Oceanis 45",
        "writes the yard with its accents, the adverts without",
        (3, BENETEAU & model("oceanis 45")),
        (2, BENETEAU & model("oceanis 43", "oceanis 46", "oceanis 46.1")),
        (1, OCEANIS),
    ),
    query(
        "jeanneau sun odyssey 409",
        "knows the model; 40.9 is the same boat, which one seller wrote otherwise",
        (3, JEANNEAU & model("409", "40.9")),
        (2, SUN_ODYSSEY & model("40", "40.3", "410", "419", "39 i", "41 ds", "42 i")),
        (1, SUN_ODYSSEY),
    ),
    query(
        "Hanse 455",
        "a model that is a number, among numbers like it",
        (3, maker("Hanse") & model("455")),
        (2, maker("Hanse") & model("445", "461", "470")),
        (1, maker("Hanse")),
    ),
    query(
        "dufour 460 GL",
        "GL is Grand Large, which every 460 is but the Performance; debatable: 460 alone is a 3",
        (3, DUFOUR & (model("460 GL") | model_is("460"))),
        (2, DUFOUR & model("445 GL", "450 GL", "455 GL", "485 GL")),
        (1, DUFOUR),
    ),
    query(
        "elan impression 434",
        "sellers write the number before the name or behind it; the 444 followed the 434",
        (3, maker("Elan") & model("impression 434", "434 impression")),
        (2, maker("Elan") & model("444 impression", "impression 444", "45 impression")),
        (2, maker("Elan") & model("impression 45")),
        (1, maker("Elan") & model("impression")),
    ),
    query(
        "hallberg-rassy 40",
        "a hyphen in the maker, and a number that is also a length",
        (3, HALLBERG_RASSY & model_is("40")),
        (2, HALLBERG_RASSY & model_is("412", "43")),
        (1, HALLBERG_RASSY),
    ),
    query(
        "hunter 38",
        "a maker that is a word, and a number that is also a length",
        (3, maker("Hunter") & model_is("38")),
        (2, maker("Hunter") & model_is("380", "39")),
        (1, maker("Hunter")),
    ),
    query(
        "x-yachts xp 44",
        "single letters matter: the Xp is the fast one, the Xc and the X are not",
        (3, maker("X-Yachts") & model("xp 44")),
        (2, maker("X-Yachts") & model("xp 38", "xp 50", "xc 42")),
        (2, maker("X-Yachts") & model("x 43", "x 4.3", "x 46", "x 4.6")),
        (1, maker("X-Yachts")),
    ),
    query(
        "princess 42",
        "a motor yacht's model is its length in feet; debatable, since no such advert tells a model:"
        " a Princess 42 is from 42 to 44 ft overall",
        (3, PRINCESS & type_in("flybridge", "motor-yacht") & length_between(41.5, 44.5)),
        (2, PRINCESS & length_between(39, 47)),
        (1, PRINCESS),
    ),
    query(
        "sea ray sundancer 320",
        "asks for a line that no advert names; debatable: a cruiser of about 32 ft may well be one",
        (3, SEA_RAY & ~type_in("bowrider", "flybridge") & length_between(31, 34.5)),
        (2, SEA_RAY & ~type_in("bowrider", "flybridge") & length_between(28, 37)),
        (1, SEA_RAY),
    ),
)

MAKER_ALONE = (
    query("Linssen", "looks what a yard's boats cost", (3, maker("Linssen"))),
    query("boston whaler", "two words, one maker", (3, maker("Boston Whaler"))),
    query(
        "bavaria",
        "the yard, which builds sailing and motor boats; debatable: not what lies in Bayern,"
        " since whoever means the country writes where",
        (3, BAVARIA),
    ),
    query("oyster", "the yard, not the shellfish", (3, maker("Oyster"))),
    query(
        "riva",
        "the yard; what lies at Riva San Vitale is not meant, unless she built it",
        (3, maker("Riva")),
    ),
)

MODEL_ALONE = (
    query(
        "oceanis",
        "a line that everybody knows without its yard; the yard's other sailing boats are near",
        (3, OCEANIS),
        (1, BENETEAU & type_in("sailboat")),
    ),
    query(
        "first 40.7",
        "a racing boat whose name is a common word and a decimal",
        (3, BENETEAU & model("first 40.7")),
        (2, BENETEAU & model("first 40", "first 44.7")),
        (1, BENETEAU & model("first")),
    ),
    query(
        "sun odyssey 50ds",
        "joins what most adverts part; without DS (deck saloon) it is another boat",
        (3, JEANNEAU & model("50 ds")),
        (2, JEANNEAU & model("49 ds", "54 ds", "509")),
        (1, SUN_ODYSSEY),
    ),
)

MISSPELT = (
    query("benetau", "a letter missing", (3, BENETEAU)),
    query(
        "jeaneau sun odysey",
        "a letter missing in two words of three; the yard's other sailing boats are near",
        (3, SUN_ODYSSEY),
        (2, JEANNEAU & type_in("sailboat")),
        (1, JEANNEAU),
    ),
    query("hallberg rasy", "a letter missing, and no hyphen", (3, HALLBERG_RASSY)),
    query("sunsekar", "one letter wrong and one missing", (3, maker("Sunseeker"))),
    query("bayilner", "two letters swapped", (3, maker("Bayliner"))),
    query("quiksilver", "as it sounds", (3, maker("Quicksilver"))),
    query("chapparal", "one letter doubled and one missing", (3, maker("Chaparral"))),
    query("azimuth", "one letter more, which makes a word of it", (3, maker("Azimut"))),
    query(
        "bavaria crusier 50",
        "two letters swapped in the line; the number still counts",
        (3, BAVARIA & model("50 cruiser", "cruiser 50")),
        (2, BAVARIA & model("49 cruiser", "51 cruiser")),
        (1, BAVARIA & model("cruiser")),
    ),
    query(
        "ocaenis 54",
        "two letters swapped in a model without its maker",
        (3, BENETEAU & model("oceanis 54")),
        (2, BENETEAU & model("oceanis 523", "oceanis clipper 523", "oceanis 55", "oceanis 55.1")),
        (1, OCEANIS),
    ),
    query(
        "grand solleil 43",
        "one letter doubled in a foreign word",
        (3, GRAND_SOLEIL & model("43")),
        (2, GRAND_SOLEIL & model("40", "45", "46")),
        (1, GRAND_SOLEIL),
    ),
    query(
        "dufuor 455",
        "two letters swapped; Grand Large or not is the same boat",
        (3, DUFOUR & model("455")),
        (2, DUFOUR & model("445", "450", "460")),
        (1, DUFOUR),
    ),
    query(
        "prinsess flybridge",
        "one letter wrong; wants the yard's boats with a flybridge, and its rivals' after those",
        (3, PRINCESS & (type_in("flybridge") | listed_as("flybridge"))),
        (2, PRINCESS),
        (1, maker("Sunseeker", "Fairline", "Azimut") & type_in("flybridge")),
    ),
)

JOINED_OR_SPLIT = (
    query("searay", "joined; some of its dealers write it so as well", (3, SEA_RAY)),
    query("bay liner", "split", (3, maker("Bayliner"))),
    query("chriscraft", "joined, where the maker has a hyphen", (3, maker("Chris-Craft"))),
)

BY_NAME = (*EXACT, *MAKER_ALONE, *MODEL_ALONE, *MISSPELT, *JOINED_OR_SPLIT)
