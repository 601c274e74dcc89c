"""A seller uploads photos, reorders and captions them, with and without scripts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from tests.media.picture_files import a_photo
from tests.media.video_files import a_film
from tests.servers import RunningMarket

from .members import A_MINUTE, DESK, PHONE, a_market, a_page, register, sign_in

pytestmark = pytest.mark.browser

_NEW = """async ([token, boat]) => {
  const answer = await fetch("/api/v1/listings", {
    method: "POST",
    headers: {"Content-Type": "application/json", "X-CSRF-Token": token},
    body: JSON.stringify(boat),
  });
  return (await answer.json()).id;
}"""
_BOAT: dict[str, Any] = {
    "title": "2010 Beneteau Oceanis 40",
    "price": 12_000_000,
    "location": {"country": "US", "state": "FL", "city": "Stuart"},
    "boatDetails": {"type": "sailboat", "manufacturer": "Beneteau", "model": "Oceanis 40"},
}


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningMarket]:
    with a_market(tmp_path_factory.mktemp("photos") / "data") as market:
        yield market


@pytest.fixture(scope="module")
def seller(chromium: Browser, market: RunningMarket) -> Any:
    """The state of a browser in which a seller is signed in, and the id of their boat."""
    expect.set_options(timeout=A_MINUTE)
    page = a_page(chromium, market, DESK, scripts=True)
    register(page, "ann@example.com")
    page.goto("/account/sign-in")
    sign_in(page, "ann@example.com")
    page.wait_for_url("**/account")
    token = page.locator("input[name=csrf_token]").first.get_attribute("value")
    boats = [page.evaluate(_NEW, [token, _BOAT]) for _ in range(3)]
    state = page.context.storage_state()
    page.context.close()
    return state, boats


def _files(*seeds: int) -> list[FilePayload]:
    return [
        {"name": f"IMG_{seed}.jpg", "mimeType": "image/jpeg", "buffer": a_photo(seed)}
        for seed in seeds
    ]


def _order(page: Page) -> list[str | None]:
    return [one.get_attribute("data-photo") for one in page.locator(".photos-one").all()]


def _page(chromium: Browser, market: RunningMarket, state: Any, *, scripts: bool) -> Page:
    size = DESK if scripts else PHONE
    context = chromium.new_context(
        base_url=market.address,
        viewport={"width": size["width"], "height": size["height"]},
        java_script_enabled=scripts,
        storage_state=state,
    )
    context.set_default_timeout(A_MINUTE)
    return context.new_page()


def test_with_scripts_photos_are_sent_dragged_and_named(
    chromium: Browser, market: RunningMarket, seller: Any
) -> None:
    state, [boat, *_] = seller
    page = _page(chromium, market, state, scripts=True)
    page.goto(f"/sell/{boat}/photos")
    unfit: FilePayload = {
        "name": "survey.pdf",
        "mimeType": "application/pdf",
        "buffer": b"%PDF-1.7",
    }
    page.locator("#photos-files").set_input_files([*_files(1, 2, 3), unfit])
    expect(page.locator(".photos-one")).to_have_count(3)
    expect(page.get_by_role("alert")).to_contain_text("survey.pdf: This is a PDF")
    expect(page.locator("#photos-status")).to_have_text("3 of 3 photos uploaded")
    page.get_by_role("button", name="Skip this photo").click()
    first, second, third = _order(page)
    page.get_by_label("Caption of photo 2").fill("The cockpit")
    page.get_by_label("Caption of photo 2").blur()
    expect(page.locator("#photos-status")).to_have_text("Caption saved")
    page.get_by_role("button", name="Move photo 1 later").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#photos-status")).to_have_text("Photo moved to position 2")
    assert page.evaluate("document.activeElement.id") == f"later-{first}"
    grip = page.locator(".photos-one .photo")
    grip.nth(2).drag_to(grip.nth(0))
    expect(page.locator(".photos-one").nth(0)).to_have_attribute("data-photo", str(third))
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Remove photo 3").click()
    expect(page.locator(".photos-one")).to_have_count(2)
    page.reload()
    assert _order(page) == [third, second]
    expect(page.get_by_label("Caption of photo 2")).to_have_value("The cockpit")
    page.context.close()


def test_a_video_beside_the_photos_is_no_photo(
    chromium: Browser, market: RunningMarket, seller: Any
) -> None:
    state, [_, _, boat] = seller
    page = _page(chromium, market, state, scripts=True)
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.goto(f"/sell/{boat}/photos")
    film: FilePayload = {"name": "film.mp4", "mimeType": "video/mp4", "buffer": a_film()}
    page.get_by_label("Add a video").set_input_files(film)
    page.locator("#videos").get_by_role("button", name="Send").click()
    expect(page.locator("#videos video")).to_have_count(1)
    page.reload()
    page.locator("#photos-files").set_input_files(_files(7, 8))
    expect(page.locator("[data-photo]")).to_have_count(2)
    page.get_by_role("button", name="Move photo 1 later").click()
    expect(page.locator("#photos-status")).to_have_text("Photo moved to position 2")
    assert troubles == []
    page.context.close()


def test_without_scripts_forms_do_the_same(
    chromium: Browser, market: RunningMarket, seller: Any
) -> None:
    state, [_, boat, _] = seller
    page = _page(chromium, market, state, scripts=False)
    page.goto(f"/sell/{boat}/photos")
    page.get_by_label("Add photos").set_input_files(_files(4, 5, 6))
    page.get_by_role("button", name="Send").first.click()
    expect(page.get_by_text("3 photos uploaded.")).to_be_visible()
    first, second, third = _order(page)
    page.get_by_role("button", name="Make photo 3 the main photo").click()
    assert _order(page) == [third, first, second]
    page.get_by_label("Caption of photo 1").fill("Under sail")
    page.get_by_role("button", name="Save").first.click()
    page.get_by_role("button", name="Remove photo 2").click()
    assert _order(page) == [third, second]
    expect(page.get_by_label("Caption of photo 1")).to_have_value("Under sail")
    expect(page.get_by_alt_text("Under sail")).to_be_visible()
    page.context.close()
