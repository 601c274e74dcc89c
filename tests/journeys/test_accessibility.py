"""axe-core finds no violation on any page, on a light desktop and on a dark phone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.listings.importing.test_uploads import HEADER, row
from tests.servers import RunningMarket

from .members import (
    A_MINUTE,
    DESK,
    PHONE,
    a_market,
    a_moderator,
    a_page,
    open_case,
    register,
    sign_in,
)

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
    page.get_by_role("button", name="Create advert").click()
    page.wait_for_url("**/sell/*-*")
    draft = page.url.removeprefix(market.address).partition("?")[0]
    paths = [
        "/account", "/account/security", "/account/boats", "/account/messages",
        "/account/searches", "/account/leaving", "/sell", draft, f"{draft}/photos",
    ]  # fmt: skip
    assert looked_at(page, [f"{market.address}{path}" for path in paths]) == {}


def test_what_brokers_and_moderators_see(
    chromium: Browser, market: RunningMarket, tmp_path: Path
) -> None:
    """Each page on the way of a fleet from its file to a case, in both looks as it stands there."""
    wrong: dict[str, list[str]] = {}

    def look(page: Page, name: str) -> None:
        for how, ours in zip(NAMES, LOOKS, strict=True):
            page.set_viewport_size(ours["viewport"])
            page.emulate_media(color_scheme=ours["color_scheme"], reduced_motion="reduce")
            if found := violations(page):
                wrong[f"{name}, {how}"] = found

    title = "Catalina 34 number 1"
    file = tmp_path / "fleet.csv"
    boats = [row(f"A{n}", title=f"Catalina 34 number {n}") for n in range(2)]
    file.write_text("\n".join([HEADER, *boats, row("A9", price="far too much")]))

    broker = a_page(chromium, market, DESK, scripts=True)
    register(broker, "dora@example.com")
    sign_in(broker, "dora@example.com")
    broker.get_by_label("Broker, dealer or yard").check()
    broker.get_by_label("Business name").fill("Dora's Boats")
    broker.get_by_role("button", name="Save").first.click()
    broker.goto("/account/boats/import")
    look(broker, "the file")
    broker.get_by_label("File", exact=True).set_input_files(file)
    broker.get_by_role("button", name="Send file").click()
    expect(broker.get_by_role("status")).to_contain_text("2 of 3 rows were imported")
    look(broker, "what was taken")
    broker.get_by_role("link", name="View your boats").click()
    broker.get_by_label(f"Select {title}").check()
    look(broker, "the desk")
    broker.get_by_role("button", name="Change prices").click()
    broker.get_by_label("Change by").fill("-10")
    look(broker, "by how much")
    broker.get_by_role("button", name="Show new prices").click()
    expect(broker.get_by_role("table")).to_contain_text("$43,650")
    look(broker, "the new prices")
    broker.get_by_role("button", name="Change these prices").click()
    expect(broker.get_by_role("status")).to_contain_text("1 updated")
    look(broker, "what was changed")
    broker.context.close()

    moderator = a_page(chromium, market, DESK, scripts=True)
    a_moderator(moderator, market)
    look(moderator, "the recovery codes")
    moderator.goto("/admin")
    look(moderator, "the staff's door")
    open_case(moderator, title)
    look(moderator, "a case")
    moderator.get_by_text("Reject", exact=True).click()
    look(moderator, "a case that is turned down")
    for room in ("/admin/moderation", "/admin/messages"):
        moderator.goto(room)
        look(moderator, room)
    moderator.context.close()
    assert wrong == {}
