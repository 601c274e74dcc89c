"""``relay``: one answer by mail, handed over by a mail server's pipe."""

from __future__ import annotations

import sys

import click

from ..composition import Market
from ..messages.email_parser import LARGEST_MAIL
from ..messages.relay import Mail, Outcome
from ..messages.relay import relay as take
from .command import DONE, REFUSED, WRONG_USAGE, answer, json_option, market_command

_DESCRIPTIONS = {
    Outcome.PASSED_ON: "Passed on.",
    Outcome.HELD_BACK: "Not passed on; its sender was told why.",
    Outcome.DROPPED: "Dropped: a machine wrote it, or it came before.",
    Outcome.UNKNOWN: "There is no such address.",
}


@click.command()
@click.option("--to", "recipient", required=True, help="The relay address that it came to.")
@click.option("--from", "sender", help="Who it is from in transport; empty for a bounce.")
@json_option
@market_command
async def relay(market: Market, /, recipient: str, sender: str | None, as_json: bool) -> int:
    """Take one mail from standard input, and pass its words on to the other side.

    Exit codes: 0 it was dealt with, 1 refused (no such address, too large, or the market cannot take
    it now), 2 wrong usage.
    """
    if market.settings.relay_domain is None:
        answer({"outcome": "off"}, as_json=as_json, message="MARINEMARKET_RELAY_DOMAIN is not set.")
        return WRONG_USAGE
    raw = sys.stdin.buffer.read(LARGEST_MAIL + 1)
    if len(raw) > LARGEST_MAIL:
        answer({"outcome": "too-large"}, as_json=as_json, message="It is larger than 10 MB.")
        return REFUSED
    outcome = await take(market.messaging(), Mail(recipient, sender, raw))
    answer({"outcome": outcome.value}, as_json=as_json, message=_DESCRIPTIONS[outcome])
    return REFUSED if outcome is Outcome.UNKNOWN else DONE
