"""A search query is parsed once per page, however many parts of the page use it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from marinemarket.composition import Market
from marinemarket.search import query_parser
from marinemarket.search.quantities import figures_in
from tests.builders import a_listing

from .conftest import Client, offer
from .visitors import signed_in

pytestmark = pytest.mark.anyio

WORDS = "sloop under $900k"


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts that the query parser was given: each reading begins with a text's figures."""
    texts: list[str] = []
    read: Callable[[str], Any] = figures_in

    def noting(text: str) -> Any:
        texts.append(text)
        return read(text)

    monkeypatch.setattr(query_parser, "figures_in", noting)
    return texts


async def test_each_way_to_ask_for_boats_parses_the_words_once(
    market: Market, client: Client, parsed: list[str]
) -> None:
    await offer(market, a_listing(title="A sloop"))
    for address in ("/boats", "/boats.atom", "/boats/points", "/api/v1/listings"):
        parsed.clear()
        answer = await client.get(address, params={"q": WORDS})
        assert answer.status_code == 200
        assert parsed == [WORDS], address
    parsed.clear()
    answer = await client.post("/api/v1/search", json={"query": WORDS})
    assert answer.json()["total"] == 1
    assert parsed == [WORDS]


async def test_a_page_asked_for_with_a_wrong_cursor_parses_the_words_once(
    market: Market, client: Client, parsed: list[str]
) -> None:
    await offer(market, a_listing(title="A sloop"))
    parsed.clear()
    answer = await client.get("/boats", params={"q": WORDS, "after": "nonsense"})
    assert answer.status_code == 200
    assert parsed == [WORDS]


async def test_searches_without_one_filter_know_what_the_words_mean(
    market: Market, client: Client, parsed: list[str]
) -> None:
    await offer(market, a_listing(title="A sloop"))
    parsed.clear()
    asked = {"q": "sloop", "type": "trawler", "price_max": "1"}
    page = (await client.get("/boats", params=asked)).text
    assert "No boats match your search" in page
    # Without its words it is another search, which has none to read.
    assert [text for text in parsed if text] == ["sloop"]


async def test_saving_a_search_parses_no_words(
    market: Market, client: Client, parsed: list[str]
) -> None:
    """A search is kept and listed as it was typed; its words are read where boats are looked for."""
    headers = await signed_in(market)
    wish = {"name": "Sloops", "filters": {"query": WORDS}}
    await client.post("/api/v1/me/saved-searches", json=wish, headers=headers)
    listed = await client.get("/api/v1/me/saved-searches", headers=headers)
    assert [one["name"] for one in listed.json()["results"]] == ["Sloops"]
    assert parsed == []
