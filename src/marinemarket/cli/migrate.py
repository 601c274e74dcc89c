"""``migrate``: the newest shapes of stored items are put in force, and older items brought to them."""

from __future__ import annotations

import click
from rich.progress import Progress, TextColumn

from ..composition import Market
from ..store import migration
from .command import DONE, answer, json_option, market_command, words


@click.command()
@json_option
@market_command
async def migrate(market: Market, as_json: bool) -> int:
    """Put the newest shapes of stored items in force, once nothing older runs beside this version.

    The market stays open. Interrupted, it goes on where it stopped when it is run again.
    """
    columns = (TextColumn("{task.description}: read {task.completed:,}"),)
    with Progress(*columns, console=words, transient=True) as bar:
        task = bar.add_task("Raising the shapes in force", total=None)
        done = await migration.migrate(
            market.store,
            lambda step: bar.update(task, description=step.table, completed=step.read),
        )
    tables = [
        {"table": table.table, "shape": table.to, "read": table.read, "upgraded": table.upgraded}
        for table in done
    ]
    upgraded = sum(table.upgraded for table in done)
    answer(
        {"tables": tables, "upgraded": upgraded},
        as_json=as_json,
        message=f"Every item has the newest shape; {upgraded:,} had to be upgraded.",
    )
    return DONE
