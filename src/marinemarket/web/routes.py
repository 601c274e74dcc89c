"""Every route of the site: which modules hold handlers, and where they hang."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from litestar import Router
from litestar.exceptions import InternalServerException
from litestar.handlers import HTTPRouteHandler
from litestar.static_files import create_static_files_router

from ..settings import Settings
from . import codes, crawling, health, media, metrics, pictures
from .api import (
    admin,
    auth,
    images,
    inquiries,
    listings,
    me,
    moderation,
    own_listings,
    passkeys,
    publication,
    saved_searches,
)
from .api import watchlist as api_watchlist
from .bodies import LARGEST_BODY
from .pages import (
    boat,
    boats,
    compare,
    feed,
    home,
    inquiry,
    mailbox,
    photos,
    points,
    reporting,
    seen,
    seller,
    still_for_sale,
    unsubscribing,
    visiting,
    watchlist,
)
from .pages.account import boats as own_boats
from .pages.account import (
    coming_in,
    importing,
    leaving,
    many_boats,
    messages,
    profile,
    searches,
    security,
    signing_in,
)
from .pages.admin import held_messages, rooms
from .pages.admin import moderation as moderating
from .pages.selling import beginning, editor
from .pages.selling import publication as selling_publication
from .problems import no_such_file

STATIC = Path(__file__).parent / "static"

_API = (
    admin, auth, images, inquiries, listings, me, moderation, own_listings, passkeys, publication,
    saved_searches, api_watchlist,
)  # fmt: skip

_SITE = (
    codes, crawling, health, media, metrics, pictures,
    boat, boats, compare, feed, home, mailbox, points, seen, seller, watchlist,
    inquiry, reporting, still_for_sale, unsubscribing, visiting,
    beginning, editor, selling_publication, photos,
    coming_in, importing, leaving, many_boats, messages, own_boats, profile, searches, security,
    signing_in, held_messages, moderating, rooms,
)  # fmt: skip


def routes(settings: Settings) -> list[Any]:
    """What the application answers, for the framework."""
    large = [photos.send_video]
    return [
        Router("/api/v1", route_handlers=[*_handlers_of(*_API)]),
        *(handler for handler in _handlers_of(*_SITE) if handler not in large),
        Router(
            "/",
            route_handlers=large,
            request_max_body_size=settings.video_megabytes * 1_000_000 + LARGEST_BODY,
        ),
        create_static_files_router(
            "/static",
            directories=[STATIC],
            cache_control=None,
            include_in_schema=False,
            opt={"open_to_all": True},
            after_request=_cached_for_long,
            exception_handlers={
                ValueError: no_such_file,
                OSError: no_such_file,
                InternalServerException: no_such_file,
            },
        ),
    ]


def _handlers_of(*modules: ModuleType) -> Iterator[HTTPRouteHandler]:
    """The route handlers that some modules define."""
    for module in modules:
        for handler in vars(module).values():
            if isinstance(handler, HTTPRouteHandler):
                yield handler


def _cached_for_long(response: Any) -> Any:
    # The address of an asset holds a hash of its content, so it never changes under its name.
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response
