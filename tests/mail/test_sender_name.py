"""The From header: a name that arrives as it was written and holds no address."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import getaddresses
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marinemarket.audit.actions import Action
from marinemarket.composition import Market
from marinemarket.config.settings import Settings
from marinemarket.mail.email import Email, outgoing
from marinemarket.mail.sender_name import message_policy, without_addresses
from tests.builders import OWNER
from tests.conftest import TESTS

from .server import mail_server
from .test_delivery import by

ADDRESS = "market@boats.example"


def _sent(name: str) -> tuple[str, bytes]:
    """The name as it is read after sending, and the raw header."""
    message = EmailMessage(policy=message_policy())
    message["From"] = Address(name, addr_spec=ADDRESS)
    message["Subject"] = "A boat"
    message.set_content("Hello")
    raw = message.as_bytes(policy=policy.SMTP)
    read = message_from_bytes(raw, EmailMessage, policy=policy.compat32)
    assert read["Subject"] == "A boat"
    [(phrase, address)] = getaddresses([read["From"]])
    assert address == ADDRESS
    # The library's newer parser keeps the space between two encoded words, against RFC 2047, 6.2.
    shown = str(make_header(decode_header(phrase)))
    return shown, raw.partition(b"\r\nSubject")[0]


@pytest.mark.parametrize(
    "name",
    [
        "Ann (MarineMarket)",
        "MarineMarket",
        'O"Neil, Bob \\ (MarineMarket)',
        "Ann Very Long Name Indeed Of The House Of Boats And Of Other Things (MarineMarket of the Seas)",
        "Jürgen von der Mühlenbach Österreich Älterer Überlinger am Bodensee (MarineMarket)",
        "Ånn " * 24 + "(M)",
        "日本 太郎 " * 12 + "(MarineMarket)",
        "=?utf-8?q?Support?= (MarineMarket)",
    ],
)
def test_a_long_name_loses_neither_a_space_nor_its_quotes(name: str) -> None:
    read, raw = _sent(name)
    assert read == name
    words = [word for word in raw.replace(b"\r\n", b" ").split(b" ") if word.startswith(b"=?")]
    assert all(len(word) <= 75 for word in words)


WORDS = st.text(
    st.characters(min_codepoint=33, max_codepoint=0x2FFF, categories=("L", "N", "P", "S")),
    min_size=1,
    max_size=30,
)


@given(st.lists(WORDS, min_size=1, max_size=8).map(" ".join))
def test_any_name_arrives_whole(name: str) -> None:
    assert _sent(f"{name} (Market)")[0] == f"{name} (Market)"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Ann Harbour", "Ann Harbour"),
        ("bank@evil.example", ""),
        ("Support <help@evil.example>", "Support"),
        ("Ann help＠evil.example Bob", "Ann Bob"),
        ("a﹫b.example Ann", "Ann"),
        ("<@>", ""),
        ("Ann @ Harbour", "Ann Harbour"),
    ],
)
def test_a_name_holds_no_address(name: str, shown: str) -> None:
    assert without_addresses(name) == shown


@pytest.mark.anyio
async def test_who_writes_under_an_address_is_shown_as_the_market(market: Market) -> None:
    async with mail_server() as server:
        for author in ("ceo@bank.example", "Ann ceo@bank.example"):
            values = {"link": "/verify", "from_name": author}
            letter = Email("verify-email", "bob@example.com", OWNER, values=values)
            entry = TESTS.entry(Action.USER_UPDATED, "user", OWNER, market.clock())
            put = await outgoing(market.accounts.vault, letter, market.clock())
            await market.trail.commit(entry, put)
        sender = by(market, server, public_url="https://boats.example")
        while await sender.run_once():
            pass
        names = {str(message["From"]) for message in server.arrived}
        assert names == {
            "MarineMarket <market@boats.example>",
            '"Ann (MarineMarket)" <market@boats.example>',
        }


def test_a_bare_sender_gets_the_markets_name(tmp_path: Path) -> None:
    for mail_from, sender in (
        ("mail@boats.example", ("MarineMarket", "mail@boats.example")),
        ("<mail@boats.example>", ("MarineMarket", "mail@boats.example")),
        ("Boats <mail@boats.example>", ("Boats", "mail@boats.example")),
        (None, ("MarineMarket", "market@127.0.0.1")),
    ):
        assert Settings(data=tmp_path, mail_from=mail_from).sender == sender
