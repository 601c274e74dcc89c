"""Checks of the open market: store, clock, worker, index, archive, unsent emails."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

from ..accounts.erasure import progress_of_erasures
from ..clock import DAY, HOUR, MINUTE, SECOND, from_iso, iso
from ..composition import Market
from ..config.secret_key import fingerprint
from ..disk import is_locked
from ..errors import FeedLost, MarketError, Refused
from ..i18n.numbers import whole
from ..mail.email import WAITING
from ..mail.failures import MOST_COUNTED, count_failed
from ..search.index import IndexQuery
from ..store.schema import AUDIT_LOGS, OUTBOX
from ..store.store import Position, Query
from .finding import Finding, bad, doubtful, duration, good

PATIENCE = 2 * MINUTE
"""How far a follower may be behind before it is reported."""
ARCHIVE_PATIENCE = 5 * MINUTE
"""How old the archive's end may be: the worker moves it on each minute, even if nothing happens."""
CLOCKS_DIFFER = 5 * SECOND
LATE_ERASURE = HOUR
LATE_EMAIL = 15 * MINUTE
FAILED_WITHIN = 7 * DAY
SYNCHRONISED = Path("/run/systemd/timesync/synchronized")
"""systemd creates this file once it has asked a time server."""

_MOST_NAMED = 3
_START = "start `marinemarket serve`, or `marinemarket worker` beside `marinemarket web`"


async def check_market(market: Market) -> AsyncIterator[Finding]:
    """Run every check that needs the market open; an error in one does not stop the others."""
    for name, check in (
        ("store", check_store),
        ("clock", check_clock),
        ("worker", check_worker),
        ("index", check_index),
        ("archive", check_archive),
        ("emails", check_emails),
        ("erasures", check_erasures),
    ):
        try:
            yield await check(market)
        except (MarketError, OSError) as error:
            yield bad(name, str(error), "see the market's log")


def check_key_of(market: Market) -> Finding | None:
    """A finding if the secret key is not the one that the market is used with."""
    kept, known = market.settings.kept_secret(), market.identity.key
    if kept is None or known is None or fingerprint(kept) == known:
        return None
    return bad(
        "secret key",
        f"its fingerprint is {fingerprint(kept)}, but the market is used with {known}",
        "put back the market's own key, or, if it is lost, see `marinemarket secrets accept-key --help`",
    )


async def check_store(market: Market) -> Finding:
    """Does it answer, and is anything in it damaged? A file is read from beginning to end."""
    await market.store.head()
    if await market.store.in_force.is_behind():
        todo = "run `marinemarket migrate` once every process runs this version"
        return doubtful("store", "items are written in the format of an older version", todo)
    where = market.settings.store
    found = await market.examination()
    if found is None:
        return good("store", f"{where} responds")
    if found.is_sound:
        return good("store", f"{where} responds; none of {whole(found.read)} items is damaged")
    parts = [f"{table} {key!r}" for table, key in found.damaged][:_MOST_NAMED]
    parts += found.structure[:_MOST_NAMED]
    count = len(found.damaged) + found.lost + len(found.structure) + len(found.feed)
    message = f"{whole(count)} damaged: {'; '.join(parts) or 'the feed'}"
    return bad("store", message, "run `marinemarket repair`, and replace the disk")


async def check_clock(market: Market) -> Finding:
    """Compare the clock with the newest change: only a time server knows whether it is right."""
    now = market.clock()
    ahead = await _newest_entry(market) - now
    if ahead > CLOCKS_DIFFER:
        return bad(
            "clock",
            f"it shows {iso(now)}, but the newest change is dated {duration(ahead)} later",
            "synchronise the clock (timedatectl set-ntp true); if it is right now, it was ahead "
            "then, and nothing needs to be done",
        )
    source = (
        "systemd synchronises it with a time server"
        if _is_synchronised()
        else "it may still be wrong: no time server was asked"
    )
    return good("clock", f"{iso(now)}, later than the newest change; {source}")


def _is_synchronised() -> bool:
    return SYNCHRONISED.exists()


async def _newest_entry(market: Market) -> int:
    """The time of the newest audit entries about listings and people, in Unix milliseconds."""
    index = AUDIT_LOGS.index("resource-index")
    moments = [0]
    for resource in ("listing", "user"):
        page = await market.store.query(
            Query(AUDIT_LOGS, resource, index, newest_first=True, limit=1)
        )
        moments += [from_iso(item["timestamp"]) for item in page.items]
    return max(moments)


async def check_worker(market: Market) -> Finding:
    """Does a worker follow the feed, and how far behind is it?"""
    runs_here = is_locked(market.settings.worker_lock)
    if not runs_here and market.settings.store == "dynamodb":
        # Its positions are files on the machine that it runs on.
        return doubtful(
            "worker",
            "none runs on this machine; the index and archive checks show what one elsewhere has done",
            "make sure that a worker runs on another machine, and run `marinemarket check` there",
        )
    places = {
        "saved searches": await market.alert_follower().position(),
        "moderation": await market.case_follower().position(),
        "sellers' kinds": await market.seller_kind_follower().position(),
    }
    late = [
        f"{name} {lag}"
        for name, position in places.items()
        if (lag := _describe_lag(await _behind(market, position)))
    ]
    if late:
        return bad("worker", "; ".join(late), "see the worker's log" if runs_here else _START)
    if not runs_here:
        return bad("worker", "none is running for this folder", _START)
    return good("worker", "it is running, and has processed every change")


async def _behind(market: Market, position: Position | None) -> int | None:
    """How long the oldest unprocessed change has waited, in ms; None if the follower has no position."""
    if position is None:
        return None
    try:
        changes = await market.store.changes(position, limit=1)
    except FeedLost:
        return None
    return market.clock() - changes[0].at if changes else 0


def _describe_lag(behind: int | None) -> str:
    if behind is None:
        return "has not started, or must start again"
    return f"is {duration(behind)} behind" if behind > PATIENCE else ""


async def check_index(market: Market) -> Finding:
    """Is the index up to date with the store, and can it be searched?"""
    position = await market.engine.index.position()
    if position is None:
        todo = "a running worker builds one; or run `marinemarket rebuild search`"
        return bad("index", "there is none, so searches find nothing", todo)
    if late := _describe_lag(await _behind(market, position)):
        return bad("index", f"it {late}", _START)
    hits = await market.engine.index.search(IndexQuery(limit=1))
    return good(
        "index", f"{whole(hits.total)} {'boat' if hits.total == 1 else 'boats'} can be found"
    )


async def check_archive(market: Market) -> Finding:
    """How old the newest copy is, and whether it would survive the loss of the disk."""
    settings, now = market.settings, market.clock()
    archiver = market.own_archiver()
    try:
        await archiver.own()
    except Refused as error:
        todo = "set MARINEMARKET_BACKUPS to this market's archive, or to an empty place"
        return bad("archive", f"nothing is archived in {settings.backup_place}: {error}", todo)
    bases = [base.manifest.moment for base in await archiver.archive.bases() if base.is_whole]
    if not bases:
        todo = f"{_START}; or run `marinemarket backup --to {settings.backup_place}`"
        return bad("archive", f"nothing has been archived in {settings.backup_place}", todo)
    age = now - max(bases)
    if age > 2 * settings.backup_hours * HOUR:
        return bad("archive", f"the newest base copy is {duration(age)} old", _START)
    late = _describe_lag(await _behind(market, await archiver.archived()))
    if late:
        return bad("archive", f"it {late}", f"see the worker's log; {_START}")
    line = (await archiver.archive.lines())[-1]
    reach = f"it goes up to {iso(line.end)}, {duration(max(0, now - line.end))} ago"
    if now - line.end > ARCHIVE_PATIENCE:
        return bad(
            "archive", f"{reach}, and no worker has said since that nothing happened", _START
        )
    message = f"any moment since {iso(line.start)} can be restored; {reach}"
    if _is_on_one_disk(settings.backup_place, settings.data):
        return doubtful(
            "archive",
            f"{message}, but the archive is on the market's own disk, and would be lost with it",
            "set MARINEMARKET_BACKUPS to a folder on another disk, or to s3://bucket/prefix",
        )
    return good("archive", message)


def _is_on_one_disk(place: str, data: Path) -> bool:
    if place.startswith("s3://"):
        return False
    return Path(place).stat().st_dev == data.stat().st_dev


async def check_erasures(market: Market) -> Finding:
    """Is anybody being erased for longer than it takes?"""
    known = await progress_of_erasures(market.store)
    late = [one for one in known if market.clock() - from_iso(one.since) > LATE_ERASURE]
    if not late:
        return good("erasures", f"{whole(len(known))} under way")
    why = next((f" ({one.why})" for one in late if one.why), "")
    oldest = duration(market.clock() - from_iso(min(one.since for one in late)))
    message = f"{whole(len(late))} not done, the oldest begun {oldest} ago{why}"
    return bad("erasures", message, f"see the worker's log; {_START}")


async def check_emails(market: Market) -> Finding:
    """Unsent emails: a few for a moment, or many for hours?"""
    due = Query(OUTBOX, WAITING, OUTBOX.index("due-index"), limit=100)
    waiting = (await market.store.query(due)).items
    if not waiting:
        return await _check_failed_emails(market)
    oldest = min(waiting, key=lambda item: str(item["createdAt"]))
    age = market.clock() - from_iso(oldest["createdAt"])
    count = "100 or more" if len(waiting) == due.limit else str(len(waiting))
    message = f"{count} waiting, the oldest for {duration(age)}"
    if age < LATE_EMAIL:
        return await _check_failed_emails(market, message)
    why = f" ({oldest['why']})" if "why" in oldest else ""
    return bad("emails", message + why, "see the mail and worker checks")


async def _check_failed_emails(
    market: Market, message: str = "none is waiting to be sent"
) -> Finding:
    """Emails that were given up or came back lately: one now and then is usual, many are not."""
    failed = await count_failed(market.store, since=iso(market.clock() - FAILED_WITHIN))
    if not failed:
        return good("emails", message)
    count = f"{failed} or more" if failed == MOST_COUNTED else str(failed)
    return doubtful(
        "emails",
        f"{message}; {count} failed for good in the last {duration(FAILED_WITHIN)}",
        "see /admin/emails for the reasons; SPF, DKIM and bounces are in docs/first-server.md",
    )
