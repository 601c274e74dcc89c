"""Your saved searches, for API clients."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, delete, get, patch, post
from litestar.params import FromPath, JSONBody

from ...saved_searches.editing import (
    SavedSearchRequest,
    change_search,
    delete_search,
    own_search,
    save_search,
)
from ...saved_searches.records import searches_of
from ...saved_searches.saved_search import seen_by_its_user
from ..dependencies import CurrentMarket
from ..idempotency import asked_once
from ..security.access import CurrentActor, CurrentSignedIn
from .answers.listings import SavedSearch, SavedSearchList
from .bodies import SavedSearchChanges
from .listings import json

AnyRequest = Request[Any, Any, Any]

_PRIVATE = {"Cache-Control": "no-store"}


@get(
    "/me/saved-searches",
    summary="List your saved searches",
    operation_id="listSavedSearches",
    answers=SavedSearchList,
)
async def list_saved_searches(market: CurrentMarket, somebody: CurrentSignedIn) -> Response[bytes]:
    """All of your saved searches, at most 50."""
    searches = await searches_of(market.store, somebody.user.id)
    return json({"results": [*map(seen_by_its_user, searches)]}, headers=_PRIVATE)


@get(
    "/me/saved-searches/{search_id:str}",
    summary="Read a saved search",
    operation_id="getSavedSearch",
    answers=SavedSearch,
)
async def show_saved_search(
    search_id: FromPath[str], market: CurrentMarket, somebody: CurrentSignedIn
) -> Response[bytes]:
    """One of your saved searches."""
    search = await own_search(market.store, somebody.user.id, search_id)
    return json(seen_by_its_user(search), headers=_PRIVATE)


@post(
    "/me/saved-searches",
    status_code=201,
    summary="Save a search",
    operation_id="createSavedSearch",
    takes=SavedSearchRequest,
    answers=SavedSearch,
    sends=("Location",),
    once=True,
)
async def add_saved_search(
    data: JSONBody[dict[str, Any]], request: AnyRequest, market: CurrentMarket, actor: CurrentActor
) -> Response[bytes]:
    """Takes a `name`, the `filters` of a search (prices in US cents), and a `frequency`: `at-once`,
    `daily` (the default), `weekly` or `never`. The fifty-first search is refused.

    With an `Idempotency-Key`, the same request sent again within a day returns the same search.
    """
    once = asked_once(request, actor.user_id, "POST /me/saved-searches", data)
    search = await save_search(market.trail, market.secret_key, actor, data, once)
    address = f"/api/v1/me/saved-searches/{search.id}"
    answer = json(seen_by_its_user(search), headers=_PRIVATE | {"Location": address})
    answer.status_code = 201
    return answer


@patch(
    "/me/saved-searches/{search_id:str}",
    summary="Change a saved search",
    operation_id="updateSavedSearch",
    takes=SavedSearchChanges,
    answers=SavedSearch,
)
async def change_saved_search(
    search_id: FromPath[str],
    data: JSONBody[dict[str, Any]],
    market: CurrentMarket,
    actor: CurrentActor,
) -> Response[bytes]:
    """Change the `name`, `frequency` or `filters`; filters are replaced as a whole."""
    search = await change_search(market.trail, actor, search_id, data)
    return json(seen_by_its_user(search), headers=_PRIVATE)


@delete(
    "/me/saved-searches/{search_id:str}",
    summary="Delete a saved search",
    operation_id="deleteSavedSearch",
)
async def remove_saved_search(
    search_id: FromPath[str], market: CurrentMarket, actor: CurrentActor
) -> None:
    """Delete a saved search; its alerts stop."""
    await delete_search(market.trail, actor, search_id)
