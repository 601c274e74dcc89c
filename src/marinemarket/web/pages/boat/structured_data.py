"""Structured data for a boat: schema.org in JSON-LD, and link previews on other sites."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from ....accounts.user import PublicSeller, SellerKind
from ....i18n.texts import gettext as _
from ....listings.boat_details import BoatDetails, Fuel, Usage
from ....listings.listing import Listing
from ....listings.photo import LARGE, photo_address
from ....listings.pricing import price_text, units_of
from ....listings.vocabulary.countries import country_name
from ....media.drawings import outline_address
from ...presentation.formatting import feet
from ...presentation.labels import type_label, type_plural
from ...query_string import address
from ..card import boat_address
from .facts import FactGroup

SHOP = "https://schema.org"
_LONGEST_DESCRIPTION = 5000
_LONGEST_SUMMARY = 160
_IN_SCRIPTS = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}


@dataclass(frozen=True, slots=True)
class Preview:
    """How a link to the page appears elsewhere (OpenGraph, Twitter cards, search results).

    `picture` is the absolute address of a photo, or else of the drawing that the page shows; `media_type`
    is its kind. A drawing has no size.
    """

    summary: str
    picture: str
    media_type: str
    width: int
    height: int
    alt: str


@dataclass(frozen=True, slots=True)
class Crumb:
    """A step on the way to the page."""

    label: str
    address: str


def crumbs_of(listing: Listing) -> list[Crumb]:
    """From all boats to boats of this maker; the boat herself is not among them."""
    boat = listing.boat_details
    kind = [("type", boat.type)]
    crumbs = [Crumb(_("Boats"), "/boats"), Crumb(type_plural(boat.type), address("/boats", kind))]
    if boat.manufacturer:
        maker = [*kind, ("maker", boat.manufacturer)]
        crumbs.append(Crumb(boat.manufacturer, address("/boats", maker)))
    return crumbs


def preview_of(listing: Listing, site: str) -> Preview:
    """What is shown of a boat where somebody shares her address."""
    first = listing.photos[0] if listing.photos else None
    return Preview(
        summary=_summary(listing),
        picture=f"{site}{photo_address(first.id, LARGE)}" if first else _drawn(listing, site)[0],
        media_type="image/jpeg" if first else "image/svg+xml",
        width=first.width if first else 0,
        height=first.height if first else 0,
        alt=(first.caption if first else None) or listing.title,
    )


def structured_data(
    listing: Listing, seller: PublicSeller | None, groups: Sequence[FactGroup], site: str
) -> Markup:
    """The boat, her offer and the way to her page as JSON-LD, safe inside a script's tags.

    No text can end the script: every ``<`` in it is written as ``\\u003c``.
    """
    graph = [_boat(listing, seller, groups, site), _way(listing, site)]
    document = json.dumps(
        {"@context": SHOP, "@graph": graph}, ensure_ascii=False, separators=(",", ":")
    )
    # Not escaped as text is, since entities mean nothing in a script: no sign of markup is left.
    return Markup(document.translate(_IN_SCRIPTS))  # noqa: S704 - every < is escaped


def _boat(
    listing: Listing, seller: PublicSeller | None, groups: Sequence[FactGroup], site: str
) -> dict[str, Any]:
    boat, own = listing.boat_details, site + boat_address(listing)
    payload = {
        "@type": ["Product", "Vehicle"],
        "@id": f"{own}#boat",
        "name": listing.title,
        "url": own,
        "sku": listing.id,
        "category": type_label(boat.type),
        "description": (listing.description or _summary(listing))[:_LONGEST_DESCRIPTION],
        # What sells is to have a picture: where there is no photo, what the page shows instead.
        "image": _photographed(listing, site) or _drawn(listing, site),
        "brand": boat.manufacturer and {"@type": "Brand", "name": boat.manufacturer},
        "model": boat.model,
        "vehicleModelDate": boat.year and str(boat.year),
        "itemCondition": _condition(boat),
        "fuelType": boat.fuel if boat.fuel not in (None, Fuel.NONE, Fuel.OTHER) else None,
        "additionalProperty": _properties(groups),
        "offers": _offer(listing, seller, own),
    }
    return _given(payload)


def _offer(listing: Listing, seller: PublicSeller | None, own: str) -> dict[str, Any]:
    offer = {
        "@type": "Offer",
        "url": own,
        "price": listing.asked and f"{units_of(listing.asked):.2f}",
        "priceCurrency": listing.asked and listing.asked.currency,
        "availability": f"{SHOP}/InStock",
        "itemCondition": _condition(listing.boat_details),
        "availableAtOrFrom": _place(listing),
        "seller": seller and {
            "@type": "Organization" if seller.kind is SellerKind.BROKER else "Person",
            "name": seller.name,
        },
    }  # fmt: skip
    return _given(offer)


def _place(listing: Listing) -> dict[str, Any]:
    place = listing.location
    where = _given(
        {
            "@type": "PostalAddress",
            "addressLocality": place.city,
            "addressRegion": place.state or place.region,
            "addressCountry": place.country,
        }
    )
    return {"@type": "Place", "name": str(place), "address": where}


def _way(listing: Listing, site: str) -> dict[str, Any]:
    steps = [(crumb.label, site + crumb.address) for crumb in crumbs_of(listing)]
    steps.append((listing.title, site + boat_address(listing)))
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": number, "name": name, "item": item}
            for number, (name, item) in enumerate(steps, start=1)
        ],
    }


def _properties(groups: Sequence[FactGroup]) -> list[dict[str, str]]:
    return [
        {"@type": "PropertyValue", "name": fact.label, "value": fact.value}
        for group in groups[1:]
        for fact in group.facts
    ]


def _condition(boat: BoatDetails) -> str:
    is_new = boat.usage in (Usage.NEW, Usage.ON_ORDER)
    return f"{SHOP}/{'NewCondition' if is_new else 'UsedCondition'}"


def _summary(listing: Listing) -> str:
    """A sentence or two for lists of links: what she is, where she lies, and how she is described."""
    boat, place = listing.boat_details, listing.location
    size = f", {feet(boat.length)}" if boat.length else ""
    where = ", ".join(
        part for part in (place.city, place.state, country_name(place.country)) if part
    )
    summary = f"{listing.title}{size}: {price_text(listing.asked)}, {where}."
    words = " ".join((listing.description or "").split())
    room = _LONGEST_SUMMARY - len(summary) - 1
    if words and room > 20:
        cut = words if len(words) <= room else words[: room - 1].rsplit(" ", 1)[0] + "…"
        summary = f"{summary} {cut}"
    return summary


def _given(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in (None, "", [])}


def _photographed(listing: Listing, site: str) -> list[str]:
    return [_absolute(address, site) for address in listing.images if not _is_drawn(address)]


def _drawn(listing: Listing, site: str) -> list[str]:
    """The drawings of a boat; the outline of her type if she has none of her own."""
    own = [_absolute(address, site) for address in listing.images if _is_drawn(address)]
    return own or [_absolute(outline_address(listing.boat_details.type), site)]


def _absolute(address: str, site: str) -> str:
    return site + address if address.startswith("/") else address


def _is_drawn(address: str) -> bool:
    return address.endswith(".svg")
