"""No table with somebody's data can be forgotten when they are erased or ask what is kept."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest

import marinemarket
from marinemarket.accounts.erasure import erase
from marinemarket.audit.actions import Action
from marinemarket.composition import PERSONAL_DATA, Market
from marinemarket.privacy.personal_data import Person
from marinemarket.store import schema
from marinemarket.store.schema import (
    ANSWER_TIMES,
    AUDIT_LOGS,
    CASES,
    CLAIMS,
    DRAFTS,
    ERASURES,
    IMPORTS,
    JOBS,
    LISTINGS,
    LOGIN_ATTEMPTS,
    MARKET,
    MEDIA,
    MESSAGE_BLOCKS,
    MESSAGES,
    NOTED,
    OUTBOX,
    PASSING,
    PRECEDENTS,
    REPORTS,
    SAVED_SEARCHES,
    SESSIONS,
    TABLES,
    THREADS,
    TOLD,
    USERS,
    VIEWS,
    WATCHLIST,
    Table,
)
from marinemarket.store.writes import Put
from tests.builders import OWNER
from tests.conftest import TESTS

SOURCE = Path(marinemarket.__file__).parent

HOLDS_NONE = {
    PASSING.name: "holds ids and hashes, and each item ceases by itself within days",
    ERASURES.name: "holds whom an erasure is still removing, and is emptied when that is done",
    MARKET.name: "holds how far the market's own jobs have come",
}
"""Tables in which nothing is anybody's, each with the reason."""

KEPT_OF: dict[str, dict[str, Any]] = {
    SESSIONS.name: {"sessionId": "s", "userId": OWNER, "lastActivity": "2026"},
    LOGIN_ATTEMPTS.name: {"id": "a", "timestamp": "2026", "email": "owner@example.com"},
    CLAIMS.name: {"claim": f"watchlist:{OWNER}", "owner": OWNER, "boats": ["l"]},
    LISTINGS.name: {"id": "l", "ownerId": OWNER, "createdAt": 1},
    VIEWS.name: {"listingId": "l", "day": "2026-11-30", "count": 1},
    IMPORTS.name: {"ownerId": OWNER, "part": "p"},
    JOBS.name: {"id": "j", "part": "head", "ownerId": OWNER, "createdAt": 1},
    DRAFTS.name: {"id": "d", "ownerId": OWNER, "updatedAt": 1},
    MEDIA.name: {"id": "m", "kind": "photo", "ownerId": OWNER, "createdAt": 1},
    OUTBOX.name: {"id": "o", "userId": OWNER, "createdAt": "2026"},
    SAVED_SEARCHES.name: {"id": "q", "userId": OWNER, "createdAt": "2026"},
    NOTED.name: {"searchId": "q", "listingId": "l", "userId": OWNER, "at": "2026", "price": 1},
    TOLD.name: {"searchId": "q", "listingId": "l", "userId": OWNER, "at": "2026"},
    CASES.name: {"listingId": "l", "sellerId": OWNER, "updatedAt": 1},
    PRECEDENTS.name: {"trace": "t", "listingId": "l", "at": 1, "event": "changes-wanted"},
    REPORTS.name: {"id": "r", "userId": OWNER, "createdAt": 1},
    THREADS.name: {"id": "t", "sellerId": OWNER, "lastAt": "2026", "version": 1},
    MESSAGES.name: {"threadId": "t", "sentAt": "2026", "by": "seller", "text": "Call Ann"},
    MESSAGE_BLOCKS.name: {"userId": OWNER, "whom": "b"},
    ANSWER_TIMES.name: {"sellerId": OWNER, "minutes": [5]},
    WATCHLIST.name: {"userId": OWNER, "listingId": "l", "at": "2026"},
}
"""One item of the owner's for each table."""


def test_each_table_has_a_domain_that_answers_for_the_data_in_it() -> None:
    """A new table: name it in its domain's `personal_data.py`, and erase and export it there.

    One that holds nothing personal is declared above, with the reason.
    """
    registered = [table.name for domain in PERSONAL_DATA for table in domain.tables]
    assert sorted([*registered, *HOLDS_NONE]) == sorted(table.name for table in TABLES)


def test_the_test_below_knows_an_item_for_each_table() -> None:
    """A new table: add an item of it to `KEPT_OF`."""
    registered = {table.name for domain in PERSONAL_DATA for table in domain.tables}
    assert {*KEPT_OF, USERS.name, AUDIT_LOGS.name} == registered


@pytest.mark.anyio
@pytest.mark.parametrize("behind", [0])
async def test_erasing_somebody_empties_every_table_of_them(market: Market) -> None:
    by_name = {table.name: table for table in TABLES}
    puts = [Put(by_name[name], item) for name, item in KEPT_OF.items()]
    entry = TESTS.entry(Action.USER_UPDATED, "user", OWNER, market.clock())
    await market.trail.commit(entry, *puts)
    await erase(market.trail, TESTS, OWNER, PERSONAL_DATA)
    left = {name: (await market.store.scan(by_name[name])).items for name in KEPT_OF}
    [medium] = left.pop(MEDIA.name)
    assert "ownerId" not in medium
    assert {name for name, items in left.items() if items} == set()


@pytest.mark.anyio
async def test_no_two_domains_export_under_one_name(market: Market) -> None:
    documents = [
        await domain.export(market.store, Person(OWNER, "a@b.c")) for domain in PERSONAL_DATA
    ]
    names = [name for document in documents for name in document]
    assert sorted(names) == sorted({*names})


def test_no_two_domains_report_a_step_under_one_name() -> None:
    names = [name for domain in PERSONAL_DATA for name in domain.after_restore]
    assert sorted(names) == sorted({*names})


@pytest.mark.parametrize(
    ("package", "its_own"),
    [
        ("accounts", {USERS, CLAIMS, SESSIONS, LOGIN_ATTEMPTS, PASSING, AUDIT_LOGS, ERASURES}),
        ("archive", {AUDIT_LOGS}),
        ("privacy", {ERASURES}),
    ],
)
def test_what_lies_below_names_no_table_of_a_domain_above(
    package: str, its_own: set[Table]
) -> None:
    """Erase, export and put right another domain's items in that domain's `personal_data.py`."""
    names = {name: value for name, value in vars(schema).items() if isinstance(value, Table)}
    named = {
        names[alias.name]
        for path in (SOURCE / package).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom) and (node.module or "").endswith("schema")
        for alias in node.names
        if alias.name in names
    }
    assert named <= its_own
