"""Values injected into handlers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from litestar import Request
from litestar.di import NamedDependency, Provide

from ..composition import Market
from ..listings.statistics.view_counter import ViewCounter
from ..search.suggester import Suggester
from ..store.store import Position

CurrentMarket = NamedDependency[Market]
CurrentSuggester = NamedDependency[Suggester]
CurrentViews = NamedDependency[ViewCounter]
CurrentFeedHead = NamedDependency[Position | None]
CurrentExposition = NamedDependency[Callable[[], Awaitable[bytes]]]


def _market(request: Request[Any, Any, Any]) -> Market:
    market: Market = request.app.state.market
    return market


def _suggester(request: Request[Any, Any, Any]) -> Suggester:
    suggester: Suggester = request.app.state.suggester
    return suggester


def _views(request: Request[Any, Any, Any]) -> ViewCounter:
    views: ViewCounter = request.app.state.views
    return views


def _head_at_start(request: Request[Any, Any, Any]) -> Position | None:
    head: Position | None = request.app.state.head_at_start
    return head


def _exposition(request: Request[Any, Any, Any]) -> Callable[[], Awaitable[bytes]]:
    exposition: Callable[[], Awaitable[bytes]] = request.app.state.exposition
    return exposition


DEPENDENCIES = {
    "market": Provide(_market, sync_to_thread=False),
    "suggester": Provide(_suggester, sync_to_thread=False),
    "views": Provide(_views, sync_to_thread=False),
    "head_at_start": Provide(_head_at_start, sync_to_thread=False),
    "exposition": Provide(_exposition, sync_to_thread=False),
}
