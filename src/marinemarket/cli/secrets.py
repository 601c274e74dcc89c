"""``secrets``: the keys that encrypt secrets at rest."""

from __future__ import annotations

import secrets as chance
from base64 import urlsafe_b64encode
from typing import TYPE_CHECKING

import click
from rich.progress import Progress, TextColumn

from ..accounts.secret_rotation import accept_key
from ..accounts.secret_rotation import reseal as reseal_all
from ..config.secret_key import fingerprint
from ..config.types import MASTER_KEY_BYTES
from ..i18n.numbers import whole
from .command import DONE, answer, json_option, market_command, new_key_market_command, words

if TYPE_CHECKING:
    from ..composition import Market


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


@secrets.command("accept-key")
@click.option(
    "--lost", is_flag=True, help="The earlier key is lost: give up what only it could open."
)
@json_option
@new_key_market_command
async def accept(market: Market, lost: bool, as_json: bool) -> int:
    """Make the secret key that is set now the market's own, in place of the one it was used with.

    The market refuses to open with any other key. If only that other key opens some second factors,
    this command refuses as well: seal them under a key of their own first (MARINEMARKET_MASTER_KEYS and
    `secrets reseal`). Links in emails that were sent stop working in any case. With --lost, a key is
    made in the data folder if there is none, and people whose second factor is lost sign in with a
    recovery code or a passkey, or ask you for `staff clear-second-factor`.
    """
    ours = fingerprint(market.secret_key)
    gone = await accept_key(market.accounts, market.identity, ours, although_lost=lost)
    message = f"The market goes with the secret key {ours} from now on. Restart it."
    if gone:
        message += f" {whole(gone)} second factors are lost."
    answer({"key": ours, "lost": gone}, as_json=as_json, message=message)
    return DONE
