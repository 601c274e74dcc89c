"""A buyer saves a search, gets an email when a boat matches, and unsubscribes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.servers import RunningMarket, command

from .members import A_MINUTE, PHONE, a_market, a_page, open_letter, register, sign_in

pytestmark = pytest.mark.browser

EMAIL = "waiting@example.com"
BOAT = (
    "reference,title,description,price,location.country,location.state,location.city,boatDetails.type,"
    "boatDetails.manufacturer,boatDetails.model,boatDetails.year,boatDetails.length,boatDetails.condition\n"
    "one,2011 Beneteau Oceanis 34,Well kept and dry.,{price},US,MD,Annapolis,sailboat,"
    "Beneteau,Oceanis 34,2011,33.9,Good\n"
)


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningMarket]:
    with a_market(tmp_path_factory.mktemp("waiting") / "data") as market:
        yield market


def _import(market: RunningMarket, folder: Path, *, dollars: int) -> None:
    file = folder / "boats.csv"
    file.write_text(BOAT.format(price=dollars * 100))
    code, report = command(market.data, "import", str(file))
    assert code == 0, report


def test_a_search_is_saved_and_tells_of_a_boat_and_of_a_lower_price(
    chromium: Browser, market: RunningMarket, tmp_path: Path
) -> None:
    page = a_page(chromium, market, PHONE, scripts=False)
    page.goto("/boats?q=beneteau+oceanis+under+100k+near+Annapolis")
    page.get_by_role("button", name="Save search").click()
    # Whoever is not signed in comes back to the search afterwards.
    expect(page).to_have_url(re.compile("/account/sign-in"))
    saving = page.url
    register(page, EMAIL)
    page.goto(saving)
    sign_in(page, EMAIL)
    expect(page.get_by_role("heading", name="Save search")).to_be_visible()
    page.get_by_label("Name of this search").fill("Our Oceanis")
    page.get_by_label("Email me").select_option("at-once")
    page.get_by_role("button", name="Save search").click()
    expect(page.get_by_text("Our Oceanis").first).to_be_visible()

    _import(market, tmp_path, dollars=95_000)
    open_letter(page, "2011 Beneteau Oceanis 34, $95,000", EMAIL)
    expect(page.get_by_role("heading", name="2011 Beneteau Oceanis 34")).to_be_visible()

    _import(market, tmp_path, dollars=89_000)
    row = page.locator("li", has_text=EMAIL).filter(has_text="$89,000")
    for _ in range(A_MINUTE // 250):
        page.goto("/mail")
        if row.count():
            break
        page.wait_for_timeout(250)
    row.first.get_by_role("link").click()
    page.locator(".letter a[href*='unsubscribe']").click()
    page.get_by_role("button", name="Unsubscribe").click()
    page.goto("/account/searches")
    expect(page.locator("option[selected]", has_text="Never")).to_have_count(1)
