"""How each type of boat sells, ages and is used."""

from __future__ import annotations

from typing import NamedTuple


class Trade(NamedTuple):
    """What is typical of one type of boat.

    `share` is how often the type is for sale, relative to the others. Of the new price, `loss` is the
    share lost with the first owner and `floor` the share that is never lost; of what is in between,
    `rate` is lost each year. `hours` are engine hours per year, and `span` is the age in years at
    which a model year has become about a third as common.
    """

    share: int
    loss: float
    rate: float
    floor: float
    hours: int
    span: float


TRADES: dict[str, Trade] = {
    "bowrider": Trade(32, 0.10, 0.075, 0.03, 38, 11),
    "cabin-cruiser": Trade(16, 0.12, 0.070, 0.03, 60, 13),
    "catamaran": Trade(18, 0.10, 0.055, 0.05, 170, 9),
    "center-console": Trade(46, 0.08, 0.060, 0.04, 85, 8),
    "classic": Trade(7, 0.00, 0.000, 1.00, 10, 60),
    "cuddy-cabin": Trade(10, 0.10, 0.070, 0.03, 50, 13),
    "day-sailer": Trade(9, 0.10, 0.055, 0.05, 10, 20),
    "deck-boat": Trade(7, 0.10, 0.075, 0.03, 40, 10),
    "dinghy": Trade(9, 0.10, 0.080, 0.08, 5, 12),
    "express-cruiser": Trade(22, 0.12, 0.075, 0.03, 48, 13),
    "fishing-boat": Trade(24, 0.09, 0.062, 0.04, 75, 11),
    "flybridge": Trade(16, 0.12, 0.070, 0.03, 75, 13),
    "houseboat": Trade(5, 0.10, 0.050, 0.06, 35, 18),
    "inflatable": Trade(11, 0.12, 0.080, 0.06, 35, 9),
    "launch": Trade(7, 0.08, 0.050, 0.05, 60, 14),
    "mega-yacht": Trade(3, 0.12, 0.062, 0.03, 260, 14),
    "motor-yacht": Trade(18, 0.12, 0.065, 0.03, 75, 15),
    "motorboat": Trade(12, 0.09, 0.065, 0.04, 55, 8),
    "motorsailer": Trade(5, 0.08, 0.050, 0.05, 70, 30),
    "pilothouse": Trade(12, 0.08, 0.055, 0.04, 75, 11),
    "pontoon": Trade(24, 0.12, 0.070, 0.04, 45, 7),
    "power-catamaran": Trade(6, 0.10, 0.060, 0.04, 95, 11),
    "runabout": Trade(12, 0.09, 0.065, 0.04, 45, 9),
    "sailboat": Trade(56, 0.10, 0.058, 0.03, 52, 20),
    "ski-boat": Trade(15, 0.09, 0.070, 0.05, 60, 10),
    "sport-boat": Trade(10, 0.11, 0.062, 0.05, 32, 15),
    "trawler": Trade(17, 0.08, 0.048, 0.04, 120, 24),
    "trimaran": Trade(4, 0.08, 0.050, 0.06, 20, 16),
    "workboat": Trade(4, 0.10, 0.050, 0.05, 420, 20),
}

SAILING = frozenset({"sailboat", "catamaran", "trimaran", "motorsailer", "day-sailer", "dinghy"})
"""The types that sail."""
