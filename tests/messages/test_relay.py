"""Replies by real email: sent by SMTP with a relay address for replies, received by SMTP and LMTP."""

from __future__ import annotations

import asyncio
import smtplib
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from email.message import EmailMessage

import pytest
from click.testing import CliRunner

from marinemarket.cli import main
from marinemarket.composition import Market
from marinemarket.errors import Unavailable
from marinemarket.mail.rendering import render
from marinemarket.messages import relay as relaying
from marinemarket.messages.inbound_mail import receive
from marinemarket.messages.inquiries import ask_as_visitor, confirm
from marinemarket.messages.inquiry import Side, Thread, Via
from marinemarket.messages.records import messages_of
from marinemarket.messages.relay import Mail, Outcome, relay
from marinemarket.messages.replies import Words, block_other, write_message
from tests.accounts.members import CLIENT
from tests.builders import ManualClock
from tests.emails import letters
from tests.mail.server import mail_server

from .conftest import RELAY, Harbour, by

pytestmark = pytest.mark.anyio


def a_mail(to: str, text: str = "Saturday suits me.", **headers: str) -> EmailMessage:
    mail = EmailMessage()
    payload = {"From": "Bob Stay <bob@example.com>", "To": to, "Subject": "Re: boat"}
    for name, value in (payload | headers).items():
        mail[name.replace("_", "-")] = value
    if "Message_ID" not in headers:
        mail["Message-ID"] = "<1@example.com>"
    mail.set_content(text)
    return mail


async def arrives(
    harbour: Harbour, thread: Thread, side: Side, mail: EmailMessage, sender: str | None = "x@y.z"
) -> Outcome:
    to = harbour.address(thread, side)
    return await relay(harbour.desk, Mail(to, sender, mail.as_bytes()))


async def texts_in(harbour: Harbour, thread: Thread) -> list[str]:
    return [one.text for one in await messages_of(harbour.market.store, thread.id)]


@dataclass
class Door:
    port: int


@asynccontextmanager
async def door(market: Market) -> AsyncIterator[Door]:
    """The worker's receiver, on a free port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    stopping = asyncio.Event()
    task = asyncio.create_task(receive(market.messaging(), "127.0.0.1", port, stopping))
    while True:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.01)
            continue
        writer.close()
        break
    try:
        yield Door(port)
    finally:
        stopping.set()
        await task


def hand_over(port: int, mail: EmailMessage, *to: str, lmtp: bool = False) -> None:
    kind = smtplib.LMTP if lmtp else smtplib.SMTP
    with kind("127.0.0.1", port, timeout=60) as connection:
        connection.send_message(mail, "bob@example.com", to)


@pytest.mark.parametrize("lmtp", [False, True], ids=["smtp", "lmtp"])
async def test_replies_by_email_reach_both_sides_without_any_address(
    harbour: Harbour, lmtp: bool
) -> None:
    thread = (await harbour.asked()).thread
    async with mail_server() as server, door(harbour.market) as receiving:
        settings = harbour.market.settings.model_copy(update={"smtp_url": server.url})
        post = replace(harbour.market, settings=settings).delivery()
        await write_message(harbour.desk, by(harbour.sue), thread, Side.SELLER, Words("She is."))
        await post.run_once()
        [letter] = [one for one in server.arrived if one["To"] == "bob@example.com"]
        assert "sue@example.com" not in letter.as_string()
        assert letter["From"] == '"Sue (MarineMarket)" <market@127.0.0.1>'
        reply_to = str(letter["Reply-To"])
        assert reply_to == harbour.address(thread, Side.BUYER)
        body = letter.get_body(("plain",))
        assert body is not None
        quoted = "".join(f"> {line}\n" for line in body.get_content().splitlines())
        text = f"Saturday suits me.\n\nOn Tue, Sue wrote:\n{quoted}"
        answer = a_mail(reply_to, text, In_Reply_To=str(letter["Message-ID"]), X_Mailer="Mine")
        await asyncio.to_thread(hand_over, receiving.port, answer, reply_to, lmtp=lmtp)
        await asyncio.to_thread(hand_over, receiving.port, answer, reply_to, lmtp=lmtp)
        await post.run_once()
        passed_on = server.arrived[-1]
        assert passed_on["To"] == "sue@example.com"
        assert "Saturday suits me." in passed_on.as_string()
        for hidden in ("bob@example.com", "X-Mailer", "<1@example.com>"):
            assert hidden not in passed_on.as_string()
    assert (await texts_in(harbour, thread))[1:] == ["She is.", "Saturday suits me."]


async def test_a_mailer_killed_after_the_commit_sends_a_message_once(harbour: Harbour) -> None:
    """The email is in the message's commit: the next process sends it, and none sends it twice."""
    async with mail_server() as server:
        settings = harbour.market.settings.model_copy(update={"smtp_url": server.url})
        dead = replace(harbour.market, settings=settings).delivery()
        await harbour.asked()
        del dead
        posts = [replace(harbour.market, settings=settings).delivery() for _ in range(3)]
        await asyncio.gather(*(post.run_once() for post in posts))
        assert [one["To"] for one in server.arrived] == ["sue@example.com"]


async def test_only_relay_addresses_are_taken_and_one_at_a_time(harbour: Harbour) -> None:
    thread = (await harbour.asked()).thread
    good = harbour.address(thread, Side.BUYER)
    forged = good[:40] + ("0" if good[40] != "0" else "1") + good[41:]
    async with door(harbour.market) as receiving:
        for to in ("sue@example.com", forged, f"postmaster@{RELAY}", good.replace(RELAY, "x.y")):
            with pytest.raises(smtplib.SMTPRecipientsRefused):
                await asyncio.to_thread(hand_over, receiving.port, a_mail(to), to)

        def both() -> dict[str, tuple[int, bytes]]:
            with smtplib.SMTP("127.0.0.1", receiving.port, timeout=60) as connection:
                other = harbour.address(thread, Side.SELLER)
                return connection.send_message(a_mail(good), "bob@example.com", [good, other])

        assert {code for code, _ in (await asyncio.to_thread(both)).values()} == {452}
    assert (await texts_in(harbour, thread))[1:] == ["Saturday suits me."]


async def test_nothing_is_accepted_before_it_is_committed(
    harbour: Harbour, monkeypatch: pytest.MonkeyPatch
) -> None:
    thread = (await harbour.asked()).thread
    to = harbour.address(thread, Side.BUYER)

    async def busy(*_: object) -> None:
        raise Unavailable("the store is busy")

    async with door(harbour.market) as receiving:
        with monkeypatch.context() as broken:
            broken.setattr(type(harbour.market.store), "commit", busy)
            with pytest.raises(smtplib.SMTPDataError, match="451"):
                await asyncio.to_thread(hand_over, receiving.port, a_mail(to), to)
        await asyncio.to_thread(hand_over, receiving.port, a_mail(to), to)
    assert (await texts_in(harbour, thread))[1:] == ["Saturday suits me."]


async def test_an_email_delivered_twice_adds_nothing_even_at_the_same_time(
    harbour: Harbour,
) -> None:
    thread = (await harbour.asked()).thread
    outcomes = await asyncio.gather(
        *(arrives(harbour, thread, Side.BUYER, a_mail("x@y.z")) for _ in range(5))
    )
    assert sorted(outcomes) == [Outcome.DROPPED] * 4 + [Outcome.PASSED_ON]
    assert len(await texts_in(harbour, thread)) == 2
    same = a_mail("x@y.z", Message_ID="<2@example.com>")
    assert await arrives(harbour, thread, Side.BUYER, same) is Outcome.DROPPED


async def test_the_same_words_are_an_answer_once_the_other_side_has_written_or_later(
    harbour: Harbour, clock: ManualClock
) -> None:
    thread = (await harbour.asked()).thread

    async def says(side: Side, text: str) -> Outcome:
        sender = {Side.BUYER: "bob@example.com", Side.SELLER: "sue@example.com"}[side]
        clock.now += 60_000
        return await arrives(
            harbour, thread, side, a_mail("x@y.z", text, From=sender, Message_ID=f"<{clock.now}@x>")
        )

    assert await says(Side.SELLER, "Yes.") is Outcome.PASSED_ON
    assert await says(Side.SELLER, "Yes.") is Outcome.DROPPED
    await write_message(
        harbour.desk, by(harbour.bob), thread, Side.BUYER, Words("Is Sunday all right?")
    )
    assert await says(Side.SELLER, "Yes.") is Outcome.PASSED_ON
    clock.now += 2 * 60 * 60 * 1000
    assert await says(Side.SELLER, "Yes.") is Outcome.PASSED_ON
    # Two programs that answer each other say the same in turn.
    for _ in range(2):
        outcomes = [
            await says(Side.BUYER, "We got it."),
            await says(Side.SELLER, "We got it, too."),
        ]
    outcomes.append(await says(Side.BUYER, "We got it."))
    assert outcomes[-2:] == [Outcome.DROPPED, Outcome.DROPPED]


async def test_an_outlook_reply_names_nobody_and_its_inline_answers_arrive(
    harbour: Harbour,
) -> None:
    thread = (await harbour.asked("Is she still available?\n\nDoes the engine start?")).thread
    [letter] = await letters(harbour.market, "inquiry")
    made = render(
        "inquiry", letter.values, links=harbour.market.links, market_name="MarineMarket"
    ).text
    answered = made.replace("available?", "available?\n\nUntil Friday.") + "\nSue, at the dock"
    block = "De : Bob <market@127.0.0.1>\nEnvoyé : lundi 30 novembre 2026 10:14\nÀ : Jeanne Le Goff\nObjet : Bob"
    mail = a_mail("x@y.z", f"Voir dessous.\n\n{block}\n\n{answered}", From="sue@example.com")
    assert await arrives(harbour, thread, Side.SELLER, mail) is Outcome.PASSED_ON
    [_, message] = await messages_of(harbour.market.store, thread.id)
    assert message.text == (
        "Voir dessous.\n\n› Is she still available?\n\nUntil Friday.\n\nSue, at the dock"
    )


async def test_an_email_from_another_address_is_reported_to_the_known_one(harbour: Harbour) -> None:
    thread = (await harbour.asked()).thread
    mail = a_mail("x@y.z", From="Eve <eve@example.com>")
    assert await arrives(harbour, thread, Side.BUYER, mail) is Outcome.HELD_BACK
    [told] = await letters(harbour.market, "mail-not-passed-on")
    assert (told.to, told.values["why"]) == ("bob@example.com", "sender")
    assert told.values["text"] == "Saturday suits me."
    assert len(await texts_in(harbour, thread)) == 1


async def test_attachments_are_removed_and_both_sides_are_informed(harbour: Harbour) -> None:
    thread = (await harbour.asked()).thread
    mail = a_mail("x@y.z")
    mail.add_attachment(b"\x89PNG", maintype="image", subtype="png", filename="me.png")
    assert await arrives(harbour, thread, Side.BUYER, mail) is Outcome.PASSED_ON
    [message] = (await messages_of(harbour.market.store, thread.id))[1:]
    assert (message.via, message.left_out) == (Via.MAIL, 1)
    [told] = await letters(harbour.market, "mail-not-passed-on")
    assert (told.to, told.values["why"]) == ("bob@example.com", "attachments")
    bare = EmailMessage()
    bare["From"], bare["Message-ID"] = "bob@example.com", "<2@x>"
    bare.add_attachment(b"\x89PNG", maintype="image", subtype="png", filename="me.png")
    assert await arrives(harbour, thread, Side.BUYER, bare) is Outcome.HELD_BACK


@pytest.mark.parametrize("text", ["", "x" * 4001], ids=["nothing", "too long"])
async def test_an_empty_reply_is_reported_to_its_sender(harbour: Harbour, text: str) -> None:
    thread = (await harbour.asked()).thread
    assert await arrives(harbour, thread, Side.BUYER, a_mail("x@y.z", text)) is Outcome.HELD_BACK
    assert len(await letters(harbour.market, "mail-not-passed-on")) == 1
    assert len(await texts_in(harbour, thread)) == 1


async def test_automatic_emails_bounces_and_our_own_are_dropped_silently(
    harbour: Harbour,
) -> None:
    thread = (await harbour.asked()).thread
    away = a_mail("x@y.z", "I am away.", Auto_Submitted="auto-replied")
    assert await arrives(harbour, thread, Side.BUYER, away) is Outcome.DROPPED
    assert await arrives(harbour, thread, Side.BUYER, a_mail("x@y.z"), "") is Outcome.DROPPED
    ours = a_mail("x@y.z", From="market@127.0.0.1")
    assert await arrives(harbour, thread, Side.BUYER, ours) is Outcome.DROPPED
    looped = a_mail("x@y.z", From=harbour.address(thread, Side.SELLER))
    assert await arrives(harbour, thread, Side.BUYER, looped) is Outcome.DROPPED
    assert len(await texts_in(harbour, thread)) == 1
    assert await letters(harbour.market, "mail-not-passed-on") == []


async def test_two_automatic_repliers_stop_eventually(
    harbour: Harbour, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relaying, "MOST_MAILS_A_DAY", 4)
    thread = (await harbour.asked()).thread
    taken = 0
    for number in range(12):
        for side, sender in ((Side.BUYER, "bob"), (Side.SELLER, "sue")):
            mail = a_mail(
                "x@y.z",
                f"I got your message number {number}.",
                From=f"{sender}@example.com",
                Message_ID=f"<{number}@{sender}>",
            )
            taken += await arrives(harbour, thread, side, mail) is Outcome.PASSED_ON
        clock.now += 1000
    assert taken == 8
    # They are told so a few times, by emails that forbid automatic replies.
    assert len(await letters(harbour.market, "mail-not-passed-on")) <= 6


async def test_a_closed_or_blocked_thread_takes_no_mail(harbour: Harbour) -> None:
    thread = (await harbour.asked()).thread
    await block_other(harbour.desk, by(harbour.sue), thread, Side.SELLER)
    assert await arrives(harbour, thread, Side.BUYER, a_mail("x@y.z")) is Outcome.HELD_BACK
    assert len(await texts_in(harbour, thread)) == 1


async def test_a_visitor_can_reply_by_email(harbour: Harbour) -> None:
    form = {"name": "Vic Tor", "email": "vic@example.com", "message": "When could I see her?"}
    asked = await ask_as_visitor(harbour.desk, CLIENT, harbour.boat, form)
    mail = a_mail("x@y.z", From="vic@example.com")
    assert await arrives(harbour, asked.thread, Side.BUYER, mail) is Outcome.HELD_BACK
    await confirm(harbour.desk, CLIENT, asked.thread)
    mail = a_mail("x@y.z", "Sunday?", From="Vic@Example.com", Message_ID="<2@x>")
    assert await arrives(harbour, asked.thread, Side.BUYER, mail) is Outcome.PASSED_ON


async def test_emails_without_a_relay_link_to_the_site(harbour: Harbour) -> None:
    desk = replace(harbour.desk, relay_domain=None)
    thread = (await harbour.asked()).thread
    await write_message(desk, by(harbour.sue), thread, Side.SELLER, Words("She is."))
    [letter] = await letters(harbour.market, "message")
    assert (letter.values["reply_to"], letter.values["mark"]) == ("", "")
    assert letter.values["link"] == f"/account/messages/{thread.id}"


async def test_a_mail_servers_pipe_delivers_an_email(harbour: Harbour) -> None:
    thread = (await harbour.asked()).thread
    to = harbour.address(thread, Side.BUYER)

    def piped(recipient: str, mail: EmailMessage, **settings: str) -> int:
        data = {"MARINEMARKET_DATA": str(harbour.market.settings.data)}
        asked = ["relay", "--to", recipient, "--from", "b@x.y", "--json"]
        done = CliRunner().invoke(main, asked, input=mail.as_bytes(), env=data | settings)
        return done.exit_code

    on = {"MARINEMARKET_RELAY_DOMAIN": RELAY}
    assert await asyncio.to_thread(piped, to, a_mail(to), **on) == 0
    assert await asyncio.to_thread(piped, f"nobody@{RELAY}", a_mail(to), **on) == 1
    assert await asyncio.to_thread(piped, to, a_mail(to)) == 2
    assert (await texts_in(harbour, thread))[1:] == ["Saturday suits me."]
