"""Cases of moderation, as the API answers them."""

from __future__ import annotations

from ....accounts.user import PublicSeller
from ....moderation import case
from ....wire import Model
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


class CaseWithListing(Case):
    """A case that waits, with its listing and its seller."""

    listing: Listing | None
    """The listing; null if it was deleted. Its `updatedAt` is the version to decide on."""
    seller: PublicSeller | None
    """Who sells it; null if the account is gone."""


CasePage = page_of("CasePage", CaseWithListing, "Cases, the longest waiting first.")


class DecidedListing(Model):
    """A listing after a moderator's decision, and its case."""

    listing: Listing
    """The listing."""
    case: Case
    """Its case."""
