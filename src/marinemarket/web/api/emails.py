"""Emails that failed, for staff; and asking to confirm an address from which emails came back."""

from __future__ import annotations

from litestar import Response, get, post

from ...accounts.bounces import send_confirmation_again
from ...mail.failures import failed_emails
from ..dependencies import CurrentMarket
from ..security.access import CurrentClient, CurrentSignedIn, CurrentStaff
from ..security.rate_limits import limited
from ..statuses import also
from .answers.emails import FailedEmailPage
from .answers.page import Sent
from .listings import json
from .paging import FromAfter, FromLimit


@get(
    "/admin/emails",
    summary="List failed emails",
    operation_id="listFailedEmails",
    answers=FailedEmailPage,
)
async def list_failed_emails(
    market: CurrentMarket,
    user_manager: CurrentStaff,
    limit: FromLimit = 50,
    after: FromAfter = None,
) -> Response[bytes]:
    """Emails that were given up or came back, the latest first, with the reason. The recipient is
    masked; `userId` is the account, if there is one.
    """
    found, following = await failed_emails(market.store, limit=limit, after=after)
    return json({"results": [email.to_wire() for email in found], "next": following})


@post(
    "/me/email/confirmation",
    status_code=202,
    summary="Ask for a link to confirm your address again",
    operation_id="sendEmailConfirmation",
    answers=Sent,
    guards=[limited("auth")],
    responses=also(409),
)
async def ask_for_confirmation(
    market: CurrentMarket, client: CurrentClient, somebody: CurrentSignedIn
) -> Response[bytes]:
    """If emails to you came back (`emailBouncedAt`): sends a link, and using it ends that."""
    await send_confirmation_again(market.accounts, somebody, client)
    answer = json({"sent": True})
    answer.status_code = 202
    return answer
