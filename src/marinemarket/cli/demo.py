"""``demo``: the made-up market, once it has served."""

from __future__ import annotations

import click
from rich.progress import BarColumn, Progress, TextColumn

from ..composition import Market
from .command import DONE, answer, existing_market_command, json_option, words


@click.group()
def demo() -> None:
    """The boats that `serve --demo` made up."""


@demo.command()
@json_option
@existing_market_command
async def remove(market: Market, as_json: bool) -> int:
    """Remove the made-up boats and their sellers, and what was written to them; all else stays.

    The market may be open meanwhile. Interrupted, run it again. And start without --demo from now on.
    """
    from ..demo.removal import remove as remove_demo

    columns = (TextColumn("Removing the demonstration"), BarColumn())
    with Progress(*columns, console=words, transient=True) as bar:
        task = bar.add_task("sellers", total=None)
        removed = await remove_demo(
            market, lambda done, total: bar.update(task, completed=done, total=total)
        )
    document = {
        "listings": removed.listings,
        "sellers": removed.sellers,
        "kept": list(removed.kept),
    }
    message = f"{removed.listings:,} made-up boats and {removed.sellers} sellers are gone."
    if removed.kept:
        message += f"\nThese sellers have other boats as well, and stay: {', '.join(removed.kept)}"
    answer(document, as_json=as_json, message=message)
    return DONE
