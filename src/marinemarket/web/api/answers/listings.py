"""Listings and searches, as the API answers them."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from ....listings import draft, listing, photo
from ....listings.lifecycle.editing import SEEN_BY_OWNER
from ....listings.visibility import SEEN_BY_PUBLIC
from ....saved_searches import saved_search
from ....search import filters
from ....watchlist import watched
from ....watchlist.watched import Became
from ....wire import Cents, Exact, Id, Model
from ...openapi.derived import with_changes_of, with_fields_of
from .page import list_of, page_of


@with_fields_of(photo.Photo)
class Photo(Model):
    """One photo. Its files are at `/media/photos/{id}/{size}.jpg` and `.webp`; the sizes are 1600,
    600x400, 300x300 and 150x150 pixels.
    """

    phash: Annotated[str | None, Field(alias="print")] = None
    """A perceptual hash, by which copies of the picture are recognised. Its owner and staff see it."""


@with_fields_of(listing.Listing, {*SEEN_BY_PUBLIC, *SEEN_BY_OWNER})
class Listing(Model):
    """One boat for sale. Money is in US cents, lengths in feet, weights in pounds, times in Unix
    milliseconds. Everybody sees the state of its moderation; its owner and staff also see the reason
    and the sale. The public sees the HIN without its serial.
    """

    listing_id: Id
    """The same as `id`."""
    photos: list[Photo]
    """The uploaded photos; the first one is shown in results."""


class LatestActivity(Model):
    """What happened to an advert lately."""

    days: int
    """How many days are counted, up to now."""
    views: int
    """How often its page was seen."""
    saves: int
    """How often it was put on a watchlist."""
    inquiries: int
    """How many buyers asked about it."""


class OwnListing(Listing):
    """A listing with its recent activity, for its owner."""

    latest: LatestActivity
    """What happened to it lately."""


OwnListingPage = page_of("OwnListingPage", OwnListing, "A page of your listings, newest first.")
ListingList = list_of("ListingList", Listing, "Listings, the closest match first.")


@with_fields_of(draft.Draft)
class Draft(Model):
    """An advert that is not published yet, as its seller typed it."""

    listing_id: Id
    """The same as `id`."""
    photos: list[Photo]
    """The uploaded photos; the first one is shown in results."""


class ValueCount(Model):
    """How many boats have a value."""

    value: str
    """The value, as filters take it."""
    count: int
    """How many boats have it."""


class RangeCount(Model):
    """How many boats are within a range."""

    from_: Annotated[int, Field(alias="from")]
    """The lower end, which belongs to the range."""
    to: int | None
    """The upper end, which does not; null for the last range, which has none."""
    count: int
    """How many boats are within it."""


class Facets(Model):
    """How many boats each further choice would give."""

    type: list[ValueCount]
    """By boat type."""
    maker: list[ValueCount]
    """By manufacturer."""
    state: list[ValueCount]
    """By state, such as `US-FL`."""
    country: list[ValueCount]
    """By country (ISO 3166-1 alpha-2)."""
    condition: list[ValueCount]
    """By condition."""
    fuel: list[ValueCount]
    """By fuel."""
    seller: list[ValueCount]
    """By seller kind, private or broker."""
    features: list[ValueCount]
    """By feature."""
    price: list[RangeCount]
    """By asking price in US cents."""
    year: list[RangeCount]
    """By year of build."""


class UnderstoodPart(Model):
    """How some characters of the query were understood."""

    start: int
    """Where they begin in the query, counted from 0."""
    end: int
    """Where they end, this position excluded."""
    kind: Literal["figure", "place", "seller", "word", "corrected", "unknown", "beyond"]
    """A figure, a place, a kind of seller, a word; a word that was `corrected` to the label, is
    `unknown` to all adverts, or stands `beyond` the number of words that are read."""
    label: str
    """How they were understood, in words."""


class FoundListing(Listing):
    """A listing that a search has found."""

    distance: Annotated[Decimal | None, Exact("0", "13000", places=1, unit="miles")] = None
    """How far the boat is from the place that the search names, as the crow flies. Absent if the search
    names none, or the boat's place is not on the map.
    """


class SearchResults(Model):
    """A page of the boats found, and what else the search tells."""

    results: list[FoundListing]
    """The boats of this page, in the order asked for."""
    total: int
    """How many boats match, on all pages."""
    facets: Facets
    """How many boats each further choice would give."""
    understood: list[UnderstoodPart]
    """How the words of the query were understood."""
    next: str | None
    """The cursor of the next page, for `after`; null on the last page."""


class Suggestion(Model):
    """A search that completes what was typed."""

    kind: Literal["maker", "model", "type", "place"]
    """What it names."""
    label: str
    """It, in words."""
    query: str
    """The query to search for."""


@with_changes_of(filters.SearchFilters, merging=False)
class SearchFilters(Model):
    """The filters of a saved search; those that filter nothing are left out."""


@with_fields_of(
    saved_search.SavedSearch,
    ("id", "name", "frequency", "createdAt", "updatedAt", "lastToldAt"),
)
class SavedSearch(Model):
    """A search that sends emails about new boats."""

    filters: SearchFilters
    """What it searches for."""


SavedSearchList = list_of("SavedSearchList", SavedSearch, "Your saved searches, newest first.")


@with_fields_of(watched.Watched, ("listingId", "at", "price", "originalPrice", "note"))
class Watched(Model):
    """A boat on your watchlist."""


class WatchedBoat(Watched):
    """A boat on your watchlist, and what has become of it."""

    became: Became
    """Whether it is still offered, was sold, or is gone."""
    current_price: Cents | None = None
    """The price now, in US cents; absent unless the boat is offered, and if it is on request."""
    current_original_price: listing.Money | None = None
    """What is asked now, if in another currency."""


WatchedBoatList = list_of("WatchedBoatList", WatchedBoat, "Your watchlist, newest first.")
