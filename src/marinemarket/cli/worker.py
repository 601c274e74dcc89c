"""``worker`` and ``rebuild``: keep the search index and other followers in step with the store."""

from __future__ import annotations

import asyncio
import signal
from typing import TYPE_CHECKING

import click
from rich.progress import Progress, TextColumn

from ..i18n.numbers import whole
from .command import DONE, answer, json_option, keyless_market_command, market_command, words

if TYPE_CHECKING:
    from ..composition import Market


@click.command()
@json_option
@market_command
async def worker(market: Market, as_json: bool) -> int:
    """Run only the worker, until stopped."""
    from ..runtime.worker import work

    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    if not as_json:
        words.print("The worker is running; press Ctrl-C to stop it.")
    await work(market, stopping)
    answer({"stopped": True}, as_json=as_json)
    return DONE


@click.command()
@click.argument("what", type=click.Choice(["search"]))
@json_option
@keyless_market_command
async def rebuild(market: Market, what: str, as_json: bool) -> int:
    """Rebuild the search index from the store, while the market stays open."""
    from ..search import index_follower

    with Progress(TextColumn("Read {task.completed}"), console=words, transient=True) as bar:
        task = bar.add_task("listings", total=None)
        indexed = await index_follower.rebuild(
            market.store, market.engine, lambda read: bar.update(task, completed=read)
        )
    answer(
        {"rebuilt": what, "indexed": indexed},
        as_json=as_json,
        message=f"The search index has been rebuilt, with {whole(indexed)} boats.",
    )
    return DONE
