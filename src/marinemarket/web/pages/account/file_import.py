"""Importing a broker's file of boats, with a report for each row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from litestar import Response, get, post
from litestar.datastructures import UploadFile
from litestar.params import FromPath
from litestar.response import Template

from ....accounts.user import SellerKind, User
from ....composition import Market
from ....errors import FieldError, Forbidden, Invalid, MarketError, Refused, TooLarge
from ....i18n.dates import since
from ....i18n.texts import gettext as _
from ....listings.importing.formats import FORMATS as ALL_FORMATS
from ....listings.importing.seller_importer import FORMATS, LARGEST_FILE, MOST_ROWS
from ....listings.importing.uploads import (
    ImportUpload,
    UploadState,
    find_upload,
    import_upload,
    rejects_of,
    uploads_of,
)
from ....listings.pricing import load_rates
from ...dependencies import CurrentMarket
from ...forms import Form, seen_other
from ...security.access import AnyRequest, CurrentActor, CurrentSignedIn, form_of
from ...security.rate_limits import limited
from ...uploads import on_disk
from .boats import PRIVATE

PATH = "/account/boats/import"
_LARGEST_SENDING: Final = LARGEST_FILE + 100_000


@dataclass(frozen=True, slots=True)
class ShownUpload:
    """A file that was sent, as its sender reads of it. `state` is a word for the template."""

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


@dataclass(frozen=True, slots=True)
class ImportPage:
    """All that ``account/file-import.html`` uses."""

    form: Form
    is_broker: bool
    formats: list[tuple[str, str]]
    megabytes: int
    most_rows: int
    earlier: list[ShownUpload]


@dataclass(frozen=True, slots=True)
class UploadPage:
    """All that ``account/file-imported.html`` uses."""

    form: Form
    intake: ShownUpload


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
    """Take a file in, as the request waits: it is bounded, and what it has taken stays taken."""
    if somebody.user.seller_kind is not SellerKind.BROKER:
        raise Forbidden(
            _(
                "Only brokers can import files. If you sell boats for a living, choose "
                "“Broker, dealer or yard” in your profile first."
            )
        )
    form = await form_of(request)
    try:
        intake = await _taken(market, somebody.user, actor, form.get("file"), form.get("format"))
    except (Invalid, TooLarge, Refused) as error:
        shown = Form.of(request, market).refused({}, error)
        return await _page(market, somebody.user, shown, error=error)
    return seen_other(f"{PATH}/{intake.id}")


@get(f"{PATH}/{{import_id:str}}", include_in_schema=False)
async def show_imported(
    import_id: FromPath[str], request: AnyRequest, market: CurrentMarket, somebody: CurrentSignedIn
) -> Template:
    intake = await find_upload(market.store, somebody.user.id, import_id)
    page = UploadPage(Form.of(request, market), _shown(intake, market.clock()))
    return Template("account/file-imported.html", context={"page": page}, headers=PRIVATE)


@get(f"{PATH}/{{import_id:str}}/rejects", include_in_schema=False)
async def show_rejects(
    import_id: FromPath[str], market: CurrentMarket, somebody: CurrentSignedIn
) -> Response[bytes]:
    """The refused rows as a file, which can be mended and sent as it is."""
    text = await rejects_of(market.store, somebody.user.id, import_id)
    attached = {"Content-Disposition": 'attachment; filename="refused-boats.csv"'}
    return Response(text.encode(), media_type="text/csv; charset=utf-8", headers=PRIVATE | attached)


async def _taken(
    market: Market, owner: User, actor: CurrentActor, file: object, format: object
) -> ImportUpload:
    if not isinstance(file, UploadFile) or not file.filename:
        raise Invalid([FieldError("file", _("choose a file"))])
    if format not in FORMATS:
        raise Invalid([FieldError("format", _("choose a file format"))])
    async with on_disk(file) as path:
        await file.close()
        if path.stat().st_size > LARGEST_FILE:
            raise TooLarge(_("the file is larger than 5 MB: split it into smaller files"))
        return await import_upload(
            market.trail, actor, owner, path,
            name=file.filename, format=ALL_FORMATS[str(format)],
            rates=load_rates(market.settings.rates),
        )  # fmt: skip


async def _page(
    market: Market, user: User, form: Form, *, error: MarketError | None = None
) -> Template:
    now = market.clock()
    page = ImportPage(
        form=form,
        is_broker=user.seller_kind is SellerKind.BROKER,
        formats=[
            ("csv", _("Spreadsheet in our format")),
            ("boat24", _("Boat24 export")),
        ],
        megabytes=LARGEST_FILE // 1_000_000,
        most_rows=MOST_ROWS,
        earlier=[_shown(one, now) for one in await uploads_of(market.store, user.id)],
    )
    return Template(
        "account/file-import.html",
        context={"page": page},
        status_code=error.status if error else 200,
        headers=PRIVATE,
    )


def _shown(intake: ImportUpload, now: int) -> ShownUpload:
    is_running = intake.state is UploadState.RUNNING
    state = "interrupted" if is_running and intake.is_interrupted(now) else intake.state.value
    return ShownUpload(
        id=intake.id,
        name=intake.file_name,
        when=since(intake.begun_at, now),
        state=state,
        why=intake.why,
        rows=intake.rows,
        created=intake.created,
        updated=intake.updated,
        unchanged=intake.unchanged,
        rejected=intake.rejected,
        unpublished=intake.unpublished,
    )
