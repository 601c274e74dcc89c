"""Screening adverts: the rules check an advert in its current state, and findings open a case.

Everything depends on the current listing and case, so a change that is reported twice has no further
effect. A listing, its case and the email to its owner change in one commit.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from ..accounts.records import MARKET_ID
from ..audit.actions import Action
from ..audit.entry import Actor
from ..audit.trail import Trail
from ..clock import DAY
from ..i18n.texts import gettext as _
from ..i18n.texts import mark
from ..links import Links
from ..listings.listing import Listing, Moderation, ModerationState, Status
from ..listings.records import find_listing, next_version, replace_listing
from ..store.writes import Write
from ..vault.vault import Vault
from .case import EARLIER, Case, Event, Flag, Lane
from .earlier_adverts import approved_at
from .evidence import EvidenceGatherer
from .notifications import decision_email
from .records import case_put, find_case, find_cases, listing_unchanged, report_endings
from .rules import BY_NAME, flags_of, is_grave

ACTOR = Actor.system("moderation")
BY = ACTOR.user_id
MODERATED = Action.LISTING_MODERATED

REPORTED = mark("Several people have reported this advert. We will look at it and write to you.")
"""All that the owner is told: details would reveal the reporters."""


@dataclass(frozen=True, slots=True)
class Screener:
    """`looks_at_all`: a moderator sees every new advert; otherwise only flagged ones.

    `reports_to_hide` is how many people must report a public advert before it is hidden.
    """

    trail: Trail
    vault: Vault
    surroundings: EvidenceGatherer
    looks_at_all: bool
    reports_to_hide: int
    links: Links

    async def look_at(self, listing_id: str, before: Listing | None = None) -> None:
        """Bring a listing's case up to date. `before` is what a deleted one was last.

        Raises Unavailable without an index.
        """

        async def look() -> None:
            listing = await find_listing(self.trail.store, listing_id)
            case = await find_case(self.trail.store, listing_id)
            if listing is None:
                await self._keep_deleted(before, case)
            else:
                await self._judge(listing, case)

        await self.trail.retrying(look)

    async def keep_precedents(self, listing_id: str) -> None:
        """Bring up to date what of a case is recognised in later adverts, and look at those that were
        offered in the meantime. Raises Unavailable without an index.
        """
        case = await find_case(self.trail.store, listing_id)
        if case is None:
            return
        listing = await find_listing(self.trail.store, listing_id)
        alike = await self.surroundings.alike(listing) if listing and case.exhibits else []
        cases = await find_cases(self.trail.store, [one.id for one in alike])
        originals: list[str] = []
        later: list[str] = []
        for one in alike:
            known = cases.get(one.id)
            is_older = listing is not None and one.created_at < listing.created_at
            is_fine = is_older or (known is not None and approved_at(known) is not None)
            (originals if is_fine else later).append(one.id)
        await self.surroundings.history.keep(case, tuple(originals))
        for id in later if case.was_decided_against else ():
            await self._look_again(id)

    async def _look_again(self, listing_id: str) -> None:
        """Look at a public advert in the light of what was decided about one like it."""

        async def look() -> None:
            listing = await find_listing(self.trail.store, listing_id)
            case = await find_case(self.trail.store, listing_id)
            if listing and listing.is_offered and listing.owner_id != MARKET_ID:
                await self._judge_public(listing, case)

        await self.trail.retrying(look)

    async def hide_if_reported(self, listing_id: str) -> None:
        """Hide a public listing that enough people have reported, until a moderator has looked."""

        async def hide() -> None:
            listing = await find_listing(self.trail.store, listing_id)
            case = await find_case(self.trail.store, listing_id)
            if listing is None or case is None or not listing.is_offered:
                return
            if case.lane is not Lane.REPORTED or case.people < self.reports_to_hide:
                return
            await self._hide(listing, case, case, _(REPORTED))

        await self.trail.retrying(hide)

    async def _judge(self, listing: Listing, case: Case | None) -> None:
        if listing.status is not Status.ACTIVE:
            await self._withdraw(listing, case)
            return
        state = listing.moderation.state
        is_read = case is not None and case.seen_version == listing.updated_at
        if is_read and not (case and case.was_withdrawn):
            return
        judge = _JUDGED.get(state)
        if judge is not None and listing.owner_id != MARKET_ID:
            await judge(self, listing, case)

    async def _withdraw(self, listing: Listing, case: Case | None) -> None:
        """Close the case of a withdrawn advert until it is offered again.

        One that was reported as a fraud, or hidden, goes on waiting.
        """
        if case is None or not case.is_open:
            return
        now, version = self.trail.clock(), listing.updated_at
        if not _waits_whatever_its_owner_does(listing, case):
            closed = case.closed(Event.WITHDRAWN, version, now, BY)
            await self._commit(Action.CASE_CLOSED, case, closed, listing, because="withdrawn")
        elif case.history[-1].event is not Event.WITHDRAWN:
            noted = case.noting(Event.WITHDRAWN, version, now, BY)
            shown = noted.showing(listing, _suspicion(listing), now)
            await self._commit(Action.CASE_OPENED, case, shown, listing, because="withdrawn")

    async def _keep_deleted(self, before: Listing | None, case: Case | None) -> None:
        """Keep the case of a deleted advert for a while. One under suspicion goes on waiting."""
        if case is None or case.deleted_at is not None:
            return
        now = self.trail.clock()
        shown = case
        if before and (case.is_suspected or _is_hidden(before)):
            shown = case.showing(before, _suspicion(before), now)
        if case.is_open and _waits_whatever_its_owner_does(before, case):
            kept, action = (
                shown.noting(Event.DELETED, case.seen_version, now, BY),
                Action.CASE_OPENED,
            )
        else:
            kept, action = (
                shown.closed(Event.DELETED, case.seen_version, now, BY),
                Action.CASE_CLOSED,
            )
        ends_at = now + self.surroundings.history.retention_days * DAY
        reports = await report_endings(self.trail.store, case.listing_id, ends_at)
        gone = kept.gone(now, ends_at)
        await self._commit(action, case, gone, None, *reports, because="deleted")

    async def _judge_new(self, listing: Listing, case: Case | None) -> None:
        flags = await self._flags(listing)
        if case and case.is_open:
            # Whoever fits an earlier case is seen by a person, and edits nothing away from them.
            known = (flag for flag in case.flags if flag.rule.startswith(EARLIER))
            flags = tuple(dict.fromkeys((*flags, *known)))
        if flags or self.looks_at_all or (case and (case.reporters or _was_sent_back(case))):
            await self._open(listing, case, Lane.NEW, flags)
        else:
            await self._approve(listing, case)

    async def _judge_public(self, listing: Listing, case: Case | None) -> None:
        flags = await self._flags(listing)
        fresh = case.fresh(flags) if case else flags
        lane = _lane_of_public(case, fresh)
        if lane is None:
            return
        opened = self._opened(listing, case, lane, flags)
        if any(map(is_grave, fresh)):
            await self._hide(listing, case, opened, _reason_of(fresh))
        else:
            await self._commit_opened(listing, case, opened)

    async def _judge_hidden(self, listing: Listing, case: Case | None) -> None:
        """Edited while it waits: the moderator sees the rules' current findings."""
        lane = (case.lane if case else None) or Lane.EDITED
        await self._open(listing, case, lane, await self._flags(listing))

    async def _flags(self, listing: Listing) -> tuple[Flag, ...]:
        around = await self.surroundings.of(listing, self.trail.clock())
        return flags_of(listing, around)

    # -- Commits -----------------------------------------------------------------------------------

    def _opened(
        self, listing: Listing, case: Case | None, lane: Lane, flags: tuple[Flag, ...]
    ) -> Case:
        now = self.trail.clock()
        opened = (case or new_case(listing, now)).opened(lane, listing.updated_at, flags, now, BY)
        # What fits an earlier case raises no suspicion of its own: it would spread to what is honest.
        own = (flag for flag in flags if not flag.rule.startswith(EARLIER))
        is_suspect = lane is Lane.NEW and any(map(is_grave, own))
        if is_suspect or (case and case.is_suspected) or _is_hidden(listing):
            return opened.showing(listing, _suspicion(listing), now)
        return opened

    async def _open(
        self, listing: Listing, case: Case | None, lane: Lane, flags: tuple[Flag, ...]
    ) -> None:
        await self._commit_opened(listing, case, self._opened(listing, case, lane, flags))

    async def _commit_opened(self, listing: Listing, case: Case | None, opened: Case) -> None:
        entry = ACTOR.entry(
            Action.CASE_OPENED,
            "listing",
            listing.id,
            self.trail.clock(),
            lane=opened.lane,
            flags=[flag.rule for flag in opened.flags],
        )
        await self.trail.commit(entry, listing_unchanged(listing), case_put(case, opened))

    async def _commit(
        self,
        action: Action,
        old: Case,
        new: Case,
        listing: Listing | None,
        *others: Write,
        because: str,
    ) -> None:
        now = self.trail.clock()
        entry = ACTOR.entry(action, "listing", old.listing_id, now, because=because)
        checks = [listing_unchanged(listing)] if listing else []
        await self.trail.commit(entry, case_put(old, new), *checks, *others)

    async def _approve(self, listing: Listing, case: Case | None) -> None:
        """Approve an unflagged advert in the market's own name."""
        now = self.trail.clock()
        new = moderated(listing, Moderation(state=ModerationState.APPROVED), now)
        known = (case or new_case(listing, now)).cleared(now)
        closed = known.closed(Event.APPROVED, new.updated_at, now, BY)
        email = await decision_email(
            self.trail.store, self.vault, self.links, Event.APPROVED, new, "", now
        )
        await replace_listing(
            self.trail, ACTOR, listing, new, case_put(case, closed), *email, action=MODERATED
        )

    async def _hide(self, listing: Listing, old: Case | None, case: Case, reason: str) -> None:
        now = self.trail.clock()
        flagged = Moderation(state=ModerationState.FLAGGED, reason=reason)
        new = moderated(listing, flagged, now)
        hidden = case.noting(Event.HIDDEN, new.updated_at, now, BY, reason)
        hidden = hidden.showing(listing, Event.HIDDEN, now)
        email = await decision_email(
            self.trail.store, self.vault, self.links, Event.HIDDEN, new, reason, now
        )
        await replace_listing(
            self.trail, ACTOR, listing, new, case_put(old, hidden), *email, action=MODERATED
        )


_JUDGED: dict[ModerationState, Callable[[Screener, Listing, Case | None], Awaitable[None]]] = {
    ModerationState.PENDING: Screener._judge_new,
    ModerationState.APPROVED: Screener._judge_public,
    ModerationState.FLAGGED: Screener._judge_hidden,
}


def new_case(listing: Listing, now: int) -> Case:
    """A new case for a listing, before it is opened."""
    return Case(
        listing_id=listing.id,
        seller_id=listing.owner_id,
        seen_version=0,
        created_at=now,
        updated_at=now,
    )


def moderated(listing: Listing, moderation: Moderation, now: int) -> Listing:
    """The next version of a listing, with another moderation state."""
    return listing.changed(moderation=moderation, updated_at=next_version(listing, now))


def _is_hidden(listing: Listing) -> bool:
    return listing.moderation.state is ModerationState.FLAGGED


def _suspicion(listing: Listing) -> Event:
    return Event.HIDDEN if _is_hidden(listing) else Event.OPENED


def _waits_whatever_its_owner_does(listing: Listing | None, case: Case) -> bool:
    """Does a person look at this case although its advert is not offered any more?"""
    if listing is not None and _is_hidden(listing):
        return True
    return bool(case.exhibits) and case.lane is not Lane.NEW


def _lane_of_public(case: Case | None, fresh: tuple[Flag, ...]) -> Lane | None:
    """The lane of a public listing's case; None if no moderator needs to look."""
    if case and case.reporters:
        return Lane.REPORTED
    return Lane.EDITED if fresh or (case and case.is_open) else None


def _was_sent_back(case: Case) -> bool:
    """Was the last decision a rejection? Then a moderator checks whether it was fixed."""
    return case.decision is not None and case.decision.event is not Event.APPROVED


def _reason_of(flags: tuple[Flag, ...]) -> str:
    text = dict.fromkeys(_(BY_NAME[flag.rule].for_seller) for flag in flags if is_grave(flag))
    return " ".join(text)
