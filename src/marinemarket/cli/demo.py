"""``demo remove``: take the demonstration data out of a market."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from rich.progress import BarColumn, Progress, TextColumn

from ..i18n.numbers import whole
from .command import DONE, answer, json_option, market_command, words

if TYPE_CHECKING:
    from ..composition import Market


@click.group()
def demo() -> None:
    """The demonstration boats that `serve --demo` created."""


@demo.command()
@json_option
@market_command
async def remove(market: Market, as_json: bool) -> int:
    """Remove the demonstration boats, their sellers and all messages to them; nothing else is touched.

    The market may stay open. If interrupted, run it again. From now on, start without --demo.
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
    message = (
        f"Removed {whole(removed.listings)} demonstration boats and {removed.sellers} sellers."
    )
    if removed.kept:
        message += f"\nKept, because they have other boats too: {', '.join(removed.kept)}"
    answer(document, as_json=as_json, message=message)
    return DONE
