"""The advert editor: one page in sections, saved while typing, with a merge page for conflicting
edits.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Template

from ....clock import iso
from ....errors import Invalid, MarketError, Outdated, Refused
from ....figures.lengths import METRES
from ....i18n.texts import gettext as _
from ....i18n.texts import mark
from ....listings.drafting.drafts import EditorState, apply_changes, editor_state, save_draft
from ....listings.drafting.form import COMMON_FEATURES, MOST_ENGINES, UNIT
from ....listings.listing import Listing, ModerationState, Status
from ....listings.photo import MOST_PHOTOS, photo_address
from ....listings.vocabulary.manufacturers import known_makers
from ....text import sentence
from ....wire import encode
from ...dependencies import CurrentMarket
from ...forms import Form, seen_other
from ...security.access import AnyRequest, CurrentActor, CurrentSignedIn
from ...unsent import KeptForm
from .completeness import Completeness, completeness
from .fields import (
    Field,
    Section,
    choices,
    engine_fields,
    sections,
    states,
    typed_labels,
    wanted_words,
)
from .merge import merge_page
from .submission import Submission, merged_form, submitted_form

PRIVATE = {"Cache-Control": "no-store"}
_ONWARDS = {"preview": "/preview", "photos": "/photos"}
"""Where the buttons lead that save first, by what their address says."""


KEPT = KeptForm(
    "/sell/{advert_id}",
    typed_labels,
    choices,
    anew="/sell",
    anew_label=mark("Save as a new draft"),
)
KEPT_CHOICES = KeptForm(
    "/sell/{advert_id}",
    lambda: {f"mine.{name}": label for name, label in typed_labels().items()},
)


@dataclass(frozen=True, slots=True)
class EnginePart:
    """One engine of the form. Those that are empty wait folded."""

    row: int
    fields: tuple[Field, ...]
    is_used: bool


@dataclass(frozen=True, slots=True)
class EditorPage:
    """All that ``sell/editor.html`` uses. `version`, `of_version` and `base` go back with the form."""

    form: Form
    id: str
    heading: str
    is_listing: bool
    state: str
    reason: str
    news: str
    saved_at: str
    version: str
    of_version: str
    base: list[tuple[str, str]]
    unit: str
    sections: tuple[Section, ...]
    engines: list[EnginePart]
    ticks: tuple[str, ...]
    ticked: frozenset[str]
    makers: tuple[str, ...]
    states: tuple[str, ...]
    photos: int
    most_photos: int
    pictures: list[str]
    complete: Completeness


def news_of(key: str) -> str:
    """What has just been done."""
    return {
        "saved": _("Saved. You can continue now or come back at any time."),
        "chosen": _("Your choices have been saved."),
        "dropped": _("Your changes have been discarded. The advert is unchanged."),
        "photos": _("Your photos have been saved."),
    }.get(key, "")


@get("/sell/{advert_id:str}", include_in_schema=False)
async def show_editor(
    advert_id: FromPath[str], request: AnyRequest, market: CurrentMarket, somebody: CurrentSignedIn
) -> Template:
    desk = await editor_state(market.store, somebody.user.id, advert_id)
    news = news_of(request.query_params.get("done", ""))
    return editor(request, market, desk, desk.values, news=news)


@post("/sell/{advert_id:str}", include_in_schema=False, keeps=KEPT)
async def send_words(
    advert_id: FromPath[str],
    request: AnyRequest,
    market: CurrentMarket,
    actor: CurrentActor,
) -> Response[Any]:
    sent = await submitted_form(request)
    refusal = await keep(request, market, actor, advert_id, sent)
    if refusal is not None:
        return refusal
    then = request.query_params.get("then", "")
    return seen_other(f"/sell/{advert_id}{_ONWARDS.get(then, '?done=saved')}")


@post("/sell/{advert_id:str}/draft", status_code=200, include_in_schema=False)
async def autosave_draft(
    advert_id: FromPath[str], request: AnyRequest, market: CurrentMarket, actor: CurrentActor
) -> Response[bytes]:
    """The same for the script that saves as one types: how things stand now, as JSON."""
    sent = await submitted_form(request)
    try:
        draft = await save_draft(
            market.trail, actor, advert_id, sent.values,
            version=sent.version, of_version=sent.of_version, base=sent.base,
        )  # fmt: skip
    except Outdated as error:
        return _json({"version": error.version}, status=error.status)
    except Invalid as error:
        wrong = {one.field: sentence(one.message) for one in error.errors}
        return _json({"wrong": wrong}, status=error.status)
    except Refused as error:
        return _json({"why": sentence(str(error))}, status=error.status)
    desk = await editor_state(market.store, actor.user_id, advert_id)
    found = _complete(market, desk, draft.values)
    return _json(
        {
            "version": str(draft.updated_at),
            "ofVersion": str(draft.of_version or ""),
            "at": iso(draft.updated_at),
            "percent": found.percent,
            "must": [{"address": one.address, "words": one.words} for one in found.must],
            "should": [{"address": one.address, "words": one.words} for one in found.should],
        }
    )


@post("/sell/{advert_id:str}/choices", include_in_schema=False, keeps=KEPT_CHOICES)
async def send_choices(
    advert_id: FromPath[str], request: AnyRequest, market: CurrentMarket, actor: CurrentActor
) -> Response[Any]:
    """What somebody chose of two versions. Of a listing, the changes are made with it."""
    sent = await merged_form(request)
    refusal = await keep(request, market, actor, advert_id, sent)
    if refusal is not None:
        return refusal
    if request.query_params.get("then") != "apply":
        return seen_other(f"/sell/{advert_id}?done=chosen")
    return await changes_made(request, market, actor, advert_id)


async def keep(
    request: AnyRequest, market: CurrentMarket, actor: CurrentActor, id: str, sent: Submission
) -> Response[Any] | None:
    """Keep what was sent; None, or the page that says why it is not kept."""
    try:
        await save_draft(
            market.trail, actor, id, sent.values,
            version=sent.version, of_version=sent.of_version, base=sent.base,
        )  # fmt: skip
    except Outdated as error:
        desk = await editor_state(market.store, actor.user_id, id)
        base = desk.draft.base if desk.draft else {}
        return merge_page(
            Form.of(request, market), id, sent.values, error.current, base,
            version=error.version, of_version=desk.of_version,
            applies=False, status=error.status,
        )  # fmt: skip
    except Invalid as error:
        desk = await editor_state(market.store, actor.user_id, id)
        return editor(request, market, desk, sent.values, error=error, sent=sent)
    return None


async def changes_made(
    request: AnyRequest, market: CurrentMarket, actor: CurrentActor, id: str
) -> Response[Any]:
    """Make the drafted changes of a listing, and go on; or the page that says why not."""
    try:
        await apply_changes(market.trail, actor, id)
    except Outdated as error:
        desk = await editor_state(market.store, actor.user_id, id)
        draft = desk.draft
        assert draft is not None
        return merge_page(
            Form.of(request, market), id, draft.values, error.current, draft.base,
            version=draft.updated_at, of_version=error.version, applies=True,
            status=error.status,
        )  # fmt: skip
    except MarketError as error:
        if not isinstance(error, Invalid) and error.status != 409:
            raise
        desk = await editor_state(market.store, actor.user_id, id)
        return editor(request, market, desk, desk.values, error=error)
    return seen_other("/account/boats?done=changed")


def editor(
    request: AnyRequest,
    market: CurrentMarket,
    desk: EditorState,
    values: Mapping[str, str],
    *,
    news: str = "",
    error: MarketError | None = None,
    sent: Submission | None = None,
) -> Template:
    """The page of an advert that is being written, with what was wrong with it last time."""
    form = Form.of(request, market, **values)
    found = _complete(market, desk, values)
    if error is not None:
        form = form.refused(values, error)
        missing = wanted_words(values.get(UNIT, ""))
        errors = {
            name: missing.get(name, why) if not values.get(name, "").strip() else why
            for name, why in form.errors.items()
        }
        form = Form(form.token, form.values, errors, form.message)
    elif found.wrong:
        form = Form(form.token, form.values, found.wrong)
    unit = METRES if values.get(UNIT) == METRES else "ft"
    known = desk.draft or desk.listing
    assert known is not None
    version = sent.version if sent else desk.draft and desk.draft.updated_at
    of_version = sent.of_version if sent else desk.of_version
    state, reason = state_of(desk.listing)
    page = EditorPage(
        form=form,
        id=known.id,
        heading=values.get("title", "").strip() or _("Your boat"),
        is_listing=desk.listing is not None,
        state=state,
        reason=reason,
        news=news,
        saved_at=iso(desk.draft.updated_at) if desk.draft and desk.draft.values else "",
        version=str(version or ""),
        of_version=str(of_version or ""),
        base=[*(sent.base if sent else desk.values).items()] if desk.draft is None else [],
        unit=unit,
        sections=sections(unit),
        engines=_engines(values),
        ticks=COMMON_FEATURES,
        ticked=frozenset(values.get("features", "").split("\n")),
        makers=known_makers(),
        states=states(),
        photos=len(_photos(desk)),
        most_photos=MOST_PHOTOS,
        pictures=[photo_address(photo.id, "150x150") for photo in _photos(desk)],
        complete=found,
    )
    return Template(
        "sell/editor.html",
        context={"page": page},
        status_code=error.status if error else 200,
        headers=PRIVATE,
    )


def state_of(listing: Listing | None) -> tuple[str, str]:
    """How an advert stands, by a word for templates, and the moderator's reason if there is one."""
    if listing is None:
        return "draft", ""
    reason = listing.moderation.reason or ""
    if listing.status is not Status.ACTIVE:
        return listing.status.value, reason
    if listing.moderation.state is ModerationState.APPROVED:
        return "public", ""
    return listing.moderation.state.value, reason


def _photos(desk: EditorState) -> tuple[Any, ...]:
    known = desk.listing or desk.draft
    return known.photos if known else ()


def _complete(market: CurrentMarket, desk: EditorState, values: Mapping[str, str]) -> Completeness:
    known = desk.listing or desk.draft
    assert known is not None
    return completeness(
        known.owner_id, values, len(known.photos), f"/sell/{known.id}/photos", market.clock()
    )


def _engines(values: Mapping[str, str]) -> list[EnginePart]:
    """The engines that were named, and one more."""
    rows = []
    for row in range(1, MOST_ENGINES + 1):
        fields = engine_fields(row)
        is_used = row == 1 or any(values.get(field.name) for field in fields)
        rows.append(EnginePart(row, fields, is_used))
        if not is_used:
            break
    return rows


def _json(payload: dict[str, Any], *, status: int = 200) -> Response[bytes]:
    return Response(
        encode(payload), status_code=status, media_type="application/json", headers=PRIVATE
    )
