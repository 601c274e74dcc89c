"""The groups of operations, by the module of their handlers."""

from __future__ import annotations

from litestar.handlers import HTTPRouteHandler

TAGS = {
    "search": "Search the public listings, and read them.",
    "listings": "Create, edit, publish and delete your own listings.",
    "images": "The photos of your listings and drafts.",
    "inquiries": "Ask sellers about their boats, and answer buyers.",
    "watchlist": "Boats that you keep an eye on.",
    "saved-searches": "Searches that send you emails about new boats.",
    "authentication": "Register, sign in and out, and reset a password.",
    "passkeys": "Sign in with a fingerprint, a face or a PIN.",
    "account": "Your own account: profile, sessions, second factor, and your data.",
    "moderation": "Report a listing; decide about listings as a moderator.",
    "administration": "For staff: users, their sessions, and the audit trail.",
    "emails": "Emails that failed or came back.",
    "operations": "Is the market well?",
}

_OF_MODULE = {
    "listings": "search",
    "own_listings": "listings",
    "listing_publication": "listings",
    "saved_searches": "saved-searches",
    "jobs": "listings",
    "imports": "listings",
    "auth": "authentication",
    "me": "account",
    "own_data": "account",
    "proof": "account",
    "admin": "administration",
    "health": "operations",
    "metrics": "operations",
}


def tag_of(handler: HTTPRouteHandler) -> str:
    """The group of an operation. Raises TypeError for a module that has none."""
    module = handler.fn.__module__.rpartition(".")[2]
    tag = _OF_MODULE.get(module, module)
    if tag not in TAGS:
        raise TypeError(f"{__name__} has no tag for the handlers of {module}")
    return tag
