"""Health checks: liveness and readiness."""

from __future__ import annotations

from litestar import Response, get

from .api.listings import json
from .dependencies import CurrentFeedHead, CurrentMarket
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
async def ready(market: CurrentMarket, head_at_start: CurrentFeedHead) -> Response[bytes]:
    """200 once the search index holds all that the feed held when this process started.

    Where asking for the feed's head is dear, once there is an index that follows it.
    """
    position = await market.engine.index.position()
    is_ready = position is not None
    if head_at_start is not None:
        is_ready = market.store.has_passed(position, head_at_start)
    answer = json({"status": "ready" if is_ready else "catching up"})
    answer.status_code = 200 if is_ready else 503
    return answer
