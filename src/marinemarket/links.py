"""Addresses of pages on this site, for use outside its pages.

Emails, the sitemap and invitations need them, but the domains that write those do not know the
site's paths: they are given `Links`. The pages themselves are in `web/`; a test checks that each
of these addresses leads to one.
"""

from __future__ import annotations

from dataclasses import dataclass

INBOX = "/account/messages"
GUEST_THREADS = "/messages"
STILL_FOR_SALE = "/still-for-sale"
UNSUBSCRIBE = "/unsubscribe/saved-search"

LIVENESS = "/health/live"

# Listings store the addresses of their pictures and videos, so these must not change.
PHOTO_FILES = "/media/photos"
VIDEO_FILES = "/media/videos"
DRAWINGS = "/pictures"


@dataclass(frozen=True, slots=True)
class Links:
    """Paths of pages; `absolute` turns one into a full URL. `site` is the market's public URL.

    An email stores paths and is given the site when it is sent: it may wait for days, and the site
    may move meanwhile.
    """

    site: str

    def absolute(self, path: str) -> str:
        """The full URL of a path, for use outside the site."""
        return f"{self.site}{path}"

    # -- Accounts ----------------------------------------------------------------------------------

    def email_confirmation(self, ticket: str) -> str:
        return f"/account/verify?token={ticket}"

    def password_choice(self, ticket: str) -> str:
        return f"/account/reset/new?token={ticket}"

    def password_reset(self) -> str:
        """Where anyone can request a new password."""
        return "/account/reset"

    # -- Boats -------------------------------------------------------------------------------------

    def boat(self, listing_id: str, slug: str) -> str:
        return f"/boats/{listing_id}/{slug}"

    def sitemap(self, name: str) -> str:
        """A file of the sitemap."""
        return f"/sitemaps/{name}"

    # -- Selling -----------------------------------------------------------------------------------

    def advert(self, listing_id: str) -> str:
        """Where owners edit their advert."""
        return f"/sell/{listing_id}"

    def sale(self, listing_id: str) -> str:
        return f"/sell/{listing_id}/sale"

    def withdrawal(self, listing_id: str) -> str:
        return f"/sell/{listing_id}/withdrawal"

    def still_for_sale(self, listing_id: str, token: str) -> str:
        return f"{STILL_FOR_SALE}/{listing_id}?token={token}"

    # -- Messages ----------------------------------------------------------------------------------

    def thread(self, thread_id: str) -> str:
        """A conversation, for a signed-in user."""
        return f"{INBOX}/{thread_id}"

    def guest_thread(self, ticket: str) -> str:
        """A conversation, for a visitor with a ticket."""
        return f"{GUEST_THREADS}/{ticket}"

    # -- Saved searches ----------------------------------------------------------------------------

    def saved_searches(self) -> str:
        return "/account/searches"

    def unsubscribing(self, search_id: str, token: str) -> str:
        return f"{UNSUBSCRIBE}/{search_id}?token={token}"
