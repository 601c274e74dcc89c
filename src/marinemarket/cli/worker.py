"""``worker`` and ``rebuild``: keep the search index and other followers in step with the store."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
from typing import TYPE_CHECKING

import click
from rich.progress import Progress, TextColumn

from ..config.settings import load
from ..errors import MarketError
from ..i18n.numbers import whole
from ..metrics import show_at
from ..runtime.terminal import Terminal
from .command import DONE, answer, json_option, keyless_market_command, market_command, words

if TYPE_CHECKING:
    from ..composition import Market

log = logging.getLogger(__name__)

_AGAIN = -1
"""The exit code that nobody sees: the worker starts again in the same process."""


@click.command()
@click.option("--metrics-port", type=click.IntRange(1, 65535), metavar="PORT",
              help="Show what the worker counts on this port of 127.0.0.1, for Prometheus.")  # fmt: skip
@json_option
def worker(metrics_port: int | None, as_json: bool) -> None:
    """Run only the worker, until stopped. SIGHUP makes it start again, with new settings and code."""
    try:
        _work(metrics_port=metrics_port, as_json=as_json)
    except SystemExit as ended:
        if ended.code != _AGAIN:
            raise
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606 - ourselves


@market_command
async def _work(market: Market, *, metrics_port: int | None, as_json: bool) -> int:
    from ..runtime.worker import work

    stopping, again = asyncio.Event(), asyncio.Event()
    terminal = Terminal()

    def hang_up() -> None:
        if not terminal.is_gone:
            try:
                load()
            except MarketError as error:
                log.error("nothing was reloaded: %s", error)
                return
            again.set()
        stopping.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, hang_up)
    if metrics_port is not None:
        show_at(metrics_port)
    if not as_json:
        words.print("The worker is running; press Ctrl-C to stop it.")
    await work(market, stopping)
    if again.is_set():
        return _AGAIN
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
