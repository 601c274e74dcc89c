"""An exhibit: what an advert said and showed when it was suspected or decided against.

A case keeps it, since the advert may be edited or deleted at any time. What a moderator approves
later is no longer held against anybody: its hull, its pictures, its text are left out of `follows`.
"""

from __future__ import annotations

import itertools
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field

from ..listings.listing import Listing
from ..listings.media.perceptual_hashes import NEAR, distance
from ..listings.photo import Photo, Photos
from ..lookalikes import as_read
from ..text import words
from ..wire import Cents, Millis, Model, Prose, Text

ALIKE = 0.3
"""With this share of pairs of words in common with an approved text, a text is approved too.

Less than what makes a text a copy: an approved advert never looks like a copy of its own past.
"""


class Part(StrEnum):
    """What of an advert is recognised in later ones."""

    HULL = "hull"
    PICTURES = "pictures"
    TEXT = "text"


ALL = tuple(Part)


class Exhibit(Model):
    """`version` is that of the advert."""

    event: Annotated[str, Field(strict=True, min_length=1, max_length=40)]
    """What happened to the advert: a case's event."""
    at: Millis
    version: Millis
    title: Text
    description: Prose | None = None
    price: Cents | None = None
    place: Text
    hin: Annotated[str, Field(strict=True, max_length=14)] | None = None
    photos: Photos = ()
    follows: Annotated[tuple[Part, ...], Field(max_length=3)] = ALL
    """What is still recognised in later adverts."""

    @classmethod
    def of(cls, listing: Listing, event: str, now: int) -> Self:
        return cls(
            event=event,
            at=now,
            version=listing.updated_at,
            title=listing.title,
            description=listing.description,
            price=listing.price,
            place=str(listing.location),
            hin=listing.boat_details.hin,
            photos=listing.photos,
        )

    def says_the_same(self, other: Exhibit) -> bool:
        """Do both say and show the same, whatever their version?"""
        return (self.title, self.description, self.price, self.hin, self.photos) == (
            other.title,
            other.description,
            other.price,
            other.hin,
            other.photos,
        )

    def approved(self, listing: Listing) -> Exhibit | None:
        """This exhibit after a moderator has approved an advert; None if nothing is left of it."""
        photos = tuple(one for one in self.photos if not _is_among(one, listing.photos))
        gone = {
            Part.HULL: self.hin is None or hull_of(self.hin) == hull_of(listing.boat_details.hin),
            Part.PICTURES: not photos,
            Part.TEXT: not self.description
            or share(pairs(self.description), pairs(listing.description or "")) >= ALIKE,
        }
        left = tuple(part for part in self.follows if not gone[part])
        return self.changed(follows=left, photos=photos) if left else None


def _is_among(photo: Photo, others: Photos) -> bool:
    return any(distance(photo.phash, other.phash) <= NEAR for other in others)


def hull_of(hin: str | None) -> str | None:
    """The hull that a HIN names: without its country, and alike for letters that look like digits."""
    return hin[-12:].translate(_AS_DIGITS) if hin else None


_AS_DIGITS = str.maketrans("OQILZSGB", "00112568")


def pairs(text: str) -> frozenset[tuple[str, str]]:
    """A text's pairs of neighbouring words, as they are read. Their order says nothing."""
    found = words(as_read(text))
    return frozenset(itertools.pairwise(found))


def share(one: frozenset[tuple[str, str]], other: frozenset[tuple[str, str]]) -> float:
    """The share of all pairs of two texts that both have: from 0 to 1."""
    return len(one & other) / len(one | other) if one or other else 1.0
