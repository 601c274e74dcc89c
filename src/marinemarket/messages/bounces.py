"""Emails of ours that come back, through the same door as people's replies."""

from __future__ import annotations

import asyncio

from ..accounts.bounces import note_refusal
from .context import MessagingContext
from .delivery_report import delivery_report


async def take_bounce(context: MessagingContext, email_id: str, raw: bytes) -> bool:
    """Record what a mail server reports about an email; False where there was nothing to record.

    That a delivery is merely delayed is not recorded: the server goes on trying. Raises MarketError.
    """
    report = await asyncio.to_thread(delivery_report, raw)
    if report is None or not report.has_failed:
        return False
    return await note_refusal(context.accounts, email_id, report.refusal, report.reason)
