"""A job: what it is to do, for whom, and how far it has come."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, Self
from uuid import uuid4

from pydantic import Field

from ..audit.entry import Actor
from ..clock import DAY
from ..wire import Count, Id, Millis, Model

KEPT_FOR = 30 * DAY
"""How long a job is kept after it was made, or has ended, in milliseconds."""
MOST_UNFINISHED = 20
"""The most jobs that one queue holds."""

_Name = Annotated[str, Field(min_length=1, max_length=200)]


class JobState(StrEnum):
    """`prepared` is shown to its owner first, and starts when they agree."""

    PREPARED = "prepared"
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


ENDED = frozenset({JobState.DONE, JobState.FAILED, JobState.CANCELLED})


class Why(StrEnum):
    """Why a job ended before it was done; empty if it is done, or its owner cancelled it."""

    NOTHING = ""
    ERROR = "error"
    ACCOUNT = "account"
    RESTORED = "restored"


class JobActor(Model):
    """On whose behalf, and from where, as the audit entries of its steps tell."""

    user_id: str
    user_email: str
    ip_address: str
    user_agent: str
    session_id: str


class Job(Model):
    """One job. Times are in Unix milliseconds.

    Of `total` pieces, `done` have been dealt with, `refused` of them without success. `position` is
    for the kind of job to say where it is. `step` counts the commits. A job without an owner is
    the market's own: it is not erased with anybody, and goes on after a restore.
    """

    id: Id
    kind: _Name
    queue: _Name
    owner_id: _Name | None = None
    actor: JobActor
    state: JobState = JobState.QUEUED
    why: Why = Why.NOTHING
    parameters: dict[str, Any] = Field(default_factory=dict)
    position: Annotated[str, Field(max_length=1000)] = ""
    total: Count = 0
    done: Count = 0
    refused: Count = 0
    step: Count = 0
    failures: Count = 0
    undoes: Id | None = None
    undone_by: Id | None = None
    created_at: Millis
    updated_at: Millis
    ended_at: Millis | None = None

    @property
    def has_ended(self) -> bool:
        return self.state in ENDED

    @property
    def is_waiting(self) -> bool:
        """Is it still to be done, or in the middle?"""
        return self.state in (JobState.QUEUED, JobState.RUNNING)

    @property
    def on_behalf(self) -> Actor:
        """The actor of its steps."""
        who = self.actor
        return Actor(
            who.user_id,
            who.user_email,
            who.ip_address,
            who.user_agent,
            who.session_id,
            job=self.id,
        )

    def advanced(
        self,
        now: int,
        *,
        by: int = 0,
        refused: int = 0,
        position: str | None = None,
        total: int | None = None,
    ) -> Self:
        """The job one step further. It is done once as many pieces as `total` have been dealt with.

        A job that does not know its total leaves it at 0, and ends with `ended`.
        """
        moved = self.changed(
            state=JobState.RUNNING,
            done=self.done + by,
            refused=self.refused + refused,
            position=self.position if position is None else position,
            total=self.total if total is None else total,
            step=self.step + 1,
            failures=0,
            updated_at=now,
        )
        is_done = moved.total > 0 and moved.done >= moved.total
        return moved.changed(state=JobState.DONE, ended_at=now) if is_done else moved

    def ended(self, now: int, state: JobState, why: Why = Why.NOTHING) -> Self:
        """The job at its end."""
        return self.changed(state=state, why=why, step=self.step + 1, updated_at=now, ended_at=now)


def new_job(
    kind: str,
    actor: Actor,
    now: int,
    *,
    id: str = "",
    owner_id: str | None = None,
    queue: str = "",
    total: int = 0,
    state: JobState = JobState.QUEUED,
    undoes: str | None = None,
    parameters: dict[str, Any] | None = None,
) -> Job:
    """A job as it begins. Jobs of one `queue` are done one after another; it is the owner's by default."""
    id = id or str(uuid4())
    return Job(
        id=id,
        kind=kind,
        queue=queue or owner_id or id,
        owner_id=owner_id,
        actor=JobActor(
            user_id=actor.user_id,
            user_email=actor.user_email,
            ip_address=actor.ip_address,
            user_agent=actor.user_agent,
            session_id=actor.session_id,
        ),
        state=state,
        parameters=parameters or {},
        total=total,
        undoes=undoes,
        created_at=now,
        updated_at=now,
    )
