"""What all commands share: loading settings, opening the market, ``--json`` and error output."""

from __future__ import annotations

import asyncio
import functools
import sys
from collections.abc import Awaitable, Callable
from typing import Any, Concatenate, NoReturn, ParamSpec

import click
from rich.console import Console

from ..composition import Market, has_market, open_market
from ..config.settings import Settings, load
from ..errors import Invalid, MarketError, Refused
from ..logs import set_up_logs
from ..wire import encode

P = ParamSpec("P")

words = Console(stderr=True, highlight=False)
"""For progress and messages, so that standard output carries only the answer."""

DONE, REFUSED, WRONG_USAGE = 0, 1, 2

json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")


def answer(document: dict[str, Any], *, as_json: bool, message: str = "") -> None:
    """Print the answer: the document to standard output, or the message to standard error."""
    if as_json:
        click.echo(encode(document).decode())
    elif message:
        words.print(message, soft_wrap=True, markup=False)


def settings_or_exit(*, as_json: bool) -> Settings:
    try:
        return load()
    except Invalid as error:
        refuse(error, as_json=as_json, code=WRONG_USAGE)


def market_command(
    run: Callable[Concatenate[Market, P], Awaitable[int]],
) -> Callable[P, NoReturn]:
    """Turn a coroutine that needs the open market into a command; it returns the exit code."""

    @functools.wraps(run)
    async def within_market(*args: P.args, **kwargs: P.kwargs) -> int:
        settings = settings_or_exit(as_json=bool(kwargs.get("as_json")))
        async with open_market(settings) as market:
            return await run(market, *args, **kwargs)

    return interruptible(within_market)


def existing_market_command(
    run: Callable[Concatenate[Market, P], Awaitable[int]],
) -> Callable[P, NoReturn]:
    """Like `market_command`, but refuses where there is no market: opening it would create one."""

    @functools.wraps(run)
    async def within_market(*args: P.args, **kwargs: P.kwargs) -> int:
        settings = settings_or_exit(as_json=bool(kwargs.get("as_json")))
        if not has_market(settings):
            where = settings.data.absolute()
            raise Refused(f"there is no market in {where}; set MARINEMARKET_DATA to its folder")
        async with open_market(settings) as market:
            return await run(market, *args, **kwargs)

    return interruptible(within_market)


def interruptible(run: Callable[P, Awaitable[int]]) -> Callable[P, NoReturn]:
    """Turn a coroutine into a command; it returns the exit code."""

    @functools.wraps(run)
    def command(*args: P.args, **kwargs: P.kwargs) -> NoReturn:
        set_up_logs()

        async def running() -> int:
            return await run(*args, **kwargs)

        try:
            sys.exit(asyncio.run(running()))
        except MarketError as error:
            refuse(error, as_json=bool(kwargs.get("as_json")))
        except KeyboardInterrupt:
            words.print("Interrupted. Finished work is kept; run the command again to continue.")
            sys.exit(REFUSED)

    return command


def refuse(error: MarketError, *, as_json: bool, code: int = REFUSED) -> NoReturn:
    """Print what was wrong, field by field, and exit."""
    wrong = error.errors if isinstance(error, Invalid) else ()
    if as_json:
        listed = [{"field": entry.field, "message": entry.message} for entry in wrong]
        document = {"title": error.title, "detail": str(error), "errors": listed}
        click.echo(encode(document).decode())
    else:
        for text in wrong or (error,):
            words.print(f"Error: {text}", soft_wrap=True, markup=False)
    sys.exit(code)
