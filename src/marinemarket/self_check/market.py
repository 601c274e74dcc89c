"""What the open market tells of itself: store, clock, worker, index, archive, emails that wait."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

from ..archive.archive import Archive
from ..clock import HOUR, MINUTE, SECOND, from_iso, iso
from ..composition import Market
from ..disk import is_locked
from ..errors import FeedLost, MarketError
from ..mail.email import WAITING
from ..search.index import IndexQuery
from ..store.schema import AUDIT_LOGS, OUTBOX
from ..store.store import Position, Query
from .finding import Finding, bad, doubtful, duration, good

PATIENCE = 2 * MINUTE
"""How far a follower may be behind before anybody is told."""
CLOCKS_DIFFER = 5 * SECOND
LATE_EMAIL = 15 * MINUTE
SYNCHRONISED = Path("/run/systemd/timesync/synchronized")
"""Made by systemd once it has asked a time server."""

_START = "start `marinemarket serve`, or `marinemarket worker` beside `marinemarket web`"


async def check_market(market: Market) -> AsyncIterator[Finding]:
    """Everything that needs the market open, one finding after another; a trouble ends none but its own."""
    for name, check in (
        ("store", check_store),
        ("clock", check_clock),
        ("worker", check_worker),
        ("index", check_index),
        ("archive", check_archive),
        ("emails", check_emails),
    ):
        try:
            yield await check(market)
        except (MarketError, OSError) as error:
            yield bad(name, str(error), "see what the market logs")


async def check_store(market: Market) -> Finding:
    await market.store.head()
    if await market.store.in_force.is_behind():
        told = "run `marinemarket migrate` once every process runs this version"
        return doubtful("store", "items are written in an older version's shapes", told)
    where = market.settings.store
    return good("store", f"{where} answers")


async def check_clock(market: Market) -> Finding:
    """The clock against the newest change: whether it is right, only a time server knows."""
    now = market.clock()
    ahead = await _newest_entry(market) - now
    if ahead > CLOCKS_DIFFER:
        return bad(
            "clock",
            f"it says {iso(now)}, and the newest change was made {duration(ahead)} later",
            "set the clock by a time server (timedatectl set-ntp true); if it is right now, it was "
            "wrong then, and new changes come after that time",
        )
    judged = (
        "systemd keeps it by a time server"
        if _is_synchronised()
        else "whether it is right could not be judged: no time server was asked"
    )
    return good("clock", f"{iso(now)}, after the newest change; {judged}")


def _is_synchronised() -> bool:
    return SYNCHRONISED.exists()


async def _newest_entry(market: Market) -> int:
    """When the newest audit entries about listings and people were made, in Unix milliseconds."""
    index = AUDIT_LOGS.index("resource-index")
    moments = [0]
    for resource in ("listing", "user"):
        page = await market.store.query(
            Query(AUDIT_LOGS, resource, index, newest_first=True, limit=1)
        )
        moments += [from_iso(item["timestamp"]) for item in page.items]
    return max(moments)


async def check_worker(market: Market) -> Finding:
    """Does somebody follow the feed, and how far behind?"""
    runs_here = is_locked(market.settings.worker_lock)
    if not runs_here and market.settings.store == "dynamodb":
        # Its positions are files of the machine that it runs on.
        return doubtful(
            "worker",
            "none runs on this machine; what one elsewhere has done is told of index and archive",
            "make sure that one runs on some machine, and run `marinemarket check` there",
        )
    places = {
        "saved searches": await market.alert_follower().position(),
        "moderation": await market.case_follower().position(),
        "sellers' kinds": await market.seller_kind_follower().position(),
    }
    late = [
        f"{name} {told}"
        for name, position in places.items()
        if (told := _told(await _behind(market, position)))
    ]
    if late:
        return bad("worker", "; ".join(late), "see what the worker logs" if runs_here else _START)
    if not runs_here:
        return bad("worker", "none runs over this folder", _START)
    return good("worker", "it runs, and has followed every change")


async def _behind(market: Market, position: Position | None) -> int | None:
    """For how long the oldest change behind a position has waited; None before a beginning."""
    if position is None:
        return None
    try:
        changes = await market.store.changes(position, limit=1)
    except FeedLost:
        return None
    return market.clock() - changes[0].at if changes else 0


def _told(behind: int | None) -> str:
    if behind is None:
        return "has not begun, or must begin anew"
    return f"is {duration(behind)} behind" if behind > PATIENCE else ""


async def check_index(market: Market) -> Finding:
    """Has the index what the store has, and can it be read?"""
    position = await market.engine.index.position()
    if position is None:
        told = "a worker makes one by itself; or run `marinemarket rebuild search`"
        return bad("index", "there is none, and so nothing is found", told)
    if late := _told(await _behind(market, position)):
        return bad("index", f"it {late}", _START)
    hits = await market.engine.index.search(IndexQuery(limit=1))
    return good("index", f"{hits.total:,} boats can be found")


async def check_archive(market: Market) -> Finding:
    """How old the newest copy is, and whether it would survive the disk."""
    settings, now = market.settings, market.clock()
    archiver = market.archiver(settings.backup_place)
    bases = [base.manifest.moment for base in await archiver.archive.bases() if base.is_whole]
    if not bases:
        told = f"{_START}; or run `marinemarket backup --to {settings.backup_place}`"
        return bad("archive", f"nothing is archived in {settings.backup_place}", told)
    age = now - max(bases)
    if age > 2 * settings.backup_hours * HOUR:
        return bad("archive", f"the newest base copy is {duration(age)} old", _START)
    late = _told(await _behind(market, await archiver.archived()))
    if late:
        return bad("archive", f"it {late}", f"see what the worker logs; {_START}")
    told = f"any moment since {await _since(archiver.archive)} can be restored"
    if _is_on_one_disk(settings.backup_place, settings.data):
        return doubtful(
            "archive",
            f"{told}, but it lies on the disk of the market, and is lost with it",
            "set MARINEMARKET_BACKUPS to a folder of another disk, or s3://bucket/prefix",
        )
    return good("archive", told)


async def _since(archive: Archive) -> str:
    return iso((await archive.lines())[-1].start)


def _is_on_one_disk(place: str, data: Path) -> bool:
    if place.startswith("s3://"):
        return False
    return Path(place).stat().st_dev == data.stat().st_dev


async def check_emails(market: Market) -> Finding:
    """Emails that wait: a few for a moment, or many for hours?"""
    due = Query(OUTBOX, WAITING, OUTBOX.index("due-index"), limit=100)
    waiting = (await market.store.query(due)).items
    if not waiting:
        return good("emails", "none waits to be sent")
    oldest = min(waiting, key=lambda item: str(item["createdAt"]))
    age = market.clock() - from_iso(oldest["createdAt"])
    count = "100 or more" if len(waiting) == due.limit else str(len(waiting))
    told = f"{count} waiting, the oldest for {duration(age)}"
    if age < LATE_EMAIL:
        return good("emails", told)
    why = f" ({oldest['why']})" if "why" in oldest else ""
    return bad("emails", told + why, "see what is said of mail and of the worker")
