"""Health checks: liveness, readiness, and how each part is."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get

from ..composition import Market
from ..parts.report import Part, PartStatus, answer_in_time, report_parts, store_part
from ..store.store import Position
from .api.listings import json
from .dependencies import CurrentFeedHead, CurrentMarket
from .metrics import demand_reader
from .statuses import holding_json


@get(["/health/live", "/api/v1/health/live"], summary="The process answers", open_to_all=True)
async def live() -> Response[bytes]:
    return json({"status": "live"})


@get(
    ["/health/ready", "/api/v1/health/ready"],
    summary="Readiness",
    open_to_all=True,
    responses=holding_json(503),
)
async def ready(
    request: Request[Any, Any, Any], market: CurrentMarket, head_at_start: CurrentFeedHead
) -> Response[bytes]:
    """200 while the store answers, once the search index has held all that the feed held at start.

    Later, a search index that is away makes it `degraded`, which is still 200: the other pages work,
    and no other host would have the index either. Where asking for the feed's head is dear, the index
    counts as ready once there is one that follows the feed.
    """
    state = request.app.state
    store = await answer_in_time(store_part, market)
    if store.status is not PartStatus.OK:
        return _answered(503, "away", ["store"])
    search = await answer_in_time(_search_part(head_at_start), market)
    if search.status is PartStatus.OK:
        state.has_caught_up = True
        return _answered(200, "ready")
    if state.has_caught_up:
        return _answered(200, "degraded", ["search"])
    return _answered(503, "catching up")


@get("/health/parts", include_in_schema=False, open_to_all=True)
async def parts(request: Request[Any, Any, Any], market: CurrentMarket) -> Response[bytes]:
    """How the store, the index, the worker, the mail and the archive are, for whoever reads /metrics."""
    demand_reader(request, market)
    found = await report_parts(market)
    is_away = found["store"].status is PartStatus.AWAY
    is_well = all(part.status in (PartStatus.OK, PartStatus.UNKNOWN) for part in found.values())
    document = {
        "status": "away" if is_away else "ok" if is_well else "degraded",
        "parts": {name: part.to_wire() for name, part in found.items()},
    }
    answer = json(document)
    answer.status_code = 503 if is_away else 200
    return answer


def _search_part(head_at_start: Position | None) -> Any:
    """Asks whether the index is there and, at the start, has caught up."""

    async def ask(market: Market) -> Part:
        position = await market.engine.index.position()
        is_ready = position is not None
        if head_at_start is not None:
            is_ready = market.store.has_passed(position, head_at_start)
        return Part(PartStatus.OK if is_ready else PartStatus.DEGRADED)

    return ask


def _answered(status_code: int, status: str, away: list[str] | None = None) -> Response[bytes]:
    answer = json({"status": status} | ({"away": away} if away else {}))
    answer.status_code = status_code
    return answer
