"""The page of a boat in a browser: pictures by keyboard and touch, sharing, and print."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.servers import RunningMarket

from .members import A_MINUTE, DESK, PHONE

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def boat(demo: RunningMarket) -> str:
    """The address of a boat with four pictures."""
    found = json.loads(demo.get("/api/v1/listings?limit=50")[1])["results"]
    id: str = next(one["id"] for one in found if len(one["images"]) == 4)
    return f"/boats/{id}"


def opened(
    chromium: Browser,
    demo: RunningMarket,
    size: dict[str, int],
    *,
    scripts: bool,
    touch: bool = False,
) -> Iterator[Page]:
    context = chromium.new_context(
        base_url=demo.address,
        viewport={"width": size["width"], "height": size["height"]},
        java_script_enabled=scripts,
        has_touch=touch,
        reduced_motion="reduce",
        permissions=["clipboard-read", "clipboard-write"],
    )
    context.set_default_timeout(A_MINUTE)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert complaints == []


@pytest.fixture
def desk(chromium: Browser, demo: RunningMarket) -> Iterator[Page]:
    yield from opened(chromium, demo, DESK, scripts=True)


@pytest.fixture
def phone(chromium: Browser, demo: RunningMarket) -> Iterator[Page]:
    yield from opened(chromium, demo, PHONE, scripts=True, touch=True)


@pytest.fixture(params=[DESK, PHONE], ids=["desk", "phone"])
def plain(chromium: Browser, demo: RunningMarket, request: pytest.FixtureRequest) -> Iterator[Page]:
    yield from opened(chromium, demo, request.param, scripts=False)


def test_by_keyboard_through_all_pictures_and_back_to_where_one_was(desk: Page, boat: str) -> None:
    desk.goto(boat)
    pictures = desk.locator("a[data-shot]")
    viewer, count = desk.get_by_role("dialog"), desk.locator(".viewer-count")
    pictures.nth(1).focus()
    desk.keyboard.press("Enter")
    expect(viewer).to_be_visible()
    expect(count).to_have_text("2 of 4")
    # The next one is there before it is asked for.
    expect(viewer.locator("img").nth(2)).to_have_attribute("src", re.compile("."))
    desk.keyboard.press("ArrowRight")
    expect(count).to_have_text("3 of 4")
    desk.keyboard.press("End")
    expect(count).to_have_text("4 of 4")
    expect(desk.locator("[data-next]")).to_be_hidden()
    desk.keyboard.press("ArrowRight")
    expect(count).to_have_text("4 of 4")
    desk.get_by_role("button", name="Previous picture").click()
    expect(count).to_have_text("3 of 4")
    expect(viewer.locator("img").nth(2)).to_be_in_viewport()
    desk.keyboard.press("Escape")
    expect(viewer).to_be_hidden()
    expect(pictures.nth(1)).to_be_focused()


def test_a_finger_pulls_the_next_picture_in(phone: Page, boat: str) -> None:
    phone.goto(boat)
    phone.locator("a[data-shot]").first.tap()
    count = phone.locator(".viewer-count")
    expect(count).to_have_text("1 of 4")
    # As far as a swipe scrolls: the browser snaps to the picture, and the count follows.
    phone.locator(".viewer-strip").evaluate("strip => strip.scrollBy({left: strip.clientWidth})")
    expect(count).to_have_text("2 of 4")
    phone.get_by_role("button", name="Close").tap()
    expect(phone.get_by_role("dialog")).to_be_hidden()


def test_without_scripts_each_picture_leads_to_its_file_and_the_boat_can_be_shared(
    plain: Page, boat: str, demo: RunningMarket
) -> None:
    plain.goto(boat)
    address = plain.url
    expect(plain.get_by_role("dialog")).to_be_hidden()
    expect(plain.get_by_role("button", name="Full screen")).to_be_hidden()
    expect(plain.get_by_role("button", name="Print")).to_be_hidden()
    plain.locator(".sharing summary").click()
    expect(plain.get_by_label("Link to this boat")).to_have_value(address)
    mail = plain.get_by_role("link", name="Send by email").get_attribute("href")
    assert mail
    assert mail.startswith("mailto:?subject=")
    last = plain.locator("a[data-shot]").last
    last.scroll_into_view_if_needed()
    wanted = last.get_attribute("href")
    last.click()
    expect(plain).to_have_url(f"{demo.address}{wanted}")


def test_the_link_is_copied_and_confirmed(desk: Page, boat: str) -> None:
    desk.goto(boat)
    desk.locator(".sharing summary").click()
    desk.get_by_role("button", name="Copy link").click()
    expect(desk.locator(".sharing [role=status]")).to_have_text("Link copied.")
    copied = desk.evaluate("navigator.clipboard.readText()")
    assert copied == desk.get_by_label("Link to this boat").input_value()
    desk.keyboard.press("Escape")
    expect(desk.locator(".sharing summary")).to_be_focused()


def test_on_paper_a_boat_takes_one_page_with_the_way_back(desk: Page, boat: str) -> None:
    desk.goto(boat)
    desk.emulate_media(media="print")
    code = desk.locator(".on-paper img")
    expect(code).to_be_visible()
    expect(desk.get_by_role("heading", name="Specifications")).to_be_visible()
    expect(desk.locator(".boat-price .price")).to_be_visible()
    for hidden in (".masthead nav", ".similar", ".boat-actions", ".footer"):
        expect(desk.locator(hidden)).to_be_hidden()
    written = desk.pdf(format="A4", print_background=True)
    assert len(re.findall(rb"/Type /Page\b(?!s)", written)) == 1
