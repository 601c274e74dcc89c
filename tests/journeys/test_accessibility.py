"""axe-core looks at every page, on a desk in daylight and on a phone in the dark: no violation."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.running import RunningMarket

from .members import A_MINUTE, DESK, PHONE, a_market, a_page, register, sign_in

pytestmark = pytest.mark.browser

AXE = Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js"

LOOKS: list[dict[str, Any]] = [
    {"viewport": DESK, "color_scheme": "light"},
    {"viewport": PHONE, "color_scheme": "dark"},
]
NAMES = ["desk, light", "phone, dark"]


@pytest.fixture(params=LOOKS, ids=NAMES)
def page(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    context = chromium.new_context(**request.param, reduced_motion="reduce")
    context.set_default_timeout(A_MINUTE)
    yield context.new_page()
    context.close()


def violations(page: Page) -> list[str]:
    """What axe finds wrong with a page as it stands: the rule, and where."""
    if not AXE.is_file():
        pytest.skip("axe-core was not fetched at set-up, so nobody judges the pages")
    page.evaluate(AXE.read_text())
    found = page.evaluate("axe.run({resultTypes: ['violations']})")
    return [
        f"{one['id']}: {node['target']} {node['html'][:120]}"
        for one in found["violations"]
        for node in one["nodes"]
    ]


def looked_at(page: Page, addresses: list[str]) -> dict[str, list[str]]:
    """What is wrong with each of some pages; nothing of those that are well."""
    wrong = {}
    for address in addresses:
        page.goto(address)
        if found := violations(page):
            wrong[address] = found
    return wrong


def test_what_visitors_see(demo: RunningMarket, page: Page) -> None:
    page.goto(f"{demo.address}/boats")
    boats = [str(link.get_attribute("href")) for link in page.locator("a.card-link").all()[:3]]
    id = boats[0].split("/")[2]
    page.goto(f"{demo.address}{boats[0]}")
    seller = page.locator('a[href^="/sellers/"]').first.get_attribute("href")
    paths = [
        "/", "/boats", "/boats?view=list", "/boats?view=map", "/boats?q=nothing+like+this+at+all",
        "/boats?q=benetau+under+200k&type=sailboat&price_min=x", boats[0], str(seller),
        f"/boats/{id}/report", f"/boats/{id}/inquiry", "/compare", "/watchlist", "/sell",
        "/compare?" + "&".join(f"boat={boat.split('/')[2]}" for boat in boats),
        "/account/sign-in", "/account/register", "/account/reset", "/nowhere", "/mail",
    ]  # fmt: skip
    assert looked_at(page, [f"{demo.address}{path}" for path in paths]) == {}


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningMarket]:
    with a_market(tmp_path_factory.mktemp("looked-at") / "data") as market:
        yield market


def test_what_members_see(chromium: Browser, market: RunningMarket, page: Page) -> None:
    email = f"carla{(page.viewport_size or DESK)['width']}@example.com"
    other = a_page(chromium, market, DESK, scripts=True)
    register(other, email)
    other.context.close()
    page.goto(f"{market.address}/account/sign-in")
    sign_in(page, email)
    page.goto(f"{market.address}/sell")
    page.get_by_role("button", name="Begin").click()
    page.wait_for_url("**/sell/*-*")
    draft = page.url.removeprefix(market.address).partition("?")[0]
    paths = [
        "/account", "/account/security", "/account/boats", "/account/messages",
        "/account/searches", "/account/leaving", "/sell", draft, f"{draft}/photos",
    ]  # fmt: skip
    assert looked_at(page, [f"{market.address}{path}" for path in paths]) == {}
