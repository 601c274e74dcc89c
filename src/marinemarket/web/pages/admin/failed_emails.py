"""Failed emails: what was given up or came back, to whom, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from litestar import Response, get
from litestar.response import Template

from ....accounts.records import find_users
from ....clock import from_iso
from ....composition import Market
from ....errors import Invalid
from ....i18n.dates import since
from ....i18n.texts import gettext as _
from ....mail.failures import FailedEmail, failed_emails
from ...dependencies import CurrentMarket
from ...forms import seen_other
from ...query_string import address
from ...security.access import AnyRequest, CurrentStaff
from .dashboard import StaffSection, sections_for

PATH = "/admin/emails"
_A_PAGE = 50
_LONGEST_CURSOR = 2000


@dataclass(frozen=True, slots=True)
class FailedEmailRow:
    """One email: its template's name, whom it was for, when it failed and why."""

    template: str
    recipient: str
    name: str
    is_marked: bool
    when: str
    outcome: str
    reason: str


@dataclass(frozen=True, slots=True)
class FailedEmailsPage:
    """All that ``admin/emails.html`` uses."""

    rooms: list[StaffSection]
    rows: list[FailedEmailRow]
    further: str | None


@get(PATH, include_in_schema=False)
async def show_failed_emails(
    request: AnyRequest, market: CurrentMarket, user_manager: CurrentStaff
) -> Response[Any]:
    after = request.query_params.get("after", "")[:_LONGEST_CURSOR] or None
    try:
        found, following = await failed_emails(market.store, limit=_A_PAGE, after=after)
    except Invalid:
        return seen_other(PATH)  # a cursor of another question, or none
    page = FailedEmailsPage(
        rooms=sections_for(user_manager.user),
        rows=await _rows(market, found),
        further=address(PATH, [("after", following)]) if following else None,
    )
    return Template("admin/emails.html", context={"page": page})


async def _rows(market: Market, found: list[FailedEmail]) -> list[FailedEmailRow]:
    ids = list(dict.fromkeys(email.user_id for email in found if email.user_id))
    users = {user.id: user for user in await find_users(market.store, ids)} if ids else {}
    rows = []
    for email in found:
        user = users.get(email.user_id or "")
        rows.append(
            FailedEmailRow(
                template=email.template,
                recipient=email.recipient,
                name=user.name if user else _("a visitor"),
                is_marked=user is not None and user.email_bounced_at is not None,
                when=since(from_iso(email.failed_at), market.clock()),
                outcome=_("came back") if email.has_bounced else _("given up"),
                reason=email.reason,
            )
        )
    return rows
