"""Areas by the place names in adverts, hardly any of which have coordinates.

Distances are great circles from the town in the query to the place in the advert; ``near`` is within
100 miles. Names are spelled as in the adverts, in any language, including misspellings.
"""

from __future__ import annotations

from .predicates import country, place, unplaced

# -- Croatia ---------------------------------------------------------------------------------------

IN_CROATIA = country("HR") | place("Croatia", "Kroatien", "Kroatia", "Trogir", "Pula")

AT_SPLIT = IN_CROATIA & place(
    "Split", "Trogir", "Kastel", "Seget", "Lav", "Vis", "Primosten"
)  # fmt: skip
# Sibenik 30, Murter 45, Biograd 60, Zadar 72 miles. Dubrovnik is 102, Rab 118.
WITHIN_100_MILES_OF_SPLIT = IN_CROATIA & place(
    "Sibenik", "Sibenic", "Murter", "Biograd", "Sukosan", "Zadar", "Zaton", "Dalmatia", "Dalmatien",
    "Dalmacija", "Central Adriatic",
)  # fmt: skip
SOMEWHERE_IN_CROATIA = country("HR") & (unplaced() | place("Dubrovnik", "Adria", "Adriatic"))

# -- Elsewhere -------------------------------------------------------------------------------------

ON_MALLORCA = country("ES") & place(
    "Mallorca", "Palma", "Calvia", "Cala d Or", "Andratx", "Puerto Portals", "Port Adriano", "Porto Adriano",
    "Santa Ponca", "Santa Ponsa", "Palmanova", "Alcudia", "El Toro", "Galatzo",
)  # fmt: skip
ON_OTHER_BALEARICS = country("ES") & place(
    "Baleares", "Balearic Islands", "Ibiza", "Eivissa", "Menorca", "Mahon",
)  # fmt: skip

ON_LAKE_CONSTANCE = country("DE", "CH", "AT") & (
    place(
        "Lake Constance", "Bodensee", "Konstanz", "Kressbronn", "Lindau", "Allensbach", "Überlingen",
        "Gottlieben", "Goldach", "Romanshorn", "Kesswil", "Fussach", "Landschlacht", "Steinach",
        "Stein am Rhein",
    )
)  # fmt: skip

ON_THE_COTE_D_AZUR = country("FR", "MC") & place(
    "Côte d'Azur", "Alpes Maritimes", "Antibes", "Cannes", "Nice", "Mandelieu", "Napoule", "Menton", "Beaulieu",
    "Golfe Juan", "Juan les Pins", "Villeneuve Loubet", "Cap Ferrat", "Théoule", "Cogolin", "Grimaud",
    "Saint Tropez", "Fréjus", "Saint Raphael", "St Raphael", "Les Issambres", "Cavalaire",
)  # fmt: skip
BESIDE_THE_COTE_D_AZUR = country("MC") | country("FR") & place(
    "Paca", "Var", "Bormes les Mimosas", "Le Lavandou", "Hyères", "Toulon", "South of France", "Südfrankreich",
    "Bandol", "Sanary sur Mer", "Seyne sur Mer", "Six Fours les Plages", "Monaco",
)  # fmt: skip
