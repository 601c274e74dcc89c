"""A seller writes a draft, the market restarts, and the advert is published and edited."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.servers import RunningMarket

from .members import DESK, PHONE, a_market, a_page, register, sign_in

pytestmark = pytest.mark.browser


@pytest.fixture
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("seller") / "data"


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningMarket]:
    with a_market(tmp_path_factory.mktemp("sellers") / "data") as market:
        yield market


def _come_in(page: Page, email: str) -> None:
    register(page, email)
    sign_in(page, email)
    expect(page).to_have_url(re.compile(r"/account$"))


def _write_the_rest(page: Page) -> None:
    page.get_by_label("Type required").select_option("Sailboat")
    page.get_by_label("Year built").fill("1998")
    page.get_by_label("Condition required").select_option("Good")
    page.get_by_label("Meters and kilograms").check()
    page.get_by_label("Length on deck").fill("10.5")
    page.get_by_label("Radar").check()
    page.get_by_label("Headline required").fill("1998 Catalina 34, one owner")
    page.get_by_label("Description required").fill("Kept on a mooring.")
    page.get_by_label("Price in US dollars").fill("$48,500")
    page.get_by_label("Country required").select_option("United States")
    page.get_by_label("State or province").fill("Florida")
    page.get_by_label("Town or marina").fill("Stuart")


def test_a_draft_outlives_the_market_and_is_published_on_a_phone_without_javascript(
    chromium: Browser, data: Path
) -> None:
    with a_market(data) as market:
        page = a_page(chromium, market, PHONE, scripts=False)
        page.goto("/sell")
        expect(page.get_by_role("link", name="Sign in to start")).to_be_visible()
        _come_in(page, "bob@example.com")
        page.goto("/sell")
        page.get_by_role("button", name="Create advert").click()
        page.get_by_label("Maker", exact=True).fill("Catalina")
        page.get_by_label("Year built").fill("about 1998")
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_role("status").first).to_contain_text("Saved")
        cookies = page.context.cookies()
        page.context.close()

    with a_market(data) as market:
        page = a_page(chromium, market, PHONE, scripts=False)
        for one in cookies:
            page.context.add_cookies(
                [{"name": one["name"], "value": one["value"], "url": market.address}]
            )
        page.goto("/sell")
        page.get_by_role("link", name="Continue").click()
        expect(page.get_by_label("Maker", exact=True)).to_have_value("Catalina")
        expect(page.get_by_label("Year built")).to_have_value("about 1998")
        page.get_by_role("button", name="Publish").click()
        expect(page.get_by_text("Describe the boat in a few sentences.").first).to_be_visible()
        expect(page.get_by_text("Write a number, such as").first).to_be_visible()
        _write_the_rest(page)
        page.get_by_role("button", name="Preview").click()
        expect(page.get_by_role("heading", name="1998 Catalina 34, one owner")).to_be_visible()
        page.get_by_role("button", name="Publish").click()
        expect(page.get_by_role("heading", name="We have received your advert")).to_be_visible()
        page.get_by_role("link", name="Your boats").click()
        expect(page.get_by_text("In review before publication")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        page.context.close()


def test_what_is_typed_is_saved_as_one_goes_offline_as_well(
    chromium: Browser, market: RunningMarket
) -> None:
    page = a_page(chromium, market, DESK, scripts=True)
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    _come_in(page, "ann@example.com")
    page.goto("/sell")
    late: list[Route] = []
    page.route("**/autosave.js*", lambda route: late.append(route), times=1)
    page.get_by_role("button", name="Create advert").click(no_wait_after=True)
    text = page.locator("[data-saved]")
    page.get_by_label("Maker", exact=True).fill("Catalina")  # before the script is there
    late.pop().continue_()
    expect(text).to_contain_text("Saved", timeout=60_000)
    page.context.set_offline(True)
    page.get_by_label("Model", exact=True).fill("34 MkII")
    expect(text).to_contain_text("saved on this device", timeout=60_000)
    page.context.set_offline(False)
    expect(text).to_contain_text("Saved", timeout=60_000)
    page.get_by_label("Length on deck").fill("40")
    page.get_by_label("Meters and kilograms").check()
    expect(page.get_by_label("Length on deck")).to_have_value("12.1920")
    expect(page.get_by_role("link", name="Enter the length.")).to_have_count(0, timeout=60_000)
    page.reload()
    expect(page.get_by_label("Model", exact=True)).to_have_value("34 MkII")
    expect(page.get_by_label("Length on deck")).to_have_value("12.1920")
    assert troubles == []
    page.context.close()


def test_two_windows_on_one_advert_are_shown_side_by_side(
    chromium: Browser, market: RunningMarket
) -> None:
    page = a_page(chromium, market, DESK, scripts=True)
    _come_in(page, "eve@example.com")
    page.goto("/sell")
    page.get_by_role("button", name="Create advert").click()
    address = page.url
    _write_the_rest(page)
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_role("heading", name="We have received your advert")).to_be_visible()
    page.goto(address)
    other = page.context.new_page()
    other.goto(address)
    other.get_by_label("Price in US dollars").fill("45000")
    other.get_by_role("button", name="Save changes").click()
    expect(other.get_by_role("status").first).to_contain_text("updated")
    page.get_by_label("Price in US dollars").fill("47000")
    page.get_by_role("button", name="Save changes").click()
    expect(page.get_by_role("heading", name="Choose between two versions")).to_be_visible()
    price = page.get_by_role("group", name="Price in US dollars")
    expect(price).to_contain_text("45000")
    price.get_by_label("Your edit").check()
    page.get_by_role("button", name="Save advert").click()
    expect(page.get_by_text("$47,000")).to_be_visible()
    page.context.close()
