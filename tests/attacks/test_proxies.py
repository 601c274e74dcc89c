"""The client address: only a trusted proxy may set it."""

from __future__ import annotations

import pytest

from marinemarket.composition import Market
from marinemarket.config.settings import load
from marinemarket.errors import Invalid
from tests.web.conftest import offer

from .conftest import Reached

pytestmark = pytest.mark.anyio

PROXY = "10.0.0.5"


async def _left(reached: Reached, peer: str, *forwarded: str, trusted: str = "") -> str:
    """How many searches are left to whoever a request is held to come from, of two."""
    async with reached(peer=peer, trusted_proxies=trusted, limit_search="2/minute") as client:
        headers = [("X-Forwarded-For", one) for one in forwarded]
        answer = await client.get("/api/v1/listings", headers=headers)
        return answer.headers["ratelimit"].split(";")[1] if answer.status_code != 429 else "none"


async def test_a_forwarded_address_from_anybody_is_ignored(
    market: Market, reached: Reached
) -> None:
    await offer(market)
    lines = [await _left(reached, "203.0.113.9", f"198.51.100.{n}") for n in range(3)]
    assert lines == ["r=1", "r=0", "none"], "three claims, one client"
    other = await _left(reached, "203.0.113.10", "198.51.100.1", trusted="10.0.0.0/8")
    assert other == "r=1"
    assert await _left(reached, "203.0.113.10", "198.51.100.7", trusted="10.0.0.0/8") == "r=0"


@pytest.mark.parametrize("trusted", ["10.0.0.5", "10.0.0.0/8", "192.0.2.1, 10.0.0.5/16"])
async def test_of_a_proxys_list_the_last_stranger_counts(
    market: Market, reached: Reached, trusted: str
) -> None:
    await offer(market)
    # The client made up what stands to the left; the proxies wrote what stands to the right.
    for made_up, left in (("1.1.1.1", "r=1"), ("2.2.2.2", "r=0"), ("3.3.3.3", "none")):
        text = (f"{made_up}, 198.51.100.1", PROXY)
        assert await _left(reached, PROXY, *text, trusted=trusted) == left
    assert await _left(reached, PROXY, "198.51.100.2:5123", trusted=trusted) == "r=1"
    assert await _left(reached, "::ffff:10.0.0.5", "198.51.100.2", trusted=trusted) == "r=0"


@pytest.mark.parametrize(
    "garbage",
    ["", "unknown", "'; --", "999.1.1.1", "[::1", "1.2.3.4:x:y", "a" * 5000, ",,,", "_hidden", "\xff"],
)  # fmt: skip
async def test_garbage_is_counted_as_the_proxy_itself(
    market: Market, reached: Reached, garbage: str
) -> None:
    await offer(market)
    async with reached(peer=PROXY, trusted_proxies=PROXY, limit_search="2/minute") as client:
        for left in ("r=1", "r=0"):
            answer = await client.get(
                "/api/v1/listings", headers={b"X-Forwarded-For": garbage.encode("latin-1")}
            )
            assert (answer.status_code, answer.headers["ratelimit"].split(";")[1]) == (200, left)
        assert (await client.get("/api/v1/listings")).status_code == 429


async def test_a_visitor_behind_a_proxy_on_this_machine_is_not_of_this_machine(
    reached: Reached,
) -> None:
    async with reached(peer="127.0.0.1", trusted_proxies="127.0.0.1", metrics="local") as client:
        assert (await client.get("/metrics")).status_code == 200
        for claimed in ("203.0.113.1", "127.0.0.1"):
            headers = {"X-Forwarded-For": claimed}
            assert (await client.get("/metrics", headers=headers)).status_code == 404


@pytest.mark.parametrize("named", ["*", "the-proxy", "10.0.0.0/33", "10.0.0.1;10.0.0.2"])
def test_proxies_are_named_by_address_or_not_at_all(named: str) -> None:
    with pytest.raises(Invalid, match="MARINEMARKET_TRUSTED_PROXIES: must be addresses"):
        load({"MARINEMARKET_TRUSTED_PROXIES": named})


@pytest.mark.parametrize("text", ["10", "0/minute", "10/week", "-1/hour", "10 / minute", "OFF"])
def test_a_limit_that_says_nothing_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(Invalid, match="MARINEMARKET_LIMIT_SEARCH: must be like 10/minute"):
        load({"MARINEMARKET_LIMIT_SEARCH": text})
    assert load({"MARINEMARKET_LIMIT_SEARCH": "off"}).limit("search") is None
