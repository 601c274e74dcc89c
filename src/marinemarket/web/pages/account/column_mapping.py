"""What the columns of a broker's file hold: proposed with samples, corrected, previewed, and imported."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping as Values
from dataclasses import dataclass
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Template

from ....accounts.user import User
from ....composition import Market
from ....errors import Invalid, Refused
from ....figures.currencies import codes
from ....i18n.numbers import listed, whole
from ....i18n.texts import gettext as _
from ....listings.importing.mapping.fields import FIELDS, PRICE, Group
from ....listings.importing.mapping.mapping import (
    ColumnRule,
    Mapping,
    WithoutPrice,
    check_mapping,
)
from ....listings.importing.mapping.mapping_file import mapping_text
from ....listings.importing.mapping.proposal import Certainty, ProposedColumn
from ....listings.importing.mapping.questions import question_text
from ....listings.importing.mapping.template import template_csv, template_xlsx
from ....listings.importing.rejects import reasons_in_words
from ....listings.importing.uploads import kept_file
from ....listings.listing import Listing, Status
from ....listings.pricing import load_rates, price_text
from ....listings.vocabulary.boat_types import BOAT_TYPES
from ....seller_dashboard.import_jobs import AT_ONCE
from ....seller_dashboard.mapped_imports import (
    Preview,
    WaitingFile,
    begin_import,
    choose_mapping,
    preview_of,
    waiting_file,
)
from ...dependencies import CurrentMarket
from ...forms import Form, seen_other
from ...security.access import AnyRequest, CurrentActor, CurrentSignedIn, form_of
from ...security.rate_limits import limited
from ..selling.fields import countries
from .boats import PRIVATE
from .job_progress import IMPORTS, run_at_once

PATH = f"{IMPORTS}/{{import_id:str}}/columns"
_MOST_WRONG = 10
_CURRENCIES = (
    "EUR",
    "USD",
    "GBP",
    "CHF",
    "SEK",
    "NOK",
    "DKK",
    "PLN",
    "CAD",
    "AUD",
    "NZD",
    "TRY",
    "CZK",
    "HUF",
)


@dataclass(frozen=True, slots=True)
class ShownColumn:
    """A column with samples of its values. `field` is what it holds, empty if it is left out."""

    number: int
    column: str
    samples: tuple[str, ...]
    field: str
    unit: str
    units: tuple[str, ...]
    is_likely: bool
    error: str


@dataclass(frozen=True, slots=True)
class ShownBoat:
    """A boat of the preview: its facts each as one line."""

    title: str
    price: str
    facts: tuple[str, ...]
    description: str


@dataclass(frozen=True, slots=True)
class Choice:
    """Something that holds for all rows, or its place in the form if it is asked."""

    name: str
    label: str
    value: str
    options: tuple[tuple[str, str], ...]
    is_asked: bool
    error: str


@dataclass(frozen=True, slots=True)
class ColumnsPage:
    """All that ``account/import-columns.html`` uses."""

    form: Form
    id: str
    file_name: str
    rows: int
    is_remembered: bool
    columns: list[ShownColumn]
    fields: list[tuple[str, list[tuple[str, str]]]]
    choices: list[Choice]
    left_out: str
    problems: list[str]
    boats: list[ShownBoat]
    refused: list[str]
    refused_count: int
    looked_at: int


@get(PATH, include_in_schema=False)
async def show_columns(
    import_id: FromPath[str], request: AnyRequest, market: CurrentMarket, somebody: CurrentSignedIn
) -> Response[Any]:
    try:
        waiting = await waiting_file(market.store, somebody.user.id, import_id)
    except Refused:
        return seen_other(f"{IMPORTS}/{import_id}")
    return await _page(market, somebody.user, Form.of(request, market), waiting, waiting.mapping)


@post(PATH, include_in_schema=False, guards=[limited("media")])
async def send_columns(
    import_id: FromPath[str],
    request: AnyRequest,
    market: CurrentMarket,
    somebody: CurrentSignedIn,
    actor: CurrentActor,
) -> Response[Any]:
    """Keep what somebody has chosen, and show the boats as they would be; or import them."""
    user = somebody.user
    try:
        waiting = await waiting_file(market.store, user.id, import_id)
    except Refused:
        return seen_other(f"{IMPORTS}/{import_id}")
    sent = {
        name: value for name, value in (await form_of(request)).items() if isinstance(value, str)
    }
    mapping = _mapping_of(waiting, sent)
    form = Form.of(request, market)
    try:
        check_mapping(mapping, waiting.columns)
        await choose_mapping(market.trail, user.id, waiting, mapping)
        if sent.get("then") != "import":
            return seen_other(f"{IMPORTS}/{import_id}/columns#preview")
        await begin_import(market.trail, actor, waiting, mapping)
    except (Invalid, Refused) as error:
        return await _page(
            market, user, form.refused({}, error), waiting, mapping, status=error.status
        )
    await run_at_once(market, user.id, most=AT_ONCE)
    return seen_other(f"{IMPORTS}/{import_id}")


@get(f"{PATH}/mapping.toml", include_in_schema=False)
async def download_mapping(
    import_id: FromPath[str], market: CurrentMarket, somebody: CurrentSignedIn
) -> Response[bytes]:
    """The proposal as a file for the command line."""
    waiting = await waiting_file(market.store, somebody.user.id, import_id)
    text = mapping_text(waiting.proposal, waiting.upload.file_name)
    attached = {"Content-Disposition": 'attachment; filename="mapping.toml"'}
    return Response(text.encode(), media_type="application/toml", headers=PRIVATE | attached)


@get(f"{IMPORTS}/template.csv", include_in_schema=False)
async def download_template(somebody: CurrentSignedIn) -> Response[bytes]:
    attached = {"Content-Disposition": 'attachment; filename="boats-template.csv"'}
    return Response(
        template_csv(), media_type="text/csv; charset=utf-8", headers=PRIVATE | attached
    )


@get(f"{IMPORTS}/template.xlsx", include_in_schema=False)
async def download_spreadsheet(somebody: CurrentSignedIn) -> Response[bytes]:
    attached = {"Content-Disposition": 'attachment; filename="boats-template.xlsx"'}
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    content = await asyncio.to_thread(template_xlsx)
    return Response(content, media_type=kind, headers=PRIVATE | attached)


def _mapping_of(waiting: WaitingFile, sent: Values[str, str]) -> Mapping:
    rules = []
    for number, column in enumerate(waiting.columns):
        field = FIELDS.get(sent.get(f"field-{number}", ""))
        if field is None:
            continue
        unit = sent.get(f"unit-{number}", "")
        known = unit in field.units or (field.name == PRICE and unit in codes())
        rules.append(ColumnRule(column=column, field=field.name, unit=unit if known else None))
    without = sent.get("withoutPrice", "")
    return Mapping(
        columns=tuple(rules),
        country=sent.get("country", "")[:100] or None,
        currency=sent.get("currency", "")[:100].upper() or None,
        type=sent.get("type", "")[:100] or None,
        length_unit=sent.get("lengthUnit", "")[:100] or None,
        without_price=WithoutPrice(without) if without in tuple(WithoutPrice) else WithoutPrice.REFUSED,
    )  # fmt: skip


async def _page(
    market: Market, user: User, form: Form, waiting: WaitingFile, mapping: Mapping, *, status: int = 200
) -> Template:  # fmt: skip
    problems = form.errors
    preview = Preview([], [], 0)
    if not problems and not _is_open(mapping, waiting):
        content = await kept_file(market.store, user.id, waiting.upload.id)
        preview = await asyncio.to_thread(
            preview_of, market.trail, user, load_rates(market.settings.rates), mapping, content
        )
    fields = {rule.column: rule for rule in mapping.columns}
    page = ColumnsPage(
        form=form,
        id=waiting.upload.id,
        file_name=waiting.upload.file_name,
        rows=waiting.upload.rows,
        is_remembered=waiting.is_remembered,
        columns=[
            _shown(number, one, fields.get(one.column), problems.get(one.column, ""))
            for number, one in enumerate(waiting.proposal.columns)
        ],
        fields=_grouped(),
        choices=_choices(mapping, waiting.proposal.questions, problems),
        left_out=listed(mapping.left_out(waiting.columns)),
        problems=_problems(problems, waiting),
        boats=[_boat(one) for one in preview.boats],
        refused=_refused(preview, waiting)[:_MOST_WRONG],
        refused_count=len(preview.refused),
        looked_at=preview.looked_at,
    )
    return Template(
        "account/import-columns.html", context={"page": page}, status_code=status, headers=PRIVATE
    )


def _is_open(mapping: Mapping, waiting: WaitingFile) -> bool:
    """Does a mapping lack something without which no boat can be shown?"""
    try:
        check_mapping(mapping, waiting.columns)
    except Invalid:
        return True
    return False


def _shown(number: int, column: ProposedColumn, rule: ColumnRule | None, error: str) -> ShownColumn:
    field = FIELDS[rule.field] if rule else None
    units: tuple[str, ...] = ()
    if field is not None:
        units = _CURRENCIES if field.name == PRICE else field.units
        if rule and rule.unit and rule.unit not in units:
            units = (rule.unit, *units)
    return ShownColumn(
        number=number,
        column=column.column,
        samples=column.samples,
        field=field.name if field else "",
        unit=(rule.unit or "") if rule else "",
        units=units,
        is_likely=column.certainty is Certainty.LIKELY and field is not None,
        error=error,
    )


def _grouped() -> list[tuple[str, list[tuple[str, str]]]]:
    return [
        (
            _(group.value),
            [(one.name, _(one.label)) for one in FIELDS.values() if one.group is group],
        )
        for group in Group
    ]


def _choices(
    mapping: Mapping, questions: tuple[str, ...], problems: Values[str, str]
) -> list[Choice]:
    nothing = ("", _("– every row says it –"))
    types = [(one.name, _(one.label)) for one in BOAT_TYPES]
    currencies = [
        (code, code) for code in dict.fromkeys((*filter(None, [mapping.currency]), *_CURRENCIES))
    ]
    offers = [
        ("country", _("Country"), mapping.country, [nothing, *countries()]),
        ("type", _("Boat type"), mapping.type, [nothing, *types]),
        ("currency", _("Currency"), mapping.currency, [nothing, *currencies]),
        (
            "lengthUnit",
            _("Unit of lengths"),
            mapping.length_unit,
            [nothing, ("ft", _("feet")), ("m", _("meters")), ("cm", _("centimeters"))],
        ),
        (
            "withoutPrice",
            _("Boats without a price"),
            mapping.without_price.value,
            [
                (WithoutPrice.REFUSED.value, _("are not imported")),
                (WithoutPrice.ON_REQUEST.value, _("have a price on request")),
            ],
        ),
    ]
    asked = {"price": "withoutPrice"}
    named = {asked.get(name, name) for name in questions}
    return [
        Choice(
            name=name,
            label=question_text(name) if name in questions else label,
            value=value or "",
            options=tuple(options),
            is_asked=name in named,
            error=problems.get(name, "")
            or (problems.get("price", "") if name == "withoutPrice" else ""),
        )
        for name, label, value, options in offers
    ]


def _problems(problems: Values[str, str], waiting: WaitingFile) -> list[str]:
    """What is wrong with the mapping as a whole."""
    beside = {*waiting.columns, "country", "type", "currency", "lengthUnit", "price"}
    return [text for name, text in problems.items() if name not in beside]


def _boat(listing: Listing) -> ShownBoat:
    boat, place = listing.boat_details, listing.location
    engine = boat.engine or ""
    facts = (
        boat.type_label,
        _("%(length)s ft", length=boat.length) if boat.length else "",
        str(place),
        engine[:100],
        _("%(hours)s engine hours", hours=whole(boat.hours)) if boat.hours else "",
        _("under offer") if listing.under_offer else "",
        _("sold") if listing.status is Status.SOLD else "",
    )
    return ShownBoat(
        title=listing.title,
        price=price_text(listing.asked),
        facts=tuple(fact for fact in facts if fact),
        description=(listing.description or "")[:200],
    )


def _refused(preview: Preview, waiting: WaitingFile) -> list[str]:
    return [
        line
        for row, error in preview.refused
        for line in reasons_in_words(row.number, waiting.columns, error).split("\n")
    ]
