"""Words survive: a session that ends, another tab, a server that is away, a page that is closed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.servers import RunningMarket, command

from .conftest import keep_complaints
from .members import DESK, PASSWORD, PHONE, a_market, a_page, register, sign_in
from .test_alerts import BOAT

pytestmark = pytest.mark.browser

EMAIL, SELLER = "ann@example.com", "sue@example.com"
QUESTION = "Is the mast original?\nAnd the rigging?"


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


def test_a_question_and_a_reply_keep_their_words(
    chromium: Browser, market: RunningMarket, tmp_path: Path
) -> None:
    desk = a_page(chromium, market, DESK, scripts=True)
    complaints: list[str] = []
    keep_complaints(desk, complaints)
    register(desk, SELLER, name="Sue Sail")
    file = tmp_path / "boats.csv"
    file.write_text(BOAT.format(price=9_500_000))
    code, report = command(market.data, "import", str(file), "--owner", SELLER)
    assert code == 0, report
    desk.context.close()

    page = a_page(chromium, market, PHONE, scripts=True)
    keep_complaints(page, complaints)
    register(page, "ben@example.com", name="Ben Bow")
    page.goto("/account/sign-in?next=/boats")
    sign_in(page, "ben@example.com")
    row = page.locator(".card-link", has_text="2011 Beneteau Oceanis 34")
    for _ in range(240):
        if row.count():
            break
        page.wait_for_timeout(250)
        page.goto("/boats")
    row.first.click()
    boat = page.url
    question = page.get_by_label("Your message")
    question.fill(QUESTION)
    page.wait_for_timeout(500)
    page.close()  # the battery is empty

    page = page.context.new_page()
    page.goto(boat)
    question = page.get_by_label("Your message")
    expect(question).to_have_value(QUESTION)
    notice = page.get_by_role("status").filter(has_text="We kept what you wrote")
    expect(notice).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]

    # The session has ended: the question goes through the sign-in and waits to be sent.
    _end_sessions(chromium, market, "ben@example.com")
    page.get_by_role("button", name="Send message").click()
    expect(page.get_by_text("What you wrote is below")).to_be_visible()
    sign_in(page, "ben@example.com")
    expect(page.get_by_role("heading", name="Check and send again")).to_be_visible()
    expect(page.get_by_label("Your message")).to_have_value(QUESTION)
    assert _kept(page) == 1
    page.wait_for_timeout(2100)  # nobody sends a question sooner
    page.get_by_role("button", name="Send").click()
    expect(page).to_have_url(re.compile(r"/account/messages/.*done=sent"))
    assert _kept(page) == 0

    # A reply while another tab signs in again: the old token gives way to the new one.
    reply = page.get_by_label("Write to")
    reply.fill("And one more thing")
    _end_sessions(chromium, market, "ben@example.com")
    other = page.context.new_page()
    other.goto("/account/sign-in")
    sign_in(other, "ben@example.com")
    expect(other).to_have_url(re.compile(r"/account$"))
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_text("You are signed in as Ben Bow.")).to_be_visible()
    expect(page.get_by_label("Your message")).to_have_value("And one more thing")
    page.get_by_role("button", name="Send").click()
    expect(page).to_have_url(re.compile(r"done=sent"))
    assert _kept(page) == 0

    # Kept words can be discarded, and whoever comes next in this browser is not shown them.
    reply = page.get_by_label("Write to")
    reply.fill("Never mind")
    page.wait_for_timeout(500)
    page.reload()
    expect(reply).to_have_value("Never mind")
    page.get_by_role("button", name="Discard").click()
    expect(reply).to_have_value("")
    assert _kept(page) == 0
    page.goto(boat)
    page.get_by_label("Your message").fill("Mine alone")
    page.wait_for_timeout(500)
    page.context.clear_cookies(name="session")
    page.goto(boat)
    expect(page.get_by_label("Your message")).not_to_have_value("Mine alone")
    expect(page.get_by_text("We kept what you wrote")).to_have_count(0)
    assert complaints == []
    page.context.close()
