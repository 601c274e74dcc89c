"""Which page views are counted: all except those of the owner, staff and robots."""

from __future__ import annotations

from ....accounts.sessions import SignedIn
from ....composition import Market
from ....listings.statistics.view_counter import ViewCounter, is_robot
from ....listings.visibility import Audience, VisibleListing
from ...security.access import AnyRequest, address_of, device_of
from ...security.cookies import device_name
from ...security.rate_limits import network_of


def record_view(
    request: AnyRequest,
    market: Market,
    views: ViewCounter,
    sight: VisibleListing,
    visitor: SignedIn | None,
) -> None:
    """Count that somebody looks at a public boat; in memory, so that nobody waits for it."""
    if not sight.is_public or sight.audience is not Audience.PUBLIC:
        return
    if visitor is not None and visitor.user.is_staff:
        return
    agent = request.headers.get("User-Agent", "")
    is_ahead = "prefetch" in request.headers.get("Sec-Purpose", request.headers.get("Purpose", ""))
    if is_robot(agent) or is_ahead:
        return
    network = network_of(address_of(request))
    device = device_of(request, market)
    if request.cookies.get(device_name(market.settings)) == device:
        views.look(sight.listing.id, [device], network)
    else:
        # Known by where it comes from until it brings the name that this answer gives it.
        views.look(sight.listing.id, [f"{network} {agent}", device], network)
