"""Erasures in a running market: the store, and what lies beside it as files."""

from __future__ import annotations

from ..accounts.erasure import SETTLES_SECONDS, SETTLES_SECONDS_WITH_LAG, ErasureJob
from ..composition import PERSONAL_DATA, Market
from ..listings.media.cleanup import discard_erased
from ..privacy.removal import Removal


def erasure_job(market: Market) -> ErasureJob:
    """What removes the data of the people who are being erased."""

    async def discard_media(removal: Removal) -> None:
        await discard_erased(market.trail, market.studio)

    settles = SETTLES_SECONDS if market.store.head_is_cheap else SETTLES_SECONDS_WITH_LAG
    return ErasureJob(market.trail, PERSONAL_DATA, settles, (discard_media,))
