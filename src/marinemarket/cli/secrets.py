"""``secrets``: the keys that encrypt secrets at rest."""

from __future__ import annotations

import secrets as chance
from base64 import urlsafe_b64encode

import click
from rich.progress import Progress, TextColumn

from ..accounts.secret_rotation import reseal as reseal_all
from ..composition import Market
from ..config.types import MASTER_KEY_BYTES
from ..i18n.numbers import whole
from .command import DONE, answer, json_option, market_command, words


@click.group()
def secrets() -> None:
    """The keys that encrypt secrets at rest."""


@secrets.command("new-key")
@json_option
def new_key(as_json: bool) -> None:
    """Print a new master key. Put it first in MARINEMARKET_MASTER_KEYS; keep the older keys."""
    key = urlsafe_b64encode(chance.token_bytes(MASTER_KEY_BYTES)).decode()
    if as_json:
        answer({"key": key}, as_json=True)
    else:
        click.echo(key)


@secrets.command()
@json_option
@market_command
async def reseal(market: Market, as_json: bool) -> int:
    """Re-encrypt every secret under the first master key; then the older keys can be removed.

    Safe to interrupt and to repeat while the market is open.
    """
    columns = (TextColumn("Re-encrypting {task.completed}"),)
    with Progress(*columns, console=words, transient=True) as bar:
        task = bar.add_task("secrets", total=None)
        done = await reseal_all(market.accounts, lambda count: bar.update(task, completed=count))
    answer({"resealed": done}, as_json=as_json, message=f"{whole(done)} secrets re-encrypted.")
    return DONE
