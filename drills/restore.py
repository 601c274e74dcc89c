"""A market is archived while in use, and restored to moments at which it was paused.

Several users at once create, edit and delete adverts, people sign in and their sessions expire,
someone is erased, and a base copy is taken meanwhile. At some moments the load is paused and the raw
rows are copied; each restore must reproduce these bytes. One more restore is done as an operator would
do it: nobody is signed in, tokens are void, and whoever was erased since is erased again.
"""

from __future__ import annotations

import asyncio
import random
import shutil
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from marinemarket.accounts.erasure import erase
from marinemarket.accounts.records import add_user
from marinemarket.archive.verification import verify
from marinemarket.audit.actions import Action
from marinemarket.audit.entry import Actor
from marinemarket.clock import iso, now_ms
from marinemarket.composition import PERSONAL_DATA, Market, open_market
from marinemarket.config.settings import Settings
from marinemarket.listings.listing import Listing
from marinemarket.listings.records import add_listing, next_version, replace_listing
from marinemarket.store.change_feed import follow
from marinemarket.store.items import has_expired
from marinemarket.store.schema import BY_NAME, LISTINGS, SESSIONS, USERS
from marinemarket.store.sqlite import SqliteStore
from marinemarket.store.writes import Delete, Put
from marinemarket.wire import decode
from tests.archive.archives import Kept, Rows, rows_of
from tests.builders import ManualClock, a_listing, a_user, uuid_of
from tests.servers import command
from tests.store.paging import scanned

ACTOR = Actor.system("drill")
PEOPLE = ("ann", "bob", "eve")
ERASED = "eve"
MOMENTS = 4
TURNS = 60
AT_ONCE = 4
A_DAY = 24 * 60 * 60
TOKEN = "passwordResetToken"


async def drill(folder: Path, rounds: Sequence[random.Random]) -> AsyncIterator[str]:
    for number, chance in enumerate(rounds, start=1):
        yield await _live_and_restore(folder / str(number), chance)


async def _live_and_restore(folder: Path, chance: random.Random) -> str:
    # The operator's restore uses the machine's clock, so sessions must be valid by it too.
    clock = ManualClock(now_ms())
    async with open_market(Settings(data=folder, archive_seconds=0), clock=clock) as market:
        archiver = market.archiver(str(folder / "archive"))
        assert isinstance(market.store.engine, SqliteStore)
        kept = Kept(market.store.engine, archiver.archive, archiver, clock, folder)
        load = _Load(market, clock, chance)
        await load.begin()
        await archiver.take_base()
        history = await _live(load, kept)
    found = await verify(kept.archive)
    assert found.is_sound, found.problems
    for moment, rows in history.items():
        _, restored = await kept.restored(f"at {moment}", moment)
        assert restored == rows, f"{iso(moment)} came back otherwise"
    before_the_erasure = min(history)
    await _check_settled(folder, before_the_erasure, history[before_the_erasure])
    counts = ", ".join(str(_count(rows)) for rows in history.values())
    expired = sum(_expired(rows, moment) for moment, rows in history.items())
    return f"moments of {counts} items came back, {expired} of them expired"


async def _live(load: _Load, kept: Kept) -> dict[int, Rows]:
    """The rows at the moments, in Unix milliseconds, at which the load was paused."""
    chance, clock = load.chance, kept.clock
    held = sorted(chance.sample(range(5, TURNS - 1), MOMENTS))
    erasure = chance.randrange(held[0] + 1, TURNS)
    base = chance.randrange(held[0], held[-1])
    history: dict[int, Rows] = {}
    stopping = asyncio.Event()
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(_archive(kept, stopping))
        for turn in range(TURNS):
            clock.now += chance.choice([0, 1, 700])
            await load.turn()
            if turn == base:
                tasks.create_task(kept.archiver.take_base())
            if turn == erasure:
                # The feed forgets erased people at once: what is not archived by then never will be.
                await kept.archive_all()
                await load.erase()
            if turn in held:
                history[clock.now] = rows_of(kept.path)
                await asyncio.sleep(chance.uniform(0, 0.01))
                clock.now += 1  # later changes do not belong to this moment
        stopping.set()
    await kept.archive_all()
    return history


async def _archive(kept: Kept, stopping: asyncio.Event) -> None:
    """Does the worker's archiving, until stopped."""
    while not stopping.is_set():
        await follow(kept.store, kept.archiver)
        await asyncio.sleep(0.001)


@dataclass(slots=True)
class _Load:
    """Concurrent users of a market. `boats` are the existing adverts, by id."""

    market: Market
    clock: ManualClock
    chance: random.Random
    boats: dict[str, Listing] = field(default_factory=dict)
    people: list[str] = field(default_factory=list)
    made: int = 0

    async def begin(self) -> None:
        """Give everyone an account, an open token, and a session that outlasts the drill."""
        for name in PEOPLE:
            user = a_user(
                name=name,
                password_reset_token=sha256(name.encode()).hexdigest(),
                password_reset_expires=iso(self.clock.now + 60_000),
            )
            await add_user(self.market.trail, ACTOR, user)
            self.people.append(name)
            await self.sign_in(name, A_DAY)

    async def turn(self) -> None:
        """Several actions at once, no two on the same boat, and sometimes a sweep."""
        boats = self.chance.sample(sorted(self.boats), min(AT_ONCE, len(self.boats)))
        await asyncio.gather(*(self._do_something(boats) for _ in range(AT_ONCE)))
        if self.chance.random() < 0.1:
            await self.market.store.sweep()

    async def _do_something(self, boats: list[str]) -> None:
        doing = self.chance.choice(["add", "add", "edit", "edit", "delete", "sign in"])
        if doing == "sign in":
            await self.sign_in(self.chance.choice(self.people), self.chance.randrange(1, 6))
        elif doing == "edit" and boats:
            await self._edit(boats.pop())
        elif doing == "delete" and boats:
            await self._delete(boats.pop())
        else:
            await self._add()

    async def sign_in(self, name: str, seconds: int) -> None:
        """A session that lasts this many seconds."""
        self.made += 1
        now, id = self.clock.now, sha256(f"{self.made}".encode()).hexdigest()
        session = {
            "sessionId": id,
            "userId": uuid_of(name),
            "issuedAt": iso(now),
            "lastActivity": iso(now),
            "expiresAt": now // 1000 + seconds,
        }
        entry = ACTOR.entry(Action.USER_LOGIN, "session", id, now)
        await self.market.trail.commit(entry, Put(SESSIONS, session))

    async def _add(self) -> None:
        self.made += 1
        owner, now = uuid_of(self.chance.choice(self.people)), self.clock.now
        boat = a_listing(name=f"{self.made}", ownerId=owner, createdAt=now, updatedAt=now)
        await add_listing(self.market.trail, ACTOR, boat)
        self.boats[boat.id] = boat

    async def _edit(self, id: str) -> None:
        old = self.boats[id]
        price = self.chance.randrange(100, 10**9)
        new = old.changed(price=price, updated_at=next_version(old, self.clock.now))
        await replace_listing(self.market.trail, ACTOR, old, new)
        self.boats[id] = new

    async def _delete(self, id: str) -> None:
        entry = ACTOR.entry(Action.LISTING_DELETED, "listing", id, self.clock.now)
        await self.market.trail.commit(entry, Delete(LISTINGS, (id,)))
        del self.boats[id]

    async def erase(self) -> None:
        self.people.remove(ERASED)
        gone = uuid_of(ERASED)
        await erase(self.market.trail, ACTOR, gone, PERSONAL_DATA)
        self.boats = {id: boat for id, boat in self.boats.items() if boat.owner_id != gone}


async def _check_settled(folder: Path, moment: int, rows: Rows) -> None:
    """Restore with the command, as an operator does, to a moment before the erasure."""
    into = folder / "settled"
    asked = ("--from", str(folder / "archive"), "--at", iso(moment), "--into", str(into))
    code, found = await asyncio.to_thread(command, into, "restore", *asked)
    assert code == 0, found
    assert found["sessionsEnded"] >= len(PEOPLE)
    assert (found["tokensVoid"], found["erasedAgain"]) == (len(PEOPLE), 1)
    await asyncio.to_thread(shutil.copy, folder / "secret-key", into)  # as `restore` says
    async with open_market(Settings(data=into)) as market:
        assert await scanned(market.store, SESSIONS) == [], "somebody is still signed in"
        users = {user["id"]: user for user in await scanned(market.store, USERS)}
    assert users.keys() == {uuid_of(name) for name in PEOPLE if name != ERASED}
    assert all(TOKEN not in user and "sessionsValidAfter" in user for user in users.values())
    settled = rows_of(into / "market.sqlite3")
    assert f"{ERASED}@example.com" not in str(settled)
    assert settled[LISTINGS.name] == [
        text for text in rows[LISTINGS.name] if _item(text)["ownerId"] != uuid_of(ERASED)
    ]


def _item(text: str) -> dict[str, Any]:
    item: dict[str, Any] = decode(text.encode())
    return item


def _count(rows: Rows) -> int:
    return sum(map(len, rows.values()))


def _expired(rows: Rows, moment: int) -> int:
    """How many stored items have expired."""
    return sum(
        has_expired(BY_NAME[table], _item(text), moment)
        for table, texts in rows.items()
        for text in texts
    )
