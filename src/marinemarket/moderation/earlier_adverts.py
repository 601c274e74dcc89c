"""Earlier adverts: what was decided about them follows their hull, pictures, text and owner.

An advert that shares its hull, a picture or its text with an advert that was rejected, sent back for
changes, hidden, or taken away under suspicion fits that case, whoever offers it. What a moderator
accepted in one advert of an owner, for one earlier case, is accepted in the owner's others.

An owner is followed to other boats only in proportion: for 180 days, unless moderators have since
approved three other adverts of theirs, and only if the cases against them are more than one in twenty
of the adverts that they offer.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Self

from ..audit.trail import Trail
from ..clock import DAY
from ..listings.listing import Listing, ModerationState
from ..listings.media.perceptual_hashes import NEAR, distance
from ..listings.photo import Photos
from ..listings.records import owned_by
from .case import EARLIER, MACHINE, Case, Event
from .exhibit import Part
from .fingerprints import Fingerprints
from .precedents import (
    SHORT,
    Match,
    Usual,
    all_kept_of,
    keep_precedents,
    matches,
    precedents_of,
)
from .records import cases_of, find_case, find_cases, has_evidence
from .rules import EarlierCases

OWNER_DAYS = 180
ENOUGH_APPROVED = 3
ONE_IN = 20
_OTHERS_READ = 20
_OTHERS_COUNTED = 100
_IS_THE_SAME = 0.7
"""An advert that has so much of another is no other boat with the same paragraph, but its double."""
_MOST_ORIGINALS = 20


@dataclass(frozen=True, slots=True)
class EarlierAdverts:
    """`retention_days` is how long something is recognised after it was decided."""

    trail: Trail
    prints: Fingerprints
    retention_days: int

    @classmethod
    def of(cls, trail: Trail, secret_key: str, retention_days: int) -> Self:
        return cls(trail, Fingerprints.of(secret_key), retention_days)

    async def is_evidence(self, listing_id: str) -> bool:
        """Is what a listing said and showed part of a case that is still kept?"""
        since = self.trail.clock() - self.retention_days * DAY
        return await has_evidence(self.trail.store, listing_id, since)

    async def fitting(self, listing: Listing, now: int) -> EarlierCases:
        """The earlier cases that an advert fits and that no moderator has accepted for its owner."""
        known = await self._cases_of_owner(listing)
        others = [case for case in known if case.exhibits and case.listing_id != listing.id]
        own = None
        if any(case.exhibits for case in known):
            held = {case.listing_id for case in known if case.exhibits}
            pairs = self.prints.pairs(listing.description)
            own = pairs - (await self._usual(listing, held)).pairs
        found = await matches(self.trail.store, self.prints, listing, own)
        accepted = _accepted(known)
        is_short = len(self.prints.pairs(listing.description)) < SHORT - 1
        by_part: dict[Part, list[str]] = {part: [] for part in Part}
        cases = await find_cases(self.trail.store, [*found])
        for id, match in found.items():
            if _is_exempt(listing, id, match, cases.get(id)):
                continue
            case = cases.get(id)
            same_owner = case is not None and case.seller_id == listing.owner_id
            for part in match.parts(same_owner=same_owner, is_short=is_short):
                if (f"{EARLIER}{part}", id) not in accepted:
                    by_part[part].append(id)
        return EarlierCases(
            hull=tuple(by_part[Part.HULL]),
            pictures=tuple(by_part[Part.PICTURES]),
            text=tuple(by_part[Part.TEXT]),
            owner=await self._against_owner(listing, known, others, accepted, now),
        )

    async def keep(self, case: Case, originals: tuple[str, ...]) -> None:
        """Bring the precedents of a case up to date."""
        kept = await all_kept_of(self.trail.store, case.listing_id)
        before = (one for item in kept.values() for one in item["originals"])
        known = tuple(dict.fromkeys((*before, *originals)))[:_MOST_ORIGINALS]
        usual = Usual()
        if case.exhibits:
            held = {case.listing_id}
            usual = await self._usual_of(
                case.seller_id,
                self.prints.pairs(case.exhibits[-1].description),
                _masked(self.prints, case.exhibits[-1].photos),
                held,
            )
        wanted = precedents_of(case, self.prints, usual, known, self.retention_days)
        await keep_precedents(self.trail, case.listing_id, wanted, kept)

    async def _cases_of_owner(self, listing: Listing) -> list[Case]:
        store = self.trail.store
        known = {case.listing_id: case for case in await cases_of(store, listing.owner_id)}
        # The index may lag; the advert's own case is read itself.
        if case := await find_case(store, listing.id):
            known[listing.id] = case
        return [*known.values()]

    async def _usual(self, listing: Listing, held: Collection[str]) -> Usual:
        pairs = self.prints.pairs(listing.description)
        masked = _masked(self.prints, listing.photos)
        return await self._usual_of(listing.owner_id, pairs, masked, {*held, listing.id})

    async def _usual_of(
        self,
        owner_id: str,
        pairs: frozenset[int],
        masked: tuple[str, ...],
        held: Collection[str],
    ) -> Usual:
        """What an owner's other offered adverts say and show too, doubles of this one left out."""
        page = await owned_by(self.trail.store, owner_id, limit=_OTHERS_READ)
        shared: set[int] = set()
        pictures: list[str] = []
        for other in page.listings:
            if other.id in held or not other.is_offered:
                continue
            theirs = self.prints.pairs(other.description)
            shown = _masked(self.prints, other.photos)
            says = len(pairs & theirs) / len(pairs) if pairs else 0.0
            same = [one for one in masked if any(distance(one, two) <= NEAR for two in shown)]
            shows = len(same) / len(masked) if masked else 0.0
            if max(says, shows) < _IS_THE_SAME:
                shared |= theirs
                pictures += shown
        return Usual(frozenset(shared), tuple(pictures))

    async def _against_owner(
        self,
        listing: Listing,
        known: list[Case],
        others: list[Case],
        accepted: Collection[tuple[str, str]],
        now: int,
    ) -> tuple[str, ...]:
        # Only what is new: other boats that are public already go on, unless they are reported.
        if listing.moderation.state is not ModerationState.PENDING:
            return ()
        since = [at for case in known if (at := approved_at(case)) is not None]
        against = [case for case in others if weighs(case, since, now)]
        if not against:
            return ()
        page = await owned_by(self.trail.store, listing.owner_id, limit=_OTHERS_COUNTED)
        offered = sum(one.is_offered for one in page.listings)
        if len(against) * ONE_IN <= offered:
            return ()
        ids = (case.listing_id for case in against)
        return tuple(id for id in ids if (f"{EARLIER}owner", id) not in accepted)


def approved_at(case: Case) -> int | None:
    """When a person approved the advert of a case, if that is what was decided last."""
    step = case.decision
    if step is None or step.event is not Event.APPROVED or step.by.startswith(MACHINE):
        return None
    return step.at


def weighs(case: Case, approvals: Collection[int], now: int) -> bool:
    """Does a case weigh against its owner's other adverts?

    It does if the advert was rejected or hidden, or taken away under a suspicion that waits.
    """
    if approved_at(case) is not None:
        return False
    last = case.exhibits[-1]
    if case.is_open and (case.deleted_at is not None or last.event == Event.HIDDEN):
        return True
    if last.event not in (Event.HIDDEN, Event.REJECTED) or now - last.at > OWNER_DAYS * DAY:
        return False
    return sum(at > last.at for at in approvals) < ENOUGH_APPROVED


def _accepted(cases: list[Case]) -> frozenset[tuple[str, str]]:
    """What moderators accepted in an owner's adverts: rules, and the earlier cases they named."""
    return frozenset(
        (flag.rule, id)
        for case in cases
        for flag in case.accepted
        if flag.rule.startswith(EARLIER)
        for id in flag.found.split(", ")
    )


def _is_exempt(listing: Listing, id: str, match: Match, case: Case | None) -> bool:
    if case is not None and not case.exhibits:
        return True  # approved just now: its precedents are about to go
    if id == listing.id:
        # While it waits, its own case says all. Once approved, it may not become again what it was.
        is_waiting = case is not None and case.is_open
        return is_waiting or listing.moderation.state is not ModerationState.APPROVED
    return listing.id in match.originals


def _masked(prints: Fingerprints, photos: Photos) -> tuple[str, ...]:
    made = (prints.picture(photo.phash) for photo in photos)
    return tuple(one.masked for one in made if one)
