"""Problem documents: how the API answers what it refuses."""

from __future__ import annotations

from ....wire import Model
from .listings import Draft, Listing


class ProblemField(Model):
    """One rule that the request breaks."""

    field: str
    """The field's path as in the request, such as `boatDetails.year` or `features.2`."""
    message: str
    """What is wrong, in words."""


class Problem(Model):
    """A problem document (RFC 9457)."""

    type: str
    """`about:blank`: the status says what kind of problem it is. Or
    `urn:marinemarket:problem:terms-not-agreed`, for a 403 until the terms in force are agreed to:
    `GET /me` has them under `terms`, `PATCH /me` takes the answer.
    """
    title: str
    """The kind of problem, in words."""
    status: int
    """The HTTP status."""
    detail: str
    """What happened this time, in words; may be empty."""
    request_id: str | None = None
    """The request's name in the market's log."""


class InvalidProblem(Problem):
    """A request that breaks rules; nothing was written."""

    errors: list[ProblemField]
    """The rules that were found broken, at most twenty."""
    more_errors: int | None = None
    """How many more there are."""


class OutdatedProblem(Problem):
    """Something has changed since the version that a request named; nothing was written."""

    current: Listing | Draft | None = None
    """What it is now. The ETag of this answer is its version."""
