"""Entity tags over HTTP: a listing's is its version (RFC 9110, 8.8 and 13.1).

A web server in front that compresses changes the tags it passes on: nginx makes them weak
(``W/"1"``), Apache and Caddy append the encoding (``"1-gzip"``, older versions ``"1;gzip"``). All of
these come back in If-Match and If-None-Match, and mean the tag that we sent.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from litestar import Request

from ..errors import Unversioned
from ..listings.lifecycle.editing import Versions
from ..listings.listing import Listing

_TAG = re.compile(
    r'"([\x21\x23-\x7e\x80-\xff]*)"(?:;(?:gzip|br|zstd|deflate))?(?=[ \t]*(?:,|$))', re.IGNORECASE
)
"""A tag, weak or not. Nothing before the quote is looked at: a long run of spaces costs nothing."""
_ENCODED = re.compile(r"(?:-{1,2}|;)(?:gzip|br|zstd|deflate)$", re.IGNORECASE)
_VERSION = re.compile(r"[0-9]{1,15}")


def etag(version: int) -> str:
    return f'"{version}"'


def etag_of(listing: Listing) -> str:
    return etag(listing.updated_at)


def wanted_versions(request: Request[Any, Any, Any]) -> Versions:
    """The versions that a request's If-Match names; None for ``*``, which is any.

    What is no tag of ours names nothing. Raises Unversioned where there is no such header.
    """
    text = _header(request, "If-Match")
    if text is None:
        raise Unversioned
    if text.strip() == "*":
        return None
    return frozenset(int(tag) for tag in tags_in(text) if _VERSION.fullmatch(tag))


def is_known(request: Request[Any, Any, Any], tag: str) -> bool:
    """Whether a request's If-None-Match names this tag, so that the answer is 304."""
    text = _header(request, "If-None-Match")
    return text is not None and (text.strip() == "*" or tag.strip('"') in tags_in(text))


def tags_in(text: str) -> Iterator[str]:
    """The tags in a list of them, without quotes and as we sent them. What is malformed is left out."""
    for found in _TAG.finditer(text):
        yield _ENCODED.sub("", found[1])


def _header(request: Request[Any, Any, Any], name: str) -> str | None:
    """A header as one list, also where it was sent in several lines."""
    lines = request.headers.getall(name, [])
    return ", ".join(lines) if lines else None
