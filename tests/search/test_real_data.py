"""Search over real adverts, through a running market, against a plain loop over its export."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import Any

import httpx
import pytest

from tests.running import RunningMarket, command

from . import oracle

pytestmark = pytest.mark.real_data

SEARCHES = 60
"""By default; the closing notes of a release quote a run of 500."""


def test_random_searches_over_real_adverts_equal_a_plain_loop(
    real_market: Path, tmp_path: Path
) -> None:
    target = tmp_path / "all.jsonl"
    command(real_market, "export", "listings", "--to", str(target))
    exported = [json.loads(line) for line in target.read_text().splitlines()]
    assert len(exported) > 8000
    chance = Random(7)
    with (
        RunningMarket(real_market, LIMIT_SEARCH="off") as market,
        httpx.Client(base_url=market.address, timeout=60) as client,
    ):
        market.wait_until_ready()
        for _ in range(SEARCHES):
            asked = _filters(chance, exported)
            expected = oracle.found_by(asked, exported)
            total, results = _every_page(client, asked)
            assert total == len(expected), asked
            assert sorted(r["id"] for r in results) == sorted(e["id"] for e in expected), asked
            seen = [oracle.ordered(asked, [result])[0] for result in results]
            assert seen == oracle.ordered(asked, results), asked


def _every_page(client: httpx.Client, asked: dict[str, Any]) -> tuple[int, list[Any]]:
    results: list[Any] = []
    page = asked | {"limit": 100}
    while True:
        body = client.post("/api/v1/search", json=page).raise_for_status().json()
        results += body["results"]
        if body["next"] is None:
            return body["total"], results
        page = asked | {"limit": 100, "after": body["next"]}


def _filters(chance: Random, exported: list[dict[str, Any]]) -> dict[str, Any]:
    """A search whose figures and words stand in some of the adverts, so that bounds are met exactly."""
    one, other = chance.choice(exported), chance.choice(exported)
    asked: dict[str, Any] = {}
    if chance.random() < 0.5:
        asked["priceRange"] = _bounds(chance, one["price"], other["price"])
    if chance.random() < 0.4:
        asked["yearRange"] = _bounds(
            chance, *(b["boatDetails"].get("year", 2000) for b in (one, other))
        )
    if chance.random() < 0.4:
        asked["lengthRange"] = _bounds(
            chance, *(b["boatDetails"].get("length", 30) for b in (one, other))
        )
    if chance.random() < 0.4:
        asked["boatType"] = [one["boatDetails"]["type"], other["boatDetails"]["type"]]
    if chance.random() < 0.4:
        asked["location"] = {"country": one["location"]["country"]}
        if "state" in one["location"]:
            asked["location"] = {"state": one["location"]["state"]}
    if chance.random() < 0.5:
        asked["query"] = " ".join(
            chance.sample(other["title"].split(), min(2, len(other["title"].split())))
        )
    asked["sort"] = chance.choice(
        ("relevance", "newest", "price", "-price", "length", "-length", "year", "-year")
    )
    return asked


def _bounds(chance: Random, one: Any, other: Any) -> dict[str, Any]:
    lowest, highest = sorted((one, other))
    return chance.choice(({"min": lowest}, {"max": highest}, {"min": lowest, "max": highest}))
