"""The email about boats that a saved search found."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..accounts.user import User
from ..links import Links
from ..listings.pricing import price_text
from ..mail.email import Email
from .judging import BoatNews
from .saved_search import SavedSearch


def alert_email(
    links: Links, search: SavedSearch, user: User, news: Sequence[BoatNews], beyond: int, token: str
) -> Email:
    """An email about some boats; `beyond` further ones come with the next. `token` unsubscribes."""
    return Email(
        "saved-search-hits",
        user.email,
        user.id,
        values={
            "name": user.name,
            "search": search.name,
            "boats": [_seen_in_email(links, one) for one in news],
            "count": str(len(news) + beyond),
            "beyond": str(beyond) if beyond else "",
            "link": links.saved_searches(),
            "unsubscribe": links.unsubscribing(search.id, token),
        },
    )


def _seen_in_email(links: Links, news: BoatNews) -> dict[str, Any]:
    """What an email says of a boat. `news` is ``new``, ``lowered`` (from `was`) or ``here``."""
    boat = news.listing
    length = boat.boat_details.length
    kind = "lowered" if news.was is not None else "new" if news.is_new else "here"
    return {
        "title": boat.title,
        "price": price_text(boat.asked),
        "news": kind,
        "was": "" if news.was is None else price_text(news.was),
        "length": "" if length is None else f"{length.normalize():f} ft",
        "place": str(boat.location),
        "link": links.boat(boat.id, boat.slug),
    }
