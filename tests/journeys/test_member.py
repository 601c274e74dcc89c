"""A member creates an account, signs in with a second factor and a passkey, and leaves."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pyotp
import pytest
from playwright.sync_api import Browser, expect

from tests.servers import RunningMarket, command

from .conftest import keep_complaints
from .members import (
    DESK,
    PASSWORD,
    PHONE,
    a_market,
    a_page,
    open_letter,
    path_of,
    register,
    sign_in,
)

pytestmark = pytest.mark.browser

EMAIL = "bob@example.com"


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningMarket]:
    """At localhost, where browsers make passkeys."""
    with a_market(tmp_path_factory.mktemp("member") / "data", host="localhost") as market:
        yield market


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_an_account_from_opening_to_leaving_without_javascript(
    chromium: Browser, market: RunningMarket, size: dict[str, int]
) -> None:
    page = a_page(chromium, market, size, scripts=False)
    email = f"bob{size['width']}@example.com"
    register(page, email)
    sign_in(page, email, "not my password")
    expect(page.get_by_role("alert")).to_contain_text("is not right")
    sign_in(page, email)
    expect(page).to_have_url(re.compile(r"/account$"))

    page.get_by_label("Phone").fill("772 555 0100")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("starts with + and the country code")).to_be_visible()
    page.get_by_label("Phone").fill("+1 772 555 0100")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Must be entered again")).to_be_visible()
    expect(page.get_by_label("Phone")).to_have_value("+1 772 555 0100")
    page.get_by_label("Current password").first.fill(PASSWORD)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_contain_text("saved")

    page.get_by_role("link", name="Sign-in and security").click()
    page.locator("#second-factor").get_by_label("Current password").fill(PASSWORD)
    page.get_by_role("button", name="Set up").click()
    secret = page.locator("code").inner_text().replace(" ", "")
    page.get_by_label("Code", exact=True).fill("000000")
    page.get_by_role("button", name="Turn on").click()
    expect(page.get_by_text("is not the code").first).to_be_visible()
    assert page.locator("code").inner_text().replace(" ", "") == secret
    page.get_by_label("Code", exact=True).fill(pyotp.TOTP(secret).now())
    page.get_by_role("button", name="Turn on").click()
    expect(page.locator("code")).to_have_count(10)
    codes = page.locator("code").all_inner_texts()
    page.get_by_role("link", name="I have saved them").click()
    page.get_by_role("button", name="Sign out", exact=True).first.click()

    sign_in(page, email)
    page.get_by_label("Code", exact=True).fill(codes[0].lower())
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("link", name="Your data").click()
    page.get_by_label("Current password").fill(PASSWORD)
    page.get_by_role("button", name="Delete my account and data").click()
    expect(page.get_by_role("status")).to_contain_text("deleted")
    sign_in(page, email)
    expect(page.get_by_role("alert")).to_be_visible()
    page.context.close()


def test_a_forgotten_password_is_replaced_by_mail(chromium: Browser, market: RunningMarket) -> None:
    page = a_page(chromium, market, PHONE, scripts=False)
    register(page, "ann@example.com", "Ann Bow")
    page.get_by_role("link", name="Forgot your password?").click()
    page.get_by_label("Email").fill("ann@example.com")
    page.get_by_role("button", name="Send link").click()
    open_letter(page, "Reset your password", "ann@example.com")
    page.get_by_label("New password").fill("password1234")
    page.get_by_role("button", name="Set password").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label("New password").fill("cobalt lantern drift seven")
    page.get_by_role("button", name="Set password").click()
    sign_in(page, "ann@example.com", "cobalt lantern drift seven")
    expect(page.get_by_role("heading", name="Ann Bow")).to_be_visible()
    page.context.close()


def test_a_passkey_is_made_and_signs_in_by_itself(chromium: Browser, market: RunningMarket) -> None:
    page = a_page(chromium, market, DESK, scripts=True)
    complaints: list[str] = []
    keep_complaints(page, complaints, "error")
    page.on("dialog", lambda dialog: dialog.accept("My phone"))
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    register(page, "eve@example.com", "Eve Stern")
    sign_in(page, "eve@example.com")
    page.get_by_role("link", name="Sign-in and security").click()
    page.locator("#passkey-password").fill("not my password")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.locator("[data-passkey-trouble]")).to_contain_text("must be your current password")
    page.locator("#passkey-password").fill(PASSWORD)
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.locator("[data-passkey-codes] code")).to_have_count(10)
    page.get_by_role("link", name="I have saved them").click()
    expect(page.get_by_role("status")).to_contain_text("passkey is added")
    expect(page.get_by_text("My phone")).to_be_visible()
    page.get_by_role("button", name="Sign out", exact=True).first.click()

    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("heading", name="Eve Stern")).to_be_visible()
    page.get_by_role("link", name="Sign-in and security").click()
    page.get_by_text("My phone").click()
    page.get_by_placeholder("Current password").fill(PASSWORD)
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_role("status")).to_contain_text("removed")
    page.get_by_role("button", name="Sign out", exact=True).first.click()
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.locator("[data-passkey-trouble]")).to_contain_text("not known here")
    assert [text for text in complaints if "401" not in text and "422" not in text] == []
    page.context.close()


def test_the_first_administrator_comes_from_the_prompt(
    chromium: Browser, market: RunningMarket
) -> None:
    code, made = command(
        market.data, "staff", "create", "chief@example.com", "--role", "super_admin"
    )
    assert (code, made["role"]) == (0, "super_admin")
    page = a_page(chromium, market, DESK, scripts=False)
    page.goto(market.address + path_of(made["link"]))
    page.get_by_label("New password").fill(PASSWORD)
    page.get_by_role("button", name="Set password").click()
    sign_in(page, "chief@example.com")
    expect(page.get_by_text("You need two-factor authentication")).to_be_visible()
    answer = page.request.get("/api/v1/admin/users")
    assert (answer.status, "second factor" in answer.text()) == (403, True)
    page.get_by_role("link", name="Set it up now").click()
    page.locator("#second-factor").get_by_label("Current password").fill(PASSWORD)
    page.get_by_role("button", name="Set up").click()
    secret = page.locator("code").inner_text().replace(" ", "")
    page.get_by_label("Code", exact=True).fill(pyotp.TOTP(secret).now())
    page.get_by_role("button", name="Turn on").click()
    expect(page.get_by_role("heading", name="Two-factor authentication is on")).to_be_visible()
    assert page.request.get("/api/v1/admin/users").status == 200
    code, _ = command(market.data, "staff", "revoke", "chief@example.com")
    assert code == 0
    assert page.request.get("/api/v1/admin/users").status in (401, 403)
    page.context.close()
