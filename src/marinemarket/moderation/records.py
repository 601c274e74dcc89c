"""Cases and reports in the store: their items, and which index serves which query."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..clock import DAY_SECONDS
from ..listings.listing import Listing
from ..store.items import Item
from ..store.schema import CASES, LISTINGS, REPORTS
from ..store.store import Query, Store
from ..store.writes import Absent, Check, Equals, Put, Update
from .case import Case, Lane, Report

OPEN = "open"
REPORT_DAYS = 730
"""A report is deleted after two years, whatever became of it."""
_SHOWN_REPORTS = 50
_DERIVED = ("queue", CASES.ttl)
_CASES_OF_A_SELLER = 50


def case_item(case: Case) -> Item:
    """The item of a case. Only a waiting one carries the keys of the queue's indexes."""
    item = case.to_wire() | ({"queue": OPEN} if case.is_open else {})
    return item if case.ends_at is None else item | {"ttl": case.ends_at // 1000}


def case_of(item: Mapping[str, Any]) -> Case:
    """The case of an item. Raises Invalid if it is not one."""
    return Case.parse({name: value for name, value in item.items() if name not in _DERIVED})


def report_of(item: Mapping[str, Any]) -> Report:
    """The report of an item. Raises Invalid if it is not one."""
    return Report.parse({name: value for name, value in item.items() if name != REPORTS.ttl})


async def find_case(store: Store, listing_id: str) -> Case | None:
    item = await store.get(CASES, listing_id)
    return case_of(item) if item else None


async def find_cases(store: Store, ids: Sequence[str]) -> dict[str, Case]:
    """The cases of these listings, by their ids, of the first hundred."""
    items = await store.get_many(CASES, [(id,) for id in ids[:100]]) if ids else []
    return {case.listing_id: case for case in map(case_of, filter(None, items))}


async def every_case(store: Store) -> AsyncIterator[Case]:
    """Every case, by its listing's id. A scan: only for a follower that has lost its position."""
    after: str | None = None
    while True:
        page = await store.scan(CASES, after=after)
        for item in page.items:
            yield case_of(item)
        after = page.next
        if after is None:
            return


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


async def cases_of(store: Store, seller_id: str) -> list[Case]:
    """A seller's latest fifty cases, the newest first. The index may lag."""
    index = CASES.index("seller-index")
    page = await store.query(
        Query(CASES, seller_id, index, newest_first=True, limit=_CASES_OF_A_SELLER)
    )
    return [case_of(item) for item in page.items]


async def report_endings(store: Store, listing_id: str, ends_at: int) -> list[Update]:
    """The writes by which a listing's latest reports end with its case, at the latest."""
    index, second = REPORTS.index("listing-index"), ends_at // 1000
    page = await store.query(Query(REPORTS, listing_id, index, newest_first=True, limit=90))
    return [
        Update(REPORTS, (item["id"],), set={"ttl": second})
        for item in page.items
        if item.get("ttl", second + 1) > second
    ]


async def has_evidence(store: Store, listing_id: str, since: int) -> bool:
    """Is there a case that shows how a listing was at `since` (Unix milliseconds) or later?"""
    item = await store.get(CASES, listing_id)
    return any(exhibit["at"] >= since for exhibit in (item or {}).get("exhibits", ()))
