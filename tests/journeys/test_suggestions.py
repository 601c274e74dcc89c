"""A buyer gets suggestions while typing: by keyboard, by mouse, or without scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.servers import RunningMarket

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844}


@pytest.fixture(params=[{"width": 1280, "height": 900}, PHONE], ids=["desk", "phone"])
def page(chromium: Browser, demo: RunningMarket, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page with its scripts, which fails the test for whatever they complained of."""
    context = chromium.new_context(base_url=demo.address, viewport=request.param)
    context.set_default_timeout(60_000)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert complaints == []


def test_a_maker_is_chosen_with_the_keyboard(page: Page) -> None:
    page.goto("/")
    field = page.get_by_role("combobox", name="What are you looking for?")
    expect(field).to_have_attribute("aria-expanded", "false")
    field.press_sequentially("sea r")
    offered = page.get_by_role("option", name="Sea Ray Maker", exact=True)
    expect(offered).to_be_visible()
    expect(field).to_have_attribute("aria-expanded", "true")
    field.press("ArrowDown")
    expect(offered).to_have_attribute("aria-selected", "true")
    expect(field).to_have_value("Sea Ray")
    chosen = field.get_attribute("aria-activedescendant")
    assert chosen
    assert offered.get_attribute("id") == chosen
    field.press("Enter")
    expect(page).to_have_url(re.compile(r"/boats\?q=Sea\+Ray"))


def test_a_slip_is_mended_with_the_mouse(page: Page) -> None:
    page.goto("/boats")
    if page.viewport_size == PHONE:
        page.get_by_text("Filters", exact=True).click()
    page.get_by_role("combobox", name="Words").press_sequentially("benetau oc")
    page.get_by_role("option", name="Beneteau Oceanis Model", exact=True).click()
    expect(page).to_have_url(re.compile(r"/boats\?q=Beneteau\+Oceanis(&|$)"))
    expect(page.locator(".card-title").first).to_contain_text("Beneteau Oceanis")


def test_escape_leaves_what_was_typed(page: Page) -> None:
    page.goto("/")
    field = page.get_by_role("combobox", name="What are you looking for?")
    field.press_sequentially("flor")
    expect(page.get_by_role("option", name="in Florida")).to_be_visible()
    field.press("ArrowDown")
    field.press("Escape")
    expect(field).to_have_value("flor")
    expect(page.get_by_role("listbox")).to_be_hidden()
    field.press("Enter")
    expect(page).to_have_url(re.compile(r"/boats\?q=flor&"))


def test_suggestions_stand_within_the_screen(page: Page) -> None:
    page.goto("/")
    page.get_by_role("combobox", name="What are you looking for?").press_sequentially("sea")
    shown = page.get_by_role("listbox")
    expect(shown).to_be_visible()
    box = shown.bounding_box()
    assert box is not None
    assert page.viewport_size is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= page.viewport_size["width"]
