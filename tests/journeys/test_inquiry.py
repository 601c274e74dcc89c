"""A visitor asks about a boat on a phone; the seller replies on the site, the visitor by email."""

from __future__ import annotations

import re
import smtplib
import socket
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.servers import RunningMarket, command, wait_for

from .members import DESK, PHONE, a_market, a_page, open_letter, register, sign_in
from .test_alerts import BOAT

pytestmark = pytest.mark.browser

SELLER, BUYER = "sue@example.com", "vic@example.com"


@pytest.fixture(scope="module")
def relay_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory, relay_port: int) -> Iterator[RunningMarket]:
    data = tmp_path_factory.mktemp("asking") / "data"
    relay = {"RELAY_DOMAIN": "relay.example", "RELAY_LISTEN": f"127.0.0.1:{relay_port}"}
    with a_market(data, **relay) as market:
        yield market


def _letter(market: RunningMarket, to: str, subject: str) -> EmailMessage:
    """Wait for a letter in the folder."""
    found: list[EmailMessage] = []

    def there() -> bool:
        for path in (market.data / "mail").glob("*.eml"):
            read = message_from_bytes(path.read_bytes(), EmailMessage, policy=policy.default)
            if read["To"] == to and subject in str(read["Subject"]):
                assert isinstance(read, EmailMessage)
                found.append(read)
        return bool(found)

    wait_for(there)
    return found[0]


def _answer_by_mail(letter: EmailMessage, text: str, port: int) -> None:
    """As mail programs do: to the address in Reply-To, with the letter quoted below."""
    quoted = letter.get_body(("plain",))
    assert quoted is not None
    below = "".join(f"> {line}\n" for line in quoted.get_content().splitlines())
    mail = EmailMessage()
    mail["From"], mail["To"] = f"Vic Tor <{BUYER}>", str(letter["Reply-To"])
    mail["Subject"], mail["Message-ID"] = f"Re: {letter['Subject']}", "<vic-1@example.com>"
    mail.set_content(f"{text}\n\nOn Tue, Sue <market@boats.example> wrote:\n{below}")
    with smtplib.SMTP("127.0.0.1", port, timeout=60) as connection:
        connection.send_message(mail, BUYER, [str(letter["Reply-To"])])


def _boat_of(seller: str, market: RunningMarket, folder: Path) -> None:
    file = folder / "boats.csv"
    file.write_text(BOAT.format(price=9_500_000))
    code, report = command(market.data, "import", str(file), "--owner", seller)
    assert code == 0, report


def _find_boat(page: Page) -> None:
    row = page.locator(".card-link", has_text="2011 Beneteau Oceanis 34")
    for _ in range(240):
        page.goto("/boats?q=oceanis")
        if row.count():
            row.first.click()
            return
        page.wait_for_timeout(250)
    raise AssertionError("the boat did not come")


def test_a_visitor_asks_the_seller_answers_and_the_answer_comes_back_by_mail(
    chromium: Browser, market: RunningMarket, relay_port: int, tmp_path: Path
) -> None:
    desk = a_page(chromium, market, DESK, scripts=True)
    register(desk, SELLER, "Sue Sail")
    _boat_of(SELLER, market, tmp_path)

    phone = a_page(chromium, market, PHONE, scripts=False)
    _find_boat(phone)
    phone.get_by_label("When could I come and see her?").check()
    phone.get_by_label("Your name").fill("Vic Tor")
    phone.get_by_label("Your email").fill(BUYER)
    phone.wait_for_timeout(2_100)  # nobody fills in a form faster, and programs are told so
    phone.get_by_role("button", name="Send message").click()
    expect(phone.get_by_role("heading", name="Check your email")).to_be_visible()
    open_letter(phone, "Confirm your question", BUYER)
    expect(phone.locator("blockquote")).to_contain_text("Is she still available?")
    phone.get_by_role("button", name="Confirm my address").click()
    expect(phone.get_by_role("status")).to_contain_text("sent to the seller")

    desk.goto("/account/messages")
    sign_in(desk, SELLER)
    desk.get_by_role("link", name=re.compile("Vic Tor.*1 new")).click()
    expect(desk.locator(".talk")).to_contain_text("When could I come and see her?")
    desk.get_by_label("Write to Vic Tor").fill("She is. Saturday at ten?")
    desk.get_by_role("button", name="Send", exact=True).click()
    expect(desk.get_by_role("status")).to_contain_text("has been sent")

    letter = _letter(market, BUYER, "message from Sue Sail")
    assert SELLER not in letter.as_string()
    _answer_by_mail(letter, "Saturday at ten it is.", relay_port)
    desk.goto("/account/messages")
    desk.get_by_role("link", name=re.compile("Vic Tor.*1 new")).click()
    expect(desk.locator(".line").last).to_contain_text("Saturday at ten it is.")
    expect(desk.locator(".line").last).to_contain_text("by email")
    expect(desk.locator(".line").last).not_to_contain_text("wrote")
    # And on the phone, by the link of the first letter.
    phone.reload()
    expect(phone.locator(".line")).to_have_count(3)
