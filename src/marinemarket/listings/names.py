"""Short names used in listings."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from ..wire import CLEAN_LINE

LONGEST_NAME = 100
Name = Annotated[str, Field(min_length=1, max_length=LONGEST_NAME), CLEAN_LINE]
"""The name of a maker, a model, a place or a source."""
