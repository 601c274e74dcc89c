"""The earlier cases that an advert fits, for the moderator who looks at it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from ..store.store import Store
from .case import EARLIER, Case, Event, Flag, Report, Step
from .precedents import kept_of
from .records import find_cases, reports_of

_AGAINST = (Event.CHANGES_WANTED, Event.REJECTED, Event.HIDDEN)


@dataclass(frozen=True, slots=True)
class EarlierCase:
    """A case, and what an advert shares with it: `hull`, `pictures`, `text`, `owner`.

    `case` is None if its seller was erased; then `event` and `at` are all that is known. `step` is
    what was last decided against its advert; None if it was only reported.
    """

    listing_id: str
    shares: tuple[str, ...]
    event: str
    at: int
    case: Case | None = None
    step: Step | None = None
    reports: list[Report] = field(default_factory=list)


async def earlier_cases(store: Store, flags: Iterable[Flag]) -> list[EarlierCase]:
    """The cases that flags name, each once; those that are gone are omitted."""
    shares: dict[str, list[str]] = {}
    for flag in flags:
        if flag.rule.startswith(EARLIER):
            for id in flag.found.split(", "):
                shares.setdefault(id, []).append(flag.rule.removeprefix(EARLIER))
    cases = await find_cases(store, [*shares])
    found = [await _earlier(store, id, tuple(shares[id]), cases.get(id)) for id in shares]
    return [one for one in found if one]


async def _earlier(
    store: Store, id: str, shares: tuple[str, ...], case: Case | None
) -> EarlierCase | None:
    if case is None:
        kept = await kept_of(store, id)
        return EarlierCase(id, shares, kept["event"], kept["at"]) if kept else None
    against = [step for step in case.history if step.event in _AGAINST]
    step = against[-1] if against else None
    last = step or (case.history[-1] if case.history else None)
    return EarlierCase(
        id,
        shares,
        last.event.value if last else Event.OPENED.value,
        last.at if last else case.created_at,
        case,
        step,
        await reports_of(store, id),
    )
