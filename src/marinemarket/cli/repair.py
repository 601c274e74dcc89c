"""``repair``: bring back what is damaged in the market's file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..i18n.numbers import whole
from .backup import identity_option, shown_progress
from .command import DONE, REFUSED, answer, interruptible, json_option, settings_or_exit

if TYPE_CHECKING:
    from ..archive.archive import Archive
    from ..archive.repair import Repaired
    from ..config.settings import Settings
    from ..store.store import Store


@click.command()
@click.option(
    "--from",
    "place",
    metavar="DIR",
    help="The archive: a folder, or s3://bucket/prefix; default: the market's own.",
)
@click.option("--dry-run", is_flag=True, help="Only say what is damaged and what can be repaired.")
@identity_option
@json_option
@interruptible
async def repair(place: str | None, dry_run: bool, identity: Path | None, as_json: bool) -> int:
    """Find damaged items, and bring each back as the archive and the feed prove it to be.

    The market may stay open. If interrupted, run it again. Exits with 1 if something stays damaged.
    """
    from ..archive.repair import repair as repair_store
    from ..audit.trail import Trail
    from ..composition import in_newest_shape
    from ..stores import has_market, no_market, repairable_store

    settings = settings_or_exit(as_json=as_json)
    if settings.store != "sqlite":
        message = "DynamoDB checks what it stores by itself: there is nothing to repair."
        answer({"damaged": [], "sound": True}, as_json=as_json, message=message)
        return DONE
    if not await has_market(settings):
        raise no_market(settings)
    archive = _archive(settings, place, identity)

    def trail_of(store: Store) -> Trail:
        return Trail(in_newest_shape(store), retention_days=settings.audit_retention_days)

    async with repairable_store(settings) as store:
        with shown_progress() as report:
            done = await repair_store(store, trail_of, archive, dry_run=dry_run, progress=report)
    is_sound = done.found.is_sound or not (dry_run or done.unrepaired)
    answer(_document(done, is_sound), as_json=as_json, message=_described(done, dry_run))
    return DONE if is_sound else REFUSED


def _archive(settings: Settings, place: str | None, identity: Path | None) -> Archive | None:
    from ..archive.archive import Archive
    from ..archive.file_format import Seal
    from ..archive.storage import storage_at

    where = place or settings.backup_place
    if place is None and "://" not in where and not Path(where).is_dir():
        return None
    return Archive(storage_at(where, setting="--from"), Seal.of(identity=identity))


def _document(done: Repaired, is_sound: bool) -> dict[str, object]:
    def listed(places: list[tuple[str, tuple[str | int, ...]]]) -> list[dict[str, object]]:
        return [{"table": table, "key": list(key)} for table, key in places]

    found = done.found
    damaged = [
        {"table": table, "key": list(key), "why": why}
        for (table, key), why in found.damaged.items()
    ]
    return {
        "sound": is_sound,
        "read": found.read,
        "damaged": damaged,
        "structure": found.structure,
        "feed": found.feed,
        "repaired": listed(done.repaired),
        "unrepaired": listed(done.unrepaired),
        "rebuilt": done.is_rebuilt,
        "kept": str(done.kept) if done.kept else None,
    }


def _described(done: Repaired, dry_run: bool) -> str:
    found = done.found
    if found.is_sound:
        return f"{whole(found.read)} items read; nothing is damaged."
    lines = [f"{table} {key!r}: {why}" for (table, key), why in found.damaged.items()]
    lines += [f"structure: {defect}" for defect in found.structure]
    lines += [f"feed: change {number} is damaged" for number in found.feed]
    verb = "can be repaired" if dry_run else "were repaired"
    lines.append(
        f"{whole(len(done.repaired))} of {whole(len(found.damaged))} damaged items {verb}."
    )
    if found.must_be_rebuilt:
        lines.append(
            "The file was rebuilt." if done.is_rebuilt else "The file as a whole must be rebuilt."
        )
    lines += [
        f"{table} {key!r} cannot be repaired: neither the archive nor the feed proves what it was"
        for table, key in done.unrepaired
    ]
    if done.kept:
        lines.append(f"The damaged file was kept as {done.kept}.")
    return "\n".join(lines)
