"""A moderator sends an advert back, and lets it through once it is mended; a visitor reports it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyotp
import pytest
from playwright.sync_api import Browser, Page, expect

from marinemarket.accounts.records import add_user
from marinemarket.assembly import Market, open_market
from marinemarket.clock import now_ms
from marinemarket.listings.listing import Moderation
from marinemarket.listings.records import add_listing, find_listing, replace_listing
from marinemarket.settings import Settings
from tests.conftest import TESTS
from tests.making import a_listing, a_user
from tests.running import RunningMarket, command

from .members import DESK, PASSWORD, PHONE, a_market, a_page, open_letter, sign_in

pytestmark = pytest.mark.browser

SELLER, MODERATOR = "ann@example.com", "mo@example.com"


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningMarket]:
    with a_market(tmp_path_factory.mktemp("moderator") / "data") as market:
        yield market


def _in(data: Path, do: Callable[[Market], Awaitable[None]]) -> None:
    """Do something in a running market's own store. In a thread: the browser has this one's loop."""

    async def done() -> None:
        async with open_market(Settings(data=data)) as market:
            await do(market)

    with ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: asyncio.run(done())).result()


async def _offered(market: Market) -> None:
    """A seller has published a draft: the advert is offered, and waits."""
    seller = a_user(name="ann", email_verified=True)
    await add_user(market.trail, TESTS, seller)
    now = now_ms()
    boat = a_listing(
        ownerId=seller.id,
        description="Well kept. Call me at 772 555 0100.",
        moderation={"state": "pending"},
        createdAt=now,
        updatedAt=now,
    )
    await add_listing(market.trail, TESTS, boat)


async def _mended(market: Market) -> None:
    """What publishing again does."""
    old = await find_listing(market.store, a_listing().id)
    assert old is not None
    new = old.changed(
        description="Well kept, and dry.", moderation=Moderation(), updated_at=old.updated_at + 1
    )
    await replace_listing(market.trail, TESTS, old, new)


def _at_work(page: Page, market: RunningMarket) -> None:
    """A moderator chooses a password, and sets up the second factor that the work needs."""
    code, made = command(market.data, "staff", "create", MODERATOR, "--role", "moderator")
    assert code == 0, made
    page.goto(market.address + made["link"].partition("8000")[2])
    page.get_by_label("New password").fill(PASSWORD)
    page.get_by_role("button", name="Set it").click()
    sign_in(page, MODERATOR)
    page.goto("/admin")
    page.get_by_role("link", name="Set one up").click()
    page.locator("#second-factor").get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Set it up").click()
    secret = page.locator("code").inner_text().replace(" ", "")
    page.get_by_label("Code", exact=True).fill(pyotp.TOTP(secret).now())
    page.get_by_role("button", name="Turn it on").click()
    expect(page.get_by_role("heading", name="The second factor is on")).to_be_visible()


def _open_case(page: Page, title: str) -> None:
    """Wait until the advert stands in the queue, and open it."""
    row = page.get_by_role("link", name=title)
    for _ in range(240):
        page.goto("/admin/moderation")
        if row.count():
            row.first.click()
            return
        page.wait_for_timeout(250)
    raise AssertionError(f"{title} does not come before the moderators")


def test_an_advert_is_sent_back_mended_approved_and_found(
    chromium: Browser, market: RunningMarket
) -> None:
    title = a_listing().title
    seller = a_page(chromium, market, PHONE, scripts=False)
    _in(market.data, _offered)
    page = a_page(chromium, market, DESK, scripts=False)
    _at_work(page, market)
    page.goto("/account")
    page.get_by_role("link", name="Your work for the market").click()
    page.get_by_role("link", name="Adverts").first.click()
    _open_case(page, title)
    expect(page.get_by_text("772 555 0100").first).to_be_visible()
    page.get_by_text("Request changes").click()
    assert "leave telephone numbers" in page.locator("#changes").input_value()
    page.locator("#changes").fill("Please leave your telephone number out of the text.")
    page.get_by_role("button", name="Ask for these changes").click()
    expect(page.get_by_role("status")).to_contain_text("asked for changes")

    open_letter(seller, "Please change something", SELLER)
    assert seller.url.endswith(f"/sell/{a_listing().id}")
    seller.goto(f"/boats/{a_listing().id}")
    expect(seller.get_by_text("404")).to_be_visible()
    _in(market.data, _mended)

    _open_case(page, title)
    expect(page.get_by_text("Changes asked for")).to_be_visible()
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_role("status")).to_contain_text("approved")
    open_letter(seller, "Your advert is public", SELLER)
    expect(seller.get_by_role("heading", name=title)).to_be_visible()

    buyer = a_page(chromium, market, PHONE, scripts=False)
    found = buyer.get_by_role("link", name=title)
    for _ in range(240):
        buyer.goto("/boats?q=oceanis")
        if found.count():
            break
        buyer.wait_for_timeout(250)
    found.first.click()
    expect(buyer.get_by_role("heading", name=title)).to_be_visible()
    buyer.goto(f"/boats/{a_listing().id}/report")
    buyer.get_by_label("The boat is sold, or was never for sale").check()
    buyer.get_by_label("What should we know?").fill("The marina says she left in May.")
    buyer.get_by_role("button", name="Send the report").click()
    expect(buyer.get_by_role("heading", name="Thank you")).to_be_visible()
    _open_case(page, title)
    expect(page.get_by_text("The marina says she left in May.")).to_be_visible()
    page.get_by_text("Reject", exact=True).click()
    page.get_by_label("Why? The seller reads it.").select_option("In my own words")
    page.get_by_label("More words").fill("She is sold, the marina says.")
    page.get_by_role("button", name="Reject the advert").click()
    expect(page.get_by_role("status")).to_contain_text("turned down")
    open_letter(seller, "Your advert was not taken", SELLER)
    for one in (seller, page, buyer):
        one.context.close()
