"""Each email is sent once through a real mail server, whatever fails in between."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

import pytest

from marinemarket.accounts.erasure import erase
from marinemarket.archive.post_restore import run
from marinemarket.audit.actions import Action
from marinemarket.clock import MINUTE
from marinemarket.composition import PERSONAL_DATA, Market
from marinemarket.config.settings import Settings, load
from marinemarket.errors import Invalid, Unavailable
from marinemarket.mail.delivery import GIVEN_UP_AFTER, TAKEN_FOR, Delivery
from marinemarket.mail.email import Email, outgoing
from marinemarket.mail.mailbox import saved_emails
from marinemarket.mail.transports import SmtpTransport
from marinemarket.store.items import Item
from marinemarket.store.schema import OUTBOX
from marinemarket.vault.vault import Vault
from tests.builders import OWNER, ManualClock
from tests.conftest import TESTS
from tests.store.paging import feed, scanned
from tests.store.stale_indexes import indexes_caught_up

from .server import Server, mail_server

pytestmark = pytest.mark.anyio


class Died(BaseException):
    """The process is no more."""


MARKER = "https://marker.example/never-in-the-clear"


@pytest.fixture(params=[0, 12], ids=["fresh", "stale"])
def behind(request: pytest.FixtureRequest) -> int:
    """Every test runs a second time over indexes that lag by a dozen changes."""
    lag: int = request.param
    return lag


def by(market: Market, server: Server, **more: str) -> Delivery:
    settings = market.settings.model_copy(update={"smtp_url": server.url, **more})
    return replace(market, settings=settings).delivery()


async def write(market: Market, *, to: str = "ann@example.com", **overrides: str) -> None:
    """Put a letter into the outbox."""
    values = {"link": "/account/verify?token=1.abc", **overrides}
    letter = Email("verify-email", to, OWNER, values=values)
    entry = TESTS.entry(Action.USER_UPDATED, "user", OWNER, market.clock())
    await market.trail.commit(entry, await outgoing(market.accounts.vault, letter, market.clock()))
    await indexes_caught_up(market.store)


async def outbox(market: Market) -> Item:
    [item] = await scanned(market.store, OUTBOX)
    return item


async def test_a_letter_goes_out_once_and_says_what_it_should(market: Market) -> None:
    async with mail_server() as server:
        post = by(market, server, public_url="https://boats.example")
        await write(market)
        assert await post.run_once() == 1
        assert await post.run_once() == 0
        [message] = server.arrived
        assert server.recipients == [["ann@example.com"]]
        assert message["Subject"] == "Please confirm your email address"
        assert message["From"] == "MarineMarket <market@boats.example>"
        assert message["Auto-Submitted"] == "auto-generated"
        kept = await outbox(market)
        assert message["Message-ID"] == f"<{kept['id']}@boats.example>"
        link = "https://boats.example/account/verify?token=1.abc"
        for kind in ("plain", "html"):
            body = message.get_body((kind,))
            assert body is not None
            assert link in body.get_content()
        assert "waiting" not in kept
        assert "sealed" not in kept
        assert kept["sentAt"] == "2026-01-01T00:00:00.000Z"


async def test_what_a_letter_says_lies_nowhere_in_the_clear(
    market: Market, market_settings: Settings
) -> None:
    await write(market, to="marker@marker.example", link=MARKER)
    told = f"{await scanned(market.store, OUTBOX)}{await feed(market.store.engine)}"
    files = b"".join(path.read_bytes() for path in market_settings.data.glob("market.sqlite3*"))
    for secret in (MARKER, "marker@marker.example"):
        assert secret not in told
        assert secret.encode() not in files


async def test_two_posts_at_once_send_each_letter_once(market: Market) -> None:
    async with mail_server() as server:
        for number in range(12):
            await write(market, to=f"ann{number}@example.com")
        posts = [by(market, server) for _ in range(3)]
        while sum(await asyncio.gather(*(post.run_once() for post in posts))):
            pass
        assert sorted(to for [to] in server.recipients) == sorted(
            f"ann{number}@example.com" for number in range(12)
        )


async def test_a_server_that_is_busy_is_asked_again_later_and_later(
    market: Market, clock: ManualClock
) -> None:
    async with mail_server() as server:
        server.to_letters = ["451 busy", "451 busy"]
        server.to_recipients = []
        post = by(market, server)
        await write(market)
        assert await post.run_once() == 1
        assert await post.run_once() == 0
        waits = []
        while not server.arrived:
            begun = clock.now
            while not await post.run_once():
                clock.now += MINUTE // 4
                await indexes_caught_up(market.store)
            waits.append(clock.now - begun)
        first, second = waits
        assert MINUTE <= first <= 2 * MINUTE
        assert 2 * MINUTE <= second <= 3 * MINUTE


async def test_a_recipient_that_does_not_exist_is_written_to_no_more(
    market: Market, clock: ManualClock
) -> None:
    async with mail_server() as server:
        server.to_recipients = ["550 no such mailbox"]
        post = by(market, server)
        await write(market)
        assert await post.run_once() == 1
        kept = await outbox(market)
        assert "failedAt" in kept
        assert "sealed" not in kept
        assert "ann" not in kept["why"]
        clock.now += GIVEN_UP_AFTER
        assert await post.run_once() == 0
        assert server.arrived == []


async def test_a_server_that_is_away_is_waited_for_two_days(
    market: Market, clock: ManualClock
) -> None:
    async with mail_server() as server:
        url = server.url
    post = replace(market, settings=market.settings.model_copy(update={"smtp_url": url})).delivery()
    await write(market)
    tries = 0
    while "failedAt" not in await outbox(market):
        tries += await post.run_once()
        clock.now += MINUTE
        await indexes_caught_up(market.store)
    assert GIVEN_UP_AFTER <= clock.now - ManualClock().now <= GIVEN_UP_AFTER + 6 * 60 * MINUTE
    assert 10 <= tries <= 30


async def test_dying_between_acceptance_and_record_doubles_it_under_one_message_id(
    market: Market, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with mail_server() as server:
        await write(market)

        async def died(*_: object) -> None:
            raise Died

        with monkeypatch.context() as patched:
            patched.setattr(Delivery, "_end", died)
            with pytest.raises(Died):
                await by(market, server).run_once()
        post = by(market, server)
        assert await post.run_once() == 0, "it is still taken"
        clock.now += TAKEN_FOR
        await indexes_caught_up(market.store)
        assert await post.run_once() == 1
        assert len(server.arrived) == 2
        assert len({message["Message-ID"] for message in server.arrived}) == 1


async def test_a_line_that_breaks_is_no_acceptance(market: Market, clock: ManualClock) -> None:
    async with mail_server() as server:
        server.to_letters = ["die"]
        post = by(market, server)
        await write(market)
        assert await post.run_once() == 1
        assert "sentAt" not in await outbox(market)
        clock.now += 2 * MINUTE
        await indexes_caught_up(market.store)
        assert await post.run_once() == 1
        assert "sentAt" in await outbox(market)


@pytest.mark.parametrize("password", ["right", "wrong"])
async def test_a_server_that_asks_who_we_are_is_told(market: Market, password: str) -> None:
    async with mail_server(asks_for=("market", "right")) as server:
        url = server.url.replace("smtp://", f"smtp://market:{password}@")
        post = by(market, server, smtp_url=url)
        await write(market)
        await post.run_once()
        assert len(server.arrived) == (password == "right")


async def test_a_password_is_never_sent_on_an_open_line(market: Market) -> None:
    async with mail_server(asks_for=("market", "right")) as server:
        open_line = server.url.replace("?starttls=never", "").replace(
            "smtp://", "smtp://market:right@"
        )
        await write(market)
        await by(market, server, smtp_url=open_line).run_once()
        assert server.arrived == []
        assert "sentAt" not in await outbox(market)


@pytest.mark.parametrize(
    ("url", "port", "starttls"),
    [
        ("smtp://localhost", 25, None),
        ("smtp://u:p@host", 587, True),
        ("smtp://u:p@host:2525?starttls=never", 2525, False),
        ("smtp://host?starttls=always", 25, True),
        ("smtps://u:p%40ss@host", 465, False),
    ],
)
def test_an_address_of_a_server_says_how_it_is_spoken_to(
    url: str, port: int, starttls: bool | None
) -> None:
    smtp = SmtpTransport.of(url)
    assert (smtp.port, smtp.starttls) == (port, starttls)
    assert smtp.password in (None, "p", "p@ss")


@pytest.mark.parametrize(
    "url", ["host:25", "http://host", "smtp://", "smtp://h:x", "smtp://h?starttls=1"]
)
def test_an_address_that_is_none_is_refused_by_name(url: str) -> None:
    with pytest.raises(Invalid, match="SMTP_URL"):
        SmtpTransport.of(url)


@pytest.mark.parametrize("end", ["\r", "\n", "\r\nBcc: eve@example.com", "\x00"])
async def test_case_29_a_recipient_is_one_line(market: Market, end: str) -> None:
    with pytest.raises(Invalid, match="one line"):
        await write(market, to=f"ann@example.com{end}")


async def test_without_a_server_letters_are_files_and_text_messages_too(market: Market) -> None:
    await write(market)
    sms = Email("phone-code", "+17725550100", OWNER, channel="sms", values={"code": "123456"})
    entry = TESTS.entry(Action.USER_UPDATED, "user", OWNER, market.clock())
    await market.trail.commit(entry, await outgoing(market.accounts.vault, sms, market.clock()))
    await indexes_caught_up(market.store)
    assert await market.delivery().run_once() == 2
    folder = market.settings.emails_folder
    told = {letter.to: letter.text for letter in saved_emails(folder)}
    assert "123456" in told["+17725550100@sms.invalid"]
    assert "/account/verify?token=1.abc" in told["ann@example.com"]
    assert sorted(path.suffix for path in folder.iterdir()) == [".eml", ".eml"]


async def test_a_folder_that_cannot_be_written_keeps_the_letter(
    market: Market, tmp_path: Path, clock: ManualClock
) -> None:
    blocked = tmp_path / "blocked"
    blocked.write_text("")
    settings = market.settings.model_copy(update={"mail_folder": blocked})
    post = replace(market, settings=settings).delivery()
    await write(market)
    await post.run_once()
    blocked.unlink()
    clock.now += 2 * MINUTE
    await indexes_caught_up(market.store)
    await post.run_once()
    assert len(saved_emails(blocked)) == 1


async def test_a_restored_market_is_silent(market: Market) -> None:
    await write(market)
    done = await run(market.trail, PERSONAL_DATA, [], lambda *_: None)
    assert done["outboxMuted"] == 1
    assert await market.delivery().run_once() == 0


async def test_whoever_is_erased_is_written_to_no_more(market: Market) -> None:
    await write(market)
    erased = await erase(market.trail, TESTS, OWNER, PERSONAL_DATA)
    assert erased["boat-outbox"] == 1
    assert await scanned(market.store, OUTBOX) == []


async def test_a_letter_that_cannot_be_opened_just_now_waits_for_its_key(
    market: Market, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(self: Vault, sealed: str, *, bound_to: str) -> str:
        raise Unavailable("KMS cannot be reached")

    async with mail_server() as server:
        post = by(market, server)
        await write(market)
        with monkeypatch.context() as patched:
            patched.setattr(Vault, "open", away)
            assert await post.run_once() == 1
        clock.now += 2 * MINUTE
        await indexes_caught_up(market.store)
        assert await post.run_once() == 1
        assert len(server.arrived) == 1


async def test_a_letter_that_cannot_be_written_is_given_up_and_holds_up_no_other(
    market: Market,
) -> None:
    letter = Email("verify-email", "ann@example.com", OWNER, values={})
    entry = TESTS.entry(Action.USER_UPDATED, "user", OWNER, market.clock())
    await market.trail.commit(entry, await outgoing(market.accounts.vault, letter, market.clock()))
    async with mail_server() as server:
        await write(market)
        assert await by(market, server).run_once() == 2
        assert len(server.arrived) == 1
    assert sorted("failedAt" in item for item in await scanned(market.store, OUTBOX)) == [
        False,
        True,
    ]


async def test_a_letter_on_its_way_when_the_market_stops_is_sent_and_recorded(
    market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    sending, go_on = asyncio.Event(), asyncio.Event()
    really = SmtpTransport.send

    async def slowly(
        self: SmtpTransport, message: EmailMessage, *, return_path: str | None = None
    ) -> None:
        sending.set()
        await go_on.wait()
        await really(self, message, return_path=return_path)

    monkeypatch.setattr(SmtpTransport, "send", slowly)
    async with mail_server() as server:
        await write(market)
        working = asyncio.ensure_future(by(market, server).run_once())
        await sending.wait()
        working.cancel()
        go_on.set()
        with pytest.raises(asyncio.CancelledError):
            await working
        assert len(server.arrived) == 1
        assert "sentAt" in await outbox(market)


@pytest.mark.parametrize(
    ("settings", "sender"),
    [
        ({"market_name": "Boats, Inc"}, '"Boats, Inc" <market@127.0.0.1>'),
        ({"mail_from": "Sails <mail@sails.example>"}, "Sails <mail@sails.example>"),
        ({"mail_from": "mail@sails.example"}, "MarineMarket <mail@sails.example>"),
    ],
)
async def test_a_letter_has_one_sender_whatever_the_market_is_called(
    market: Market, settings: dict[str, str], sender: str
) -> None:
    async with mail_server() as server:
        await write(market)
        await by(market, server, **settings).run_once()
        assert server.arrived[0]["From"] == sender


@pytest.mark.parametrize("sender", ["", "nobody", "a@b, c@d", "a@b\nBcc: c@d", "A <a b@c>"])
def test_a_sender_that_is_none_or_two_is_refused(sender: str) -> None:
    with pytest.raises(Invalid, match="MAIL_FROM"):
        load({"X": ""}, mail_from=sender)


async def test_letters_in_the_folder_are_for_the_markets_own_eyes(market: Market) -> None:
    await write(market)
    await market.delivery().run_once()
    [path] = market.settings.emails_folder.iterdir()
    assert path.stat().st_mode & 0o077 == 0
