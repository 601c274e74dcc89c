"""The worker: the one process that runs the followers and periodic jobs."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from ..archive.schedule import Plan, keep
from ..composition import Market
from ..config.types import loopback_in
from ..disk import take_lock
from ..errors import Away, MarketError
from ..listings.media.cleanup import sweep_media
from ..listings.sitemap import SitemapKeeper
from ..messages.ban_warnings import BanFollower
from ..messages.inbound_mail import receive
from ..parts.erasures import erasure_job
from ..parts.heartbeat import BEAT_SECONDS, beat
from ..search.index_follower import SearchFollower
from ..store.change_feed import Follower, Reader, UpgradingFollower
from .steady_clock import SteadyClock

log = logging.getLogger(__name__)

STAND_BY_SECONDS = 1
SWEEP_SECONDS = 60
MEDIA_SECONDS = 60
KEEP_SECONDS = 60
TELL_SECONDS = 60
ASK_SECONDS = 300
RECEIVE_SECONDS = 5
SITEMAP_SECONDS = 2
CHECKSUM_SECONDS = 60 * 60
ERASING_SECONDS = 1
POST_SECONDS, COSTLY_POST_SECONDS = 0.5, 10
"""Between two checks of the outbox, and of jobs; the second is for stores where each check is a paid request."""


async def work(market: Market, stopping: asyncio.Event) -> None:
    """Follow the feed, archive it, send emails, and remove expired items, until stopped.

    While another worker runs for this data folder, it waits, and takes over when that one ends.
    """
    async with _alone(market.settings.worker_lock, stopping):
        if not stopping.is_set():
            await _work(market, stopping)


@asynccontextmanager
async def _alone(place: Path, stopping: asyncio.Event) -> AsyncIterator[None]:
    """Enter as the only worker of a folder, or because it is time to stop."""
    has_waited = False
    while (lock := take_lock(place)) is None and not stopping.is_set():
        if not has_waited:
            log.warning("another worker is running for this market; waiting until it ends")
        has_waited = True
        with suppress(TimeoutError):
            await asyncio.wait_for(stopping.wait(), STAND_BY_SECONDS)
    if has_waited and lock is not None:
        log.warning("the other worker has ended; this one takes over")
    try:
        yield
    finally:
        if lock is not None:
            lock.close()


@dataclass(frozen=True, slots=True)
class Duty:
    """What the worker repeats, so many seconds after it was last done."""

    name: str
    chore: Callable[[], Awaitable[None]]
    seconds: float


@dataclass(frozen=True, slots=True)
class Duties:
    """Everything that the worker does for a market, but for listening to the network.

    Followers of one group share their reads of the feed.
    """

    followers: tuple[tuple[Follower, ...], ...]
    repeated: tuple[Duty, ...]


def duties_of(market: Market, steady: SteadyClock) -> Duties:
    """The worker's duties. What cannot be undone is left out while the clock is in doubt."""
    settings = market.settings
    archiver = market.own_archiver()
    # The archive keeps items as stored; everything else sees them in the newest version.
    search = UpgradingFollower(SearchFollower(market.store, market.engine), market.store.seen)
    alerts = UpgradingFollower(market.alert_follower(), market.store.seen)
    moderation = UpgradingFollower(market.case_follower(), market.store.seen)
    seller_kinds = UpgradingFollower(market.seller_kind_follower(), market.store.seen)
    bans = BanFollower(market.messaging(), settings.data)
    warnings = UpgradingFollower(bans, market.store.seen)
    sitemap = SitemapKeeper(market.store, market.sitemap_place(), market.links, market.clock)
    followers: list[Follower] = [
        *(search, archiver, alerts, moderation, seller_kinds, warnings, sitemap)
    ]
    plan = Plan(settings.backup_hours, settings.backup_days, settings.feed_days)

    async def keep_archive() -> None:
        removes = steady.is_trusted()
        await keep(market.store, archiver, followers, plan, clock=market.clock, removes=removes)

    def trusted(chore: Callable[[], Awaitable[None]]) -> Callable[[], Awaitable[None]]:
        """A job that cannot be undone, and so is left out while the clock is in doubt."""

        async def unless_in_doubt() -> None:
            if steady.is_trusted():
                await chore()

        return unless_in_doubt

    sweep_files = partial(
        sweep_media,
        market.trail,
        market.studio,
        keep_days=settings.backup_days,
        is_evidence=market.earlier_adverts().is_evidence,
    )
    post_seconds = POST_SECONDS if market.store.head_is_cheap else COSTLY_POST_SECONDS
    erase_seconds = ERASING_SECONDS if market.store.head_is_cheap else COSTLY_POST_SECONDS
    ask = market.availability_check().run_once
    repeated = (
        Duty("telling what was found", _all(market.alert_mailer().run_once), TELL_SECONDS),
        Duty("removing files that nobody holds", trusted(_all(sweep_files)), MEDIA_SECONDS),
        Duty("asking after boats", trusted(_all(ask)), ASK_SECONDS),
        Duty("sweeping", trusted(_all(market.store.sweep)), SWEEP_SECONDS),
        Duty("sending emails", _all(market.delivery().run_once), post_seconds),
        Duty("erasing people", _all(erasure_job(market).run_once), erase_seconds),
        Duty("doing jobs", _all(market.jobs().run_once), post_seconds),
        Duty("fetching photos", _all(market.slow_jobs().run_once), post_seconds),
        Duty("writing the sitemap", sitemap.run_once, SITEMAP_SECONDS),
        Duty("keeping the archive", keep_archive, KEEP_SECONDS),
        # Rows of an earlier version have none, nor have those that it still writes while both run.
        Duty("adding checksums", _all(market.add_checksums), CHECKSUM_SECONDS),
    )
    # One boat may cause many emails, and index and archive must not wait for them; nor for
    # moderation, which queries the index. The others share its reader, since a feed allows few readers
    # and they seldom have anything to do.
    others = (moderation, seller_kinds, warnings, sitemap)
    return Duties(((search, archiver), (alerts,), others), repeated)


async def _work(market: Market, stopping: asyncio.Event) -> None:
    settings = market.settings
    duties = duties_of(market, SteadyClock(market.clock, settings.trusted_time_place))

    async def keep_beating() -> None:
        await asyncio.to_thread(beat, settings.heartbeat_place, market.clock())

    await asyncio.gather(
        _repeat("renewing the heartbeat", keep_beating, BEAT_SECONDS, stopping),
        *(Reader(market.store.engine, group).run(stopping) for group in duties.followers),
        *(_repeat(one.name, one.chore, one.seconds, stopping) for one in duties.repeated),
        _receive(market, stopping),
    )


def _all(round: Callable[[], Awaitable[object]]) -> Callable[[], Awaitable[None]]:
    """A job that repeats a round until one finds nothing to do."""

    async def chore() -> None:
        while await round():
            pass

    return chore


async def _receive(market: Market, stopping: asyncio.Event) -> None:
    """Receive replies by email, if there is a relay; a port in use is tried again."""
    settings = market.settings
    if not (settings.relay_domain and settings.relay_listen):
        return
    host, port = loopback_in(settings.relay_listen)

    async def take() -> None:
        await receive(market.messaging(), host, port, stopping)

    await _repeat("taking answers by mail", take, RECEIVE_SECONDS, stopping)


async def _repeat(
    name: str, chore: Callable[[], Awaitable[None]], seconds: float, stopping: asyncio.Event
) -> None:
    """Repeat a job; when stopping, abandon it midway. A trouble is logged once, until it is over."""
    trouble = ""
    while not stopping.is_set():
        doing = asyncio.ensure_future(chore())
        stopped = asyncio.ensure_future(stopping.wait())
        await asyncio.wait({doing, stopped}, return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()
        doing.cancel()
        try:
            await doing
        except (MarketError, OSError) as error:
            if str(error) != trouble and not isinstance(error, Away):
                log.warning("%s: %s", name, error)
            trouble = str(error)
        except asyncio.CancelledError:
            return
        else:
            trouble = ""
        with suppress(TimeoutError):
            await asyncio.wait_for(stopping.wait(), seconds)
