"""A data folder of an earlier version opens, with all that is in it.

`version_0_1/market.zip` is one that version 0.1 made: twelve boats of the demonstration, and Ada,
who watches a boat, has saved a search, has written to a seller, reports an advert, and has begun two
adverts of her own.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from zipfile import ZipFile

import pytest

from marinemarket.accounts.records import add_user, find_user_by_email
from marinemarket.accounts.user import User
from marinemarket.composition import Market, open_market
from marinemarket.config.settings import Settings
from marinemarket.listings.draft_records import drafts_of
from marinemarket.listings.records import add_listing, all_listings
from marinemarket.messages.records import messages_of, threads_of_buyer
from marinemarket.moderation.records import reports_of
from marinemarket.saved_searches.records import searches_of
from marinemarket.search.filters import Search
from marinemarket.search.finder import find_boats
from marinemarket.search.index_follower import reach
from marinemarket.store.schema import AUDIT_LOGS, LISTINGS
from marinemarket.watchlist.records import watched_by
from tests.builders import NOW, a_listing, a_user
from tests.conftest import TESTS

ARCHIVE = Path(__file__).parent / "version_0_1" / "market.zip"


@pytest.fixture
async def opened(tmp_path: Path, anyio_backend: str) -> AsyncIterator[Market]:
    with ZipFile(ARCHIVE) as archive:
        archive.extractall(tmp_path)
    async with open_market(Settings(data=tmp_path / "data"), clock=lambda: NOW) as market:
        yield market


@pytest.fixture
async def ada(opened: Market) -> User:
    user = await find_user_by_email(opened.store, "ada@example.com")
    assert user is not None
    return user


async def test_its_boats_are_there_and_are_found(opened: Market) -> None:
    listings = [listing async for listing in all_listings(opened.store)]
    assert len(listings) == 13
    # Its index is of an earlier form, and is made anew, as the worker does.
    await reach(opened.store, opened.engine)
    found = await find_boats(opened.listings, opened.engine.index, Search(), opened.clock)
    assert found.total == 12


async def test_what_a_member_keeps_is_there(opened: Market, ada: User) -> None:
    assert len(await watched_by(opened.store, ada.id)) == 1
    searches = await searches_of(opened.store, ada.id)
    assert [(search.name, search.filters.query) for search in searches] == [("Sloops", "sloop")]
    drafts = (await drafts_of(opened.store, ada.id)).drafts
    assert [draft.values["title"] for draft in drafts] == ["A draft of a Catalina"]


async def test_what_a_member_wrote_is_there(opened: Market, ada: User) -> None:
    [thread] = (await threads_of_buyer(opened.store, ada.id)).threads
    messages = await messages_of(opened.store, thread.id)
    assert [message.text for message in messages] == [
        "Is she still for sale? I could come on Sunday."
    ]
    reports = [
        report
        async for listing in all_listings(opened.store)
        for report in await reports_of(opened.store, listing.id)
    ]
    assert [report.words for report in reports] == ["The same photos stand on another site."]


async def test_its_feed_goes_on_where_it_was(opened: Market) -> None:
    await add_user(opened.trail, TESTS, a_user())
    head = await opened.store.head()
    await add_listing(opened.trail, TESTS, a_listing(name="new"))
    changes = await opened.store.changes(head)
    assert [change.table for change in changes] == [LISTINGS.name, AUDIT_LOGS.name]
