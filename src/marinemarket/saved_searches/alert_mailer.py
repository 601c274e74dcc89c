"""Sending alerts: an email at once, or a note for the next digest.

A note reports nothing. Only the commit that sends an email records that the search has reported its
boats, at the prices that it says. So no boat is reported twice, whatever is repeated, until its price
falls; and a boat that is not to be seen when a digest is due comes with a later one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ..accounts.records import find_user
from ..accounts.secrets import hash_of
from ..accounts.user import User, UserStatus
from ..audit.actions import Action
from ..audit.entry import Actor
from ..audit.operational import Operational
from ..audit.trail import Trail
from ..clock import CLOCK_TOLERANCE, from_iso, iso
from ..errors import Conflict
from ..links import Links
from ..listings.listing import Listing, Money, us_dollars
from ..mail.email import outgoing
from ..store.schema import SAVED_SEARCHES, TOLD, USERS
from ..store.store import Position
from ..store.writes import Absent, Check, Delete, Equals, Write
from ..vault.vault import Vault
from .alert_email import alert_email
from .editing import token_of
from .judging import BoatNews, judge
from .looking_back import look_back
from .noted_boats import (
    NotedBoat,
    alert_put,
    all_noted,
    find_noted,
    last_alerted_price,
    last_alerted_prices,
    noted_delete,
    noted_put,
    still_noted,
    still_told,
)
from .records import due_searches, find_search, search_update
from .relisted import Relisted
from .saved_search import LETTERS_AT_ONCE, MOST_COLLECTED, Frequency, SavedSearch
from .search_reader import SearchReader

ACTOR = Actor.system("saved-searches")

_AT_ONCE = 45
"""How many boats one commit takes over or drops."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A boat that a search finds, and what made it news.

    `version` is that of the search that was asked. `at` is when the boat appeared or became cheaper, in
    Unix milliseconds: anything before the search was saved is not news. A DynamoDB feed has times to the
    second. `was_there` says that the search found it before, and `was` what was asked then: only a
    lower price is news. `is_shown` is false while its owner may not sell.
    """

    search_id: str
    version: str
    listing: Listing
    at: int
    was: Money | None
    was_there: bool
    is_shown: bool


@dataclass(frozen=True, slots=True)
class AlertMailer:
    """Sends alerts. `secret_key` signs the tokens in the emails."""

    trail: Trail
    vault: Vault
    secret_key: str
    links: Links
    reader: SearchReader

    @property
    def relisted(self) -> Relisted:
        return Relisted(self.trail, self.secret_key)

    async def tell(self, hit: Hit) -> bool:
        """Report a matching boat or note it, unless it was reported before; returns whether it did."""

        async def attempt() -> bool:
            now, search = self.trail.clock(), await find_search(self.trail.store, hit.search_id)
            if search is None or search.frequency is Frequency.NEVER:
                return False
            saved_at = from_iso(search.created_at)
            is_known = saved_at <= now + CLOCK_TOLERANCE  # unless saved by a clock ahead
            if is_known and hit.at + 999 < saved_at:
                return False
            return await self._report_or_note(search, hit)

        # The search, the user, or what was noted or reported may change at any time.
        return await self.trail.retrying(attempt)

    async def _report_or_note(self, search: SavedSearch, hit: Hit) -> bool:
        now, store, listing = self.trail.clock(), self.trail.store, hit.listing
        told = await last_alerted_price(store, search.id, listing.id)
        if told is None:
            told = await self.relisted.told(search, listing)
        noted = await find_noted(store, search.id, listing.id)
        was, was_there = hit.was, hit.was_there
        if noted is not None:
            was, was_there = _since_noted(noted, was)
        news = BoatNews.of(search, listing, told, was, was_there=was_there)
        if news is None:
            return False
        user, letters = await self._reader_of(search), search.emails_today(now)
        is_at_once = search.frequency is Frequency.AT_ONCE and letters < LETTERS_AT_ONCE
        is_current = search.updated_at == hit.version
        if user is None or not (is_at_once and is_current and hit.is_shown):
            return await self._note(search, news, was, noted)
        reported = search.changed(
            last_told_at=iso(now),
            letters=letters + 1,
            counted_from=search.counted_from if letters else iso(now),
        )
        notes = [] if noted is None else [noted_delete(search.id, noted)]
        await self._send(search, reported, user, [news], 0, *notes)
        return True

    async def _reader_of(self, search: SavedSearch) -> User | None:
        """The user of a search, if they may be emailed."""
        user = await find_user(self.trail.store, search.user_id)
        return user if user is not None and user.takes_alerts else None

    async def _note(
        self, search: SavedSearch, news: BoatNews, was: Money | None, noted: NotedBoat | None
    ) -> bool:
        """Note a boat for the next digest; returns whether that is new. Raises Conflict."""
        now, boat = self.trail.clock(), news.listing
        awaiting = search.awaiting(now)
        is_known = noted is not None and (noted.asked, noted.was) == (boat.asked, was)
        if is_known and awaiting == search:
            return False
        before = Absent() if noted is None else still_noted(noted)
        note = noted_put(search, boat.id, boat.asked, now, was, when=before)
        still = Equals(updatedAt=search.updated_at, dueAt=search.due_at)
        digest: Write = (
            Check(SAVED_SEARCHES, (search.id,), when=still)
            if awaiting == search
            else search_update(search, awaiting)
        )
        await self.trail.commit_operational(Operational.COLLECTED, note, digest)
        return True

    async def _send(
        self,
        search: SavedSearch,
        reported: SavedSearch,
        user: User,
        news: Sequence[BoatNews],
        beyond: int,
        *others: Write,
    ) -> None:
        """Send an email about some boats, in one commit with the record of what it says.

        Raises Conflict.
        """
        now = self.trail.clock()
        token = token_of(self.secret_key, search.id)
        # The token depends on the secret key, so only the newest email's token works.
        reported = reported.changed(unsubscribe_hash=hash_of(token))
        email = alert_email(self.links, search, user, news, beyond, token)
        entry = ACTOR.entry(
            Action.SAVED_SEARCH_TOLD,
            "saved-search",
            search.id,
            now,
            listings=[one.listing.id for one in news],
        )
        may_read = Equals(
            status=UserStatus.ACTIVE.value,
            emailVerified=True,
            email=user.email,
            emailBouncedAt=None,
        )
        await self.trail.commit(
            entry,
            Check(USERS, (user.id,), when=may_read),
            search_update(search, reported),
            await outgoing(self.vault, email, now),
            *(alert_put(search, one.listing.id, one.listing.asked, one.told, now) for one in news),
            *others,
        )

    # -- Digests -----------------------------------------------------------------------------------

    async def run_once(self) -> int:
        """Send the digests that are due; returns how many searches were processed."""
        dealt_with = 0
        due = await due_searches(self.trail.store, self.trail.clock())
        # What this round itself adds to the feed is nothing that the index must have followed.
        head = await self.trail.store.head() if due else ""
        for known in due:
            # An index may lag: the current search counts.
            search = await find_search(self.trail.store, known.id)
            if search is None or not search.is_due(self.trail.clock()):
                continue
            dealt_with += await self._send_or_leave(search, head)
        return dealt_with

    async def _send_or_leave(self, search: SavedSearch, head: Position) -> bool:
        try:
            await self._deal_with(search, head)
        except Conflict:
            return False  # changed just now: the next round handles it
        return True

    async def _deal_with(self, search: SavedSearch, head: Position) -> None:
        if search.collected:
            await self._take_over(search)
            return
        user = await self._reader_of(search)
        if search.frequency is Frequency.NEVER:
            await self._commit(search, search.changed(due_at=None))
        elif user is None:
            # What is noted waits until there is somebody to tell.
            await self._commit(search, search.postponed(self.trail.clock()))
        else:
            await self._send_digest(search, user, head)

    async def _commit(self, old: SavedSearch, new: SavedSearch) -> None:
        await self.trail.commit_operational(Operational.COLLECTED, search_update(old, new))

    async def _send_digest(self, search: SavedSearch, user: User, head: Position) -> None:
        """Report the noted boats that are news, if there are any, as everything is now.

        `head` is the feed's when the round began.
        """
        store, now = self.trail.store, self.trail.clock()
        filed = await self.reader.read(search, 0, now)
        if search.look_back:
            search = await look_back(self.trail, self.reader, search, filed, head)
        noted = await all_noted(store, search.id)
        judged = await judge(store, search, filed, noted, self.relisted, now)
        news, later = judged.news[:MOST_COLLECTED], judged.news[MOST_COLLECTED:]
        waits = bool(later or judged.waiting or search.look_back)
        done = search.postponed(now) if waits else search.changed(due_at=None)
        done = done.changed(beyond=0)
        if news:
            done = done.changed(last_told_at=iso(now))
            await self._send(search, done, user, news, len(later))
        else:
            await self._commit(search, done)
        reported = {one.listing.id for one in news}
        await self._drop(
            search, [*judged.over, *(one for one in noted if one.listing_id in reported)]
        )
        if not waits:
            await self._await_what_came(search.id)

    async def _drop(self, search: SavedSearch, noted: Sequence[NotedBoat]) -> None:
        """Drop notes that have become nothing, or an email. One that stays is judged again."""
        for some in _parts(noted):
            drops = [noted_delete(search.id, one) for one in some]
            await self.trail.commit_operational(Operational.COLLECTED, *drops)

    async def _await_what_came(self, search_id: str) -> None:
        """Plan a digest for boats noted while the last one was sent, which thought that it was due."""
        if not await all_noted(self.trail.store, search_id):
            return

        async def attempt() -> None:
            search = await find_search(self.trail.store, search_id)
            if search is not None and search.frequency is not Frequency.NEVER:
                awaiting = search.awaiting(self.trail.clock())
                if awaiting != search:
                    await self._commit(search, awaiting)

        await self.trail.retrying(attempt)

    async def _take_over(self, search: SavedSearch) -> None:
        """Make notes of some boats that an earlier version collected in the search.

        It recorded them as reported when it collected them, which is taken back.
        """
        now, some = self.trail.clock(), search.collected[:_AT_ONCE]
        ids = [find.listing_id for find in some]
        told = await last_alerted_prices(self.trail.store, search.id, ids)
        rest = search.changed(collected=search.collected[_AT_ONCE:])
        await self.trail.commit_operational(
            Operational.COLLECTED,
            search_update(search, rest),
            *(noted_put(search, find.listing_id, us_dollars(find.price), now) for find in some),
            *(
                Delete(TOLD, (search.id, find.listing_id), when=still_told(price))
                for find, price in zip(some, told, strict=True)
                if price is not None and price.asked == us_dollars(find.price)
            ),
        )


def _since_noted(noted: NotedBoat, was: Money | None) -> tuple[Money | None, bool]:
    """What a noted boat cost before, and whether only a lower price is its news.

    A boat that waits to be reported as new is not only a cheaper one.
    """
    if noted.was is None or was is None:
        return None, False
    return (noted.was if was.is_below(noted.was) else was), True


def _parts(noted: Sequence[NotedBoat]) -> Iterable[Sequence[NotedBoat]]:
    return (noted[start : start + _AT_ONCE] for start in range(0, len(noted), _AT_ONCE))
