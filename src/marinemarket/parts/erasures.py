"""Erasures in a running market: the store, and what lies beside it as files."""

from __future__ import annotations

import asyncio

from ..accounts.erasure import SETTLES_SECONDS, SETTLES_SECONDS_WITH_LAG, ErasureJob
from ..composition import PERSONAL_DATA, Market
from ..listings.media.cleanup import discard_erased
from ..mail.mailbox import remove_saved_emails
from ..privacy.removal import Removal, places_removed
from ..store.schema import LISTINGS, OUTBOX, THREADS

_MENTIONED = {LISTINGS.name, THREADS.name}
"""What emails to others name by its id: a boat in its links, a conversation in its references."""
_SHORTEST_ID = 16


def erasure_job(market: Market) -> ErasureJob:
    """What removes the data of the people who are being erased."""

    async def discard_media(removal: Removal) -> None:
        await discard_erased(market.trail, market.studio)

    async def discard_emails(removal: Removal) -> None:
        """The folder stands for other people's mailboxes, but it is in ours: nothing of them stays."""
        places = await places_removed(market.store, removal.user_id)
        letters = {str(key[0]) for table, key in places if table is OUTBOX}
        ids = {str(key[0]) for table, key in places if table.name in _MENTIONED}
        # A shorter one is not of our making, and may stand in any text.
        mentions = {id for id in ids if len(id) >= _SHORTEST_ID}
        mentions |= {address.email for address in removal.addresses}
        folder = market.settings.emails_folder
        await asyncio.to_thread(remove_saved_emails, folder, letters, mentions)

    settles = SETTLES_SECONDS if market.store.head_is_cheap else SETTLES_SECONDS_WITH_LAG
    steps = (discard_media, discard_emails)
    return ErasureJob(market.trail, PERSONAL_DATA, settles, steps)
