"""Cases and reports in the store: their items, and which index serves which query."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..clock import DAY_SECONDS
from ..listings.listing import Listing
from ..store.items import Item
from ..store.schema import CASES, LISTINGS, REPORTS
from ..store.store import Query, Store
from ..store.writes import Absent, Check, Equals, Put
from .case import Case, Lane, Report

OPEN = "open"
REPORT_DAYS = 730
"""A report is deleted after two years, whatever became of it."""
_SHOWN_REPORTS = 50


def case_item(case: Case) -> Item:
    """The item of a case. Only a waiting one carries the keys of the queue's indexes."""
    return case.to_wire() | ({"queue": OPEN} if case.is_open else {})


def case_of(item: Mapping[str, Any]) -> Case:
    """The case of an item. Raises Invalid if it is not one."""
    return Case.parse({name: value for name, value in item.items() if name != "queue"})


def report_of(item: Mapping[str, Any]) -> Report:
    """The report of an item. Raises Invalid if it is not one."""
    return Report.parse({name: value for name, value in item.items() if name != REPORTS.ttl})


async def find_case(store: Store, listing_id: str) -> Case | None:
    item = await store.get(CASES, listing_id)
    return case_of(item) if item else None


def case_put(old: Case | None, new: Case) -> Put:
    """The write that replaces `old` with `new`, or adds `new`, if unchanged since."""
    return Put(
        CASES, case_item(new), when=Absent() if old is None else Equals(updatedAt=old.updated_at)
    )


def report_put(report: Report) -> Put:
    ends = report.created_at // 1000 + REPORT_DAYS * DAY_SECONDS
    return Put(REPORTS, report.to_wire() | {"ttl": ends}, when=Absent())


def listing_unchanged(listing: Listing) -> Check:
    """The condition that a listing is as it was read: no case outlives its listing."""
    return Check(LISTINGS, (listing.id,), when=Equals(updatedAt=listing.updated_at))


@dataclass(frozen=True, slots=True)
class CasePage:
    cases: list[Case]
    next: str | None


async def waiting_cases(
    store: Store, lane: Lane | None = None, *, limit: int = 50, after: str | None = None
) -> CasePage:
    """Cases that wait, in one lane or all, the longest first.

    The indexes may lag: each case is read again, and one that was decided meanwhile is omitted.
    """
    index = CASES.index("lane-index" if lane else "queue-index")
    page = await store.query(Query(CASES, lane or OPEN, index, limit=limit, after=after))
    found = await store.get_many(CASES, [CASES.key_of(item) for item in page.items])
    cases = [case_of(item) for item in found if item]
    fitting = [one for one in cases if one.is_open and lane in (None, one.lane)]
    return CasePage(fitting, page.next)


async def reports_of(store: Store, listing_id: str) -> list[Report]:
    """The latest reports of a listing, the newest first."""
    index = REPORTS.index("listing-index")
    page = await store.query(
        Query(REPORTS, listing_id, index, newest_first=True, limit=_SHOWN_REPORTS)
    )
    return [report_of(item) for item in page.items]
