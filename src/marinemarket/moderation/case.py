"""A case: everything that moderators know about one listing.

It is opened when a moderator should look at the listing, and closed by their decision; later events
open it again, with its history. Reporters appear in it only as hashes. It outlives a deleted listing
until `ends_at`; its exhibits, what the advert said and showed when it was suspected or decided
against, are recognised in later adverts.
"""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from ..accounts.user import Email
from ..listings.listing import Listing
from ..wire import Count, Id, Millis, Model, Prose, Text
from .exhibit import Exhibit

MOST_STEPS = 50
MOST_FLAGS = 40
MOST_REPORTERS = 200
MOST_EXHIBITS = 5
EARLIER = "earlier-"
"""How the names of the rules about earlier cases begin."""

Key = Annotated[str, Field(strict=True, pattern=r"^[0-9a-f]{64}$")]


class Lane(StrEnum):
    """Why a case waits."""

    NEW = "new"
    """An advert that has not been moderated yet, or was changed after a rejection."""
    EDITED = "edited"
    """An approved advert that a rule has flagged since."""
    REPORTED = "reported"
    """An advert that visitors have reported."""


class Flag(Model):
    """A rule's finding: the rule's name, and the evidence, a few words of the advert or figures."""

    rule: Annotated[str, Field(strict=True, min_length=1, max_length=40)]
    """The name of the rule."""
    found: Text
    """The evidence: some words of the advert, or figures."""


class Event(StrEnum):
    """What happened to a case."""

    OPENED = "opened"
    APPROVED = "approved"
    CHANGES_WANTED = "changes-wanted"
    REJECTED = "rejected"
    HIDDEN = "hidden"
    WITHDRAWN = "withdrawn"
    DELETED = "deleted"


DECISIONS = (Event.APPROVED, Event.CHANGES_WANTED, Event.REJECTED)
MACHINE = "system:"
"""How the actor of what no person decided begins."""


class Step(Model):
    """One event in a case. `by` is a user's id, or ``system:moderation``."""

    at: Millis
    """When it happened, in Unix milliseconds."""
    event: Event
    """What happened."""
    by: Annotated[str, Field(strict=True, min_length=1, max_length=100)]
    """Who did it: a user's id, or `system:moderation`."""
    lane: Lane | None = None
    """Why the case waited."""
    text: Text | None = Field(None, alias="said")
    """What the moderator said."""


class Case(Model):
    """`lane` and `waiting_since` are set while it waits. `updated_at` is its version.

    `seen_version` is the version of the listing that the rules last checked, and `flags` are its flags;
    `accepted` are those that a moderator saw and accepted. `reporters` have reported since the last
    decision, each once; those in `earlier` did so before it, and no longer count. `reports` counts all
    reports since then, including repeated ones. `deleted_at` is when its listing was deleted, and
    `ends_at` when the case goes too.
    """

    listing_id: Id
    """The listing's id."""
    seller_id: Id
    """The id of the user who sells the boat."""
    lane: Lane | None = None
    """Why it waits; absent if it does not."""
    waiting_since: Millis | None = None
    """Since when it waits, in Unix milliseconds."""
    seen_version: Millis
    flags: Annotated[tuple[Flag, ...], Field(max_length=MOST_FLAGS)] = ()
    accepted: Annotated[tuple[Flag, ...], Field(max_length=MOST_FLAGS)] = ()
    reports: Count = 0
    """How many reports there were since the last decision."""
    reporters: Annotated[tuple[Key, ...], Field(max_length=MOST_REPORTERS)] = ()
    people: Count = 0
    """How many different people `reporters` are: one may be known by account and by network."""
    earlier: Annotated[tuple[Key, ...], Field(max_length=MOST_REPORTERS)] = ()
    history: Annotated[tuple[Step, ...], Field(max_length=MOST_STEPS)] = ()
    """What has happened to it."""
    exhibits: Annotated[tuple[Exhibit, ...], Field(max_length=MOST_EXHIBITS)] = ()
    deleted_at: Millis | None = None
    """When its owner deleted the advert, in Unix milliseconds."""
    ends_at: Millis | None = None
    created_at: Millis
    updated_at: Millis

    @property
    def is_open(self) -> bool:
        return self.lane is not None

    @property
    def was_withdrawn(self) -> bool:
        """Was it closed because the advert was withdrawn, so that nobody has decided?"""
        return not self.is_open and self._last is Event.WITHDRAWN

    @property
    def decision(self) -> Step | None:
        """The last decision: approved, changes wanted, or rejected."""
        made = (step for step in reversed(self.history) if step.event in DECISIONS)
        return next(made, None)

    @property
    def is_suspected(self) -> bool:
        """Does it wait because of a suspicion, by reports or by a grave rule?"""
        return self.is_open and bool(self.exhibits)

    @property
    def was_decided_against(self) -> bool:
        """Was its advert rejected or hidden?"""
        return any(one.event in (Event.REJECTED, Event.HIDDEN) for one in self.exhibits)

    @property
    def _last(self) -> Event | None:
        return self.history[-1].event if self.history else None

    def fresh(self, flags: tuple[Flag, ...]) -> tuple[Flag, ...]:
        """Those flags that no moderator has accepted yet."""
        return tuple(flag for flag in flags if flag not in self.accepted)

    def opened(self, lane: Lane, version: int, flags: tuple[Flag, ...], now: int, by: str) -> Case:
        """Waiting in a lane, for a version of the listing; a case that waits already keeps its place."""
        step = Step(at=now, event=Event.OPENED, by=by, lane=lane)
        is_same = self.lane is lane and self._last is not Event.WITHDRAWN
        return self._next(
            now,
            lane=lane,
            waiting_since=self.waiting_since if self.is_open else now,
            seen_version=version,
            flags=flags[:MOST_FLAGS],
            history=self.history if is_same else self._with(step),
        )

    def closed(
        self, event: Event, version: int, now: int, by: str, text: str | None = None
    ) -> Case:
        """Decided, or obsolete. A person's approval also accepts the current flags."""
        step = Step(at=now, event=event, by=by, text=text)
        decided = event not in (Event.WITHDRAWN, Event.DELETED)
        is_accepting = event is Event.APPROVED and not by.startswith(MACHINE)
        earlier = tuple(dict.fromkeys((*self.earlier, *self.reporters)))[-MOST_REPORTERS:]
        return self._next(
            now,
            lane=None,
            waiting_since=None,
            seen_version=version,
            accepted=self._accepting() if is_accepting else self.accepted,
            earlier=earlier if decided else self.earlier,
            reporters=() if decided else self.reporters,
            people=0 if decided else self.people,
            reports=0 if decided else self.reports,
            history=self._with(step),
        )

    def noting(
        self, event: Event, version: int, now: int, by: str, text: str | None = None
    ) -> Case:
        """As before, with one more event: the advert was hidden, withdrawn or deleted."""
        step = Step(at=now, event=event, by=by, text=text)
        return self._next(now, seen_version=version, history=self._with(step))

    def showing(self, listing: Listing, event: Event, now: int) -> Case:
        """With the advert as it is now as an exhibit. All exhibits are held to what happened last."""
        new = Exhibit.of(listing, event.value, now)
        if self.exhibits and new.says_the_same(last := self.exhibits[-1]):
            is_known = event in (last.event, Event.OPENED) and last.follows == new.follows
            if is_known:
                return self  # a further report changes nothing of what is recognised
        return self._next(now, exhibits=self._exhibits(event, now, new))

    def held(self, event: Event, now: int) -> Case:
        """With its exhibits held to what happened last."""
        return self._next(now, exhibits=self._exhibits(event, now))

    def approving(self, listing: Listing, now: int) -> Case:
        """With nothing held against anybody that this approved advert has."""
        left = (exhibit.approved(listing) for exhibit in self.exhibits)
        return self._next(now, exhibits=tuple(exhibit for exhibit in left if exhibit))

    def cleared(self, now: int) -> Case:
        """With nothing held against anybody but what a moderator decided."""
        decided = (exhibit for exhibit in self.exhibits if exhibit.event != Event.OPENED)
        return self._next(now, exhibits=tuple(decided))

    def forgotten(self, now: int) -> Case:
        """With nothing held against anybody."""
        return self._next(now, exhibits=())

    def gone(self, now: int, ends_at: int) -> Case:
        """Its listing was deleted."""
        return self._next(now, deleted_at=now, ends_at=ends_at)

    def _exhibits(self, event: Event, now: int, *new: Exhibit) -> tuple[Exhibit, ...]:
        others = (one for one in self.exhibits if not any(map(one.says_the_same, new)))
        # A new suspicion takes nothing from what was decided.
        held = {} if event is Event.OPENED else {"event": event.value, "at": now}
        kept = [one.changed(**held) for one in others]
        # The first shows what was reported, the last what became of it.
        return (*kept[:1], *[*kept[1:], *new][1 - MOST_EXHIBITS :])

    def _accepting(self) -> tuple[Flag, ...]:
        earlier = (flag for flag in self.accepted if flag.rule.startswith(EARLIER))
        return tuple(dict.fromkeys((*self.flags, *earlier)))[:MOST_FLAGS]

    def reported(self, keys: tuple[str, ...], mistaken: Collection[str], now: int) -> Case:
        """One more report, by a person known by these hashes.

        They are counted if none of the hashes is known, here or as of those mistaken about the seller.
        """
        known = {*self.reporters, *self.earlier, *mistaken}
        is_new = known.isdisjoint(keys) and len(self.reporters) + len(keys) <= MOST_REPORTERS
        return self._next(
            now,
            reports=self.reports + 1,
            people=self.people + is_new,
            reporters=(*self.reporters, *keys) if is_new else self.reporters,
        )

    def _with(self, step: Step) -> tuple[Step, ...]:
        return (*self.history, step)[-MOST_STEPS:]

    def _next(self, now: int, **changes: object) -> Case:
        return self.changed(updated_at=max(now, self.updated_at + 1), **changes)


class Complaint(StrEnum):
    """The kinds of complaint about an advert."""

    SCAM = "scam"
    SOLD = "sold"
    WRONG = "wrong"
    COPIED = "copied"
    STOLEN = "stolen"
    FORBIDDEN = "forbidden"
    OTHER = "other"


class Report(Model):
    """A report on a listing. `user_id` if they were signed in, `email` if they left it."""

    id: Id
    listing_id: Id
    seller_id: Id
    complaint: Complaint
    words: Prose | None = None
    user_id: Id | None = None
    email: Email | None = None
    created_at: Millis
