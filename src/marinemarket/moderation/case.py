"""A case: everything that moderators know about one listing, for as long as the listing exists.

It is opened when a moderator should look at the listing, and closed by their decision; later events
open it again, with its history. Reporters appear in it only as hashes.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from ..accounts.user import Email
from ..wire import Count, Id, Millis, Model, Prose, Text

MOST_STEPS = 50
MOST_FLAGS = 40
MOST_REPORTERS = 200

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
    reports since then, including repeated ones.
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
    created_at: Millis
    updated_at: Millis

    @property
    def is_open(self) -> bool:
        return self.lane is not None

    @property
    def was_withdrawn(self) -> bool:
        """Was it closed because the advert was withdrawn, so that nobody has decided?"""
        return bool(self.history) and self.history[-1].event is Event.WITHDRAWN

    def fresh(self, flags: tuple[Flag, ...]) -> tuple[Flag, ...]:
        """Those flags that no moderator has accepted yet."""
        return tuple(flag for flag in flags if flag not in self.accepted)

    def opened(self, lane: Lane, version: int, flags: tuple[Flag, ...], now: int, by: str) -> Case:
        """Waiting in a lane, for a version of the listing; a case that waits already keeps its place."""
        step = Step(at=now, event=Event.OPENED, by=by, lane=lane)
        is_same = self.lane is lane
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
        """Decided, or obsolete. An approval also accepts the current flags."""
        step = Step(at=now, event=event, by=by, text=text)
        decided = event is not Event.WITHDRAWN
        earlier = tuple(dict.fromkeys((*self.earlier, *self.reporters)))[-MOST_REPORTERS:]
        return self._next(
            now,
            lane=None,
            waiting_since=None,
            seen_version=version,
            accepted=self.flags if event is Event.APPROVED else self.accepted,
            earlier=earlier if decided else self.earlier,
            reporters=() if decided else self.reporters,
            people=0 if decided else self.people,
            reports=0 if decided else self.reports,
            history=self._with(step),
        )

    def noting(self, event: Event, version: int, now: int, by: str, text: str) -> Case:
        """Still waiting, with one more event: the advert was hidden."""
        step = Step(at=now, event=event, by=by, text=text)
        return self._next(now, seen_version=version, history=self._with(step))

    def reported(self, keys: tuple[str, ...], now: int) -> Case:
        """One more report, by a person known by these hashes; they are new if none of the hashes is known."""
        known = {*self.reporters, *self.earlier}
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
