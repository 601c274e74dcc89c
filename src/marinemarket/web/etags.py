"""Listing versions over HTTP: the ETag, and checking If-Match (RFC 9110, 8.8 and 13.1)."""

from __future__ import annotations

import re
from typing import Any

from litestar import Request

from ..errors import Unversioned
from ..listings.lifecycle.editing import Versions
from ..listings.listing import Listing


def etag(version: int) -> str:
    return f'"{version}"'


def etag_of(listing: Listing) -> str:
    return etag(listing.updated_at)


def wanted_versions(request: Request[Any, Any, Any]) -> Versions:
    """The versions that a request's If-Match names; None for ``*``, which is any.

    A weak tag matches nothing, since it does not say that byte for byte this one is meant; nor
    does what is no tag of ours. Raises Unversioned where there is no such header.
    """
    text = request.headers.get("If-Match")
    if text is None:
        raise Unversioned
    if text.strip() == "*":
        return None
    named = (re.fullmatch(r'"([0-9]{1,15})"', one.strip()) for one in text.split(","))
    return frozenset(int(tag[1]) for tag in named if tag)
