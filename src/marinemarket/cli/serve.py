"""``serve``: the site, the API and the worker in one command; ``web``: without the worker."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from collections.abc import Callable, Coroutine, Sequence
from typing import NoReturn

import click
from rich.progress import BarColumn, Progress, TextColumn

from ..config.served_at import VARIABLE, keep_served_at
from ..config.settings import PREFIX, Settings, load
from ..errors import MarketError
from ..logs import set_up_logs
from ..runtime.listening import address_of, listening_on
from ..runtime.start_checks import check_start
from ..runtime.supervisor import Role, Serving
from .command import DONE, answer, json_option, refuse, settings_or_exit, words

log = logging.getLogger(__name__)

Command = Callable[..., None]


def _site_options(command: Command) -> Command:
    """Options for the address, and for the number of processes."""
    options = (
        click.option("--host", default="127.0.0.1", show_default=True),
        click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True),
        click.option(
            "--workers", type=click.IntRange(1, 64), default=1, show_default=True,
            help="The number of web processes.",
        ),
    )  # fmt: skip
    for option in reversed(options):
        command = option(command)
    return command


@click.command()
@_site_options
@click.option("--no-worker", is_flag=True,
              help="Run the worker elsewhere, as with `web`.")  # fmt: skip
@click.option("--demo", is_flag=True, help="Fill an empty market with 2,000 demonstration boats.")
@json_option
def serve(host: str, port: int, workers: int, no_worker: bool, demo: bool, as_json: bool) -> None:
    """Run the site, the API and the worker until stopped."""
    beside: list[Role] = [] if no_worker else ["worker"]
    _serve(host, port, [*_web(workers), *beside], _fill if demo else _open, as_json=as_json)


@click.command()
@_site_options
@json_option
def web(host: str, port: int, workers: int, as_json: bool) -> None:
    """Run the site and the API, without the worker, until stopped.

    For machines where `marinemarket worker` runs as a separate service. Without a worker, new boats
    are not found, changes are not archived and emails are not sent.
    """
    _serve(host, port, _web(workers), _open, as_json=as_json)


def _web(workers: int) -> list[Role]:
    return ["web"] * workers


def _serve(
    host: str,
    port: int,
    roles: Sequence[Role],
    prepare: Callable[[Settings], Coroutine[None, None, None]],
    *,
    as_json: bool,
) -> NoReturn:
    from ..stores import check_place

    settings = settings_or_exit(as_json=as_json)
    set_up_logs(settings.log_format)
    try:
        asyncio.run(check_place(settings))  # before anything is made in the wrong place
        check_start(settings)
        # Done here first, so that an unusable folder is reported once, not by every child.
        asyncio.run(prepare(settings))
        listening = listening_on(host, port)
        address = address_of(listening, host)
        _keep_address(settings, address)
        environment = os.environ | {f"{PREFIX}{VARIABLE.upper()}": address}
        serving = Serving(listening, roles, environment=environment, check=_check)
        message = f"{settings.market_name} is open at {address} (Ctrl-C stops)"
        serving.run(lambda: answer({"address": address}, as_json=as_json, message=message))
    except MarketError as error:
        refuse(error, as_json=as_json)
    except KeyboardInterrupt:
        words.print("Stopped.")
    sys.exit(DONE)


def _check() -> None:
    """Raises Invalid for settings that no child could use."""
    check_start(load())


def _keep_address(settings: Settings, address: str) -> None:
    """Leave the address for commands and workers beside this market."""
    try:
        keep_served_at(settings.data, address)
    except OSError as error:
        log.warning(
            "the site's address cannot be written to the data folder (%s): where PUBLIC_URL is not "
            "set, links of commands and of a worker of its own may name another", error.strerror,
        )  # fmt: skip


async def _open(settings: Settings) -> None:
    from ..composition import open_market

    async with open_market(settings) as market:
        market.own_archiver()  # its place may need an extra that is missing


async def _fill(settings: Settings) -> None:
    # Imported here, since no other command needs the demonstration's catalogue.
    from ..composition import open_market
    from ..demo.seeder import COUNT, fill

    columns = (TextColumn("Filling the demonstration market"), BarColumn())
    async with open_market(settings) as market:
        market.own_archiver()
        with Progress(*columns, console=words, transient=True) as bar:
            task = bar.add_task("boats", total=COUNT)
            filled = await fill(market, lambda done: bar.update(task, completed=done))
    if not filled:
        words.print("The market already has boats, so no demonstration boats were added.")
