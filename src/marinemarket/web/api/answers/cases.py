"""Cases of moderation, as the API answers them."""

from __future__ import annotations

from ....accounts.user import PublicSeller
from ....moderation import case
from ....moderation.case import Complaint
from ....moderation.decisions import Hindrance
from ....wire import Cents, Id, Millis, Model
from ...openapi.derived import with_fields_of
from .listings import Listing
from .page import page_of

SEEN_OF_CASE = (
    "listingId",
    "sellerId",
    "lane",
    "waitingSince",
    "flags",
    "reports",
    "people",
    "history",
    "deletedAt",
)
"""A case as staff see it. It does not include who reported the advert, which nobody sees."""


@with_fields_of(case.Flag)
class Flag(Model):
    """A rule's finding in an advert."""

    means: str
    """What the rule means, in words."""


@with_fields_of(case.Case, SEEN_OF_CASE)
class Case(Model):
    """What moderators know about one listing."""

    flags: list[Flag]
    """What the rules found."""


class EarlierReport(Model):
    """A report about an earlier advert."""

    complaint: Complaint
    """What was wrong."""
    words: str | None = None
    """It in the reporter's words."""
    created_at: Millis
    """When it was reported, in Unix milliseconds."""


class EarlierCase(Model):
    """An earlier case that an advert fits."""

    listing_id: Id
    """The id of its listing, which may be deleted."""
    shares: list[str]
    """What the advert shares with it: `hull`, `pictures`, `text`, `owner`."""
    title: str | None
    """The title of its advert; null if its seller's account was erased."""
    event: str
    """What was last decided against it, such as `rejected`; `opened` if it was only reported."""
    at: Millis
    """When, in Unix milliseconds."""
    by: str | None
    """Who decided: a user's id, or `system:moderation`."""
    reason: str | None
    """What was said to its seller."""
    is_open: bool
    """Does it still wait for a moderator?"""
    reports: list[EarlierReport]
    """What was reported about it."""


class KeptAdvert(Model):
    """What is kept of an advert that its owner deleted under suspicion."""

    version: Millis
    """The version to decide on."""
    title: str
    """Its title."""
    description: str | None
    """Its description."""
    price: Cents | None
    """The asking price in US cents; null if it was on request."""
    place: str
    """Where the boat was."""
    hin: str | None
    """Its hull identification number."""
    images: list[str]
    """The paths of its photos, as long as they are kept."""


class CaseWithListing(Case):
    """A case that waits, with its listing and its seller."""

    listing: Listing | None
    """The listing; null if it was deleted. Its `updatedAt` is the version to decide on."""
    seller: PublicSeller | None
    """Who sells it; null if the account is gone."""
    earlier: list[EarlierCase]
    """Earlier cases that the advert fits."""
    kept: KeptAdvert | None
    """What is kept of a deleted advert; null if there is a listing."""


CasePage = page_of("CasePage", CaseWithListing, "Cases, the longest waiting first.")


class DecidedListing(Model):
    """A listing after a moderator's decision, and its case."""

    listing: Listing | None
    """The listing; null if its owner has deleted it."""
    case: Case
    """Its case."""
    hindrance: Hindrance | None
    """Why an approved advert is not public: `withdrawn`, `sold` or `deleted` by its owner, or because
    the `owner` is banned; null if it is, or was not approved."""
