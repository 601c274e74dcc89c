"""``tables create``: set up the tables of the store."""

from __future__ import annotations

import asyncio
import sys

import click

from ..errors import MarketError
from .command import DONE, answer, json_option, refuse, settings_or_exit, words


@click.group()
def tables() -> None:
    """The tables of the store."""


@tables.command()
@json_option
def create(as_json: bool) -> None:
    """Create every missing table, with its indexes, expiry, stream and point-in-time recovery.

    Safe to repeat. SQLite does not need it: opening a market creates its tables.
    """
    from ..stores import make_tables

    settings = settings_or_exit(as_json=as_json)
    document = []

    async def make() -> None:
        async for made in make_tables(settings):
            missing = f"; not available here: {', '.join(made.left_out)}" if made.left_out else ""
            words.print(f"{made.table}: {'exists' if made.was_there else 'created'}{missing}")
            entry = {"table": made.table, "made": not made.was_there}
            document.append(entry | {"notOffered": list(made.left_out)})

    try:
        asyncio.run(make())
    except MarketError as error:
        refuse(error, as_json=as_json)
    except KeyboardInterrupt:
        words.print("Interrupted. Tables already created are kept; run the command again to go on.")
    answer({"tables": document}, as_json=as_json)
    sys.exit(DONE)
