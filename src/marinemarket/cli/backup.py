"""``backup``, ``restore`` and ``verify``: the market to a moment, and back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from rich.progress import Progress, TextColumn

from ..archive.archive import Archive, Timeline
from ..archive.erasures import erasures_in, read_erasures
from ..archive.file_format import Seal
from ..archive.post_restore import run
from ..archive.restore import Restored, moment_of
from ..archive.restore import restore as restore_archive
from ..archive.storage import storage_at
from ..archive.verification import Findings
from ..archive.verification import verify as verify_archive
from ..audit.trail import Trail
from ..clock import iso, now_ms
from ..composition import PERSONAL_DATA, Market, in_newest_shape, loading_into
from .command import (
    DONE,
    REFUSED,
    answer,
    existing_market_command,
    interruptible,
    json_option,
    settings_or_exit,
    words,
)

identity_option = click.option(
    "--identity", type=click.Path(dir_okay=False, path_type=Path),
    help="An age identity, for an archive that is encrypted.",
)  # fmt: skip


@click.command()
@click.option(
    "--to", "place", required=True, metavar="DIR", help="A folder, or s3://bucket/prefix."
)
@json_option
@existing_market_command
async def backup(market: Market, place: str, as_json: bool) -> int:
    """Archive every change up to now, and take a base copy, while the market stays open.

    Again and again to one place, it keeps every second between restorable, so long as the store's
    feed reaches back to the last time.
    """
    archiver = market.archiver(place)
    with _progress() as tell:
        base = await archiver.take_base(lambda written: tell("Copying", written))
        lines = await archiver.archive.lines()
    document = {
        "base": base.folder,
        "moment": iso(base.manifest.moment),
        "items": base.manifest.count,
        "windows": _windows(lines),
    }
    message = f"{base.manifest.count:,} items copied. {_describe_lines(lines)}"
    if base.manifest.begins and len(lines) > 1:
        message += "\nThe feed no longer reached back to the last time: there is a gap before this."
    answer(document, as_json=as_json, message=message)
    return DONE


@click.command()
@click.option(
    "--from", "place", required=True, metavar="DIR", help="A folder, or s3://bucket/prefix."
)
@click.option(
    "--at", metavar="TIME", help="Such as 2026-11-23T12:00:00Z; the last moment if absent."
)
@click.option(
    "--into",
    required=True,
    metavar="DIR",
    help="A data folder without a market, or dynamodb:PREFIX.",
)
@click.option("--exact", is_flag=True, help="Leave sessions, tokens and the erased as they stood.")
@click.option(
    "--erasures", type=click.Path(dir_okay=False, path_type=Path),
    help="Further erasures to do again: JSON lines with user and at.",
)  # fmt: skip
@identity_option
@json_option
@interruptible
async def restore(
    place: str,
    at: str | None,
    into: str,
    exact: bool,
    erasures: Path | None,
    identity: Path | None,
    as_json: bool,
) -> int:
    """Make a market anew as it stood at a moment, in a folder of its own.

    Then everyone is signed out, one-time tokens are void, and whoever was erased since is erased
    again; --exact does none of this, to inspect a market or to move it.
    """
    settings = settings_or_exit(as_json=as_json)
    archive = Archive(storage_at(place), Seal.of(identity=identity))
    moment = moment_of(at) if at else None
    further = erasures_in(erasures) if erasures else []
    settled: dict[str, int] = {}
    async with loading_into(into, settings) as target:
        with _progress() as tell:
            restored = await restore_archive(archive, target, moment=moment, progress=tell)
            if not exact:
                known = [*await read_erasures(archive.place), *further]
                later = [erasure for erasure in known if erasure.at > restored.moment]
                async with target.opened() as engine:
                    store = in_newest_shape(engine)
                    trail = Trail(store, retention_days=settings.audit_retention_days, clock=now_ms)
                    settled = await run(trail, PERSONAL_DATA, later, tell)
            await target.finish()
    document = {
        "moment": iso(restored.moment),
        "items": restored.items,
        "base": restored.base,
        "replayed": restored.replayed,
        "into": into,
        **settled,
    }
    answer(document, as_json=as_json, message=_describe_restored(restored, into))
    return DONE


@click.command()
@click.argument("place", metavar="DIR")
@identity_option
@json_option
@interruptible
async def verify(place: str, identity: Path | None, as_json: bool) -> int:
    """Read every byte of an archive, and tell what is wrong and what can be restored."""
    with _progress() as tell:
        archive = Archive(storage_at(place), Seal.of(identity=identity))
        found = await verify_archive(archive, tell)
    document = {
        "sound": found.is_sound,
        "problems": [{"file": p.file, "message": p.message} for p in found.problems],
        "files": found.files,
        "unread": found.unread,
        "compared": found.compared,
        "windows": _windows(found.lines),
    }
    answer(document, as_json=as_json, message=_describe_findings(found))
    return DONE if found.is_sound else REFUSED


@contextmanager
def _progress() -> Iterator[Callable[[str, int], None]]:
    """Shows what is being done, and how far it has come."""
    columns = (TextColumn("{task.description} {task.completed:,}"),)
    with Progress(*columns, console=words, transient=True) as bar:
        task = bar.add_task("Reading", total=None)

        def tell(doing: str, done: int) -> None:
            bar.update(task, description=doing, completed=done)

        yield tell


def _windows(lines: list[Timeline]) -> list[dict[str, str]]:
    return [{"from": iso(line.start), "until": iso(line.end)} for line in lines]


def _describe_lines(lines: list[Timeline]) -> str:
    if not lines:
        return "Nothing can be restored."
    windows = ", and ".join(f"from {iso(line.start)} to {iso(line.end)}" for line in lines)
    return f"Any moment can be restored {windows}."


def _describe_restored(restored: Restored, into: str) -> str:
    return (
        f"{restored.items:,} items as they stood at {iso(restored.moment)} are in {into}; "
        f"{restored.replayed:,} changes were replayed on {restored.base}."
    )


def _describe_findings(found: Findings) -> str:
    lines = [f"{problem.file} {problem.message}" for problem in found.problems]
    lines.append(f"{found.files:,} files read; {len(found.problems):,} are not as they should be.")
    if found.unread:
        lines.append(f"{found.unread:,} are encrypted, and were not opened: give --identity.")
    lines.append(_describe_lines(found.lines))
    return "\n".join(lines)
