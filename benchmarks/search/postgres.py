"""The SQL competitor: PostgreSQL full-text search and PostGIS, with the usual indexes.

It has PostgreSQL's own text search: no synonyms, no spelling correction. Facets are one query on the
boats found, each ignoring its own selection; the sort order is ours.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any

import psycopg

from marinemarket.search.facets import FACETS, MOST_VALUES, RANGE_FACETS
from marinemarket.search.filters import Sort
from marinemarket.search.geography import UNIT, Area, Bounds, Circle
from marinemarket.search.index import IndexQuery

from .corpus import Boat

_METRES_IN_A_MILE = 1609.344
_TERMS = {"type": "type", "maker": "maker", "state": "state", "country": "country",
          "condition": "condition", "fuel": "fuel", "seller": "seller"}  # fmt: skip
_FIGURES = ("price", "year", "length", "beam", "draft", "hours", "cabins", "berths")

_MADE = f"""
DROP TABLE IF EXISTS boats;
CREATE TABLE boats (
  id uuid PRIMARY KEY, listed_at bigint, spot geography(Point), words tsvector, features text[],
  {", ".join(f"{name} text" for name in _TERMS)}, {", ".join(f"{name} int" for name in _FIGURES)}
)
"""
_INDEXES = (
    "CREATE INDEX ON boats USING gin (words)", "CREATE INDEX ON boats USING gin (features)",
    "CREATE INDEX ON boats USING gist (spot)", "CREATE INDEX ON boats (listed_at DESC)",
    "CREATE INDEX ON boats (price)", "CREATE INDEX ON boats (type, price)", "CREATE INDEX ON boats (state)",
    "CREATE INDEX ON boats (maker)", "CREATE INDEX ON boats (year)", "ANALYZE boats",
)  # fmt: skip
_ORDERS = {Sort.PRICE: "price, id", Sort.NEWEST: "listed_at DESC, id"}


class Postgres:
    """One connection, as one visitor uses at a time."""

    def __init__(self, address: str) -> None:
        self.connection = psycopg.connect(address, autocommit=True)

    def build(self, boats: Iterable[Boat]) -> float:
        """Load and index; returns the database's seconds, without generating the boats."""
        spent = 0.0
        with self.connection.cursor() as cursor:
            cursor.execute(_MADE)
            columns = ("id", "listed_at", "spot", "words", "features", *_TERMS, *_FIGURES)
            with cursor.copy(f"COPY boats ({', '.join(columns)}) FROM STDIN") as copy:
                for boat in boats:
                    row = _row(boat)
                    began = time.perf_counter()
                    copy.write_row(row)
                    spent += time.perf_counter() - began
            began = time.perf_counter()
            for statement in _INDEXES:
                cursor.execute(statement.encode())
            spent += time.perf_counter() - began
        return spent

    def megabytes(self) -> int:
        row = self.connection.execute("SELECT pg_total_relation_size('boats')").fetchone()
        assert row is not None
        return int(row[0]) // 1_000_000

    def search(self, wanted: IndexQuery, words: str) -> int:
        """A page with its total and all facets, in two queries; returns how many boats matched."""
        conditions = list(_conditions(wanted, words))
        where, values = _joined(conditions)
        order = _order(wanted, words)
        page = f"SELECT id FROM boats WHERE {where} ORDER BY {order[0]} LIMIT {wanted.limit + 1}"
        self.connection.execute(page.encode(), values | order[1]).fetchall()
        total = 0
        for facet in (None, *FACETS):
            # `None` counts all matches: it ignores no condition.
            kept, values = _joined([c for c in conditions if c[0] is None or c[0] != facet])
            found = self.connection.execute(_counting(facet, kept).encode(), values).fetchall()
            if facet is None:
                total = int(found[0][0])
        return total


def _row(boat: Boat) -> tuple[Any, ...]:
    d = boat.document
    assert d.lat is not None
    assert d.lon is not None
    words = " ".join(f"'{token}'" for token in sorted(d.tokens) if token.isalnum())
    return (
        d.id, d.listed_at, f"POINT({d.lon / UNIT} {d.lat / UNIT})", words, list(d.features),
        *(d.terms[name] for name in _TERMS), *(d.figures[name] for name in _FIGURES),
    )  # fmt: skip


_Condition = tuple[str | None, str, dict[str, Any]]


def _conditions(wanted: IndexQuery, words: str) -> Iterable[_Condition]:
    yield None, "true", {}
    if words:
        yield None, "words @@ %(words)s::tsquery", {"words": " & ".join(words.lower().split())}
    for name, of in wanted.any_of.items():
        yield name, f"{name} = ANY(%({name})s)", {name: sorted(of)}
    for name, span in wanted.spans.items():
        if span.lowest is not None:
            yield name, f"{name} >= %({name}_min)s", {f"{name}_min": span.lowest}
        if span.highest is not None:
            yield name, f"{name} <= %({name}_max)s", {f"{name}_max": span.highest}
    for place in wanted.places:
        yield "state", "state = %(place)s", {"place": f"US-{place.upper()}"}
    for feature in wanted.features:
        yield "features", "features @> ARRAY[%(feature)s]", {"feature": feature.capitalize()}
    yield from ((None, _lying_in(area), {}) for area in wanted.areas)


def _lying_in(area: Area) -> str:
    if isinstance(area, Circle):
        return f"ST_DWithin(spot, {_point(area.middle)}, {area.miles * _METRES_IN_A_MILE})"
    assert isinstance(area, Bounds)
    sides = (area.west / UNIT, area.south / UNIT, area.east / UNIT, area.north / UNIT)
    return f"spot::geometry && ST_MakeEnvelope{(*sides, 4326)}"


def _point(at: tuple[int, int]) -> str:
    return f"ST_MakePoint({at[1] / UNIT}, {at[0] / UNIT})::geography"


def _joined(conditions: Iterable[_Condition]) -> tuple[str, dict[str, Any]]:
    texts: list[str] = []
    values: dict[str, Any] = {}
    for _, text, more in conditions:
        texts.append(text)
        values |= more
    return " AND ".join(texts), values


def _order(wanted: IndexQuery, words: str) -> tuple[str, dict[str, Any]]:
    if wanted.order is Sort.DISTANCE and wanted.middle is not None:
        return f"spot <-> {_point(wanted.middle)}", {}
    if wanted.order is Sort.RELEVANCE and words:
        asked = " & ".join(words.lower().split())
        return "ts_rank(words, %(asked)s::tsquery) DESC, listed_at DESC", {"asked": asked}
    return _ORDERS.get(wanted.order, "listed_at DESC, id"), {}


def _counting(facet: str | None, where: str) -> str:
    if facet is None:
        return f"SELECT count(*) FROM boats WHERE {where}"
    of = "boats, unnest(features) AS value" if facet == "features" else "boats"
    value = {
        "features": "value",
        "price": "width_bucket(price, 0, 500000000, 25)",
        "year": "year / 2",
    }
    ordered = "" if facet in RANGE_FACETS else f" ORDER BY 2 DESC, 1 LIMIT {MOST_VALUES}"
    return f"SELECT {value.get(facet, facet)}, count(*) FROM {of} WHERE {where} GROUP BY 1{ordered}"
