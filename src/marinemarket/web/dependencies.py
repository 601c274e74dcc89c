"""Values injected into handlers."""

from __future__ import annotations

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


DEPENDENCIES = {
    "market": Provide(_market, sync_to_thread=False),
    "suggester": Provide(_suggester, sync_to_thread=False),
    "views": Provide(_views, sync_to_thread=False),
    "head_at_start": Provide(_head_at_start, sync_to_thread=False),
}
