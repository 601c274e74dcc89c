"""What all commands share: loading settings, opening the market, ``--json`` and error output.

The market is imported only once a command runs: it takes fifteen times as long as showing a page of help.
"""

from __future__ import annotations

import asyncio
import functools
import os
import signal
import sys
import threading
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from errno import EDQUOT, ENOSPC
from typing import TYPE_CHECKING, Any, Concatenate, NoReturn, ParamSpec

import click
from rich.console import Console

from ..config.settings import Settings, load
from ..errors import Invalid, MarketError, StorageFull
from ..logs import set_up_logs
from ..wire import encode
from .options import as_options

if TYPE_CHECKING:
    from ..composition import Market

P = ParamSpec("P")
Opener = Callable[[Settings], "AbstractAsyncContextManager[Market]"]
MarketCommand = Callable[Concatenate["Market", P], Awaitable[int]]

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


def market_command(run: MarketCommand[P]) -> Callable[P, NoReturn]:
    """Turn a coroutine that needs the open market into a command; it returns the exit code.

    Refuses where there is no market, and where the secret key is not the market's.
    """

    def opened(settings: Settings) -> AbstractAsyncContextManager[Market]:
        from ..composition import open_existing_market

        return open_existing_market(settings)

    return _within(opened, run)


def keyless_market_command(run: MarketCommand[P]) -> Callable[P, NoReturn]:
    """As `market_command`, for what neither signs nor decrypts anything: the key does not matter."""

    def opened(settings: Settings) -> AbstractAsyncContextManager[Market]:
        from ..composition import KeyUse, open_existing_market

        return open_existing_market(settings, key=KeyUse.NONE)

    return _within(opened, run)


def new_key_market_command(run: MarketCommand[P]) -> Callable[P, NoReturn]:
    """As `market_command`, for what makes the key that is set the market's own.

    With the option `lost`, a key is made in a data folder that has none.
    """

    @functools.wraps(run)
    async def within_market(*args: P.args, **kwargs: P.kwargs) -> int:
        from ..composition import KeyUse, open_existing_market
        from ..stores import has_market

        settings = settings_or_exit(as_json=bool(kwargs.get("as_json")))
        if kwargs.get("lost") and await has_market(settings):
            settings.secret()
        async with open_existing_market(settings, key=KeyUse.ANY) as market:
            return await run(market, *args, **kwargs)

    return interruptible(within_market)


def _within(opened: Opener, run: MarketCommand[P]) -> Callable[P, NoReturn]:
    @functools.wraps(run)
    async def within_market(*args: P.args, **kwargs: P.kwargs) -> int:
        settings = settings_or_exit(as_json=bool(kwargs.get("as_json")))
        async with opened(settings) as market:
            return await run(market, *args, **kwargs)

    return interruptible(within_market)


KEPT = "Interrupted. Finished work is kept; run the command again to continue."


def interruptible(
    run: Callable[P, Awaitable[int]], *, message: str = KEPT
) -> Callable[P, NoReturn]:
    """Turn a coroutine into a command; it returns the exit code. `message` follows an interruption.

    The coroutine is cancelled, by SIGTERM as by Ctrl-C, so that it can clean up.
    """

    @functools.wraps(run)
    def command(*args: P.args, **kwargs: P.kwargs) -> NoReturn:
        set_up_logs()

        async def running() -> int:
            # asyncio turns SIGINT into a cancellation; the worker sets handlers of its own. Signals come
            # to the main thread alone, and a command that runs in another one gets none.
            if threading.current_thread() is threading.main_thread():
                loop, pid = asyncio.get_running_loop(), os.getpid()
                loop.add_signal_handler(signal.SIGTERM, os.kill, pid, signal.SIGINT)
            return await run(*args, **kwargs)

        try:
            sys.exit(asyncio.run(running()))
        except MarketError as error:
            refuse(error, as_json=bool(kwargs.get("as_json")))
        except OSError as error:
            if error.errno not in (ENOSPC, EDQUOT):
                raise
            full = StorageFull(
                "a disk that the command writes to is full; make room, and run it again"
            )
            refuse(full, as_json=bool(kwargs.get("as_json")))
        except KeyboardInterrupt:
            words.print(message)
            sys.exit(REFUSED)

    return command


def refuse(error: MarketError, *, as_json: bool, code: int = REFUSED) -> NoReturn:
    """Print what was wrong, option by option, and exit."""
    wrong = as_options(error.errors) if isinstance(error, Invalid) else []
    if as_json:
        listed = [{"field": entry.field, "message": entry.message} for entry in wrong]
        detail = "; ".join(map(str, wrong)) or str(error)
        document = {"title": error.title, "detail": detail, "errors": listed}
        click.echo(encode(document).decode())
    else:
        for text in wrong or (error,):
            words.print(f"Error: {text}", soft_wrap=True, markup=False)
    sys.exit(code)
