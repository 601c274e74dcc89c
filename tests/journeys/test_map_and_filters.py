"""A buyer filters results, uses the map, compares, and saves boats, in a browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.servers import RunningMarket

from .conftest import keep_complaints
from .members import DESK, PASSWORD, PHONE, a_page, sign_in

pytestmark = pytest.mark.browser
expect.set_options(timeout=60_000)

STATIC = Path(__file__).parents[2] / "src/marinemarket/web/static"
has_map = pytest.mark.skipif(
    not (STATIC / "map" / "leaflet.js").is_file(), reason="the map was not fetched (scripts/setup)"
)


@pytest.fixture(params=[DESK, PHONE], ids=["desk", "phone"])
def page(chromium: Browser, demo: RunningMarket, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page with JavaScript, which fails the test for whatever the browser complained of.

    That it was offline is no complaint: one test takes it there.
    """
    page = a_page(chromium, demo, request.param, scripts=True)
    complaints: list[str] = []
    keep_complaints(page, complaints, "error")
    yield page
    page.context.close()
    assert [one for one in complaints if "ERR_INTERNET_DISCONNECTED" not in one] == []


def _count(page: Page) -> int:
    return int(page.locator(".count").inner_text().split()[0].replace(",", ""))


def _is_phone(page: Page) -> bool:
    return page.viewport_size == PHONE


def test_filters_answer_at_once_and_going_back_undoes_them(page: Page) -> None:
    page.goto("/boats")
    page.evaluate("window.stayed = true")
    everything = _count(page)
    if _is_phone(page):
        page.get_by_text("Filters", exact=True).click()
        expect(page.locator(".results")).to_have_attribute("inert", "")
    price = page.get_by_label("Maximum price")
    price.press_sequentially("90000")
    expect(page).to_have_url(re.compile(r"price_max=90000$"))
    expect(price).to_be_focused()
    expect(price).to_have_value("90000")
    expect(page.locator("#results-status")).to_have_text(re.compile(r"^[\d,]+ boats$"))
    cheap = _count(page)
    assert 0 < cheap < everything
    expect(page.locator("#show-boats")).to_have_text(f"Show {cheap:,} boats")
    page.locator('label:has(input[name="type"][value="sailboat"])').click()
    expect(page).to_have_url(re.compile(r"type=sailboat"))
    expect(page.locator("#filters input[value=sailboat]")).to_be_focused()
    page.locator("#show-boats").click()
    expect(page.locator("#results-head h1")).to_be_focused()
    expect(page.locator(".filters")).to_be_visible(visible=not _is_phone(page))
    sail = _count(page)
    assert sail < cheap
    page.get_by_role("link", name="up to $90,000").click()
    expect(page).to_have_url(re.compile(r"/boats\?type=sailboat$"))
    page.go_back()
    expect(page.locator(".count")).to_have_text(f"{sail:,} boats")
    page.go_back()
    expect(page.locator(".count")).to_have_text(f"{cheap:,} boats")
    page.go_back()
    expect(page.locator(".count")).to_have_text(f"{everything:,} boats")
    assert page.evaluate("window.stayed")


TOP_OF_TENTH = "() => document.querySelectorAll('.results .card')[9].getBoundingClientRect().top"
AT_REST = f"""async () => {{
    const top = {TOP_OF_TENTH}, frame = () => new Promise(requestAnimationFrame);
    for (let was; was !== top(); await frame(), await frame()) was = top();
    return top();
}}"""
"""Where the tenth card stands once those above it, of guessed height before, were laid out."""


def test_one_comes_back_from_a_boat_to_the_same_place(page: Page) -> None:
    page.goto("/boats?type=sailboat")
    page.get_by_role("link", name="Next page").press("Enter")  # it moves as cards are laid out
    expect(page).to_have_url(re.compile("after="))
    card = page.locator(".results .card-link").nth(9)
    title = card.locator(".card-title").text_content() or ""
    card.scroll_into_view_if_needed()
    assert page.evaluate("scrollY") > 0
    place = page.evaluate(AT_REST)
    card.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    page.wait_for_load_state()
    page.go_back()
    expect(page.locator(".results .card-title").nth(9)).to_have_text(title)
    # Pictures that arrive late may move it a little: it is before one's eyes again, not at the top.
    is_near = f"place => Math.abs(({TOP_OF_TENTH})() - place) < innerHeight / 2"
    page.wait_for_function(is_near, arg=place)
    strip = page.locator("[data-recently-viewed]")
    expect(strip).to_contain_text(title)
    page.reload()
    expect(strip).to_contain_text(title)
    strip.get_by_role("button", name="Clear list").click()
    expect(strip).to_be_hidden()
    page.reload()
    expect(strip).to_be_hidden()


SHIFTS = """window.shifted = 0;
new PerformanceObserver((seen) => seen.getEntries().forEach((one) => (window.shifted += one.value)))
    .observe({ type: "layout-shift", buffered: true });"""
TWO_FRAMES = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


@pytest.mark.parametrize("address", ["/", "/boats?type=sailboat", "/boats?view=list", "/watchlist"])
def test_nothing_moves_when_the_scripts_come_late(page: Page, address: str) -> None:
    late: list[Route] = []
    page.route("**/static/*.js*", lambda route: late.append(route))
    page.add_init_script(SHIFTS)
    page.goto(address, wait_until="commit")
    expect(page.locator(".footer")).to_be_attached()
    page.evaluate(TWO_FRAMES)
    assert late
    page.unroute("**/static/*.js*")  # which lets those through that waited
    page.wait_for_load_state()
    page.evaluate(TWO_FRAMES)
    assert page.evaluate("shifted") < 0.02


def test_what_cannot_be_fetched_is_reported_and_tried_again(page: Page) -> None:
    page.goto("/boats?q=sea+ray")
    before = _count(page)
    page.context.set_offline(offline=True)
    page.get_by_role("link", name="Clear all").click()
    expect(page.locator("#results-failed")).to_be_visible()
    assert _count(page) == before
    page.context.set_offline(offline=False)
    page.get_by_role("button", name="Try again").click()
    expect(page.locator("#results-failed")).to_be_hidden()
    expect(page).to_have_url(re.compile(r"/boats$"))


@has_map
def test_the_map_shows_boats_narrows_by_moving_and_by_an_area_that_is_drawn(page: Page) -> None:
    page.goto("/boats?view=map&q=florida")
    markers = page.locator(".map-marker")
    expect(markers.first).to_be_visible()
    expect(page.locator(".map-land").first).to_be_attached()
    expect(page.locator(".map-status")).to_contain_text(re.compile(r"Showing 100 of \d+ boats"))
    whole = _count(page)
    markers.first.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("box="))
    expect(page.locator(".chips")).to_contain_text("in the area shown on the map")
    assert 0 < _count(page) < whole
    page.get_by_role("button", name="Clear area").click()
    expect(page.locator(".count")).to_have_text(f"{whole} boats")

    page.get_by_role("button", name="Draw an area").click()
    frame = page.locator(".results-map").bounding_box()
    assert frame is not None
    for x, y in ((0.3, 0.3), (0.97, 0.3), (0.97, 0.95), (0.3, 0.95)):
        page.mouse.click(frame["x"] + x * frame["width"], frame["y"] + y * frame["height"])
    page.get_by_role("button", name="Finish drawing").click()
    expect(page).to_have_url(re.compile("polygon="))
    expect(page.locator(".chips")).to_contain_text("in the area you drew")
    drawn = _count(page)
    assert 0 < drawn < whole
    page.reload()
    expect(page.locator("path.map-area[d*=L]")).to_be_attached()
    assert _count(page) == drawn
    page.get_by_role("link", name="in the area you drew").click()
    expect(page.locator(".count")).to_have_text(f"{whole} boats")


def test_four_boats_are_compared_and_the_fifth_is_refused(page: Page) -> None:
    page.goto("/boats?type=sailboat&view=list")
    ticks = page.locator(".results .compare-tick input")
    for number in range(4):
        ticks.nth(number).check()
    ticks.nth(4).click()
    expect(page.locator("#compare-bar")).to_contain_text("up to four boats")
    expect(ticks.nth(4)).not_to_be_checked()
    page.get_by_role("link", name="Next page").click()
    expect(page).to_have_url(re.compile("after="))
    page.locator("#compare-bar").get_by_role("link", name="Compare 4 boats").click()
    expect(page.locator("thead .compared-title")).to_have_count(4)
    expect(page.locator(".best", has_text="lowest price")).to_have_count(1)
    assert page.viewport_size
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]
    first = page.locator("tbody th").first
    before = first.bounding_box()
    page.locator(".comparison-scroll").evaluate("one => one.scrollLeft = 200")
    assert first.bounding_box() == before
    page.locator("thead").get_by_role("link", name="Remove").first.click()
    expect(page.locator("thead .compared-title")).to_have_count(3)


def _member(page: Page, email: str) -> None:
    """Create an account. The link in the email names a different port from this market's."""
    page.goto("/account/register")
    page.get_by_label("Your name").fill("Ann")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("I agree to the terms").check()
    page.get_by_role("button", name="Create account").click()
    letter = page.locator("li", has_text=email)
    for _ in range(240):
        page.goto("/mail")
        if letter.count():
            break
        page.wait_for_timeout(250)
    letter.first.get_by_role("link").click()
    link = urlsplit(page.locator(".letter a").first.get_attribute("href") or "")
    page.goto(f"{link.path}?{link.query}")
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_role("status")).to_contain_text("confirmed")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_boats_are_kept_before_and_after_signing_in(
    chromium: Browser, demo: RunningMarket, scripts: bool
) -> None:
    page = a_page(chromium, demo, PHONE, scripts=scripts)
    email = f"ann-{scripts}@example.com".lower()
    _member(page, email)
    page.goto("/boats")
    names = page.locator(".results .card-title").all_inner_texts()[:2]
    for place, name in enumerate(names):
        heart = page.locator(".results .heart").nth(place)
        heart.click()
        expect(heart).to_have_attribute("aria-pressed", "true")
        expect(heart).to_have_accessible_name(f"Saved: {name}")
    page.goto("/watchlist")
    rows = page.locator(".watched-row")
    expect(rows).to_have_count(2)
    page.get_by_role("link", name="Sign in").click()
    sign_in(page, email)
    expect(page).to_have_url(re.compile("/watchlist$"))
    expect(rows).to_have_count(2)

    mine = rows.filter(has_text=names[0])
    mine.locator("summary").click()
    mine.get_by_role("textbox").fill("Ask about the keel")
    mine.get_by_role("button", name="Save").click()
    expect(mine.get_by_role("textbox")).to_have_value("Ask about the keel")
    rows.filter(has_text=names[1]).get_by_role("button", name="Remove").click()
    expect(page.locator(".news")).to_contain_text("removed from your watchlist")
    expect(rows).to_have_count(1)
    page.get_by_role("button", name="Undo").click()
    expect(rows).to_have_count(2)

    for tick in page.locator(".compare-tick input").all():
        tick.check()
    if scripts:
        page.get_by_role("link", name="Compare 2 boats").click()
    else:
        page.get_by_role("button", name="Compare selected").click()
    expect(page.locator("thead .compared-title")).to_have_count(2)
    page.context.close()


def test_without_scripts_a_map_says_why_there_is_none_and_the_list_is_whole(
    chromium: Browser, demo: RunningMarket
) -> None:
    page = a_page(chromium, demo, PHONE, scripts=False)
    page.goto("/boats?view=map")
    expect(page.locator(".map-why")).to_be_visible()
    expect(page.locator(".results .card")).to_have_count(20)
    page.get_by_text("Filters", exact=True).click()
    page.get_by_label("Maximum price").fill("50000")
    page.get_by_role("button", name="Show boats").click()
    expect(page.locator("[data-view=map]")).to_be_attached()
    expect(page.locator(".chips")).to_contain_text("up to $50,000")
    page.context.close()
