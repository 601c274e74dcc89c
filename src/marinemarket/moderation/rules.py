"""The rules that check adverts, each with its reason in words for staff and for sellers.

A rule is a pure function of a listing and the evidence about it. It returns what it found, in a few
words, or None. Rules do not decide: they call a moderator, and a grave one hides an approved advert
until a moderator has looked at it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from ..clock import DAY, year_of
from ..i18n.numbers import decimal, dollars
from ..i18n.texts import gettext as _
from ..i18n.texts import mark, ngettext
from ..listings.boat_details import HullMaterial, Usage
from ..listings.hin import years_of
from ..listings.listing import Listing
from ..lookalikes import as_read
from . import phrases
from .case import Flag


@dataclass(frozen=True, slots=True)
class EarlierCases:
    """Ids of listings whose cases went against them, by what this advert shares with them."""

    hull: tuple[str, ...] = ()
    pictures: tuple[str, ...] = ()
    text: tuple[str, ...] = ()
    owner: tuple[str, ...] = ()


FEWEST_COMPARED = 8
"""With fewer similar boats than this, the usual price is unknown."""
NEW_FOR = 14 * DAY
DEAR = 250_000_00
FIBERGLASS_SINCE = 1942
HULL_YEARS_OFF = 1
"""How far an advert's year may lie outside those of the hull number: sellers name either, or the first launch."""
_SHOWN = 120


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known about a listing when the rules check it. Prices are cents, times milliseconds.

    `usual_price` is the median of `compared` similar boats that are offered. `same_hull`, `same_text`
    and `same_pictures` are ids of other sellers' adverts; `earlier` names the earlier cases that this
    advert fits.
    """

    now: int
    seller_since: int
    usual_price: int | None = None
    compared: int = 0
    same_hull: tuple[str, ...] = ()
    same_text: tuple[str, ...] = ()
    same_pictures: tuple[str, ...] = ()
    earlier: EarlierCases = EarlierCases()


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. `grave`: an approved advert that it flags is hidden until a moderator has looked."""

    name: str
    find: Callable[[Listing, Evidence], str | None]
    for_staff: str
    for_seller: str
    grave: bool = False


def flags_of(listing: Listing, evidence: Evidence) -> tuple[Flag, ...]:
    """The findings of all rules, in order."""
    found = ((rule, rule.find(listing, evidence)) for rule in RULES)
    return tuple(Flag(rule=rule.name, found=text[:_SHOWN]) for rule, text in found if text)


def is_grave(flag: Flag) -> bool:
    rule = BY_NAME.get(flag.rule)
    return rule is not None and rule.grave


# -- Money -------------------------------------------------------------------------------------


def _price_far_below(listing: Listing, evidence: Evidence) -> str | None:
    return _below(listing, evidence, Decimal("0.25"), Decimal("0.45"))


def _price_beyond_belief(listing: Listing, evidence: Evidence) -> str | None:
    return _below(listing, evidence, Decimal(0), Decimal("0.25"))


def _below(listing: Listing, evidence: Evidence, lowest: Decimal, below: Decimal) -> str | None:
    usual = evidence.usual_price
    if usual is None or listing.price is None or evidence.compared < FEWEST_COMPARED:
        return None
    if not usual * lowest <= listing.price < usual * below:
        return None
    return ngettext(
        "%(price)s, where %(num)s boat alike asks about %(usual)s",
        "%(price)s, where %(num)s similar boats ask about %(usual)s",
        evidence.compared,
        price=dollars(listing.price),
        usual=dollars(usual),
    )


def _new_seller_dear_boat(listing: Listing, evidence: Evidence) -> str | None:
    days = (evidence.now - evidence.seller_since) // DAY
    if evidence.now - evidence.seller_since >= NEW_FOR:
        return None
    if listing.price is None or listing.price < DEAR:
        return None
    return ngettext(
        "account of %(num)s day, boat of %(price)s",
        "account of %(num)s days, boat of %(price)s",
        days,
        price=dollars(listing.price),
    )


# -- Words -------------------------------------------------------------------------------------


def _phone(listing: Listing, evidence: Evidence) -> str | None:
    return phrases.phone(listing)


def _email(listing: Listing, evidence: Evidence) -> str | None:
    return phrases.email_address(listing)


def _elsewhere(listing: Listing, evidence: Evidence) -> str | None:
    return phrases.way_elsewhere(listing)


def _payment(listing: Listing, evidence: Evidence) -> str | None:
    return phrases.payment_method(listing)


def _scam(listing: Listing, evidence: Evidence) -> str | None:
    return phrases.scam_phrase(listing)


def _forbidden(listing: Listing, evidence: Evidence) -> str | None:
    return phrases.forbidden_words(listing)


def _shouting(listing: Listing, evidence: Evidence) -> str | None:
    if _is_loud(listing.title, letters=14, words=3):
        return listing.title
    text = listing.description or ""
    return text if _is_loud(text, letters=60, words=12) else None


def _is_loud(text: str, *, letters: int, words: int) -> bool:
    lines = [sign for sign in text if sign.isalpha()]
    loud = sum(map(str.isupper, lines))
    return len(lines) >= letters and len(text.split()) >= words and loud > len(lines) * 0.75


# -- Other sellers' adverts --------------------------------------------------------------------


def _same_hull(listing: Listing, evidence: Evidence) -> str | None:
    return _others(evidence.same_hull)


def _same_text(listing: Listing, evidence: Evidence) -> str | None:
    return _others(evidence.same_text)


def _same_pictures(listing: Listing, evidence: Evidence) -> str | None:
    return _others(evidence.same_pictures)


def _earlier_hull(listing: Listing, evidence: Evidence) -> str | None:
    return _others(evidence.earlier.hull)


def _earlier_pictures(listing: Listing, evidence: Evidence) -> str | None:
    return _others(evidence.earlier.pictures)


def _earlier_text(listing: Listing, evidence: Evidence) -> str | None:
    return _others(evidence.earlier.text)


def _earlier_owner(listing: Listing, evidence: Evidence) -> str | None:
    return _others(evidence.earlier.owner)


def _others(ids: tuple[str, ...]) -> str | None:
    # Whole ids, and few: the staff page links them.
    return ", ".join(sorted(ids)[:3]) or None


# -- The boat ----------------------------------------------------------------------------------


def _no_pictures(listing: Listing, evidence: Evidence) -> str | None:
    return None if listing.images or listing.photos else _("no photo")


def _feet(length: Decimal) -> str:
    return decimal(length, 2, least=0)


def _odd_shape(listing: Listing, evidence: Evidence) -> str | None:
    boat = listing.boat_details
    length = boat.length or boat.loa
    if length is None:
        return None
    widest = Decimal("0.9") if boat.type == "trimaran" else Decimal("0.75")
    if boat.beam is not None and not Decimal("0.1") <= boat.beam / length <= widest:
        return _(
            "beam %(beam)s ft on a length of %(length)s ft",
            beam=_feet(boat.beam),
            length=_feet(length),
        )
    if boat.draft is not None and boat.draft > length * Decimal("0.4"):
        return _(
            "draft %(draft)s ft on a length of %(length)s ft",
            draft=_feet(boat.draft),
            length=_feet(length),
        )
    if boat.loa is not None and boat.length is not None and boat.loa > boat.length * 2:
        return _(
            "%(loa)s ft over all, %(length)s ft on deck",
            loa=_feet(boat.loa),
            length=_feet(boat.length),
        )
    return None


_YEARS = re.compile(r"(?<![\d$€£,.])(19[0-9]{2}|20[0-9]{2})(?![\d,]|\s?(?:h\b|hrs|hours|ft|kg|lb))")
_REBUILT = re.compile(
    r"\b(?:refit|refitted|rebuilt|rebuild|repower(?:ed)?|restored|new engines?)\b"
)


def _odd_year(listing: Listing, evidence: Evidence) -> str | None:
    boat, now = listing.boat_details, year_of(evidence.now)
    if boat.year is None:
        return None
    title = as_read(listing.title)
    named = {int(year) for year in _YEARS.findall(title) if int(year) <= now + 1}
    if named and boat.year not in named and not _REBUILT.search(title):
        return _(
            "%(title)s in the title, %(figures)s in the figures",
            title=min(named),
            figures=boat.year,
        )
    if boat.hin and (years := years_of(boat.hin)).distance(boat.year) > HULL_YEARS_OFF:
        return _(
            "%(hull)s by the hull number (HIN), %(figures)s in the figures",
            hull=years.last,
            figures=boat.year,
        )
    if boat.usage is Usage.NEW and boat.year < now - 4:
        return _("new, and built in %(year)s", year=boat.year)
    if boat.hull_material is HullMaterial.FIBERGLASS and boat.year < FIBERGLASS_SINCE:
        return _("fiberglass, and built in %(year)s", year=boat.year)
    return None


def _odd_hours(listing: Listing, evidence: Evidence) -> str | None:
    boat = listing.boat_details
    if boat.year is None or boat.hours is None:
        return None
    most = max(1, year_of(evidence.now) - boat.year + 1) * 8784
    if boat.hours <= most:
        return None
    return ngettext(
        "%(num)s hour since %(year)s", "%(num)s hours since %(year)s", boat.hours, year=boat.year
    )


# -- All of them -------------------------------------------------------------------------------

_AT_HOME = mark(
    "Please leave telephone numbers, addresses and links out of the text: buyers write to you through "
    "the market, which keeps both of you safe."
)
_SEEN_BEFORE = mark(
    "We have looked at an advert like this one before, and look at this one too. If it is in order, you "
    "need to do nothing."
)

RULES = (
    Rule(
        "same-hull", _same_hull, grave=True,
        for_staff=mark("Another seller offers a boat with the same HIN"),
        for_seller=mark("Another advert has the same hull number (HIN). Please check yours, and be ready to "
        "show that the boat is yours to sell."),
    ),
    Rule(
        "same-pictures", _same_pictures, grave=True,
        for_staff=mark("Another seller's advert has the same picture"),
        for_seller=mark("Another advert shows the same picture. Please use photos that you took yourself."),
    ),
    Rule(
        "same-text", _same_text, grave=True,
        for_staff=mark("Another seller's advert has the same text"),
        for_seller=mark("Another advert says the same in the same words. Please describe the boat in your own."),
    ),
    Rule(
        "earlier-hull", _earlier_hull, grave=True,
        for_staff=mark("The hull (HIN) of an earlier case"),
        for_seller=_SEEN_BEFORE,
    ),
    Rule(
        "earlier-pictures", _earlier_pictures, grave=True,
        for_staff=mark("A picture of an earlier case"),
        for_seller=_SEEN_BEFORE,
    ),
    Rule(
        "earlier-text", _earlier_text, grave=True,
        for_staff=mark("The text of an earlier case"),
        for_seller=_SEEN_BEFORE,
    ),
    Rule(
        "earlier-owner", _earlier_owner,
        for_staff=mark("The seller of an earlier case"),
        for_seller=_SEEN_BEFORE,
    ),
    Rule(
        "price-beyond-belief", _price_beyond_belief, grave=True,
        for_staff=mark("The price is too low to be true"),
        for_seller=mark("The price is far below what such boats cost. Please check it, and say why if it is right."),
    ),
    Rule(
        "price-far-below", _price_far_below,
        for_staff=mark("The price is far below that of similar boats"),
        for_seller=mark("The price is far below what such boats cost. Please check it, and say why if it is right."),
    ),
    Rule(
        "payment", _payment, grave=True,
        for_staff=mark("Mentions a payment method that cannot be reversed"),
        for_seller=mark("Please leave ways to pay out of the text. Money moves once both of you have met and "
        "signed."),
    ),
    Rule(
        "scam-phrase", _scam, grave=True,
        for_staff=mark("Uses phrases typical of swindlers"),
        for_seller=mark("Some phrases are typical of fraud. Please say it differently."),
    ),
    Rule(
        "forbidden", _forbidden, grave=True,
        for_staff=mark("Mentions something that must not be sold here"),
        for_seller=mark("The text mentions something that must not be sold here."),
    ),
    Rule("phone", _phone, for_staff=mark("A telephone number in the text"), for_seller=_AT_HOME),
    Rule("email", _email, for_staff=mark("An email address in the text"), for_seller=_AT_HOME),
    Rule("elsewhere", _elsewhere, for_staff=mark("Leads away from the market"), for_seller=_AT_HOME),
    Rule(
        "new-seller", _new_seller_dear_boat,
        for_staff=mark("A new account with an expensive boat"),
        for_seller=mark("Your account is new, so we look a little closer at your first boat."),
    ),
    Rule(
        "shouting", _shouting,
        for_staff=mark("Written in capital letters"),
        for_seller=mark("Please write in ordinary letters: capitals are hard to read."),
    ),
    Rule(
        "odd-year", _odd_year,
        for_staff=mark("The year does not fit"),
        for_seller=mark("The year does not fit what else the advert says. Please check it."),
    ),
    Rule(
        "odd-shape", _odd_shape,
        for_staff=mark("The measurements do not fit a boat"),
        for_seller=mark("Length, beam or draft do not fit together. Please check them, and their unit."),
    ),
    Rule(
        "odd-hours", _odd_hours,
        for_staff=mark("More engine hours than the boat's age allows"),
        for_seller=mark("The engine hours are more than the boat's age allows. Please check them."),
    ),
    Rule(
        "no-pictures", _no_pictures,
        for_staff=mark("No picture"),
        for_seller=mark("Please add at least one photo: hardly anybody asks about a boat without one."),
    ),
)  # fmt: skip

BY_NAME = {rule.name: rule for rule in RULES}
