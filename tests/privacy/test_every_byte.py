"""After an erasure and a compaction, no byte of the data folder tells of the person.

Only the archive does, for as long as the market can be restored to a time when they were there.
"""

from __future__ import annotations

import base64
import quopri
import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

import pytest

from marinemarket.accounts.erasure import begin_erasure
from marinemarket.audit.actions import Action
from marinemarket.audit.entry import Actor, AuditLog
from marinemarket.composition import Market
from marinemarket.listings.records import add_listing
from marinemarket.mail.email import Email, outgoing
from marinemarket.parts.erasures import erasure_job
from marinemarket.runtime.compaction import compact
from marinemarket.runtime.steady_clock import SteadyClock
from marinemarket.runtime.worker import duties_of
from marinemarket.search.index_follower import SearchFollower
from marinemarket.store.change_feed import UpgradingFollower, follow
from marinemarket.store.items import Item
from marinemarket.store.schema import BY_NAME, LISTINGS, LOGIN_ATTEMPTS, USERS, VIEWS
from marinemarket.store.writes import Put
from tests.builders import OWNER, ManualClock, a_listing, a_user
from tests.conftest import TESTS
from tests.privacy.test_personal_data import KEPT_OF

pytestmark = pytest.mark.anyio

EMAIL, PENDING, PAST = (f"zqx{which}@example.com" for which in ("now", "next", "past"))
MARK = "Zqxmark"


@pytest.fixture
def behind() -> int:
    return 0


def marked(name: str) -> str:
    """A word of the person's that stands nowhere else."""
    return MARK + name.replace("-", "")


async def _live(market: Market, clock: ManualClock) -> None:
    """Leave a mark of the owner's in every table that holds personal data, and in the mail folder."""
    clock.now += 1000
    user = a_user(
        id=OWNER, email=EMAIL, name=marked("name"), phone="+17725550199", email_verified=True
    )
    changed = {"pending_email": PENDING, "trade_name": marked("firm"), "location": marked("place")}
    entry = TESTS.entry(Action.USER_UPDATED, "user", OWNER, clock.now, change=marked("about"))
    await market.trail.commit(entry, Put(USERS, user.changed(**changed).to_wire()))
    ann = Actor(OWNER, PAST, "198.51.100.77", marked("agent"), marked("session"))
    await market.trail.commit(ann.entry(Action.EMAIL_CHANGED, "user", OWNER, clock.now))
    listing = a_listing(name="theirs", title=marked("boat title"))
    await add_listing(market.trail, ann, listing)
    # What follows is known to the store alone: what followers make of it is in their own tests.
    await _work(market, clock)
    own = [(name, {**item, "planted": marked(name)}) for name, item in KEPT_OF.items()]
    attempts = [
        (LOGIN_ATTEMPTS.name, {"id": email, "timestamp": "2025", "email": email})
        for email in (EMAIL, PENDING, PAST)
    ]
    for name, item in (*own, *attempts):
        if name == VIEWS.name:
            item["listingId"] = listing.id
        if name == LOGIN_ATTEMPTS.name:
            item["email"] = item["id"] if "@" in item["id"] else EMAIL
        if name != LISTINGS.name:
            await _put(market, name, item)
    theirs = Email("goodbye", EMAIL, None, values={"name": marked("in an email")})
    others = Email("goodbye", "other@example.com", None, values={"name": "Other"})
    for email in (theirs, others):
        await market.trail.commit(
            entry_of(market), await outgoing(market.accounts.vault, email, clock.now)
        )
    while await market.delivery().run_once():
        pass


def entry_of(market: Market) -> AuditLog:
    return TESTS.entry(Action.USER_UPDATED, "user", "somebody", market.clock())


async def _put(market: Market, table: str, item: Item) -> None:
    await market.trail.commit(entry_of(market), Put(BY_NAME[table], item))


async def _work(market: Market, clock: ManualClock) -> None:
    """The followers of a worker, until they have read everything and archived it."""
    duties = duties_of(market, SteadyClock(clock, market.settings.trusted_time_place))
    for _ in range(2):
        for follower in (one for group in duties.followers for one in group):
            while await follow(market.store, follower):
                pass
            if isinstance(follower, UpgradingFollower) and isinstance(
                follower.follower, SearchFollower
            ):
                follower.follower.close()
        clock.now += 10**6


def _disguises(mark: str) -> Iterator[bytes]:
    """How a word may stand in a file, in lower case."""
    text = mark.encode()
    yield text
    yield mark.encode("utf-16-le")
    yield quote(mark, safe="").encode()
    yield quopri.encodestring(text).strip()
    for before in range(3):
        encoded = base64.b64encode(b"\0" * before + text)
        yield encoded[(0, 2, 3)[before] : -4]


def _found(folder: Path, mark: str) -> list[str]:
    """The files with a mark, but for the archive and the key."""
    disguises = {each.lower() for each in _disguises(mark)}
    found = []
    for file in sorted(folder.rglob("*")):
        parts = file.relative_to(folder).parts
        if not file.is_file() or parts[0] == "backups":
            continue
        kept = file.read_bytes()
        with suppress(zlib.error):
            kept += zlib.decompress(kept)
        low = kept.lower() + str(parts).encode().lower()
        if any(each in low for each in disguises):
            found.append("/".join(parts))
    return found


async def test_no_byte_is_left_of_whoever_is_erased(market: Market, clock: ManualClock) -> None:
    folder = market.settings.data
    await _live(market, clock)
    marks = [MARK, "zqxnow", "zqxnext", "zqxpast", "198.51.100.77", "7725550199"]
    assert [mark for mark in marks if not _found(folder, mark)] == []
    assert any(name.startswith("mail/") for name in _found(folder, "zqxnow"))
    await begin_erasure(market.trail, TESTS, OWNER)
    job = erasure_job(market)
    while await job.run_once():
        clock.now += 60_000
    await _work(market, clock)
    done = await compact(market)
    assert (done.kept_back_by, done.is_log_empty, done.erasures) == ((), True, 0)
    assert done.changes > 0
    assert {mark: files for mark in marks if (files := _found(folder, mark))} == {}
    assert [name for name in _found(folder, "other@example.com") if name.startswith("mail/")]
