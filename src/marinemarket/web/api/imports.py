"""Files of boats, for API clients: what their columns hold, and importing them."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid5

from litestar import Response, post

from ...accounts.user import SellerKind, User
from ...errors import Refused, TooLarge
from ...i18n.texts import gettext as _
from ...listings.importing.mapping.mapping_file import mapping_in, mapping_text
from ...listings.importing.mapping.proposal import Proposal, propose_for
from ...listings.importing.mapping.questions import question_text
from ...listings.importing.mapping.recognition import known_format
from ...listings.importing.seller_importer import LARGEST_FILE
from ...listings.importing.source_file import SourceFile
from ...seller_dashboard.mapped_imports import import_by
from ..dependencies import CurrentMarket
from ..idempotency import asked_once
from ..security.access import AnyRequest, CurrentActor, CurrentSignedIn, form_of
from ..security.rate_limits import limited
from ..statuses import also
from ..uploads import on_disk, sent_files
from .answers.imports import ImportProposal, StartedImport
from .listings import json

_NAMESPACE = UUID("0a4c8e55-51be-4c0e-8b7e-2b6c44a0d1f3")
_PRIVATE = {"Cache-Control": "no-store"}
_LARGEST_SENDING: Final = LARGEST_FILE + 1_100_000


@post(
    "/me/imports/proposal",
    status_code=200,
    summary="Propose a mapping of columns",
    operation_id="proposeMapping",
    guards=[limited("media")],
    responses=also(408, 409, 413),
    request_max_body_size=_LARGEST_SENDING,
    answers=ImportProposal,
    files="file",
)
async def propose(request: AnyRequest, somebody: CurrentSignedIn) -> Response[bytes]:
    """What the columns of a file of boats seem to hold, by their names and values. Nothing is kept.

    `mapping` is the proposal as the text of a TOML file: correct it, and send it with the file to
    `POST /me/imports`. A file in a format of ours needs none.
    """
    _demand_broker(somebody.user)
    async with sent_files(request, 1) as (file,), on_disk(file) as path:
        proposal = await asyncio.to_thread(_proposal, path, file.filename or "")
    return json(proposal, headers=_PRIVATE)


@post(
    "/me/imports",
    status_code=202,
    summary="Import a file of boats",
    operation_id="importFile",
    guards=[limited("media")],
    responses=also(408, 409, 413),
    request_max_body_size=_LARGEST_SENDING,
    answers=StartedImport,
    files="file",
    beside={"mapping": "The text of a TOML file that tells what the columns hold."},
    once=True,
)
async def send(
    request: AnyRequest, market: CurrentMarket, somebody: CurrentSignedIn, actor: CurrentActor
) -> Response[bytes]:
    """Import a file of boats into your account, as a job: see `GET /me/jobs/{id}`.

    The field `mapping` of the form is the text of a TOML file that tells what the columns hold. It is
    remembered for the next file with the same header, which needs none; nor does a file in a format of
    ours. With an `Idempotency-Key`, the same file sent again is the same import.
    """
    _demand_broker(somebody.user)
    text = (await form_of(request)).get("mapping")
    text = text if isinstance(text, str) else ""
    mapping = mapping_in(text) if text.strip() else None
    async with sent_files(request, 1) as (file,), on_disk(file) as path:
        digest = await asyncio.to_thread(_digest, path)
        once = asked_once(request, actor.user_id, "POST /me/imports", [digest, text])
        upload = await import_by(
            market.trail, actor, path, name=file.filename or "", mapping=mapping, once=once
        )
    seen = {"id": upload.id, "job": upload.job, "fileName": upload.file_name}
    answer = json(seen, headers=_PRIVATE)
    answer.status_code = 202
    return answer


def _demand_broker(user: User) -> None:
    if user.seller_kind is not SellerKind.BROKER:
        raise Refused(_("Only brokers can import files: set `sellerKind` of your account first."))


def _check_size(path: Path) -> None:
    if path.stat().st_size > LARGEST_FILE:
        raise TooLarge(_("the file is larger than 5 MB: split it into smaller files"))


def _digest(path: Path) -> str:
    _check_size(path)
    return str(uuid5(_NAMESPACE, path.read_bytes().hex()))


def _proposal(path: Path, name: str) -> dict[str, Any]:
    _check_size(path)
    source = SourceFile(path)
    try:
        known = known_format(source.names)
        found = propose_for(source)
    finally:
        source.close()
    return {
        "format": known.name if known else None,
        "columns": _columns(found),
        "questions": [{"name": one, "text": question_text(one)} for one in found.questions],
        "mapping": mapping_text(found, name),
    }


def _columns(proposal: Proposal) -> list[dict[str, Any]]:
    return [
        {
            "column": one.column,
            "field": one.field,
            "unit": one.unit,
            "certainty": one.certainty.value,
            "samples": list(one.samples),
        }
        for one in proposal.columns
    ]
