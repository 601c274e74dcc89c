"""From a seller's first visit to the sale: seller, moderator and buyer, on pages only."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from tests.media.picture_files import a_photo
from tests.servers import RunningMarket

from .conftest import keep_complaints
from .members import (
    A_MINUTE,
    DESK,
    PHONE,
    a_market,
    a_moderator,
    a_page,
    open_case,
    open_letter,
    register,
    sign_in,
)

pytestmark = pytest.mark.browser

SELLER, BUYER = "sue@example.com", "vic@example.com"
TITLE = "1998 Catalina 34, one owner"


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningMarket]:
    expect.set_options(timeout=A_MINUTE)
    with a_market(tmp_path_factory.mktemp("sold") / "data", REVIEW="all") as market:
        yield market


def _watched(page: Page, complaints: list[str]) -> Page:
    """A page of which every complaint is kept: errors of scripts, and whatever the policy forbids."""
    keep_complaints(page, complaints, "error", "warning")
    return page


def _photos(*seeds: int) -> list[FilePayload]:
    return [
        {"name": f"IMG_{seed}.jpg", "mimeType": "image/jpeg", "buffer": a_photo(seed)}
        for seed in seeds
    ]


def _publish_with_two_photos(page: Page) -> str:
    """Begin, go for the photos half-way, and publish; the address of her form."""
    page.goto("/sell")
    page.get_by_role("button", name="Create advert").click()
    address = page.url.partition("?")[0]
    page.get_by_label("Maker", exact=True).fill("Catalina")
    page.get_by_label("Headline required").fill(TITLE)
    page.get_by_role("button", name="Add photos").click()
    page.get_by_label("Add photos").set_input_files(_photos(1, 2))
    page.get_by_role("button", name="Send", exact=True).first.click()
    expect(page.locator(".photos-one")).to_have_count(2)
    page.get_by_role("link", name="Done: back to the advert").click()
    # What was written before is there, though nobody pressed "Save".
    expect(page.get_by_label("Headline required")).to_have_value(TITLE)
    page.get_by_label("Model", exact=True).fill("34 MkII")
    page.get_by_label("Type required").select_option("Sailboat")
    page.get_by_label("Year built").fill("1998")
    page.get_by_label("Condition required").select_option("Good")
    page.get_by_label("Length on deck").fill("34")
    page.get_by_label("Description required").fill("Kept on a mooring. Call me at 772 555 0100.")
    page.get_by_label("Price in US dollars").fill("$48,500")
    page.get_by_label("Country required").select_option("United States")
    page.get_by_label("State or province").fill("Florida")
    page.get_by_label("Town or marina").fill("Stuart")
    # The Enter key in a field saves, and publishes nothing.
    page.get_by_label("Town or marina").press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("Saved")
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_role("heading", name="We have received your advert")).to_be_visible()
    return address


def _find_by_words_and_filters(page: Page) -> None:
    found = page.locator(".results .card-link", has_text=TITLE)
    for _ in range(240):
        page.goto("/boats?q=catalina")
        if found.count():
            break
        page.wait_for_timeout(250)
    page.get_by_label("Maximum price").fill("40000")
    expect(page.locator(".count")).to_have_text("0 boats")
    page.get_by_label("Maximum price").fill("50000")
    expect(page.locator(".count")).to_have_text("1 boat")
    page.locator(".results .heart").click()
    expect(page.locator(".results .heart")).to_have_attribute("aria-pressed", "true")
    found.click()
    expect(page.get_by_role("heading", name=TITLE, level=1)).to_be_visible()


def test_a_boat_from_her_sellers_first_visit_until_she_is_sold(
    chromium: Browser, market: RunningMarket
) -> None:
    complaints: list[str] = []
    seller = _watched(a_page(chromium, market, PHONE, scripts=False), complaints)
    register(seller, SELLER, "Sue Sail")
    sign_in(seller, SELLER)
    expect(seller).to_have_url(re.compile(r"/account$"))
    address = _publish_with_two_photos(seller)
    public = address.replace("/sell/", "/boats/")

    moderator = _watched(a_page(chromium, market, DESK, scripts=True), complaints)
    a_moderator(moderator, market)
    moderator.goto("/account")
    moderator.get_by_role("link", name="Staff pages").click()
    moderator.get_by_role("link", name="Adverts").first.click()
    open_case(moderator, TITLE)
    expect(moderator.get_by_text("772 555 0100").first).to_be_visible()
    expect(moderator.locator(".shots img")).to_have_count(2)
    moderator.get_by_text("Request changes").click()
    assert "leave telephone numbers" in moderator.locator("#changes").input_value()
    moderator.locator("#changes").fill("Please leave your telephone number out of the text.")
    moderator.get_by_role("button", name="Request these changes").click()
    expect(moderator.get_by_role("status")).to_contain_text("asked for changes")

    open_letter(seller, "Please update your advert", SELLER)
    expect(seller).to_have_url(address)
    expect(seller.get_by_text("leave your telephone number out").first).to_be_visible()
    seller.get_by_label("Description required").fill("Kept on a mooring, and dry.")
    seller.get_by_role("button", name="Save changes and resubmit").click()
    expect(seller.get_by_role("heading", name="We have received your advert")).to_be_visible()

    open_case(moderator, TITLE)
    expect(moderator.get_by_text("Changes asked for")).to_be_visible()
    moderator.get_by_role("button", name="Approve").click()
    expect(moderator.get_by_role("status")).to_contain_text("approved")

    buyer = _watched(a_page(chromium, market, DESK, scripts=True), complaints)
    _find_by_words_and_filters(buyer)
    buyer.get_by_label("When could I come and see her?").check()
    buyer.get_by_label("Your name").fill("Vic Tor")
    buyer.get_by_label("Your email").fill(BUYER)
    buyer.wait_for_timeout(2_100)  # nobody fills in a form faster, and programs are told so
    buyer.get_by_role("button", name="Send message").click()
    expect(buyer.get_by_role("heading", name="Check your email")).to_be_visible()
    open_letter(buyer, "Confirm your question", BUYER)
    buyer.get_by_role("button", name="Confirm my address").click()
    expect(buyer.get_by_role("status")).to_contain_text("sent to the seller")

    seller.goto("/account/messages")
    seller.get_by_role("link", name=re.compile("Vic Tor.*1 new")).click()
    expect(seller.locator(".talk")).to_contain_text("When could I come and see her?")
    seller.get_by_label("Write to Vic Tor").fill("Saturday at ten?")
    seller.get_by_role("button", name="Send", exact=True).click()
    expect(seller.get_by_role("status")).to_contain_text("has been sent")
    buyer.reload()
    expect(buyer.locator(".line").last).to_contain_text("Saturday at ten?")
    buyer.goto(public)
    expect(buyer.get_by_role("heading", name=TITLE, level=1)).to_be_visible()

    seller.goto("/account/boats")
    seller.get_by_role("link", name=re.compile("^Sold ?:")).click()
    seller.get_by_label("Sold for, in US dollars").fill("47,000")
    seller.get_by_role("button", name="Mark as sold").click()
    expect(seller.locator(".state-sold")).to_have_text("Sold")
    assert complaints == []

    buyer.goto("/watchlist")
    row = buyer.locator(".watched-row")
    expect(row).to_contain_text(TITLE)
    expect(row).to_contain_text("Sold")
    answer = buyer.goto(public)
    assert answer is not None
    assert answer.status == 410
    expect(buyer.get_by_role("heading", level=1)).to_contain_text("has been sold")
    for page in (seller, moderator, buyer):
        page.context.close()
    assert [one for one in complaints if "410" not in one] == []
