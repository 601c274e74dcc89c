"""``worker`` and ``rebuild``: keep the search index and other followers in step with the store."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

import click
from rich.progress import Progress, TextColumn

from ..config.settings import Settings, load
from ..errors import MarketError, Unavailable
from ..i18n.numbers import whole
from ..metrics import show_at
from ..runtime.start_checks import check_start
from ..runtime.terminal import Terminal
from .command import DONE, answer, json_option, keyless_market_command, market_command, words

if TYPE_CHECKING:
    from ..composition import Market

log = logging.getLogger(__name__)

ADDRESS_SECONDS = 5
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
    check_start(market.settings)

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
        _show_metrics(metrics_port)
    if not as_json:
        words.print("The worker is running; press Ctrl-C to stop it.")
    watching = asyncio.ensure_future(_follow_address(market.settings, again, stopping))
    await work(market, stopping)
    await watching
    if again.is_set():
        return _AGAIN
    answer({"stopped": True}, as_json=as_json)
    return DONE


def _show_metrics(port: int) -> None:
    try:
        show_at(port)
    except OSError as error:
        raise Unavailable(f"cannot listen on 127.0.0.1:{port}: {error.strerror}") from None


async def _follow_address(
    settings: Settings, again: asyncio.Event, stopping: asyncio.Event
) -> None:
    """Start again once the site is served at another address, which links in emails name."""
    while not stopping.is_set():
        with suppress(MarketError):
            if load().public_url != settings.public_url:
                again.set()
                stopping.set()
        with suppress(TimeoutError):
            await asyncio.wait_for(stopping.wait(), ADDRESS_SECONDS)


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
