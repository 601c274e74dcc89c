"""A draft: what somebody has entered about a boat that they want to sell, finished or not.

It is kept as typed, so that invalid input is not lost. Published, it becomes the listing with the
same id.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from ..wire import Id, Millis, Model
from .photo import Photos
from .video import Videos

LONGEST_VALUE = 12_000
MOST_VALUES = 200

Value = Annotated[str, Field(strict=True, max_length=LONGEST_VALUE)]


class Draft(Model):
    """`values` are the form's fields by name, as typed. `updated_at` is its version.

    `of_version` is the version of the listing with the same id that is being edited, and `base` that
    version in the form's fields; absent where there is no listing yet.
    """

    id: Id
    """The draft's id, and that of the listing it becomes."""
    owner_id: Id
    """The id of the user who sells the boat."""
    values: Annotated[dict[str, Value], Field(default_factory=dict, max_length=MOST_VALUES)]
    """The fields of the form by name, as typed."""
    base: Annotated[dict[str, Value], Field(default_factory=dict, max_length=MOST_VALUES)]
    """The fields of the listing that is being edited."""
    photos: Photos = ()
    videos: Videos = ()
    """The paths of the videos that were uploaded."""
    of_version: Millis | None = None
    """The version of the listing that is being edited, in Unix milliseconds."""
    created_at: Millis
    """When it was created, in Unix milliseconds."""
    updated_at: Millis
    """Its version: when it was last changed, in Unix milliseconds."""
