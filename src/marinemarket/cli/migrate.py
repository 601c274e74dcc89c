"""``migrate``: activate the newest item versions, and upgrade the items stored in older ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from rich.progress import Progress, TextColumn

from ..accounts.email_claims import rekey_email_claims
from ..i18n.numbers import whole
from ..store import migration
from .command import DONE, answer, json_option, keyless_market_command, words

if TYPE_CHECKING:
    from ..composition import Market


@click.command()
@json_option
@keyless_market_command
async def migrate(market: Market, as_json: bool) -> int:
    """Upgrade stored items to this version's format, once no older version is running.

    The market stays open. If interrupted, run it again: it continues where it stopped.
    """
    columns = (TextColumn("{task.description}: read {task.completed}"),)
    with Progress(*columns, console=words, transient=True) as bar:
        task = bar.add_task("Activating the newest item versions", total=None)
        done = await migration.migrate(
            market.store,
            lambda step: bar.update(task, description=step.table, completed=step.read),
        )
        claims = await rekey_email_claims(market.trail)
        summed = await _add_checksums(market)
    tables = [
        {"table": table.table, "shape": table.to, "read": table.read, "upgraded": table.upgraded}
        for table in done
    ]
    upgraded = sum(table.upgraded for table in done)
    answer(
        {"tables": tables, "upgraded": upgraded, "claims": claims, "checksums": summed},
        as_json=as_json,
        message=f"All items are in the newest version; {whole(upgraded)} were upgraded.",
    )
    return DONE


async def _add_checksums(market: Market) -> int:
    """Give a checksum to every row that has none; returns how many."""
    total = 0
    while added := await market.add_checksums():
        total += added
    return total
