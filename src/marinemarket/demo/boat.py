"""A boat that is becoming an advert."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from .catalogue import BoatModel
from .engine_catalogue import EngineModel
from .harbours import Harbour

# Makers whose models are known without the maker's name.
_UNSAID = frozenset({"J Boats", "RS Sailing", "LaserPerformance", "Hobie Cat"})

TOGETHER = ("", "", "Twin", "Triple", "Quad")
"""What so many engines on one boat are called."""


@dataclass(slots=True)
class Boat:
    """One boat, from the choice of model until its advert is written.

    `water` is the key of HARBOURS that its harbour is on, and `days_ago` how many days ago it was
    `listed`. It has `engines` identical engines, each an `engine`, which is None if it has none.
    `repowered` is the year in which they replaced the original ones, 0 if these are original, and
    `hours` is None if unknown. The `seller` is an owner, a broker or a dealer. `charter` is whether
    it was ever chartered, `original` whether its owner bought it new, and `trailer` whether one is
    included. The `price` is today's, in cents; `history` is what was asked since the first day, if
    that ever changed. `tags` are the facts about it, in the words that the conditions in
    :mod:`.wording` use.
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
        """Years from the model year to the year of listing; -1 for next year's model."""
        return self.listed.year - self.year

    @property
    def is_new(self) -> bool:
        """Whether it has had no owner yet: dealers sell only such boats."""
        return self.seller == "dealer"

    @property
    def name(self) -> str:
        """Maker and model, without repeating a name that they share."""
        maker, name = self.model.maker, self.model.name
        return name if maker in name or maker in _UNSAID else f"{maker} {name}"
