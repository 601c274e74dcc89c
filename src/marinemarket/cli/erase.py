"""``erase`` and ``compact``: remove a person from the market, and from the bytes of its files."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click
from rich.progress import Progress, TextColumn

from ..accounts.erasure import begin_erasure, progress_of_erasures
from ..accounts.staff import account_by_email
from ..audit.entry import Actor
from ..i18n.numbers import whole
from .command import DONE, REFUSED, answer, json_option, market_command, words
from .options import FieldArgument

if TYPE_CHECKING:
    from ..composition import Market
    from ..runtime.compaction import Compacted

ACTOR = Actor.system("erase")


@click.command()
@click.argument("who", cls=FieldArgument, field="email", metavar="[EMAIL_OR_ID]", required=False)
@json_option
@market_command
async def erase(market: Market, who: str | None, as_json: bool) -> int:
    """Erase a person with everything of theirs; without one, list the erasures under way.

    The account is shut at once, and the rest is removed here, whether or not a worker runs. If
    interrupted, the worker goes on, or run it again with the id that it printed.
    """
    from ..parts.erasures import erasure_job

    if who is None:
        return await _list(market, as_json=as_json)
    user_id = (await account_by_email(market.accounts, who)).id if "@" in who else who
    await begin_erasure(market.trail, ACTOR, user_id)
    words.print(f"{user_id} is shut out, and is being erased.", markup=False)
    columns = (TextColumn("{task.completed} items removed"),)
    with Progress(*columns, console=words, transient=True) as bar:
        task = bar.add_task("Erasing", total=None)
        counts = await erasure_job(market).run(user_id, lambda count: bar.advance(task, count))
    message = f"Erased: {whole(sum(counts.values()))} items were removed or rewritten."
    answer({"id": user_id, "erased": counts}, as_json=as_json, message=message)
    return DONE


async def _list(market: Market, *, as_json: bool) -> int:
    known = await progress_of_erasures(market.store)
    lines = [
        f"{one.user_id}: since {one.since}, pass {one.pass_number}, {whole(one.removed)} items removed"
        + (f"; held up: {one.why}" if one.why else "")
        for one in known
    ]
    document = {
        "erasures": [
            {"id": one.user_id, "since": one.since, "pass": one.pass_number}
            | {"removed": one.removed, "why": one.why}
            for one in known
        ]
    }
    answer(document, as_json=as_json, message="\n".join(lines) or "Nobody is being erased.")
    return DONE


@click.command()
@json_option
@market_command
async def compact(market: Market, as_json: bool) -> int:
    """Remove what was deleted from the bytes of the data folder.

    Cuts the change feed where everybody has read it, builds the index anew and rewrites the market's
    file. The site may stay open; writes wait while the file is rewritten. The archive is left alone.
    Exits with 1 if something had to stay; run it again then.
    """
    from ..runtime.compaction import compact as compact_market

    if market.settings.store != "sqlite":
        message = "DynamoDB removes what was deleted by itself: there is nothing to compact."
        answer({"compacted": False}, as_json=as_json, message=message)
        return DONE
    columns = (TextColumn("{task.description} {task.completed}"),)
    with Progress(*columns, console=words, transient=True) as bar:
        task = bar.add_task("Compacting", total=None)
        done = await compact_market(
            market, lambda step, count: bar.update(task, description=step, completed=count)
        )
    is_whole = done.is_log_empty and not done.kept_back_by and not done.erasures
    document = {"compacted": is_whole} | {
        {"kept_back_by": "keptBackBy", "is_log_empty": "logIsEmpty"}.get(name, name): value
        for name, value in asdict(done).items()
    }
    answer(document, as_json=as_json, message=_described(done))
    return DONE if is_whole else REFUSED


def _described(done: Compacted) -> str:
    lines = [
        f"{whole(done.before)} bytes before, {whole(done.after)} after; "
        f"{whole(done.changes)} changes were dropped from the feed."
    ]
    if done.kept_back_by:
        names = ", ".join(done.kept_back_by)
        lines.append(f"A part of the feed stayed, since these have not read it yet: {names}.")
    if not done.is_log_empty:
        lines.append("The file's log could not be emptied: something is reading for long.")
    if done.erasures:
        lines.append(f"{whole(done.erasures)} erasures are still under way.")
    return "\n".join(lines)
