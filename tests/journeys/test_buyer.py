"""A buyer looks for a boat in a browser."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Request, Response, expect

from tests.servers import RunningMarket

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844}


@pytest.fixture(params=[{"width": 1280, "height": 900}, PHONE], ids=["desk", "phone"])
def page(chromium: Browser, demo: RunningMarket, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page without JavaScript, which fails the test for whatever the browser complained of."""
    context = chromium.new_context(
        base_url=demo.address, viewport=request.param, java_script_enabled=False
    )
    context.set_default_timeout(60_000)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))

    def note_failure(request: Request) -> None:
        # A picture still on its way when the reader goes on is given up, which is no failure.
        if request.failure != "net::ERR_ABORTED":
            complaints.append(request.url)

    def note_status(answer: Response) -> None:
        if not answer.ok:
            complaints.append(f"{answer.status} {answer.url}")

    page.on("requestfailed", note_failure)
    page.on("response", note_status)
    yield page
    context.close()
    assert complaints == []


def test_search_filter_open_a_boat_and_come_back_to_the_same_results(
    page: Page, demo: RunningMarket
) -> None:
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Find the boat")
    page.get_by_label("What are you looking for?").fill("sea ray")
    page.get_by_role("button", name="Search boats").click()
    expect(page).to_have_url(re.compile(r"/boats\?q=sea\+ray"))
    everything = _count(page)
    assert everything == _total(demo, "q=sea+ray")

    if page.viewport_size == PHONE:
        page.get_by_text("Filters (1)").click()
    page.get_by_label("Maximum price").fill("90,000")
    page.get_by_label("Earliest year").fill("2000")
    page.get_by_role("button", name="Show boats").click()
    filtered = _count(page)
    assert 0 < filtered < everything
    assert filtered == _total(demo, "q=sea+ray&price_max=9000000&year_min=2000")
    expect(page.get_by_role("list", name="Active filters")).to_contain_text("up to $90,000")

    page.locator(".orders summary").click()
    page.get_by_role("link", name="Price, low to high").click()
    page.wait_for_load_state()
    results_address, titles = page.url, page.locator(".card-title").all_text_contents()
    prices = [_dollars(text) for text in page.locator(".card .price").all_text_contents()]
    assert prices == sorted(prices)
    assert prices[-1] <= 90_000

    page.locator(".card-link").nth(1).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(titles[1])
    expect(page.locator(".boat-price .price")).to_have_text(f"${prices[1]:,}")
    expect(page.get_by_role("heading", name="Specifications")).to_be_visible()

    page.go_back()
    expect(page).to_have_url(results_address)
    assert page.locator(".card-title").all_text_contents() == titles

    page.get_by_role("link", name="up to $90,000").click()
    assert _count(page) > filtered


def test_words_are_understood_and_each_part_can_be_taken_off(
    page: Page, demo: RunningMarket
) -> None:
    page.goto("/boats?q=benetau+under+%24200%2C000+in+Florida")
    chips = page.get_by_role("list", name="Active filters")
    narrow = _count(page)
    assert narrow == _total(demo, "q=benetau+under+%24200%2C000+in+Florida")
    page.get_by_role("link", name="in Florida").click()
    expect(chips).not_to_contain_text("in Florida")
    expect(chips).to_contain_text("benetau → beneteau")
    wider = _count(page)
    assert wider > narrow
    page.get_by_role("link", name="up to $200,000").click()
    assert _count(page) > wider
    page.get_by_role("link", name="as typed").click()
    expect(page.get_by_role("heading", level=2).first).to_have_text("No boats match your search")
    page.get_by_role("link", name="Clear all").click()
    expect(page).to_have_url(re.compile(r"/boats$"))


def test_every_filter_works_as_a_plain_form(page: Page, demo: RunningMarket) -> None:
    page.goto("/boats")
    if page.viewport_size == PHONE:
        page.get_by_text("Filters", exact=True).click()
    page.get_by_role("link", name="meters").click()
    if page.viewport_size == PHONE:
        page.get_by_text("Filters", exact=True).click()
    page.get_by_label("Maximum length").fill("12.5")
    sailboats = page.locator('label:has(input[name="type"][value="sailboat"])')
    told = int(re.sub(r"\D", "", sailboats.locator(".choice-count").inner_text()))
    assert told == _total(demo, "type=sailboat")
    sailboats.click()
    page.get_by_text("More filters").click()
    page.get_by_label("Maximum draft").fill("2")
    page.get_by_role("button", name="Show boats").click()
    assert 0 < _count(page) < told
    assert _count(page) == _total(demo, "type=sailboat&length_max=41.01&draft_max=6.56")
    expect(page.locator(".facts").first).to_contain_text(re.compile(r"[\d.]+ m \(\d+ ft"))
    expect(page.locator(".more-filters")).to_have_attribute("open", "")
    page.locator(".card-link").first.click()
    expect(page.locator(".key-facts")).to_contain_text(" m")
    expect(page.get_by_role("heading", name="Similar boats")).to_be_visible()


def test_no_page_is_wider_than_its_screen(page: Page) -> None:
    page.goto("/boats")
    boat = page.locator(".card-link").first.get_attribute("href")
    assert boat
    understood = "/boats?q=benetau+under+%24200%2C000+in+Florida+blubber&air_draft_max=50"
    for address in ("/", "/boats?q=nothing-at-all", "/boats", understood, boat):
        page.goto(address)
        box = page.locator("main").bounding_box()
        assert box is not None
        assert page.viewport_size is not None
        assert box["width"] <= page.viewport_size["width"], address


def _count(page: Page) -> int:
    return int(page.locator(".count").inner_text().split()[0].replace(",", ""))


def _dollars(text: str) -> int:
    found = re.search(r"\$([\d,]+)", text)
    assert found
    return int(found[1].replace(",", ""))


def _total(demo: RunningMarket, query: str) -> int:
    total: int = json.loads(demo.get(f"/api/v1/listings?{query}")[1])["total"]
    return total
