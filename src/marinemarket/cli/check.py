"""``check``: is everything in order, and if not, what should the operator do?"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator

import click
from rich.markup import escape

from ..clock import now_ms
from ..config.settings import PREFIX, Settings, load
from ..errors import Invalid, MarketError
from ..self_check.finding import Finding, State, bad
from ..self_check.machine import check_disk, check_folder, check_secret_key, check_settings
from ..self_check.mail import check_mail, send_test
from ..stores import has_market, no_market
from .command import DONE, REFUSED, answer, interruptible, json_option, words

_COLOURS = {State.OK: "green", State.WARNING: "yellow", State.FAILURE: "red"}


@click.command()
@click.option("--mail-to", metavar="ADDRESS", help="Send a test email there.")
@json_option
@interruptible
async def check(mail_to: str | None, as_json: bool) -> int:
    """Check settings, secret key, disk, clock, mail, archive, worker and index, and suggest fixes.

    Exits with 0 if nothing failed, otherwise with 1; warnings do not count as failures. It changes
    nothing, and does not create a market where there is none. Run it the way the market runs: as
    the same user, with the same settings.
    """
    found = []
    async for finding in _findings(mail_to):
        found.append(finding)
        _show(finding, as_json=as_json)
    is_well = not any(finding.state is State.FAILURE for finding in found)
    document = {"well": is_well, "checks": [finding.to_wire() for finding in found]}
    answer(document, as_json=as_json, message="" if is_well else "Some checks failed.")
    return DONE if is_well else REFUSED


async def _findings(mail_to: str | None) -> AsyncIterator[Finding]:
    try:
        settings = load()
    except Invalid as error:
        for wrong in error.errors:
            yield bad(
                "settings",
                str(wrong),
                f"correct it in the environment, or in the file that {PREFIX}CONFIG names",
            )
        return
    for finding in check_settings(settings, os.environ):
        yield finding
    yield await check_mail(settings)
    if mail_to:
        yield await send_test(settings, mail_to, now_ms)
    folder = check_folder(settings)
    yield folder
    if folder.state is State.FAILURE:
        return
    yield check_disk(settings)
    try:
        if not await has_market(settings):
            todo = "if there was one, check that the right disk is mounted"
            yield bad("store", no_market(settings).errors[0].message, todo)
            return
    except MarketError as error:
        yield bad("store", str(error), "see that it can be reached, with these settings")
        return
    key = check_secret_key(settings)
    yield key
    async for finding in _open_findings(settings):
        yield finding


async def _open_findings(settings: Settings) -> AsyncIterator[Finding]:
    from ..composition import KeyUse, open_existing_market
    from ..self_check.market import check_key_of, check_market

    try:
        async with open_existing_market(settings, key=KeyUse.NONE) as market:
            if wrong := check_key_of(market):
                yield wrong
            async for finding in check_market(market):
                yield finding
    except (MarketError, OSError) as error:
        yield bad("store", f"the market cannot be opened: {error}", "see the market's log")


def _show(finding: Finding, *, as_json: bool) -> None:
    if as_json:
        return
    state = f"[{_COLOURS[finding.state]}]{finding.state:<8}[/]"
    words.print(f"{state} {finding.name:<12} {escape(finding.message)}", soft_wrap=True)
    if finding.todo:
        words.print(f"{'':21} → {escape(finding.todo)}", soft_wrap=True)
