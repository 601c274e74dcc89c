"""A seller's file as a job: a slice of its rows is one step, and each row one commit.

The commit of a row also keeps what was before, and happens only while the job stands where it was read.
The commit that ends a slice moves the job on. A process that is killed in between leaves rows that are
done and noted: when the slice is done again, they are counted and not repeated.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from io import StringIO
from pathlib import Path
from secrets import token_hex
from uuid import UUID, uuid5

from ..accounts.records import find_user
from ..accounts.user import User
from ..audit.actions import Action
from ..audit.entry import Actor
from ..audit.operational import Operational
from ..audit.trail import Trail
from ..errors import Invalid, NotFound, Refused
from ..i18n.texts import gettext as _
from ..jobs.job import Job, JobState, new_job
from ..jobs.records import HEAD, enqueue, find_job, moved, part_item
from ..listings.importing.formats import FORMATS
from ..listings.importing.formats.parsed_row import Format
from ..listings.importing.importer import Candidate
from ..listings.importing.mapping.mapped_row import format_of
from ..listings.importing.rejects import RejectsTable
from ..listings.importing.seller_importer import SellerImporter, rows_in
from ..listings.importing.source_file import SourceFile, normalised
from ..listings.importing.uploads import (
    ImportUpload,
    UploadState,
    find_upload,
    forget_file,
    keep_file,
    kept_file,
    rejects_puts,
    upload_put,
    uploads_of,
)
from ..listings.listing import Listing
from ..listings.pricing import Rates
from ..listings.records import is_active
from ..store.items import Item
from ..store.schema import JOBS
from ..store.store import Between, Query, Store
from ..store.writes import Absent, Check, Condition, Equals, Exists, Put, Write
from .bulk_jobs import ended_with_account
from .photo_jobs import count_of, photo_job_id, start_fetching, wanted_puts
from .row_images import image_of, is_new

IMPORT = "import"
ROWS = 50
"""Rows of one step."""
AT_ONCE = 2
"""Steps within the request that sends a file."""
_NAMESPACE = UUID("b7d6a0fd-0c39-4a0c-9d8e-5f7a2b7ce1a9")
_CREATED, _UPDATED, _UNCHANGED = "created", "updated", "unchanged"


@dataclass(frozen=True, slots=True)
class FollowedUpload:
    """A file, and the job that imports it; None for a file without one, or once it is forgotten.

    `photos` is the job that fetches the photos that it names.
    """

    upload: ImportUpload
    job: Job | None
    photos: Job | None = None


async def start_import(
    trail: Trail,
    actor: Actor,
    path: Path,
    *,
    name: str,
    format: Format,
    encoding: str | None = None,
    token: str = "",
) -> ImportUpload:
    """Take a file in, and start the job that imports it. `encoding` is one that its sender named.

    The same form with the same file starts nothing again.

    A file that cannot be read is reported in the result. Raises Refused for too many unfinished jobs, and
    for an owner who may not sell.
    """
    content = await asyncio.to_thread(path.read_bytes)
    now, owner_id = trail.clock(), actor.user_id
    job_id = import_job_id(owner_id, token, format.name, content)
    if known := await sent_before(trail.store, owner_id, job_id):
        return known
    id = new_upload_id(now)
    upload = ImportUpload(
        id=id, file_name=name[:200] or "file", format=format.name, job=job_id, begun_at=now
    )
    try:
        text, read_as = await asyncio.to_thread(text_of, content, encoding)
        rows = await asyncio.to_thread(rows_in, text.encode(), format)
    except Invalid as error:
        return await _stop(trail, actor, upload, error)
    upload = upload.changed(read_as=read_as)
    await keep_file(trail, owner_id, id, text)
    try:
        begun = await enqueue_import(trail, actor, upload, rows, when=Absent())
    except Refused:
        await forget_file(trail, owner_id, id)
        raise
    if begun.parameters["upload"] != id:
        # The same form was sent twice at once, and the other was faster.
        await forget_file(trail, owner_id, id)
    return await find_upload(trail.store, owner_id, begun.parameters["upload"])


def text_of(content: bytes, encoding: str | None) -> tuple[str, str]:
    """A file's rows as plain CSV, and how they were read, in words. Raises Invalid."""
    source = SourceFile(content, encoding=encoding)
    return normalised(source), source.reading.in_words()[:1000]


async def enqueue_import(
    trail: Trail, actor: Actor, upload: ImportUpload, rows: int, *others: Write, when: Condition
) -> Job:
    """Start the job that imports a file of so many rows, if the upload is stored as `when` says."""
    now = trail.clock()
    job = new_job(
        IMPORT,
        actor,
        now,
        id=upload.job,
        owner_id=actor.user_id,
        total=rows,
        parameters={"action": IMPORT, "upload": upload.id, "fileName": upload.file_name},
    )
    head = upload_put(actor.user_id, upload, now, when=when)
    return await enqueue(trail, job, is_active(actor.user_id), head, *others)


async def followed_upload(store: Store, owner_id: str, id: str) -> FollowedUpload:
    """A seller's file with its job, and all rows that are done counted. Raises NotFound."""
    upload = await find_upload(store, owner_id, id)
    job = await find_job(store, upload.job) if upload.job else None
    if job is not None and job.has_ended and job.state is not JobState.DONE:
        kinds = [_kind_of(part) for part in await _parts_from(store, job, job.done)]
        created, updated = kinds.count(_CREATED), kinds.count(_UPDATED)
        upload = upload.changed(
            rows=upload.rows + created + updated,
            created=upload.created + created,
            updated=upload.updated + updated,
        )
    photos = (
        await find_job(store, photo_job_id(job)) if job and job.parameters.get("photos") else None
    )
    return FollowedUpload(upload, job, photos)


async def changed_since_its_last_step(store: Store, job: Job) -> int:
    """How many boats were changed in a step of an import that was not completed, since the job was ended."""
    if job.kind != IMPORT or job.state is JobState.DONE:
        return 0
    return len(await _parts_from(store, job, job.done))


async def do_import_step(trail: Trail, load_rates: Callable[[], Rates], job: Job) -> None:
    """The next rows of a file, and how far that is. Raises Conflict if the job moved on meanwhile."""
    if await ended_with_account(trail, job):
        return
    owner = await find_user(trail.store, job.actor.user_id)
    if owner is None:
        raise NotFound("user", job.actor.user_id)
    upload = await find_upload(trail.store, owner.id, job.parameters["upload"])
    importer = RowImporter(
        trail,
        job,
        owner=owner,
        format=format_of(upload.mapping) if upload.mapping else FORMATS[upload.format],
        rates=load_rates(),
    )
    source = SourceFile(await kept_file(trail.store, owner.id, upload.id))
    text = StringIO(newline="")
    table = RejectsTable(text, source.columns)
    if not upload.rejected:
        table.begin()
    await importer.run_slice(source, job.done, ROWS, table)
    report = importer.report
    done = await _parts_from(trail.store, job, job.done)
    now = trail.clock()
    new = job.advanced(now, by=report.rows, refused=report.rejected)
    changed = int(job.parameters.get("changed", 0)) + report.created + report.updated
    photos = int(job.parameters.get("photos", 0)) + count_of(importer.picture_rows)
    new = new.changed(parameters=job.parameters | {"changed": changed, "photos": photos})
    counted = upload.changed(
        state=UploadState.DONE if new.has_ended else UploadState.RUNNING,
        rows=upload.rows + report.rows,
        created=upload.created + report.created,
        updated=upload.updated + report.updated,
        unchanged=upload.unchanged + report.unchanged,
        rejected=upload.rejected + report.rejected,
        taken_for_same=upload.taken_for_same + report.taken_for_same,
        unpublished=upload.unpublished + sum(bool(part.get("isIncomplete")) for part in done),
        ended_at=now if new.has_ended else None,
    )
    rejects = text.getvalue() if report.rejected else ""
    try:
        wanted = wanted_puts(job, importer.picture_rows, now)
        if new.has_ended and photos:
            await start_fetching(trail, job, photos, wanted)
        await _commit_step(trail, job, new, counted, rejects, wanted)
    except Refused:
        if await ended_with_account(trail, job):
            return
        raise
    if new.has_ended:
        await forget_file(trail, owner.id, upload.id)


class RowImporter(SellerImporter):
    """A seller's import in which each row is done once, while its job stands where it was read."""

    def __init__(
        self, trail: Trail, job: Job, *, owner: User, format: Format, rates: Rates
    ) -> None:
        super().__init__(trail, owner=owner, format=format, rates=rates, actor=job.on_behalf)
        self._job = job

    def _was_known(self, listing: Listing) -> bool:
        # Earlier steps of the same file may have made it.
        return listing.created_at < self._job.created_at

    async def _settle(self, candidate: Candidate) -> str:
        if done := await self._done_before(candidate):
            return done
        outcome = await super()._settle(candidate)
        if outcome != _UNCHANGED:
            return outcome
        # Perhaps because another worker has just done this row.
        return await self._done_before(candidate) or outcome

    async def _done_before(self, candidate: Candidate) -> str | None:
        part = await self._trail.store.get(JOBS, self._job.id, self._part(candidate))
        return _kind_of(part) if part else None

    def _beside(self, candidate: Candidate, old: Listing | None, new: Listing) -> tuple[Write, ...]:
        content: Item = {"listingId": new.id, "title": new.title, **image_of(old, new)}
        if old is None and new.missing_for_publication:
            content["isIncomplete"] = True
        stands = Check(
            JOBS,
            (self._job.id, HEAD),
            when=Equals(step=self._job.step),
            otherwise=Refused(_("the import was stopped")),
        )
        part = part_item(self._job, self._part(candidate), content)
        return stands, Put(JOBS, part, when=Absent())

    def _part(self, candidate: Candidate) -> str:
        return f"done.{candidate.number:05d}"


async def sent_before(store: Store, owner_id: str, job_id: str) -> ImportUpload | None:
    """What the same form with the same file has become, if it was sent before."""
    if job := await find_job(store, job_id):
        return await find_upload(store, owner_id, job.parameters["upload"])
    # One that could not be read has no job.
    latest = await uploads_of(store, owner_id)
    return next((one for one in latest if one.job == job_id), None)


async def stop_import(
    trail: Trail,
    actor: Actor,
    name: str,
    format_name: str,
    token: str,
    content: bytes,
    error: Invalid,
) -> ImportUpload:
    """Keep that a file cannot be read, and why."""
    now = trail.clock()
    job_id = import_job_id(actor.user_id, token, format_name, content)
    if known := await sent_before(trail.store, actor.user_id, job_id):
        return known
    upload = ImportUpload(
        id=new_upload_id(now),
        file_name=name[:200] or "file",
        format=format_name,
        job=job_id,
        begun_at=now,
    )
    return await _stop(trail, actor, upload, error)


async def _stop(trail: Trail, actor: Actor, upload: ImportUpload, error: Invalid) -> ImportUpload:
    now = trail.clock()
    why = "; ".join(f"{one.field} {one.message}" for one in error.errors[:10])[:1000]
    stopped = upload.changed(state=UploadState.STOPPED, why=why, ended_at=now)
    entry = actor.entry(
        Action.LISTINGS_IMPORTED, "user", actor.user_id, now, state=stopped.state.value
    )
    head = upload_put(actor.user_id, stopped, now, when=Absent())
    await trail.commit(entry, is_active(actor.user_id), head)
    return stopped


async def _commit_step(
    trail: Trail, job: Job, new: Job, upload: ImportUpload, rejects: str, wanted: Sequence[Write]
) -> None:
    owner_id, now = job.actor.user_id, trail.clock()
    writes = [
        moved(job, new),
        # An upload that an erasure has deleted meanwhile must not come back.
        upload_put(owner_id, upload, now, when=Exists()),
        *rejects_puts(owner_id, upload.id, job.done, rejects, now),
        *wanted,
    ]
    if not new.has_ended:
        await trail.commit_operational(Operational.JOB, is_active(owner_id), *writes)
        return
    counts = {
        "rows": upload.rows,
        "created": upload.created,
        "updated": upload.updated,
        "rejected": upload.rejected,
    }
    entry = job.on_behalf.entry(
        Action.LISTINGS_IMPORTED, "user", owner_id, now, state=upload.state.value, **counts
    )
    await trail.commit(entry, is_active(owner_id), *writes)


async def _parts_from(store: Store, job: Job, first: int) -> list[Item]:
    """What was kept of the rows of one step, which begins with row `first`."""
    between = Between(f"done.{first:05d}", "done/")
    return (await store.query(Query(JOBS, job.id, between=between, limit=ROWS))).items


def _kind_of(part: Item) -> str:
    return _CREATED if is_new(part["after"]) else _UPDATED


def new_upload_id(now: int) -> str:
    """The id of a file that came at a time in Unix milliseconds: later ones sort behind earlier ones."""
    return f"{now:013d}-{token_hex(4)}"


def import_job_id(owner_id: str, token: str, format_name: str, content: bytes) -> str:
    """The id of the job of a file: the same for the same form with the same file."""
    token = token or token_hex()
    facts = (owner_id, token, format_name, sha256(content).hexdigest())
    return str(uuid5(_NAMESPACE, "|".join(facts)))
