"""Importing a broker's file of boats: its progress, a report for each row, and taking it back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final
from uuid import uuid4

from litestar import Response, get, post
from litestar.datastructures import UploadFile
from litestar.params import FromPath
from litestar.response import Template

from ....accounts.user import SellerKind, User
from ....composition import Market
from ....errors import FieldError, Forbidden, Invalid, MarketError, Refused, TooLarge
from ....i18n.dates import at_moment, since
from ....i18n.texts import gettext as _
from ....jobs.job import Job
from ....listings.importing.encoding_names import CHOICES, encoding_name
from ....listings.importing.seller_importer import FORMATS, LARGEST_FILE, MOST_ROWS
from ....listings.importing.uploads import (
    ImportUpload,
    UploadState,
    rejects_of,
    uploads_of,
)
from ....seller_dashboard.import_jobs import (
    AT_ONCE,
    FollowedUpload,
    followed_upload,
)
from ....seller_dashboard.mapped_imports import receive_file
from ....seller_dashboard.taking_back import boats_to_set_back, may_be_taken_back_until
from ...dependencies import CurrentMarket
from ...forms import Form, seen_other
from ...security.access import AnyRequest, CurrentActor, CurrentSignedIn, form_of
from ...security.rate_limits import limited
from ...uploads import on_disk
from .boats import PRIVATE
from .job_progress import IMPORTS, address_of, outcome_of, run_at_once, waits, why_ended

PATH = IMPORTS
_LONGEST_TOKEN = 100
_LARGEST_SENDING: Final = LARGEST_FILE + 100_000


@dataclass(frozen=True, slots=True)
class ShownUpload:
    """A file that was sent, as its sender reads of it.

    `state` is a word for the template; one that was `interrupted` says in `why` by what, if that is known.
    """

    id: str
    name: str
    when: str
    state: str
    why: str
    rows: int
    created: int
    updated: int
    unchanged: int
    rejected: int
    unpublished: int
    taken_for_same: int
    read_as: str


@dataclass(frozen=True, slots=True)
class ImportPage:
    """All that ``account/file-import.html`` uses. `token` makes one job of one form, however often it is sent."""

    form: Form
    token: str
    is_broker: bool
    formats: list[tuple[str, str]]
    encodings: list[tuple[str, str]]
    megabytes: int
    most_rows: int
    earlier: list[ShownUpload]


@dataclass(frozen=True, slots=True)
class UploadPage:
    """All that ``account/file-imported.html`` uses. `job` is empty where nothing is known of one.

    While it runs, `outcome` says how far it is, and `waits` why nothing happens at the moment, if so.
    `taken_back_until` is empty if the import cannot be taken back, `undone_by` unless it was. `photos` is what came
    of the photos that the file names, as a sentence; empty where it names none.
    """

    form: Form
    intake: ShownUpload
    job: str
    outcome: str
    waits: str
    done: int
    total: int
    taken_back_until: str
    to_take_back: int
    undone_by: str
    photos: str
    photos_address: str


@get(PATH, include_in_schema=False)
async def show_import(
    request: AnyRequest, market: CurrentMarket, somebody: CurrentSignedIn
) -> Template:
    return await _page(market, somebody.user, Form.of(request, market))


@post(
    PATH,
    include_in_schema=False,
    guards=[limited("media")],
    request_max_body_size=_LARGEST_SENDING,
)
async def send_import(
    request: AnyRequest, market: CurrentMarket, somebody: CurrentSignedIn, actor: CurrentActor
) -> Response[Any]:
    """Take a file in and import its first rows; the worker imports the others.

    The same form sent again leads to the same report.
    """
    if somebody.user.seller_kind is not SellerKind.BROKER:
        raise Forbidden(
            _(
                "Only brokers can import files. If you sell boats for a living, choose "
                "“Broker, dealer or yard” in your profile first."
            )
        )
    form = await form_of(request)
    try:
        token = str(form.get("job", ""))[:_LONGEST_TOKEN]
        encoding = str(form.get("encoding", ""))
        intake = await _taken(market, actor, form.get("file"), form.get("format"), encoding, token)
    except (Invalid, TooLarge, Refused) as error:
        shown = Form.of(request, market).refused({}, error)
        return await _page(market, somebody.user, shown, error=error)
    if intake.state is UploadState.WAITING:
        return seen_other(f"{PATH}/{intake.id}/columns")
    await run_at_once(market, somebody.user.id, most=AT_ONCE)
    return seen_other(f"{PATH}/{intake.id}")


@get(f"{PATH}/{{import_id:str}}", include_in_schema=False)
async def show_imported(
    import_id: FromPath[str], request: AnyRequest, market: CurrentMarket, somebody: CurrentSignedIn
) -> Template:
    followed = await followed_upload(market.store, somebody.user.id, import_id)
    page = await _upload_page(Form.of(request, market), market, followed)
    return Template("account/file-imported.html", context={"page": page}, headers=PRIVATE)


@get(f"{PATH}/{{import_id:str}}/rejects", include_in_schema=False)
async def show_rejects(
    import_id: FromPath[str], market: CurrentMarket, somebody: CurrentSignedIn
) -> Response[bytes]:
    """The refused rows as a file, which can be mended and sent as it is."""
    text = await rejects_of(market.store, somebody.user.id, import_id)
    attached = {"Content-Disposition": 'attachment; filename="refused-boats.csv"'}
    # With a byte order mark, without which Excel misreads it.
    return Response(
        text.encode("utf-8-sig"), media_type="text/csv; charset=utf-8", headers=PRIVATE | attached
    )


async def _taken(
    market: Market, actor: CurrentActor, file: object, format: object, encoding: str, token: str
) -> ImportUpload:
    if not isinstance(file, UploadFile) or not file.filename:
        raise Invalid([FieldError("file", _("choose a file"))])
    if format not in ("", *FORMATS):
        raise Invalid([FieldError("format", _("choose a file format"))])
    if encoding and encoding not in CHOICES:
        raise Invalid([FieldError("encoding", _("choose an encoding"))])
    async with on_disk(file) as path:
        await file.close()
        if path.stat().st_size > LARGEST_FILE:
            raise TooLarge(_("the file is larger than 5 MB: split it into smaller files"))
        return await receive_file(
            market.trail, actor, path,
            name=file.filename, format_name=str(format) if format in FORMATS else "",
            encoding=encoding or None, token=token,
        )  # fmt: skip


async def _upload_page(form: Form, market: Market, followed: FollowedUpload) -> UploadPage:
    job, now = followed.job, market.clock()
    until = may_be_taken_back_until(job, now) if job else None
    boats = await boats_to_set_back(market.store, job) if job and until else 0
    return UploadPage(
        form=form,
        intake=_shown(followed, now),
        job=job.id if job else "",
        outcome=outcome_of(job) if job else "",
        waits=await waits(market, job) if job else "",
        done=job.done if job else 0,
        total=job.total if job else 0,
        taken_back_until=at_moment(until) if until and boats else "",
        to_take_back=boats,
        undone_by=f"/account/jobs/{job.undone_by}" if job and job.undone_by else "",
        photos=outcome_of(followed.photos) if followed.photos else "",
        photos_address=address_of(followed.photos) if followed.photos else "",
    )


async def _page(
    market: Market, user: User, form: Form, *, error: MarketError | None = None
) -> Template:
    now = market.clock()
    latest = await uploads_of(market.store, user.id)
    earlier = [await followed_upload(market.store, user.id, one.id) for one in latest]
    page = ImportPage(
        form=form,
        token=str(uuid4()),
        is_broker=user.seller_kind is SellerKind.BROKER,
        formats=[
            ("", _("found out by its columns")),
            ("csv", _("Spreadsheet in our format")),
            ("boat24", _("Boat24 export")),
        ],
        encodings=[("", _("found out")), *((one, encoding_name(one)) for one in CHOICES)],
        megabytes=LARGEST_FILE // 1_000_000,
        most_rows=MOST_ROWS,
        earlier=[_shown(one, now) for one in earlier],
    )
    return Template(
        "account/file-import.html",
        context={"page": page},
        status_code=error.status if error else 200,
        headers=PRIVATE,
    )


def _state(intake: ImportUpload, job: Job | None, now: int) -> str:
    if intake.state is not UploadState.RUNNING:
        return intake.state.value
    has_ended = job.has_ended if job else intake.is_interrupted(now)
    return "interrupted" if has_ended else "running"


def _shown(followed: FollowedUpload, now: int) -> ShownUpload:
    intake, job = followed.upload, followed.job
    state = _state(intake, job, now)
    return ShownUpload(
        id=intake.id,
        name=intake.file_name,
        when=since(intake.begun_at, now),
        state=state,
        why=why_ended(job) if job and state == "interrupted" else intake.why,
        rows=intake.rows,
        created=intake.created,
        updated=intake.updated,
        unchanged=intake.unchanged,
        rejected=intake.rejected,
        unpublished=intake.unpublished,
        taken_for_same=intake.taken_for_same,
        read_as=intake.read_as,
    )
