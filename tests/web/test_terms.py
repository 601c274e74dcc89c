"""Which writes need the terms is decided for each, once."""

from __future__ import annotations

import re

from litestar.handlers import HTTPRouteHandler

from marinemarket.config.settings import Settings
from marinemarket.web.app import create_app
from marinemarket.web.security.access import SAFE, openness_of
from marinemarket.web.security.terms_in_force import NEED_TERMS

ONES_OWN = re.compile(
    r"/account/(email|leaving|messages|passkeys|password|phone|profile|proof|second-factor|sessions"
    r"|sign-in|sign-out|terms)(/|$)|/api/v1/auth/"
    r"|/api/v1/me(/(email|inquiries|password|phone|proof|second-factor|sessions)(/|$)|$)"
)
"""Where people deal with their account and their conversations, and may do so without the terms."""
WITHDRAWS = re.compile(r"/(cancellation|deletion|end|removal|sale|withdrawal)$")
COSTS_NOBODY = re.compile(r"/(reports?|search)$|^/sell/\{advert_id\}")
"""Reading, reporting, and working on drafts that are not published."""


def writes() -> set[str]:
    """Every write of somebody who is signed in."""
    found = set()
    for route in create_app(Settings()).routes:
        for handler in getattr(route, "route_handlers", ()):
            if not isinstance(handler, HTTPRouteHandler):
                continue
            openness = openness_of(handler)
            if openness is None or (
                openness.is_open and "visitor" not in (handler.parsed_fn_signature.parameters)
            ):
                continue
            found |= {f"{method} {route.path_format}" for method in handler.http_methods - SAFE}
    return found


def is_free(write: str) -> bool:
    method, _, path = write.partition(" ")
    kinds = (ONES_OWN.match, WITHDRAWS.search, COSTS_NOBODY.search)
    return method == "DELETE" or any(kind(path) for kind in kinds)


def test_every_write_needs_the_terms_or_is_ones_own() -> None:
    known = writes()
    assert known >= NEED_TERMS
    assert [write for write in sorted(known - NEED_TERMS) if not is_free(write)] == []
