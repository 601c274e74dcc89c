"""A draft: what somebody has said so far of a boat that they want to sell, finished or not.

It is kept as it was typed, so that nothing is lost of what no rule would take yet. Published, it
becomes the listing of the same id.
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
    """`values` are the form's fields by their names, as typed. `updated_at` is its version.

    `of_version` is the version of the listing of the same id that is being edited, and `base` what
    that version said, in the form's fields; absent where there is no listing yet.
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
