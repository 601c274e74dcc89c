"""A visitor reports an advert, and a moderator rejects it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.servers import RunningMarket, command

from .members import (
    DESK,
    PHONE,
    a_market,
    a_moderator,
    a_page,
    open_case,
    open_letter,
    register,
)
from .test_alerts import BOAT

pytestmark = pytest.mark.browser

SELLER, TITLE = "ann@example.com", "2011 Beneteau Oceanis 34"


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningMarket]:
    with a_market(tmp_path_factory.mktemp("moderator") / "data") as market:
        yield market


def test_a_visitor_reports_an_advert_and_it_is_turned_down(
    chromium: Browser, market: RunningMarket, tmp_path: Path
) -> None:
    seller = a_page(chromium, market, PHONE, scripts=False)
    register(seller, SELLER)
    file = tmp_path / "boats.csv"
    file.write_text(BOAT.format(price=9_500_000))
    code, report = command(market.data, "import", str(file), "--owner", SELLER)
    assert code == 0, report
    page = a_page(chromium, market, DESK, scripts=False)
    a_moderator(page, market)

    buyer = a_page(chromium, market, PHONE, scripts=False)
    found = buyer.get_by_role("link", name=TITLE)
    for _ in range(240):
        buyer.goto("/boats?q=oceanis")
        if found.count():
            break
        buyer.wait_for_timeout(250)
    found.first.click()
    expect(buyer.get_by_role("heading", name=TITLE, level=1)).to_be_visible()
    buyer.get_by_role("link", name="Report this advert").click()
    buyer.get_by_label("The boat is sold, or was never for sale").check()
    buyer.get_by_label("Details").fill("The marina says she left in May.")
    buyer.get_by_role("button", name="Send report").click()
    expect(buyer.get_by_role("heading", name="Thank you")).to_be_visible()

    open_case(page, TITLE)
    expect(page.get_by_text("The marina says she left in May.")).to_be_visible()
    page.get_by_text("Reject", exact=True).click()
    page.get_by_label("Reason (the seller will read it)").select_option("Other reason")
    page.get_by_label("Details").fill("She is sold, the marina says.")
    page.get_by_role("button", name="Reject advert").click()
    expect(page.get_by_role("status")).to_contain_text("turned down")
    open_letter(seller, "Your advert was rejected", SELLER)
    for one in (seller, page, buyer):
        one.context.close()
