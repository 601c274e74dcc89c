"""Which metrics are counted, and who may read them."""

from __future__ import annotations

import urllib.error
import urllib.request
from pathlib import Path

import pytest
from litestar.testing import AsyncTestClient
from prometheus_client.parser import text_string_to_metric_families

from marinemarket.composition import Market
from marinemarket.web.app import create_app
from tests.builders import a_listing
from tests.servers import RunningMarket

from .conftest import Client, offer

pytestmark = pytest.mark.anyio


def counted(text: str, name: str, **labels: str) -> float:
    """The sum of a metric's samples that carry these labels."""
    return sum(
        sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.name == name and labels.items() <= sample.labels.items()
    )


async def _shown(market: Market, readers: str) -> str:
    settings = market.settings.model_copy(update={"metrics": readers})
    async with AsyncTestClient(create_app(settings, clock=market.clock)) as client:
        answer = await client.get("/metrics")
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/plain")
        assert answer.headers["content-type"].count("charset=") == 1
        return answer.text


@pytest.mark.parametrize("readers", ["none", "local"])
async def test_who_may_not_read_the_metrics_finds_nothing_there(
    market: Market, readers: str
) -> None:
    """The test client has no address of this machine, nor of any other."""
    settings = market.settings.model_copy(update={"metrics": readers})
    async with AsyncTestClient(create_app(settings)) as client:
        assert (await client.get("/metrics")).status_code == 404


async def test_requests_are_counted_by_the_template_of_their_route(
    market: Market, client: Client
) -> None:
    await offer(market, a_listing())
    route = "/api/v1/listings/{listing_id}"
    before = await _shown(market, "all")
    assert (await client.get(f"/api/v1/listings/{a_listing().id}")).status_code == 200
    for name in ("one", "two"):
        assert (await client.get(f"/api/v1/listings/{name}")).status_code == 404
    after = await _shown(market, "all")

    def grown(name: str, **labels: str) -> float:
        return counted(after, name, **labels) - counted(before, name, **labels)

    asked = {"route": route, "method": "GET"}
    assert grown("marinemarket_requests_total", status="200", **asked) == 1
    assert grown("marinemarket_requests_total", status="404", **asked) == 2
    assert grown("marinemarket_request_seconds_count", route=route) == 3
    assert a_listing().id not in after


def test_the_counts_of_all_processes_are_summed_and_begin_anew_with_each_start(
    tmp_path: Path,
) -> None:
    for _ in range(2):
        with RunningMarket(tmp_path / "data", "--workers", "2") as running:
            for number in range(40):
                assert running.get(f"/api/v1/listings/{number}")[0] == 404
            status, text = running.get("/metrics")
            assert status == 200
            route = "/api/v1/listings/{listing_id}"
            assert counted(text, "marinemarket_requests_total", route=route, status="404") == 40
            assert counted(text, "marinemarket_listing_cache_misses_total") == 40
            forwarded = urllib.request.Request(
                running.address + "/metrics", headers={"X-Forwarded-For": "127.0.0.1"}
            )
            with pytest.raises(urllib.error.HTTPError, match="404") as refused:
                urllib.request.urlopen(forwarded, timeout=60)
            refused.value.close()
