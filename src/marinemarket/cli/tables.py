"""``tables create``: what the store needs before it can keep anything."""

from __future__ import annotations

import asyncio
import sys

import click

from ..composition import make_tables
from ..errors import MarketError
from .command import DONE, answer, json_option, refuse, settings_or_exit, words


@click.group()
def tables() -> None:
    """The tables that the store keeps everything in."""


@tables.command()
@json_option
def create(as_json: bool) -> None:
    """Make every table that is missing, with its indexes, expiry, stream and recovery.

    Safe to run again. On SQLite there is nothing to do that opening a market does not.
    """
    settings = settings_or_exit(as_json=as_json)
    document = []

    async def make() -> None:
        async for made in make_tables(settings):
            missing = f"; not offered here: {', '.join(made.left_out)}" if made.left_out else ""
            words.print(f"{made.table}: {'was there' if made.was_there else 'made'}{missing}")
            told = {"table": made.table, "made": not made.was_there}
            document.append(told | {"notOffered": list(made.left_out)})

    try:
        asyncio.run(make())
    except MarketError as error:
        refuse(error, as_json=as_json)
    except KeyboardInterrupt:
        words.print("Interrupted. What was made stays; run it again to go on.")
    answer({"tables": document}, as_json=as_json)
    sys.exit(DONE)
