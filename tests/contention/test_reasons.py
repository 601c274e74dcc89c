"""What sellers and buyers are told when the market changes between their look and their commit.

`tests/accounts/test_lost_races.py` does the same for accounts.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from io import BytesIO
from pathlib import Path

import pytest

from marinemarket.accounts.accounts import Client
from marinemarket.accounts.idempotency import IdempotencyKey
from marinemarket.accounts.records import add_user, find_user
from marinemarket.accounts.user import User, UserStatus
from marinemarket.audit.actions import Action
from marinemarket.audit.entry import Actor
from marinemarket.composition import Market
from marinemarket.errors import MarketError, NotFound, Outdated, Refused, Unavailable
from marinemarket.jobs.records import enqueue
from marinemarket.listings.lifecycle.creation import create_listing
from marinemarket.listings.lifecycle.editing import delete_listing, edit_listing
from marinemarket.listings.lifecycle.publication import confirm as confirm_listing
from marinemarket.listings.lifecycle.publication import mark_sold, withdraw
from marinemarket.listings.media.photos import take_photos
from marinemarket.listings.media.videos import take_video
from marinemarket.listings.records import add_listing, find_listing
from marinemarket.messages.inquiries import ask, ask_as_visitor, confirm
from marinemarket.messages.inquiry import Side
from marinemarket.messages.records import block_put, find_thread, messages_of
from marinemarket.messages.replies import Words, close_thread, own_thread, write_message
from marinemarket.saved_searches.editing import delete_search, save_search
from marinemarket.seller_dashboard.bulk_actions import BulkAction, own_of
from marinemarket.seller_dashboard.bulk_jobs import BulkOutcome, outcomes_of, prepare_bulk
from marinemarket.store.schema import (
    LISTINGS,
    MEDIA,
    SAVED_SEARCHES,
    THREADS,
    USERS,
    WATCHLIST,
    Table,
)
from marinemarket.store.store import Query
from marinemarket.store.writes import Delete, Put, Update
from marinemarket.watchlist.tracking import Note, annotate, watch, watch_several
from tests.builders import OWNER, a_listing, a_user, uuid_of, wire_listing
from tests.conftest import TESTS
from tests.media.picture_files import a_photo
from tests.media.video_files import a_film

from .overtaking import overtaken

pytestmark = pytest.mark.anyio

BOAT = a_listing()
SELLER = Actor(OWNER, "owner@example.com", "192.0.2.7", "Mozilla/5.0", "session")
CLIENT = Client("192.0.2.9", "Mozilla/5.0", "d" * 64)
BOB = uuid_of("bob")
BUYER = Actor(BOB, "bob@example.com", "192.0.2.9", "Mozilla/5.0", "session")
QUESTION = {"message": "Is she still for sale?"}

Change = Callable[[], Awaitable[object]]


@pytest.fixture
async def harbour(market: Market) -> Market:
    """A market with a boat of its owner's, and Bob."""
    await add_listing(market.trail, TESTS, BOAT)
    await add_user(market.trail, TESTS, a_user(name="bob", email_verified=True))
    return market


def suspending(market: Market, user_id: str) -> Change:
    status = {"status": UserStatus.SUSPENDED.value}
    return lambda: market.store.commit(Update(USERS, (user_id,), set=status))


async def told(
    market: Market, at: Action | Table, change: Change, doing: Awaitable[object]
) -> MarketError:
    with overtaken(market.trail, at, change), pytest.raises(MarketError) as caught:
        await doing
    return caught.value


def is_refused(error: MarketError, message: str) -> bool:
    return type(error) is Refused and str(error) == message


async def _bob(market: Market) -> User:
    bob = await find_user(market.store, BOB)
    assert bob is not None
    return bob


# -- Owners ------------------------------------------------------------------------------------


@pytest.mark.parametrize("doing", ["create", "edit", "delete", "withdraw", "sell", "confirm"])
async def test_an_owner_who_is_suspended_meanwhile_changes_nothing(
    harbour: Market, doing: str
) -> None:
    trail = harbour.trail
    fields = ("title", "description", "price", "location", "boatDetails")
    payload = {name: wire_listing()[name] for name in fields}
    doings: dict[str, tuple[Action, Callable[[], Awaitable[object]]]] = {
        "create": (Action.LISTING_CREATED, lambda: create_listing(trail, SELLER, payload)),
        "edit": (
            Action.LISTING_UPDATED,
            lambda: edit_listing(trail, SELLER, BOAT.id, {"price": 500_000}, None),
        ),
        "delete": (
            Action.LISTING_DELETED,
            lambda: delete_listing(trail, SELLER, BOAT.id, None),
        ),
        "withdraw": (Action.LISTING_WITHDRAWN, lambda: withdraw(trail, SELLER, BOAT.id)),
        "sell": (Action.LISTING_SOLD, lambda: mark_sold(trail, SELLER, BOAT.id, None)),
        "confirm": (
            Action.LISTING_CONFIRMED,
            lambda: confirm_listing(trail, SELLER, BOAT.id, OWNER, BOAT.created_at),
        ),
    }
    action, change = doings[doing]
    lost = await told(harbour, action, suspending(harbour, OWNER), change())
    assert is_refused(lost, "the owner's account is not active")
    assert await find_listing(harbour.store, BOAT.id) == BOAT


async def repriced(market: Market, price: int) -> BulkOutcome:
    """The outcome of a bulk action that gives the boat a new price."""
    boats = await own_of(market.store, OWNER, [BOAT.id])
    job = await prepare_bulk(market.trail, SELLER, BulkAction.PRICE, boats, [price])
    await enqueue(market.trail, job)
    await market.jobs().run_queue(OWNER)
    found = [
        one
        for refused in (True, False)
        for one in await outcomes_of(market.store, job, refused=refused, limit=2)
    ]
    assert len(found) == 1
    return found[0][1]


async def test_an_edit_of_a_version_that_is_overtaken_shows_what_stands_now(
    harbour: Market,
) -> None:
    faster = partial(edit_listing, harbour.trail, SELLER, BOAT.id, {"price": 700_000}, None)
    version = [BOAT.updated_at]
    slower = edit_listing(harbour.trail, SELLER, BOAT.id, {"price": 600_000}, version)
    lost = await told(harbour, Action.LISTING_UPDATED, faster, slower)
    assert isinstance(lost, Outdated)
    assert lost.current["price"] == 700_000
    # Whoever names no version, or changes a price from what still stands, edits what the winner left.
    titled = partial(edit_listing, harbour.trail, SELLER, BOAT.id, {"title": "Another"}, None)
    with overtaken(harbour.trail, Action.LISTING_UPDATED, titled):
        outcome = await repriced(harbour, 800_000)
    listing = await find_listing(harbour.store, BOAT.id)
    assert listing is not None
    assert (listing.title, listing.price, outcome.why_not) == ("Another", 800_000, "")


async def test_a_price_that_is_overtaken_by_another_price_is_not_changed(harbour: Market) -> None:
    faster = partial(edit_listing, harbour.trail, SELLER, BOAT.id, {"price": 700_000}, None)
    with overtaken(harbour.trail, Action.LISTING_UPDATED, faster):
        outcome = await repriced(harbour, 800_000)
    assert outcome.why_not == "the price was changed meanwhile: look at it again"


async def test_pictures_and_videos_whose_files_were_swept_are_to_be_sent_again(
    harbour: Market, tmp_path: Path
) -> None:
    async def swept() -> None:
        page = await harbour.store.query(Query(MEDIA, OWNER, MEDIA.index("owner-index")))
        for item in page.items:
            waiting = {"waiting": "erased"}
            await harbour.store.commit(Update(MEDIA, (item["id"],), set=waiting))

    taking = take_photos(
        harbour.trail, harbour.studio, SELLER, BOAT.id, [BytesIO(a_photo(1, (300, 200)))]
    )
    lost = await told(harbour, Action.LISTING_UPDATED, swept, taking)
    assert type(lost) is Unavailable
    assert str(lost) == "the picture took too long to arrive; please send it again"
    film = tmp_path / "film"
    film.write_bytes(a_film())
    taking_video = take_video(
        harbour.trail, harbour.studio, SELLER, BOAT.id, film, largest=1_000_000
    )
    lost = await told(harbour, Action.LISTING_UPDATED, swept, taking_video)
    assert type(lost) is Unavailable
    assert str(lost) == "the video took too long to arrive; please send it again"


async def test_pictures_that_are_sent_twice_at_once_are_there_once(harbour: Market) -> None:
    once = IdempotencyKey.of(OWNER, "photos", "a form's own key", [])
    contents = [BytesIO(a_photo(1, (300, 200)))]
    taking = (
        take_photos(harbour.trail, harbour.studio, SELLER, BOAT.id, contents, once)
        for _ in range(3)
    )
    adverts = await asyncio.gather(*taking)
    assert [len(advert.photos) for advert in adverts] == [1, 1, 1]


# -- Buyers ------------------------------------------------------------------------------------


async def test_a_question_is_refused_for_the_reason_that_came_up_meanwhile(
    harbour: Market,
) -> None:
    bob = await _bob(harbour)
    unpublished = Update(LISTINGS, (BOAT.id,), remove=("publicity",))
    changes = [
        (lambda: harbour.store.commit(unpublished), "the boat is no longer offered"),
        (suspending(harbour, OWNER), "the market has suspended the other person’s account for now"),
        (
            lambda: harbour.store.commit(block_put(OWNER, BOB)),
            "this person takes no messages from you",
        ),
        (suspending(harbour, BOB), "the account is not active"),
    ]
    before = {
        (table.name, key): await harbour.store.get(table, *key)
        for table, key in ((LISTINGS, (BOAT.id,)), (USERS, (OWNER,)), (USERS, (BOB,)))
    }
    for change, message in changes:
        asking = ask(harbour.messaging(), BUYER, bob, BOAT, QUESTION)
        lost = await told(harbour, Action.INQUIRY_SENT, change, asking)
        assert is_refused(lost, message), (message, lost)
        for table, key in ((LISTINGS, (BOAT.id,)), (USERS, (OWNER,)), (USERS, (BOB,))):
            await harbour.store.commit(Put(table, before[table.name, key] or {}))
        unblocked = Delete(block_put(OWNER, BOB).table, (OWNER, BOB))
        await harbour.store.commit(unblocked)
    assert (await ask(harbour.messaging(), BUYER, bob, BOAT, QUESTION)).thread.seller_id == OWNER


async def test_a_visitors_question_is_refused_once_the_boat_is_gone(harbour: Market) -> None:
    visitor = {"name": "Vic", "email": "vic@example.com", **QUESTION}
    asked = await ask_as_visitor(harbour.messaging(), CLIENT, BOAT, visitor)
    confirming = confirm(harbour.messaging(), CLIENT, asked.thread)
    lost = await told(harbour, Action.INQUIRY_CONFIRMED, suspending(harbour, OWNER), confirming)
    assert is_refused(lost, "the market has suspended the other person’s account for now")
    asking = ask_as_visitor(
        harbour.messaging(), CLIENT, BOAT, visitor | {"email": "wil@example.com"}
    )
    gone = partial(harbour.store.commit, Delete(LISTINGS, (BOAT.id,)))
    lost = await told(harbour, Action.INQUIRY_SENT, gone, asking)
    assert is_refused(lost, "the boat is no longer offered")


async def test_a_message_is_written_behind_the_one_that_came_first_or_not_at_all(
    harbour: Market,
) -> None:
    bob, context = await _bob(harbour), harbour.messaging()
    thread = (await ask(context, BUYER, bob, BOAT, QUESTION)).thread
    first = partial(write_message, context, SELLER, thread, Side.SELLER, Words("She is."))
    with overtaken(harbour.trail, Action.MESSAGE_SENT, first):
        await write_message(context, BUYER, thread, Side.BUYER, Words("Is she dry?"))
    texts = [one.text for one in await messages_of(harbour.store, thread.id)]
    assert texts == [QUESTION["message"], "She is.", "Is she dry?"]

    known, _ = await own_thread(harbour.store, bob, thread.id)
    closing = partial(close_thread, context, SELLER, known, Side.SELLER)
    writing = write_message(context, BUYER, known, Side.BUYER, Words("And when?"))
    lost = await told(harbour, Action.MESSAGE_SENT, closing, writing)
    assert is_refused(lost, "this conversation was closed")
    gone = partial(harbour.store.commit, Delete(THREADS, (thread.id,)))
    closed = await find_thread(harbour.store, thread.id)
    assert closed is not None
    reopened = closed.changed(state="open", closed_by=None)
    await harbour.store.commit(Put(THREADS, reopened.to_wire()))
    lost = await told(
        harbour, Action.THREAD_CLOSED, gone, close_thread(context, BUYER, closed, Side.BUYER)
    )
    assert isinstance(lost, NotFound)


async def test_whoever_is_suspended_meanwhile_saves_and_watches_nothing(harbour: Market) -> None:
    searching = save_search(harbour.trail, "a secret key", BUYER, {"name": "Sloops"})
    lost = await told(harbour, Action.SAVED_SEARCH_CREATED, suspending(harbour, BOB), searching)
    assert is_refused(lost, "the account is not active")
    active = Update(USERS, (BOB,), set={"status": UserStatus.ACTIVE.value})
    await harbour.store.commit(active)
    watching = watch(harbour.trail, harbour.listings, BOB, BOAT.id)
    lost = await told(harbour, WATCHLIST, suspending(harbour, BOB), watching)
    assert is_refused(lost, "the account is not active")
    await harbour.store.commit(active)
    with overtaken(harbour.trail, WATCHLIST, suspending(harbour, BOB)):
        assert await watch_several(harbour.trail, harbour.listings, BOB, [BOAT.id]) == 0


async def test_what_is_gone_meanwhile_can_be_neither_noted_nor_deleted(harbour: Market) -> None:
    await watch(harbour.trail, harbour.listings, BOB, BOAT.id)
    unwatched = partial(harbour.store.commit, Delete(WATCHLIST, (BOB, BOAT.id)))
    noting = annotate(harbour.trail, BOB, BOAT.id, Note(note="Ask about the keel"))
    lost = await told(harbour, WATCHLIST, unwatched, noting)
    assert (type(lost), str(lost)) == (NotFound, f"there is no watched boat {BOAT.id}")

    search = await save_search(harbour.trail, "a secret key", BUYER, {"name": "Sloops"})
    deleted = partial(harbour.store.commit, Delete(SAVED_SEARCHES, (search.id,)))
    lost = await told(
        harbour,
        Action.SAVED_SEARCH_DELETED,
        deleted,
        delete_search(harbour.trail, BUYER, search.id),
    )
    assert (type(lost), str(lost)) == (NotFound, f"there is no saved search {search.id}")
