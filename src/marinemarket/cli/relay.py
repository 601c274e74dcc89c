"""``relay``: process one email reply that the mail server pipes in."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from ..messages.email_parser import LARGEST_MAIL
from ..messages.relay import Mail, Outcome
from ..messages.relay import relay as take
from .command import DONE, REFUSED, WRONG_USAGE, answer, json_option, market_command

if TYPE_CHECKING:
    from ..composition import Market

_DESCRIPTIONS = {
    Outcome.PASSED_ON: "Passed on.",
    Outcome.HELD_BACK: "Not passed on; the sender has been told why.",
    Outcome.DROPPED: "Dropped: it was automatic mail, or had been received before.",
    Outcome.CAME_BACK: "Noted: an email of ours could not be delivered.",
    Outcome.UNKNOWN: "No such address.",
}


@click.command()
@click.option("--to", "recipient", required=True, help="The relay address it was sent to.")
@click.option("--from", "sender", help="The envelope sender; empty for a bounce.")
@json_option
@market_command
async def relay(market: Market, /, recipient: str, sender: str | None, as_json: bool) -> int:
    """Read one email from standard input, and pass its text on to the other party.

    A report that an email could not be delivered is noted.

    Exit codes: 0 processed, 1 refused (no such address, too large, or the market cannot take it
    now), 2 wrong usage.
    """
    if market.settings.relay_domain is None:
        answer({"outcome": "off"}, as_json=as_json, message="MARINEMARKET_RELAY_DOMAIN is not set.")
        return WRONG_USAGE
    raw = sys.stdin.buffer.read(LARGEST_MAIL + 1)
    if len(raw) > LARGEST_MAIL:
        answer({"outcome": "too-large"}, as_json=as_json, message="The email is larger than 10 MB.")
        return REFUSED
    outcome = await take(market.messaging(), Mail(recipient, sender, raw))
    answer({"outcome": outcome.value}, as_json=as_json, message=_DESCRIPTIONS[outcome])
    return REFUSED if outcome is Outcome.UNKNOWN else DONE
