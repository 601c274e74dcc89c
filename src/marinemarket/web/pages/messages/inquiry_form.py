"""The inquiry form, on a boat's page or on its own page.

Instead of a captcha it has a field that people cannot see, and remembers when it was shown.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import urlencode

from ....accounts.secrets import is_same
from ....accounts.sessions import SignedIn
from ....accounts.terms import Standing, standing_of
from ....clock import DAY
from ....composition import Market
from ....errors import Refused
from ....i18n.texts import gettext as _
from ....listings.listing import Listing
from ....messages.inquiries import demand_reachable
from ....messages.inquiry import MOST_CHARACTERS, WAITS_HOURS
from ....messages.screening import ScamRule
from ....messages.suggested_questions import OPENING, STARTERS
from ....text import sentence
from ...forms import Form
from ...security.access import AnyRequest
from ...security.terms_in_force import PATH as TERMS

SOONEST_MS = 2_000
"""Nobody reads a form, fills it in and sends it in less."""
OLDEST_MS = DAY
BEGAN = "began"
"""The field that proves when the form was shown."""
HONEYPOT = "website"
"""The field that only programs fill in."""


@dataclass(frozen=True, slots=True)
class Starter:
    """A question that may be asked with a tick."""

    name: str
    text: str
    is_ticked: bool


@dataclass(frozen=True, slots=True)
class InquiryForm:
    """All that ``_inquiry_form.html`` uses. Where nobody can be asked, `why_not` says so; `terms` leads to
    the terms for those who have not agreed to them.

    `hints` are what a writer is told before the message is sent, which `ignores` then says they saw.
    """

    form: Form
    action: str
    seller: str
    began: str
    message: str
    starters: list[Starter]
    hints: list[ScamRule]
    is_signed_in: bool
    why_not: str = ""
    terms: str = ""
    most: int = MOST_CHARACTERS
    hours: int = WAITS_HOURS


async def inquiry_form(
    request: AnyRequest,
    market: Market,
    visitor: SignedIn | None,
    listing: Listing,
    seller: str,
    *,
    form: Form | None = None,
    hints: list[ScamRule] | None = None,
) -> InquiryForm:
    """The form to ask about a boat; `form` when it was sent and is shown again.

    Whoever shows it to a visitor also sends `device_cookies`, by which the form is known as ours.
    """
    form = form or Form.of(request, market)
    try:
        await demand_reachable(market.store, listing, visitor.user if visitor else None)
        why_not = ""
    except Refused as refused:
        why_not = sentence(str(refused))
    version = market.accounts.rules.terms_version
    is_ready = visitor is None or standing_of(visitor.user, version) is Standing.AGREED
    here = f"/boats/{listing.id}/inquiry"
    opening = _(OPENING).format(seller=seller, boat=listing.title)
    ticked = {name for name in STARTERS if form.values.get(f"ask-{name}")}
    if not form.values:
        ticked = {"available"}
    return InquiryForm(
        form=form,
        action=here,
        seller=seller,
        began=form.values.get("began") or stamped(market, form.token),
        message=form.values.get("message", opening),
        starters=[Starter(name, _(text), name in ticked) for name, text in STARTERS.items()],
        hints=hints or [],
        is_signed_in=visitor is not None,
        why_not=why_not,
        terms="" if is_ready else f"{TERMS}?{urlencode({'next': here})}",
    )


def with_starters(message: str, sent: Mapping[str, str]) -> str:
    """The message with the questions that were ticked, those that it asks already left out."""
    asked = [_(text) for name, text in STARTERS.items() if sent.get(f"ask-{name}")]
    return "\n".join([message.strip(), *(one for one in asked if one not in message)]).strip()


def stamped(market: Market, token: str) -> str:
    """When a form was shown, as it proves it: in Unix milliseconds, for the holder of a form token."""
    now = str(market.clock())
    return f"{now}.{_mark(market, token, now)}"


def require_human(market: Market, token: str, sent: Mapping[str, str]) -> None:
    """Raises Refused, in words that a person understands, for what looks like a program's doing."""
    if sent.get(HONEYPOT):
        raise Refused(
            _("one field must stay empty; we have cleared it, so please send the form again")
        )
    began, _dot, mark = sent.get(BEGAN, "").partition(".")
    if not is_same(mark, _mark(market, token, began)):
        raise Refused(_("this form has expired: please send it again"))
    if not SOONEST_MS <= market.clock() - int(began) <= OLDEST_MS:
        raise Refused(
            _(
                "the form was sent very quickly, or was open for very long: please check it "
                "and send it again"
            )
        )


def _mark(market: Market, token: str, began: str) -> str:
    message = f"form of {token} shown at {began}"
    return hmac.new(market.secret_key.encode(), message.encode(), sha256).hexdigest()[:32]
