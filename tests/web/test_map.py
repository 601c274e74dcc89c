"""Results on a map: points, layout, and the sources of tiles."""

from __future__ import annotations

import pytest

from marinemarket.composition import Market
from marinemarket.config.settings import Settings, load
from marinemarket.errors import Invalid
from marinemarket.listings.listing import Listing
from tests.builders import a_listing

from .conftest import Client, Reached, offer

pytestmark = pytest.mark.anyio


def _at(name: str, lat: float, lon: float, **overrides: object) -> Listing:
    where = {"country": "US", "state": "FL", "coordinates": {"lat": lat, "lon": lon}}
    return a_listing(name=name, location=where, **overrides)


async def test_points_are_those_of_the_search_within_the_view(
    market: Market, client: Client
) -> None:
    south, north = _at("south", 25.5, -80.2, price=4_550_000), _at("north", 30.3, -81.6)
    await offer(market, south, north, a_listing(name="somewhere"))
    everything = (await client.get("/boats/points")).json()
    assert (everything["total"], everything["unplaced"]) == (2, 1)
    labels = {boat["lat"]: boat["label"] for boat in everything["boats"]}
    assert labels == {25.5: "$46K", 30.3: "$120K"}
    for narrowed in ("within=25,-81,26,-80", "box=25,-81,26,-80", "price_max=50000"):
        found = (await client.get(f"/boats/points?{narrowed}")).json()
        assert [boat["lat"] for boat in found["boats"]] == [25.5]
    drawn = "polygon=25,-81+26,-81+26,-80+25,-80"
    assert (await client.get(f"/boats/points?{drawn}")).json()["total"] == 1
    assert (await client.get("/boats/points?within=nonsense")).json()["total"] == 2


async def test_a_view_is_chosen_by_address_and_remembered(market: Market, client: Client) -> None:
    await offer(market, _at("south", 25.5, -80.2))
    first = await client.get("/boats?view=map&q=oceanis")
    assert 'data-view="map"' in first.text
    assert "results-map" in first.text
    assert first.headers["set-cookie"].startswith("view=map;")
    again = await client.get("/boats")
    assert 'data-view="map"' in again.text
    assert "set-cookie" not in again.headers
    chosen = await client.get("/boats?view=list&q=oceanis&sort=price")
    assert 'data-view="list"' in chosen.text
    assert "results-map" not in chosen.text
    assert "/boats?q=oceanis&amp;view=list&amp;sort=price" in chosen.text
    assert (await client.get("/boats?view=nonsense")).status_code == 200


async def test_only_the_host_of_the_settings_may_send_tiles(reached: Reached) -> None:
    async with reached() as plain:
        policy = (await plain.get("/boats")).headers["content-security-policy"]
        assert "img-src 'self' data: blob:;" in policy
    async with reached(map_tiles="http://{s}.tiles.example:8080/{z}/{x}/{y}.png") as tiled:
        policy = (await tiled.get("/boats")).headers["content-security-policy"]
        assert "img-src 'self' data: blob: http://*.tiles.example:8080;" in policy


@pytest.mark.parametrize(
    "tiles",
    [
        "https://tiles.example/plain.png",
        "javascript:{z}{x}{y}",
        "https://a; script-src *;/{z}/{x}/{y}",
        "https://tiles.example/{z}/{x}/{y}; script-src 'unsafe-inline'",
    ],
)
def test_what_are_no_tiles_is_refused(tiles: str) -> None:
    with pytest.raises(Invalid):
        load({"MARINEMARKET_MAP_TILES": tiles})
    assert Settings().map_tiles is None
