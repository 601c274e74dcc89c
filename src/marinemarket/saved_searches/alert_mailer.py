"""Sending alerts: an email at once, or an entry for the next digest.

The commit that sends the email, or adds the entry, also records that the search has reported the
boat at this price. So no boat is reported twice, whatever is repeated, until its price falls.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ..accounts.records import active_among, find_user
from ..accounts.secrets import hash_of
from ..accounts.user import User, UserStatus
from ..audit.actions import Action
from ..audit.entry import Actor
from ..audit.operational import Operational
from ..audit.trail import Trail
from ..clock import CLOCK_TOLERANCE, DAY, from_iso, iso
from ..errors import Conflict
from ..i18n.numbers import dollars
from ..links import Links
from ..listings.listing import Listing
from ..listings.records import find_listings
from ..mail.email import Email, outgoing
from ..store.schema import USERS
from ..store.writes import Check, Equals, Write
from ..vault.vault import Vault
from .editing import token_of, without_collected
from .records import alert_put, due_searches, find_search, last_alerted_price, search_update
from .saved_search import (
    LETTERS_AT_ONCE,
    MOST_COLLECTED,
    Find,
    Frequency,
    SavedSearch,
)

ACTOR = Actor.system("saved-searches")


@dataclass(frozen=True, slots=True)
class AlertMailer:
    """Sends alerts. `secret_key` signs the tokens in the emails."""

    trail: Trail
    vault: Vault
    secret_key: str
    links: Links

    async def tell(self, search_id: str, listing: Listing, at: int) -> bool:
        """Report a matching boat, unless it was reported before; returns whether it is reported now.

        `at` is when it appeared or became cheaper, in Unix milliseconds: anything before the search was
        saved is not news. A DynamoDB feed has times to the second.
        """

        async def attempt() -> bool:
            search = await find_search(self.trail.store, search_id)
            if search is None or search.frequency is Frequency.NEVER:
                return False
            saved_at = from_iso(search.created_at)
            is_known = (
                saved_at <= self.trail.clock() + CLOCK_TOLERANCE
            )  # unless saved by a clock ahead
            if is_known and at + 999 < saved_at:
                return False
            user = await self._reader_of(search)
            before = await last_alerted_price(self.trail.store, search.id, listing.id)
            if user is None or (before is not None and before <= listing.price):
                return False
            await self._tell(search, user, listing, before)
            return True

        # The search, the user, or the record of sent alerts may change at any time.
        return await self.trail.retrying(attempt)

    async def _reader_of(self, search: SavedSearch) -> User | None:
        """The user of a search, if they may be emailed."""
        user = await find_user(self.trail.store, search.user_id)
        return user if user is not None and user.takes_alerts else None

    async def _tell(
        self, search: SavedSearch, user: User, listing: Listing, before: int | None
    ) -> None:
        now = self.trail.clock()
        note = alert_put(search, listing.id, listing.price, before, now)
        letters = search.emails_today(now)
        if search.frequency is not Frequency.AT_ONCE or letters >= LETTERS_AT_ONCE:
            collected = with_find(search, Find(listing_id=listing.id, price=listing.price), now)
            write = search_update(search, collected)
            await self.trail.commit_operational(Operational.COLLECTED, note, write)
            return
        reported = search.changed(
            last_told_at=iso(now),
            letters=letters + 1,
            counted_from=search.counted_from if letters else iso(now),
        )
        await self._send(search, reported, user, [listing], 0, note)

    async def _send(
        self,
        search: SavedSearch,
        reported: SavedSearch,
        user: User,
        boats: Sequence[Listing],
        beyond: int,
        *notes: Write,
    ) -> None:
        """Send an email about some boats, in one commit with everything it changes. Raises Conflict."""
        now = self.trail.clock()
        token = token_of(self.secret_key, search.id)
        # The token depends on the secret key, so only the newest email's token works.
        reported = reported.changed(unsubscribe_hash=hash_of(token))
        email = Email(
            "saved-search-hits",
            user.email,
            user.id,
            values={
                "name": user.name,
                "search": search.name,
                "boats": [_seen_in_letter(self.links, boat) for boat in boats],
                "count": str(len(boats) + beyond),
                "beyond": str(beyond) if beyond else "",
                "link": self.links.saved_searches(),
                "unsubscribe": self.links.unsubscribing(search.id, token),
            },
        )
        entry = ACTOR.entry(
            Action.SAVED_SEARCH_TOLD,
            "saved-search",
            search.id,
            now,
            listings=[boat.id for boat in boats],
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
            *notes,
        )

    # -- Digests -----------------------------------------------------------------------------------

    async def run_once(self) -> int:
        """Send the digests that are due; returns how many searches were processed."""
        dealt_with = 0
        for known in await due_searches(self.trail.store, self.trail.clock()):
            # An index may lag: the current search counts.
            search = await find_search(self.trail.store, known.id)
            if search is None or not search.is_due(self.trail.clock()):
                continue
            dealt_with += await self._send_or_leave(search)
        return dealt_with

    async def _send_or_leave(self, search: SavedSearch) -> bool:
        try:
            await self._send_collected(search)
        except Conflict:
            return False  # changed just now: the next round handles it
        return True

    async def _send_collected(self, search: SavedSearch) -> None:
        """Send a digest of the boats whose entries still hold: those sold, or dearer now, are omitted."""
        user = await self._reader_of(search)
        boats = await self._as_they_are(search.collected) if user else []
        empty = without_collected(search)
        if user is None or not boats or search.frequency is Frequency.NEVER:
            gone = search_update(search, empty)
            await self.trail.commit_operational(Operational.COLLECTED, gone)
            return
        reported = empty.changed(last_told_at=iso(self.trail.clock()))
        await self._send(search, reported, user, boats, search.beyond)

    async def _as_they_are(self, finds: Sequence[Find]) -> list[Listing]:
        store = self.trail.store
        found = await find_listings(store, [find.listing_id for find in finds])
        active = await active_among(store, {boat.owner_id for boat in found if boat})
        return [
            boat
            for find, boat in zip(finds, found, strict=True)
            if boat is not None
            and boat.is_offered
            and boat.owner_id in active
            and boat.price <= find.price
        ]


def with_find(search: SavedSearch, find: Find, now: int) -> SavedSearch:
    """The search with one more boat for its next digest, replacing an entry of the same boat."""
    others = tuple(one for one in search.collected if one.listing_id != find.listing_id)
    has_room = len(others) < MOST_COLLECTED
    due = search.next_due(now)
    if search.frequency is Frequency.AT_ONCE and search.counted_from:
        due = max(now, min(from_iso(search.counted_from), now) + DAY)
    return search.changed(
        collected=(*others, find) if has_room else others,
        beyond=search.beyond + (not has_room),
        due_at=search.due_at or iso(due),
    )


def _seen_in_letter(links: Links, boat: Listing) -> dict[str, Any]:
    length = boat.boat_details.length
    return {
        "title": boat.title,
        "price": dollars(boat.price),
        "length": "" if length is None else f"{length.normalize():f} ft",
        "place": str(boat.location),
        "link": links.boat(boat.id, boat.slug),
    }
