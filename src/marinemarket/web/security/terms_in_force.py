"""Which requests need agreement to the terms in force.

A member of an older version is asked at the next page of their own that they open, and may answer in
another tab, later, or by the API. Until then, and after refusing, they keep what is theirs: reading,
signing in and out, the account's own settings, answering in conversations, unpublished drafts,
withdrawing and deleting adverts, exporting and deleting everything.
"""

from __future__ import annotations

from typing import Any, cast

from ...accounts.terms import Standing, standing_of
from ...accounts.user import User
from ...errors import MarketError, TermsNotAgreed

PATH = "/account/terms"
NEED_TERMS = frozenset(
    {
        "POST /api/v1/listings",
        "PATCH /api/v1/listings/{listing_id}",
        "POST /api/v1/listings/{listing_id}/publication",
        "POST /api/v1/listings/{listing_id}/images",
        "PUT /api/v1/listings/{listing_id}/images/order",
        "PATCH /api/v1/listings/{listing_id}/images/{image_id}",
        "POST /api/v1/listings/{listing_id}/inquiries",
        "POST /api/v1/me/imports",
        "POST /api/v1/me/imports/proposal",
        # It may put boats back on offer, and change their prices.
        "POST /api/v1/me/jobs/{job_id}/reversal",
        "POST /api/v1/me/saved-searches",
        "PATCH /api/v1/me/saved-searches/{search_id}",
        "PUT /api/v1/me/watchlist/{listing_id}",
        "POST /api/v1/admin/listings/{listing_id}/moderation",
        "PUT /api/v1/admin/users/{user_id}/status",
        "PUT /api/v1/admin/users/{user_id}/role",
        "POST /sell",
        "POST /sell/{advert_id}/publication",
        "POST /sell/{advert_id}/changes",
        "POST /boats/{listing_id}/inquiry",
        "POST /account/boats/many",
        "POST /account/boats/prices",
        "POST /account/boats/import",
        "POST /account/boats/import/{import_id}/columns",
        "POST /account/jobs/{job_id}/start",
        "POST /account/jobs/{job_id}/reversal",
        "POST /account/searches",
        "POST /account/searches/{search_id}",
        "POST /watchlist/{listing_id}",
        "POST /watchlist/{listing_id}/note",
        "POST /admin/messages/{thread_id}",
        "POST /admin/moderation/{listing_id}",
    }
)
"""The writes that need it; every other one of a member does without."""
_ASKED_AT = ("/account", "/sell", "/admin")
"""The pages at which somebody who has not answered is asked."""
_NOT_ASKED_AT = (PATH, "/account/leaving", "/account/sign-in", "/account/reset", "/account/verify")


class TermsUnanswered(MarketError):
    """A page was opened by somebody to whom the terms are to be put first."""

    status = 403


def demand_terms(request: Any, user: User, version: str) -> None:
    """Raises TermsNotAgreed for a write that needs the terms in force, and TermsUnanswered for a page
    before which they are put to its reader.
    """
    stands = standing_of(user, version)
    if stands is Standing.AGREED:
        return
    scope = cast("dict[str, Any]", request.scope)
    if f"{request.method} {scope.get('path_template')}" in NEED_TERMS:
        raise TermsNotAgreed(version)
    if stands is Standing.UNASKED and request.method in ("GET", "HEAD") and _is_asked_at(request):
        raise TermsUnanswered


def _is_asked_at(request: Any) -> bool:
    path = f"{request.scope['path']}/"
    # What a script or a picture of a page asks for is no visit.
    is_page = request.headers.get("Sec-Fetch-Dest", "document") == "document"
    is_own = any(path.startswith(f"{one}/") for one in _ASKED_AT)
    return is_page and is_own and not any(path.startswith(f"{one}/") for one in _NOT_ASKED_AT)
