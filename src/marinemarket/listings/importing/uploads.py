"""Sellers' files in the store: the report on each, its text until it is imported, its refused rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from ...audit.operational import Operational
from ...audit.trail import Trail
from ...clock import DAY_SECONDS
from ...errors import NotFound
from ...jobs.job import KEPT_FOR
from ...privacy.pages import every_item
from ...store.items import Item
from ...store.schema import IMPORTS
from ...store.store import Between, Query, Store
from ...store.writes import Condition, Delete, Put, Write
from ...wire import Count, Millis, Model
from ..records import is_active
from .mapping.mapping import Mapping

KEPT_DAYS = 90
_STILL_AT_IT = 2 * 60 * 1000
_PART = 300_000
"""Bytes of text in one item."""
_IN_ONE_COMMIT = 10
"""Parts, which then fit into a commit."""
_LARGEST_REJECTS = 3_000_000
"""Bytes of refused rows that one slice of a file leaves, for the commit of its progress."""
_REST = "… and more rows, which did not fit here. Correct these, send the file again, and see the rest.\r\n"

_Words = Annotated[str, Field(max_length=1000)]


class UploadState(StrEnum):
    """`waiting` for what its columns hold; `running` also for one whose job ended early: see its job."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"


class ImportUpload(Model):
    """One file of a seller. `begun_at` and `ended_at` are in Unix milliseconds.

    Of those `created`, `unpublished` lack something and are not public. `job` is the id of what imports
    it; files of earlier versions have none. `taken_for_same` were known by their description and changed
    their price. `read_as` says in which
    encoding it was. A file that cannot be read is `stopped`, and has no job.
    `mapping` is that of a file with columns of its own.
    """

    id: _Words
    file_name: _Words
    format: _Words
    job: _Words = ""
    mapping: Mapping | None = None
    state: UploadState = UploadState.RUNNING
    why: _Words = ""
    rows: Count = 0
    created: Count = 0
    updated: Count = 0
    unchanged: Count = 0
    rejected: Count = 0
    unpublished: Count = 0
    taken_for_same: Count = 0
    read_as: _Words = ""
    begun_at: Millis
    ended_at: Millis | None = None

    def is_interrupted(self, now: int) -> bool:
        """Did the import end before it was done? Only of a file without a job, or whose job is gone."""
        return self.state is UploadState.RUNNING and now - self.begun_at > _STILL_AT_IT


def upload_put(
    owner_id: str, upload: ImportUpload, now: int, *, when: Condition | None = None
) -> Put:
    """The write that stores the report on a file, at a time in Unix milliseconds."""
    head: Item = {"ownerId": owner_id, "part": f"head.{upload.id}", "ttl": _expiry(now)}
    return Put(IMPORTS, head | upload.to_wire(), when=when)


def rejects_puts(owner_id: str, id: str, first: int, text: str, now: int) -> list[Put]:
    """The writes that store refused rows, as CSV, of the slice that begins with row `first`."""
    ends = {"ttl": _expiry(now)}
    return [
        Put(IMPORTS, {"ownerId": owner_id, "part": f"rows.{id}.{first:05d}.{number:03d}"} | one)
        for number, one in enumerate({"text": part} | ends for part in _parts(_shortened(text)))
    ]


async def uploads_of(store: Store, owner_id: str, *, limit: int = 10) -> list[ImportUpload]:
    """The latest files of a seller, the newest first."""
    heads = Between("head.", "head/")
    query = Query(IMPORTS, owner_id, between=heads, newest_first=True, limit=limit)
    return [_upload_of(item) for item in (await store.query(query)).items]


async def find_upload(store: Store, owner_id: str, id: str) -> ImportUpload:
    """A seller's upload. Raises NotFound for anybody else's."""
    item = await store.get(IMPORTS, owner_id, f"head.{id}") if 0 < len(id.encode()) < 200 else None
    if item is None:
        raise NotFound("import", id)
    return _upload_of(item)


async def rejects_of(store: Store, owner_id: str, id: str) -> str:
    """The refused rows of a file, with the reasons, as CSV. Raises NotFound."""
    await find_upload(store, owner_id, id)
    return await _text(store, owner_id, "rows", id)


async def keep_file(trail: Trail, owner_id: str, id: str, text: str) -> None:
    """Store the text of a file, until it is imported or 30 days have passed.

    Raises Refused for an owner who may not sell: nothing may come after an erasure.
    """
    ends = {"ttl": (trail.clock() + KEPT_FOR) // 1000}
    puts = [
        Put(IMPORTS, {"ownerId": owner_id, "part": f"file.{id}.{number:04d}", "text": part} | ends)
        for number, part in enumerate(_parts(text))
    ]
    await _commit_parts(trail, puts, is_active(owner_id))


async def kept_file(store: Store, owner_id: str, id: str) -> bytes:
    """The text of a file in UTF-8; empty if it is not kept any more."""
    return (await _text(store, owner_id, "file", id)).encode()


async def forget_file(trail: Trail, owner_id: str, id: str) -> None:
    """Delete the text of a file; the report on it stays."""
    query = _query(owner_id, "file", id)
    keys = [IMPORTS.key_of(item) async for item in every_item(trail.store, query, at_once=1)]
    await _commit_parts(trail, [Delete(IMPORTS, key) for key in keys])


async def _commit_parts(trail: Trail, writes: Sequence[Write], *also: Write) -> None:
    for begin in range(0, len(writes), _IN_ONE_COMMIT):
        some = writes[begin : begin + _IN_ONE_COMMIT]
        await trail.commit_operational(Operational.JOB, *also, *some)


async def _text(store: Store, owner_id: str, kind: str, id: str) -> str:
    found = every_item(store, _query(owner_id, kind, id), at_once=10)
    return "".join([str(item["text"]) async for item in found])


def _query(owner_id: str, kind: str, id: str) -> Query:
    return Query(IMPORTS, owner_id, between=Between(f"{kind}.{id}.", f"{kind}.{id}/"))


def _expiry(now: int) -> int:
    return now // 1000 + KEPT_DAYS * DAY_SECONDS


def _upload_of(item: Item) -> ImportUpload:
    private = {"ownerId", "part", "ttl"}
    return ImportUpload.parse({name: value for name, value in item.items() if name not in private})


def _parts(text: str) -> Iterator[str]:
    """A text cut so that each part fits into an item."""
    data, begin = text.encode(), 0
    while begin < len(data):
        end = min(begin + _PART, len(data))
        while end < len(data) and data[end] & 0xC0 == 0x80:
            end -= 1
        yield data[begin:end].decode()
        begin = end


def _shortened(text: str) -> str:
    if len(text.encode()) <= _LARGEST_REJECTS:
        return text
    whole = text.encode()[:_LARGEST_REJECTS].decode(errors="ignore")
    return whole[: whole.rfind("\n") + 1] + _REST
