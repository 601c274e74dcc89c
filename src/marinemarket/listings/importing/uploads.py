"""The progress and result of a seller's file: begun, and then done, or stopped with a reason.

It is stored before the first row is imported, so that a killed process leaves a record. Rows already
imported stay, and the same file sent again continues from there.
"""

from __future__ import annotations

import asyncio
from enum import StrEnum
from pathlib import Path
from secrets import token_hex
from tempfile import TemporaryDirectory
from typing import Annotated

from pydantic import Field

from ...accounts.user import User
from ...audit.actions import Action
from ...audit.entry import Actor
from ...audit.trail import Trail
from ...clock import DAY_SECONDS
from ...errors import Invalid, NotFound, Refused
from ...i18n.texts import gettext as _
from ...store.items import Item
from ...store.schema import IMPORTS
from ...store.store import Between, Query, Store
from ...store.writes import Absent, Condition, Exists, Put
from ...wire import Count, Millis, Model
from ..pricing import Rates
from .formats.parsed_row import Format
from .seller_importer import SellerImporter, check_file

KEPT_DAYS = 90
_STILL_AT_IT = 2 * 60 * 1000
_PART = 80_000  # characters: even of four bytes each they fit an item
_LARGEST_REJECTS = 3_500_000
_REST = "… and more rows, which did not fit here. Correct these, send the file again, and see the rest.\r\n"

_Words = Annotated[str, Field(max_length=1000)]


class UploadState(StrEnum):
    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"


class ImportUpload(Model):
    """One file of a seller. `begun_at` and `ended_at` are in Unix milliseconds.

    Of those `created`, `unpublished` lack something and are not public.
    """

    id: _Words
    file_name: _Words
    format: _Words
    state: UploadState = UploadState.RUNNING
    why: _Words = ""
    rows: Count = 0
    created: Count = 0
    updated: Count = 0
    unchanged: Count = 0
    rejected: Count = 0
    unpublished: Count = 0
    begun_at: Millis
    ended_at: Millis | None = None

    def is_interrupted(self, now: int) -> bool:
        """Did the import end before it was done?"""
        return self.state is UploadState.RUNNING and now - self.begun_at > _STILL_AT_IT


async def import_upload(
    trail: Trail, actor: Actor, owner: User, path: Path, *, name: str, format: Format, rates: Rates
) -> ImportUpload:
    """Import a seller's file, and return the result.

    Raises Refused while another file of theirs is being read. An unreadable file is reported in the
    result; an error of the store is raised, and rows imported until then stay.
    """
    latest = await uploads_of(trail.store, owner.id, limit=1)
    now = trail.clock()
    if latest and latest[0].state is UploadState.RUNNING and not latest[0].is_interrupted(now):
        raise Refused(_("another file of yours is being read: wait until it is done"))
    id = f"{now:013d}-{token_hex(4)}"
    intake = ImportUpload(id=id, file_name=name[:200] or "file", format=format.name, begun_at=now)
    await _keep(trail, actor, owner.id, intake, [], when=Absent())
    run = SellerImporter(trail, owner=owner, format=format, rates=rates, actor=actor)
    with TemporaryDirectory(prefix="marinemarket-") as folder:
        rejects = Path(folder) / "rejects.csv"
        try:
            await asyncio.to_thread(check_file, path)
            report = await run.run(path, rejects)
        except Invalid as error:
            why = "; ".join(f"{one.field} {one.message}" for one in error.errors[:10])[:1000]
            ended = {"state": UploadState.STOPPED, "why": why, "ended_at": trail.clock()}
            intake = intake.model_copy(update=ended)
            await _keep(trail, actor, owner.id, intake, [])
            return intake
        text = await asyncio.to_thread(_text_of, rejects) if report.rejected else ""
    counted = {
        "state": UploadState.DONE,
        "rows": report.rows,
        "created": report.created,
        "updated": report.updated,
        "unchanged": report.unchanged,
        "rejected": report.rejected,
        "unpublished": run.unpublished,
        "ended_at": trail.clock(),
    }
    intake = intake.model_copy(update=counted)
    parts = [text[begin : begin + _PART] for begin in range(0, len(text), _PART)]
    await _keep(trail, actor, owner.id, intake, parts)
    return intake


async def uploads_of(store: Store, owner_id: str, *, limit: int = 10) -> list[ImportUpload]:
    """The latest files of a seller, the newest first."""
    heads = Between("head.", "head/")
    query = Query(IMPORTS, owner_id, between=heads, newest_first=True, limit=limit)
    return [_intake_of(item) for item in (await store.query(query)).items]


async def find_upload(store: Store, owner_id: str, id: str) -> ImportUpload:
    """A seller's upload. Raises NotFound for anybody else's."""
    item = await store.get(IMPORTS, owner_id, f"head.{id}") if 0 < len(id.encode()) < 200 else None
    if item is None:
        raise NotFound("import", id)
    return _intake_of(item)


async def rejects_of(store: Store, owner_id: str, id: str) -> str:
    """The refused rows of a file, with the reasons, as CSV. Raises NotFound."""
    await find_upload(store, owner_id, id)
    query = Query(IMPORTS, owner_id, between=Between(f"rows.{id}.", f"rows.{id}/"), limit=100)
    return "".join(str(item["text"]) for item in (await store.query(query)).items)


async def _keep(
    trail: Trail,
    actor: Actor,
    owner_id: str,
    intake: ImportUpload,
    parts: list[str],
    *,
    when: Condition | None = None,
) -> None:
    now = trail.clock()
    ends = {"ttl": now // 1000 + KEPT_DAYS * DAY_SECONDS}
    payload = intake.to_wire()
    counts = {name: payload[name] for name in ("rows", "created", "updated", "rejected")}
    entry = actor.entry(
        Action.LISTINGS_IMPORTED, "user", owner_id, now, state=intake.state.value, **counts
    )
    head: Item = {"ownerId": owner_id, "part": f"head.{intake.id}"} | payload | ends
    rows = [
        {"ownerId": owner_id, "part": f"rows.{intake.id}.{number:04d}", "text": text} | ends
        for number, text in enumerate(parts)
    ]
    # An upload that an erasure has deleted meanwhile must not come back.
    head_put = Put(IMPORTS, head, when=when or Exists())
    await trail.commit(entry, head_put, *(Put(IMPORTS, item) for item in rows))


def _intake_of(item: Item) -> ImportUpload:
    private = {"ownerId", "part", "ttl"}
    return ImportUpload.parse({name: value for name, value in item.items() if name not in private})


def _text_of(path: Path) -> str:
    text = path.read_bytes().decode()
    if len(text.encode()) <= _LARGEST_REJECTS:
        return text
    whole = text.encode()[:_LARGEST_REJECTS].decode(errors="ignore")
    return whole[: whole.rfind("\n") + 1] + _REST
