"""The notice to owners and staff on an advert's page: its status, and what to do."""

from __future__ import annotations

from dataclasses import dataclass

from ....i18n.texts import gettext as _
from ....listings.listing import ModerationState, Status
from ....listings.visibility import Audience, VisibleListing


@dataclass(frozen=True, slots=True)
class OwnerNotice:
    """`is_trouble` when not everybody sees her. `address` leads to where that can be changed."""

    is_trouble: bool
    text: str
    reason: str
    address: str
    label: str


def owner_notice(sight: VisibleListing) -> OwnerNotice | None:
    """The notice above the advert; None for the public."""
    if sight.audience is Audience.PUBLIC:
        return None
    is_own = sight.audience is Audience.OWNER
    return OwnerNotice(
        is_trouble=not sight.is_public,
        text=_own(sight) if is_own else _of_staff(sight),
        reason="" if sight.is_public else sight.listing.moderation.reason or "",
        address=f"/sell/{sight.listing.id}" if is_own else "",
        label=_("Edit this advert") if is_own else "",
    )


def _own(sight: VisibleListing) -> str:
    listing, state = sight.listing, sight.listing.moderation.state
    if sight.is_public:
        return _("This is how buyers see your advert.")
    if listing.status is Status.SOLD:
        return _("You marked this boat as sold. Only you can see this page now.")
    if listing.status is Status.INACTIVE:
        return _("This advert is not published. Only you can see this page until you publish it.")
    if state is ModerationState.REJECTED:
        return _(
            "We could not publish this advert. Make the changes we asked for, and submit it again."
        )
    if state is ModerationState.FLAGGED:
        return _("We are reviewing this advert again. Until we are done, only you can see it.")
    if state is ModerationState.PENDING:
        return _("We review every new advert before buyers see it. You do not need to do anything.")
    return _("Your account is not active, so nobody else can see this advert. Please contact us.")


def _of_staff(sight: VisibleListing) -> str:
    if sight.owner is None or not sight.owner.is_active:
        return _("Not public: the seller’s account is not active.")
    sentence = _("Not public. Seller’s status: %(status)s. Moderation: %(state)s.")
    listing = sight.listing
    return sentence % {"status": listing.status.value, "state": listing.moderation.state.value}
