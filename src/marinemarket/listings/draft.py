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
    owner_id: Id
    values: Annotated[dict[str, Value], Field(default_factory=dict, max_length=MOST_VALUES)]
    base: Annotated[dict[str, Value], Field(default_factory=dict, max_length=MOST_VALUES)]
    photos: Photos = ()
    videos: Videos = ()
    of_version: Millis | None = None
    created_at: Millis
    updated_at: Millis
