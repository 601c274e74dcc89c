"""``backup``, ``restore`` and ``verify``: archive the market, restore it, check the archive."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.progress import Progress, TextColumn

from ..archive.archive import Archive, Timeline
from ..archive.erasures import erasures_in, read_erasures
from ..archive.file_format import Seal
from ..archive.ownership import owner_of
from ..archive.post_restore import run
from ..archive.restore import Restored
from ..archive.restore import restore as restore_archive
from ..archive.storage import storage_at
from ..archive.verification import Findings
from ..archive.verification import verify as verify_archive
from ..audit.trail import Trail
from ..clock import SECOND, iso, now_ms
from ..config.secret_key import fingerprint, kept_in, key_file
from ..config.settings import PREFIX, Settings
from ..errors import FieldError, Invalid
from ..i18n.numbers import whole
from ..self_check.finding import duration
from .command import (
    DONE,
    REFUSED,
    answer,
    interruptible,
    json_option,
    keyless_market_command,
    settings_or_exit,
    words,
)
from .moments import Moment
from .options import FieldOption

if TYPE_CHECKING:
    from ..composition import Market
    from ..store.market_identity import MarketIdentity

identity_option = click.option(
    "--identity", type=click.Path(dir_okay=False, path_type=Path),
    help="The age identity file that decrypts the archive.",
)  # fmt: skip


@click.command()
@click.option(
    "--to",
    "place",
    cls=FieldOption,
    field="place",
    required=True,
    metavar="DIR",
    help="A folder, or s3://bucket/prefix.",
)
@click.option(
    "--adopt",
    is_flag=True,
    help="Go on with an archive of another market; from then on it is refused.",
)
@json_option
@keyless_market_command
async def backup(market: Market, place: str, adopt: bool, as_json: bool) -> int:
    """Archive every change up to now and take a base copy, while the market stays open.

    Run it repeatedly with the same folder, and every second in between can be restored, provided
    that the store's feed still reaches back to the previous run. An archive belongs to one market,
    and is refused for any other.
    """
    archiver = market.archiver(place)
    with shown_progress() as report:
        base = await archiver.take_base(lambda written: report("Copying", written), adopting=adopt)
        lines = await archiver.archive.lines()
    document = {
        "base": base.folder,
        "moment": iso(base.manifest.moment),
        "items": base.manifest.count,
        "windows": _windows(lines),
        **_reach(lines),
    }
    items = "item" if base.manifest.count == 1 else "items"
    message = f"{whole(base.manifest.count)} {items} copied. {_describe_lines(lines)}"
    if base.manifest.begins and len(lines) > 1:
        message += "\nThe feed no longer reached back to the previous run, so there is a gap before this copy."
    answer(document, as_json=as_json, message=message)
    return DONE


@click.command()
@click.option(
    "--from", "place", required=True, metavar="DIR", help="A folder, or s3://bucket/prefix."
)
@click.option(
    "--at",
    type=Moment(is_end=True),
    metavar="TIME",
    help="For example 2026-11-23T12:00:00Z; default: the latest moment.",
)
@click.option(
    "--into",
    required=True,
    metavar="DIR",
    help="A data folder that holds no market yet, or dynamodb:PREFIX.",
)
@click.option("--exact", is_flag=True, help="Keep sessions, tokens and erased people as they were.")
@click.option(
    "--copy", "as_copy", is_flag=True,
    help="Make it a market of its own, which never writes to this archive: to look at an old state.",
)  # fmt: skip
@click.option(
    "--erasures", type=click.Path(dir_okay=False, path_type=Path),
    help="More erasures to repeat: a JSON Lines file with the fields user and at.",
)  # fmt: skip
@identity_option
@json_option
@partial(interruptible, message="Interrupted. Nothing was restored, and nothing is left of it.")
async def restore(
    place: str,
    at: int | None,
    into: str,
    exact: bool,
    as_copy: bool,
    erasures: Path | None,
    identity: Path | None,
    as_json: bool,
) -> int:
    """Restore the market as it stood at a given moment, into a folder of its own.

    Afterwards everyone is signed out, one-time tokens are void, and people erased since that moment
    are erased again. --exact skips all this, for inspecting a market or moving it. It is the same
    market, needs the same secret key, and goes on with this archive, unless --copy is given. If the
    restore fails, nothing is left of it.
    """
    from ..composition import PERSONAL_DATA, in_newest_shape
    from ..store.market_identity import identify_restored
    from ..stores import loading_into

    settings = settings_or_exit(as_json=as_json)
    archive = Archive(storage_at(place, setting="--from"), Seal.of(identity=identity))
    _check_target(into, place)
    further = erasures_in(erasures) if erasures else []
    post_restore: dict[str, int] = {}
    async with loading_into(into, settings) as target:
        with shown_progress() as report:
            restored = await restore_archive(archive, target, moment=at, progress=report)
            if not exact:
                known = [*await read_erasures(archive.place), *further]
                later = [erasure for erasure in known if erasure.at > restored.moment]
                async with target.opened() as engine:
                    store = in_newest_shape(engine)
                    trail = Trail(store, retention_days=settings.audit_retention_days, clock=now_ms)
                    post_restore = await run(trail, PERSONAL_DATA, later, report)
            async with target.opened() as engine:
                made = await identify_restored(engine, await owner_of(archive.place), as_copy)
            await target.finish()
    document = {
        "moment": iso(restored.moment),
        "items": restored.items,
        "base": restored.base,
        "replayed": restored.replayed,
        "into": into,
        "secretKey": made.key,
        **post_restore,
    }
    message = f"{_describe_restored(restored, into)}\n{_describe_key(settings, made, into)}"
    answer(document, as_json=as_json, message=message)
    return DONE


def _check_target(into: str, place: str) -> None:
    """Raises Invalid for a mistyped engine, which would name a folder, and for one inside the archive."""
    if into.startswith("dynamodb:"):
        return
    if "://" in into or into.lower().startswith(("dynamo:", "dynamodb:")):
        raise Invalid([FieldError("--into", "must be a folder, or dynamodb:PREFIX")])
    if Path(into).resolve().is_relative_to(Path(place).resolve()):
        raise Invalid([FieldError("--into", "is inside the archive: name a folder elsewhere")])


@click.command()
@click.argument("place", metavar="DIR")
@identity_option
@json_option
@interruptible
async def verify(place: str, identity: Path | None, as_json: bool) -> int:
    """Read every byte of an archive, and report what is damaged and what can be restored."""
    with shown_progress() as report:
        archive = Archive(storage_at(place, setting="DIR"), Seal.of(identity=identity))
        found = await verify_archive(archive, report)
    document = {
        "sound": found.is_sound,
        "problems": [{"file": p.file, "message": p.message} for p in found.problems],
        "files": found.files,
        "unread": found.unread,
        "compared": found.compared,
        "windows": _windows(found.lines),
        **_reach(found.lines),
    }
    answer(document, as_json=as_json, message=_describe_findings(found))
    return DONE if found.is_sound else REFUSED


@contextmanager
def shown_progress() -> Iterator[Callable[[str, int], None]]:
    """A progress line: the current step and how far it has got."""
    columns = (TextColumn("{task.description} {task.completed}"),)
    with Progress(*columns, console=words, transient=True) as bar:
        task = bar.add_task("Reading", total=None)

        def report(doing: str, done: int) -> None:
            bar.update(task, description=doing, completed=done)

        yield report


def _windows(lines: list[Timeline]) -> list[dict[str, str]]:
    return [{"from": iso(line.start), "until": iso(line.end)} for line in lines]


def _reach(lines: list[Timeline]) -> dict[str, Any]:
    """Up to when everything is archived, and how many seconds ago that was."""
    if not lines:
        return {"archivedUntil": None, "secondsAgo": None}
    return {"archivedUntil": iso(lines[-1].end), "secondsAgo": _age(lines[-1]) // SECOND}


def _age(line: Timeline) -> int:
    return max(0, now_ms() - line.end)


def _describe_lines(lines: list[Timeline]) -> str:
    if not lines:
        return "Nothing can be restored."
    windows = ", and ".join(f"from {iso(line.start)} to {iso(line.end)}" for line in lines)
    last = lines[-1]
    return (
        f"Any moment can be restored {windows}. The archive goes up to {iso(last.end)}, "
        f"{duration(_age(last))} ago."
    )


def _describe_restored(restored: Restored, into: str) -> str:
    return (
        f"Restored {whole(restored.items)} items to {into}, as of {iso(restored.moment)}: "
        f"base copy {restored.base} and {whole(restored.replayed)} later changes."
    )


def _describe_key(settings: Settings, identity: MarketIdentity, into: str) -> str:
    """Which secret key the restored market needs, and what to copy where."""
    key = identity.key
    if key is None:
        return "It needs the secret key that it was used with: copy the file secret-key, or set it."
    if into.startswith("dynamodb:"):
        where = f"set {PREFIX}SECRET_KEY to it"
    elif settings.secret_key is not None and fingerprint(settings.secret_key) == key:
        return f"It needs the secret key {key}, which {PREFIX}SECRET_KEY holds."
    else:
        where = f"copy it to {key_file(Path(into))}, or set {PREFIX}SECRET_KEY"
    kept = key_file(settings.data)
    with suppress(Invalid):
        if fingerprint(kept_in(settings.data) or "") == key:
            return f"It needs the secret key {key}, which is in {kept.absolute()}: {where}."
    return f"It needs the secret key with the fingerprint {key}: {where}."


def _describe_findings(found: Findings) -> str:
    lines = [f"{problem.file} {problem.message}" for problem in found.problems]
    files = "file" if found.files == 1 else "files"
    problems = "problem" if len(found.problems) == 1 else "problems"
    lines.append(
        f"{whole(found.files)} {files} read, {whole(len(found.problems))} {problems} found."
    )
    if found.unread:
        lines.append(
            f"{whole(found.unread)} encrypted files were not opened; use --identity to check them."
        )
    lines.append(_describe_lines(found.lines))
    return "\n".join(lines)
