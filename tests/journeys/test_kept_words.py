"""Words survive: a session that ends, another tab, a server that is away, a page that is closed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.servers import RunningMarket

from .conftest import keep_complaints
from .members import DESK, PASSWORD, a_market, a_page, register, sign_in

pytestmark = pytest.mark.browser

EMAIL = "ann@example.com"


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningMarket]:
    folder: Path = tmp_path_factory.mktemp("words")
    with a_market(folder / "data", LIMIT_WRITES="off") as market:
        yield market


def _kept(page: Page) -> int:
    """How many versions of words the browser keeps."""
    count: int = page.evaluate(
        "Object.keys(localStorage).filter(it => it.startsWith('kept ')).length"
    )
    return count


def _end_sessions(chromium: Browser, market: RunningMarket, email: str) -> None:
    """Sign every device of an account out, from another one."""
    elsewhere = a_page(chromium, market, DESK, scripts=False)
    elsewhere.goto("/account/sign-in?next=/account/security")
    sign_in(elsewhere, email)
    form = elsewhere.locator("form[action='/account/sessions/end']")
    form.get_by_label("Current password").fill(PASSWORD)
    form.get_by_role("button", name="Sign out everywhere").click()
    expect(elsewhere.get_by_role("heading", name="Sign in")).to_be_visible()
    elsewhere.context.close()


def test_an_advert_keeps_its_words_whatever_ends_the_session(
    chromium: Browser, market: RunningMarket
) -> None:
    page = a_page(chromium, market, DESK, scripts=True)
    complaints: list[str] = []
    keep_complaints(page, complaints)
    register(page, EMAIL)
    sign_in(page, EMAIL)
    page.goto("/sell")
    page.get_by_role("button", name="Create advert").click()
    address = page.url
    status, model = page.locator("[data-saved]"), page.get_by_label("Model", exact=True)
    page.get_by_label("Maker", exact=True).fill("Catalina")
    expect(status).to_contain_text("Saved")
    assert _kept(page) == 0

    # The session ends, the page says so; Save leads through the sign-in, and the words come along.
    _end_sessions(chromium, market, EMAIL)
    model.fill("34 MkII")
    expect(status).to_contain_text("You are signed out")
    page.get_by_role("button", name="Save", exact=True).last.click()
    expect(page.get_by_text("What you wrote is below")).to_be_visible()
    expect(page.get_by_label("Model")).to_have_value("34 MkII")
    assert _kept(page) == 1
    sign_in(page, EMAIL)
    expect(page.get_by_role("heading", name="Check and send again")).to_be_visible()
    expect(page.get_by_label("Model", exact=True)).to_have_value("34 MkII")
    page.get_by_role("button", name="Send").click()
    expect(page).to_have_url(re.compile(r"/sell/[\w-]+\?done=saved"))
    expect(model).to_have_value("34 MkII")
    assert _kept(page) == 0, "only now it is forgotten"

    # The link to the sign-in page, instead of Save: back in the editor with the words.
    _end_sessions(chromium, market, EMAIL)
    model.fill("36")
    status.get_by_role("link", name="Sign in again").click()
    sign_in(page, EMAIL)
    expect(page).to_have_url(address)
    expect(model).to_have_value("36")
    expect(status).to_contain_text("Saved")

    # Signed in again in another tab: this page goes on by itself.
    _end_sessions(chromium, market, EMAIL)
    model.fill("38")
    expect(status).to_contain_text("You are signed out")
    other = page.context.new_page()
    other.goto("/account/sign-in")
    sign_in(other, EMAIL)
    expect(other).to_have_url(re.compile(r"/account$"))
    page.bring_to_front()
    page.evaluate("dispatchEvent(new Event('focus'))")  # a headless window is always in front
    expect(status).to_contain_text("Saved")

    # Closed while the server cannot be reached, and opened again.
    page.context.set_offline(True)
    model.fill("40")
    expect(status).to_contain_text("saved on this device")
    page.close()
    other.context.set_offline(False)
    other.goto(address)
    model, status = other.get_by_label("Model", exact=True), other.locator("[data-saved]")
    expect(model).to_have_value("40")
    expect(status).to_contain_text("Saved")

    # Deleted in another tab: shown, and saved as a new draft.
    third = other.context.new_page()
    third.goto(f"{address}/deletion")
    third.get_by_role("button", name="Delete").click()
    expect(third).to_have_url(re.compile("done=deleted"))
    model.fill("42")
    expect(status).to_contain_text("deleted")
    status.get_by_role("button", name="Save as a new draft").click()
    expect(other).to_have_url(re.compile("done=saved"))
    assert other.url.partition("?")[0] != address
    expect(model).to_have_value("42")
    assert _kept(other) == 0
    assert complaints == []
    other.context.close()
