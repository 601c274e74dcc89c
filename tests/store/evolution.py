"""A fictitious history of one table, as several versions of the code know it.

Version 1 only adds the number. In version 2, `title` is called `name`. In version 3, `name` is split
into `maker` and `model`, at its first space.
"""

from __future__ import annotations

from pathlib import Path

from marinemarket.clock import Clock, now_ms
from marinemarket.store.active_version import ActiveVersion
from marinemarket.store.item_versions import Evolution, ItemVersions
from marinemarket.store.items import Item
from marinemarket.store.schema import CLAIMS, LISTINGS
from marinemarket.store.sqlite import SqliteStore
from marinemarket.store.versioned_store import VersionedStore


def _named(part: Item) -> Item:
    return {"name" if name == "title" else name: value for name, value in part.items()}


def _titled(part: Item) -> Item:
    return {"title" if name == "name" else name: value for name, value in part.items()}


def _split(part: Item) -> Item:
    if "name" not in part:
        return part
    maker, space, model = part["name"].partition(" ")
    return {"maker": maker} | ({"model": model} if space else {})


def _joined(part: Item) -> Item:
    if "maker" not in part:
        return part
    return {"name": " ".join([part["maker"], *([part["model"]] if "model" in part else [])])}


HISTORY = (
    Evolution(LISTINGS, 1),
    Evolution(LISTINGS, 2, ("title", "name"), _named, _titled),
    Evolution(LISTINGS, 3, ("name", "maker", "model"), _split, _joined),
)


def shapes(version: int) -> ItemVersions:
    """What a version of the code knows. Claims only have a number."""
    return ItemVersions([*HISTORY[:version], Evolution(CLAIMS, 1)])


def opened(path: Path, version: int, *, clock: Clock = now_ms) -> VersionedStore:
    """A market's file as a version of the code opens it, with an always current record."""
    engine = SqliteStore(path, secret_key="a secret key", clock=clock)
    known = shapes(version)
    return VersionedStore(engine, known, ActiveVersion(engine, known, known_for=0))
