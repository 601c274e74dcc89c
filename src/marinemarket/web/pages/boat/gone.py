"""The page of a boat that has been sold or withdrawn, with similar boats."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from litestar import Response
from litestar.response import Template

from ....listings.listing import Listing, Status
from ...presentation.labels import type_label, type_plural
from ..card import Card


@dataclass(frozen=True, slots=True)
class GonePage:
    """All that ``gone.html`` uses: what kind of boat she was, and none of her owner's words."""

    is_sold: bool
    boat: str
    type_name: str
    type_plural: str
    similar: list[Card]


def gone(listing: Listing, similar: list[Card]) -> Response[Any]:
    """410, so that search engines forget the address and readers find another boat."""
    boat = listing.boat_details
    named = f"{boat.year or ''} {boat.manufacturer or ''}".strip()
    page = GonePage(
        is_sold=listing.status is Status.SOLD,
        boat=f"{named} {type_label(boat.type).lower()}".strip(),
        type_name=boat.type,
        type_plural=type_plural(boat.type),
        similar=similar,
    )
    return Template("gone.html", context={"page": page}, status_code=410)
