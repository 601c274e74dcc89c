"""Bulk actions and imports, as the API answers them."""

from __future__ import annotations

from typing import Literal

from ....jobs.job import JobState, Why
from ....seller_dashboard.bulk_actions import BulkAction
from ....wire import Millis, Model
from .page import page_of


class JobRefusal(Model):
    """A boat that was left as it is."""

    listing_id: str
    """The listing's id."""
    title: str
    """Its title; empty for a listing that is not yours."""
    reason: str
    """Why, in words."""


class Job(Model):
    """A bulk action on your listings, an import of a file, or the taking back of one.

    Times are in Unix milliseconds, UTC.
    """

    id: str
    """The job's id."""
    kind: str
    """`bulk-edit`, `import`, `fetch-photos` or `take-back`."""
    action: BulkAction | Literal["import", "fetch-photos"]
    """What is done to each boat, or taken back; `import` for a file of boats, `fetch-photos` for the photos
    that it names."""
    state: JobState
    """`queued`, `running`, `done`, `failed` or `cancelled`."""
    why: Why
    """Why it ended before it was done: `error`, `account` (not active), or `restored` (from a backup)."""
    total: int
    """How many boats there are; rows in an import, photos in `fetch-photos`."""
    done: int
    """How many of them have been dealt with."""
    refused: int
    """How many of those were left as they are."""
    created_at: Millis
    """When it was made."""
    updated_at: Millis
    """When it last moved on."""
    ended_at: Millis | None = None
    """When it ended."""
    reversible_until: Millis | None = None
    """Until when it can be taken back; absent if it cannot be."""
    undoes: str | None = None
    """The id of the job that this one takes back."""
    undone_by: str | None = None
    """The id of the job that takes this one back."""


class JobWithRefusals(Job):
    """A job, and the boats that it left as they are."""

    refusals: list[JobRefusal]
    """The first 100 of them. Those of an import are in the file of its rejected rows."""


JobPage = page_of("JobPage", Job, "Some of your jobs, the newest first.")
