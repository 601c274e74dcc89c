"""A realistic demonstration market: boats that could be for sale, generated from a seed.

The catalogue has the models, the harbours where they are, the trades how each type sells, and the
wording what sellers write. Each boat gets a model, then engine, use, price and traits, each of which
depends on those before; together they make its advert.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

from .advert import advert
from .engines import give_engine
from .selection import choose, type_at
from .traits import give_features, give_tags
from .usage import give_condition, give_hours, give_trailer
from .valuation import give_price


def boats(count: int, *, seed: int = 7, this_year: int, now_ms: int) -> Iterator[dict[str, Any]]:
    """This many adverts in wire format, the same for the same arguments.

    Lengths are feet, weights pounds, prices US cents; `now_ms` is the Unix time in milliseconds that
    `daysAgo` refers to. With the same seed, a smaller count gives the beginning of a larger one.
    """
    for index in range(count):
        rng = Random(f"{seed}:{index}")
        boat = choose(type_at(seed, index), rng, this_year, now_ms)
        give_engine(boat, rng)
        give_hours(boat, rng)
        give_condition(boat, rng)
        give_trailer(boat, rng)
        give_price(boat, rng)
        give_tags(boat)
        give_features(boat, rng)
        yield advert(boat, rng)
