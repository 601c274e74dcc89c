"""All routes: which modules define handlers, and where they are mounted."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType
from typing import Any

from litestar import Router
from litestar.exceptions import InternalServerException
from litestar.handlers import HTTPRouteHandler
from litestar.static_files import create_static_files_router

from ..config.settings import Settings
from . import health, media, metrics, robots
from .api import (
    admin,
    auth,
    emails,
    images,
    imports,
    inquiries,
    jobs,
    listing_publication,
    listings,
    me,
    moderation,
    own_data,
    own_listings,
    passkeys,
    proof,
    saved_searches,
)
from .api import watchlist as api_watchlist
from .assets import STATIC, cached_for_long
from .pages import compare, home, mailbox, recently_viewed, seller, unsent, unsubscribe, watchlist
from .pages.account import boats as own_boats
from .pages.account import (
    bulk_edit,
    column_mapping,
    deletion,
    file_import,
    job_progress,
    profile,
    registration,
    security,
    sign_in,
    terms,
)
from .pages.account import (
    saved_searches as searches,
)
from .pages.admin import dashboard, failed_emails, held_messages
from .pages.admin import moderation as moderating
from .pages.boat import page, qr_code, report
from .pages.messages import guest_thread, inbox, inquiry
from .pages.search import atom, map_points, results
from .pages.selling import availability, editor, photos, start
from .pages.selling import lifecycle as selling_lifecycle
from .presentation import pictures
from .problems import no_such_file
from .security.strict_bodies import LARGEST_BODY

_API = (
    admin, auth, emails, images, inquiries, listings, me, moderation, own_data, own_listings, passkeys, proof,
    listing_publication,
    saved_searches, jobs, imports, api_watchlist,
)  # fmt: skip

_SITE = (
    qr_code, robots, health, media, metrics, pictures,
    page, results, compare, atom, home, mailbox, map_points, recently_viewed, seller, watchlist,
    inquiry, report, availability, unsubscribe, guest_thread,
    start, editor, selling_lifecycle, photos,
    registration, file_import, column_mapping, deletion, bulk_edit, job_progress, inbox, own_boats, profile, searches,
    security, sign_in, terms, unsent, held_messages, failed_emails, moderating, dashboard,
)  # fmt: skip


def routes(settings: Settings) -> list[Any]:
    """All route handlers, for the framework."""
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
            middleware=[cached_for_long],
            exception_handlers={
                ValueError: no_such_file,
                OSError: no_such_file,
                InternalServerException: no_such_file,
            },
        ),
    ]


def _handlers_of(*modules: ModuleType) -> Iterator[HTTPRouteHandler]:
    """The route handlers that these modules define."""
    for module in modules:
        for handler in vars(module).values():
            if isinstance(handler, HTTPRouteHandler):
                yield handler
