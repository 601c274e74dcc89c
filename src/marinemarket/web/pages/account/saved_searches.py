"""Pages for saved searches: saving, setting the frequency of alerts, and deleting."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Template

from ....accounts.sessions import SignedIn
from ....clock import from_iso
from ....errors import FieldError, Invalid, MarketError
from ....i18n.dates import since
from ....i18n.texts import gettext as _
from ....i18n.texts import mark
from ....saved_searches.editing import change_search, delete_search, save_search
from ....saved_searches.records import searches_of
from ....saved_searches.saved_search import MOST_SEARCHES, Frequency, SavedSearch
from ....search.filters import SearchFilters
from ...dependencies import CurrentMarket
from ...forms import LONGEST_ADDRESS, Form, seen_other, sent_form
from ...query_string import NAMES, Pairs, address, page_pairs, page_search
from ...security.access import AnyRequest, CurrentActor, CurrentSignedIn
from ...unsent import KeptForm

_PRIVATE = {"Cache-Control": "no-store"}

PATH = "/account/searches"
_OF_A_PAGE = frozenset({"sort", "limit", "after"})
_LONGEST_NAME = 100

_DONE = {
    "saved": mark("The search is saved."),
    "changed": mark("The search is changed."),
    "deleted": mark("The search is deleted."),
}

FREQUENCIES = {
    Frequency.AT_ONCE: mark("At once, an email for each boat"),
    Frequency.DAILY: mark("Once a day"),
    Frequency.WEEKLY: mark("Once a week"),
    Frequency.NEVER: mark("Never"),
}


@dataclass(frozen=True, slots=True)
class SavedSearchRow:
    """One search, as its owner reads it."""

    id: str
    name: str
    address: str
    frequency: str
    saved: str
    told: str


@dataclass(frozen=True, slots=True)
class SearchesPage:
    """All that ``account/saved-searches.html`` uses."""

    form: Form
    news: str
    searches: list[SavedSearchRow]
    most: int
    frequencies: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SavePage:
    """All that ``account/save-search.html`` uses. `search` is the query of its address on the site."""

    form: Form
    search: str
    address: str
    notices: list[str]
    name: str
    frequency: str
    frequencies: Mapping[str, str]


def pairs_to_save(pairs: Iterable[tuple[str, str]]) -> Pairs:
    """What of a result page's address is the search itself, and not its order or page."""
    return [
        (name, value)
        for name, value in pairs
        if name in NAMES and name not in _OF_A_PAGE and value.strip()
    ]


@get(PATH, include_in_schema=False)
async def show_searches(
    request: AnyRequest, market: CurrentMarket, somebody: CurrentSignedIn
) -> Template:
    news = _(_DONE.get(request.query_params.get("done", ""), ""))
    return await _searches(Form.of(request, market), somebody, market, news=news)


@get(f"{PATH}/new", include_in_schema=False)
async def show_saving(
    request: AnyRequest, market: CurrentMarket, somebody: CurrentSignedIn
) -> Template:
    pairs = pairs_to_save(request.query_params.multi_items())
    return _saving(Form.of(request, market), pairs)


@post(
    PATH,
    include_in_schema=False,
    keeps=KeptForm(
        f"{PATH}/new?search",
        {"name": mark("Name")},
        lambda: {"frequency": (_("Email me"), _frequencies())},
    ),
)
async def send_search(
    request: AnyRequest, market: CurrentMarket, actor: CurrentActor
) -> Response[Any]:
    sent = await sent_form(request)
    pairs = pairs_to_save(parse_qsl(sent.get("search", "")))
    payload = {"name": sent.get("name", ""), "frequency": sent.get("frequency", "")}
    try:
        search, wrong = page_search(pairs)
        if len(sent.get("search", "")) >= LONGEST_ADDRESS:
            raise Invalid(
                [FieldError("search", _("is too long to be saved: ask for less at once"))]
            )
        if wrong:
            raise Invalid([FieldError("search", f"{one.field} {one.message}") for one in wrong])
        filters = search.model_dump(
            by_alias=True,
            exclude_defaults=True,
            exclude_none=True,
            exclude={"sort", "limit", "after"},
        )
        await save_search(market.trail, market.secret_key, actor, payload | {"filters": filters})
    except MarketError as error:
        form = Form.of(request, market).refused(sent, error)
        return _saving(form, pairs, status=error.status)
    return seen_other(f"{PATH}?done=saved")


@post(f"{PATH}/{{search_id:str}}", include_in_schema=False)
async def send_frequency(
    search_id: FromPath[str],
    request: AnyRequest,
    market: CurrentMarket,
    somebody: CurrentSignedIn,
    actor: CurrentActor,
) -> Response[Any]:
    sent = await sent_form(request)
    try:
        await change_search(
            market.trail, actor, search_id, {"frequency": sent.get("frequency", "")}
        )
    except Invalid as error:
        form = Form.of(request, market).refused({}, error)
        return await _searches(form, somebody, market, status=error.status)
    return seen_other(f"{PATH}?done=changed")


@post(f"{PATH}/{{search_id:str}}/end", include_in_schema=False)
async def send_end(
    search_id: FromPath[str], market: CurrentMarket, actor: CurrentActor
) -> Response[Any]:
    await delete_search(market.trail, actor, search_id)
    return seen_other(f"{PATH}?done=deleted")


async def _searches(
    form: Form, somebody: SignedIn, market: CurrentMarket, *, news: str = "", status: int = 200
) -> Template:
    now = market.clock()
    searches = await searches_of(market.store, somebody.user.id)
    page = SearchesPage(
        form=form,
        news=news,
        searches=[_row(search, now) for search in searches],
        most=MOST_SEARCHES,
        frequencies=_frequencies(),
    )
    return Template(
        "account/saved-searches.html", context={"page": page}, status_code=status, headers=_PRIVATE
    )


def _row(search: SavedSearch, now: int) -> SavedSearchRow:
    return SavedSearchRow(
        id=search.id,
        name=search.name,
        address=address("/boats", page_pairs(search.filters)),
        frequency=search.frequency.value,
        saved=since(from_iso(search.created_at), now),
        told=since(from_iso(search.last_told_at), now) if search.last_told_at else "",
    )


def _saving(form: Form, pairs: Pairs, *, status: int = 200) -> Template:
    search, wrong = page_search(pairs)
    page = SavePage(
        form=form,
        search=urlencode(pairs),
        address=address("/boats", pairs),
        notices=[f"{error.field}: {error.message}" for error in wrong],
        name=form.values.get("name", _name_of(search)),
        frequency=form.values.get("frequency", Frequency.DAILY.value),
        frequencies={one.value: _(label) for one, label in FREQUENCIES.items()},
    )
    return Template(
        "account/save-search.html", context={"page": page}, status_code=status, headers=_PRIVATE
    )


def _name_of(search: SearchFilters) -> str:
    """A name to begin with: the words, makers, types and place that are asked for."""
    lines = [search.query, *search.manufacturer, *search.boat_type, str(search.location)]
    return ", ".join(part for part in lines if part)[:_LONGEST_NAME].strip() or _("Boats")


def _frequencies() -> dict[str, str]:
    return {one.value: _(label) for one, label in FREQUENCIES.items()}
