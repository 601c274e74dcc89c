"""What an advert says and shows, for moderators: as it is, or as their case keeps it."""

from __future__ import annotations

from dataclasses import dataclass, field

from ....i18n.dates import since
from ....i18n.texts import gettext as _
from ....listings.listing import Listing
from ....listings.photo import LARGE, photo_address
from ....listings.pricing import price_text
from ....moderation.case import Case, Event
from ....moderation.decisions import version_of_deleted
from ....moderation.exhibit import Exhibit
from ...presentation.formatting import price_told
from ...presentation.pictures import Picture, pictures_of
from .advert import STATES, STATUSES, facts_of, was_deleted_waiting


@dataclass(frozen=True, slots=True)
class Content:
    """An advert's content, and how it stands with its owner and the market."""

    version: int
    title: str
    price: str
    place: str
    stands: str
    listed: str = ""
    reason: str = ""
    public_address: str = ""
    pictures: list[Picture] = field(default_factory=list)
    paragraphs: list[str] = field(default_factory=list)
    features: tuple[str, ...] = ()
    facts: list[tuple[str, str]] = field(default_factory=list)
    prices: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class FormerContent:
    """What an advert said and showed before it was edited under suspicion."""

    when: str
    title: str
    price: str
    hin: str
    pictures: list[Picture]
    paragraphs: list[str]


def content_of(listing: Listing, now: int, *, is_public: bool) -> Content:
    address = f"/boats/{listing.id}/{listing.slug}" if is_public else ""
    return Content(
        version=listing.updated_at,
        title=listing.title,
        price=price_text(listing.asked),
        place=str(listing.location),
        stands=f"{_(STATUSES[listing.status])}, {_(STATES[listing.moderation.state])}",
        listed=since(listing.created_at, now),
        reason=listing.moderation.reason or "",
        public_address=address,
        pictures=pictures_of(listing),
        paragraphs=_paragraphs(listing.description),
        features=listing.features,
        facts=facts_of(listing),
        prices=[
            (price_text(step.asked), since(step.at, now)) for step in listing.price_history[::-1]
        ],
    )


def content_of_deleted(case: Case) -> Content:
    """What a case keeps of a deleted advert."""
    last = case.exhibits[-1]
    waited = was_deleted_waiting(case) or (case.is_open and case.deleted_at is None)
    return Content(
        version=version_of_deleted(case),
        title=last.title,
        price=price_told(last.price),
        place=last.place,
        stands=_("deleted by its seller while it waited") if waited else _("deleted by its seller"),
        pictures=_pictures(last),
        paragraphs=_paragraphs(last.description),
        facts=[(_("HIN"), last.hin)] if last.hin else [],
    )


def former_contents(case: Case | None, listing: Listing | None, now: int) -> list[FormerContent]:
    """What was edited away under suspicion, the latest first."""
    exhibits = case.exhibits if case else ()
    shown = (
        Exhibit.of(listing, Event.OPENED, now) if listing else (exhibits[-1] if exhibits else None)
    )
    return [
        FormerContent(
            when=since(one.at, now),
            title=one.title,
            price=price_told(one.price),
            hin=one.hin or "",
            pictures=_pictures(one),
            paragraphs=_paragraphs(one.description),
        )
        for one in reversed(exhibits)
        if shown is None or not one.says_the_same(shown)
    ]


def _pictures(exhibit: Exhibit) -> list[Picture]:
    return [
        Picture(photo_address(photo.id, LARGE), photo.caption or exhibit.title, photo=photo)
        for photo in exhibit.photos
    ]


def _paragraphs(text: str | None) -> list[str]:
    return [block for block in (text or "").split("\n\n") if block]
