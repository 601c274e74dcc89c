"""What members do in every journey: create an account, sign in, read their email."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pyotp
from playwright.sync_api import Browser, Page, expect

from tests.servers import RunningMarket, command

PASSWORD = "tidal rudder walnut forty"
A_MINUTE = 60_000
MODERATOR = "mo@example.com"
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


@contextmanager
def a_market(data: Path, *, host: str = "127.0.0.1", **settings: str) -> Iterator[RunningMarket]:
    """An empty market that mails into a folder, under an address that its letters name."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://{host}:{port}"
    settings.setdefault("LIMIT_AUTH", "off")
    with RunningMarket(
        data,
        port=port,
        python=None,
        listening=None,
        files=None,
        variables=None,
        PUBLIC_URL=address,
        **settings,
    ) as market:
        market.wait_until_ready()
        market.address = address
        yield market


def a_page(
    chromium: Browser, market: RunningMarket, size: dict[str, int], *, scripts: bool
) -> Page:
    context = chromium.new_context(
        base_url=market.address,
        viewport={"width": size["width"], "height": size["height"]},
        java_script_enabled=scripts,
    )
    context.set_default_timeout(A_MINUTE)
    return context.new_page()


def open_letter(page: Page, subject: str, to: str) -> None:
    """Wait for a letter on the page that shows them, and follow its link."""
    row = page.locator("li", has_text=to).filter(has_text=subject)
    for _ in range(240):
        page.goto("/mail")
        if row.count():
            row.first.get_by_role("link").click()
            page.locator(".letter a").first.click()
            return
        page.wait_for_timeout(250)
    raise AssertionError(f"no letter to {to}: {subject}")


def path_of(link: str) -> str:
    """A link without its host, which a command may know by another name than the browser."""
    parts = urlsplit(link)
    return f"{parts.path}?{parts.query}"


def register(page: Page, email: str, name: str = "Bob Stay") -> None:
    page.goto("/account/register")
    page.get_by_label("Your name").fill(name)
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("I agree to the terms").check()
    page.get_by_role("button", name="Create account").click()
    expect(page.get_by_role("heading", name="Check your email")).to_be_visible()
    open_letter(page, "confirm your email address", email)
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_role("status")).to_contain_text("confirmed")


def sign_in(page: Page, email: str, password: str = PASSWORD) -> None:
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()


def a_moderator(page: Page, market: RunningMarket) -> None:
    """A moderator chooses a password, and sets up the second factor that the work needs."""
    code, made = command(market.data, "staff", "create", MODERATOR, "--role", "moderator")
    assert code == 0, made
    page.goto(market.address + path_of(made["link"]))
    page.get_by_label("New password").fill(PASSWORD)
    page.get_by_role("button", name="Set password").click()
    sign_in(page, MODERATOR)
    page.goto("/admin")
    page.get_by_role("link", name="Set it up now").click()
    page.locator("#second-factor").get_by_label("Current password").fill(PASSWORD)
    page.get_by_role("button", name="Set up").click()
    secret = page.locator("code").inner_text().replace(" ", "")
    page.get_by_label("Code", exact=True).fill(pyotp.TOTP(secret).now())
    page.get_by_role("button", name="Turn on").click()
    expect(page.get_by_role("heading", name="Two-factor authentication is on")).to_be_visible()


def open_case(page: Page, title: str) -> None:
    """Wait until an advert stands before the moderators, and open it."""
    row = page.get_by_role("link", name=title)
    for _ in range(240):
        page.goto("/admin/moderation")
        if row.count():
            row.first.click()
            return
        page.wait_for_timeout(250)
    raise AssertionError(f"{title} does not come before the moderators")
