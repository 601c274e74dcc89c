"""The start page for sellers: cost, requirements, and their drafts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from litestar import Response, get, post
from litestar.response import Template

from ....accounts.permissions import is_own
from ....i18n.dates import since
from ....i18n.texts import gettext as _
from ....listings.draft import Draft
from ....listings.draft_records import drafts_of
from ....listings.drafting.drafts import begin_draft, save_draft
from ...dependencies import CurrentMarket
from ...forms import Form, seen_other
from ...security.access import AnyRequest, CurrentActor, MaybeSignedIn
from ...unsent import KeptForm
from .fields import choices, typed_labels
from .submission import submitted_form


@dataclass(frozen=True, slots=True)
class UnfinishedAdvert:
    """A draft that waits for its seller."""

    id: str
    title: str
    touched: str
    photos: int


@dataclass(frozen=True, slots=True)
class SellPage:
    """All that ``sell/start.html`` uses."""

    form: Form
    is_signed_in: bool
    begun: list[UnfinishedAdvert]


@get("/sell", include_in_schema=False)
async def show_sell(request: AnyRequest, market: CurrentMarket, visitor: MaybeSignedIn) -> Template:
    begun = []
    if visitor is not None:
        found = (await drafts_of(market.store, visitor.user.id)).drafts
        begun = unfinished_adverts(
            [d for d in found if is_own(visitor.user.id, d.owner_id)], market.clock()
        )
    page = SellPage(Form.of(request, market), visitor is not None, begun)
    return Template(
        "sell/start.html", context={"page": page}, headers={"Cache-Control": "no-store"}
    )


@post(
    "/sell",
    include_in_schema=False,
    keeps=KeptForm("/sell", typed_labels, choices),
)
async def send_sell(
    request: AnyRequest, market: CurrentMarket, actor: CurrentActor
) -> Response[Any]:
    """Begin an advert: an empty one, or with the words of a draft that somebody deleted meanwhile."""
    sent = await submitted_form(request)
    draft = await begin_draft(market.trail, actor)
    if sent.values:
        await save_draft(market.trail, actor, draft.id, sent.values, version=draft.updated_at)
    return seen_other(f"/sell/{draft.id}{'?done=saved' if sent.values else ''}")


def unfinished_adverts(drafts: list[Draft], now: int) -> list[UnfinishedAdvert]:
    """The drafts of boats that are no adverts yet, as their seller reads of them."""
    return [
        UnfinishedAdvert(draft.id, name_of(draft), since(draft.updated_at, now), len(draft.photos))
        for draft in drafts
        if draft.of_version is None and (draft.values or draft.photos)
    ]


def name_of(draft: Draft) -> str:
    """What to call a boat that may have no headline yet."""
    values = draft.values
    parts = (values.get(name, "").strip() for name in ("year", "manufacturer", "model"))
    made = " ".join(part for part in parts if part)
    return values.get("title", "").strip() or made or _("Untitled boat")
