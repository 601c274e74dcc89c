"""A seller's file with columns of its own: it waits until its sender has confirmed what they hold.

Whatever is confirmed is remembered for the next file with the same header.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path

from ..accounts.idempotency import IdempotencyKey
from ..accounts.user import User
from ..audit.entry import Actor
from ..audit.operational import Operational
from ..audit.trail import Trail
from ..errors import FieldError, Invalid, MarketError, NotFound, Refused
from ..i18n.texts import gettext as _
from ..listings.importing.formats import FORMATS
from ..listings.importing.formats.parsed_row import Format
from ..listings.importing.mapping.mapped_row import NAME, format_of
from ..listings.importing.mapping.mapping import Mapping, check_mapping
from ..listings.importing.mapping.proposal import Proposal, propose_for
from ..listings.importing.mapping.recognition import brokers_columns, known_format
from ..listings.importing.mapping.remembered import remembered_mapping, remembering_put
from ..listings.importing.seller_importer import SellerImporter, rows_in
from ..listings.importing.source_file import RawRow, SourceFile
from ..listings.importing.uploads import (
    ImportUpload,
    UploadState,
    find_upload,
    keep_file,
    kept_file,
    upload_put,
)
from ..listings.listing import Listing
from ..listings.pricing import Rates
from ..listings.records import is_active
from ..store.store import Store
from ..store.writes import Absent, Equals
from .import_jobs import (
    enqueue_import,
    import_job_id,
    new_upload_id,
    sent_before,
    start_import,
    stop_import,
    text_of,
)

SHOWN = 5
"""Boats of a preview."""
LOOKED_AT = 200
"""Rows that a preview reads."""


@dataclass(frozen=True, slots=True)
class WaitingFile:
    """A file that waits, with what is proposed for its columns.

    `mapping` is what its sender has chosen so far, or for an earlier file with the same header, or the
    proposal; `is_remembered` for the second.
    """

    upload: ImportUpload
    columns: list[str]
    proposal: Proposal
    mapping: Mapping
    is_remembered: bool


@dataclass(frozen=True, slots=True)
class Preview:
    """The first boats of a file as they would be, and the rows that would be refused."""

    boats: list[Listing]
    refused: list[tuple[RawRow, MarketError]]
    looked_at: int


async def receive_file(
    trail: Trail, actor: Actor, path: Path,
    *, name: str, format_name: str = "", encoding: str | None = None, token: str = "",
) -> ImportUpload:  # fmt: skip
    """Take a seller's file in: one in a known format is imported, any other waits for its mapping.

    Raises as `start_import` does.
    """
    content = await asyncio.to_thread(path.read_bytes)
    format = FORMATS.get(format_name)
    try:
        if format is None:
            format = await asyncio.to_thread(_known, content, encoding)
        if format is None:
            text, read_as = await asyncio.to_thread(text_of, content, encoding)
            rows = await asyncio.to_thread(rows_in, text.encode(), format_of(Mapping()))
    except Invalid as error:
        return await stop_import(trail, actor, name, format_name or NAME, token, content, error)
    if format is not None:
        return await start_import(
            trail, actor, path, name=name, format=format, encoding=encoding, token=token
        )
    now, owner_id = trail.clock(), actor.user_id
    job_id = import_job_id(owner_id, token, NAME, content)
    if known := await sent_before(trail.store, owner_id, job_id):
        return known
    upload = ImportUpload(
        id=new_upload_id(now),
        file_name=name[:200] or "file",
        format=NAME,
        job=job_id,
        state=UploadState.WAITING,
        rows=rows,
        read_as=read_as,
        begun_at=now,
    )
    await keep_file(trail, owner_id, upload.id, text)
    head = upload_put(owner_id, upload, now, when=Absent())
    await trail.commit_operational(Operational.JOB, is_active(owner_id), head)
    return upload


def _known(content: bytes, encoding: str | None) -> Format | None:
    return known_format(SourceFile(content, encoding=encoding).names)


async def waiting_file(store: Store, owner_id: str, id: str) -> WaitingFile:
    """A seller's file that waits for its mapping. Raises NotFound, and Refused once it does not any more."""
    upload = await find_upload(store, owner_id, id)
    if upload.state is not UploadState.WAITING:
        raise Refused(_("the import of this file has begun"))
    content = await kept_file(store, owner_id, id)
    if not content:
        raise NotFound("import", id)
    source = SourceFile(content)
    columns = brokers_columns(source.names)
    proposal = await asyncio.to_thread(propose_for, source)
    chosen = upload.mapping
    kept = None if chosen else await remembered_mapping(store, owner_id, source.names)
    return WaitingFile(
        upload, columns, proposal, chosen or kept or proposal.mapping, kept is not None
    )


async def choose_mapping(
    trail: Trail, owner_id: str, waiting: WaitingFile, mapping: Mapping
) -> ImportUpload:
    """Keep what a seller has chosen for a file, be it complete or not. Raises Refused if it does not wait."""
    upload = waiting.upload.changed(mapping=mapping)
    head = upload_put(
        owner_id,
        upload,
        trail.clock(),
        when=Equals(state=UploadState.WAITING.value),
    )
    await trail.commit_operational(Operational.JOB, is_active(owner_id), head)
    return upload


async def begin_import(
    trail: Trail, actor: Actor, waiting: WaitingFile, mapping: Mapping
) -> ImportUpload:
    """Start the import of a waiting file, and remember its mapping. Raises Invalid for one that is incomplete."""
    check_mapping(mapping, waiting.columns)
    now, owner_id, rows = trail.clock(), actor.user_id, waiting.upload.rows
    running = waiting.upload.changed(
        mapping=mapping, state=UploadState.RUNNING, rows=0, begun_at=now
    )
    await enqueue_import(
        trail,
        actor,
        running,
        rows,
        remembering_put(owner_id, waiting.columns, mapping, now),
        when=Equals(state=UploadState.WAITING.value),
    )
    return running


def preview_of(
    trail: Trail, owner: User, rates: Rates, mapping: Mapping, content: bytes
) -> Preview:
    """The first rows of a file as they would be imported; reads nothing from the store."""
    importer = SellerImporter(trail, owner=owner, format=format_of(mapping), rates=rates)
    boats: list[Listing] = []
    refused: list[tuple[RawRow, MarketError]] = []
    looked_at = 0
    for row, outcome in importer.tried(SourceFile(content), LOOKED_AT):
        looked_at += 1
        if isinstance(outcome, Listing):
            if len(boats) < SHOWN:
                boats.append(outcome)
        else:
            refused.append((row, outcome))
    return Preview(boats, refused, looked_at)


async def import_by(
    trail: Trail, actor: Actor, path: Path,
    *, name: str, mapping: Mapping | None, once: IdempotencyKey | None = None,
) -> ImportUpload:  # fmt: skip
    """Import a file by a mapping, or by what its owner has confirmed before; one in our formats by those.

    Raises Invalid for a file or a mapping that cannot be read, or if there is none; and Refused.
    """
    owner_id, now = actor.user_id, trail.clock()
    if once and (made := await once.made(trail.store)):
        return await find_upload(trail.store, owner_id, made)
    content = await asyncio.to_thread(path.read_bytes)
    text, read_as = await asyncio.to_thread(text_of, content, None)
    names = SourceFile(text.encode()).names
    format = known_format(names) if mapping is None else None
    chosen = mapping
    if format is None:
        chosen = mapping or await remembered_mapping(trail.store, owner_id, names)
        if chosen is None:
            message = _("has columns of your own: send a mapping of them with it")
            raise Invalid([FieldError("file", message)])
        check_mapping(chosen, brokers_columns(names))
        format = format_of(chosen)
    rows = await asyncio.to_thread(rows_in, text.encode(), format)
    upload = ImportUpload(
        id=new_upload_id(now),
        file_name=name[:200] or "file",
        format=format.name,
        job=import_job_id(owner_id, "", format.name, content),
        mapping=chosen,
        read_as=read_as,
        begun_at=now,
    )
    await keep_file(trail, owner_id, upload.id, text)
    beside = [remembering_put(owner_id, names, chosen, now)] if chosen else []
    noted = [once.making(upload.id, now)] if once else []
    await enqueue_import(trail, actor, upload, rows, *beside, *noted, when=Absent())
    return upload
