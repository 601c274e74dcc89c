"""The availability check: asking sellers whether a boat is still for sale, and hiding it if they do
not answer.

After an email and a second one a week later, the listing is hidden until its owner puts it back. Each
step is recorded in the commit that sends the email, so that a worker killed at any moment asks
nobody twice.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass, replace
from hashlib import sha256
from uuid import NAMESPACE_URL, uuid5

from ...accounts.records import find_user
from ...accounts.secrets import is_same
from ...accounts.user import User
from ...audit.actions import Action
from ...audit.entry import Actor
from ...audit.trail import Trail
from ...clock import CLOCK_TOLERANCE, DAY
from ...errors import Conflict, MarketError, NotFound
from ...links import STILL_FOR_SALE, Links
from ...mail.email import Email, outgoing
from ...store.store import Store
from ...store.writes import Put
from ...vault.vault import Vault
from ..listing import Listing, Status
from ..records import (
    Unconfirmed,
    dated_ahead,
    find_listing,
    next_version,
    replace_listing,
    step_of,
    step_update,
    unconfirmed,
)

ACTOR = Actor.system("asking-after")
REMIND_DAYS = 7
_HIDDEN = "hidden"


class _SentBefore(MarketError):
    """This email was sent before, and then something reset the boat's step."""


@dataclass(frozen=True, slots=True)
class AvailabilityCheck:
    """Asks owners `confirm_days` after their last confirmation, again REMIND_DAYS later, and hides the
    boat `hide_days` after that.

    `secret_key` signs the tokens in the emails.
    """

    trail: Trail
    vault: Vault
    secret_key: str
    confirm_days: int
    hide_days: int
    links: Links

    async def run_once(self) -> int:
        """Process some boats that are due; returns how many. Run again for the rest."""
        waits = {
            Unconfirmed.UNASKED: self.confirm_days,
            Unconfirmed.ASKED: REMIND_DAYS,
            Unconfirmed.REMINDED: self.hide_days,
        }
        dealt_with = 0
        for step, days in waits.items():
            dealt_with += await self._date_anew(step)
            before = self.trail.clock() - days * DAY
            for known in await unconfirmed(self.trail.store, step, before):
                # An index may lag: the listing's current state counts.
                stands = await step_of(self.trail.store, known.id)
                listing = await find_listing(self.trail.store, known.id)
                if listing is None or stands is None or stands[0] is not step or stands[1] > before:
                    continue
                dealt_with += await self._deal_with(listing, stands)
        return dealt_with

    async def _date_anew(self, step: Unconfirmed) -> int:
        """Count from now for boats whose step was dated by a clock that was ahead; returns how many."""
        ids = await dated_ahead(self.trail.store, step, self.trail.clock())
        return sum([await self._date_one_anew(id) for id in ids])

    async def _date_one_anew(self, id: str) -> bool:
        stands, listing = await step_of(self.trail.store, id), None
        now = self.trail.clock()
        if stands is not None and stands[1] > now + CLOCK_TOLERANCE:
            # An index may lag: the listing's current state counts.
            listing = await find_listing(self.trail.store, id)
        if stands is None or listing is None:
            return False
        action, step = Action.LISTING_ASKED_AFTER, stands[0]
        entry = ACTOR.entry(action, "listing", id, now, step=step.value, datedAnew=True)
        try:
            await self.trail.commit(entry, step_update(listing, stands, step, now))
        except Conflict:
            return False  # changed just now: the next round handles it
        return True

    async def _deal_with(self, listing: Listing, stands: tuple[Unconfirmed, int]) -> bool:
        owner = await find_user(self.trail.store, listing.owner_id)
        try:
            if stands[0] is Unconfirmed.REMINDED:
                await self._hide(listing, owner)
            elif stands[0] is Unconfirmed.UNASKED:
                await self._ask(listing, owner, stands, Unconfirmed.ASKED)
            else:
                await self._ask(listing, owner, stands, Unconfirmed.REMINDED)
        except Conflict:
            return False  # changed just now: the next round handles it
        return True

    async def _ask(
        self,
        listing: Listing,
        owner: User | None,
        stands: tuple[Unconfirmed, int],
        to: Unconfirmed,
    ) -> None:
        now = self.trail.clock()
        entry = ACTOR.entry(Action.LISTING_ASKED_AFTER, "listing", listing.id, now, step=to.value)
        step = step_update(listing, stands, to, now)
        email = await self._email_put(listing, owner, to.value)
        try:
            await self.trail.commit(entry, step, *email)
        except _SentBefore:
            await self.trail.commit(entry, step)

    async def _hide(self, listing: Listing, owner: User | None) -> None:
        now = self.trail.clock()
        hidden = listing.changed(status=Status.INACTIVE, updated_at=next_version(listing, now))
        email = await self._email_put(listing, owner, _HIDDEN)
        action = Action.LISTING_EXPIRED
        try:
            await replace_listing(self.trail, ACTOR, listing, hidden, *email, action=action)
        except _SentBefore:
            await replace_listing(self.trail, ACTOR, listing, hidden, action=action)

    async def _email_put(self, listing: Listing, owner: User | None, step: str) -> list[Put]:
        """The write that sends the email, under an id of boat, step and date; none if the owner has no email."""
        if owner is None or not owner.is_active or not owner.email_verified:
            return []
        of = last_confirmed(listing)
        id = str(uuid5(NAMESPACE_URL, f"{STILL_FOR_SALE}/{listing.id}/{of}/{step}"))
        email = self._email(listing, owner, step)
        sending = await outgoing(self.vault, email, self.trail.clock(), id=id)
        return [replace(sending, otherwise=_SentBefore())]

    def _email(self, listing: Listing, owner: User, step: str) -> Email:
        token = token_of(self.secret_key, listing.id, last_confirmed(listing))
        boat = {
            "name": owner.name,
            "title": listing.title,
            "link": self.links.still_for_sale(listing.id, token),
        }
        if step == _HIDDEN:
            return Email("boat-hidden", owner.email, owner.id, values=boat)
        is_last = step == Unconfirmed.REMINDED.value
        values = boat | {
            "days": str(self.hide_days if is_last else self.hide_days + REMIND_DAYS),
            "sold": self.links.sale(listing.id),
            "withdraw": self.links.withdrawal(listing.id),
        }
        if is_last:
            return Email("still-for-sale-again", owner.email, owner.id, values=values)
        return Email("still-for-sale", owner.email, owner.id, values=values)


def last_confirmed(listing: Listing) -> int:
    """When the owner last confirmed that the boat is for sale, in Unix milliseconds."""
    return listing.confirmed_at or listing.created_at


def token_of(secret_key: str, listing_id: str, of: int) -> str:
    """The token in an email's link: it proves that the market issued it for this boat and date."""
    message = f"still for sale {listing_id} {of}"
    return f"{of}.{hmac.new(secret_key.encode(), message.encode(), sha256).hexdigest()}"


async def by_token(
    store: Store, secret_key: str, listing_id: str, token: str
) -> tuple[Listing, int]:
    """The boat that an email's link is about, and the date it asks about. Raises NotFound."""
    of = token.partition(".")[0]
    is_date = of.isascii() and of.isdigit() and len(of) <= 15
    listing = None
    if is_date and is_same(token, token_of(secret_key, listing_id, int(of))):
        listing = await find_listing(store, listing_id)
    if listing is None:
        raise NotFound("listing", listing_id)
    return listing, int(of)
