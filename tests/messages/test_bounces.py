"""Emails that come back: what mail servers report, and what the market makes of it."""

from __future__ import annotations

import asyncio
import smtplib

import pytest
from click.testing import CliRunner

from marinemarket.accounts.bounces import note_refusal, send_confirmation_again
from marinemarket.accounts.erasure import erase
from marinemarket.accounts.profile import ask_for_new_email
from marinemarket.accounts.records import find_user
from marinemarket.accounts.registration import verify_email
from marinemarket.accounts.user import User
from marinemarket.audit.actions import Action
from marinemarket.audit.records import entries_by_action
from marinemarket.cli import main
from marinemarket.clock import DAY, HOUR, now_ms
from marinemarket.composition import PERSONAL_DATA, Market
from marinemarket.errors import Refused
from marinemarket.mail.email import Email, outgoing
from marinemarket.mail.failures import Refusal, count_failed, failed_emails, refusal_at_once
from marinemarket.mail.return_path import ReturnPath
from marinemarket.messages.delivery_report import delivery_report
from marinemarket.messages.relay import Mail, Outcome, relay
from marinemarket.self_check.finding import State
from marinemarket.self_check.market import check_emails
from marinemarket.store.schema import OUTBOX
from tests.accounts.members import CLIENT, PASSWORD, a_person, entered, now
from tests.builders import ManualClock, uuid_of
from tests.conftest import TESTS
from tests.emails import letters
from tests.mail.server import mail_server
from tests.mail.test_delivery import by as delivery_by
from tests.store.paging import scanned

from .conftest import RELAY
from .test_relay import door

pytestmark = pytest.mark.anyio


def a_report(
    status: str = "5.1.1",
    *,
    action: str = "failed",
    diagnostic: str = "smtp; 550 5.1.1 <ann@example.com>: Recipient address rejected: User unknown",
    kind: str = "multipart/report; report-type=delivery-status",
) -> bytes:
    return (
        "From: MAILER-DAEMON@mx.example\r\nTo: bounce\r\nSubject: Undelivered Mail\r\n"
        f'MIME-Version: 1.0\r\nContent-Type: {kind}; boundary="b"\r\nAuto-Submitted: auto-replied\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nI'm sorry to have to inform you…\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\n"
        "Reporting-MTA: dns; mx.example\r\n\r\n"
        f"Final-Recipient: rfc822; ann@example.com\r\nAction: {action}\r\nStatus: {status}\r\n"
        f"Diagnostic-Code: {diagnostic}\r\n\r\n"
        "--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: ours\r\n\r\nHello\r\n--b--\r\n"
    ).encode()


async def _sent_email(market: Market, user: User, *, to: str | None = None) -> str:
    """The id of an email that was sent to a user."""
    values = {"link": "/account/verify?token=1.abc"}
    letter = Email("verify-email", to or user.email, user.id, values=values)
    put = await outgoing(market.accounts.vault, letter, market.clock())
    entry = TESTS.entry(Action.USER_UPDATED, "user", user.id, market.clock())
    await market.trail.commit(entry, put)
    while await market.delivery().run_once():
        pass
    return str(put.item["id"])


async def _bounces(market: Market, email_id: str, report: bytes) -> Outcome:
    to = market.messaging().return_path.address_for(email_id)
    assert to is not None
    return await relay(market.messaging(), Mail(to, "", report))


async def _again(market: Market, user: User) -> User:
    found = await find_user(market.store, user.id)
    assert found is not None
    return found


# -- The return address ------------------------------------------------------------------------


async def test_every_email_returns_to_an_address_of_its_own(market: Market) -> None:
    ann = await a_person(market)
    async with mail_server() as server:
        sender = delivery_by(market, server, public_url="https://boats.example")
        for _ in range(2):
            letter = Email("verify-email", ann.email, ann.id, values={"link": "/x"})
            entry = TESTS.entry(Action.USER_UPDATED, "user", ann.id, market.clock())
            put = await outgoing(market.accounts.vault, letter, market.clock())
            await market.trail.commit(entry, put)
        while await sender.run_once():
            pass
        assert len(set(server.senders)) == 2
        ids = {market.messaging().return_path.email_of(address) for address in server.senders}
        assert ids == {item["id"] for item in await scanned(market.store, OUTBOX)}
        assert all(len(one.partition("@")[0]) <= 64 for one in server.senders)
        assert {str(one["From"]) for one in server.arrived} == {
            "MarineMarket <market@boats.example>"
        }


def test_nobody_makes_up_a_return_address() -> None:
    path = ReturnPath(RELAY, "k" * 40)
    id = uuid_of("an email")
    address = path.address_for(id)
    assert address is not None
    assert path.email_of(address.upper()) == id
    local, _, domain = address.partition("@")
    changed = local[:-1] + ("0" if local[-1] != "0" else "1")
    for wrong in (
        f"{changed}@{domain}",
        f"{local}@other.example",
        local,
        "",
        f"bounce+@{domain}",
        f"x{address}",
    ):
        assert path.email_of(wrong) is None
    assert ReturnPath(RELAY, "l" * 40).email_of(address) is None
    assert ReturnPath(None, "k" * 40).address_for(id) is None


# -- Reports -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "action", "has_failed", "refusal"),
    [
        ("5.1.1", "failed", True, Refusal.GONE),
        ("5.1.10 (null MX)", "Failed", True, Refusal.GONE),
        ("5.2.1", "failed", True, Refusal.GONE),
        ("5.0.0", "failed", True, Refusal.REFUSED),
        ("5.4.4", "failed", True, Refusal.REFUSED),
        ("5.2.2", "failed", True, Refusal.OTHER),
        ("5.7.1", "failed", True, Refusal.OTHER),
        ("5.7.26", "failed", True, Refusal.OTHER),
        ("5.6.0", "failed", True, Refusal.OTHER),
        ("5.3.4", "failed", True, Refusal.OTHER),
        ("5.1.8", "failed", True, Refusal.OTHER),
        ("4.4.1", "failed", True, Refusal.OTHER),
        ("4.2.2", "delayed", False, Refusal.OTHER),
        ("2.0.0", "failed", False, Refusal.OTHER),
    ],
)
def test_a_report_says_whether_the_address_is_to_blame(
    status: str, action: str, has_failed: bool, refusal: Refusal
) -> None:
    report = delivery_report(a_report(status, action=action, diagnostic="smtp; no more details"))
    assert report is not None
    assert (report.has_failed, report.refusal) == (has_failed, refusal)


def test_a_reason_names_no_address() -> None:
    report = delivery_report(a_report())
    assert report is not None
    assert "@" not in report.reason
    assert "User unknown" in report.reason


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xff\xfe\x00",
        b"Subject: Out of office\r\nAuto-Submitted: auto-replied\r\n\r\nI am away, 5.1.1",
        a_report(action="delivered"),
        a_report(action="relayed"),
        a_report(kind="multipart/mixed").replace(b"delivery-status", b"disposition"),
        a_report().replace(b"Action: failed", b"Action:"),
        b'Content-Type: multipart/report; boundary="b"\r\n\r\n' + b"--b\r\n" * 20_000,
        b"Content-Type: message/delivery-status\r\n\r\n" + b"X: y\r\n\r\n" * 20_000,
        b"Content-Type: message/delivery-status\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!!",
    ],
    ids=range(10),
)  # fmt: skip
def test_what_is_no_report_says_nothing(raw: bytes) -> None:
    assert delivery_report(raw) is None


@pytest.mark.parametrize(
    ("code", "text", "refusal"),
    [
        (550, "5.1.1 no such user", Refusal.GONE),
        (550, "Requested action not taken: mailbox unavailable", Refusal.REFUSED),
        (553, "not a valid mailbox", Refusal.REFUSED),
        (550, "5.7.1 your IP is listed", Refusal.OTHER),
        (554, "delivery error: 10.5.1.1 says no", Refusal.OTHER),
        (552, "5.2.2 over quota", Refusal.OTHER),
    ],
)
def test_a_reply_at_once_says_it_too(code: int, text: str, refusal: Refusal) -> None:
    assert refusal_at_once(code, text) is refusal


# -- What becomes of the address ---------------------------------------------------------------


async def test_an_address_that_is_gone_is_marked_once_and_audited(market: Market) -> None:
    ann = await a_person(market)
    email_id = await _sent_email(market, ann)
    assert await _bounces(market, email_id, a_report()) is Outcome.CAME_BACK
    assert await _bounces(market, email_id, a_report()) is Outcome.DROPPED
    marked = await _again(market, ann)
    assert marked.email_bounced_at == "2026-01-01T00:00:00.000Z"
    assert not marked.takes_alerts
    assert marked.email_refusals == 1
    [entry] = (await entries_by_action(market.store, Action.EMAIL_BOUNCED)).entries
    assert (entry.user_id, entry.resource_id) == ("system:mail", ann.id)
    assert entry.details["refusal"] == "gone"
    assert ann.email not in str(entry)
    [failed], _ = await failed_emails(market.store)
    assert (failed.id, failed.user_id, failed.recipient) == (email_id, ann.id, "a…@example.com")
    assert failed.has_bounced
    assert await count_failed(market.store, since="2025-12-31") == 1
    finding = await check_emails(market)
    assert (finding.state, "1 failed for good" in finding.message) == (State.WARNING, True)


async def test_an_address_that_is_refused_for_other_reasons_has_a_second_chance(
    market: Market,
) -> None:
    ann = await a_person(market)
    for number, is_marked in ((1, False), (2, True)):
        email_id = await _sent_email(market, ann)
        await _bounces(market, email_id, a_report("5.0.0", diagnostic="smtp; 550 rejected"))
        seen = await _again(market, ann)
        assert (seen.email_refusals, seen.email_bounced_at is not None) == (number, is_marked)


@pytest.mark.parametrize("status", ["5.2.2", "5.7.1", "4.4.1"])
async def test_what_is_not_the_addresss_fault_marks_nobody(market: Market, status: str) -> None:
    ann = await a_person(market)
    for _ in range(4):
        email_id = await _sent_email(market, ann)
        assert (
            await _bounces(market, email_id, a_report(status, diagnostic="smtp; x"))
            is Outcome.CAME_BACK
        )
    assert (await _again(market, ann)) == ann
    assert len((await failed_emails(market.store))[0]) == 4


async def test_a_delay_or_an_automatic_reply_is_nothing(market: Market) -> None:
    ann = await a_person(market)
    email_id = await _sent_email(market, ann)
    for report in (a_report("4.4.1", action="delayed"), b"Subject: away\r\n\r\nBack on Monday"):
        assert await _bounces(market, email_id, report) is Outcome.DROPPED
    assert (await failed_emails(market.store))[0] == []


async def test_a_bounce_of_an_earlier_address_does_not_mark_the_new_one(market: Market) -> None:
    ann = await a_person(market)
    email_id = await _sent_email(market, ann, to="ann@old.example")
    assert await _bounces(market, email_id, a_report()) is Outcome.CAME_BACK
    assert (await _again(market, ann)).email_bounced_at is None


async def test_a_bounce_of_somebody_who_is_gone_is_no_trouble(market: Market) -> None:
    ann = await a_person(market)
    email_id = await _sent_email(market, ann)
    await erase(market.trail, TESTS, ann.id, PERSONAL_DATA)
    assert await _bounces(market, email_id, a_report()) is Outcome.DROPPED


async def test_many_reports_at_once_count_each_email_once(market: Market) -> None:
    ann = await a_person(market)
    ids = [await _sent_email(market, ann) for _ in range(3)]
    report = a_report("5.0.0", diagnostic="smtp; 550 no")
    await asyncio.gather(*(_bounces(market, id, report) for id in ids for _ in range(4)))
    assert (await _again(market, ann)).email_refusals == 3


async def test_an_address_refused_at_once_is_marked_as_well(market: Market) -> None:
    ann = await a_person(market)
    async with mail_server() as server:
        server.to_recipients = ["550 5.1.1 no such user"]
        sender = delivery_by(market, server)
        letter = Email("verify-email", ann.email, ann.id, values={"link": "/x"})
        entry = TESTS.entry(Action.USER_UPDATED, "user", ann.id, market.clock())
        await market.trail.commit(
            entry, await outgoing(market.accounts.vault, letter, market.clock())
        )
        while await sender.run_once():
            pass
    assert (await _again(market, ann)).email_bounced_at is not None
    [failed], _ = await failed_emails(market.store)
    assert failed.recipient == "a…@example.com"


async def test_two_days_of_trying_are_recorded_and_mark_nobody(
    market: Market, clock: ManualClock
) -> None:
    ann = await a_person(market)
    async with mail_server() as server:
        sender = delivery_by(market, server)
        letter = Email("verify-email", ann.email, ann.id, values={"link": "/x"})
        entry = TESTS.entry(Action.USER_UPDATED, "user", ann.id, market.clock())
        await market.trail.commit(
            entry, await outgoing(market.accounts.vault, letter, market.clock())
        )
        server.to_letters = ["451 busy"] * 100
        for _ in range(60):
            await sender.run_once()
            clock.now += HOUR
    [failed], _ = await failed_emails(market.store)
    assert (failed.has_bounced, "451" in failed.reason) == (False, True)
    assert (await _again(market, ann)).email_bounced_at is None


async def test_confirming_the_address_or_another_one_removes_the_mark(
    market: Market, clock: ManualClock
) -> None:
    ann = await a_person(market)
    somebody = await now(market, await entered(market, ann))
    with pytest.raises(Refused):
        await send_confirmation_again(market.accounts, somebody, CLIENT)
    for way in ("again", "another"):
        clock.now += DAY
        email_id = await _sent_email(market, await _again(market, ann))
        assert await note_refusal(market.accounts, email_id, Refusal.GONE, "5.1.1 no such user")
        somebody = await now(market, somebody)
        assert somebody.user.email_bounced_at is not None
        if way == "again":
            await send_confirmation_again(market.accounts, somebody, CLIENT)
        else:
            await ask_for_new_email(market.accounts, somebody, CLIENT, "new@example.com", PASSWORD)
        [*_, link] = await letters(market, "verify-email")
        assert link.to == (ann.email if way == "again" else "new@example.com")
        await verify_email(market.accounts, CLIENT, link.token)
        seen = await _again(market, ann)
        assert (seen.email_refusals, seen.email_bounced_at, seen.email_bounce_reason) == (
            0,
            None,
            None,
        )
        assert seen.takes_alerts


# -- The doors ---------------------------------------------------------------------------------


async def test_the_relays_door_takes_reports_for_our_emails_and_no_others(market: Market) -> None:
    ann = await a_person(market)
    email_id = await _sent_email(market, ann)
    address = market.messaging().return_path.address_for(email_id)
    async with door(market) as open_:

        def deliver(to: str, report: bytes) -> int:
            with smtplib.SMTP("127.0.0.1", open_.port) as smtp:
                smtp.ehlo()
                smtp.mail("<>")
                code, _ = smtp.rcpt(to)
                if code != 250:
                    return code
                return smtp.data(report)[0]

        assert await asyncio.to_thread(deliver, f"bounce+{'0' * 52}@{RELAY}", a_report()) == 550
        assert await asyncio.to_thread(deliver, str(address), a_report()) == 250
    assert (await _again(market, ann)).email_bounced_at is not None


async def test_the_command_takes_a_report(market: Market, clock: ManualClock) -> None:
    clock.now = now_ms()  # a command has no other clock
    ann = await a_person(market)
    email_id = await _sent_email(market, ann)
    address = str(market.messaging().return_path.address_for(email_id))
    data = {
        "MARINEMARKET_DATA": str(market.settings.data),
        "MARINEMARKET_RELAY_DOMAIN": RELAY,
    }
    done = await asyncio.to_thread(
        CliRunner().invoke, main, ["relay", "--to", address, "--from", "", "--json"],
        input=a_report(), env=data,
    )  # fmt: skip
    assert (done.exit_code, '"came-back"' in done.output) == (0, True), done.output
    assert (await _again(market, ann)).email_bounced_at is not None
