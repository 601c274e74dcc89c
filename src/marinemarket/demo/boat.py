"""A boat that is becoming an advert."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from .catalogue import BoatModel
from .engine_catalogue import EngineModel
from .harbours import Harbour

# Makers whose models are known by their own names.
_UNSAID = frozenset({"J Boats", "RS Sailing", "LaserPerformance", "Hobie Cat"})

TOGETHER = ("", "", "Twin", "Triple", "Quad")
"""What so many engines on one boat are called."""


@dataclass(slots=True)
class Boat:
    """One boat, from the choice of her model until her advert is written.

    `water` is the one of HARBOURS that her harbour is on, and `days_ago` how long before now she
    was `listed`. She has as many `engines`, all alike, each an `engine`; None if she has none.
    `repowered` is the year in which they took the place of the first ones, 0 if these are they, and
    `hours` are None where nobody knows them. The `seller` is an owner, a broker or a dealer.
    `charter` is whether she was ever let, `original` whether her owner bought her new, and
    `trailer` whether one comes with her. The `price` is today's, in cents; `history` is what was
    asked since the first day, if that ever changed. `tags` are what is true of her, in the words
    in which :mod:`.wording` puts its conditions.
    """

    type: str
    model: BoatModel
    water: str
    harbour: Harbour
    days_ago: int
    listed: datetime
    year: int
    engine: EngineModel | None = None
    engines: int = 0
    drive: str = ""
    repowered: int = 0
    hours: int | None = None
    condition: str = "Good"
    seller: str = "owner"
    charter: bool = False
    original: bool = False
    trailer: bool = False
    price: int = 0
    history: list[dict[str, int]] = field(default_factory=list)
    features: list[str] = field(default_factory=list)
    tags: set[str] = field(default_factory=set)

    @property
    def age(self) -> int:
        """Years from her model year to the one in which she was listed; -1 for next year's."""
        return self.listed.year - self.year

    @property
    def is_new(self) -> bool:
        """Whether she has had no owner yet: dealers sell no others."""
        return self.seller == "dealer"

    @property
    def name(self) -> str:
        """Maker and model, a name that both share said once."""
        maker, name = self.model.maker, self.model.name
        return name if maker in name or maker in _UNSAID else f"{maker} {name}"
