"""Health checks: liveness, readiness, and how each part is."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from litestar import Request, Response, get
from pydantic import Field

from ..composition import Market
from ..parts.report import Part, PartStatus, answer_in_time, report_parts, store_part
from ..store.store import Position
from ..wire import Flag, Model, Moment
from .api.listings import json
from .dependencies import CurrentFeedHead, CurrentMarket
from .metrics import demand_reader
from .statuses import also, holding


class Liveness(Model):
    """The process answers."""

    status: Literal["live"]
    """Always `live`."""


class Readiness(Model):
    """Whether this process can do its work."""

    status: Literal["ready", "degraded", "catching up", "away"]
    """`ready`; `degraded` while a part is away that others do without; `catching up` until the index
    holds what the feed held at start; `away` while the store does not answer.
    """
    away: list[str] | None = None
    """The parts that are away."""


_MAYBE = Field(default_factory=lambda: None)


class PartReport(Model):
    """How one part is, and what it measures: null where that is not known."""

    status: PartStatus
    """`ok`, `degraded`, `away`, or `unknown`."""
    reason: str | None = None
    """What is wrong, in words."""
    engine: str | None = None
    """Which engine it is, of the store and the index."""
    changes_behind: Annotated[int | None, _MAYBE]
    """How many changes the index has still to process."""
    seconds_behind: Annotated[int | None, _MAYBE]
    """For how many seconds the oldest of them has waited."""
    alive: Annotated[Flag | None, _MAYBE]
    """Whether the worker runs."""
    last_heartbeat: Annotated[Moment | None, _MAYBE]
    """When the worker last said so (ISO 8601, UTC)."""
    waiting: int | None = None
    """How many emails wait to be sent."""
    oldest_seconds: Annotated[int | None, _MAYBE]
    """For how many seconds the oldest of them has waited."""
    failing: int | None = None
    """How many of them were refused at least once."""
    failed_today: int | None = None
    """How many emails have failed for good in the last day."""
    archived_until: Annotated[Moment | None, _MAYBE]
    """Up to when everything is archived (ISO 8601, UTC)."""


class Parts(Model):
    """How each part of the market is."""

    status: Literal["ok", "degraded", "away"]
    """`away` without the store; `degraded` while another part is not well."""
    parts: dict[str, PartReport]
    """Each part by its name: store, index, worker, mail, archive."""


@get(
    ["/health/live", "/api/v1/health/live"],
    summary="Check liveness",
    operation_id="getLiveness",
    answers=Liveness,
    open_to_all=True,
)
async def live() -> Response[bytes]:
    """The process answers, whatever its parts do."""
    return json({"status": "live"})


@get(
    ["/health/ready", "/api/v1/health/ready"],
    summary="Check readiness",
    operation_id="getReadiness",
    answers=Readiness,
    open_to_all=True,
    responses=holding(503, Readiness),
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


@get(
    "/health/parts",
    summary="Check each part",
    operation_id="getParts",
    answers=Parts,
    open_to_all=True,
    responses=also(404) | holding(503, Parts),
)
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
